/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of several inputs, what a cursor tells of what is no row, and what it leaves behind. */
#include "csv/cursor.h"

#include "unit/csv/packed.h"
#include "unit/csv/stock.h"

#define MIB UINT64_C(1048576)

/* One part of a table of some inputs. */
struct table_row {
    const char *name;
    const char *texts[4];
    const char *given; /* a schema; NULL: inferred */
    bool fails;        /* Bad rows are no rejects. */
    bool types_only;
    bool packed; /* Every other input is a gzip file. */
    enum hw_status want;
    const char *says;
    int64_t line;
    int64_t offset;
    const char *rows;
    const char *rejects;
    uint64_t input_rows[4];
    uint64_t lines; /* of the last input */
    bool misfit;
};

static const struct table_row table_rows[] = {
    {.name = "one input", .texts = {"a,b\n1,x\n"}, .rows = "1|\"x\"\n", .input_rows = {1}, .lines = 1},
    {.name = "no rows", .texts = {"a,b\n"}, .rows = ""},
    {.name = "equal columns",
     .texts = {"a,b\n1,x\n", "a,b\n2,y\n3,z\n"},
     .rows = "1|\"x\"\n2|\"y\"\n3|\"z\"\n",
     .input_rows = {1, 2},
     .lines = 2},
    {.name = "other columns, in another order, and nulls for those that lack",
     .texts = {"a,b\n1,x\n", "c,a\ntrue,2\n", "b\ny\n"},
     .rows = "1|\"x\"|~\n2|~|T\n~|\"y\"|~\n",
     .input_rows = {1, 1, 1},
     .lines = 1},
    {.name = "packed and plain ones",
     .texts = {"a,b\n1,x\n", "c,a\ntrue,2\n", "b\ny\n", "a,b\n4,z\n"},
     .packed = true,
     .rows = "1|\"x\"|~\n2|~|T\n~|\"y\"|~\n4|\"z\"|~\n",
     .input_rows = {1, 1, 1, 1},
     .lines = 1},
    {.name = "other dialects",
     .texts = {"a,b\n1,x\n",
               "\xef\xbb\xbf"
               "a;b\r\n2;y\r\n",
               "a\tb\n3\tz"},
     .rows = "1|\"x\"\n2|\"y\"\n3|\"z\"\n",
     .input_rows = {1, 1, 1},
     .lines = 1},
    {.name = "an empty one in the middle",
     .texts = {"a,b\n1,x\n", "a,b\n", "a,b\n2,y"},
     .rows = "1|\"x\"\n2|\"y\"\n",
     .input_rows = {1, 0, 1},
     .lines = 1},
    {.name = "a record does not go on in the next input",
     .texts = {"a,b\n1,x", "a,b\n2,\"y\n", "a,b\n3,z\n"},
     .rows = "1|\"x\"\n3|\"z\"\n",
     .rejects = "0 4 1 -1 open_quote 2,\"y\n\n",
     .input_rows = {1, 0, 1},
     .lines = 1},
    {.name = "rejects of each",
     .texts = {"a,b\n1,x\n2\n", "b,a\n\ny,3\nz\n", "a,b\n1,2,3\n4,w\n"},
     .rows = "1|\"x\"\n3|\"y\"\n4|\"w\"\n",
     .rejects = "1 8 0 -1 too_few_fields 2\n2 9 1 -1 too_few_fields z\n0 4 2 -1 too_many_fields 1,2,3\n",
     .input_rows = {1, 1, 1},
     .lines = 2},
    {.name = "a column of the table",
     .texts = {"a,b\n1,x\n", "b,a\ny,z\n"},
     .given = "{\"columns\": [{\"name\": \"a\", \"type\": \"int64\"}, {\"name\": \"b\", \"type\": \"text\"}]}",
     .rows = "1|\"x\"\n",
     .rejects = "0 4 1 0 wrong_type y,z\n",
     .input_rows = {1, 0},
     .lines = 1},
    {.name = "a bad row fails",
     .texts = {"a,b\n1,x\n\"2\n\",y\n3\n"},
     .fails = true,
     .want = HW_EDATA,
     .says = "found 1 field, expected 2",
     .line = 4,
     .offset = 15},
    {.name = "a bad row of the second input fails",
     .texts = {"a,b\n1,x\n", "a,b\n2,y\n\n3\n"},
     .fails = true,
     .want = HW_EDATA,
     .says = "found 1 field, expected 2",
     .line = 3,
     .offset = 9},
    {.name = "an open quote fails",
     .texts = {"a,b\n1,x\n2,\"y\n\n"},
     .fails = true,
     .want = HW_EDATA,
     .says = "the text ends inside quotes",
     .line = 2,
     .offset = 8},
    {.name = "a value that does not fit is no fault where types are inferred: no row is wanted from there on",
     .texts = {"a,b\n1,x\n", "b,a\ny,2\n"},
     .types_only = true,
     .rows = "",
     .input_rows = {1, 1},
     .lines = 1},
    {.name = "rejects are counted where no rows are wanted, and not kept",
     .texts = {"a,b\n1,x\n2\n"},
     .types_only = true,
     .rows = "",
     .input_rows = {1},
     .lines = 2},
};

