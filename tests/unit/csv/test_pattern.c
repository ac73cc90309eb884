/* SPDX-License-Identifier: Apache-2.0 */
/* Expected: POSIX.1-2017, XBD 9.4 (extended regular expressions). */
#include "csv/pattern.h"

#include "support/rows.h"

static const struct {
    const char *name;
    const char *pattern;
    hw_view text;
    bool want;
} rows[] = {
    {"found anywhere", "b", HW_VIEW_INIT("abc"), true},
    {"found nowhere", "x", HW_VIEW_INIT("abc"), false},
    {"anchored, all of it", "^abc$", HW_VIEW_INIT("abc"), true},
    {"anchored, more before", "^abc$", HW_VIEW_INIT("xabc"), false},
    {"anchored, more after", "^abc$", HW_VIEW_INIT("abcx"), false},
    {"a line's end is no text's end", "^abc$", HW_VIEW_INIT("abc\nx"), false},
    {"a dot takes a line end", "^a.c$", HW_VIEW_INIT("a\nc"), true},
    {"the empty text", "^$", HW_VIEW_INIT(""), true},
    {"something, in the empty text", ".", HW_VIEW_INIT(""), false},
    {"alternatives and intervals", "^(ab|cd){2,3}$", HW_VIEW_INIT("abcdab"), true},
    {"too many for an interval", "^(ab|cd){2,3}$", HW_VIEW_INIT("abcdabcd"), false},
    {"case matters", "^A$", HW_VIEW_INIT("a"), false},
    {"a dot is a character of two bytes", "^.$", HW_VIEW_INIT("\xc3\xa9"), true},
    {"a dot is a character of four bytes", "^.$", HW_VIEW_INIT("\xf0\x9f\x98\x80"), true},
    {"a list of characters of two bytes", "^[\xc3\xa4\xc3\xb6]$", HW_VIEW_INIT("\xc3\xb6"), true},
    {"half of such a character is not in it", "^[\xc3\xa4\xc3\xb6]+$", HW_VIEW_INIT("\xc3\xa9"), false},
    {"a class", "^[[:digit:]]+$", HW_VIEW_INIT("0123"), true},
    {"letters beyond ASCII", "^[[:alpha:]]+$", HW_VIEW_INIT("\xc3\xa9t\xc3\xa9"), true},
    {"a NUL is a byte like others", "^a.?b$", HW_VIEW_INIT("a\0\0b"), false},
    {"what stands behind a NUL counts", "b$", HW_VIEW_INIT("a\0b"), true},
};

static void patterns_match_as_posix_says(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_csv_pattern) pattern = {0};
        char around[64];
        bool found = false;
        assert_ok(hw_csv_pattern_init(&pattern, rows[i].pattern, &err), err);
        memset(around, 'b', sizeof(around)); /* what follows the text must not be seen */
        memcpy(around, rows[i].text.data, rows[i].text.size);
        assert_ok(hw_csv_pattern_find(&pattern, (hw_view){around, rows[i].text.size}, &found, &err), err);
        assert_row_int(rows[i].name, found, rows[i].want);
    }
}

static void faults_name_the_pattern(void **state) {
    (void)state;
    static const char *const faults[] = {"(", "[a", "a{2,1}", "a\\"};
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_csv_pattern pattern = {0};
        char says[64];
        enum hw_status status = hw_csv_pattern_init(&pattern, faults[i], &err);
        assert_row_int(faults[i], status, HW_ECONFIG);
        assert_row_says(faults[i], err.message, "is no extended regular expression: ");
        hw_quote(faults[i], strlen(faults[i]), says, sizeof(says));
        assert_row_says(faults[i], err.message, says);
        assert_row_int(faults[i], pattern.ready, false);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_match_as_posix_says),
        cmocka_unit_test(faults_name_the_pattern),
    };
    return cmocka_run_group_tests_name("csv/pattern", tests, NULL, NULL);
}
