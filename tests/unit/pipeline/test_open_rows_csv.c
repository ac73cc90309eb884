/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/open_rows_csv.h"

#include "rows_read.h"
#include "support/scratch.h"

/* A sample says which types there are where few rows are wanted; else the whole text does. */
static void types_hold_all_rows_that_are_wanted(void **state) {
    (void)state;
    enum { ROWS = 2000000, WORD = 1237000 };
    struct scratch scratch = scratch_make();
    struct hw_buf text = {0};
    struct hw_buf out = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_append_text(&text, "n\n", &err), err);
    for (size_t i = 0; i < ROWS; i++) {
        assert_ok(i == WORD ? hw_buf_append_text(&text, "word\n", &err) : hw_buf_printf(&text, &err, "%zu\n", i), err);
    }
    scratch_write(&scratch, "in.csv", text.data, text.size);
    const char *path = scratch_path(&scratch, "in.csv");
    assert_ok(rows_read(path, &(struct hw_open_rows_options){.skip = 999, .rows_max = 1}, &out, &err), err);
    assert_row_bytes("few", out.data, out.size, "{\"n\":999}\n", 10);
    hw_buf_clear(&out);
    assert_ok(rows_read(path, &(struct hw_open_rows_options){.skip = WORD, .rows_max = 1}, &out, &err), err);
    assert_row_bytes("the word", out.data, out.size, "{\"n\":\"word\"}\n", 13);
    hw_buf_release(&out);
    hw_buf_release(&text);
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_hold_all_rows_that_are_wanted),
    };
    return cmocka_run_group_tests_name("pipeline/open_rows_csv", tests, NULL, NULL);
}