/* Adds the texts; what is packed lives in `packed`. */
static void texts_add(struct stock *stock, const struct table_row *row, struct hw_buf *packed) {
    static const char *const names[] = {"0", "1", "2", "3"};
    for (size_t i = 0; i < 4 && row->texts[i]; i++) {
        if (row->packed && i % 2 == 1) {
            packed_gzip(hw_view_of(row->texts[i]), &packed[i]);
        }
        stock_add(stock, names[i], row->packed && i % 2 == 1 ? hw_buf_view(&packed[i]) : hw_view_of(row->texts[i]));
    }
}

static void result_compare(const struct table_row *row, const struct stock *stock, struct part_read *read) {
    const struct hw_csv_result *result = part_result(read);
    uint64_t rows = 0;
    for (size_t i = 0; i < stock->count; i++) {
        const struct hw_csv_input *input = &stock->table.inputs.items[i];
        assert_row_int(row->name, result->inputs[i].rows, row->input_rows[i]);
        assert_row_int(row->name, result->inputs[i].bytes, strlen(row->texts[i]) - input->body_offset);
        rows += row->input_rows[i];
    }
    assert_row_text(row->name, part_text(&read->rows), row->rows);
    assert_row_text(row->name, part_text(&read->rejects), row->rejects ? row->rejects : "");
    assert_row_text(row->name, part_text(&read->steps), rows + result->base.rejected > 0 ? "SRE" : "SE");
    assert_row_int(row->name, result->base.rows, rows);
    assert_row_int(row->name, result->base.records, rows + result->base.rejected);
    assert_row_int(row->name, result->lines, row->lines);
    assert_row_int(row->name, result->input, stock->count - 1);
    assert_row_int(row->name, result->base.misfit, row->misfit);
}

static void a_part_is_of_several_inputs(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(table_rows); i++) {
        const struct table_row *row = &table_rows[i];
        struct stock stock;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_cursor *cursor = NULL;
        struct hw_buf packed[4] = {0};
        HW_AUTO(part_read) read = {.types_only = row->types_only};
        stock_init(&stock);
        stock.csv.bad_rows_reject = !row->fails;
        texts_add(&stock, row, packed);
        if (row->given) {
            stock_schema(&stock, row->given);
        }
        assert_ok(stock_table(&stock, &err), err);
        assert_row_int(row->name, stock_parts(&stock), 1);
        assert_ok(hw_csv_cursor_new(&stock.table, &cursor, &err), err);
        assert_row_int(row->name, part_read(cursor, 0, NULL, &read, &err), row->want);
        assert_row_says(row->name, err.message, row->says ? row->says : "");
        if (row->want == HW_OK) {
            result_compare(row, &stock, &read);
        } else {
            assert_row_int(row->name, err.line, row->line);
            assert_row_int(row->name, err.offset, row->offset);
        }
        for (size_t k = 0; k < stock.count; k++) { /* its only use has ended, also by a failure */
            assert_row_int(row->name, memory_object_open_count(&stock.from[k]), 0);
        }
        cursor->ops->free(cursor);
        stock_release(&stock);
        for (size_t k = 0; k < 4; k++) {
            hw_buf_release(&packed[k]);
        }
    }
}

/*
 * A value beyond the sample, which is the first 64 KiB here and pieces, does not fit: it is told
 * where it stands.
 */
