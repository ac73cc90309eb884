/* SPDX-License-Identifier: Apache-2.0 */
#include "table/filter_literal.h"

#include <float.h>
#include <math.h>
#include <strings.h>

#include "table/convert.h"
#include "table/filter_number.h"
#include "table/filter_time.h"

enum { UUID_BYTES = 16 };

/* The floats of 16 bits: the largest that is finite, and where rounding goes beyond it. */
enum { HALF_MAX = 0x7bff };
#define HALF_OVERFLOW 65520.0

/* ------ integers in the ranges of their kinds */

static const struct range {
    int64_t min;
    int64_t max;
} ranges[HW_KIND_COUNT] = {
    [HW_KIND_BOOL] = {0, 1},
    [HW_KIND_INT8] = {INT8_MIN, INT8_MAX},
    [HW_KIND_INT16] = {INT16_MIN, INT16_MAX},
    [HW_KIND_INT32] = {INT32_MIN, INT32_MAX},
    [HW_KIND_INT64] = {INT64_MIN, INT64_MAX},
    [HW_KIND_UINT8] = {0, UINT8_MAX},
    [HW_KIND_UINT16] = {0, UINT16_MAX},
    [HW_KIND_UINT32] = {0, UINT32_MAX},
    [HW_KIND_UINT64] = {0, INT64_MAX}, /* and as many again, beyond 64 bits with a sign */
    [HW_KIND_DECIMAL32] = {INT32_MIN, INT32_MAX},
    [HW_KIND_DECIMAL64] = {INT64_MIN, INT64_MAX},
    [HW_KIND_DATE] = {INT32_MIN, INT32_MAX},
    [HW_KIND_DATE_MILLIS] = {INT64_MIN, INT64_MAX},
    [HW_KIND_TIME32] = {INT32_MIN, INT32_MAX},
    [HW_KIND_TIME64] = {INT64_MIN, INT64_MAX},
    [HW_KIND_TIMESTAMP] = {INT64_MIN, INT64_MAX},
};

/* An integer that the literal is, or that it is above by less than 1. */
static struct hw_literal_value integer_fit(enum hw_kind kind, __int128 floor, bool exact) {
    const bool is_uint64 = kind == HW_KIND_UINT64;
    const __int128 min = ranges[kind].min;
    const __int128 max = is_uint64 ? (__int128)UINT64_MAX : (__int128)ranges[kind].max;
    struct hw_literal_value out = {.fit = exact ? HW_FIT_EXACT : HW_FIT_BETWEEN};
    if (floor < min || floor > max) {
        out.fit = floor < min ? HW_FIT_BELOW : HW_FIT_ABOVE;
        return out;
    }
    out.value.key = is_uint64 ? (int64_t)((uint64_t)floor ^ UINT64_C(1) << 63) : (int64_t)floor;
    return out;
}

/* ------ one function for each way in which a type reads literals; HW_EUSAGE has no message yet */

typedef enum hw_status literal_fn(const struct hw_literal *literal, struct hw_type type, struct hw_arena *arena,
                                  struct hw_literal_value *out, struct hw_error *err);

/* The reason is that of the type. */
static enum hw_status refuse(void) {
    return HW_EUSAGE;
}

static enum hw_status bool_literal(const struct hw_literal *literal, struct hw_type type, struct hw_arena *arena,
                                   struct hw_literal_value *out, struct hw_error *err) {
    (void)arena;
    (void)err;
    if (literal->kind != HW_LITERAL_TRUE && literal->kind != HW_LITERAL_FALSE) {
        return refuse();
    }
    *out = integer_fit(type.kind, literal->kind == HW_LITERAL_TRUE, true);
    return HW_OK;
}

