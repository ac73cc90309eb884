/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/convert.h"

#include "support/rows.h"

enum { VALUE_MAX = 32, VALUES = 3 };

/* A field of the type, its leaf and the function that converts its values. */
struct lane {
    struct hw_field field;
    struct hw_leaf leaf;
    hw_convert_fn *convert;
};

static void lane_init(struct lane *lane, struct hw_type type) {
    lane->field = (struct hw_field){.name = "a", .type = type};
    hw_leaf_init(&lane->leaf, &lane->field);
    lane->convert = hw_convert_of(type);
}

/* The number in the first `bytes` bytes, lowest first, and its sign in those that follow. */
static void number_put(uint8_t *out, int64_t value, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) {
        out[i] = (uint8_t)(i < 8 ? (uint64_t)value >> 8 * i : value < 0 ? 0xff : 0);
    }
}

/* Which kinds have another lane than their values: Parquet's types, LogicalTypes.md. */
static void only_values_of_other_lanes_are_converted(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_type type;
        bool converted;
    } rows[] = {
        {"bool", {.kind = HW_KIND_BOOL}, false},
        {"int8", {.kind = HW_KIND_INT8}, true},
        {"int16", {.kind = HW_KIND_INT16}, true},
        {"int32", {.kind = HW_KIND_INT32}, false},
        {"int64", {.kind = HW_KIND_INT64}, false},
        {"uint8", {.kind = HW_KIND_UINT8}, true},
        {"uint16", {.kind = HW_KIND_UINT16}, true},
        {"uint32", {.kind = HW_KIND_UINT32}, false},
        {"uint64", {.kind = HW_KIND_UINT64}, false},
        {"half", {.kind = HW_KIND_HALF}, false},
        {"double", {.kind = HW_KIND_DOUBLE}, false},
        {"decimal32", {.kind = HW_KIND_DECIMAL32, .precision = 9}, true},
        {"decimal64", {.kind = HW_KIND_DECIMAL64, .precision = 18}, true},
        {"decimal256", {.kind = HW_KIND_DECIMAL256, .precision = 76}, true},
        {"date", {.kind = HW_KIND_DATE}, false},
        {"date in milliseconds", {.kind = HW_KIND_DATE_MILLIS}, true},
        {"time in seconds", {.kind = HW_KIND_TIME32, .unit = HW_UNIT_SECONDS}, true},
        {"time in milliseconds", {.kind = HW_KIND_TIME32, .unit = HW_UNIT_MILLIS}, false},
        {"time in microseconds", {.kind = HW_KIND_TIME64, .unit = HW_UNIT_MICROS}, false},
        {"timestamp in seconds", {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_SECONDS}, true},
        {"timestamp in milliseconds", {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_MILLIS}, false},
        {"timestamp in nanoseconds", {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_NANOS}, false},
        {"duration in seconds is a number", {.kind = HW_KIND_DURATION, .unit = HW_UNIT_SECONDS}, false},
        {"interval", {.kind = HW_KIND_INTERVAL}, true},
        {"months", {.kind = HW_KIND_INTERVAL_MONTHS}, true},
        {"days", {.kind = HW_KIND_INTERVAL_DAYS}, true},
        {"text", {.kind = HW_KIND_TEXT}, false},
        {"uuid", {.kind = HW_KIND_UUID}, false},
        {"fixed", {.kind = HW_KIND_FIXED, .width = 3}, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_int(rows[i].name, hw_convert_of(rows[i].type) != NULL, rows[i].converted);
    }
}

