/* SPDX-License-Identifier: Apache-2.0 */
#include "table/value_text.h"

#include "core/bytes_text.h"
#include "core/utf8.h"
#include "table/print.h"
#include "table/uuid.h"

enum { NANOS_PER_MILLI = 1000000, MILLIS_PER_DAY = 86400000, SECONDS_PER_DAY = 86400 };

/* Prints the value at `at`, of a kind of fixed width, and returns the end of the text. */
typedef char *print_fn(char *to, const struct hw_type *type, const uint8_t *at);

static char *int8_print(char *to, const struct hw_type *type, const uint8_t *at) {
    (void)type;
    return hw_print_int64(to, (int8_t)*at);
}

static char *int16_print(char *to, const struct hw_type *type, const uint8_t *at) {
    int16_t value;
    (void)type;
    memcpy(&value, at, sizeof(value));
    return hw_print_int64(to, value);
}

static char *int32_print(char *to, const struct hw_type *type, const uint8_t *at) {
    (void)type;
    return hw_print_int64(to, (int32_t)hw_load_le32(at));
}

static char *int64_print(char *to, const struct hw_type *type, const uint8_t *at) {
    (void)type;
    return hw_print_int64(to, (int64_t)hw_load_le64(at));
}

static char *uint8_print(char *to, const struct hw_type *type, const uint8_t *at) {
    (void)type;
    return hw_print_uint64(to, *at);
}

static char *uint16_print(char *to, const struct hw_type *type, const uint8_t *at) {
    uint16_t value;
    (void)type;
    memcpy(&value, at, sizeof(value));
    return hw_print_uint64(to, value);
}

static char *uint32_print(char *to, const struct hw_type *type, const uint8_t *at) {
    (void)type;
    return hw_print_uint64(to, hw_load_le32(at));
}

static char *uint64_print(char *to, const struct hw_type *type, const uint8_t *at) {
    (void)type;
    return hw_print_uint64(to, hw_load_le64(at));
}

static char *half_print(char *to, const struct hw_type *type, const uint8_t *at) {
    uint16_t bits;
    (void)type;
    memcpy(&bits, at, sizeof(bits));
    return hw_print_half(to, bits);
}

static char *float_print(char *to, const struct hw_type *type, const uint8_t *at) {
    float value;
    (void)type;
    memcpy(&value, at, sizeof(value));
    return hw_print_float(to, value);
}

static char *double_print(char *to, const struct hw_type *type, const uint8_t *at) {
    double value;
    (void)type;
    memcpy(&value, at, sizeof(value));
    return hw_print_double(to, value);
}

static char *decimal32_print(char *to, const struct hw_type *type, const uint8_t *at) {
    return hw_print_decimal(to, (int32_t)hw_load_le32(at), type->scale);
}

static char *decimal64_print(char *to, const struct hw_type *type, const uint8_t *at) {
    return hw_print_decimal(to, (int64_t)hw_load_le64(at), type->scale);
}

static char *decimal_print(char *to, const struct hw_type *type, const uint8_t *at) {
    __int128 value;
    memcpy(&value, at, sizeof(value));
    return hw_print_decimal(to, value, type->scale);
}

static char *decimal256_print(char *to, const struct hw_type *type, const uint8_t *at) {
    return hw_print_decimal256(to, at, type->scale);
}

static char *date_print(char *to, const struct hw_type *type, const uint8_t *at) {
    (void)type;
    return hw_print_date(to, (int32_t)hw_load_le32(at));
}

static char *timestamp_print(char *to, const struct hw_type *type, const uint8_t *at) {
    return hw_print_timestamp(to, (int64_t)hw_load_le64(at), type->unit, type->utc);
}

static char *time32_print(char *to, const struct hw_type *type, const uint8_t *at) {
    return hw_print_time(to, (int32_t)hw_load_le32(at), type->unit, type->utc);
}

static char *time64_print(char *to, const struct hw_type *type, const uint8_t *at) {
    return hw_print_time(to, (int64_t)hw_load_le64(at), type->unit, type->utc);
}