static void a_misfit_is_told(void **state) {
    (void)state;
    enum { RECORDS = 131072, AT = 70000, PART_BYTES = 100000 }; /* "1234567\n" each */
    for (int history = 0; history < 2; history++) {
        struct stock stock;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_cursor *cursor = NULL;
        HW_AUTO(hw_buf) text = {0};
        size_t misfits = 0;
        stock_text(&text, "nnnnnnn\n");
        for (size_t i = 1; i < RECORDS; i++) {
            stock_text(&text, i == AT ? "seventy\n" : "1234567\n");
        }
        stock_init(&stock);
        stock.options.part_bytes = PART_BYTES;
        stock.options.history = history;
        stock_add(&stock, "memory", hw_buf_view(&text));
        assert_ok(stock_table(&stock, &err), err);
        assert_int_equal(stock.table.layout.schema.fields[0].type.kind, HW_KIND_INT64);
        assert_ok(hw_csv_cursor_new(&stock.table, &cursor, &err), err);
        for (size_t part = 0; part < stock_parts(&stock); part++) {
            HW_AUTO(part_read) read = {0};
            assert_ok(part_read(cursor, part, NULL, &read, &err), err);
            const struct hw_csv_result *result = part_result(&read);
            const struct hw_csv_first_misfit *misfit = (const void *)result->misfits.data;
            const bool here = result->base.start <= AT * 8 && AT * 8 < result->base.end;
            assert_int_equal(result->base.misfit, here);
            assert_int_equal(result->base.rows, (result->base.end - result->base.start) / 8);
            assert_int_equal((result->profiles[0].seen & HW_SEEN_TEXT) != 0, here);
            assert_int_equal(result->misfits.size, here && history ? sizeof(*misfit) : 0);
            if (here && history) {
                assert_int_equal(misfit->line, AT - result->base.start / 8 + 1); /* of the part */
                assert_int_equal(misfit->offset, AT * 8);
                assert_row_bytes("value", misfit->value, misfit->bytes, "seventy", 7);
            }
            misfits += here;
        }
        assert_int_equal(misfits, 1);
        cursor->ops->free(cursor);
        stock_release(&stock);
    }
}

/* ------ faults */

