/* SPDX-License-Identifier: Apache-2.0 */
/* Expected: POSIX.1-2017, XBD 9.4 (extended regular expressions). */
#include "csv/pattern.h"

#include "core/limits.h"

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

/* Sizes by hand: POSIX.1-2017, XBD 9.4.6, and how often each repeat writes its element out. */
static void patterns_that_would_take_much_memory_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *pattern;
        const char *says; /* NULL: taken */
    } sizes[] = {
        {"a{2047}", NULL},
        {"a{2048}", "at its byte 2: it has more than 2048 characters when its repeats are written out"},
        {"a{0,2047}", NULL},
        {"a{0,2048}", "it has more than"},
        {"a{,2048}", "it has more than"},
        {"a{2046,}", NULL},
        {"a{2047,}", "it has more than"},
        {"a{99999999999999999999}", "it has more than"},
        {"(a{50}){40}", "at its byte 8: it has more than"},
        {"((a{50}){50}){50}", "at its byte 9: it has more than"},
        {"((a{10}){10}){10}", NULL},
        {"(a|b|c){342}", "at its byte 8: it has more than"},
        {"(a|b|c){341}", NULL},
        {"[0-9a-f]{2000}", NULL},
        {"[]a]{2000}", NULL},
        {"[^]{9}[:alpha:]]{2000}", NULL},
        {"[[:alpha:]{9999}]", NULL},
        {"\\({2000}", NULL},
        {"\xc3\xa9{1000}", NULL},
        {"\xc3\xa9{2000}", "at its byte 3: it has more than"},
        {"a{1024}|b{1021}", NULL},
        {"a{1024}|b{1024}", "at its byte 10: it has more than"},
        {"((((((((((((x+)+)+)+)+)+)+)+)+)+)+)+)", "it has more than"},
        {"((x+)+)+", NULL},
        {"x++", "at its byte 3: a repeat stands right after another one (write (x+)* instead of x+*)"},
        {"x++++++++++++++++++++++", "at its byte 3: a repeat stands right after"},
        {"x{2}{2}", "at its byte 5: a repeat stands right after"},
        {"ab*?", "at its byte 4: a repeat stands right after"},
        {"(a)*+", "at its byte 5: a repeat stands right after"},
        {"a+b+c+", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_csv_pattern) pattern = {0};
        enum hw_status want = sizes[i].says ? HW_ECONFIG : HW_OK;
        assert_row_int(sizes[i].pattern, hw_csv_pattern_init(&pattern, sizes[i].pattern, &err), want);
        assert_row_says(sizes[i].pattern, err.message, sizes[i].says ? sizes[i].says : "");
    }
}

static void groups_nest_as_deep_as_their_limit(void **state) {
    (void)state;
    for (size_t depth = HW_CSV_PATTERN_DEPTH_MAX; depth <= HW_CSV_PATTERN_DEPTH_MAX + 1; depth++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_csv_pattern) pattern = {0};
        char text[2 * (HW_CSV_PATTERN_DEPTH_MAX + 1) + 2] = "";
        memset(text, '(', depth);
        text[depth] = 'x';
        memset(text + depth + 1, ')', depth);
        bool deep = depth > HW_CSV_PATTERN_DEPTH_MAX;
        assert_int_equal(hw_csv_pattern_init(&pattern, text, &err), deep ? HW_ECONFIG : HW_OK);
        assert_row_says("nesting", err.message, deep ? "at its byte 65: groups are nested deeper than 64" : "");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_match_as_posix_says),
        cmocka_unit_test(faults_name_the_pattern),
        cmocka_unit_test(patterns_that_would_take_much_memory_are_refused),
        cmocka_unit_test(groups_nest_as_deep_as_their_limit),
    };
    return cmocka_run_group_tests_name("csv/pattern", tests, NULL, NULL);
}
