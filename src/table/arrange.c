/* SPDX-License-Identifier: Apache-2.0 */
#include "table/arrange.h"

enum { VALUE_BYTES_MIN = 16 };

/* Makes zeros enough to be the values, offsets, text and validity of any column of `rows` nulls. */
static enum hw_status nulls_reserve(const struct hw_schema *table, size_t rows, struct hw_buf *nulls,
                                    struct hw_error *err) {
    const size_t before = nulls->size;
    size_t width = VALUE_BYTES_MIN;
    size_t bytes;
    for (size_t i = 0; i < table->count; i++) {
        assert(hw_kind_is_flat(table->fields[i].type.kind));
        width = hw_max_size(width, hw_type_bytes(table->fields[i].type));
    }
    if (!hw_mul(rows + 1, width, &bytes) || !hw_add(bytes, (size_t)HW_BATCH_PADDING, &bytes)) {
        return hw_fail(err, HW_ELIMIT, "%zu nulls of %zu bytes are too many", rows, width);
    }
    if (bytes > before) {
        HW_TRY(hw_buf_resize(nulls, bytes, err));
        memset(nulls->data + before, 0, bytes - before);
    }
    return HW_OK;
}

enum hw_status hw_batch_arrange(const struct hw_batch *batch, const uint32_t *places, const struct hw_schema *table,
                                struct hw_column *columns, struct hw_buf *nulls, struct hw_batch *out_batch,
                                struct hw_error *err) {
    HW_TRY(nulls_reserve(table, batch->rows, nulls, err));
    for (size_t i = 0; i < table->count; i++) {
        bool text = hw_kind_is_bytes(table->fields[i].type.kind);
        bool large = hw_kind_is_large(table->fields[i].type.kind);
        columns[i] = (struct hw_column){
            .null_count = batch->rows,
            .validity = batch->rows > 0 ? nulls->data : NULL,
            .values = nulls->data,
            .offsets = text && !large ? (const int32_t *)(const void *)nulls->data : NULL,
            .large_offsets = large ? (const int64_t *)(const void *)nulls->data : NULL,
            .length = batch->rows,
            .data = text ? (const char *)nulls->data : NULL,
        };
    }
    for (size_t i = 0; i < batch->schema->count; i++) {
        if (places[i] != HW_ARRANGE_LEFT_OUT) {
            columns[places[i]] = batch->columns[i];
        }
    }
    *out_batch = (struct hw_batch){.schema = table, .rows = batch->rows, .columns = columns};
    return HW_OK;
}
