/* SPDX-License-Identifier: Apache-2.0 */
#include "core/count.h"

#include "support/rows.h"

static void one_is_singular_and_all_else_plural(void **state) {
    (void)state;
    static const struct {
        uint64_t count;
        const char *noun;
        const char *want;
    } rows[] = {
        {0, "row", "0 rows"},
        {1, "row", "1 row"},
        {2, "row", "2 rows"},
        {UINT64_MAX, "byte", "18446744073709551615 bytes"},
        {1, "entry", "1 entry"},
        {0, "entry", "0 entries"},
        {3, "day", "3 days"},
        {4, "key", "4 keys"},
        {2, "child", "2 children"},
        {2, "index", "2 indexes"},
        {2, "process", "2 processes"},
        {2, "match", "2 matches"},
        {1, ".txt file", "1 .txt file"},
        {2, ".txt file", "2 .txt files"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_text(rows[i].want, HW_COUNT(rows[i].count, rows[i].noun), rows[i].want);
    }
}

static void a_verb_goes_with_its_count(void **state) {
    (void)state;
    assert_string_equal(hw_plural(0, "is", "are"), "are");
    assert_string_equal(hw_plural(1, "is", "are"), "is");
    assert_string_equal(hw_plural(2, "is", "are"), "are");
}

static void a_long_noun_is_cut_off(void **state) {
    (void)state;
    char noun[2 * HW_COUNT_TEXT_BYTES];
    char out[HW_COUNT_TEXT_BYTES + 1];
    memset(noun, 'n', sizeof(noun));
    noun[sizeof(noun) - 1] = '\0';
    out[HW_COUNT_TEXT_BYTES] = '#';
    assert_int_equal(strlen(hw_count_text(2, noun, out)), HW_COUNT_TEXT_BYTES - 1);
    assert_int_equal(out[HW_COUNT_TEXT_BYTES], '#');
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_is_singular_and_all_else_plural),
        cmocka_unit_test(a_verb_goes_with_its_count),
        cmocka_unit_test(a_long_noun_is_cut_off),
    };
    return cmocka_run_group_tests_name("core/count", tests, NULL, NULL);
}
