/* SPDX-License-Identifier: Apache-2.0 */
#include "core/intern.h"

#include <stdio.h>

#include "support/rows.h"

enum { KEYS = 5000 };

static void equal_keys_have_one_number(void **state) {
    (void)state;
    static const struct {
        hw_view key;
        uint32_t want;
    } rows[] = {
        {HW_VIEW_INIT("a"), 0},   {HW_VIEW_INIT("b"), 1},    {HW_VIEW_INIT("a"), 0}, {HW_VIEW_INIT(""), 2},
        {HW_VIEW_INIT("a\0"), 3}, {HW_VIEW_INIT("a\0b"), 4}, {HW_VIEW_INIT(""), 2},  {HW_VIEW_INIT("A"), 5},
    };
    HW_AUTO(hw_arena) arena = {0};
    struct hw_intern intern = {0};
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint32_t number;
        assert_ok(hw_intern_number(&intern, &arena, rows[i].key, &number, &err), err);
        assert_int_equal(number, rows[i].want);
        assert_true(hw_view_equal(intern.keys[number], rows[i].key));
    }
    assert_int_equal(intern.count, 6);
    hw_intern_release(&intern);
}

static void numbers_stay_as_the_table_grows(void **state) {
    (void)state;
    HW_AUTO(hw_arena) arena = {0};
    struct hw_intern intern = {0};
    struct hw_error err = HW_ERROR_INIT;
    for (unsigned round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < KEYS; i++) {
            char key[16];
            uint32_t number;
            snprintf(key, sizeof(key), "column %u", i);
            assert_ok(hw_intern_number(&intern, &arena, hw_view_of(key), &number, &err), err);
            assert_int_equal(number, i);
            assert_string_equal(intern.keys[i].data, key);
        }
    }
    hw_intern_release(&intern);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_keys_have_one_number),
        cmocka_unit_test(numbers_stay_as_the_table_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
