/* SPDX-License-Identifier: Apache-2.0 */
/* A desk for copies: stores of the program's own, a scratch folder, and all that was told. */
#ifndef HW_TESTS_COPY_DESK_H
#define HW_TESTS_COPY_DESK_H

#include <stdatomic.h>
#include <stdio.h>

#include <hawser/memory.h>
#include <hawser/transfer.h>

#include "core/buf.h"
#include "support/rows.h"
#include "support/scratch.h"
#include "unit/transfer/fake_store.h"

/* Two stores of the program's own, a scratch folder, and what was told of objects. */
struct desk {
    struct hw_store *stores[3];
    struct fake_store fake;
    struct scratch scratch;
    struct hw_transfer_options options;
    struct hw_transfer_result result;
    struct hw_error error;
    struct hw_buf told;
    /* The run is cancelled once so many objects were told of; 0: never. */
    unsigned cancel_after;
    atomic_uint tells;
};

static inline void desk_put(struct hw_store *store, const char *key, const char *text) {
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_memory_store_put(store, key, text, strlen(text), &err), err);
}

static inline void desk_object(void *ctx, const struct hw_transfer_object *object) {
    static const char *const outcomes[] = {"done", "skipped", "failed", "planned"};
    static const char *const ops[] = {"cp", "mv", "rm"};
    struct desk *desk = ctx;
    struct hw_error err = HW_ERROR_INIT;
    atomic_fetch_add(&desk->tells, 1);
    assert_ok(hw_buf_printf(&desk->told, &err, "%s %s -> %s %s %" PRIu64 "%s%s\n", ops[object->op], object->source,
                            object->path, outcomes[object->outcome], object->size, object->error ? ": " : "",
                            object->error ? object->error->message : ""),
              err);
}

static inline bool desk_cancelled(void *ctx) {
    const struct desk *desk = ctx;
    return desk->cancel_after > 0 && atomic_load(&desk->tells) >= desk->cancel_after;
}

static inline void desk_open(struct desk *desk) {
    struct hw_error err = HW_ERROR_INIT;
    *desk = (struct desk){.scratch = scratch_make()};
    assert_ok(hw_memory_store_new("mem://", NULL, &desk->stores[0], &err), err);
    assert_ok(hw_memory_store_new("to://", NULL, &desk->stores[1], &err), err);
    fake_store_init(&desk->fake, "fake://");
    desk->stores[2] = &desk->fake.base;
    const struct hw_store_options store = {
        .stores = desk->stores, .stores_count = COUNT_OF(desk->stores), .connections_max = 4};
    desk->options = (struct hw_transfer_options){
        .size = sizeof(desk->options),
        .source_store = store,
        .target_store = store,
        .part_bytes = 16,
        .memory_bytes = HW_MIB(4),
        .ctx = desk,
        .on_object = desk_object,
        .cancelled = desk_cancelled,
    };
    desk_put(desk->stores[0], "x", "xyz");
    desk_put(desk->stores[0], "in/a", "1");
    desk_put(desk->stores[0], "in/b/c", "0123456789abcdef0123456789abcdef!");
    desk_put(desk->stores[0], "in/empty", "");
    desk_put(desk->stores[0], "in/m/", "");
    desk_put(desk->stores[0], "other/a", "other");
}

static inline void desk_close(struct desk *desk) {
    hw_memory_store_free(desk->stores[0]);
    hw_memory_store_free(desk->stores[1]);
    fake_store_release(&desk->fake);
    hw_buf_release(&desk->told);
    scratch_remove(&desk->scratch);
}

/* Puts another store in the place of to://. */
static inline void desk_target_take(struct desk *desk, struct fake_store *target) {
    hw_memory_store_free(desk->stores[1]);
    desk->stores[1] = &target->base;
}

static inline void desk_target_drop(struct desk *desk, struct fake_store *target) {
    desk->stores[1] = NULL;
    fake_store_release(target);
}

/* Copies; `@` at the beginning of a path stands for the scratch folder. */
static inline enum hw_status desk_copy(struct desk *desk, const char *const *sources, const char *destination) {
    char paths[3][600];
    const char *given[2];
    size_t count = 0;
    for (; count < 2 && sources[count]; count++) {
        const bool there = sources[count][0] == '@';
        snprintf(paths[count], sizeof(paths[count]), "%s%s", there ? desk->scratch.folder : "", sources[count] + there);
        given[count] = paths[count];
    }
    const bool there = destination[0] == '@';
    snprintf(paths[2], sizeof(paths[2]), "%s%s", there ? desk->scratch.folder : "", destination + there);
    desk->error = (struct hw_error)HW_ERROR_INIT;
    desk->result.objects = 99;
    return hw_copy(given, count, paths[2], &desk->options, &desk->result, &desk->error);
}

static inline const char *desk_told(struct desk *desk) {
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_end_text(&desk->told, &err), err);
    return (const char *)desk->told.data;
}

static inline enum hw_status desk_key(void *ctx, const struct hw_object_info *info, struct hw_error *err) {
    return hw_buf_printf(ctx, err, "%s:%" PRIu64 " ", info->key, info->size);
}

/* The keys of a store, each with its size. */
static inline const char *desk_keys(struct hw_store *store) {
    static struct hw_buf listed;
    struct hw_error err = HW_ERROR_INIT;
    hw_buf_clear(&listed);
    assert_ok(hw_memory_store_list(store, "", desk_key, &listed, &err), err);
    assert_ok(hw_buf_end_text(&listed, &err), err);
    return (const char *)listed.data;
}

#endif
