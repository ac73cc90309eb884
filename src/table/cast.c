/* SPDX-License-Identifier: Apache-2.0 */
#include "table/cast.h"

#include "core/double.h"
#include "table/bits.h"
#include "table/convert.h"
#include "table/filter_value.h"
#include "table/value_text.h"

enum { LIMBS = 4, TYPE_TEXT_BYTES = 64 };

/* A cast of some rows. */
struct cast {
    const struct hw_column *column;
    size_t rows;
    struct hw_type from;
    struct hw_type to;
    void *out;
};

/* Writes the values to `out`. Returns the first row whose value does not fit; `rows`: all do. */
typedef size_t cast_fn(const struct cast *cast);

static cast_fn integers_to_integers;
static cast_fn integers_to_floats;
static cast_fn integers_to_decimals;
static cast_fn decimals_to_decimals;
static cast_fn floats_to_floats;
static cast_fn times_to_times;
static cast_fn fixed_to_binary;

#define KIND(kind) (UINT64_C(1) << HW_KIND_##kind)
#define INTEGERS \
    (KIND(INT8) | KIND(INT16) | KIND(INT32) | KIND(INT64) | KIND(UINT8) | KIND(UINT16) | KIND(UINT32) | KIND(UINT64))
#define DECIMALS (KIND(DECIMAL32) | KIND(DECIMAL64) | KIND(DECIMAL) | KIND(DECIMAL256))
#define TIMES (KIND(DATE) | KIND(TIMESTAMP) | KIND(TIME32) | KIND(TIME64))
static_assert(HW_KIND_COUNT <= 64, "a bit for each kind");

static const struct {
    uint64_t from;
    uint64_t to;
    cast_fn *cast;
} casts[] = {
    {INTEGERS, INTEGERS, integers_to_integers},
    {INTEGERS, KIND(FLOAT) | KIND(DOUBLE), integers_to_floats},
    {INTEGERS, DECIMALS, integers_to_decimals},
    {DECIMALS, DECIMALS, decimals_to_decimals},
    {KIND(HALF) | KIND(FLOAT), KIND(FLOAT) | KIND(DOUBLE), floats_to_floats},
    {TIMES, TIMES, times_to_times},
    {KIND(FIXED), KIND(BINARY), fixed_to_binary},
};

static cast_fn *cast_find(struct hw_type from, struct hw_type to) {
    for (size_t i = 0; i < COUNT_OF(casts); i++) {
        if ((casts[i].from >> from.kind & 1) != 0 && (casts[i].to >> to.kind & 1) != 0) {
            return casts[i].cast;
        }
    }
    return NULL;
}

void hw_cast_room_release(struct hw_cast_room *room) {
    hw_buf_release(&room->values);
    hw_buf_release(&room->validity);
}

bool hw_cast_needed(struct hw_type from, struct hw_type to) {
    const bool differ = from.kind != to.kind || from.scale != to.scale || from.unit != to.unit;
    return differ && cast_find(from, to) != NULL;
}

size_t hw_cast_row_bytes(struct hw_type to) {
    return to.kind == HW_KIND_BINARY ? sizeof(int32_t) : hw_type_bytes(to);
}

/* ------ columns */

static enum hw_status room_reserve(struct hw_cast_room *room, size_t rows, struct hw_type to, struct hw_error *err);
static enum hw_status validity_copy(const struct hw_column *column, size_t rows, struct hw_cast_room *room,
                                    struct hw_error *err);
static enum hw_status value_fails(const struct cast *cast, size_t row, struct hw_error *err);

enum hw_status hw_cast_column(const struct hw_column *column, size_t rows, struct hw_type from, struct hw_type to,
                              struct hw_cast_room *room, struct hw_column *out_column, struct hw_error *err) {
    size_t bytes;
    if (from.kind == HW_KIND_FIXED && (!hw_mul(rows, (size_t)from.width, &bytes) || bytes > INT32_MAX)) {
        return hw_fail(err, HW_ELIMIT, "%zu rows of %" PRIu32 " bytes are too many for one column", rows, from.width);
    }
    HW_TRY(room_reserve(room, rows, to, err));
    HW_TRY(validity_copy(column, rows, room, err));
    const struct cast cast = {column, rows, from, to, room->values.data};
    const size_t done = cast_find(from, to)(&cast);
    if (done < rows) {
        room->row = done;
        return value_fails(&cast, done, err);
    }
    const bool offsets = to.kind == HW_KIND_BINARY;
    *out_column = (struct hw_column){
        .null_count = column->null_count,
        .validity = column->null_count > 0 ? room->validity.data : NULL,
        .values = offsets ? NULL : room->values.data,
        .offsets = offsets ? (const int32_t *)(const void *)room->values.data : NULL,
        .data = offsets ? (const char *)column->values + column->offset * from.width : NULL,
        .length = rows,
        .exact = offsets && column->exact,
    };
    return HW_OK;
}

