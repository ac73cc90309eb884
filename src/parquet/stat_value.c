/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/stat_value.h"

#include "core/bytes_text.h"
#include "core/utf8.h"
#include "parquet/decoder.h"
#include "parquet/leaf_convert.h"
#include "parquet/stat_order.h"
#include "table/print.h"
#include "table/uuid.h"

/* The most bytes of a value of fixed width. */
enum { VALUE_BYTES_MAX = 32 };

static enum hw_status value_print(const struct hw_type *type, hw_view value, struct hw_buf *out,
                                  struct hw_stat_text *out_text, struct hw_error *err);
static enum hw_status base64_print(hw_view value, struct hw_buf *out, struct hw_error *err);

enum hw_status hw_stat_text(const struct hw_read_leaf *leaf, hw_view bound, struct hw_buf *out,
                            struct hw_stat_text *out_text, struct hw_error *err) {
    HW_AUTO(hw_leaf_rows) rows = {0};
    struct hw_stat_text text = {.quoted = true, .at = out->size};
    hw_view value;
    if (hw_stat_value(leaf, bound, &rows, &value)) {
        /* Timestamps of INT96 come as text. */
        const struct hw_type type = leaf->physical == HW_PHYSICAL_INT96 && leaf->form == HW_LEAF_INT96
                                        ? (struct hw_type){.kind = HW_KIND_TEXT}
                                        : leaf->field->type;
        HW_TRY(value_print(&type, value, out, &text, err));
    } else {
        HW_TRY(base64_print(bound, out, err));
    }
    text.size = out->size - text.at;
    *out_text = text;
    return HW_OK;
}

bool hw_stat_value(const struct hw_read_leaf *leaf, hw_view bound, struct hw_leaf_rows *rows, hw_view *out_value) {
    uint8_t padded[VALUE_BYTES_MAX + HW_DECODED_PADDING] = {0};
    const int32_t end = (int32_t)hw_min_size(bound.size, INT32_MAX);
    struct hw_read_leaf told = *leaf;
    if (!hw_stat_fits(leaf, bound)) {
        return false;
    }
    if (leaf->form == HW_LEAF_INT96) {
        told.form = HW_LEAF_INT96_TEXT;
    }
    if (!hw_leaf_converts(&told)) {
        *out_value = bound;
        return leaf->width == 0 || hw_leaf_check(leaf, bound.data, 1, NULL) == HW_OK;
    }
    if (bound.size > VALUE_BYTES_MAX) {
        return false;
    }
    memcpy(padded, bound.data, bound.size);
    const struct hw_leaf_values values = {
        .count = 1, .data = padded, .ends = leaf->physical == HW_PHYSICAL_BYTE_ARRAY ? &end : NULL};
    const bool text = told.form == HW_LEAF_INT96_TEXT;
    if (hw_leaf_rows_clear(rows, text ? 0 : hw_leaf_width(leaf), NULL) != HW_OK ||
        hw_leaf_convert(&told, &values, rows, NULL) != HW_OK) {
        return false;
    }
    *out_value = hw_buf_view(text ? &rows->data : &rows->values);
    return true;
}

/* ------ one function a kind; each returns the end of the text */

typedef char *print_fn(char *to, const struct hw_type *type, const char *value);

static char *print_bool(char *to, const struct hw_type *type, const char *value) {
    (void)type;
    return hw_print_bool(to, value[0] != 0);
}

/* An integer with a sign, of as many bytes as its kind has. */
static int64_t integer_load(const char *value, size_t bytes) {
    uint64_t word = 0;
    memcpy(&word, value, bytes);
    const unsigned unused = 64 - 8 * (unsigned)bytes;
    return (int64_t)(word << unused) >> unused;
}