/* Integers are decimals without digits behind the point. */
static enum hw_status number_literal(const struct hw_literal *literal, struct hw_type type, struct hw_arena *arena,
                                     struct hw_literal_value *out, struct hw_error *err) {
    struct hw_literal_number number;
    struct hw_huge floor;
    bool exact = false;
    __int128 wide;
    if (literal->kind != HW_LITERAL_NUMBER) {
        return refuse();
    }
    HW_TRY(hw_literal_number_read(literal->text, &number, err));
    const bool held = hw_literal_number_scale(&number, type.scale, &floor, &exact);
    *out = (struct hw_literal_value){.fit = exact ? HW_FIT_EXACT : HW_FIT_BETWEEN};
    if (held && type.kind == HW_KIND_DECIMAL256) {
        uint8_t *bytes = hw_arena_alloc(arena, HW_VALUE_HUGE_BYTES);
        if (!bytes) {
            return hw_fail_nomem(err, HW_VALUE_HUGE_BYTES);
        }
        hw_value_huge_put(floor.limbs, bytes);
        out->value.bytes = (hw_view){(const char *)bytes, HW_VALUE_HUGE_BYTES};
    } else if (!held || !hw_huge_wide(&floor, &wide)) {
        out->fit = number.negative ? HW_FIT_BELOW : HW_FIT_ABOVE;
    } else if (type.kind == HW_KIND_DECIMAL) {
        out->value.wide = wide;
    } else {
        *out = integer_fit(type.kind, wide, exact);
    }
    return HW_OK;
}

static bool special_read(hw_view text, double *out_value) {
    static const struct {
        hw_view word;
        double value;
    } words[] = {
        {HW_VIEW_INIT("nan"), (double)NAN},
        {HW_VIEW_INIT("inf"), (double)INFINITY},
        {HW_VIEW_INIT("infinity"), (double)INFINITY},
        {HW_VIEW_INIT("-inf"), -(double)INFINITY},
        {HW_VIEW_INIT("-infinity"), -(double)INFINITY},
    };
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (text.size == words[i].word.size && strncasecmp(text.data, words[i].word.data, text.size) == 0) {
            *out_value = words[i].value;
            return true;
        }
    }
    return false;
}

/* Returns the nearest binary16, ties to even, of a magnitude that does not overflow. */
static double half_nearest(double magnitude) {
    uint16_t low = 0;
    uint16_t high = HALF_MAX;
    while (low < high) {
        const uint16_t middle = (uint16_t)((low + high + 1) / 2);
        const bool above = (double)hw_half_to_float(middle) > magnitude;
        low = above ? low : middle;
        high = above ? (uint16_t)(middle - 1) : high;
    }
    const uint16_t next = low == HALF_MAX ? low : (uint16_t)(low + 1);
    const double down = magnitude - (double)hw_half_to_float(low);
    const double up = (double)hw_half_to_float(next) - magnitude;
    const bool raised = next != low && (up < down || (up == down && (low & 1) != 0));
    return (double)hw_half_to_float(raised ? next : low);
}

/* Rounds a finite double to the width of a kind; infinity where that overflows. */
static double real_round(enum hw_kind kind, double value) {
    if (kind == HW_KIND_FLOAT) {
        return (double)(float)value;
    }
    if (kind == HW_KIND_HALF) {
        const double magnitude = fabs(value);
        return copysign(magnitude >= HALF_OVERFLOW ? (double)INFINITY : half_nearest(magnitude), value);
    }
    return value;
}

static enum hw_status real_literal(const struct hw_literal *literal, struct hw_type type, struct hw_arena *arena,
                                   struct hw_literal_value *out, struct hw_error *err) {
    struct hw_literal_number number;
    double value;
    (void)arena;
    if (literal->kind == HW_LITERAL_TEXT && special_read(literal->text, &value)) {
        *out = (struct hw_literal_value){.value.key = hw_value_key_of_double(value)};
        return HW_OK;
    }
    if (literal->kind != HW_LITERAL_NUMBER) {
        return refuse();
    }
    HW_TRY(hw_literal_number_read(literal->text, &number, err));
    value = hw_literal_number_double(&number);
    value = isinf(value) ? value : real_round(type.kind, value);
    *out = (struct hw_literal_value){.value.key = hw_value_key_of_double(value)};
    if (isinf(value)) {
        /* It lies between the last number and infinity, whose keys follow each other in a width. */
        const double last = type.kind == HW_KIND_DOUBLE  ? DBL_MAX
                            : type.kind == HW_KIND_FLOAT ? (double)FLT_MAX
                                                         : (double)hw_half_to_float(HALF_MAX);
        out->fit = HW_FIT_BETWEEN;
        out->value.key = hw_value_key_of_double(number.negative ? value : last);
    }
    return HW_OK;
}

static enum hw_status text_literal(const struct hw_literal *literal, struct hw_type type, struct hw_arena *arena,
                                   struct hw_literal_value *out, struct hw_error *err) {
    (void)type;
    (void)arena;
    (void)err;
    if (literal->kind != HW_LITERAL_TEXT) {
        return refuse();
    }
    *out = (struct hw_literal_value){.value.bytes = literal->text};
    return HW_OK;
}

