/* SPDX-License-Identifier: Apache-2.0 */
#include "table/reader.h"

#include "core/alloc.h"
#include "support/rows.h"

static void a_reader_with_an_index_has_nothing_to_prove(void **state) {
    (void)state;
    struct hw_table_reader reader = {0};
    assert_true(hw_table_part_exact(&reader, 0));
    assert_true(hw_table_part_exact(&reader, SIZE_MAX));
    assert_int_equal(hw_table_reject_line(&reader, &(struct hw_reject){.line = 7}), 7);
    assert_int_equal(hw_table_end(&reader, NULL), HW_OK);
    hw_table_result_free(hw_alloc_zero(1, sizeof(struct hw_part_result)));
    hw_table_result_free(NULL);
}

static void its_columns_have_no_history(void **state) {
    (void)state;
    struct hw_table_reader reader = {0};
    struct hw_column_history history = {.misfit = "x", .misfit_line = 1, .misfit_input = "y"};
    assert_int_equal(hw_table_history(&reader, 0, NULL, &history, NULL), HW_OK);
    assert_null(history.widened_from);
    assert_null(history.misfit);
    assert_null(history.misfit_input);
    assert_int_equal(history.misfit_line, 0);
}

static void a_set_of_a_single_table_has_the_first_only(void **state) {
    (void)state;
    struct hw_table_set set = {0};
    size_t table = 0;
    assert_true(hw_table_set_find(&set, &table));
    assert_int_equal(table, 0);
    assert_null(hw_table_set_name(&set, table));
    table++;
    assert_false(hw_table_set_find(&set, &table));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reader_with_an_index_has_nothing_to_prove),
        cmocka_unit_test(its_columns_have_no_history),
        cmocka_unit_test(a_set_of_a_single_table_has_the_first_only),
    };
    return cmocka_run_group_tests_name("table/reader", tests, NULL, NULL);
}
