/* SPDX-License-Identifier: Apache-2.0 */
#include "table/filter_number.h"

#include <math.h>

#include "support/rows.h"

static void numbers_are_taken_apart(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool negative;
        const char *digits;
        int64_t exp10;
    } rows[] = {
        {"0", false, "", 0},
        {"-12", true, "12", 0},
        {"001.500", false, "15", -1},
        {".05", false, "5", -2},
        {"1200", false, "12", 2},
        {"12.", false, "12", 0},
        {"1e3", false, "1", 3},
        {"1.5E-3", false, "15", -4},
        {"100e+2", false, "1", 4},
        {"1e99999999999999999999", false, "1", 1000000},
        {"1e-99999999999999999999", false, "1", -1000000},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_literal_number number;
        assert_ok(hw_literal_number_read(hw_view_of(rows[i].text), &number, &err), err);
        assert_row_int(rows[i].text, number.negative, rows[i].negative);
        assert_row_bytes(rows[i].text, number.digits, number.count, rows[i].digits, strlen(rows[i].digits));
        if (number.count > 0) {
            assert_row_int(rows[i].text, number.exp10, rows[i].exp10);
        }
    }
}

static void digits_have_a_limit(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t zeros;
        size_t digits;
        enum hw_status status;
    } rows[] = {
        {"as many as may be", 0, HW_LITERAL_DIGITS_MAX, HW_OK},
        {"one more", 0, HW_LITERAL_DIGITS_MAX + 1, HW_EUSAGE},
        {"zeros before them do not count", 1000, HW_LITERAL_DIGITS_MAX, HW_OK},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_literal_number number;
        char text[2 * HW_LITERAL_DIGITS_MAX + 1];
        memset(text, '0', rows[i].zeros);
        memset(text + rows[i].zeros, '7', rows[i].digits);
        const hw_view view = {text, rows[i].zeros + rows[i].digits};
        assert_row_int(rows[i].name, hw_literal_number_read(view, &number, NULL), rows[i].status);
    }
}

/* Floors are those of Python's decimals. */
static void floors_are_exact(void **state) {
    (void)state;
    static const struct {
        const char *text;
        unsigned scale;
        bool held;
        bool wide;
        int64_t floor;
        bool exact;
    } rows[] = {
        {"0", 0, true, true, 0, true},
        {"-0.0", 5, true, true, 0, true},
        {"1.5", 0, true, true, 1, false},
        {"-1.5", 0, true, true, -2, false},
        {"-1.5", 1, true, true, -15, true},
        {"1.5", 3, true, true, 1500, true},
        {"0.001", 2, true, true, 0, false},
        {"-0.001", 2, true, true, -1, false},
        {"1e-400", 0, true, true, 0, false},
        {"-1e-400", 0, true, true, -1, false},
        {"9223372036854775807", 0, true, true, INT64_MAX, true},
        {"-9223372036854775808", 0, true, true, INT64_MIN, true},
        {"1e38", 0, true, true, 0, true},
        {"170141183460469231731687303715884105728", 0, true, false, 0, true},
        {"-170141183460469231731687303715884105729", 0, true, false, 0, true},
        {"1e75", 0, true, false, 0, true},
        {"1e76", 0, false, false, 0, false},
        {"1e70", 6, false, false, 0, false},
        {"1e1000000", 76, false, false, 0, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_literal_number number;
        struct hw_huge floor;
        bool exact = false;
        __int128 wide = 0;
        assert_int_equal(hw_literal_number_read(hw_view_of(rows[i].text), &number, NULL), HW_OK);
        assert_row_int(rows[i].text, hw_literal_number_scale(&number, rows[i].scale, &floor, &exact), rows[i].held);
        if (rows[i].held) {
            assert_row_int(rows[i].text, exact, rows[i].exact);
            assert_row_int(rows[i].text, hw_huge_wide(&floor, &wide), rows[i].wide);
        }
        if (rows[i].wide && rows[i].text[0] != '1') {
            assert_row_int(rows[i].text, wide == rows[i].floor, true);
        }
    }
}

static void doubles_are_the_nearest(void **state) {
    (void)state;
    static const struct {
        const char *text;
        double value;
    } rows[] = {{"0", 0.0},
                {"0.1", 0.1},
                {"-2.5e-3", -2.5e-3},
                {"123456789012345678901234567890", 0x1.8ee90ff6c373ep+96},
                {"1e-400", 0.0},
                {"1e400", (double)INFINITY},
                {"-1e400", -(double)INFINITY}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_literal_number number;
        assert_int_equal(hw_literal_number_read(hw_view_of(rows[i].text), &number, NULL), HW_OK);
        assert_row_int(rows[i].text, hw_literal_number_double(&number) == rows[i].value, true);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_taken_apart),
        cmocka_unit_test(digits_have_a_limit),
        cmocka_unit_test(floors_are_exact),
        cmocka_unit_test(doubles_are_the_nearest),
    };
    return cmocka_run_group_tests_name("table/filter_number", tests, NULL, NULL);
}
