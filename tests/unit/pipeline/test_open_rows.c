/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/open_rows.h"

#include "rows_read.h"
#include "support/scratch.h"

static const char csv_text[] = "id,t\n1,a\n2,b\n3,c\n4,d\n";

static const struct {
    const char *name;
    struct hw_open_rows_options options;
    const char *want;
} rows[] = {
    {"all",
     {.rows_max = UINT64_MAX},
     "{\"id\":1,\"t\":\"a\"}\n{\"id\":2,\"t\":\"b\"}\n{\"id\":3,\"t\":\"c\"}\n{\"id\":4,\"t\":\"d\"}\n"},
    {"two", {.rows_max = 2}, "{\"id\":1,\"t\":\"a\"}\n{\"id\":2,\"t\":\"b\"}\n"},
    {"none", {.rows_max = 0}, ""},
    {"the last", {.skip = 3, .rows_max = 10}, "{\"id\":4,\"t\":\"d\"}\n"},
    {"behind the last", {.skip = 4, .rows_max = UINT64_MAX}, ""},
    {"far behind it", {.skip = UINT64_MAX, .rows_max = UINT64_MAX}, ""},
    {"columns in another order", {.skip = 1, .rows_max = 1, .columns = "t,id"}, "{\"t\":\"b\",\"id\":2}\n"},
};

static void rows_are_chosen(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    scratch_write(&scratch, "in.csv", csv_text, sizeof(csv_text) - 1);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_buf out = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(rows_read(scratch_path(&scratch, "in.csv"), &rows[i].options, &out, &err), err);
        assert_row_bytes(rows[i].name, out.data, out.size, rows[i].want, strlen(rows[i].want));
        hw_buf_release(&out);
    }
    scratch_remove(&scratch);
}

static void formats_are_told_by_their_bytes(void **state) {
    (void)state;
    static const struct {
        const char *name;
        hw_view bytes;
        enum hw_status want;
        const char *says;
    } files[] = {
        {"a.csv", HW_VIEW_INIT("PAR1...."), HW_EDATA, "8 bytes are too few for a Parquet file"},
        {"a", HW_VIEW_INIT("PARE"), HW_EDATA, "4 bytes are too few for a Parquet file"},
        {"a.txt", HW_VIEW_INIT("Obj\x01"), HW_EDATA, "the file ends within the metadata of the header"},
        {"a.parquet", HW_VIEW_INIT("id\n1\n"), HW_EDATA, "its name says Parquet, but it has no \"PAR1\" at its start"},
        {"b.pq", HW_VIEW_INIT(""), HW_EDATA, "its name says Parquet, but it has no \"PAR1\" at its start"},
        {"a.avro", HW_VIEW_INIT("Obj\x02"), HW_EDATA, "its name says Avro, but it has no \"Obj\\x01\" at its start"},
        {"c.parquet", HW_VIEW_INIT("Obj\x01"), HW_EDATA, "the file ends within the metadata of the header"},
        {"PAR1.csv", HW_VIEW_INIT("PAR\n1\n"), HW_OK, ""},
    };
    struct scratch scratch = scratch_make();
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        struct hw_buf out = {0};
        struct hw_error err = HW_ERROR_INIT;
        scratch_write(&scratch, files[i].name, files[i].bytes.data, files[i].bytes.size);
        const char *path = scratch_path(&scratch, files[i].name);
        const struct hw_open_rows_options all = {.rows_max = UINT64_MAX};
        assert_row_int(files[i].name, rows_read(path, &all, &out, &err), files[i].want);
        assert_row_text(files[i].name, err.message, files[i].says);
        assert_row_says(files[i].name, files[i].want ? err.object : path, files[i].name);
        hw_buf_release(&out);
    }
    scratch_remove(&scratch);
}

static void failures_name_the_source(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct hw_buf out = {0};
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_open_rows_options all = {.rows_max = UINT64_MAX};
    assert_int_equal(rows_read(scratch_path(&scratch, "none.csv"), &all, &out, &err), HW_ENOTFOUND);
    assert_row_says("none", err.object, "none.csv");
    scratch_write(&scratch, "in.csv", csv_text, sizeof(csv_text) - 1);
    const struct hw_open_rows_options column = {.rows_max = 1, .columns = "idd"};
    err = (struct hw_error)HW_ERROR_INIT;
    assert_int_equal(rows_read(scratch_path(&scratch, "in.csv"), &column, &out, &err), HW_EUSAGE);
    assert_string_equal(err.message, "there is no column \"idd\"; did you mean \"id\"?");
    scratch_write(&scratch, "bad.csv", "id,t\n1,a\n2\n", 11);
    err = (struct hw_error)HW_ERROR_INIT;
    assert_int_equal(rows_read(scratch_path(&scratch, "bad.csv"), &all, &out, &err), HW_EDATA);
    assert_row_says("bad", err.object, "bad.csv");
    hw_buf_release(&out);
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_chosen),
        cmocka_unit_test(formats_are_told_by_their_bytes),
        cmocka_unit_test(failures_name_the_source),
    };
    return cmocka_run_group_tests_name("pipeline/open_rows", tests, NULL, NULL);
}
