/* SPDX-License-Identifier: Apache-2.0 */
#include "objects/wildcard.h"

#include <stdio.h>

#include "support/rows.h"

static void names_match(void **state) {
    (void)state;
    static const struct {
        const char *pattern;
        const char *name;
        bool want;
    } rows[] = {
        {"", "", true},
        {"", "a", false},
        {"a", "a", true},
        {"a", "ab", false},
        {"ab", "a", false},
        {"*", "", true},
        {"*", "a/b/c", true},
        {"a*", "a", true},
        {"a*", "a/b", true},
        {"a*", "ba", false},
        {"*c", "abc", true},
        {"*c", "abcd", false},
        {"a*c", "ac", true},
        {"a*c", "a/c/b/c", true},
        {"a*b*c", "a-b-b-c", true},
        {"a*b*c", "a-c-b", false},
        {"a**c", "abc", true},
        {"*ab", "aab", true},
        {"*aab", "aaaab", true},
        {"?", "a", true},
        {"?", "/", true},
        {"?", "", false},
        {"?", "ab", false},
        {"?", "\xC3\xA9", true}, /* one character of two bytes */
        {"??", "\xC3\xA9", false},
        {"?", "\xFF", true}, /* a byte that is no UTF-8 */
        {"a?c", "abc", true},
        {"*?", "ab", true},
        {"*?", "", false},
        {"[ab]", "a", false}, /* nothing else is a wildcard */
        {"[ab]", "[ab]", true},
        {"{a,b}", "{a,b}", true},
        {"a\\*", "a\\b", true},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char label[64];
        snprintf(label, sizeof(label), "%s with %s", rows[i].pattern, rows[i].name);
        assert_row_int(label, hw_wildcard_matches(hw_view_of(rows[i].pattern), hw_view_of(rows[i].name)), rows[i].want);
    }
}

static void the_literal_part_ends_at_the_first_wildcard(void **state) {
    (void)state;
    static const struct {
        const char *pattern;
        size_t want;
        bool want_there;
    } rows[] = {{"", 0, false}, {"abc", 3, false}, {"ab*c", 2, true}, {"a?*", 1, true}, {"*", 0, true}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_int(rows[i].pattern, hw_wildcard_literal_bytes(rows[i].pattern), rows[i].want);
        assert_row_int(rows[i].pattern, hw_wildcard_there(rows[i].pattern), rows[i].want_there);
    }
}

/* Without a bound on going back, this would take longer than anybody waits. */
static void many_stars_take_little_time(void **state) {
    (void)state;
    enum { BYTES = 1024 };
    char pattern[BYTES + 1];
    char name[BYTES + 1];
    for (size_t i = 0; i < BYTES; i++) {
        pattern[i] = i % 2 == 0 ? '*' : 'a';
        name[i] = 'a';
    }
    pattern[BYTES - 1] = 'b';
    assert_false(hw_wildcard_matches((hw_view){pattern, BYTES}, (hw_view){name, BYTES}));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_match),
        cmocka_unit_test(the_literal_part_ends_at_the_first_wildcard),
        cmocka_unit_test(many_stars_take_little_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
