/* SPDX-License-Identifier: Apache-2.0 */
#include "table/batch.h"

static size_t nulls_count(const uint8_t *validity, size_t rows) {
    size_t valid = 0;
    for (size_t row = 0; row < rows; row++) {
        valid += validity[row >> 3] >> (row & 7) & 1;
    }
    return rows - valid;
}

struct hw_batch hw_batch_slice(const struct hw_batch *batch, size_t first, size_t rows_max, struct hw_column *columns) {
    assert(first % HW_BATCH_SLICE_ROWS == 0);
    size_t rows = batch->rows - first;
    if (first == 0 && rows <= rows_max) {
        return *batch;
    }
    if (rows > rows_max) {
        rows = rows_max / HW_BATCH_SLICE_ROWS * HW_BATCH_SLICE_ROWS;
    }
    for (size_t i = 0; i < batch->schema->count; i++) {
        const struct hw_column *from = &batch->columns[i];
        enum hw_kind kind = batch->schema->fields[i].type.kind;
        const uint8_t *validity = from->validity ? from->validity + first / 8 : NULL;
        size_t skip = kind == HW_KIND_BOOL ? first / 8 : first * hw_kind_bytes(kind);
        size_t nulls = kind == HW_KIND_NULL ? rows : validity ? nulls_count(validity, rows) : 0;
        columns[i] = (struct hw_column){
            .null_count = nulls,
            .validity = nulls > 0 ? validity : NULL,
            .values = from->values ? (const char *)from->values + skip : NULL,
            .offsets = from->offsets ? from->offsets + first : NULL,
            .data = from->data,
        };
    }
    return (struct hw_batch){.schema = batch->schema, .rows = rows, .columns = columns};
}