static void a_fault_of_a_source_is_told(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t object;
        int fail_on_open; /* after the look and what begins a pass */
        int fail_on_read; /* the first one says how it is packed */
        enum hw_status want;
        const char *says;
        const char *rows; /* that came before */
    } rows[] = {
        {"the first cannot be opened", 0, 1, 0, HW_ECHANGED, "injected open", ""},
        {"the second cannot be opened", 1, 1, 0, HW_ECHANGED, "injected open", "1|\"x\"\n"},
        {"the first cannot be read", 0, 0, 2, HW_EIO, "injected read", ""},
        {"the second cannot be read", 1, 0, 2, HW_EIO, "injected read", "1|\"x\"\n"},
        {"the third, which is packed, cannot be read", 2, 0, 2, HW_EIO, "injected read", "1|\"x\"\n2|\"y\"\n"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stock stock;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_cursor *cursor = NULL;
        HW_AUTO(hw_buf) gzip = {0};
        HW_AUTO(part_read) read = {0};
        HW_AUTO(part_read) again = {0};
        packed_gzip((hw_view){"a,b\n3,z\n", 8}, &gzip);
        stock_init(&stock);
        stock_add(&stock, "0", hw_view_of("a,b\n1,x\n"));
        stock_add(&stock, "1", hw_view_of("a,b\n2,y\n"));
        stock_add(&stock, "2", hw_buf_view(&gzip));
        assert_ok(stock_table(&stock, &err), err);
        struct memory_object *from = &stock.from[rows[i].object];
        from->fail_on_open = rows[i].fail_on_open ? from->opens + 1 : 0;
        from->fail_on_read = rows[i].fail_on_read ? from->reads + rows[i].fail_on_read : 0;
        assert_ok(hw_csv_cursor_new(&stock.table, &cursor, &err), err);
        assert_row_int(rows[i].name, part_read(cursor, 0, NULL, &read, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_text(rows[i].name, part_text(&read.rows), rows[i].rows);
        /* whose line it is, and name */
        assert_row_int(rows[i].name, part_result(&read)->input, rows[i].object);
        for (size_t k = 0; k <= rows[i].object; k++) {
            assert_row_int(rows[i].name, memory_object_open_count(&stock.from[k]), 0);
        }
        assert_ok(part_read(cursor, 0, NULL, &again, &err), err); /* the cursor is as good as new */
        assert_row_text(rows[i].name, part_text(&again.rows), "1|\"x\"\n2|\"y\"\n3|\"z\"\n");
        cursor->ops->free(cursor);
        stock_release(&stock);
    }
}

/*
 * A part that its caller gives up in the midst of it leaves nothing open, and nothing to the next
 * one.
 */
static void a_part_may_be_given_up(void **state) {
    (void)state;
    HW_AUTO(hw_buf) gzip = {0};
    packed_gzip((hw_view){"b\nz\n", 4}, &gzip);
    for (int steps = 0; steps < 6; steps++) {
        struct stock stock;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_cursor *cursor = NULL;
        enum hw_cursor_step step;
        HW_AUTO(part_read) read = {0};
        stock_init(&stock);
        stock.csv.bad_rows_reject = true;
        stock_add(&stock, "0", hw_view_of("a,b\n1,x\nbad\n"));
        stock_add(&stock, "1", hw_buf_view(&gzip));
        assert_ok(stock_table(&stock, &err), err);
        assert_ok(hw_csv_cursor_new(&stock.table, &cursor, &err), err);
        assert_ok(cursor->ops->open(cursor, 0, NULL, &err), err);
        for (int i = 0; i < steps; i++) {
            assert_ok(cursor->ops->next(cursor, &step, &err), err);
        }
        hw_csv_result_free(cursor->ops->close(cursor));
        assert_int_equal(cursor->rejects.count, 0);
        assert_int_equal(cursor->rejects.data.size, 0);
        assert_int_equal(memory_object_open_count(&stock.from[0]), 0);
        assert_ok(part_read(cursor, 0, NULL, &read, &err), err);
        assert_string_equal(part_text(&read.rows), "1|\"x\"\n~|\"z\"\n");
        assert_string_equal(part_text(&read.rejects), "1 8 0 -1 too_few_fields bad\n");
        cursor->ops->free(cursor);
        stock_release(&stock);
    }
}

/* Objects are opened once for all parts that read them, and closed behind the last one. */
static void an_object_is_open_until_its_last_part_is_read(void **state) {
    (void)state;
    struct stock stock;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_cursor *cursor = NULL;
    HW_AUTO(hw_buf) text = {0};
    HW_AUTO(hw_buf) want = {0};
    stock_text(&text, "id,note\n");
    stock_rows(&text, &want, 0, 1000, "n");
    stock_init(&stock);
    stock.options.part_bytes = 1000;
    stock_add(&stock, "0", hw_buf_view(&text));
    stock_add(&stock, "1", hw_buf_view(&text));
    assert_ok(stock_table(&stock, &err), err);
    assert_ok(hw_csv_cursor_new(&stock.table, &cursor, &err), err);
    size_t lasts[2] = {0};
    for (size_t part = 0; part < stock_parts(&stock); part++) {
        for (size_t k = stock_part(&stock, part)->first; k <= stock_part(&stock, part)->last; k++) {
            lasts[k] = part;
        }
    }
    for (size_t part = 0; part < stock_parts(&stock); part++) {
        HW_AUTO(part_read) read = {0};
        assert_ok(part_read(cursor, part, NULL, &read, &err), err);
        for (size_t k = 0; k < 2; k++) {
            const bool open = part >= (k == 0                                    ? 0
                                       : stock_part(&stock, lasts[0])->last == 1 ? lasts[0]
                                                                                 : lasts[0] + 1) &&
                              part < lasts[k];
            assert_int_equal(memory_object_open_count(&stock.from[k]), open);
        }
    }
    assert_int_equal(stock.from[0].opens, 2); /* to look, and to read */
    assert_int_equal(stock.from[1].opens, 2);
    cursor->ops->free(cursor);
    stock_release(&stock);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_part_is_of_several_inputs),
        cmocka_unit_test(a_misfit_is_told),
        cmocka_unit_test(a_fault_of_a_source_is_told),
        cmocka_unit_test(a_part_may_be_given_up),
        cmocka_unit_test(an_object_is_open_until_its_last_part_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
