/* SPDX-License-Identifier: Apache-2.0 */
/* The words are those of Python's shlex.split. */
#include "aws/command_words.h"

#include <stdio.h>

#include "support/rows.h"

static const struct {
    const char *text;
    const char *words; /* each with a '|' behind it */
} rows[] = {
    {"a", "a|"},
    {"  a  b ", "a|b|"},
    {"a 'b c' d", "a|b c|d|"},
    {"a \"b c\"", "a|b c|"},
    {"a\\ b", "a b|"},
    {"''", "|"},
    {"a '' b", "a||b|"},
    {"\"a\\\"b\\\\c\\n\"", "a\"b\\c\\n|"},
    {"'a\\b'", "a\\b|"},
    {"a\"b\"'c'", "abc|"},
    {"a\tb\nc", "a|b|c|"},
    {"\"it's\"", "it's|"},
    {"a#b #c", "a#b|#c|"},
    {"\303\251 x", "\303\251|x|"},
    {"\\'a", "'a|"},
    {"$HOME `x` *", "$HOME|`x`|*|"},
};

static void words_are_those_of_shlex(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_command_words words = {0};
        char joined[256] = "";
        size_t used = 0;
        assert_ok(hw_command_words_split(hw_view_of(rows[i].text), &words, &err), err);
        for (size_t at = 0; at < words.count; at++) {
            used += (size_t)snprintf(joined + used, sizeof(joined) - used, "%s|", words.list[at]);
        }
        assert_row_text(rows[i].text, joined, rows[i].words);
        assert_null(words.list[words.count]);
        hw_command_words_release(&words);
        hw_command_words_release(&words);
    }
}

static const struct {
    const char *text;
    const char *says;
} bad_rows[] = {
    {"'sesame", "a quote that is not closed"}, {"\"sesame", "a quote that is not closed"},
    {"sesame\\", "ends with a backslash"},     {"\"sesame\\", "a quote that is not closed"},
    {" \t", "the command is empty"},           {"", "the command is empty"},
};

static void what_is_no_command_is_said(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad_rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_command_words words = {0};
        assert_row_int(bad_rows[i].text, hw_command_words_split(hw_view_of(bad_rows[i].text), &words, &err),
                       HW_ECONFIG);
        assert_row_says(bad_rows[i].text, err.message, bad_rows[i].says);
        assert_null(strstr(err.message, "sesame"));
        assert_null(words.list);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_those_of_shlex),
        cmocka_unit_test(what_is_no_command_is_said),
    };
    return cmocka_run_group_tests_name("aws/command_words", tests, NULL, NULL);
}
