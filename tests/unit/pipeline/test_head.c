/* SPDX-License-Identifier: Apache-2.0 */
#include <hawser/head.h>

#include "core/buf.h"
#include "support/rows.h"
#include "support/scratch.h"

/* What was written, and when writing fails. */
struct written {
    struct hw_buf text;
    size_t calls;
    bool broken;
};

static enum hw_status text_take(void *ctx, const void *data, size_t bytes, struct hw_error *err) {
    struct written *written = ctx;
    written->calls++;
    return written->broken ? hw_fail(err, HW_EIO, "full") : hw_buf_append(&written->text, data, bytes, err);
}

static enum hw_status head(const char *path, const struct hw_head_options *given, struct written *written,
                           struct hw_error *err) {
    struct hw_head_options options = *given;
    options.write = text_take;
    options.ctx = written;
    options.input_fd = -1;
    return hw_head(path, &options, err);
}

static const char csv_text[] = "id,t\n1,\"a,b\"\n2,\n3,c\n";

static const struct {
    const char *name;
    struct hw_head_options options;
    const char *want;
} rows[] = {
    {"JSON", {0}, "{\"id\":1,\"t\":\"a,b\"}\n{\"id\":2,\"t\":null}\n{\"id\":3,\"t\":\"c\"}\n"},
    {"CSV", {.format = HW_HEAD_CSV}, "id,t\n1,\"a,b\"\n2,\n3,c\n"},
    {"a table", {.format = HW_HEAD_TABLE}, "id  t\n--  ----\n 1  a,b\n 2  null\n 3  c\n"},
    {"no rows of JSON", {.no_rows = true}, ""},
    {"no rows of CSV", {.format = HW_HEAD_CSV, .no_rows = true}, "id,t\n"},
    {"no rows of a table", {.format = HW_HEAD_TABLE, .no_rows = true}, "id  t\n--  -\n"},
    {"the second", {.format = HW_HEAD_CSV, .rows = 1, .skip = 1}, "id,t\n2,\n"},
    {"a column", {.format = HW_HEAD_CSV, .columns = "t", .rows = 1}, "t\n\"a,b\"\n"},
    {"flat columns", {.format = HW_HEAD_CSV, .nested = HW_NESTED_FLATTEN, .rows = 1}, "id,t\n1,\"a,b\"\n"},
    {"no nested ones", {.format = HW_HEAD_CSV, .nested = HW_NESTED_FAIL, .rows = 1}, "id,t\n1,\"a,b\"\n"},
    {"options of CSV", {.csv.header = HW_CSV_HEADER_NO, .rows = 1}, "{\"column_1\":\"id\",\"column_2\":\"t\"}\n"},
};

static void rows_become_text(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    scratch_write(&scratch, "in.csv", csv_text, sizeof(csv_text) - 1);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct written written = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(head(scratch_path(&scratch, "in.csv"), &rows[i].options, &written, &err), err);
        assert_row_bytes(rows[i].name, written.text.data, written.text.size, rows[i].want, strlen(rows[i].want));
        hw_buf_release(&written.text);
    }
    scratch_remove(&scratch);
}

static void ten_rows_are_the_default(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct written written = {0};
    struct hw_error err = HW_ERROR_INIT;
    static const char twelve[] = "n\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n";
    scratch_write(&scratch, "in.csv", twelve, sizeof(twelve) - 1);
    assert_ok(head(scratch_path(&scratch, "in.csv"), &(struct hw_head_options){.format = HW_HEAD_CSV}, &written, &err),
              err);
    static const char want[] = "n\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n";
    assert_row_bytes("ten", written.text.data, written.text.size, want, sizeof(want) - 1);
    hw_buf_release(&written.text);
    scratch_remove(&scratch);
}

