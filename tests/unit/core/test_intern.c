/* SPDX-License-Identifier: Apache-2.0 */
#include "core/intern.h"

#include <stdio.h>

#include "support/alloc_fault.h"
#include "support/rows.h"

static uint32_t number(struct hw_intern *intern, hw_view key, uint32_t keys_max) {
    struct hw_error err = HW_ERROR_INIT;
    uint32_t out = UINT32_MAX;
    assert_ok(hw_intern_number(intern, key, keys_max, &out, &err), err);
    return out;
}

static void keys_are_numbered_as_they_come(void **state) {
    (void)state;
    enum { KEYS = 5000 };
    struct hw_intern intern = {0};
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < KEYS; i++) {
            char key[32];
            int bytes = snprintf(key, sizeof(key), "key %u", i * 7919 % KEYS);
            assert_int_equal(number(&intern, (hw_view){key, (size_t)bytes}, UINT32_MAX), i);
        }
        assert_int_equal(intern.count, KEYS);
    }
    assert_true(hw_view_equal(hw_intern_key(&intern, 1), HW_VIEW("key 2919")));
    hw_intern_clear(&intern);
    assert_int_equal(number(&intern, HW_VIEW("key 9"), UINT32_MAX), 0);
    hw_intern_release(&intern);
}

static void keys_differ_by_every_byte(void **state) {
    (void)state;
    static const hw_view keys[] = {HW_VIEW_INIT(""),  HW_VIEW_INIT("\0"),  HW_VIEW_INIT("\0\0"),
                                   HW_VIEW_INIT("a"), HW_VIEW_INIT("a\0"), HW_VIEW_INIT("A")};
    struct hw_intern intern = {0};
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < COUNT_OF(keys); i++) {
            assert_int_equal(number(&intern, keys[i], UINT32_MAX), i);
            const hw_view kept = hw_intern_key(&intern, i);
            assert_true(hw_view_equal(kept, keys[i]));
            assert_int_equal(kept.data[kept.size], '\0');
        }
    }
    hw_intern_release(&intern);
}

static void so_many_keys_and_no_more(void **state) {
    (void)state;
    struct hw_intern intern = {0};
    assert_int_equal(number(&intern, HW_VIEW("a"), 2), 0);
    assert_int_equal(number(&intern, HW_VIEW("b"), 2), 1);
    assert_int_equal(number(&intern, HW_VIEW("c"), 2), 2);
    assert_int_equal(intern.count, 2);
    assert_int_equal(number(&intern, HW_VIEW("b"), 2), 1);
    hw_intern_release(&intern);
}

/* Nobody outside can know which keys have one hash: no two have the same secret. */
static void each_has_a_secret_of_its_own(void **state) {
    (void)state;
    struct hw_intern first = {0};
    struct hw_intern second = {0};
    number(&first, HW_VIEW("a"), 9);
    number(&second, HW_VIEW("a"), 9);
    assert_memory_not_equal(&first.hash_key, &second.hash_key, sizeof(first.hash_key));
    const struct hw_siphash_key before = first.hash_key;
    hw_intern_clear(&first);
    number(&first, HW_VIEW("b"), 9);
    assert_memory_equal(&first.hash_key, &before, sizeof(before)); /* slots are kept */
    hw_intern_release(&first);
    hw_intern_release(&second);
}

/* A key takes its bytes and at least two places of 4 bytes; what forgets them holds none. */
static void what_is_held_is_what_keys_take(void **state) {
    (void)state;
    struct hw_intern intern = {0};
    assert_int_equal(hw_intern_held(&intern), 0);
    number(&intern, HW_VIEW("0123456789"), 9);
    const size_t one = hw_intern_held(&intern);
    assert_true(one >= 10 + 2 * 4 && one < 100);
    number(&intern, HW_VIEW("0123456789"), 9);
    assert_int_equal(hw_intern_held(&intern), one);
    number(&intern, HW_VIEW("9876543210"), 9);
    assert_int_equal(hw_intern_held(&intern), 2 * one);
    hw_intern_clear(&intern);
    assert_int_equal(hw_intern_held(&intern), 0);
    hw_intern_release(&intern);
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    for (size_t successes = 0; successes < 3; successes++) {
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_intern intern = {0};
        uint32_t out;
        alloc_fault_begin(&fault, successes);
        assert_int_equal(hw_intern_number(&intern, HW_VIEW("a"), 9, &out, &err), HW_ENOMEM);
        assert_row_says("message", err.message, "out of memory");
        assert_int_equal(intern.count, 0);
        hw_intern_release(&intern);
        assert_true(alloc_fault_end(&fault));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_numbered_as_they_come), cmocka_unit_test(keys_differ_by_every_byte),
        cmocka_unit_test(each_has_a_secret_of_its_own),   cmocka_unit_test(so_many_keys_and_no_more),
        cmocka_unit_test(what_is_held_is_what_keys_take), cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("core/intern", tests, NULL, NULL);
}