static char *duration_print(char *to, const struct hw_type *type, const uint8_t *at) {
    return hw_print_duration(to, (int64_t)hw_load_le64(at), type->unit);
}

static char *interval_print(char *to, const struct hw_type *type, const uint8_t *at) {
    (void)type;
    return hw_print_interval(to, (int32_t)hw_load_le32(at), (int32_t)hw_load_le32(at + 4),
                             (int64_t)hw_load_le64(at + 8));
}

static char *months_print(char *to, const struct hw_type *type, const uint8_t *at) {
    (void)type;
    return hw_print_interval(to, (int32_t)hw_load_le32(at), 0, 0);
}

static char *days_print(char *to, const struct hw_type *type, const uint8_t *at) {
    const int32_t millis = (int32_t)hw_load_le32(at + 4);
    (void)type;
    return hw_print_interval(to, 0, (int32_t)hw_load_le32(at), (int64_t)millis * NANOS_PER_MILLI);
}

static char *uuid_print(char *to, const struct hw_type *type, const uint8_t *at) {
    (void)type;
    hw_uuid_put(to, at);
    return to + HW_UUID_TEXT_BYTES;
}

/* Whole days have a date; what a program may bring beside them shows its time. */
static char *date_millis_print(char *to, const struct hw_type *type, const uint8_t *at) {
    const int64_t millis = (int64_t)hw_load_le64(at);
    (void)type;
    char *end = hw_print_timestamp(to, millis, HW_UNIT_MILLIS, false);
    return millis % MILLIS_PER_DAY == 0 ? end - strlen("T00:00:00") : end;
}

static print_fn *const prints[HW_KIND_COUNT] = {
    [HW_KIND_INT8] = int8_print,
    [HW_KIND_INT16] = int16_print,
    [HW_KIND_INT32] = int32_print,
    [HW_KIND_INT64] = int64_print,
    [HW_KIND_UINT8] = uint8_print,
    [HW_KIND_UINT16] = uint16_print,
    [HW_KIND_UINT32] = uint32_print,
    [HW_KIND_UINT64] = uint64_print,
    [HW_KIND_HALF] = half_print,
    [HW_KIND_FLOAT] = float_print,
    [HW_KIND_DOUBLE] = double_print,
    [HW_KIND_DECIMAL32] = decimal32_print,
    [HW_KIND_DECIMAL64] = decimal64_print,
    [HW_KIND_DECIMAL] = decimal_print,
    [HW_KIND_DECIMAL256] = decimal256_print,
    [HW_KIND_DATE] = date_print,
    [HW_KIND_DATE_MILLIS] = date_millis_print,
    [HW_KIND_TIME32] = time32_print,
    [HW_KIND_TIME64] = time64_print,
    [HW_KIND_TIMESTAMP] = timestamp_print,
    [HW_KIND_DURATION] = duration_print,
    [HW_KIND_INTERVAL] = interval_print,
    [HW_KIND_INTERVAL_MONTHS] = months_print,
    [HW_KIND_INTERVAL_DAYS] = days_print,
    [HW_KIND_UUID] = uuid_print,
};

bool hw_value_is_null(const struct hw_field *field, const struct hw_column *column, size_t row) {
    while (field->type.kind == HW_KIND_DICTIONARY && hw_column_valid(column, row)) {
        row = hw_dictionary_slot(field->type.index, column, column->offset + row);
        column = column->dictionary;
        field = field->dictionary;
    }
    return field->type.kind == HW_KIND_NULL || !hw_column_valid(column, row);
}

void hw_value_resolve(const struct hw_field **field, const struct hw_column **column, size_t *row) {
    while ((*field)->type.kind == HW_KIND_DICTIONARY) {
        *row = hw_dictionary_slot((*field)->type.index, *column, (*column)->offset + *row);
        *column = (*column)->dictionary;
        *field = (*field)->dictionary;
    }
}

hw_view hw_value_bytes(const struct hw_field *field, const struct hw_column *column, size_t row) {
    const size_t slot = column->offset + row;
    if (field->type.kind == HW_KIND_FIXED) {
        return (hw_view){(const char *)column->values + slot * field->type.width, field->type.width};
    }
    const size_t begin = hw_column_begin(column, slot);
    return (hw_view){column->data ? column->data + begin : "", hw_column_begin(column, slot + 1) - begin};
}

