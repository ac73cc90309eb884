/* SPDX-License-Identifier: Apache-2.0 */
#include "core/arena.h"

#include "support/rows.h"

static void texts_are_joined_in_their_order(void **state) {
    (void)state;
    HW_AUTO(hw_arena) arena = {0};
    static const struct {
        const char *first, *second, *third;
        const char *want;
    } rows[] = {
        {"a/", "b", ".parquet", "a/b.parquet"},
        {"", "b", "", "b"},
        {"", "", "", ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char *text = hw_arena_join(&arena, rows[i].first, rows[i].second, rows[i].third);
        assert_non_null(text);
        assert_string_equal(text, rows[i].want);
    }
    assert_string_equal(hw_arena_join(&arena, "one"), "one");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(texts_are_joined_in_their_order)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
