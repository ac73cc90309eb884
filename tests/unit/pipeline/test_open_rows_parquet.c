/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/open_rows_parquet.h"

#include "rows_made.h"

static void rows_are_chosen(void **state) {
    (void)state;
    rows_made_check("out.parquet");
}

static void what_cannot_be_is_refused(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    const char *path = rows_make(&scratch, "id,t,d\n1,a,2024-02-29\n", "out.parquet");
    struct hw_buf out = {0};
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_open_rows_options column = {.rows_max = 1, .columns = "idd"};
    assert_int_equal(rows_read(path, &column, &out, &err), HW_EUSAGE);
    assert_string_equal(err.message, "there is no column \"idd\"; did you mean \"id\"?");
    const struct hw_open_rows_options small = {.rows_max = 1, .page_bytes_max = 1};
    err = (struct hw_error)HW_ERROR_INIT;
    assert_int_equal(rows_read(path, &small, &out, &err), HW_ELIMIT);
    assert_row_says("small", err.message, "--max-page-bytes");
    assert_row_says("small", err.object, "out.data");
    hw_buf_release(&out);
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_chosen),
        cmocka_unit_test(what_cannot_be_is_refused),
    };
    return cmocka_run_group_tests_name("pipeline/open_rows_parquet", tests, NULL, NULL);
}
