/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/optimize_alike.h"

#include "optimize/columns_agree.h"

static enum hw_status lot_begin(struct hw_optimize_alike *lot, const struct hw_read_file *first, size_t room,
                                struct hw_arena *arena, struct hw_error *err) {
    const size_t elements = first->meta.elements_count;
    *lot = (struct hw_optimize_alike){.count = 1};
    lot->files = hw_arena_alloc(arena, room * sizeof(*lot->files));
    lot->optional = hw_arena_alloc(arena, elements);
    if (!lot->files || !lot->optional) {
        return hw_fail_nomem(err, room * sizeof(*lot->files) + elements);
    }
    memset(lot->optional, 0, elements);
    lot->files[0] = first;
    return hw_element_tree_make(&first->meta, arena, &lot->tree, err);
}

/* Adds a file to a lot, which stays as it is where the columns do not agree. */
static enum hw_status lot_add(struct hw_optimize_alike *lot, const struct hw_read_file *file, bool storage,
                              bool *scratch, struct hw_error *err) {
    const struct hw_columns_first first = {lot->files[0], &lot->tree, storage};
    memcpy(scratch, lot->optional, lot->tree.count);
    HW_TRY(hw_columns_agree(&first, file, scratch, err));
    memcpy(lot->optional, scratch, lot->tree.count);
    lot->files[lot->count++] = file;
    return HW_OK;
}

/* Returns room for what a lot of any of the files says of its elements. */
static bool *scratch_make(const struct hw_read_file *files, size_t count, struct hw_arena *arena) {
    size_t most = 0;
    for (size_t i = 0; i < count; i++) {
        most = hw_max_size(most, files[i].meta.elements_count);
    }
    return hw_arena_alloc(arena, most);
}

enum hw_status hw_optimize_alike_sort(const struct hw_read_file *files, size_t count, bool storage,
                                      struct hw_arena *arena, struct hw_optimize_alike **out_lots, size_t *out_count,
                                      struct hw_error *err) {
    bool *scratch = scratch_make(files, count, arena);
    struct hw_optimize_alike *lots = hw_arena_alloc(arena, count * sizeof(*lots));
    struct hw_error unlike = HW_ERROR_INIT;
    size_t lots_count = 0;
    if (!scratch || !lots) {
        return hw_fail_nomem(err, count * sizeof(*lots));
    }
    for (size_t i = 0; i < count; i++) {
        enum hw_status status = HW_EDATA;
        for (size_t at = 0; status == HW_EDATA && at < lots_count; at++) {
            status = lot_add(&lots[at], &files[i], storage, scratch, &unlike);
        }
        if (status == HW_EDATA) {
            status = lot_begin(&lots[lots_count++], &files[i], count - i, arena, &unlike);
        }
        if (status) {
            return hw_error_pass(err, status, &unlike);
        }
    }
    *out_lots = lots;
    *out_count = lots_count;
    return HW_OK;
}

enum hw_status hw_optimize_alike_all(const struct hw_read_file *files, size_t count, bool storage,
                                     struct hw_arena *arena, struct hw_optimize_alike *out_lot, size_t *out_failed,
                                     struct hw_error *err) {
    bool *scratch = scratch_make(files, count, arena);
    *out_failed = count;
    if (!scratch) {
        return hw_fail_nomem(err, count);
    }
    HW_TRY(lot_begin(out_lot, &files[0], count, arena, err));
    for (size_t i = 1; i < count; i++) {
        const enum hw_status status = lot_add(out_lot, &files[i], storage, scratch, err);
        if (status) {
            *out_failed = i;
            return status;
        }
    }
    return HW_OK;
}
