/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/leaf_rows.h"

#include "parquet/decoder.h"

void hw_leaf_rows_release(struct hw_leaf_rows *rows) {
    hw_buf_release(&rows->defs);
    hw_buf_release(&rows->reps);
    hw_buf_release(&rows->values);
    hw_buf_release(&rows->data);
    hw_buf_release(&rows->offsets);
}

enum hw_status hw_leaf_rows_clear(struct hw_leaf_rows *rows, size_t width, struct hw_error *err) {
    const int32_t zero = 0;
    rows->rows = rows->entries = rows->count = 0;
    rows->width = width;
    hw_buf_clear(&rows->defs);
    hw_buf_clear(&rows->reps);
    hw_buf_clear(&rows->values);
    hw_buf_clear(&rows->data);
    hw_buf_clear(&rows->offsets);
    return hw_buf_append(&rows->offsets, &zero, sizeof(zero), err);
}

size_t hw_leaf_rows_held(const struct hw_leaf_rows *rows) {
    return rows->defs.capacity + rows->reps.capacity + rows->values.capacity + rows->data.capacity +
           rows->offsets.capacity;
}

enum hw_status hw_leaf_rows_room(struct hw_leaf_rows *rows, size_t count, uint8_t **out_to, struct hw_error *err) {
    size_t bytes;
    if (!hw_mul(count, rows->width, &bytes) || !hw_add(bytes, (size_t)HW_DECODED_PADDING, &bytes)) {
        return hw_fail_nomem(err, SIZE_MAX);
    }
    HW_TRY(hw_buf_reserve(&rows->values, bytes, err));
    *out_to = rows->values.data + rows->values.size;
    return HW_OK;
}

void hw_leaf_rows_added(struct hw_leaf_rows *rows, size_t count) {
    rows->values.size += count * rows->width;
    rows->count += count;
}

enum hw_status hw_leaf_rows_text(struct hw_leaf_rows *rows, hw_view text, struct hw_error *err) {
    if (text.size > (size_t)INT32_MAX - rows->data.size) {
        return hw_fail(err, HW_ELIMIT, "its texts come to more than 2 GiB at once");
    }
    HW_TRY(hw_buf_append(&rows->data, text.data, text.size, err));
    const int32_t end = (int32_t)rows->data.size;
    HW_TRY(hw_buf_append(&rows->offsets, &end, sizeof(end), err));
    rows->count++;
    return HW_OK;
}
