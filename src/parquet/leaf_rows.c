/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/leaf_rows.h"

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
