/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/value.h"

#include "avro/varint.h"
#include "table/convert.h"
#include "table/uuid.h"

/* A short text is copied as so many bytes, whatever its size. */
enum { TEXT_COPY_BYTES = 32 };
static_assert((int)TEXT_COPY_BYTES <= (int)HW_BATCH_PADDING && (int)TEXT_COPY_BYTES <= (int)HW_AVRO_SLACK_BYTES,
              "room for the copy");

/* Some slots of a column on their way to the ends of as many rows. */
struct put {
    const struct hw_column *column;
    const struct hw_type *type;
    bool nullable;
    size_t slot;
    size_t rows;
};

typedef void column_fn(const struct put *put, uint8_t **ends);

static column_fn null_column, bool_column, int8_column, int16_column, int32_column, long_column, uint8_column,
    uint16_column, uint32_column, uint64_column, half_column, float_column, double_column, decimal_column,
    other_decimal_column, days_column, time32_column, timestamp_column, interval_column, text_column, fixed_column,
    uuid_column;

static const struct kind_row {
    /* The most bytes of a value, without those of a text or a fixed one. */
    size_t bytes_max;
    column_fn *append;
} kind_rows[HW_KIND_COUNT] = {
    [HW_KIND_NULL] = {0, null_column},
    [HW_KIND_BOOL] = {1, bool_column},
    [HW_KIND_INT8] = {HW_AVRO_INT_BYTES_MAX, int8_column},
    [HW_KIND_INT16] = {HW_AVRO_INT_BYTES_MAX, int16_column},
    [HW_KIND_INT32] = {HW_AVRO_INT_BYTES_MAX, int32_column},
    [HW_KIND_INT64] = {HW_AVRO_LONG_BYTES_MAX, long_column},
    [HW_KIND_UINT8] = {HW_AVRO_INT_BYTES_MAX, uint8_column},
    [HW_KIND_UINT16] = {HW_AVRO_INT_BYTES_MAX, uint16_column},
    [HW_KIND_UINT32] = {HW_AVRO_INT_BYTES_MAX, uint32_column},
    [HW_KIND_UINT64] = {1 + 9, uint64_column},
    [HW_KIND_HALF] = {4, half_column},
    [HW_KIND_FLOAT] = {4, float_column},
    [HW_KIND_DOUBLE] = {8, double_column},
    [HW_KIND_DECIMAL32] = {1 + 4, other_decimal_column},
    [HW_KIND_DECIMAL64] = {1 + 8, other_decimal_column},
    [HW_KIND_DECIMAL] = {1 + 16, decimal_column},
    [HW_KIND_DECIMAL256] = {1 + 32, other_decimal_column},
    [HW_KIND_DATE] = {HW_AVRO_INT_BYTES_MAX, int32_column},
    [HW_KIND_DATE_MILLIS] = {HW_AVRO_INT_BYTES_MAX, days_column},
    [HW_KIND_TIME32] = {HW_AVRO_LONG_BYTES_MAX, time32_column},
    [HW_KIND_TIME64] = {HW_AVRO_LONG_BYTES_MAX, long_column},
    [HW_KIND_TIMESTAMP] = {HW_AVRO_LONG_BYTES_MAX, timestamp_column},
    [HW_KIND_DURATION] = {HW_AVRO_LONG_BYTES_MAX, long_column},
    [HW_KIND_INTERVAL] = {HW_INTERVAL_BYTES, interval_column},
    [HW_KIND_INTERVAL_MONTHS] = {HW_INTERVAL_BYTES, interval_column},
    [HW_KIND_INTERVAL_DAYS] = {HW_INTERVAL_BYTES, interval_column},
    [HW_KIND_TEXT] = {HW_AVRO_INT_BYTES_MAX, text_column},
    [HW_KIND_BINARY] = {HW_AVRO_INT_BYTES_MAX, text_column},
    [HW_KIND_LARGE_TEXT] = {HW_AVRO_LONG_BYTES_MAX, text_column},
    [HW_KIND_LARGE_BINARY] = {HW_AVRO_LONG_BYTES_MAX, text_column},
    [HW_KIND_FIXED] = {0, fixed_column},
    [HW_KIND_UUID] = {1 + HW_UUID_TEXT_BYTES, uuid_column},
};

size_t hw_avro_value_bytes_max(struct hw_type type) {
    return type.kind == HW_KIND_FIXED ? type.width : kind_rows[type.kind].bytes_max;
}

void hw_avro_values_put(const struct hw_type *type, const struct hw_column *column, bool nullable, size_t slot,
                        size_t rows, uint8_t **ends) {
    kind_rows[type->kind].append(&(struct put){column, type, nullable, slot, rows}, ends);
}

/*
 * Writes one value and returns the number of its bytes. For a row that is null it writes bytes that
 * nobody reads.
 */
