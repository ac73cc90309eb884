/* SPDX-License-Identifier: Apache-2.0 */
#include "core/hash_set.h"

#include "core/clock.h"
#include "support/alloc_fault.h"
#include "support/rows.h"

/*
 * As many as a run of 100,000 objects that all fail has; in time that does not grow with what is in
 * the set.
 */
static void many_hashes_are_kept(void **state) {
    (void)state;
    enum { HASHES = 100000 };
    struct hw_hash_set set = {0};
    const int64_t started_us = hw_clock_monotonic_us();
    for (int round = 0; round < 2; round++) {
        for (uint64_t i = 0; i < HASHES; i++) {
            assert_int_equal(hw_hash_set_add(&set, i * UINT64_C(0x9e3779b97f4a7c15)), round == 0);
        }
    }
    assert_int_equal(set.count, HASHES);
    assert_true(hw_hash_set_has(&set, 0) && hw_hash_set_has(&set, UINT64_C(0x9e3779b97f4a7c15)));
    assert_false(hw_hash_set_has(&set, 2));
    assert_true(hw_clock_monotonic_us() - started_us < 2000000);
    hw_hash_set_release(&set);
}

static void without_memory_nothing_is_lost(void **state) {
    (void)state;
    struct hw_hash_set set = {0};
    assert_false(hw_hash_set_has(&set, 7));
    struct alloc_fault fault;
    alloc_fault_begin(&fault, 0);
    assert_true(hw_hash_set_add(&set, 7));
    assert_true(alloc_fault_end(&fault));
    assert_int_equal(set.count, 1);
    assert_true(hw_hash_set_add(&set, 7));
    assert_false(hw_hash_set_add(&set, 7));
    hw_hash_set_release(&set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_hashes_are_kept),
        cmocka_unit_test(without_memory_nothing_is_lost),
    };
    return cmocka_run_group_tests_name("core/hash_set", tests, NULL, NULL);
}
