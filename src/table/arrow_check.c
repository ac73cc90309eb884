/* SPDX-License-Identifier: Apache-2.0 */
#include "table/arrow_check.h"

#include "core/utf8.h"
#include "table/convert.h"

/* Children have as many slots as the column reaches to. */
static enum hw_status reach_check(const struct hw_field *field, const struct hw_column *column, struct hw_error *err) {
    size_t slots = column->offset + column->length;
    size_t reach;
    if (!hw_mul(slots, field->type.kind == HW_KIND_FIXED_LIST ? (size_t)field->type.width : 1, &reach)) {
        return hw_fail(err, HW_ELIMIT, "an Arrow array of %zu lists of %" PRIu32 " cannot be", slots,
                       field->type.width);
    }
    for (size_t i = 0; i < field->children_count; i++) {
        if (column->children[i].length < reach) {
            return hw_fail(err, HW_EDATA, "an Arrow array reaches to %zu, its child has %zu", reach,
                           column->children[i].length);
        }
    }
    return HW_OK;
}

enum hw_status hw_arrow_contents_check(const struct hw_field *field, const struct hw_column *column,
                                       struct hw_error *err) {
    const enum hw_kind kind = field->type.kind;
    int64_t end = 0;
    if (kind == HW_KIND_STRUCT || kind == HW_KIND_FIXED_LIST) {
        return reach_check(field, column, err);
    }
    if (kind == HW_KIND_DICTIONARY) {
        return hw_arrow_indices_check(field->type.index, column, err);
    }
    if (hw_kind_precision_max(kind) > 0) {
        return hw_arrow_decimals_check(field->type, column, err);
    }
    if (!hw_kind_is_flat(kind)) {
        return hw_arrow_offsets_check(column, (int64_t)column->children->length, &end, err);
    }
    if (!hw_kind_is_bytes(kind)) {
        return HW_OK;
    }
    HW_TRY(hw_arrow_offsets_check(column, INT64_MAX, &end, err));
    if (!column->data && end > 0) {
        return hw_fail(err, HW_EDATA, "an Arrow array has no buffer 2, its offsets reach to %" PRId64, end);
    }
    bool text = kind == HW_KIND_TEXT || kind == HW_KIND_LARGE_TEXT;
    return text && column->data ? hw_arrow_texts_check(column, err) : HW_OK;
}

static int64_t offset_at(const struct hw_column *column, size_t slot) {
    return column->large_offsets ? column->large_offsets[slot] : column->offsets[slot];
}

enum hw_status hw_arrow_offsets_check(const struct hw_column *column, int64_t limit, int64_t *out_end,
                                      struct hw_error *err) {
    int64_t before = offset_at(column, column->offset);
    bool falls = before < 0;
    for (size_t i = 1; i <= column->length; i++) {
        int64_t end = offset_at(column, column->offset + i);
        falls |= end < before;
        before = end;
    }
    if (falls) {
        return hw_fail(err, HW_EDATA, "Arrow offsets are negative, or fall");
    }
    if (before > limit) {
        return hw_fail(err, HW_EDATA, "Arrow offsets reach to %" PRId64 ", there are %" PRId64, before, limit);
    }
    *out_end = before;
    return HW_OK;
}

enum hw_status hw_arrow_texts_check(const struct hw_column *column, struct hw_error *err) {
    for (size_t row = 0; row < column->length; row++) {
        size_t begin = hw_column_begin(column, column->offset + row);
        size_t bytes = hw_column_begin(column, column->offset + row + 1) - begin;
        if (HW_UNLIKELY(!hw_utf8_all(column->data + begin, bytes)) && hw_column_valid(column, row)) {
            char quoted[HW_QUOTE_BYTES];
            return hw_fail(err, HW_EDATA, "an Arrow text is not UTF-8: %s",
                           hw_quote(column->data + begin, bytes, quoted, sizeof(quoted)));
        }
    }
    return HW_OK;
}

static bool index_negative(enum hw_kind index, const struct hw_column *column, size_t slot);

enum hw_status hw_arrow_indices_check(enum hw_kind index, const struct hw_column *column, struct hw_error *err) {
    for (size_t row = 0; row < column->length; row++) {
        const size_t slot = column->offset + row;
        if (hw_column_valid(column, row) && (hw_dictionary_slot(index, column, slot) >= column->dictionary->length ||
                                             index_negative(index, column, slot))) {
            return hw_fail(err, HW_EDATA, "an Arrow index is not in its dictionary of %zu values",
                           column->dictionary->length);
        }
    }
    return HW_OK;
}

/* Slots are numbers without a sign, and a large dictionary has them all. */
static bool index_negative(enum hw_kind index, const struct hw_column *column, size_t slot) {
    const bool is_signed =
        index == HW_KIND_INT8 || index == HW_KIND_INT16 || index == HW_KIND_INT32 || index == HW_KIND_INT64;
    const size_t bytes = hw_kind_bytes(index);
    return is_signed && ((const uint8_t *)column->values)[(slot + 1) * bytes - 1] >> 7 != 0;
}

/* A value that takes fewer bits than the precision's largest one is looked at no further. */
enum hw_status hw_arrow_decimals_check(struct hw_type type, const struct hw_column *column, struct hw_error *err) {
    const size_t bytes = hw_kind_bytes(type.kind);
    const size_t least = hw_decimal_bytes(type.precision);
    for (size_t row = 0; row < column->length; row++) {
        const uint8_t *value = (const uint8_t *)column->values + (column->offset + row) * bytes;
        if (HW_UNLIKELY(hw_decimal_bytes_of(type.kind, value) >= least) && hw_column_valid(column, row) &&
            !hw_decimal_within(type.kind, value, type.precision)) {
            return hw_fail(err, HW_EDATA, "an Arrow decimal has more than its %u digits", (unsigned)type.precision);
        }
    }
    return HW_OK;
}
