/* SPDX-License-Identifier: Apache-2.0 */
#include "table/filter_rows.h"

#include "filter_table.h"
#include "support/alloc_fault.h"

struct row {
    const char *text;
    const char *rows;
};

static void rows_check(const struct row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct hw_error err = HW_ERROR_INIT;
        char got[ROWS + 1];
        assert_ok(kept(rows[i].text, got, &err), err);
        assert_row_text(rows[i].text, got, rows[i].rows);
    }
}

static void comparisons_stand_either_way(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"i = 1", "0"},    {"i != 1", "1345"}, {"i <> 1", "1345"}, {"i < 1", "35"},   {"i <= 1", "035"},
        {"i > 1", "14"},   {"i >= 1", "014"},  {"1 > i", "35"},    {"1 >= i", "035"}, {"1 < i", "14"},
        {"1 <= i", "014"}, {"1 = i", "0"},     {"1 != i", "1345"},
    };
    rows_check(rows, COUNT_OF(rows));
}

static void numbers_that_a_type_has_not_are_exact(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"i < 3e9", "01345"},
        {"i > 3e9", ""},
        {"i != 3e9", "01345"},
        {"i = 1.5", ""},
        {"i < 1.5", "035"},
        {"i >= 1.5", "14"},
        {"i > -0.5", "0145"},
        {"i >= -99999999999999999999999999999999999999999999999999999999999999999999999999999999", "01345"},
        {"i = 1.0", "0"},
        {"i = 10e-1", "0"},
        {"i <= 2147483647", "01345"},
        {"i > 2147483646.99", "4"},
        {"NOT i < 1e400", ""},
        {"u = 18446744073709551615", "1"},
        {"u > 9223372036854775807", "14"},
        {"u < 0", ""},
        {"u >= -1", "01245"},
        {"u <= 18446744073709551616", "01245"},
        {"u < 5.5", "02"},
    };
    rows_check(rows, COUNT_OF(rows));
}

static void nan_is_above_all_and_equals_itself(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"d = 0.1", "0"},       {"d = 0", "2"},         {"d >= 0", "0123"},       {"d > 'inf'", "1"},
        {"d = 'NaN'", "1"},     {"d != 'nan'", "0235"}, {"d < 'nan'", "0235"},    {"d < 1e400", "025"},
        {"d > -1e400", "0123"}, {"d = 1e400", ""},      {"d = '-Infinity'", "5"}, {"f = 0.1", "0"},
        {"f <= 1e39", "01235"}, {"f > 1e39", ""},       {"h = 0.1", "0"},         {"h < 65520", "0123"},
        {"h > 65520", "5"},     {"h >= 65504", "35"},   {"h = -2", "2"},
    };
    rows_check(rows, COUNT_OF(rows));
}

static void decimals_are_exact(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"m = 1.5", "0"},
        {"m = 1.500", "0"},
        {"m < 1.495", "135"},
        {"m > 1.495", "04"},
        {"m = 1.495", ""},
        {"m < -0.005", "1"},
        {"m >= 1e60", ""},
        {"m <= 1e60", "01345"},
        {"m > -1e30", "01345"},
        {"w < 1e38", "0345"},
        {"w = 100000000000000000000000000000000000000", "1"},
        {"w >= -1e38", "01345"},
        {"w > 0", "015"},
        {"w > 0.001", "015"},
        {"w < 0.001", "34"},
        {"w > 1e80", ""},
        {"w < 1e80", "01345"},
    };
    rows_check(rows, COUNT_OF(rows));
}

static void texts_are_compared_byte_by_byte(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"text = ''", "0"},
        {"text = 'it''s'", "4"},
        {"text >= 'b'", "245"},
        {"text > 'it'", "45"},
        {"text = '\xc3\xa4'", "5"},
        {"text IN ('b', 'a', 'a', 'zz')", "12"},
        {"text NOT IN ('b', 'a')", "045"},
        {"bin = x'61'", "1"},
        {"bin > X'C3'", "5"},
        {"bin = 'b'", "2"},
        {"bin = x''", "0"},
        {"g = '6BA7B810-9dad-11d1-80b4-00c04fd430c8'", "0"},
        {"g > '6ba7b810-9dad-11d1-80b4-00c04fd430c8'", "35"},
        {"g = x'00000000000000000000000000000001'", "4"},
        {"g < x'01'", "14"},
    };
    rows_check(rows, COUNT_OF(rows));
}

static void bools_are_conditions(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"b", "035"},        {"NOT b", "14"},    {"b = true", "035"},
        {"b != TRUE", "14"}, {"b < true", "14"}, {"false = b", "14"},
    };
    rows_check(rows, COUNT_OF(rows));
}

