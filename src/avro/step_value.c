/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/step_value.h"

#include "avro/block_read.h"
#include "avro/varint_read.h"
#include "core/utf8.h"
#include "table/convert.h"
#include "table/uuid.h"

/* A short text is copied as so many bytes, whatever its size. */
enum { TEXT_COPY_BYTES = 32 };
static_assert((int)TEXT_COPY_BYTES <= (int)HW_AVRO_BLOCK_ROOM, "room for the copy");

#define INLINE __attribute__((always_inline)) static inline

/*
 * Reads one value to the column's next slot, for which there is room, and returns what follows,
 * which may lie behind the end by HW_AVRO_VARINT_ROOM; NULL after a fault.
 */
typedef const uint8_t *value_fn(struct hw_avro_run *run, const struct hw_avro_step *step, struct hw_avro_column *column,
                                const uint8_t *at);
/* Fills the column's next slot where it is null. */
typedef void null_fn(struct hw_avro_column *column);

INLINE const uint8_t *required_run(struct hw_avro_run *run, const struct hw_avro_step *step, const uint8_t *at,
                                   value_fn *value) {
    struct hw_avro_column *column = &run->columns.items[step->column];
    if (HW_UNLIKELY(!hw_avro_column_room(&run->columns, column))) {
        return hw_avro_fault(run, step, at, "no room");
    }
    const uint8_t *end = value(run, step, column, at);
    if (HW_UNLIKELY(!end || end > run->end)) {
        return hw_avro_fault_cut(run, step, at);
    }
    column->slots++;
    return end;
}

/* Reads the branch where it is not written in the one byte that it fits in. */
static const uint8_t *branch_read(struct hw_avro_run *run, const struct hw_avro_step *step, const uint8_t *at,
                                  bool *out_null) {
    int64_t branch = 0;
    const uint8_t *end = hw_avro_long_read(at, &branch);
    if (!end || end > run->end) {
        return hw_avro_fault_cut(run, step, at);
    }
    *out_null = branch == step->null_byte >> 1;
    return branch == 0 || branch == 1 ? end
                                      : hw_avro_fault(run, step, at, "branch %" PRId64 " of a union of 2", branch);
}

INLINE const uint8_t *optional_run(struct hw_avro_run *run, const struct hw_avro_step *step, const uint8_t *at,
                                   value_fn *value, null_fn *null) {
    struct hw_avro_column *column = &run->columns.items[step->column];
    if (HW_UNLIKELY(!hw_avro_column_room(&run->columns, column))) {
        return hw_avro_fault(run, step, at, "no room");
    }
    bool is_null = at[0] == step->null_byte;
    const uint8_t *end = at + 1;
    if (HW_UNLIKELY(!is_null && at[0] != step->value_byte)) {
        end = branch_read(run, step, at, &is_null);
    }
    if (end && is_null) {
        null(column);
    } else if (end) {
        end = end <= run->end ? value(run, step, column, end) : NULL;
    }
    if (HW_UNLIKELY(!end || end > run->end)) {
        return hw_avro_fault_cut(run, step, at);
    }
    column->valid[column->slots++] = !is_null;
    return end;
}