typedef size_t value_fn(uint8_t *to, const struct hw_column *column, size_t row, const struct hw_type *type);

/*
 * Writes the values of any column; it is compiled once for each kind. The number of a union's
 * branch stands before the value: 0 for null, else 1 (zigzag 2).
 */
__attribute__((always_inline)) static inline void column_append(const struct put *put, uint8_t **ends,
                                                                value_fn *value_put) {
    const struct hw_column *column = put->column;
    const struct hw_type *type = put->type;
    const size_t slot = put->slot;
    const size_t rows = put->rows;
    if (!put->nullable) {
        for (size_t r = 0; r < rows; r++) {
            ends[r] += value_put(ends[r], column, slot + r, type);
        }
        return;
    }
    if (!column->validity) {
        for (size_t r = 0; r < rows; r++) {
            uint8_t *to = ends[r];
            to[0] = 2;
            ends[r] = to + 1 + value_put(to + 1, column, slot + r, type);
        }
        return;
    }
    for (size_t r = 0; r < rows; r++) {
        uint8_t *to = ends[r];
        size_t valid = column->validity[(slot + r) >> 3] >> ((slot + r) & 7) & 1;
        to[0] = (uint8_t)(valid << 1);
        ends[r] = to + 1 + (value_put(to + 1, column, slot + r, type) & (0 - valid));
    }
}

static void null_column(const struct put *put, uint8_t **ends) {
    for (size_t r = 0; r < put->rows; r++) {
        *ends[r]++ = 0;
    }
}

static inline size_t bool_put(uint8_t *to, const struct hw_column *column, size_t row, const struct hw_type *type) {
    (void)type;
    to[0] = ((const uint8_t *)column->values)[row >> 3] >> (row & 7) & 1;
    return 1;
}

static void bool_column(const struct put *put, uint8_t **ends) {
    column_append(put, ends, bool_put);
}

/*
 * Columns of integers. Most have only small ones, so a tile is asked for that first. What lies in
 * the place of a null may make it take the longer way, to the same bytes.
 */
