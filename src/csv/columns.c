/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why this is fast: there is a copy of the loop over a column's fields for each kind, with the
 * parser of its values inlined; the rare cases (nulls, quotes, misfits) are in functions of their
 * own; values, validity and text go to buffers that live from block to block.
 */
#include "csv/columns.h"

#include <math.h>

#include "csv/copy_find.h"
#include "csv/datetime.h"
#include "csv/lanes.h"
#include "csv/number.h"
#include "csv/spelling.h"

enum { ALIGNMENT = 64 };

static_assert((int)HW_COPY_FIND_MARGIN <= (int)HW_BATCH_PADDING && (int)HW_COPY_FIND_MARGIN <= (int)HW_CSV_BLOCK_MARGIN,
              "room for the copy of a quoted text");

/* The state of one column while its rows are parsed. */
struct column_run {
    struct hw_csv_block_columns *columns;
    struct hw_csv_column_state *state;
    size_t column;
    uint8_t *validity;
    size_t null_count;
    size_t seen; /* number of values that were not null */
};

/* Parses one value into `slot`. */
typedef bool value_fn(struct hw_csv_column_state *state, const char *text, size_t size, void *slot);

static size_t aligned(size_t bytes) {
    return (bytes + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

static size_t validity_bytes(size_t rows) {
    return aligned((rows + 7) / 8 + HW_BATCH_PADDING);
}

size_t hw_csv_column_bytes(struct hw_type type, size_t rows) {
    size_t width = type.kind == HW_KIND_TEXT ? sizeof(int32_t) : hw_kind_bytes(type.kind);
    size_t values = type.kind == HW_KIND_BOOL ? (rows + 7) / 8 : (rows + 1) * width;
    return aligned(values + HW_BATCH_PADDING) + validity_bytes(rows);
}

static void *values_take(struct hw_csv_block_columns *columns, size_t bytes) {
    void *at = columns->values->data + columns->values_used;
    columns->values_used += aligned(bytes + HW_BATCH_PADDING);
    assert(columns->values_used <= columns->values->size);
    return at;
}

static inline struct hw_csv_field field_at(const struct hw_csv_block_columns *columns, size_t column, size_t row) {
    return hw_csv_field_at(columns->rows, columns->data, column, row);
}

static bool trims(const struct column_run *run) {
    return run->columns->dialect->blanks || (run->state->spelling && run->state->spelling->trim);
}

/* Takes a field without the blanks around it, where these are no part of values. */
static struct hw_csv_field field_read(const struct column_run *run, size_t row) {
    const struct hw_csv_dialect *dialect = run->columns->dialect;
    struct hw_csv_field field = field_at(run->columns, run->column, row);
    if (trims(run)) {
        return hw_csv_field_trim(dialect, field);
    }
    return dialect->trim ? hw_csv_field_unpad(dialect, field) : field;
}

static void null_set(struct column_run *run, size_t row) {
    size_t rows = run->columns->rows->count;
    if (run->null_count == 0) {
        memset(run->validity, 0xff, (rows + 7) / 8);
    }
    run->validity[row >> 3] &= (uint8_t) ~(1u << (row & 7));
    run->null_count++;
}

/* Returns what a field without quotes that is not empty is, as the null values say. */
static inline enum hw_csv_null null_value(const struct hw_csv_column_state *state, struct hw_csv_field field) {
    return state->nulls ? hw_csv_nulls_find(state->nulls, (hw_view){field.text, (size_t)field.size}) : HW_CSV_NULL_NOT;
}

/* Writes the text of a field, and returns its bytes; SIZE_MAX where it is not clear. */
static size_t text_write(const struct hw_csv_dialect *dialect, struct hw_csv_field field, char *out) {
    const bool plain = hw_csv_field_is_plain(dialect);
    return plain && hw_csv_field_quoted(dialect, field) ? hw_csv_field_unquote(dialect, field, out)
                                                        : hw_csv_field_decode(dialect, field, out);
}

/*
 * Gives the field's value as text_write writes it, after which HW_BATCH_PADDING bytes are readable.
 * Its size is SIZE_MAX where it is not clear.
 */
static enum hw_status field_value(struct hw_csv_block_columns *columns, struct hw_csv_field field, hw_view *out_value,
                                  struct hw_error *err) {
    if (!columns->dialect->escape_everywhere && !hw_csv_field_quoted(columns->dialect, field)) {
        *out_value = (hw_view){field.text, (size_t)field.size};
        return HW_OK;
    }
    HW_TRY(hw_buf_resize(columns->scratch, (size_t)field.size + HW_BATCH_PADDING, err));
    char *text = (char *)columns->scratch->data;
    const size_t size = text_write(columns->dialect, field, text);
    if (size == SIZE_MAX) {
        *out_value = (hw_view){"", SIZE_MAX};
        return HW_OK;
    }
    memset(text + size, 0, HW_BATCH_PADDING);
    *out_value = (hw_view){text, size};
    return HW_OK;
}

static enum hw_status wrong_add(struct column_run *run, size_t row, struct hw_csv_field field,
                                enum hw_csv_reason reason, struct hw_error *err) {
    /* A field that the record lacks starts beyond the record. */
    const char *at = field.size < 0 ? field.text + field.size : field.text;
    struct hw_csv_wrong wrong = {
        .row = (uint32_t)row,
        .column = (uint32_t)run->column,
        .offset = (uint32_t)(at - run->columns->data),
        .reason = reason,
    };
    return hw_buf_append(run->columns->wrong, &wrong, sizeof(wrong), err);
}

/*
 * Notes that a value does not fit, so that the column has no values from here on. Remembers the
 * first.
 */
static void misfit_set(struct column_run *run, struct hw_csv_field field) {
    if (!run->state->misfit) {
        run->state->misfit = true;
        run->state->first_misfit = (struct hw_csv_misfit){
            .column = (uint32_t)run->column,
            .offset = (uint32_t)(field.text - run->columns->data),
            .bytes = (uint32_t)field.size,
        };
    }
}

static enum hw_csv_null quoted_null(struct column_run *run, struct hw_csv_field field);
static bool null_but_in_texts(struct column_run *run, struct hw_csv_field field);

/*
 * Returns whether a field is null: one that the record does not have, an empty one, an empty one in
 * quotes unless the column is of texts, or one of the null values.
 */
static bool field_null(struct column_run *run, struct hw_csv_field field) {
    const struct hw_csv_dialect *dialect = run->columns->dialect;
    if (field.size <= 0) {
        return true;
    }
    const bool quoted = hw_csv_field_quoted(dialect, field);
    const enum hw_csv_null null = quoted ? quoted_null(run, field) : null_value(run->state, field);
    if (null == HW_CSV_NULL_BUT_IN_TEXTS) {
        return null_but_in_texts(run, field);
    }
    return null == HW_CSV_NULL_ALWAYS || (!quoted && hw_csv_field_escaped_null(dialect, field));
}

/* Returns what a field in quotes is: null values count for it only on request. */
static enum hw_csv_null quoted_null(struct column_run *run, struct hw_csv_field field) {
    enum hw_csv_null null = HW_CSV_NULL_NOT;
    if (run->state->nulls && run->state->nulls->quoted) {
        const hw_view text = {field.text + 1, (size_t)field.size - 2};
        null = hw_csv_nulls_find(run->state->nulls, text);
    }
    return null == HW_CSV_NULL_NOT && field.size == 2 ? HW_CSV_NULL_BUT_IN_TEXTS : null;
}

/* Takes a field that is a text in a column of texts, and null in all others. */
static bool null_but_in_texts(struct column_run *run, struct hw_csv_field field) {
    if (run->state->type.kind == HW_KIND_TEXT) {
        return false;
    }
    run->state->profile.seen |= HW_SEEN_EMPTY;
    if (run->state->type.kind == HW_KIND_NULL && !run->state->type_given) {
        misfit_set(run, field);
    }
    return true;
}

static bool value_read(struct hw_csv_column_state *state, value_fn *value, hw_view text, void *slot);
static void value_observe(struct hw_csv_column_state *state, hw_view text);

/* Takes every field that the hot loop did not take: nulls, quoted values, misfits. */
__attribute__((noinline)) static enum hw_status field_slow(struct column_run *run, size_t row,
                                                           struct hw_csv_field field, value_fn *value, void *slot,
                                                           struct hw_error *err) {
    struct hw_csv_block_columns *columns = run->columns;
    hw_view text;
    if (field_null(run, field)) {
        null_set(run, row);
        return run->state->required ? wrong_add(run, row, field, HW_CSV_NULL_REQUIRED, err) : HW_OK;
    }
    HW_TRY(field_value(columns, field, &text, err));
    const bool clear = text.size != SIZE_MAX;
    if (value && clear && value_read(run->state, value, text, slot)) {
        return HW_OK;
    }
    null_set(run, row);
    if (!clear) {
        return wrong_add(run, row, field, HW_CSV_UNCLEAR_ESCAPE, err);
    }
    if (run->state->type_given) {
        return wrong_add(run, row, field, HW_CSV_WRONG_TYPE, err);
    }
    misfit_set(run, field);
    value_observe(run->state, text);
    return HW_OK;
}

/* Parses a value however it is written. */
static bool value_read(struct hw_csv_column_state *state, value_fn *value, hw_view text, void *slot) {
    char room[HW_CSV_SPELLED_BYTES];
    if (state->spelling && !hw_csv_spelling_read(state->spelling, state->type.kind, text, room, &text)) {
        return false;
    }
    return value(state, text.data, text.size, slot);
}

/* Adds a value to the profile however it is written. */
static void value_observe(struct hw_csv_column_state *state, hw_view text) {
    if (state->spelling) {
        hw_csv_spelling_observe(state->spelling, text, &state->profile);
    } else {
        hw_csv_profile_observe(&state->profile, text);
    }
}

__attribute__((always_inline)) static inline enum hw_status field_parse(struct column_run *run, size_t row,
                                                                        struct hw_csv_field field, value_fn *value,
                                                                        char *slot, size_t width,
                                                                        struct hw_error *err) {
    const bool null =
        HW_UNLIKELY(run->state->nulls != NULL) && field.size > 0 && null_value(run->state, field) != HW_CSV_NULL_NOT;

    if (HW_LIKELY(field.size > 0) && !null && HW_LIKELY(value(run->state, field.text, (size_t)field.size, slot))) {
        return HW_OK;
    }
    memset(slot, 0, width);
    return field_slow(run, row, field, value, slot, err);
}

/* Parses values that are not written in the common form, or have blanks around them. */
static enum hw_status spelled_parse(struct column_run *run, value_fn *value, char *values, size_t width,
                                    struct hw_error *err) {
    memset(values, 0, run->columns->rows->count * width);
    for (size_t row = 0; row < run->columns->rows->count; row++) {
        struct hw_csv_field field = field_read(run, row);
        HW_TRY(field_slow(run, row, field, value, values + row * width, err));
    }
    return HW_OK;
}

/* Parses eight rows at once, and row by row the values that have no common form. */
static enum hw_status lanes_parse(struct column_run *run, hw_lanes_fn *eight, value_fn *value, char *values,
                                  size_t width, struct hw_error *err) {
    const struct hw_csv_rows *rows = run->columns->rows;
    struct hw_lanes lanes = {
        .data = run->columns->data,
        .ends = rows->ends + run->column,
        .starts = run->column == 0 ? rows->starts : NULL,
        .stride = rows->columns,
        .tail_bytes = rows->tail_bytes,
        .rows = rows->count,
        .digits = run->state->profile.digits,
    };

    for (size_t row = 0; row < rows->count;) {
        uint8_t left;
        row = eight(&lanes, row, values, &left);
        size_t first = (row - 1) / HW_LANES * HW_LANES;
        for (; left != 0; left &= (uint8_t)(left - 1)) {
            size_t at = first + (size_t)__builtin_ctz(left);
            struct hw_csv_field field = field_at(run->columns, run->column, at);
            HW_TRY(field_parse(run, at, field, value, values + at * width, width, err));
        }
    }
    hw_digits_raise(&run->state->profile.digits, lanes.digits.before, lanes.digits.after);
    return HW_OK;
}

__attribute__((always_inline)) static inline enum hw_status fixed_parse(struct column_run *run, value_fn *value,
                                                                        char *values, size_t width,
                                                                        struct hw_error *err) {
    const size_t rows = run->columns->rows->count;
    if (rows == 0) {
        return HW_OK; /* there may be no array of ends to point into */
    }
    if (HW_UNLIKELY(run->state->spelling != NULL)) {
        return spelled_parse(run, value, values, width, err);
    }
    hw_lanes_fn *eight = !run->state->nulls ? hw_lanes_for(run->state->type) : NULL;

    if (eight) {
        return lanes_parse(run, eight, value, values, width, err);
    }
    for (size_t row = 0; row < rows; row++) {
        struct hw_csv_field field = field_at(run->columns, run->column, row);
        HW_TRY(field_parse(run, row, field, value, values + row * width, width, err));
    }
    return HW_OK;
}

static inline bool value_int64(struct hw_csv_column_state *state, const char *text, size_t size, void *slot) {
    (void)state;
    return hw_parse_int64(text, size, slot);
}

static inline bool value_double(struct hw_csv_column_state *state, const char *text, size_t size, void *slot) {
    return hw_parse_double(text, size, slot, &state->profile.digits);
}

static inline bool value_date(struct hw_csv_column_state *state, const char *text, size_t size, void *slot) {
    (void)state;
    return hw_parse_date(text, size, slot);
}

/* Reads a date in a column of local timestamps, which stands for its midnight. */
static bool date_as_timestamp(const char *text, size_t size, struct hw_timestamp *out) {
    int32_t days;
    if (!hw_parse_date(text, size, &days)) {
        return false;
    }
    *out = (struct hw_timestamp){.micros = days * INT64_C(86400000000)};
    return true;
}

static inline bool value_micros(struct hw_csv_column_state *state, const char *text, size_t size, void *slot) {
    struct hw_timestamp timestamp = {0};
    bool ok =
        hw_parse_timestamp(text, size, &timestamp) || (!state->type.utc && date_as_timestamp(text, size, &timestamp));
    memcpy(slot, &timestamp.micros, sizeof(int64_t));
    return ok && timestamp.zoned == state->type.utc && timestamp.nanos == 0;
}

static inline bool value_nanos(struct hw_csv_column_state *state, const char *text, size_t size, void *slot) {
    struct hw_timestamp timestamp = {0};
    bool ok =
        hw_parse_timestamp(text, size, &timestamp) || (!state->type.utc && date_as_timestamp(text, size, &timestamp));
    return ok && timestamp.zoned == state->type.utc && hw_timestamp_nanos(timestamp, slot);
}

static inline bool value_decimal(struct hw_csv_column_state *state, const char *text, size_t size, void *slot) {
    __int128 value = 0;
    bool ok = hw_parse_decimal(text, size, state->type.precision, state->type.scale, &value, &state->profile.digits);
    memcpy(slot, &value, sizeof(value));
    /*
     * A decimal has no -0, so the sign would be lost. That is allowed only where somebody gave the
     * type.
     */
    return ok && (value != 0 || *text != '-' || state->type_given);
}

static inline bool value_uuid(struct hw_csv_column_state *state, const char *text, size_t size, void *slot) {
    (void)state;
    return hw_parse_uuid(text, size, slot);
}

/* The profile is made of all values at once, which is cheaper than value by value. */

static void int64_profile(struct column_run *run, const int64_t *values, size_t rows) {
    const int64_t double_end = INT64_C(1) << 53; /* up to here all integers are doubles */
    int64_t min = 0;                             /* nulls are 0 here: they raise nothing */
    int64_t max = 0;
    for (size_t i = 0; i < rows; i++) {
        min = values[i] < min ? values[i] : min;
        max = values[i] > max ? values[i] : max;
    }
    hw_csv_profile_observe_int64(&run->state->profile, min);
    hw_csv_profile_observe_int64(&run->state->profile, max);
    bool beyond = min < -double_end || max > double_end;
    for (size_t i = 0; beyond && i < rows && !(run->state->profile.seen & HW_SEEN_BIG_INT); i++) {
        run->state->profile.seen |= hw_double_holds(values[i]) ? 0 : HW_SEEN_BIG_INT;
    }
}

static void double_profile(struct column_run *run, const double *values, size_t rows) {
    const uint64_t exponent = UINT64_C(0x7ff) << 52;
    const uint64_t sign = UINT64_C(1) << 63;
    bool special = false;
    bool negative_zero = false;
    for (size_t i = 0; i < rows; i++) {
        uint64_t bits;
        memcpy(&bits, &values[i], sizeof(bits));
        special |= (bits & exponent) == exponent;
        negative_zero |= bits == sign;
    }
    run->state->profile.seen |=
        HW_SEEN_DOUBLE | (special ? HW_SEEN_SPECIAL : 0) | (negative_zero ? HW_SEEN_NEGATIVE_ZERO : 0);
}

static void date_profile(struct column_run *run, const int32_t *values, size_t rows) {
    int32_t min = 0; /* nulls are 1970-01-01 here, which every unit reaches */
    int32_t max = 0;
    for (size_t i = 0; i < rows; i++) {
        min = values[i] < min ? values[i] : min;
        max = values[i] > max ? values[i] : max;
    }
    run->state->profile.seen |= HW_SEEN_DATE;
    hw_csv_profile_observe_micros(&run->state->profile, min * INT64_C(86400000000));
    hw_csv_profile_observe_micros(&run->state->profile, max * INT64_C(86400000000));
}

static void timestamp_profile(struct column_run *run, const int64_t *values, size_t rows) {
    bool nanos = run->state->type.unit == HW_UNIT_NANOS;
    int64_t min = 0;
    int64_t max = 0;
    for (size_t i = 0; i < rows; i++) {
        min = values[i] < min ? values[i] : min;
        max = values[i] > max ? values[i] : max;
    }
    run->state->profile.seen |= run->state->type.utc ? HW_SEEN_UTC_TIME : HW_SEEN_LOCAL_TIME;
    if (nanos) { /* int64 holds them all */
        run->state->profile.seen |= HW_SEEN_NANOS;
        return;
    }
    hw_csv_profile_observe_micros(&run->state->profile, min);
    hw_csv_profile_observe_micros(&run->state->profile, max);
}

static enum hw_status int64_parse(struct column_run *run, void *values, struct hw_error *err) {
    HW_TRY(fixed_parse(run, value_int64, values, sizeof(int64_t), err));
    int64_profile(run, values, run->columns->rows->count);
    return HW_OK;
}

static enum hw_status double_parse(struct column_run *run, void *values, struct hw_error *err) {
    HW_TRY(fixed_parse(run, value_double, values, sizeof(double), err));
    double_profile(run, values, run->columns->rows->count);
    return HW_OK;
}

static enum hw_status decimal_parse(struct column_run *run, void *values, struct hw_error *err) {
    HW_TRY(fixed_parse(run, value_decimal, values, sizeof(__int128), err));
    run->state->profile.seen |= HW_SEEN_DECIMAL;
    return HW_OK;
}

static enum hw_status date_parse(struct column_run *run, void *values, struct hw_error *err) {
    HW_TRY(fixed_parse(run, value_date, values, sizeof(int32_t), err));
    date_profile(run, values, run->columns->rows->count);
    return HW_OK;
}

static enum hw_status timestamp_parse(struct column_run *run, void *values, struct hw_error *err) {
    if (run->state->type.unit == HW_UNIT_NANOS) {
        HW_TRY(fixed_parse(run, value_nanos, values, sizeof(int64_t), err));
    } else {
        HW_TRY(fixed_parse(run, value_micros, values, sizeof(int64_t), err));
    }
    timestamp_profile(run, values, run->columns->rows->count);
    return HW_OK;
}

static enum hw_status uuid_parse(struct column_run *run, void *values, struct hw_error *err) {
    return fixed_parse(run, value_uuid, values, 16, err);
}

static inline bool value_bool(struct hw_csv_column_state *state, const char *text, size_t size, void *slot) {
    (void)state;
    return hw_csv_parse_bool((hw_view){text, size}, slot);
}

static enum hw_status column_observe(struct column_run *run, struct hw_error *err);

static enum hw_status bool_parse(struct column_run *run, void *values, struct hw_error *err) {
    const struct hw_csv_block_columns *columns = run->columns;
    uint8_t *bits = values;
    memset(bits, 0, (columns->rows->count + 7) / 8);
    for (size_t row = 0; row < columns->rows->count; row++) {
        struct hw_csv_field field = field_read(run, row);
        bool value = false;
        if (run->state->spelling || field.size <= 0 || null_value(run->state, field) != HW_CSV_NULL_NOT ||
            !value_bool(run->state, field.text, (size_t)field.size, &value)) {
            HW_TRY(field_slow(run, row, field, value_bool, &value, err));
        }
        bits[row >> 3] |= (uint8_t)((unsigned)value << (row & 7));
    }
    /* Words may be numbers or texts besides, which the column is should another value come. */
    if (run->state->spelling) {
        return column_observe(run, err);
    }
    run->state->profile.seen |= HW_SEEN_BOOL;
    return HW_OK;
}

/* Parses a column that has had nothing but nulls so far: any value is a misfit. */
static enum hw_status null_parse(struct column_run *run, void *values, struct hw_error *err) {
    (void)values;
    for (size_t row = 0; row < run->columns->rows->count; row++) {
        struct hw_csv_field field = field_read(run, row);
        HW_TRY(field_slow(run, row, field, NULL, NULL, err));
    }
    return HW_OK;
}

/* Copies a short text by whole words: both sides have room for more. */
static inline void text_copy(char *out, const char *text, size_t size) {
    if (HW_LIKELY(size <= 32)) {
        memcpy(out, text, 32);
        return;
    }
    memcpy(out, text, size);
}

/* Takes the texts of a column whose fields are what stands in the block, but for quotes. */
static enum hw_status texts_take(struct column_run *run, int32_t *offsets, struct hw_error *err) {
    const struct hw_csv_block_columns *columns = run->columns;
    const struct hw_csv_dialect *dialect = columns->dialect;
    char *out = (char *)columns->text->data + columns->text_used;
    size_t used = 0;

    offsets[0] = 0;
    for (size_t row = 0; row < columns->rows->count; row++) {
        struct hw_csv_field field = field_at(columns, run->column, row);
        if (hw_csv_field_quoted(dialect, field)) {
            used += hw_csv_field_unquote(dialect, field, out + used);
        } else if (HW_UNLIKELY(field.size <= 0) || null_value(run->state, field) == HW_CSV_NULL_ALWAYS) {
            HW_TRY(field_slow(run, row, field, NULL, NULL, err));
        } else {
            text_copy(out + used, field.text, (size_t)field.size);
            used += (size_t)field.size;
        }
        offsets[row + 1] = (int32_t)used;
    }
    return HW_OK;
}

/* Does the same for fields with blanks around them, escapes, lenient quotes, or nulls in quotes. */
static enum hw_status texts_take_slowly(struct column_run *run, int32_t *offsets, struct hw_error *err) {
    const struct hw_csv_block_columns *columns = run->columns;
    char *out = (char *)columns->text->data + columns->text_used;
    size_t used = 0;

    offsets[0] = 0;
    for (size_t row = 0; row < columns->rows->count; row++) {
        const struct hw_csv_field field = field_read(run, row);
        const bool null = field_null(run, field);
        const size_t bytes = null ? 0 : text_write(columns->dialect, field, out + used);
        if (null) {
            HW_TRY(field_slow(run, row, field, NULL, NULL, err));
        } else if (bytes == SIZE_MAX) {
            null_set(run, row);
            HW_TRY(wrong_add(run, row, field, HW_CSV_UNCLEAR_ESCAPE, err));
        } else {
            used += bytes;
        }
        offsets[row + 1] = (int32_t)used;
    }
    return HW_OK;
}

static enum hw_status text_parse(struct column_run *run, void *values, struct hw_error *err) {
    const bool quoted_nulls = run->state->nulls && run->state->nulls->quoted;
    const struct hw_csv_dialect *dialect = run->columns->dialect;
    const bool slowly = dialect->trim || trims(run) || quoted_nulls || !hw_csv_field_is_plain(dialect);
    return slowly ? texts_take_slowly(run, values, err) : texts_take(run, values, err);
}

/* Adds the values of a column with a misfit to its profile. */
static enum hw_status column_observe(struct column_run *run, struct hw_error *err) {
    const uint32_t words = HW_SEEN_WORD | HW_SEEN_OTHER;
    for (size_t row = 0; row < run->columns->rows->count; row++) {
        struct hw_csv_field field = field_read(run, row);
        hw_view value;
        if ((run->state->profile.seen & HW_SEEN_PROSE) && (run->state->profile.seen & words) != HW_SEEN_WORD) {
            break; /* nothing can narrow it again */
        }
        if (!field_null(run, field)) {
            HW_TRY(field_value(run->columns, field, &value, err));
            if (value.size != SIZE_MAX) {
                value_observe(run->state, value);
            }
        }
    }
    return HW_OK;
}

bool hw_csv_value_parse(struct hw_type type, hw_view text, void *slot) {
    static value_fn *const by_kind[HW_KIND_COUNT] = {
        [HW_KIND_BOOL] = value_bool,       [HW_KIND_INT64] = value_int64, [HW_KIND_DOUBLE] = value_double,
        [HW_KIND_DECIMAL] = value_decimal, [HW_KIND_DATE] = value_date,   [HW_KIND_TIMESTAMP] = value_micros,
        [HW_KIND_UUID] = value_uuid,
    };
    struct hw_csv_column_state state = {.type = type, .type_given = true};
    value_fn *parse = type.kind == HW_KIND_TIMESTAMP && type.unit == HW_UNIT_NANOS ? value_nanos : by_kind[type.kind];
    return parse && text.size > 0 && parse(&state, text.data, text.size, slot);
}

typedef enum hw_status column_parse_fn(struct column_run *run, void *values, struct hw_error *err);

static column_parse_fn *const parse_by_kind[] = {
    [HW_KIND_NULL] = null_parse,           [HW_KIND_BOOL] = bool_parse,       [HW_KIND_INT64] = int64_parse,
    [HW_KIND_DOUBLE] = double_parse,       [HW_KIND_DECIMAL] = decimal_parse, [HW_KIND_DATE] = date_parse,
    [HW_KIND_TIMESTAMP] = timestamp_parse, [HW_KIND_TEXT] = text_parse,       [HW_KIND_UUID] = uuid_parse,
};
static_assert(COUNT_OF(parse_by_kind) == HW_KIND_UUID + 1, "one parser a basic kind");

enum hw_status hw_csv_column_parse(struct hw_csv_block_columns *columns, size_t column,
                                   struct hw_csv_column_state *state, struct hw_column *out_column,
                                   struct hw_error *err) {
    const size_t rows = columns->rows->count;
    struct column_run run = {.columns = columns, .state = state, .column = column};
    if (state->misfit) {
        *out_column = (struct hw_column){0};
        return column_observe(&run, err);
    }
    run.validity = values_take(columns, (rows + 7) / 8);
    void *values = columns->values->data + columns->values_used;
    columns->values_used += hw_csv_column_bytes(state->type, rows) - validity_bytes(rows);
    HW_TRY(parse_by_kind[state->type.kind](&run, values, err));

    *out_column = (struct hw_column){
        .null_count = run.null_count,
        .validity = run.null_count > 0 ? run.validity : NULL,
        .values = values,
        .length = rows,
    };
    if (state->type.kind == HW_KIND_TEXT) {
        out_column->offsets = values;
        out_column->data = (const char *)columns->text->data + columns->text_used;
        columns->text_used += (size_t)out_column->offsets[rows];
    }
    return HW_OK;
}
