/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/open_rows_avro.h"

#include <hawser/convert.h>
#include <stdio.h>

#include "rows_read.h"
#include "support/scratch.h"

/* Makes an Avro file of a CSV text, and gives it a name that says nothing. */
static const char *avro_make(const struct scratch *scratch, const char *csv) {
    struct hw_convert_result result;
    struct hw_error err = HW_ERROR_INIT;
    scratch_write(scratch, "in.csv", csv, strlen(csv));
    const char *source = scratch_path(scratch, "in.csv");
    const char *made = scratch_path(scratch, "out.avro");
    const char *path = scratch_path(scratch, "out.data");
    assert_ok(hw_convert(&source, 1, made, NULL, &result, &err), err);
    assert_int_equal(rename(made, path), 0);
    return path;
}

static const struct {
    const char *name;
    struct hw_open_rows_options options;
    const char *want;
} rows[] = {
    {"all",
     {.rows_max = UINT64_MAX},
     "{\"id\":1,\"t\":\"a\",\"d\":\"2024-02-29\"}\n{\"id\":2,\"t\":null,\"d\":null}\n"
     "{\"id\":3,\"t\":\"c\",\"d\":\"1969-12-31\"}\n"},
    {"the first", {.rows_max = 1}, "{\"id\":1,\"t\":\"a\",\"d\":\"2024-02-29\"}\n"},
    {"none", {.rows_max = 0}, ""},
    {"behind the first", {.skip = 1, .rows_max = 1, .columns = "t,id"}, "{\"t\":null,\"id\":2}\n"},
    {"the last", {.skip = 2, .rows_max = UINT64_MAX, .columns = "id"}, "{\"id\":3}\n"},
    {"behind the last", {.skip = 3, .rows_max = 1}, ""},
    {"far behind it", {.skip = UINT64_MAX, .rows_max = UINT64_MAX}, ""},
    {"little memory", {.rows_max = 1, .columns = "id", .memory_bytes = HW_MIB(16), .threads = 1}, "{\"id\":1}\n"},
};

static void rows_are_chosen(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    const char *path = avro_make(&scratch, "id,t,d\n1,a,2024-02-29\n2,,\n3,c,1969-12-31\n");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        rows_check(rows[i].name, path, &rows[i].options, rows[i].want);
    }
    scratch_remove(&scratch);
}

static void what_cannot_be_is_refused(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    const char *path = avro_make(&scratch, "id,t,d\n1,a,2024-02-29\n");
    struct hw_buf out = {0};
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_open_rows_options column = {.rows_max = 1, .columns = "idd"};
    assert_int_equal(rows_read(path, &column, &out, &err), HW_EUSAGE);
    assert_string_equal(err.message, "there is no column \"idd\"; did you mean \"id\"?");
    scratch_write(&scratch, "damaged", "Obj\x01\x02", 5);
    err = (struct hw_error)HW_ERROR_INIT;
    assert_int_equal(
        rows_read(scratch_path(&scratch, "damaged"), &(struct hw_open_rows_options){.rows_max = 1}, &out, &err),
        HW_EDATA);
    assert_row_says("damaged", err.object, "damaged");
    hw_buf_release(&out);
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_chosen),
        cmocka_unit_test(what_cannot_be_is_refused),
    };
    return cmocka_run_group_tests_name("pipeline/open_rows_avro", tests, NULL, NULL);
}
