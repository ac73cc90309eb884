/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/leaf_rows.h"

#include "parquet/decoder.h"
#include "support/alloc_fault.h"
#include "support/rows.h"

static void values_and_texts_are_appended(void **state) {
    (void)state;
    struct hw_leaf_rows rows = {0};
    struct hw_error err = HW_ERROR_INIT;
    uint8_t *to = NULL;
    assert_ok(hw_leaf_rows_clear(&rows, 4, &err), err);
    assert_ok(hw_leaf_rows_room(&rows, 2, &to, &err), err);
    memcpy(to, "aaaabbbb", 8);
    memset(to + 8, 0, HW_DECODED_PADDING);
    hw_leaf_rows_added(&rows, 2);
    assert_ok(hw_leaf_rows_room(&rows, 1, &to, &err), err);
    memcpy(to, "cccc", 4);
    hw_leaf_rows_added(&rows, 1);
    assert_int_equal(rows.count, 3);
    assert_int_equal(rows.values.size, 12);
    assert_memory_equal(rows.values.data, "aaaabbbbcccc", 12);

    assert_ok(hw_leaf_rows_clear(&rows, 0, &err), err);
    assert_int_equal(rows.count, 0);
    assert_ok(hw_leaf_rows_text(&rows, HW_VIEW("ab"), &err), err);
    assert_ok(hw_leaf_rows_text(&rows, HW_VIEW(""), &err), err);
    assert_ok(hw_leaf_rows_text(&rows, HW_VIEW("c"), &err), err);
    const int32_t offsets[] = {0, 2, 2, 3};
    assert_int_equal(rows.count, 3);
    assert_memory_equal(rows.data.data, "abc", 3);
    assert_int_equal(rows.offsets.size, sizeof(offsets));
    assert_memory_equal(rows.offsets.data, offsets, sizeof(offsets));
    assert_true(hw_leaf_rows_held(&rows) >= 12 + 3 + sizeof(offsets));
    hw_leaf_rows_release(&rows);
    assert_int_equal(hw_leaf_rows_held(&rows), 0);
}

static void what_is_too_much_is_refused(void **state) {
    (void)state;
    struct hw_leaf_rows rows = {.width = 16};
    struct hw_error err = HW_ERROR_INIT;
    uint8_t *to = NULL;
    assert_int_equal(hw_leaf_rows_room(&rows, SIZE_MAX / 16, &to, &err), HW_ENOMEM);
    assert_int_equal(hw_leaf_rows_room(&rows, SIZE_MAX / 8, &to, &err), HW_ENOMEM);
    /* The text is never looked at. */
    assert_int_equal(hw_leaf_rows_text(&rows, (hw_view){"", (size_t)INT32_MAX + 1}, &err), HW_ELIMIT);
    assert_string_equal(err.message, "its texts come to more than 2 GiB at once");
    assert_null(to);
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    bool fired = true;
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct hw_leaf_rows rows = {0};
        alloc_fault_begin(&fault, successes);
        enum hw_status status = hw_leaf_rows_clear(&rows, 0, NULL);
        status = status ? status : hw_leaf_rows_text(&rows, HW_VIEW("a"), NULL);
        hw_leaf_rows_release(&rows);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_and_texts_are_appended),
        cmocka_unit_test(what_is_too_much_is_refused),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("parquet/leaf_rows", tests, NULL, NULL);
}