/* Offsets have one more than there are rows, which the padding has room for. */
static enum hw_status room_reserve(struct hw_cast_room *room, size_t rows, struct hw_type to, struct hw_error *err) {
    size_t bytes;
    if (!hw_mul(rows, hw_cast_row_bytes(to), &bytes) || !hw_add(bytes, (size_t)2 * HW_BATCH_PADDING, &bytes)) {
        return hw_fail(err, HW_ELIMIT, "%zu rows are too many for one column", rows);
    }
    return hw_buf_resize(&room->values, bytes, err);
}

static enum hw_status validity_copy(const struct hw_column *column, size_t rows, struct hw_cast_room *room,
                                    struct hw_error *err) {
    if (column->null_count == 0) {
        return HW_OK;
    }
    HW_TRY(hw_buf_resize(&room->validity, (rows + 63) / 64 * 8 + HW_BATCH_PADDING, err));
    hw_bits_copy(room->validity.data, column->validity, column->offset, rows);
    return HW_OK;
}

static enum hw_status value_fails(const struct cast *cast, size_t row, struct hw_error *err) {
    const struct hw_field field = {.name = "", .type = cast->from};
    char type[TYPE_TEXT_BYTES];
    HW_AUTO(hw_buf) text = {0};
    hw_type_format(cast->to, type, sizeof(type));
    HW_TRY(hw_value_text_append(HW_BINARY_HEX, &field, cast->column, row, &text, err));
    return hw_fail(err, HW_EDATA,
                   "%.*s does not fit %s, the type that the sources have in common: leave the column out (--drop), "
                   "or convert the source by itself",
                   (int)text.size, (const char *)text.data, type);
}

/* ------ integers */

/* Reads values as integers of 64 bits; those of uint64 beyond them wrap. */
static size_t integers_load(const struct cast *cast, size_t first, union hw_values *values) {
    const size_t count = hw_min_size(cast->rows - first, HW_VALUES_MAX);
    hw_values_load(cast->from, cast->column, first, count, values);
    for (size_t i = 0; cast->from.kind == HW_KIND_UINT64 && i < count; i++) {
        values->keys[i] = (int64_t)((uint64_t)values->keys[i] ^ (UINT64_C(1) << 63));
    }
    return count;
}

#define NARROW(ctype)                                \
    for (size_t i = 0; i < count; i++) {             \
        ((ctype *)to)[first + i] = (ctype)values[i]; \
    }                                                \
    break

/* Keeps the lowest bytes of values that have no others. */
static void integers_store(size_t bytes, const int64_t *values, size_t first, size_t count, void *to) {
    switch (bytes) {
    case sizeof(uint8_t):
        NARROW(uint8_t);
    case sizeof(uint16_t):
        NARROW(uint16_t);
    case sizeof(uint32_t):
        NARROW(uint32_t);
    default:
        memcpy((int64_t *)to + first, values, count * sizeof(*values));
    }
}

static size_t integers_to_integers(const struct cast *cast) {
    union hw_values values;
    size_t count;
    for (size_t first = 0; first < cast->rows; first += count) {
        count = integers_load(cast, first, &values);
        integers_store(hw_type_bytes(cast->to), values.keys, first, count, cast->out);
    }
    return cast->rows;
}

/* Sets the double that equals the integer. Returns false where there is none. */
static bool double_of(int64_t value, bool is_unsigned, double *out) {
    if (!is_unsigned) {
        *out = (double)value;
        return hw_double_holds(value);
    }
    *out = (double)(uint64_t)value;
    return *out < 0x1p64 && (uint64_t)*out == (uint64_t)value;
}

