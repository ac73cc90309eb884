/* SPDX-License-Identifier: Apache-2.0 */
#include "table/arrange.h"

enum { VALUE_BYTES_MAX = 16 };

/* Zeros that are the values, offsets, text and validity of any column of `rows` nulls. */
static enum hw_status nulls_reserve(struct hw_buf *nulls, size_t rows, struct hw_error *err) {
    const size_t bytes = (rows + 1) * VALUE_BYTES_MAX + HW_BATCH_PADDING;
    const size_t before = nulls->size;
    if (bytes > before) {
        HW_TRY(hw_buf_resize(nulls, bytes, err));
        memset(nulls->data + before, 0, bytes - before);
    }
    return HW_OK;
}

enum hw_status hw_batch_arrange(const struct hw_batch *batch, const uint32_t *places, const struct hw_schema *table,
                                struct hw_column *columns, struct hw_buf *nulls, struct hw_batch *out_batch,
                                struct hw_error *err) {
    HW_TRY(nulls_reserve(nulls, batch->rows, err));
    for (size_t i = 0; i < table->count; i++) {
        bool text = table->fields[i].type.kind == HW_KIND_TEXT;
        columns[i] = (struct hw_column){
            .null_count = batch->rows,
            .validity = batch->rows > 0 ? nulls->data : NULL,
            .values = nulls->data,
            .offsets = text ? (const int32_t *)(const void *)nulls->data : NULL,
            .data = text ? (const char *)nulls->data : NULL,
        };
    }
    for (size_t i = 0; i < batch->schema->count; i++) {
        columns[places[i]] = batch->columns[i];
    }
    *out_batch = (struct hw_batch){.schema = table, .rows = batch->rows, .columns = columns};
    return HW_OK;
}
