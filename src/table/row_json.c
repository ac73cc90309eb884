/* SPDX-License-Identifier: Apache-2.0 */
#include "table/row_json.h"

#include "table/value_json.h"

static enum hw_status member_append(enum hw_binary_text binary, const struct hw_batch *batch, size_t column, size_t row,
                                    struct hw_buf *out, struct hw_error *err) {
    const struct hw_field *field = &batch->schema->fields[column];
    HW_TRY(hw_buf_append_byte(out, column > 0 ? ',' : '{', err));
    HW_TRY(hw_json_text_append(hw_view_of(field->name), out, err));
    HW_TRY(hw_buf_append_byte(out, ':', err));
    const enum hw_status status = hw_value_json_append(binary, field, &batch->columns[column], row, out, err);
    if (status != HW_OK) {
        hw_error_column(err, field->name, strlen(field->name));
    }
    return status;
}

enum hw_status hw_row_json_append(enum hw_binary_text binary, const struct hw_batch *batch, size_t row,
                                  struct hw_buf *out, struct hw_error *err) {
    const size_t before = out->size;
    enum hw_status status = HW_OK;
    for (size_t i = 0; status == HW_OK && i < batch->schema->count; i++) {
        status = member_append(binary, batch, i, row, out, err);
    }
    if (status == HW_OK) {
        status = hw_buf_append_text(out, batch->schema->count > 0 ? "}\n" : "{}\n", err);
    }
    if (status != HW_OK) {
        out->size = before;
    }
    return status;
}
