/* SPDX-License-Identifier: Apache-2.0 */
#include "core/whole_number.h"

#include "support/rows.h"

enum { UNTOUCHED = 77 };

static void digits_are_taken_off_the_front(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool good;
        uint64_t number;
        const char *rest;
    } rows[] = {
        {"0", true, 0, ""},
        {"007", true, 7, ""},
        {"12-34", true, 12, "-34"},
        {"18446744073709551615", true, UINT64_MAX, ""},
        {"18446744073709551616", false, UNTOUCHED, "18446744073709551616"}, /* one more */
        {"99999999999999999999", false, UNTOUCHED, "99999999999999999999"}, /* ten times as much */
        {"", false, UNTOUCHED, ""},
        {"-1", false, UNTOUCHED, "-1"},
        {"+1", false, UNTOUCHED, "+1"},
        {" 1", false, UNTOUCHED, " 1"},
        {"/1", false, UNTOUCHED, "/1"}, /* the byte before '0' */
        {":1", false, UNTOUCHED, ":1"}, /* the byte behind '9' */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        hw_view text = hw_view_of(rows[i].text);
        uint64_t number = UNTOUCHED;
        assert_row_int(rows[i].text, hw_whole_number_take(&text, &number), rows[i].good);
        assert_row_int(rows[i].text, number, rows[i].number);
        assert_row_text(rows[i].text, text.data, rows[i].rest);
        assert_row_int(rows[i].text, text.size, strlen(rows[i].rest));
    }
}

static void a_whole_text_must_be_digits(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool good;
        uint64_t number;
    } rows[] = {{"42", true, 42},
                {"18446744073709551615", true, UINT64_MAX},
                {"18446744073709551616", false, UNTOUCHED},
                {"", false, UNTOUCHED},
                {"4 ", false, UNTOUCHED},
                {"4x", false, UNTOUCHED},
                {"4.0", false, UNTOUCHED}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint64_t number = UNTOUCHED;
        assert_row_int(rows[i].text, hw_whole_number_read(hw_view_of(rows[i].text), &number), rows[i].good);
        assert_row_int(rows[i].text, number, rows[i].number);
    }
    uint64_t number = UNTOUCHED;
    assert_false(hw_whole_number_read((hw_view){0}, &number));
    assert_true(hw_whole_number_read((hw_view){"123", 2}, &number));
    assert_int_equal(number, 12);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digits_are_taken_off_the_front),
        cmocka_unit_test(a_whole_text_must_be_digits),
    };
    return cmocka_run_group_tests_name("core/whole_number", tests, NULL, NULL);
}