/* Numbers that become numbers; three at once, so that steps are the right ones. */
static void numbers_are_converted(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_type type;
        size_t in_bytes;
        size_t out_bytes;
        int64_t in[VALUES];
        int64_t out[VALUES];
    } rows[] = {
        {"int8", {.kind = HW_KIND_INT8}, 1, 4, {-128, -1, 127}, {-128, -1, 127}},
        {"int16", {.kind = HW_KIND_INT16}, 2, 4, {-32768, -1, 32767}, {-32768, -1, 32767}},
        {"uint8", {.kind = HW_KIND_UINT8}, 1, 4, {0, 128, 255}, {0, 128, 255}},
        {"uint16", {.kind = HW_KIND_UINT16}, 2, 4, {0, 32768, 65535}, {0, 32768, 65535}},
        {"days", {.kind = HW_KIND_DATE_MILLIS}, 8, 4, {-86400000, 0, 172800000}, {-1, 0, 2}},
        {"the last days",
         {.kind = HW_KIND_DATE_MILLIS},
         8,
         4,
         {INT64_C(185542587100800000), INT64_C(-185542587187200000), 86400000},
         {INT32_MAX, INT32_MIN, 1}},
        {"times",
         {.kind = HW_KIND_TIME32, .unit = HW_UNIT_SECONDS},
         4,
         4,
         {0, 86399, 2147483},
         {0, 86399000, 2147483000}},
        {"timestamps",
         {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_SECONDS},
         8,
         8,
         {-1, INT64_C(9223372036854775), INT64_C(-9223372036854775)},
         {-1000, INT64_C(9223372036854775000), INT64_C(-9223372036854775000)}},
        {"decimal32", {.kind = HW_KIND_DECIMAL32, .precision = 9}, 4, 4, {-999999999, 1, -1}, {-999999999, 1, -1}},
        {"decimal64 of few digits", {.kind = HW_KIND_DECIMAL64, .precision = 9}, 8, 4, {-2, 258, 999}, {-2, 258, 999}},
        {"decimal64",
         {.kind = HW_KIND_DECIMAL64, .precision = 10},
         8,
         8,
         {-9999999999, 258, 9999999999},
         {-9999999999, 258, 9999999999}},
        {"decimal256 of few digits", {.kind = HW_KIND_DECIMAL256, .precision = 9}, 32, 4, {-2, 258, 9}, {-2, 258, 9}},
        {"decimal256 of more",
         {.kind = HW_KIND_DECIMAL256, .precision = 18},
         32,
         8,
         {-INT64_C(999999999999999999), 258, 1},
         {-INT64_C(999999999999999999), 258, 1}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct lane lane;
        struct hw_error err = HW_ERROR_INIT;
        uint8_t in[VALUES * VALUE_MAX], out[VALUES * VALUE_MAX + 1], want[VALUES * VALUE_MAX];
        const size_t bytes = rows[i].out_bytes;
        lane_init(&lane, rows[i].type);
        assert_row_int(rows[i].name, lane.leaf.width, bytes);
        for (size_t k = 0; k < VALUES; k++) {
            number_put(in + k * rows[i].in_bytes, rows[i].in[k], rows[i].in_bytes);
            number_put(want + k * bytes, rows[i].out[k], bytes);
        }
        out[VALUES * bytes] = 0x5a;
        assert_ok(lane.convert(out, &lane.leaf, in, VALUES, &err), err);
        assert_row_bytes(rows[i].name, out, VALUES * bytes, want, VALUES * bytes);
        assert_row_int(rows[i].name, out[VALUES * bytes], 0x5a); /* no more is written */
    }
}

/* FIXED_LEN_BYTE_ARRAY decimals are big-endian two's complement of the fewest bytes. */
static void wide_decimals_are_big_endian(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint8_t precision;
        size_t width;
        int64_t values[2];
        const char *want;
    } rows[] = {
        {"19 digits", 19, 9, {1, -2}, "\0\0\0\0\0\0\0\0\1\xff\xff\xff\xff\xff\xff\xff\xff\xfe"},
        {"21 digits", 21, 9, {0x1234, -1}, "\0\0\0\0\0\0\0\x12\x34\xff\xff\xff\xff\xff\xff\xff\xff\xff"},
        {"22 digits", 22, 10, {-256, 256}, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0\0\0\0\0\0\1\0"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct lane lane;
        struct hw_error err = HW_ERROR_INIT;
        uint8_t in[2 * 32], out[2 * 32];
        lane_init(&lane, (struct hw_type){.kind = HW_KIND_DECIMAL256, .precision = rows[i].precision});
        assert_row_int(rows[i].name, lane.leaf.width, rows[i].width);
        number_put(in, rows[i].values[0], 32);
        number_put(in + 32, rows[i].values[1], 32);
        assert_ok(lane.convert(out, &lane.leaf, in, 2, &err), err);
        assert_row_bytes(rows[i].name, out, 2 * rows[i].width, rows[i].want, 2 * rows[i].width);
    }
}

