/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of a line is what a POSIX shell makes of it (2.2 Quoting), and s5cmd of comments. */
#include "cli/batch_words.h"

#include "support/rows.h"

enum { WORDS_MAX = 6 };

static void lines_become_words(void **state) {
    (void)state;
    static const struct {
        const char *line;
        const char *words[WORDS_MAX];
    } rows[] = {
        {"", {NULL}},
        {" \t\r", {NULL}},
        {"# cp a b", {NULL}},
        {"   # cp a b", {NULL}},
        {"cp a b", {"cp", "a", "b"}},
        {"  cp\ta  b \r", {"cp", "a", "b"}},
        {"cp 'a b' \"c d\"", {"cp", "a b", "c d"}},
        {"cp a\\ b c", {"cp", "a b", "c"}},
        {"cp 'it'\\''s' b", {"cp", "it's", "b"}},
        {"cp a'b'\"c\"d", {"cp", "abcd"}},
        {"cp '' \"\"", {"cp", "", ""}},
        {"cp 'a\\b' \"a\\b\" \"a\\\\b\" \"a\\\"b\" \"\\$x\\`\"", {"cp", "a\\b", "a\\b", "a\\b", "a\"b", "$x`"}},
        {"cp \\\\ \\' \\#", {"cp", "\\", "'", "#"}},
        {"cp a#b #c", {"cp", "a#b", "#c"}},
        {"cp $HOME *.csv a|b >x", {"cp", "$HOME", "*.csv", "a|b", ">x"}},
        {"cp '\"' \"'\"", {"cp", "\"", "'"}},
        {"cp \xc3\xbc", {"cp", "\xc3\xbc"}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_arena) arena = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_batch_words words;
        assert_ok(hw_batch_words_split(hw_view_of(rows[i].line), &arena, &words, &err), err);
        size_t count = 0;
        for (; count < WORDS_MAX && rows[i].words[count]; count++) {
            assert_row_text(rows[i].line, count < words.count ? words.words[count] : "nothing", rows[i].words[count]);
        }
        assert_row_int(rows[i].line, words.count, count);
    }
}

static void lines_that_are_wrong_are_refused(void **state) {
    (void)state;
    static const struct {
        hw_view line;
        const char *says;
    } rows[] = {
        {HW_VIEW_INIT("cp 'a b"), "the quote ' is not closed"},
        {HW_VIEW_INIT("cp \"a b"), "the quote \" is not closed"},
        {HW_VIEW_INIT("cp \"a\\"), "the quote \" is not closed"},
        {HW_VIEW_INIT("cp a\\"), "a backslash ends the line"},
        {HW_VIEW_INIT("cp a\0b"), "the line has a NUL"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_arena) arena = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_batch_words words;
        assert_row_int(rows[i].says, hw_batch_words_split(rows[i].line, &arena, &words, &err), HW_EUSAGE);
        assert_row_says(rows[i].says, err.message, rows[i].says);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_become_words),
        cmocka_unit_test(lines_that_are_wrong_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