#define INTEGER_COLUMN(name, ctype)                                                                \
    static inline size_t name##_put(uint8_t *to, const struct hw_column *column, size_t row,       \
                                    const struct hw_type *type) {                                  \
        (void)type;                                                                                \
        return hw_avro_long_put(to, ((const ctype *)column->values)[row]);                         \
    }                                                                                              \
    static inline size_t name##_short_put(uint8_t *to, const struct hw_column *column, size_t row, \
                                          const struct hw_type *type) {                            \
        (void)type;                                                                                \
        return hw_avro_short_put(to, hw_avro_zigzag(((const ctype *)column->values)[row]));        \
    }                                                                                              \
    static void name##_column(const struct put *put, uint8_t **ends) {                             \
        const ctype *values = (const ctype *)put->column->values + put->slot;                      \
        uint64_t zigzags = 0;                                                                      \
        for (size_t r = 0; r < put->rows; r++) {                                                   \
            zigzags |= hw_avro_zigzag(values[r]);                                                  \
        }                                                                                          \
        if (zigzags < HW_AVRO_SHORT_END) {                                                         \
            column_append(put, ends, name##_short_put);                                            \
        } else {                                                                                   \
            column_append(put, ends, name##_put);                                                  \
        }                                                                                          \
    }
INTEGER_COLUMN(int8, int8_t)
INTEGER_COLUMN(int16, int16_t)
INTEGER_COLUMN(int32, int32_t)
INTEGER_COLUMN(long, int64_t)
INTEGER_COLUMN(uint8, uint8_t)
INTEGER_COLUMN(uint16, uint16_t)
INTEGER_COLUMN(uint32, uint32_t)
#undef INTEGER_COLUMN

static inline size_t double_put(uint8_t *to, const struct hw_column *column, size_t row, const struct hw_type *type) {
    (void)type;
    memcpy(to, (const double *)column->values + row, sizeof(double));
    return sizeof(double);
}

static void double_column(const struct put *put, uint8_t **ends) {
    column_append(put, ends, double_put);
}

/* Returns the number of bytes that the value has in two's complement with its sign. */
static inline size_t signed_bytes(int64_t value) {
    uint64_t magnitude = (uint64_t)(value ^ value >> 63);
    return magnitude == 0 ? 1 : (size_t)(64 - __builtin_clzll(magnitude)) / 8 + 1;
}

/*
 * Writes the low `bytes` (1 to 8) of `value`, the highest byte first. 8 bytes at `to` may be
 * overwritten.
 */
static inline void big_endian_put(uint8_t *to, uint64_t value, size_t bytes) {
    hw_store_le64(to, __builtin_bswap64(value << 8 * (8 - bytes)));
}

static inline size_t decimal_put(uint8_t *to, const struct hw_column *column, size_t row, const struct hw_type *type) {
    (void)type;
    const uint8_t *value = (const uint8_t *)column->values + 16 * row;
    uint64_t low = hw_load_le64(value);
    int64_t high = (int64_t)hw_load_le64(value + 8);
    size_t bytes;

    if (HW_LIKELY(high == (int64_t)low >> 63)) {
        bytes = signed_bytes((int64_t)low);
        big_endian_put(to + 1, low, bytes);
    } else if (high == 0 || high == -1) {
        /* The ninth byte holds nothing but the sign. */
        bytes = 9;
        to[1] = (uint8_t)high;
        big_endian_put(to + 2, low, 8);
    } else {
        size_t high_bytes = signed_bytes(high);
        bytes = high_bytes + 8;
        big_endian_put(to + 1, (uint64_t)high, high_bytes);
        big_endian_put(to + 1 + high_bytes, low, 8);
    }
    to[0] = (uint8_t)(bytes << 1);
    return 1 + bytes;
}

static void decimal_column(const struct put *put, uint8_t **ends) {
    column_append(put, ends, decimal_put);
}

static inline size_t text_put(uint8_t *to, const struct hw_column *column, size_t row, const struct hw_type *type) {
    (void)type;
    const char *text = column->data + column->offsets[row];
    size_t bytes = (size_t)(column->offsets[row + 1] - column->offsets[row]);

    if (HW_LIKELY(bytes <= TEXT_COPY_BYTES)) {
        to[0] = (uint8_t)(bytes << 1);
        memcpy(to + 1, text, TEXT_COPY_BYTES);
        return 1 + bytes;
    }
    size_t size_bytes = hw_avro_long_put(to, (int64_t)bytes);
    memcpy(to + size_bytes, text, bytes);
    return size_bytes + bytes;
}

/* Does what text_put does, with large offsets too, and reads nothing behind the text. */
static inline size_t bytes_put(uint8_t *to, const struct hw_column *column, size_t row, const struct hw_type *type) {
    size_t begin = hw_column_begin(column, row);
    size_t bytes = hw_column_begin(column, row + 1) - begin;
    size_t size_bytes = hw_avro_long_put(to, (int64_t)bytes);
    (void)type;
    if (bytes > 0) {
        memcpy(to + size_bytes, column->data + begin, bytes);
    }
    return size_bytes + bytes;
}

static void text_column(const struct put *put, uint8_t **ends) {
    if (HW_UNLIKELY(put->column->exact || put->column->large_offsets)) {
        column_append(put, ends, bytes_put);
    } else {
        column_append(put, ends, text_put);
    }
}

static inline size_t uuid_put(uint8_t *to, const struct hw_column *column, size_t row, const struct hw_type *type) {
    (void)type;
    *to = HW_UUID_TEXT_BYTES << 1;
    hw_uuid_put((char *)to + 1, (const uint8_t *)column->values + HW_UUID_BYTES * row);
    return 1 + HW_UUID_TEXT_BYTES;
}

static void uuid_column(const struct put *put, uint8_t **ends) {
    column_append(put, ends, uuid_put);
}

/* Writes a decimal of 20 digits, because Avro has no long without sign. */
static inline size_t uint64_put(uint8_t *to, const struct hw_column *column, size_t row, const struct hw_type *type) {
    uint64_t value = ((const uint64_t *)column->values)[row];
    size_t bytes = value == 0 ? 1 : (size_t)(64 - __builtin_clzll(value)) / 8 + 1;
    (void)type;
    to[0] = (uint8_t)(bytes << 1);
    if (bytes == 9) {
        to[1] = 0;
        big_endian_put(to + 2, value, 8);
    } else {
        big_endian_put(to + 1, value, bytes);
    }
    return 1 + bytes;
}

static void uint64_column(const struct put *put, uint8_t **ends) {
    column_append(put, ends, uint64_put);
}

static inline size_t float_put(uint8_t *to, const struct hw_column *column, size_t row, const struct hw_type *type) {
    (void)type;
    memcpy(to, (const float *)column->values + row, sizeof(float));
    return sizeof(float);
}

static void float_column(const struct put *put, uint8_t **ends) {
    column_append(put, ends, float_put);
}

static inline size_t half_put(uint8_t *to, const struct hw_column *column, size_t row, const struct hw_type *type) {
    float value = hw_half_to_float(((const uint16_t *)column->values)[row]);
    (void)type;
    memcpy(to, &value, sizeof(value));
    return sizeof(value);
}

static void half_column(const struct put *put, uint8_t **ends) {
    column_append(put, ends, half_put);
}

static inline size_t other_decimal_put(uint8_t *to, const struct hw_column *column, size_t row,
                                       const struct hw_type *type) {
    const uint8_t *value = (const uint8_t *)column->values + row * hw_kind_bytes(type->kind);
    size_t bytes = hw_decimal_bytes_of(type->kind, value);
    to[0] = (uint8_t)(bytes << 1);
    (void)hw_decimal_put(type->kind, value, bytes, to + 1);
    return 1 + bytes;
}

static void other_decimal_column(const struct put *put, uint8_t **ends) {
    column_append(put, ends, other_decimal_put);
}

static inline size_t days_put(uint8_t *to, const struct hw_column *column, size_t row, const struct hw_type *type) {
    int32_t days;
    (void)type;
    /* The value was checked before. */
    (void)hw_days_of_millis(((const int64_t *)column->values)[row], &days);
    return hw_avro_long_put(to, days);
}

static void days_column(const struct put *put, uint8_t **ends) {
    column_append(put, ends, days_put);
}

/* Seconds become milliseconds, the coarsest unit that Avro has. */
static inline size_t time32_put(uint8_t *to, const struct hw_column *column, size_t row, const struct hw_type *type) {
    int64_t value = ((const int32_t *)column->values)[row];
    return hw_avro_long_put(to, type->unit == HW_UNIT_SECONDS ? value * 1000 : value);
}

static void time32_column(const struct put *put, uint8_t **ends) {
    column_append(put, ends, time32_put);
}

static inline size_t seconds_put(uint8_t *to, const struct hw_column *column, size_t row, const struct hw_type *type) {
    int64_t millis;
    (void)type;
    /* The value was checked before. */
    (void)hw_millis_of_seconds(((const int64_t *)column->values)[row], &millis);
    return hw_avro_long_put(to, millis);
}

static void timestamp_column(const struct put *put, uint8_t **ends) {
    if (HW_UNLIKELY(put->type->unit == HW_UNIT_SECONDS)) {
        column_append(put, ends, seconds_put);
    } else {
        column_append(put, ends, long_put);
    }
}

static inline size_t interval_put(uint8_t *to, const struct hw_column *column, size_t row, const struct hw_type *type) {
    (void)hw_interval_put(type->kind, (const uint8_t *)column->values + row * hw_kind_bytes(type->kind), to);
    return HW_INTERVAL_BYTES;
}

static void interval_column(const struct put *put, uint8_t **ends) {
    column_append(put, ends, interval_put);
}

static inline size_t fixed_put(uint8_t *to, const struct hw_column *column, size_t row, const struct hw_type *type) {
    memcpy(to, (const uint8_t *)column->values + row * type->width, type->width);
    return type->width;
}

static void fixed_column(const struct put *put, uint8_t **ends) {
    column_append(put, ends, fixed_put);
}

bool hw_avro_type_is_checked(struct hw_type type) {
    switch (type.kind) {
    case HW_KIND_DATE_MILLIS:
    case HW_KIND_INTERVAL:
    case HW_KIND_INTERVAL_MONTHS:
    case HW_KIND_INTERVAL_DAYS:
        return true;
    case HW_KIND_TIME32:
    case HW_KIND_TIMESTAMP:
        return type.unit == HW_UNIT_SECONDS;
    default:
        return false;
    }
}

enum hw_status hw_avro_value_check(const struct hw_type *type, const struct hw_column *column, size_t slot,
                                   struct hw_error *err) {
    const uint8_t *value = (const uint8_t *)column->values + slot * hw_kind_bytes(type->kind);
    uint8_t interval[HW_INTERVAL_BYTES];
    int64_t number = 0;
    int64_t millis;
    int32_t days;
    if (type->kind == HW_KIND_TIME32) {
        number = (int32_t)hw_load_le32(value);
        return number <= INT32_MAX / 1000 && number >= INT32_MIN / 1000
                   ? HW_OK
                   : hw_fail(err, HW_EDATA, "a time of %" PRId64 " s has no place in milliseconds", number);
    }
    if (type->kind == HW_KIND_DATE_MILLIS || type->kind == HW_KIND_TIMESTAMP) {
        number = (int64_t)hw_load_le64(value);
    }
    if (type->kind == HW_KIND_DATE_MILLIS) {
        return hw_days_of_millis(number, &days)
                   ? HW_OK
                   : hw_fail(err, HW_EDATA, "a date of %" PRId64 " ms is no whole day, or too far", number);
    }
    if (type->kind == HW_KIND_TIMESTAMP) {
        return hw_millis_of_seconds(number, &millis)
                   ? HW_OK
                   : hw_fail(err, HW_EDATA, "a timestamp of %" PRId64 " s has no place in milliseconds", number);
    }
    return hw_interval_put(type->kind, value, interval)
               ? HW_OK
               : hw_fail(err, HW_EDATA, "an interval is negative, or finer than milliseconds");
}