/* LogicalTypes.md, INTERVAL: months, days, milliseconds, each four bytes without a sign. */
static void intervals_are_three_numbers(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum hw_kind kind;
        size_t in_bytes;
        const char *in;
        const char *want;
    } rows[] = {
        {"months", HW_KIND_INTERVAL_MONTHS, 4, "\1\2\0\0\3\0\0\0", "\1\2\0\0\0\0\0\0\0\0\0\0\3\0\0\0\0\0\0\0\0\0\0\0"},
        {"days", HW_KIND_INTERVAL_DAYS, 8, "\4\0\0\0\5\0\0\0\6\0\0\0\7\0\0\0",
         "\0\0\0\0\4\0\0\0\5\0\0\0\0\0\0\0\6\0\0\0\7\0\0\0"},
        /* 3,000,000 ns are 0x2dc6c0 */
        {"all three", HW_KIND_INTERVAL, 16, "\1\0\0\0\2\0\0\0\xc0\xc6\x2d\0\0\0\0\0\4\0\0\0\5\0\0\0\0\0\0\0\0\0\0\0",
         "\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\5\0\0\0\0\0\0\0"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct lane lane;
        struct hw_error err = HW_ERROR_INIT;
        uint8_t in[32], out[24];
        lane_init(&lane, (struct hw_type){.kind = rows[i].kind});
        assert_row_int(rows[i].name, lane.leaf.width, 12);
        memcpy(in, rows[i].in, 2 * rows[i].in_bytes);
        assert_ok(lane.convert(out, &lane.leaf, in, 2, &err), err);
        assert_row_bytes(rows[i].name, out, 24, rows[i].want, 24);
    }
}

/* The second of two values is the one that does not go. */
static void what_does_not_go_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_type type;
        size_t in_bytes;
        int64_t value;
        const char *says;
    } rows[] = {
        {"part of a day",
         {.kind = HW_KIND_DATE_MILLIS},
         8,
         86400001,
         "a date of 86400001 ms is no whole day, or too far"},
        {"one day too many", {.kind = HW_KIND_DATE_MILLIS}, 8, INT64_C(185542587187200000), "or too far"},
        {"one day too few", {.kind = HW_KIND_DATE_MILLIS}, 8, INT64_C(-185542587273600000), "or too far"},
        {"a late time",
         {.kind = HW_KIND_TIME32, .unit = HW_UNIT_SECONDS},
         4,
         2147484,
         "a time of 2147484 s has no place in milliseconds"},
        {"an early time",
         {.kind = HW_KIND_TIME32, .unit = HW_UNIT_SECONDS},
         4,
         -2147484,
         "a time of -2147484 s has no place in milliseconds"},
        {"a late timestamp",
         {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_SECONDS},
         8,
         INT64_C(9223372036854776),
         "a timestamp of 9223372036854776 s has no place in milliseconds"},
        {"an early timestamp",
         {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_SECONDS},
         8,
         INT64_C(-9223372036854776),
         "a timestamp of -9223372036854776 s has no place in milliseconds"},
        {"a decimal of 4 bytes",
         {.kind = HW_KIND_DECIMAL64, .precision = 9},
         8,
         INT64_C(2147483648),
         "a decimal has more than its 9 digits"},
        {"a decimal of 8 bytes and more digits",
         {.kind = HW_KIND_DECIMAL256, .precision = 1},
         32,
         INT64_MIN,
         "a decimal has more than its 1 digits"},
        {"months", {.kind = HW_KIND_INTERVAL_MONTHS}, 4, -1, "an interval is negative, or finer than milliseconds"},
        {"days", {.kind = HW_KIND_INTERVAL_DAYS}, 8, -1, "an interval is negative, or finer than milliseconds"},
        {"nanoseconds", {.kind = HW_KIND_INTERVAL}, 16, -1, "an interval is negative, or finer than milliseconds"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct lane lane;
        struct hw_error err = HW_ERROR_INIT;
        uint8_t in[2 * VALUE_MAX] = {0}, out[2 * VALUE_MAX];
        lane_init(&lane, rows[i].type);
        number_put(in + rows[i].in_bytes, rows[i].value, rows[i].in_bytes);
        assert_row_int(rows[i].name, lane.convert(out, &lane.leaf, in, 2, &err), HW_EDATA);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_int(rows[i].name, lane.convert(out, &lane.leaf, in, 2, NULL), HW_EDATA);
        assert_ok(lane.convert(out, &lane.leaf, in, 1, &err), err); /* the first one goes */
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_values_of_other_lanes_are_converted),
        cmocka_unit_test(numbers_are_converted),
        cmocka_unit_test(wide_decimals_are_big_endian),
        cmocka_unit_test(intervals_are_three_numbers),
        cmocka_unit_test(what_does_not_go_is_refused),
    };
    return cmocka_run_group_tests_name("parquet/convert", tests, NULL, NULL);
}