static char *print_int8(char *to, const struct hw_type *type, const char *value) {
    (void)type;
    return hw_print_int64(to, integer_load(value, 1));
}
static char *print_int16(char *to, const struct hw_type *type, const char *value) {
    (void)type;
    return hw_print_int64(to, integer_load(value, 2));
}
static char *print_int32(char *to, const struct hw_type *type, const char *value) {
    (void)type;
    return hw_print_int64(to, integer_load(value, 4));
}
static char *print_int64(char *to, const struct hw_type *type, const char *value) {
    (void)type;
    return hw_print_int64(to, integer_load(value, 8));
}
static char *print_uint8(char *to, const struct hw_type *type, const char *value) {
    (void)type;
    return hw_print_uint64(to, (uint8_t)value[0]);
}
static char *print_uint16(char *to, const struct hw_type *type, const char *value) {
    (void)type;
    return hw_print_uint64(to, (uint16_t)integer_load(value, 2));
}
static char *print_uint32(char *to, const struct hw_type *type, const char *value) {
    (void)type;
    return hw_print_uint64(to, hw_load_le32(value));
}
static char *print_uint64(char *to, const struct hw_type *type, const char *value) {
    (void)type;
    return hw_print_uint64(to, hw_load_le64(value));
}
static char *print_half(char *to, const struct hw_type *type, const char *value) {
    (void)type;
    return hw_print_half(to, (uint16_t)integer_load(value, 2));
}
static char *print_float(char *to, const struct hw_type *type, const char *value) {
    float single;
    (void)type;
    memcpy(&single, value, sizeof(single));
    return hw_print_float(to, single);
}
static char *print_double(char *to, const struct hw_type *type, const char *value) {
    double real;
    (void)type;
    memcpy(&real, value, sizeof(real));
    return hw_print_double(to, real);
}
static char *print_decimal(char *to, const struct hw_type *type, const char *value) {
    __int128 unscaled;
    memcpy(&unscaled, value, sizeof(unscaled));
    return hw_print_decimal(to, unscaled, type->scale);
}
static char *print_decimal256(char *to, const struct hw_type *type, const char *value) {
    return hw_print_decimal256(to, value, type->scale);
}
static char *print_date(char *to, const struct hw_type *type, const char *value) {
    (void)type;
    return hw_print_date(to, (int32_t)integer_load(value, 4));
}
static char *print_time32(char *to, const struct hw_type *type, const char *value) {
    return hw_print_time(to, integer_load(value, 4), type->unit, type->utc);
}
static char *print_time64(char *to, const struct hw_type *type, const char *value) {
    return hw_print_time(to, integer_load(value, 8), type->unit, type->utc);
}
static char *print_timestamp(char *to, const struct hw_type *type, const char *value) {
    return hw_print_timestamp(to, integer_load(value, 8), type->unit, type->utc);
}
/* Arrow's month_day_nano: 4 bytes, 4 bytes, 8 bytes. */
static char *print_interval(char *to, const struct hw_type *type, const char *value) {
    (void)type;
    return hw_print_interval(to, (int32_t)integer_load(value, 4), (int32_t)integer_load(value + 4, 4),
                             integer_load(value + 8, 8));
}
static char *print_uuid(char *to, const struct hw_type *type, const char *value) {
    (void)type;
    hw_uuid_put(to, (const uint8_t *)value);
    return to + HW_UUID_TEXT_BYTES;
}

/* Kinds of values of a fixed width that have a text of their own. */
static const struct {
    print_fn *print;
    /* The text is what a string holds. */
    bool quoted;
} prints[HW_KIND_COUNT] = {
    [HW_KIND_BOOL] = {print_bool},
    [HW_KIND_INT8] = {print_int8},
    [HW_KIND_INT16] = {print_int16},
    [HW_KIND_INT32] = {print_int32},
    [HW_KIND_INT64] = {print_int64},
    [HW_KIND_UINT8] = {print_uint8},
    [HW_KIND_UINT16] = {print_uint16},
    [HW_KIND_UINT32] = {print_uint32},
    [HW_KIND_UINT64] = {print_uint64},
    [HW_KIND_HALF] = {print_half},
    [HW_KIND_FLOAT] = {print_float},
    [HW_KIND_DOUBLE] = {print_double},
    [HW_KIND_DECIMAL] = {print_decimal, true},
    [HW_KIND_DECIMAL256] = {print_decimal256, true},
    [HW_KIND_DATE] = {print_date, true},
    [HW_KIND_TIME32] = {print_time32, true},
    [HW_KIND_TIME64] = {print_time64, true},
    [HW_KIND_TIMESTAMP] = {print_timestamp, true},
    [HW_KIND_INTERVAL] = {print_interval, true},
    [HW_KIND_UUID] = {print_uuid, true},
};

static enum hw_status value_print(const struct hw_type *type, hw_view value, struct hw_buf *out,
                                  struct hw_stat_text *out_text, struct hw_error *err) {
    char text[HW_PRINT_DECIMAL256_BYTES];
    if (prints[type->kind].print) {
        const size_t size = (size_t)(prints[type->kind].print(text, type, value.data) - text);
        /* JSON has no word for nan and infinity. */
        out_text->quoted = prints[type->kind].quoted || text[size - 1] == 'n' || text[size - 1] == 'f';
        return hw_buf_append(out, text, size, err);
    }
    if (type->kind == HW_KIND_TEXT && hw_utf8_all(value.data, value.size)) {
        return hw_buf_append(out, value.data, value.size, err);
    }
    return base64_print(value, out, err);
}

static enum hw_status base64_print(hw_view value, struct hw_buf *out, struct hw_error *err) {
    const size_t before = out->size;
    HW_TRY(hw_buf_resize(out, before + HW_BASE64_BYTES(value.size), err));
    out->size = before + hw_base64((const uint8_t *)value.data, value.size, (char *)out->data + before);
    return HW_OK;
}