/* Defines the two steps of a value. */
#define STEPS(name, null)                                                                           \
    static const uint8_t *name##_required(struct hw_avro_run *run, const struct hw_avro_step *step, \
                                          const uint8_t *at) {                                      \
        return required_run(run, step, at, name##_value);                                           \
    }                                                                                               \
    static const uint8_t *name##_optional(struct hw_avro_run *run, const struct hw_avro_step *step, \
                                          const uint8_t *at) {                                      \
        return optional_run(run, step, at, name##_value, null);                                     \
    }

INLINE void null_1(struct hw_avro_column *column) {
    column->values[column->slots] = 0;
}

INLINE void null_4(struct hw_avro_column *column) {
    memset(column->values + 4 * column->slots, 0, 4);
}

INLINE void null_8(struct hw_avro_column *column) {
    memset(column->values + 8 * column->slots, 0, 8);
}

INLINE void null_any(struct hw_avro_column *column) {
    memset(column->values + column->width * column->slots, 0, column->width);
}

INLINE void null_text(struct hw_avro_column *column) {
    column->offsets[column->slots + 1] = (int32_t)column->data_bytes;
}

INLINE void put_32(struct hw_avro_column *column, const void *value) {
    memcpy(column->values + 4 * column->slots, value, 4);
}

INLINE void put_64(struct hw_avro_column *column, const void *value) {
    memcpy(column->values + 8 * column->slots, value, 8);
}

/* ------ numbers */

INLINE const uint8_t *boolean_value(struct hw_avro_run *run, const struct hw_avro_step *step,
                                    struct hw_avro_column *column, const uint8_t *at) {
    column->values[column->slots] = at[0];
    if (HW_UNLIKELY(at[0] > 1 && at < run->end)) {
        return hw_avro_fault(run, step, at, "a boolean of %u", (unsigned)at[0]);
    }
    return at + 1;
}
STEPS(boolean, null_1)

INLINE const uint8_t *int_read(struct hw_avro_run *run, const struct hw_avro_step *step, const uint8_t *at,
                               int32_t *out_value) {
    uint64_t zigzag = 0;
    const uint8_t *end = hw_avro_zigzag_read(at, &zigzag);
    if (HW_UNLIKELY(!end || (zigzag > UINT32_MAX && end <= run->end))) {
        return hw_avro_fault(run, step, at, "an int of more than 32 bits");
    }
    *out_value = (int32_t)hw_avro_unzigzag(zigzag);
    return end;
}

INLINE const uint8_t *long_read(struct hw_avro_run *run, const struct hw_avro_step *step, const uint8_t *at,
                                int64_t *out_value) {
    const uint8_t *end = hw_avro_long_read(at, out_value);
    return HW_LIKELY(end != NULL) ? end : hw_avro_fault(run, step, at, "a long of more than 64 bits");
}

INLINE const uint8_t *float_read(struct hw_avro_run *run, const struct hw_avro_step *step, const uint8_t *at,
                                 float *out_value) {
    (void)run;
    (void)step;
    memcpy(out_value, at, sizeof(*out_value));
    return at + sizeof(*out_value);
}

INLINE const uint8_t *double_read(struct hw_avro_run *run, const struct hw_avro_step *step, const uint8_t *at,
                                  double *out_value) {
    (void)run;
    (void)step;
    memcpy(out_value, at, sizeof(*out_value));
    return at + sizeof(*out_value);
}

/* Defines the steps that read a number of one type and put it as another ("Schema Resolution"). */
#define NUMBER(name, read, from_type, to_type, put, null)                                        \
    INLINE const uint8_t *name##_value(struct hw_avro_run *run, const struct hw_avro_step *step, \
                                       struct hw_avro_column *column, const uint8_t *at) {       \
        from_type value = 0;                                                                     \
        const uint8_t *end = read(run, step, at, &value);                                        \
        const to_type promoted = (to_type)value;                                                 \
        put(column, &promoted);                                                                  \
        return end;                                                                              \
    }                                                                                            \
    STEPS(name, null)

NUMBER(int, int_read, int32_t, int32_t, put_32, null_4)
NUMBER(int_long, int_read, int32_t, int64_t, put_64, null_8)
NUMBER(int_float, int_read, int32_t, float, put_32, null_4)
NUMBER(int_double, int_read, int32_t, double, put_64, null_8)
NUMBER(long, long_read, int64_t, int64_t, put_64, null_8)
NUMBER(long_float, long_read, int64_t, float, put_32, null_4)
NUMBER(long_double, long_read, int64_t, double, put_64, null_8)
NUMBER(float, float_read, float, float, put_32, null_4)
NUMBER(float_double, float_read, float, double, put_64, null_8)
NUMBER(double, double_read, double, double, put_64, null_8)

/* Times lie within a day, whose length `step->size` has. */
INLINE const uint8_t *time_read(struct hw_avro_run *run, const struct hw_avro_step *step, const uint8_t *at,
                                int64_t *out_value) {
    const uint8_t *end = long_read(run, step, at, out_value);
    if (HW_UNLIKELY(end && (uint64_t)*out_value >= step->size && end <= run->end)) {
        return hw_avro_fault(run, step, at, "a time of day of %" PRId64 ", which is not from 0 to %" PRIu64, *out_value,
                             step->size - 1);
    }
    return end;
}

NUMBER(time_32, time_read, int64_t, int32_t, put_32, null_4)
NUMBER(time_64, time_read, int64_t, int64_t, put_64, null_8)

/* ------ texts and bytes */