static size_t integers_to_floats(const struct cast *cast) {
    const bool is_unsigned = cast->from.kind == HW_KIND_UINT64;
    union hw_values values;
    size_t count;
    for (size_t first = 0; first < cast->rows; first += count) {
        count = integers_load(cast, first, &values);
        for (size_t i = 0; i < count; i++) {
            double value;
            if (!double_of(values.keys[i], is_unsigned, &value) && hw_column_valid(cast->column, first + i)) {
                return first + i;
            }
            if (cast->to.kind == HW_KIND_FLOAT) {
                ((float *)cast->out)[first + i] = (float)value; /* exact: 16 bits at most */
            } else {
                ((double *)cast->out)[first + i] = value;
            }
        }
    }
    return cast->rows;
}

/* ------ decimals */

static void decimal_put(const struct cast *cast, size_t row, uint64_t limbs[LIMBS], unsigned digits) {
    const size_t bytes = hw_type_bytes(cast->to);
    hw_decimal_scale(limbs, digits);
    memcpy((uint8_t *)cast->out + row * bytes, limbs, bytes);
}

static size_t integers_to_decimals(const struct cast *cast) {
    const bool is_unsigned = cast->from.kind == HW_KIND_UINT64;
    union hw_values values;
    size_t count;
    for (size_t first = 0; first < cast->rows; first += count) {
        count = integers_load(cast, first, &values);
        for (size_t i = 0; i < count; i++) {
            const uint64_t low = (uint64_t)values.keys[i];
            const uint64_t sign = is_unsigned ? 0 : (uint64_t)(values.keys[i] >> 63);
            uint64_t limbs[LIMBS] = {low, sign, sign, sign};
            decimal_put(cast, first + i, limbs, cast->to.scale);
        }
    }
    return cast->rows;
}

/* A decimal that its type holds is one of the wider type. */
static size_t decimals_to_decimals(const struct cast *cast) {
    const size_t bytes = hw_type_bytes(cast->from);
    const uint8_t *from = (const uint8_t *)cast->column->values + cast->column->offset * bytes;
    for (size_t i = 0; i < cast->rows; i++) {
        uint64_t limbs[LIMBS];
        hw_decimal_load(cast->from.kind, from + i * bytes, limbs);
        decimal_put(cast, i, limbs, (unsigned)cast->to.scale - cast->from.scale);
    }
    return cast->rows;
}

/* ------ floats */

static size_t floats_to_floats(const struct cast *cast) {
    const size_t offset = cast->column->offset;
    for (size_t i = 0; i < cast->rows; i++) {
        const float value = cast->from.kind == HW_KIND_HALF
                                ? hw_half_to_float(((const uint16_t *)cast->column->values)[offset + i])
                                : ((const float *)cast->column->values)[offset + i];
        if (cast->to.kind == HW_KIND_FLOAT) {
            ((float *)cast->out)[i] = value;
        } else {
            ((double *)cast->out)[i] = (double)value;
        }
    }
    return cast->rows;
}

/* ------ times */

static const int64_t per_second[HW_UNIT_COUNT] = {
    [HW_UNIT_SECONDS] = 1,
    [HW_UNIT_MILLIS] = 1000,
    [HW_UNIT_MICROS] = 1000000,
    [HW_UNIT_NANOS] = 1000000000,
};

static size_t times_to_times(const struct cast *cast) {
    const int64_t seconds_per_day = 86400;
    const int64_t factor = cast->from.kind == HW_KIND_DATE ? per_second[cast->to.unit] * seconds_per_day
                                                           : per_second[cast->to.unit] / per_second[cast->from.unit];
    union hw_values values;
    size_t count;
    for (size_t first = 0; first < cast->rows; first += count) {
        count = integers_load(cast, first, &values);
        for (size_t i = 0; i < count; i++) {
            if (!hw_mul(values.keys[i], factor, &values.keys[i]) && hw_column_valid(cast->column, first + i)) {
                return first + i;
            }
        }
        integers_store(hw_type_bytes(cast->to), values.keys, first, count, cast->out);
    }
    return cast->rows;
}

/* ------ bytes */

/* The bytes stay where they are, and get offsets. */
static size_t fixed_to_binary(const struct cast *cast) {
    int32_t *offsets = cast->out;
    for (size_t i = 0; i <= cast->rows; i++) {
        offsets[i] = (int32_t)(i * cast->from.width);
    }
    return cast->rows;
}
