/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/read_stream.h"

#include "file_make.h"
#include "support/memory_io.h"

/* Reads all rows, and appends the values of "n" as digits. */
static void rows_read(const struct hw_read_file *file, const struct hw_read_stream_options *options, char *out) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_batch_stream *stream;
    bool more = true;
    assert_ok(hw_read_stream_new(file, options, &stream, &err), err);
    while (more) {
        struct hw_batch batch;
        assert_ok(stream->next(stream, &batch, &more, &err), err);
        for (size_t row = 0; more && row < batch.rows; row++) {
            const struct hw_column *column = &batch.columns[0];
            *out++ = (char)('0' + ((const int32_t *)column->values)[column->offset + row]);
        }
        if (more) {
            hw_batch_release(&batch);
        }
    }
    *out = '\0';
    stream->free(stream);
}

/* Each of the two groups has the numbers 3, 2, 1; the texts of the second are told to be x to z. */
static void rows_are_those_that_are_wanted(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *where;
        struct hw_read_stream_options options;
        const char *rows;
    } rows[] = {
        {"all", NULL, {0}, "321321"},
        {"some", NULL, {.skip = 1, .limit = 3}, "213"},
        {"over a group", NULL, {.skip = 4}, "21"},
        {"of one group", NULL, {.group_first = 1, .groups = 1}, "321"},
        {"of small batches", NULL, {.batch_rows = 1, .skip = 2}, "1321"},
        {"of the first group by its texts", "s.t = 'a'", {0}, "321"},
        {"of the second", "s.t = 'y'", {0}, "321"},
        {"of both", "n = 2", {0}, "321321"},
        {"of none", "n = 9", {0}, ""},
        {"of a condition, with a limit", "n = 2", {.limit = 4}, "3213"},
        {"by a number and a condition", "n = 2", {.skip = 1}, "refused"},
        {"of a group that is left out", "s.t = 'a'", {.group_first = 1}, ""},
    };
    struct made_facts facts = made_facts;
    facts.min = "x";
    facts.max = "z";
    facts.ordered = true;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) bytes = {0};
        HW_AUTO(hw_read_file) file = {0};
        HW_AUTO(hw_predicate) predicate = {0};
        HW_AUTO(hw_filter) filter = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_read_stream_options options = rows[i].options;
        const struct hw_read_schema_options schema = {0};
        char got[MADE_GROUPS * MADE_ROWS + 1];
        file_make(&bytes, &facts);
        struct memory_source source = memory_source(hw_buf_view(&bytes), 0);
        assert_ok(hw_read_file_open(&file, &source.base, &schema, NULL, &err), err);
        if (rows[i].where) {
            assert_ok(hw_predicate_parse(&predicate, rows[i].where, &err), err);
            assert_ok(hw_filter_make(&filter, &predicate, &file.schema.schema, &err), err);
            options.filter = &filter;
        }
        if (options.filter && options.skip > 0) {
            struct hw_batch_stream *stream;
            assert_row_int(rows[i].name, hw_read_stream_new(&file, &options, &stream, &err), HW_EUSAGE);
            continue;
        }
        rows_read(&file, &options, got);
        assert_row_text(rows[i].name, got, rows[i].rows);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(rows_are_those_that_are_wanted)};
    return cmocka_run_group_tests_name("parquet/read_stream_where", tests, NULL, NULL);
}
