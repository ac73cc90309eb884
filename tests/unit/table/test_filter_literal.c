/* SPDX-License-Identifier: Apache-2.0 */
#include "table/filter_literal.h"

#include <float.h>
#include <math.h>

#include "support/rows.h"

/* The place of a literal among the values of a type; keys are the integers themselves. */
static void literals_have_their_place(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum hw_literal_kind kind;
        const char *text;
        struct hw_type type;
        enum hw_literal_fit fit;
        int64_t key;
    } rows[] = {
        {"a byte", HW_LITERAL_NUMBER, "127", {.kind = HW_KIND_INT8}, HW_FIT_EXACT, 127},
        {"above all bytes", HW_LITERAL_NUMBER, "128", {.kind = HW_KIND_INT8}, HW_FIT_ABOVE, 0},
        {"below all bytes", HW_LITERAL_NUMBER, "-128.5", {.kind = HW_KIND_INT8}, HW_FIT_BELOW, 0},
        {"above the last byte", HW_LITERAL_NUMBER, "127.5", {.kind = HW_KIND_INT8}, HW_FIT_BETWEEN, 127},
        {"below zero", HW_LITERAL_NUMBER, "-0.1", {.kind = HW_KIND_UINT16}, HW_FIT_BELOW, 0},
        {"the first of 64 bits", HW_LITERAL_NUMBER, "0", {.kind = HW_KIND_UINT64}, HW_FIT_EXACT, INT64_MIN},
        {"the last of 64 bits",
         HW_LITERAL_NUMBER,
         "18446744073709551615",
         {.kind = HW_KIND_UINT64},
         HW_FIT_EXACT,
         INT64_MAX},
        {"beyond 64 bits", HW_LITERAL_NUMBER, "18446744073709551616", {.kind = HW_KIND_UINT64}, HW_FIT_ABOVE, 0},
        {"hundredths", HW_LITERAL_NUMBER, "-1.255", {.kind = HW_KIND_DECIMAL64, .scale = 2}, HW_FIT_BETWEEN, -126},
        {"beyond 32 bits of days", HW_LITERAL_TEXT, "+9999999-01-01", {.kind = HW_KIND_DATE}, HW_FIT_ABOVE, 0},
        {"half a day", HW_LITERAL_TEXT, "1969-12-31 12:00", {.kind = HW_KIND_DATE}, HW_FIT_BETWEEN, -1},
        {"milliseconds of days", HW_LITERAL_TEXT, "1970-01-02", {.kind = HW_KIND_DATE_MILLIS}, HW_FIT_EXACT, 86400000},
        {"seconds",
         HW_LITERAL_TIMESTAMP,
         "1970-01-01 00:01:00.5",
         {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_SECONDS},
         HW_FIT_BETWEEN,
         60},
        {"nanoseconds",
         HW_LITERAL_TEXT,
         "1970-01-01 00:00:00.000000001",
         {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_NANOS},
         HW_FIT_EXACT,
         1},
        {"beyond 64 bits of nanoseconds",
         HW_LITERAL_TEXT,
         "1600-01-01",
         {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_NANOS},
         HW_FIT_BELOW,
         0},
        {"a time",
         HW_LITERAL_TIME,
         "00:00:01.0005",
         {.kind = HW_KIND_TIME32, .unit = HW_UNIT_MILLIS},
         HW_FIT_BETWEEN,
         1000},
        {"true", HW_LITERAL_TRUE, "", {.kind = HW_KIND_BOOL}, HW_FIT_EXACT, 1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_arena) arena = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_literal_value value;
        const struct hw_literal literal = {rows[i].kind, hw_view_of(rows[i].text), 0};
        assert_ok(hw_literal_value(&literal, rows[i].type, &arena, &value, &err), err);
        assert_row_int(rows[i].name, value.fit, rows[i].fit);
        if (rows[i].fit == HW_FIT_EXACT || rows[i].fit == HW_FIT_BETWEEN) {
            assert_row_int(rows[i].name, value.value.key, rows[i].key);
        }
    }
}

/* Values are those of numpy's float16 and float32 of the text. */
static void floats_are_the_nearest_of_their_width(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum hw_kind kind;
        enum hw_literal_fit fit;
        double value;
    } rows[] = {
        {"0.1", HW_KIND_DOUBLE, HW_FIT_EXACT, 0.1},
        {"0.1", HW_KIND_FLOAT, HW_FIT_EXACT, 0x1.99999ap-4},
        {"0.1", HW_KIND_HALF, HW_FIT_EXACT, 0x1.998p-4},
        {"-2049", HW_KIND_HALF, HW_FIT_EXACT, -2048},
        {"2051", HW_KIND_HALF, HW_FIT_EXACT, 2052},
        {"65519.9", HW_KIND_HALF, HW_FIT_EXACT, 65504},
        {"65520", HW_KIND_HALF, HW_FIT_BETWEEN, 65504},
        {"1e-9", HW_KIND_HALF, HW_FIT_EXACT, 0},
        {"1e39", HW_KIND_FLOAT, HW_FIT_BETWEEN, (double)FLT_MAX},
        {"1e400", HW_KIND_DOUBLE, HW_FIT_BETWEEN, DBL_MAX},
        {"-1e400", HW_KIND_DOUBLE, HW_FIT_BETWEEN, -(double)INFINITY},
        {"-1e39", HW_KIND_FLOAT, HW_FIT_BETWEEN, -(double)INFINITY},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_literal_value value;
        const struct hw_literal literal = {HW_LITERAL_NUMBER, hw_view_of(rows[i].text), 0};
        const struct hw_type type = {.kind = rows[i].kind};
        assert_int_equal(hw_literal_value(&literal, type, NULL, &value, NULL), HW_OK);
        assert_row_int(rows[i].text, value.fit, rows[i].fit);
        assert_row_int(rows[i].text, value.value.key, hw_value_key_of_double(rows[i].value));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(literals_have_their_place),
        cmocka_unit_test(floats_are_the_nearest_of_their_width),
    };
    return cmocka_run_group_tests_name("table/filter_literal", tests, NULL, NULL);
}
