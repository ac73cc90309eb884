/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/open_rows.h"

#include "support/rows.h"
#include "support/scratch.h"
#include "table/row_json.h"

static const char csv_text[] = "id,t\n1,a\n2,b\n3,c\n4,d\n";

/* Reads all rows, as lines of JSON. */
static enum hw_status rows_read(const char *source, const struct hw_rows_options *given, struct hw_buf *out,
                                struct hw_error *err) {
    const struct hw_csv_options csv = {0};
    const struct hw_store_options store = {0};
    struct hw_rows_options options = *given;
    struct hw_rows rows = {0};
    options.csv = &csv;
    options.store = &store;
    options.input_fd = -1;
    enum hw_status status = hw_rows_open(&rows, source, &options, err);
    for (bool more = status == HW_OK; more;) {
        status = hw_rows_next(&rows, &more, err);
        more = more && status == HW_OK;
        for (size_t row = rows.begin; more && row < rows.end; row++) {
            assert_int_equal(hw_row_json_append(HW_BINARY_HEX, &rows.batch, row, out, NULL), HW_OK);
        }
    }
    hw_rows_release(&rows);
    return status;
}

static const struct {
    const char *name;
    struct hw_rows_options options;
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
    assert_ok(rows_read(path, &(struct hw_rows_options){.skip = 999, .rows_max = 1}, &out, &err), err);
    assert_row_bytes("few", out.data, out.size, "{\"n\":999}\n", 10);
    hw_buf_clear(&out);
    assert_ok(rows_read(path, &(struct hw_rows_options){.skip = WORD, .rows_max = 1}, &out, &err), err);
    assert_row_bytes("the word", out.data, out.size, "{\"n\":\"word\"}\n", 13);
    hw_buf_release(&out);
    hw_buf_release(&text);
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
        {"a.csv", HW_VIEW_INIT("PAR1...."), HW_EUNSUPPORTED, "it is a file of Parquet, whose rows are not read"},
        {"a", HW_VIEW_INIT("PARE"), HW_EUNSUPPORTED, "it is a file of Parquet, whose rows are not read"},
        {"a.txt", HW_VIEW_INIT("Obj\x01"), HW_EUNSUPPORTED, "it is a file of Avro, whose rows are not read"},
        {"a.parquet", HW_VIEW_INIT("id\n1\n"), HW_EDATA, "its name says Parquet, but it has no \"PAR1\" at its start"},
        {"b.pq", HW_VIEW_INIT(""), HW_EDATA, "its name says Parquet, but it has no \"PAR1\" at its start"},
        {"a.avro", HW_VIEW_INIT("Obj\x02"), HW_EDATA, "its name says Avro, but it has no \"Obj\\x01\" at its start"},
        {"PAR1.csv", HW_VIEW_INIT("PAR\n1\n"), HW_OK, ""},
    };
    struct scratch scratch = scratch_make();
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        struct hw_buf out = {0};
        struct hw_error err = HW_ERROR_INIT;
        scratch_write(&scratch, files[i].name, files[i].bytes.data, files[i].bytes.size);
        const char *path = scratch_path(&scratch, files[i].name);
        const struct hw_rows_options all = {.rows_max = UINT64_MAX};
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
    const struct hw_rows_options all = {.rows_max = UINT64_MAX};
    assert_int_equal(rows_read(scratch_path(&scratch, "none.csv"), &all, &out, &err), HW_ENOTFOUND);
    assert_row_says("none", err.object, "none.csv");
    scratch_write(&scratch, "in.csv", csv_text, sizeof(csv_text) - 1);
    const struct hw_rows_options column = {.rows_max = 1, .columns = "idd"};
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
        cmocka_unit_test(types_hold_all_rows_that_are_wanted),
        cmocka_unit_test(formats_are_told_by_their_bytes),
        cmocka_unit_test(failures_name_the_source),
    };
    return cmocka_run_group_tests_name("pipeline/open_rows", tests, NULL, NULL);
}
