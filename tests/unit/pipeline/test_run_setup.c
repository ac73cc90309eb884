/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/run_setup.h"

#include "support/rows.h"

/* What is asked for stays, and all else is filled in. */
static void what_is_left_open_is_filled_in(void **state) {
    (void)state;
    struct hw_run_setup setup;
    struct hw_convert_options open = {.formats = HW_FORMAT_PARQUET};
    hw_run_setup_fill(&setup, &open);
    assert_true(open.memory_bytes > 0);
    assert_true(open.threads > 0);
    assert_true(open.source_store.part_bytes > 0);
    assert_true(open.source_store.buffer_bytes > 0);
    assert_true(open.target_store.part_bytes > 0);
    assert_true(open.target_store.parts_held > 0);
    assert_int_equal(setup.asked.source_part_bytes, 0);
    assert_int_equal(setup.network.source_part_bytes, open.source_store.part_bytes);

    struct hw_convert_options asked = {
        .formats = HW_FORMAT_PARQUET,
        .memory_bytes = HW_MIB(64),
        .threads = 3,
        .source_store = {.part_bytes = HW_MIB(3), .buffer_bytes = HW_KIB(100)},
        .target_store = {.part_bytes = HW_MIB(7), .parts_held = 2},
    };
    hw_run_setup_fill(&setup, &asked);
    assert_int_equal(asked.memory_bytes, HW_MIB(64));
    assert_int_equal(asked.threads, 3);
    assert_int_equal(asked.source_store.part_bytes, HW_MIB(3));
    assert_int_equal(asked.source_store.buffer_bytes, HW_KIB(100));
    assert_int_equal(asked.target_store.buffer_bytes, HW_KIB(100));
    assert_int_equal(asked.target_store.part_bytes, HW_MIB(7));
    assert_int_equal(asked.target_store.parts_held, 2);
    assert_int_equal(setup.asked.target_part_bytes, HW_MIB(7));
}

static void a_run_that_was_never_divided_is_released(void **state) {
    (void)state;
    struct hw_run_context run = {0};
    hw_run_setup_release(&run);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_left_open_is_filled_in),
        cmocka_unit_test(a_run_that_was_never_divided_is_released),
    };
    return cmocka_run_group_tests_name("pipeline/run_setup", tests, NULL, NULL);
}
