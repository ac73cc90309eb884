/* SPDX-License-Identifier: Apache-2.0 */
#include "objects/filter.h"

#include "support/rows.h"

static void names_are_taken(void **state) {
    (void)state;
    static const struct {
        const char *label;
        const char *include[2];
        const char *exclude[2];
        const char *name;
        bool want;
    } rows[] = {
        {"nothing is asked", {0}, {0}, "a/b.csv", true},
        {"include", {"*.csv"}, {0}, "a/b.csv", true},
        {"include others", {"*.csv"}, {0}, "a/b.txt", false},
        {"one of two", {"*.csv", "*.txt"}, {0}, "b.txt", true},
        {"exclude", {0}, {"*.tmp"}, "b.tmp", false},
        {"exclude others", {0}, {"*.tmp"}, "b.csv", true},
        {"exclude beats include", {"*"}, {"b*"}, "b.csv", false},
        {"the second exclude", {0}, {"x", "b*"}, "b.csv", false},
        {"the whole name", {"b.csv"}, {0}, "a/b.csv", false},
        {"a folder", {0}, {"old/"}, "old/b.csv", false},
        {"a folder, deep", {0}, {"old/"}, "old/x/b.csv", false},
        {"a folder of a longer name", {0}, {"old/"}, "older/b.csv", true},
        {"a folder is no file", {0}, {"old/"}, "old", true},
        {"a folder further down", {0}, {"*/old/"}, "x/old/b.csv", false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_filter filter = {
            .include = rows[i].include,
            .include_count = (rows[i].include[0] ? 1u : 0u) + (rows[i].include[1] ? 1u : 0u),
            .exclude = rows[i].exclude,
            .exclude_count = (rows[i].exclude[0] ? 1u : 0u) + (rows[i].exclude[1] ? 1u : 0u),
        };
        assert_row_int(rows[i].label, hw_filter_takes(&filter, rows[i].name), rows[i].want);
    }
    assert_true(hw_filter_takes(NULL, "a"));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(names_are_taken)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