static void days_and_times_have_their_units(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"date = '2024-02-29'", "0"},
        {"date = date '2024-02-29'", "0"},
        {"date < DATE '1970-01-01'", "34"},
        {"date <= '1970-01-01 12:00'", "134"},
        {"date = '1970-01-01 12:00'", ""},
        {"date >= '9999-12-31'", "5"},
        {"date < '+12024-01-01'", "01345"},
        {"date > '-0044-03-15'", "01345"},
        {"date = '0001-01-01'", "4"},
        {"z = '1970-01-01'", "0"},
        {"z < '1970-01-01T00:00:00Z'", "15"},
        {"z < '1970-01-01T00:00:00.0000001'", "015"},
        {"z > timestamp '1969-12-31 23:59:59.999999'", "034"},
        {"z = '2024-02-29T14:00:00+02:00'", "3"},
        {"z = '2024-02-29T07:30:00-0430'", "3"},
        {"z < '+999999-01-01'", "01345"},
        {"z > '+999999-01-01'", ""},
        {"z > '-999999-01-01'", "01345"},
        {"local = '2024-02-29 12:00'", "3"},
        {"c = '12:00'", "1"},
        {"c = time '12:00:00.5'", "5"},
        {"c > '12:00:00.4999999'", "35"},
        {"c <= '23:59:59.999999'", "01345"},
    };
    rows_check(rows, COUNT_OF(rows));
}

static void null_is_neither_true_nor_false(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"i IS NULL", "2"},
        {"i IS NOT NULL", "01345"},
        {"NOT i IS NULL", "01345"},
        {"none IS NULL", "012345"},
        {"none = 5", ""},
        {"none != 'x'", ""},
        {"NOT none = 5", ""},
        {"l IS NULL", "4"},
        {"s IS NULL", "2"},
        {"s.a IS NULL", "24"},
        {"s.a > 20", "35"},
        {"s.\"b c\" > 20", "345"},
        {"s IS NOT NULL and s . a <= 10", "0"},
        {"i = 1 OR i IS NULL", "02"},
        {"i > 0 AND text > ''", "14"},
        {"i > 0 OR text = 'b'", "0124"},
        {"NOT (i > 0 AND text > '')", "035"},
        {"NOT (i > 0 OR text = 'b')", "5"},
        {"NOT NOT i = 1", "0"},
        {"i = 1 OR i = 2 AND b", "0"},
        {"(i = 1 OR i = 2) AND b", "0"},
        {"(i = 1 OR i = 2) AND NOT b", "1"},
        {"i IN (-5, 0, 7.5, 1e30)", "35"},
        {"i NOT IN (-5, +0)", "014"},
        {"i NOT IN (1e30)", "01345"},
        {"i IN (1e30)", ""},
        {"d IN (0, 'nan')", "12"},
        {"\"AND\" = 1", "02"},
        {"\"i\"=1", "0"},
        {" i=.1e1 ", "0"},
    };
    rows_check(rows, COUNT_OF(rows));
}

static void no_more_rows_than_asked_for(void **state) {
    (void)state;
    static const struct {
        const char *text;
        uint64_t limit;
        size_t rows;
        size_t ranges;
    } rows[] = {
        {"i IS NOT NULL", 0, 0, 0}, {"i IS NOT NULL", 1, 1, 1}, {"i IS NOT NULL", 2, 2, 1},
        {"i IS NOT NULL", 3, 3, 2}, {"i IS NOT NULL", 9, 5, 2}, {"none IS NULL", 4, 4, 1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_predicate) predicate = {0};
        HW_AUTO(hw_filter) filter = {0};
        HW_AUTO(hw_filter_room) room = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_kept_rows got;
        assert_ok(hw_predicate_parse(&predicate, rows[i].text, &err), err);
        assert_ok(hw_filter_make(&filter, &predicate, &schema, &err), err);
        const uint32_t *places[] = {filter.columns[0].path};
        assert_ok(hw_filter_rows(&filter, places, &batch, rows[i].limit, &room, &got, &err), err);
        assert_row_int(rows[i].text, got.rows, rows[i].rows);
        assert_row_int(rows[i].text, got.count, rows[i].ranges);
    }
}

static void no_memory_is_told(void **state) {
    (void)state;
    bool fired = true;
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        char got[ROWS + 1];
        alloc_fault_begin(&fault, successes);
        const enum hw_status status = kept("i IN (1, 2, 3, 4, 5, 6, 7, 8, 9) AND text IS NOT NULL AND text != 'q' AND "
                                           "(w != 1 OR g = x'00' OR NOT i < 1e30 OR s.\"b c\" = +1)",
                                           got, &err);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        if (status == HW_OK) {
            assert_string_equal(got, "01");
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comparisons_stand_either_way),       cmocka_unit_test(numbers_that_a_type_has_not_are_exact),
        cmocka_unit_test(nan_is_above_all_and_equals_itself), cmocka_unit_test(decimals_are_exact),
        cmocka_unit_test(texts_are_compared_byte_by_byte),    cmocka_unit_test(bools_are_conditions),
        cmocka_unit_test(days_and_times_have_their_units),    cmocka_unit_test(null_is_neither_true_nor_false),
        cmocka_unit_test(no_more_rows_than_asked_for),        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests_name("table/filter_rows", tests, NULL, NULL);
}