/* All forms hand out much text in pieces, and lose nothing between them. */
static void much_text_comes_in_pieces(void **state) {
    (void)state;
    enum { ROWS = 20000, HEADER_LINES = 2 };
    struct scratch scratch = scratch_make();
    struct hw_buf text = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_append_text(&text, "n,t\n", &err), err);
    for (size_t i = 0; i < ROWS; i++) {
        assert_ok(hw_buf_printf(&text, &err, "%zu,text %zu\n", i, i), err);
    }
    scratch_write(&scratch, "in.csv", text.data, text.size);
    static const enum hw_head_format formats[] = {HW_HEAD_JSON, HW_HEAD_CSV, HW_HEAD_TABLE};
    static const size_t lines[] = {ROWS, ROWS + 1, ROWS + HEADER_LINES};
    for (size_t i = 0; i < COUNT_OF(formats); i++) {
        struct written written = {0};
        const struct hw_head_options all = {.rows = HW_HEAD_ALL, .format = formats[i]};
        assert_ok(head(scratch_path(&scratch, "in.csv"), &all, &written, &err), err);
        size_t found = 0;
        for (size_t at = 0; at < written.text.size; at++) {
            found += written.text.data[at] == '\n';
        }
        assert_int_equal(found, lines[i]);
        assert_true(written.calls > 1);
        hw_buf_release(&written.text);
    }
    hw_buf_release(&text);
    scratch_remove(&scratch);
}

static const struct {
    const char *name;
    struct hw_head_options options;
    enum hw_status want;
    const char *says;
} faults[] = {
    {"an option of CSV with JSON",
     {.nested = HW_NESTED_FAIL},
     HW_EUSAGE,
     "a form of nested values is for CSV: JSON has them as they are"},
    {"the same with a table",
     {.format = HW_HEAD_TABLE, .nested = HW_NESTED_FLATTEN},
     HW_EUSAGE,
     "a form of nested values is for CSV: a table has them as JSON"},
    {"no such column", {.columns = "tt"}, HW_EUSAGE, "there is no column \"tt\"; did you mean \"t\"?"},
    {"options of no version", {.size = 8}, HW_EUSAGE, "struct hw_head_options says that it has 8 bytes"},
    {"options of CSV that contradict each other", {.csv.thousands = '.'}, HW_EUSAGE, "which is the point of numbers"},
};

static void a_schema_is_for_csv(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct written written = {0};
    struct hw_error err = HW_ERROR_INIT;
    scratch_write(&scratch, "a.data", "Obj\x01", 4);
    const struct hw_head_options options = {.csv.schema_path = "schema.json"};
    assert_int_equal(head(scratch_path(&scratch, "a.data"), &options, &written, &err), HW_EUSAGE);
    assert_string_equal(err.message, "--schema is for CSV, and this is a file of Avro, which has a schema of its own");
    scratch_remove(&scratch);
}

static void what_cannot_be_is_refused(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    scratch_write(&scratch, "in.csv", csv_text, sizeof(csv_text) - 1);
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        struct written written = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(faults[i].name, head(scratch_path(&scratch, "in.csv"), &faults[i].options, &written, &err),
                       faults[i].want);
        assert_row_says(faults[i].name, err.message, faults[i].says);
        assert_row_int(faults[i].name, written.calls, 0);
        hw_buf_release(&written.text);
    }
    scratch_remove(&scratch);
}

/* A failure of writing is one of the call. */
static void writing_may_fail(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct written written = {0};
    struct hw_error err = HW_ERROR_INIT;
    scratch_write(&scratch, "in.csv", csv_text, sizeof(csv_text) - 1);
    written.broken = true;
    assert_int_equal(head(scratch_path(&scratch, "in.csv"), &(struct hw_head_options){0}, &written, &err), HW_EIO);
    assert_string_equal(err.message, "full");
    hw_buf_release(&written.text);
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_become_text),          cmocka_unit_test(ten_rows_are_the_default),
        cmocka_unit_test(much_text_comes_in_pieces), cmocka_unit_test(what_cannot_be_is_refused),
        cmocka_unit_test(a_schema_is_for_csv),       cmocka_unit_test(writing_may_fail),
    };
    return cmocka_run_group_tests_name("pipeline/head", tests, NULL, NULL);
}
