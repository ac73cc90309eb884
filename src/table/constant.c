/* SPDX-License-Identifier: Apache-2.0 */
#include "table/constant.h"

#include "core/error.h"

#define COLUMN_BYTES HW_MIB(1)

void hw_constant_release(struct hw_constant *constant) {
    hw_buf_release(&constant->offsets);
    hw_buf_release(&constant->data);
    *constant = (struct hw_constant){0};
}

void hw_constant_set(struct hw_constant *constant, const char *value) {
    constant->rows = constant->value.data == value ? constant->rows : 0;
    constant->value = hw_view_of(value);
}

size_t hw_constant_rows_max(const struct hw_constant *constant) {
    const size_t rows = (size_t)COLUMN_BYTES / (constant->value.size + sizeof(int32_t));
    return hw_max_size(rows, HW_BATCH_SLICE_ROWS);
}

/* Makes the buffers hold `rows` rows. */
static enum hw_status rows_fill(struct hw_constant *constant, size_t rows, struct hw_error *err) {
    const hw_view value = constant->value;
    size_t bytes;
    if (!hw_mul(rows, value.size, &bytes) || bytes > INT32_MAX) {
        return hw_fail(err, HW_ELIMIT, "%zu rows of one text of %zu bytes are too many", rows, value.size);
    }
    HW_TRY(hw_buf_resize(&constant->offsets, (rows + 1) * sizeof(int32_t) + HW_BATCH_PADDING, err));
    HW_TRY(hw_buf_resize(&constant->data, bytes + HW_BATCH_PADDING, err));
    int32_t *offsets = (int32_t *)(void *)constant->offsets.data;
    for (size_t i = 0; i <= rows; i++) {
        offsets[i] = (int32_t)(i * value.size);
    }
    for (size_t i = 0; i < rows; i++) {
        memcpy(constant->data.data + i * value.size, value.data, value.size);
    }
    memset(constant->data.data + bytes, 0, HW_BATCH_PADDING);
    constant->rows = rows;
    return HW_OK;
}

enum hw_status hw_constant_column(struct hw_constant *constant, size_t rows, struct hw_column *out_column,
                                  struct hw_error *err) {
    if (rows > constant->rows || constant->rows == 0) {
        constant->rows = 0;
        HW_TRY(rows_fill(constant, rows, err));
    }
    *out_column = (struct hw_column){
        .offsets = (const int32_t *)(const void *)constant->offsets.data,
        .data = (const char *)constant->data.data,
        .length = rows,
    };
    return HW_OK;
}

enum hw_status hw_constant_slice(struct hw_constant *constant, const struct hw_batch *batch, size_t first,
                                 struct hw_column *columns, struct hw_batch *out_slice, struct hw_error *err) {
    const size_t count = batch->schema->count;
    struct hw_column own;
    struct hw_batch slice = hw_batch_slice(batch, first, hw_constant_rows_max(constant), columns);
    HW_TRY(hw_constant_column(constant, slice.rows, &own, err));
    if (slice.columns != columns) {
        memcpy(columns, slice.columns, count * sizeof(*columns));
    }
    columns[count - 1] = own;
    slice.columns = columns;
    *out_slice = slice;
    return HW_OK;
}