/* Reads the bytes in front of which their number stands. */
INLINE const uint8_t *bytes_read(struct hw_avro_run *run, const struct hw_avro_step *step, const uint8_t *at,
                                 const uint8_t **out_bytes, size_t *out_size) {
    int64_t size = 0;
    const uint8_t *bytes = hw_avro_short_read(at, &size);
    if (HW_UNLIKELY(!bytes || size < 0 || size > run->end - bytes)) {
        return bytes && bytes <= run->end
                   ? hw_avro_fault(run, step, at, "a text or bytes of %" PRId64 " bytes, where %td are left", size,
                                   run->end - bytes)
                   : hw_avro_fault_cut(run, step, at);
    }
    *out_bytes = bytes;
    *out_size = (size_t)size;
    return bytes + size;
}

/* Puts a text, behind which HW_AVRO_BLOCK_ROOM bytes are readable. */
INLINE bool text_put(struct hw_avro_run *run, struct hw_avro_column *column, const void *text, size_t size) {
    if (HW_UNLIKELY(!hw_avro_column_data_room(&run->columns, column, size + TEXT_COPY_BYTES))) {
        return false;
    }
    char *to = column->data + column->data_bytes;
    if (HW_LIKELY(size <= TEXT_COPY_BYTES)) {
        memcpy(to, text, TEXT_COPY_BYTES);
    } else {
        memcpy(to, text, size);
    }
    column->data_bytes += size;
    run->columns.more_bytes += size;
    column->offsets[column->slots + 1] = (int32_t)column->data_bytes;
    return true;
}

/* Looks at whole words of a text; those behind its end are readable. */
INLINE bool text_valid(const uint8_t *text, size_t size) {
    uint64_t bits = 0;
    size_t at = 0;
    for (; at + 8 <= size; at += 8) {
        bits |= hw_load_le64(text + at);
    }
    bits |= hw_load_le64(text + at) & ~(UINT64_MAX << 8 * (size - at));
    return HW_LIKELY((bits & 0x8080808080808080) == 0) || hw_utf8_all((const char *)text, size);
}

INLINE const uint8_t *bytes_value(struct hw_avro_run *run, const struct hw_avro_step *step,
                                  struct hw_avro_column *column, const uint8_t *at) {
    const uint8_t *bytes = at;
    size_t size = 0;
    const uint8_t *end = bytes_read(run, step, at, &bytes, &size);
    return end && text_put(run, column, bytes, size) ? end : NULL;
}
STEPS(bytes, null_text)

INLINE const uint8_t *string_value(struct hw_avro_run *run, const struct hw_avro_step *step,
                                   struct hw_avro_column *column, const uint8_t *at) {
    const uint8_t *bytes = at;
    size_t size = 0;
    const uint8_t *end = bytes_read(run, step, at, &bytes, &size);
    if (HW_UNLIKELY(end && !text_valid(bytes, size))) {
        char quoted[HW_QUOTE_BYTES];
        return hw_avro_fault(run, step, at, "a text is not UTF-8: %s", hw_quote(bytes, size, quoted, sizeof(quoted)));
    }
    return end && text_put(run, column, bytes, size) ? end : NULL;
}
STEPS(string, null_text)

INLINE const uint8_t *enum_value(struct hw_avro_run *run, const struct hw_avro_step *step,
                                 struct hw_avro_column *column, const uint8_t *at) {
    int64_t index = 0;
    const uint8_t *end = hw_avro_short_read(at, &index);
    if (HW_UNLIKELY(!end || end > run->end)) {
        return hw_avro_fault_cut(run, step, at);
    }
    if (HW_UNLIKELY((uint64_t)index >= step->count)) {
        return hw_avro_fault(run, step, at, "symbol %" PRId64 " of an enum of %zu", index, step->count);
    }
    const hw_view symbol = step->symbols[index];
    if (HW_UNLIKELY(!symbol.data)) {
        return hw_avro_fault(run, step, at, "symbol %" PRId64 " of an enum is not in the schema asked for", index);
    }
    return text_put(run, column, symbol.data, symbol.size) ? end : NULL;
}
STEPS(enum, null_text)

INLINE const uint8_t *fixed_value(struct hw_avro_run *run, const struct hw_avro_step *step,
                                  struct hw_avro_column *column, const uint8_t *at) {
    if (HW_UNLIKELY((size_t)(run->end - at) < column->width)) {
        return hw_avro_fault_cut(run, step, at);
    }
    memcpy(column->values + column->width * column->slots, at, column->width);
    return at + column->width;
}
STEPS(fixed, null_any)

