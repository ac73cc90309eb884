/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/source_args.h"

#include "support/rows.h"

static void what_names_outputs_is_the_last_row(void **state) {
    (void)state;
    const struct hw_option_part all = {&hw_source_option_rows, 0, 0};
    const struct hw_option_part find = {&hw_source_option_rows, 0, HW_SOURCE_ROWS_FIND};
    const size_t count = hw_option_part_count(&find);
    assert_int_equal(count + 1, hw_option_part_count(&all));
    assert_string_equal(hw_option_part_at(&all, count)->name, "keep-extension");
    for (size_t i = 0; i < count; i++) {
        assert_ptr_equal(hw_option_part_at(&find, i), hw_option_part_at(&all, i));
    }
}

static void an_option_may_need_another(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_source_args args;
        enum hw_status want;
    } rows[] = {
        {"none", {.files_from = NULL}, HW_OK},
        {"a list", {.files_from = "list"}, HW_OK},
        {"a list with NULs", {.files_from = "list", .files_from_nul = true}, HW_OK},
        {"NULs without a list", {.files_from_nul = true}, HW_EUSAGE},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].name, hw_source_args_check(&rows[i].args, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].want ? "--from0 needs --files-from" : "");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_names_outputs_is_the_last_row),
        cmocka_unit_test(an_option_may_need_another),
    };
    return cmocka_run_group_tests_name("cli/source_args", tests, NULL, NULL);
}
