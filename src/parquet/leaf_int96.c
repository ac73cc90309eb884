/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/leaf_int96.h"

#include "parquet/int96.h"
#include "table/print.h"
#include "table/type.h"

const char HW_INT96_HINT[] = "With --int96 us or --int96 text such values can be read.";

enum hw_status hw_leaf_int96_texts(const struct hw_read_leaf *leaf, const struct hw_leaf_values *values,
                                   struct hw_leaf_rows *out, struct hw_error *err) {
    (void)leaf;
    for (size_t i = 0; i < values->count; i++) {
        char text[HW_PRINT_BYTES];
        const char *end = hw_int96_print(text, values->data + i * HW_INT96_BYTES);
        HW_TRY(hw_leaf_rows_text(out, (hw_view){text, (size_t)(end - text)}, err));
    }
    return HW_OK;
}

static enum hw_status int96_fail(const struct hw_read_leaf *leaf, const uint8_t *at, const char *reason,
                                 struct hw_error *err) {
    char text[HW_PRINT_BYTES];
    char type[32];
    *hw_int96_print(text, at) = '\0';
    hw_type_format(leaf->field->type, type, sizeof(type));
    const enum hw_status status = hw_fail(err, HW_EDATA, "%s %s %s", text, reason, type);
    if (err) {
        err->hint = HW_INT96_HINT;
    }
    return status;
}

/* Does what the loop below leaves aside. */
static enum hw_status int96_rare(const struct hw_read_leaf *leaf, const uint8_t *at, int64_t *out_value,
                                 struct hw_error *err) {
    const bool micros = leaf->field->type.unit == HW_UNIT_MICROS;
    __int128 value = hw_int96_exact(at);
    if (micros && value % HW_INT96_IN_MICROS != 0) {
        return int96_fail(leaf, at, "is finer than the microseconds of", err);
    }
    value /= micros ? HW_INT96_IN_MICROS : HW_INT96_IN_NANOS;
    if (value < INT64_MIN || value > INT64_MAX) {
        return int96_fail(leaf, at, micros ? "is too far from 1970 for" : "is outside of the years 1677 to 2262 of",
                          err);
    }
    *out_value = (int64_t)value;
    return HW_OK;
}

enum hw_status hw_leaf_int96_convert(const struct hw_read_leaf *leaf, const struct hw_leaf_values *values,
                                     struct hw_leaf_rows *out, struct hw_error *err) {
    const bool micros = leaf->field->type.unit == HW_UNIT_MICROS;
    uint8_t *to;
    HW_TRY(hw_leaf_rows_room(out, values->count, &to, err));
    for (size_t i = 0; i < values->count; i++) {
        const uint8_t *at = values->data + i * HW_INT96_BYTES;
        int64_t value = 0;
        if (HW_UNLIKELY(!(micros ? hw_int96_get(at, HW_INT96_IN_MICROS, &value)
                                 : hw_int96_get(at, HW_INT96_IN_NANOS, &value)))) {
            HW_TRY(int96_rare(leaf, at, &value, err));
        }
        hw_store_le64(to + i * sizeof(value), (uint64_t)value);
    }
    hw_leaf_rows_added(out, values->count);
    return HW_OK;
}