static enum hw_status binary_append(enum hw_binary_text binary, hw_view bytes, struct hw_buf *out,
                                    struct hw_error *err);
static enum hw_status time_check(const struct hw_type *type, const uint8_t *at, struct hw_error *err);

/* Appends a value of fixed width. */
static enum hw_status fixed_append(const struct hw_field *field, const uint8_t *at, struct hw_buf *out,
                                   struct hw_error *err) {
    HW_TRY(time_check(&field->type, at, err));
    HW_TRY(hw_buf_reserve(out, HW_PRINT_DECIMAL256_BYTES, err));
    char *to = (char *)out->data + out->size;
    out->size += (size_t)(prints[field->type.kind](to, &field->type, at) - to);
    return HW_OK;
}

enum hw_status hw_value_text_append(enum hw_binary_text binary, const struct hw_field *field,
                                    const struct hw_column *column, size_t row, struct hw_buf *out,
                                    struct hw_error *err) {
    hw_value_resolve(&field, &column, &row);
    const size_t slot = column->offset + row;
    switch (field->type.kind) {
    case HW_KIND_BOOL: {
        const bool value = ((const uint8_t *)column->values)[slot >> 3] >> (slot & 7) & 1;
        return hw_buf_append_text(out, value ? "true" : "false", err);
    }
    case HW_KIND_TEXT:
    case HW_KIND_LARGE_TEXT: {
        const hw_view text = hw_value_bytes(field, column, row);
        return hw_buf_append(out, text.data, text.size, err);
    }
    case HW_KIND_BINARY:
    case HW_KIND_LARGE_BINARY:
    case HW_KIND_FIXED:
        return binary_append(binary, hw_value_bytes(field, column, row), out, err);
    default:
        return fixed_append(field, (const uint8_t *)column->values + slot * hw_kind_bytes(field->type.kind), out, err);
    }
}

static enum hw_status binary_append(enum hw_binary_text binary, hw_view bytes, struct hw_buf *out,
                                    struct hw_error *err) {
    const uint8_t *data = (const uint8_t *)bytes.data;
    switch (binary) {
    case HW_BINARY_HEX:
        HW_TRY(hw_buf_reserve(out, 2 * bytes.size + 1, err));
        hw_hex(data, bytes.size, (char *)out->data + out->size);
        out->size += 2 * bytes.size;
        return HW_OK;
    case HW_BINARY_UTF8:
        return hw_utf8_all(bytes.data, bytes.size)
                   ? hw_buf_append(out, bytes.data, bytes.size, err)
                   : hw_fail(err, HW_EDATA, "a binary value is no text: it is not UTF-8");
    case HW_BINARY_BASE64:
        HW_TRY(hw_buf_reserve(out, HW_BASE64_BYTES(bytes.size), err));
        out->size += hw_base64(data, bytes.size, (char *)out->data + out->size);
        return HW_OK;
    }
    return HW_OK;
}

/* Times of a program's batches may be any number. */
static enum hw_status time_check(const struct hw_type *type, const uint8_t *at, struct hw_error *err) {
    static const int64_t per_second[HW_UNIT_COUNT] = {
        [HW_UNIT_SECONDS] = 1, [HW_UNIT_MILLIS] = 1000, [HW_UNIT_MICROS] = 1000000, [HW_UNIT_NANOS] = 1000000000};
    if (type->kind != HW_KIND_TIME32 && type->kind != HW_KIND_TIME64) {
        return HW_OK;
    }
    const int64_t value = type->kind == HW_KIND_TIME32 ? (int32_t)hw_load_le32(at) : (int64_t)hw_load_le64(at);
    if (value < 0 || value >= SECONDS_PER_DAY * per_second[type->unit]) {
        char text[32];
        hw_type_format(*type, text, sizeof(text));
        return hw_fail(err, HW_EDATA, "%" PRId64 " is no %s of a day", value, text);
    }
    return HW_OK;
}