/* Returns the value of a hexadecimal digit, or 255. */
static uint8_t digit_of(uint8_t byte) {
    const uint8_t letter = byte | 0x20;
    return (uint8_t)(byte >= '0' && byte <= '9'       ? byte - '0'
                     : letter >= 'a' && letter <= 'f' ? letter - 'a' + 10
                                                      : UINT8_MAX);
}

/* Reads 8-4-4-4-12 digits (RFC 9562). */
static bool uuid_parse(const uint8_t *text, uint8_t *out) {
    bool valid = true;
    for (size_t i = 0, at = 0; i < HW_UUID_BYTES; i++, at += 2) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            valid &= text[at++] == '-';
        }
        const uint8_t high = digit_of(text[at]);
        const uint8_t low = digit_of(text[at + 1]);
        valid &= high <= 15 && low <= 15;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return valid;
}

INLINE const uint8_t *uuid_value(struct hw_avro_run *run, const struct hw_avro_step *step,
                                 struct hw_avro_column *column, const uint8_t *at) {
    const uint8_t *bytes = at;
    size_t size = 0;
    const uint8_t *end = bytes_read(run, step, at, &bytes, &size);
    if (!end) {
        return NULL;
    }
    if (size != HW_UUID_TEXT_BYTES || !uuid_parse(bytes, column->values + HW_UUID_BYTES * column->slots)) {
        char quoted[HW_QUOTE_BYTES];
        return hw_avro_fault(run, step, at, "%s is no UUID", hw_quote(bytes, size, quoted, sizeof(quoted)));
    }
    return end;
}
STEPS(uuid, null_any)

/* Months, days and milliseconds, three unsigned numbers ("Duration"). */
INLINE const uint8_t *duration_value(struct hw_avro_run *run, const struct hw_avro_step *step,
                                     struct hw_avro_column *column, const uint8_t *at) {
    if (HW_UNLIKELY(run->end - at < HW_INTERVAL_BYTES)) {
        return hw_avro_fault_cut(run, step, at);
    }
    uint8_t *to = column->values + 16 * column->slots;
    const uint32_t months = hw_load_le32(at);
    const uint32_t days = hw_load_le32(at + 4);
    if (months > INT32_MAX || days > INT32_MAX) {
        return hw_avro_fault(run, step, at, "a duration of more than %" PRId32 " months or days", INT32_MAX);
    }
    hw_store_le32(to, months);
    hw_store_le32(to + 4, days);
    hw_store_le64(to + 8, hw_load_le32(at + 8) * UINT64_C(1000000));
    return at + HW_INTERVAL_BYTES;
}
STEPS(duration, null_any)

/* ------ decimals */

/* Puts big-endian two's complement of any length. False where it does not fit the column. */
static bool decimal_put(struct hw_avro_column *column, const uint8_t *bytes, size_t size) {
    uint8_t *to = column->values + column->width * column->slots;
    const uint8_t sign = size > 0 && bytes[0] >> 7 ? 0xff : 0;
    for (; size > column->width; size--) {
        if (*bytes++ != sign) {
            return false;
        }
    }
    if (size > 0 && (bytes[0] >> 7 ? 0xff : 0) != sign) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        to[i] = bytes[size - 1 - i];
    }
    memset(to + size, sign, column->width - size);
    return true;
}

/* A value of fewer bytes than the largest of the precision has (`step->size`) is within it. */
INLINE const uint8_t *decimal_check(struct hw_avro_run *run, const struct hw_avro_step *step,
                                    struct hw_avro_column *column, const uint8_t *at, const uint8_t *bytes,
                                    size_t size) {
    const struct hw_type type = column->field->type;
    const uint8_t *value = column->values + column->width * column->slots;
    if (HW_UNLIKELY(size == 0)) {
        return hw_avro_fault(run, step, at, "a decimal without bytes");
    }
    if (HW_UNLIKELY(!decimal_put(column, bytes, size) ||
                    (size >= step->size && !hw_decimal_within(type.kind, value, type.precision)))) {
        return hw_avro_fault(run, step, at, "a decimal has more than its %u digits", (unsigned)type.precision);
    }
    return bytes + size;
}

