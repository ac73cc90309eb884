/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/rows_slice.h"

static enum hw_status levels_append(struct hw_leaf_rows *to, const struct hw_leaf_rows *from,
                                    const struct hw_rows_slice *slice, uint8_t def_max, struct hw_error *err);
static enum hw_status texts_append(struct hw_leaf_rows *to, const struct hw_leaf_rows *from,
                                   const struct hw_rows_slice *slice, struct hw_error *err);

struct hw_rows_slice hw_rows_slice_at(const struct hw_leaf_rows *rows, size_t entry, size_t value, size_t count,
                                      uint8_t def_max) {
    struct hw_rows_slice slice = {.rows = count, .entry = entry, .entries = count, .value = value};
    if (rows->reps.size > 0) {
        size_t end = entry;
        for (size_t i = 0; i < count; i++) {
            for (end++; end < rows->entries && rows->reps.data[end] != 0;) {
                end++;
            }
        }
        slice.entries = end - entry;
    }
    slice.values = slice.entries;
    if (rows->defs.size > 0) {
        slice.values = 0;
        for (size_t i = 0; i < slice.entries; i++) {
            slice.values += rows->defs.data[entry + i] == def_max;
        }
    }
    return slice;
}

enum hw_status hw_rows_append(struct hw_leaf_rows *to, const struct hw_leaf_rows *from,
                              const struct hw_rows_slice *slice, uint8_t def_max, struct hw_error *err) {
    HW_TRY(levels_append(to, from, slice, def_max, err));
    if (slice->values > 0 && to->width > 0) {
        HW_TRY(
            hw_buf_append(&to->values, from->values.data + slice->value * to->width, slice->values * to->width, err));
    } else if (slice->values > 0) {
        HW_TRY(texts_append(to, from, slice, err));
    }
    to->count += slice->values;
    to->entries += slice->entries;
    to->rows += slice->rows;
    return HW_OK;
}

static enum hw_status same_append(struct hw_buf *levels, uint8_t level, size_t count, struct hw_error *err) {
    const size_t before = levels->size;
    HW_TRY(hw_buf_resize(levels, before + count, err));
    if (count > 0) {
        memset(levels->data + before, level, count);
    }
    return HW_OK;
}

/* Levels that were left out are all the highest; they are needed once one of them is not. */
static enum hw_status levels_append(struct hw_leaf_rows *to, const struct hw_leaf_rows *from,
                                    const struct hw_rows_slice *slice, uint8_t def_max, struct hw_error *err) {
    if (from->reps.size > 0) {
        HW_TRY(hw_buf_append(&to->reps, from->reps.data + slice->entry, slice->entries, err));
    }
    const bool nulls = from->defs.size > 0 && (from->reps.size > 0 || slice->values < slice->entries);
    if (to->defs.size == 0 && nulls) {
        HW_TRY(same_append(&to->defs, def_max, to->entries, err));
    }
    if (nulls) {
        return hw_buf_append(&to->defs, from->defs.data + slice->entry, slice->entries, err);
    }
    return to->defs.size > 0 ? same_append(&to->defs, def_max, slice->entries, err) : HW_OK;
}

static enum hw_status texts_append(struct hw_leaf_rows *to, const struct hw_leaf_rows *from,
                                   const struct hw_rows_slice *slice, struct hw_error *err) {
    const int32_t *places = (const int32_t *)(const void *)from->offsets.data + slice->value;
    const size_t bytes = (size_t)(places[slice->values] - places[0]);
    const size_t before = to->data.size;
    const size_t begun = to->offsets.size;
    if (bytes > (size_t)INT32_MAX - before) {
        return hw_fail(err, HW_ELIMIT, "its texts come to more than 2 GiB at once");
    }
    HW_TRY(hw_buf_append(&to->data, from->data.data + places[0], bytes, err));
    HW_TRY(hw_buf_resize(&to->offsets, begun + slice->values * sizeof(int32_t), err));
    int32_t *out = (int32_t *)(void *)(to->offsets.data + begun);
    for (size_t i = 0; i < slice->values; i++) {
        out[i] = (int32_t)before + (places[i + 1] - places[0]);
    }
    return HW_OK;
}
