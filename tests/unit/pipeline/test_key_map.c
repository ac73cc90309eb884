/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/key_map.h"

#include <stdio.h>

#include "support/alloc_fault.h"
#include "support/rows.h"

static uint32_t number(struct hw_key_map *map, hw_view key, uint32_t keys_max) {
    struct hw_error err = HW_ERROR_INIT;
    uint32_t out = UINT32_MAX;
    assert_ok(hw_key_map_number(map, key, keys_max, &out, &err), err);
    return out;
}

static void keys_are_numbered_as_they_come(void **state) {
    (void)state;
    enum { KEYS = 5000 };
    struct hw_key_map map;
    hw_key_map_init(&map);
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < KEYS; i++) {
            char key[32];
            int bytes = snprintf(key, sizeof(key), "key %u", i * 7919 % KEYS);
            assert_int_equal(number(&map, (hw_view){key, (size_t)bytes}, UINT32_MAX), i);
        }
        assert_int_equal(map.count, KEYS);
    }
    assert_true(hw_view_equal(hw_key_map_key(&map, 1), HW_VIEW("key 2919")));
    hw_key_map_clear(&map);
    assert_int_equal(number(&map, HW_VIEW("key 9"), UINT32_MAX), 0);
    hw_key_map_release(&map);
}

static void keys_differ_by_every_byte(void **state) {
    (void)state;
    static const hw_view keys[] = {HW_VIEW_INIT(""),  HW_VIEW_INIT("\0"),  HW_VIEW_INIT("\0\0"),
                                   HW_VIEW_INIT("a"), HW_VIEW_INIT("a\0"), HW_VIEW_INIT("A")};
    struct hw_key_map map;
    hw_key_map_init(&map);
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < COUNT_OF(keys); i++) {
            assert_int_equal(number(&map, keys[i], UINT32_MAX), i);
        }
    }
    hw_key_map_release(&map);
}

static void so_many_keys_and_no_more(void **state) {
    (void)state;
    struct hw_key_map map;
    hw_key_map_init(&map);
    assert_int_equal(number(&map, HW_VIEW("a"), 2), 0);
    assert_int_equal(number(&map, HW_VIEW("b"), 2), 1);
    assert_int_equal(number(&map, HW_VIEW("c"), 2), 2);
    assert_int_equal(map.count, 2);
    assert_int_equal(number(&map, HW_VIEW("b"), 2), 1);
    hw_key_map_release(&map);
}

/* A key takes its bytes and at least two places of 4 bytes; a map that forgets holds none. */
static void what_is_held_is_what_keys_take(void **state) {
    (void)state;
    struct hw_key_map map;
    hw_key_map_init(&map);
    assert_int_equal(hw_key_map_held(&map), 0);
    number(&map, HW_VIEW("0123456789"), 9);
    const size_t one = hw_key_map_held(&map);
    assert_true(one >= 10 + 2 * 4 && one < 100);
    number(&map, HW_VIEW("0123456789"), 9);
    assert_int_equal(hw_key_map_held(&map), one);
    number(&map, HW_VIEW("9876543210"), 9);
    assert_int_equal(hw_key_map_held(&map), 2 * one);
    hw_key_map_clear(&map);
    assert_int_equal(hw_key_map_held(&map), 0);
    hw_key_map_release(&map);
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    for (size_t successes = 0; successes < 3; successes++) {
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_key_map map;
        uint32_t out;
        hw_key_map_init(&map);
        alloc_fault_begin(&fault, successes);
        assert_int_equal(hw_key_map_number(&map, HW_VIEW("a"), 9, &out, &err), HW_ENOMEM);
        assert_row_says("message", err.message, "out of memory");
        assert_int_equal(map.count, 0);
        hw_key_map_release(&map);
        assert_true(alloc_fault_end(&fault));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_numbered_as_they_come), cmocka_unit_test(keys_differ_by_every_byte),
        cmocka_unit_test(so_many_keys_and_no_more),       cmocka_unit_test(what_is_held_is_what_keys_take),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("pipeline/key_map", tests, NULL, NULL);
}