INLINE const uint8_t *decimal_value(struct hw_avro_run *run, const struct hw_avro_step *step,
                                    struct hw_avro_column *column, const uint8_t *at) {
    const uint8_t *bytes = at;
    size_t size = 0;
    return bytes_read(run, step, at, &bytes, &size) ? decimal_check(run, step, column, at, bytes, size) : NULL;
}
STEPS(decimal, null_any)

/* `step->count` has the size of the fixed values. */
INLINE const uint8_t *decimal_fixed_value(struct hw_avro_run *run, const struct hw_avro_step *step,
                                          struct hw_avro_column *column, const uint8_t *at) {
    if (HW_UNLIKELY((size_t)(run->end - at) < step->count)) {
        return hw_avro_fault_cut(run, step, at);
    }
    return decimal_check(run, step, column, at, at, step->count);
}
STEPS(decimal_fixed, null_any)

/* ------ choice */

struct value_row {
    hw_avro_step_fn *required;
    hw_avro_step_fn *optional;
};

#define ROW(name) \
    { name##_required, name##_optional }

/* By the type that is read, then by the type of the column. */
static const struct value_row value_rows[HW_AVRO_KINDS][HW_AVRO_KINDS] = {
    [HW_AVRO_BOOLEAN] = {[HW_AVRO_BOOLEAN] = ROW(boolean)},
    [HW_AVRO_INT] = {[HW_AVRO_INT] = ROW(int),
                     [HW_AVRO_LONG] = ROW(int_long),
                     [HW_AVRO_FLOAT] = ROW(int_float),
                     [HW_AVRO_DOUBLE] = ROW(int_double)},
    [HW_AVRO_LONG] =
        {[HW_AVRO_LONG] = ROW(long), [HW_AVRO_FLOAT] = ROW(long_float), [HW_AVRO_DOUBLE] = ROW(long_double)},
    [HW_AVRO_FLOAT] = {[HW_AVRO_FLOAT] = ROW(float), [HW_AVRO_DOUBLE] = ROW(float_double)},
    [HW_AVRO_DOUBLE] = {[HW_AVRO_DOUBLE] = ROW(double)},
    [HW_AVRO_BYTES] = {[HW_AVRO_BYTES] = ROW(bytes), [HW_AVRO_STRING] = ROW(string)},
    [HW_AVRO_STRING] = {[HW_AVRO_STRING] = ROW(string), [HW_AVRO_BYTES] = ROW(bytes)},
    [HW_AVRO_FIXED] = {[HW_AVRO_FIXED] = ROW(fixed)},
    [HW_AVRO_ENUM] = {[HW_AVRO_ENUM] = ROW(enum)},
};

/* A logical type of the column counts more. */
static const struct {
    enum hw_avro_logical logical;
    enum hw_avro_kind kind;
    struct value_row row;
    uint64_t size;
} logical_rows[] = {
    {HW_AVRO_LOGICAL_TIME_MILLIS, HW_AVRO_INT, ROW(time_32), UINT64_C(86400000)},
    {HW_AVRO_LOGICAL_TIME_MICROS, HW_AVRO_LONG, ROW(time_64), UINT64_C(86400000000)},
    {HW_AVRO_LOGICAL_TIME_NANOS, HW_AVRO_LONG, ROW(time_64), UINT64_C(86400000000000)},
    {HW_AVRO_LOGICAL_UUID, HW_AVRO_STRING, ROW(uuid), 0},
    {HW_AVRO_LOGICAL_DURATION, HW_AVRO_FIXED, ROW(duration), 0},
    {HW_AVRO_LOGICAL_DECIMAL, HW_AVRO_BYTES, ROW(decimal), 0},
    {HW_AVRO_LOGICAL_DECIMAL, HW_AVRO_FIXED, ROW(decimal_fixed), 0},
};

struct hw_avro_step hw_avro_step_value(const struct hw_avro_type *from, const struct hw_avro_type *to, bool optional) {
    struct value_row row = value_rows[from->kind][to->kind];
    struct hw_avro_step step = {.span = 1};
    for (size_t i = 0; i < COUNT_OF(logical_rows); i++) {
        if (logical_rows[i].logical == to->logical && logical_rows[i].kind == to->kind) {
            row = logical_rows[i].row;
            step.size = logical_rows[i].size;
        }
    }
    if (to->logical == HW_AVRO_LOGICAL_DECIMAL) {
        step.size = hw_decimal_bytes(to->precision);
        step.count = from->size;
    }
    step.run = optional ? row.optional : row.required;
    return step;
}