static enum hw_status bytes_literal(const struct hw_literal *literal, struct hw_type type, struct hw_arena *arena,
                                    struct hw_literal_value *out, struct hw_error *err) {
    (void)type;
    (void)arena;
    (void)err;
    if (literal->kind != HW_LITERAL_TEXT && literal->kind != HW_LITERAL_BYTES) {
        return refuse();
    }
    *out = (struct hw_literal_value){.value.bytes = literal->text};
    return HW_OK;
}

static bool uuid_read(hw_view text, uint8_t out[UUID_BYTES]) {
    static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    unsigned nibbles = 0;
    if (text.size != sizeof(form) - 1) {
        return false;
    }
    for (size_t i = 0; i < text.size; i++) {
        const char lower = (char)(text.data[i] | 0x20);
        const bool digit = text.data[i] >= '0' && text.data[i] <= '9';
        if (form[i] == '-' ? text.data[i] != '-' : !digit && (lower < 'a' || lower > 'f')) {
            return false;
        }
        if (form[i] != '-') {
            const unsigned value = digit ? (unsigned)(text.data[i] - '0') : (unsigned)(lower - 'a' + 10);
            out[nibbles / 2] = (uint8_t)(nibbles % 2 == 0 ? value << 4 : out[nibbles / 2] | value);
            nibbles++;
        }
    }
    return true;
}

static enum hw_status uuid_literal(const struct hw_literal *literal, struct hw_type type, struct hw_arena *arena,
                                   struct hw_literal_value *out, struct hw_error *err) {
    uint8_t bytes[UUID_BYTES];
    if (literal->kind == HW_LITERAL_BYTES) {
        return bytes_literal(literal, type, arena, out, err);
    }
    if (literal->kind != HW_LITERAL_TEXT || !uuid_read(literal->text, bytes)) {
        return refuse();
    }
    const char *kept = hw_arena_strndup(arena, (const char *)bytes, sizeof(bytes));
    if (!kept) {
        return hw_fail_nomem(err, sizeof(bytes));
    }
    *out = (struct hw_literal_value){.value.bytes = {kept, sizeof(bytes)}};
    return HW_OK;
}

/* ------ dates and times */

/* Nanoseconds in units, rounded down. */
static struct hw_literal_value units_fit(enum hw_kind kind, __int128 nanos, int64_t unit) {
    __int128 floor = nanos / unit;
    const bool exact = floor * unit == nanos;
    floor -= !exact && nanos < 0;
    return integer_fit(kind, floor, exact);
}

static int64_t unit_nanos(enum hw_time_unit unit) {
    static const int64_t nanos[HW_UNIT_COUNT] = {
        [HW_UNIT_MICROS] = 1000,
        [HW_UNIT_NANOS] = 1,
        [HW_UNIT_SECONDS] = 1000000000,
        [HW_UNIT_MILLIS] = 1000000,
    };
    return nanos[unit];
}

static enum hw_status instant_literal(const struct hw_literal *literal, struct hw_type type, struct hw_arena *arena,
                                      struct hw_literal_value *out, struct hw_error *err) {
    const bool kind_fits = literal->kind == HW_LITERAL_TEXT || literal->kind == HW_LITERAL_TIMESTAMP;
    struct hw_literal_time time;
    (void)arena;
    if (!(kind_fits && hw_literal_timestamp(literal->text, &time)) &&
        !(literal->kind == HW_LITERAL_DATE && hw_literal_date(literal->text, &time))) {
        return refuse();
    }
    if (time.zoned && !(type.kind == HW_KIND_TIMESTAMP && type.utc)) {
        return hw_fail(err, HW_EUSAGE, "the column has no zone, so the value cannot have one");
    }
    const int64_t unit = type.kind == HW_KIND_DATE          ? INT64_C(86400000000000)
                         : type.kind == HW_KIND_DATE_MILLIS ? unit_nanos(HW_UNIT_MILLIS)
                                                            : unit_nanos(type.unit);
    *out = units_fit(type.kind, time.nanos, unit);
    return HW_OK;
}

