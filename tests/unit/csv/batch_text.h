/* SPDX-License-Identifier: Apache-2.0 */
/* Batches as text: one value after another, so that a test can say what it wants. */
#ifndef HW_TESTS_CSV_BATCH_TEXT_H
#define HW_TESTS_CSV_BATCH_TEXT_H

#include "core/buf.h"
#include "support/rows.h"
#include "table/batch.h"

static inline enum hw_status batch_text_int128(const void *at, struct hw_buf *out, struct hw_error *err) {
    __int128 value;
    memcpy(&value, at, sizeof(value));
    char digits[41] = {0};
    size_t used = sizeof(digits) - 1;
    bool negative = value < 0;
    do {
        int digit = (int)(value % 10);
        digits[--used] = (char)('0' + (negative ? -digit : digit));
        value /= 10;
    } while (value != 0);
    return hw_buf_printf(out, err, "%s%s", negative ? "-" : "", digits + used);
}

static inline enum hw_status batch_text_bytes(const uint8_t *bytes, size_t size, struct hw_buf *out,
                                              struct hw_error *err) {
    for (size_t i = 0; i < size; i++) {
        HW_TRY(hw_buf_printf(out, err, "%02x", bytes[i]));
    }
    return HW_OK;
}

/* One value: numbers as they are, decimals unscaled, texts in quotes, nulls as ~. */
static inline enum hw_status batch_text_value(const struct hw_batch *batch, size_t column, size_t row,
                                              struct hw_buf *out, struct hw_error *err) {
    const struct hw_column *values = &batch->columns[column];
    const enum hw_kind kind = batch->schema->fields[column].type.kind;
    const char *at = (const char *)values->values + row * hw_kind_bytes(kind);
    if (kind == HW_KIND_NULL || !hw_column_valid(values, row)) {
        return hw_buf_append_byte(out, '~', err);
    }
    switch (kind) {
    case HW_KIND_BOOL:
        return hw_buf_append_byte(out, ((const uint8_t *)values->values)[row / 8] >> (row % 8) & 1 ? 'T' : 'F', err);
    case HW_KIND_DOUBLE: {
        double value;
        memcpy(&value, at, sizeof(value));
        return hw_buf_printf(out, err, "%.17g", value);
    }
    case HW_KIND_DECIMAL:
        return batch_text_int128(at, out, err);
    case HW_KIND_DATE:
        return hw_buf_printf(out, err, "%" PRId32, (int32_t)hw_load_le32(at));
    case HW_KIND_UUID:
        return batch_text_bytes((const uint8_t *)at, 16, out, err);
    case HW_KIND_TEXT:
        HW_TRY(hw_buf_append_byte(out, '"', err));
        HW_TRY(hw_buf_append(out, values->data + values->offsets[row],
                             (size_t)(values->offsets[row + 1] - values->offsets[row]), err));
        return hw_buf_append_byte(out, '"', err);
    default:
        return hw_buf_printf(out, err, "%" PRId64, (int64_t)hw_load_le64(at));
    }
}

/* Appends all rows, "1|~\n2|"x"\n". Checks on the way that null counts are true. */
static inline void batch_text(const struct hw_batch *batch, struct hw_buf *out) {
    struct hw_error err = HW_ERROR_INIT;
    for (size_t row = 0; row < batch->rows; row++) {
        for (size_t column = 0; column < batch->schema->count; column++) {
            if (column > 0) {
                assert_ok(hw_buf_append_byte(out, '|', &err), err);
            }
            assert_ok(batch_text_value(batch, column, row, out, &err), err);
        }
        assert_ok(hw_buf_append_byte(out, '\n', &err), err);
    }
    for (size_t column = 0; column < batch->schema->count; column++) {
        const bool nothing = batch->schema->fields[column].type.kind == HW_KIND_NULL;
        size_t nulls = 0;
        for (size_t row = 0; row < batch->rows; row++) {
            nulls += nothing || !hw_column_valid(&batch->columns[column], row);
        }
        assert_int_equal(batch->columns[column].null_count, nulls);
    }
}

#endif
