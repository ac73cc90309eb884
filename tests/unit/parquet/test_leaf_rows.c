/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/leaf_rows.h"

#include "support/rows.h"

static void cleared_rows_keep_their_memory(void **state) {
    (void)state;
    struct hw_leaf_rows rows = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_leaf_rows_held(&rows), 0);
    assert_ok(hw_leaf_rows_clear(&rows, 0, &err), err);
    assert_ok(hw_buf_append_text(&rows.data, "salt", &err), err);
    assert_ok(hw_buf_append_text(&rows.defs, "11", &err), err);
    assert_ok(hw_buf_append_text(&rows.reps, "11", &err), err);
    assert_ok(hw_buf_append_text(&rows.values, "12345678", &err), err);
    rows.rows = rows.entries = rows.count = 2;
    const size_t held = hw_leaf_rows_held(&rows);
    assert_true(held >= 4 + 2 + 2 + 8 + sizeof(int32_t));
    assert_ok(hw_leaf_rows_clear(&rows, 8, &err), err);
    assert_int_equal(hw_leaf_rows_held(&rows), held);
    assert_int_equal(rows.rows + rows.entries + rows.count, 0);
    assert_int_equal(rows.width, 8);
    assert_int_equal(rows.data.size + rows.defs.size + rows.reps.size + rows.values.size, 0);
    hw_leaf_rows_release(&rows);
    assert_int_equal(hw_leaf_rows_held(&rows), 0);
}

/* The first text begins at 0. */
static void places_of_texts_begin_with_0(void **state) {
    (void)state;
    struct hw_leaf_rows rows = {0};
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < 2; i++) {
        assert_ok(hw_leaf_rows_clear(&rows, 0, &err), err);
        assert_int_equal(rows.offsets.size, sizeof(int32_t));
        assert_int_equal(*(const int32_t *)(const void *)rows.offsets.data, 0);
        memset(rows.offsets.data, 1, rows.offsets.size);
    }
    hw_leaf_rows_release(&rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cleared_rows_keep_their_memory),
        cmocka_unit_test(places_of_texts_begin_with_0),
    };
    return cmocka_run_group_tests_name("parquet/leaf_rows", tests, NULL, NULL);
}