static enum hw_status time_literal(const struct hw_literal *literal, struct hw_type type, struct hw_arena *arena,
                                   struct hw_literal_value *out, struct hw_error *err) {
    struct hw_literal_time time;
    (void)arena;
    (void)err;
    if ((literal->kind != HW_LITERAL_TEXT && literal->kind != HW_LITERAL_TIME) ||
        !hw_literal_time_of_day(literal->text, &time)) {
        return refuse();
    }
    *out = units_fit(type.kind, time.nanos, unit_nanos(type.unit));
    return HW_OK;
}

/* ------ all kinds */

static const char number_wanted[] = "the column has numbers, so a number is needed";
static const char text_wanted[] = "the column has texts, so a text in single quotes is needed";
static const char bytes_wanted[] = "the column has bytes, so a text, or bytes as x'00ff', are needed";
static const char day_wanted[] = "the column has dates, so a date is needed, as '2024-02-29', or a timestamp";
static const char time_wanted[] = "the column has times, so a time is needed, as '12:30:00'";

static const struct {
    literal_fn *read;
    const char *reason; /* why a literal is refused */
} readers[HW_KIND_COUNT] = {
    [HW_KIND_BOOL] = {bool_literal, "the column is true or false, so TRUE or FALSE is needed"},
    [HW_KIND_INT8] = {number_literal, number_wanted},
    [HW_KIND_INT16] = {number_literal, number_wanted},
    [HW_KIND_INT32] = {number_literal, number_wanted},
    [HW_KIND_INT64] = {number_literal, number_wanted},
    [HW_KIND_UINT8] = {number_literal, number_wanted},
    [HW_KIND_UINT16] = {number_literal, number_wanted},
    [HW_KIND_UINT32] = {number_literal, number_wanted},
    [HW_KIND_UINT64] = {number_literal, number_wanted},
    [HW_KIND_DECIMAL] = {number_literal, number_wanted},
    [HW_KIND_DECIMAL32] = {number_literal, number_wanted},
    [HW_KIND_DECIMAL64] = {number_literal, number_wanted},
    [HW_KIND_DECIMAL256] = {number_literal, number_wanted},
    [HW_KIND_HALF] = {real_literal, "the column has numbers, so a number is needed, or 'nan', 'inf' or '-inf'"},
    [HW_KIND_FLOAT] = {real_literal, "the column has numbers, so a number is needed, or 'nan', 'inf' or '-inf'"},
    [HW_KIND_DOUBLE] = {real_literal, "the column has numbers, so a number is needed, or 'nan', 'inf' or '-inf'"},
    [HW_KIND_DATE] = {instant_literal, day_wanted},
    [HW_KIND_DATE_MILLIS] = {instant_literal, day_wanted},
    [HW_KIND_TIMESTAMP] = {instant_literal, "the column has timestamps, so one is needed, as '2024-02-29 12:30:00'"},
    [HW_KIND_TIME32] = {time_literal, time_wanted},
    [HW_KIND_TIME64] = {time_literal, time_wanted},
    [HW_KIND_TEXT] = {text_literal, text_wanted},
    [HW_KIND_LARGE_TEXT] = {text_literal, text_wanted},
    [HW_KIND_BINARY] = {bytes_literal, bytes_wanted},
    [HW_KIND_LARGE_BINARY] = {bytes_literal, bytes_wanted},
    [HW_KIND_FIXED] = {bytes_literal, bytes_wanted},
    [HW_KIND_UUID] = {uuid_literal, "the column has UUIDs, so one is needed, as "
                                    "'6ba7b810-9dad-11d1-80b4-00c04fd430c8'"},
};

enum hw_status hw_literal_value(const struct hw_literal *literal, struct hw_type type, struct hw_arena *arena,
                                struct hw_literal_value *out_value, struct hw_error *err) {
    struct hw_error own = HW_ERROR_INIT;
    struct hw_literal_value value = {0};
    if (!readers[type.kind].read) {
        return hw_fail(err, HW_EUSAGE, "columns of that type can only be asked whether they are NULL");
    }
    const enum hw_status status = readers[type.kind].read(literal, type, arena, &value, &own);
    if (status == HW_EUSAGE && own.status == HW_OK) {
        return hw_fail(err, HW_EUSAGE, "%s", readers[type.kind].reason);
    }
    HW_TRY(status ? hw_error_pass(err, status, &own) : HW_OK);
    *out_value = value;
    return HW_OK;
}
