/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/blocks.h"

#include "core/budget.h"
#include "support/alloc_fault.h"
#include "unit/csv/packed.h"
#include "unit/csv/stock.h"

enum { COLUMNS_MAX = 4, INPUTS_MAX = 2 };
/* The part begins here, as if much stood before it. */
enum { BEGIN = 1000 };

/* A table, and what works on blocks of its text. */
struct bench {
    struct stock stock;
    struct hw_cursor cursor;
    struct hw_csv_window window;
    struct hw_csv_blocks blocks;
    struct hw_csv_result result;
    struct hw_csv_input_part parts[INPUTS_MAX];
    struct hw_csv_profile profiles[COLUMNS_MAX];
    struct hw_buf rows;
    struct hw_buf rejects;
};

static void part_begin(struct bench *bench) {
    memset(bench->parts, 0, sizeof(bench->parts));
    bench->result = (struct hw_csv_result){.last = INPUTS_MAX - 1, .inputs = bench->parts, .profiles = bench->profiles};
    hw_csv_blocks_begin(&bench->blocks, &bench->result);
}

/* The columns and their types are those of the stock's texts. */
static enum hw_status bench_begin(struct bench *bench, struct hw_error *err) {
    HW_TRY(stock_table(&bench->stock, err));
    bench->cursor.batch.schema = &bench->stock.table.layout.schema;
    HW_TRY(hw_csv_blocks_init(&bench->blocks, &bench->stock.table, &bench->cursor, &bench->window, err));
    part_begin(bench);
    return hw_csv_blocks_set_input(&bench->blocks, &bench->stock.table.inputs.items[0], err);
}

static void bench_release(struct bench *bench) {
    hw_csv_blocks_release(&bench->blocks);
    hw_csv_window_release(&bench->window);
    hw_buf_release(&bench->cursor.rejects.data);
    hw_buf_release(&bench->result.misfits);
    hw_buf_release(&bench->rows);
    hw_buf_release(&bench->rejects);
    stock_release(&bench->stock);
}

static enum hw_status text_put(struct bench *bench, const char *text, struct hw_error *err) {
    hw_csv_window_begin(&bench->window, HW_CSV_WINDOW_MEMORY, BEGIN, BEGIN + strlen(text));
    return hw_csv_window_put(&bench->window, text, strlen(text), err);
}

/* Runs over the text in the window, `block` bytes at a time, and keeps what comes of it. */
static enum hw_status blocks_run(struct bench *bench, size_t block, struct hw_error *err) {
    size_t have;
    size_t wanted = block;
    while ((have = hw_csv_window_have(&bench->window)) > 0) {
        const size_t bytes = hw_min_size(have, wanted);
        size_t consumed = 99;
        bench->cursor.batch.rows = 0;
        HW_TRY(hw_csv_blocks_run(&bench->blocks, bytes, bytes == have, &consumed, err));
        assert_int_equal(have - hw_csv_window_have(&bench->window), consumed);
        if (consumed == 0 && bytes == have) {
            HW_TRY(hw_csv_blocks_open_quote(&bench->blocks, bytes, err));
        }
        if (bench->cursor.batch.rows > 0) {
            batch_text(&bench->cursor.batch, &bench->rows);
        }
        HW_TRY(part_rejects_take(&bench->cursor, &bench->rejects, err));
        wanted = consumed > 0 ? block : 2 * wanted;
    }
    return HW_OK;
}

/* ------ rows, rejects and counters */

struct run_row {
    const char *name;
    const char *head; /* the table's text: its columns and types */
    const char *text;
    const char *rows;
    const char *rejects; /* as part_rejects_take writes them */
    uint64_t records;
    uint64_t rejected;
    uint64_t lines;
};

static const struct run_row run_rows[] = {
    {"rows", "a,b\n1,x\n", "1,x\n2,y\n", "1|\"x\"\n2|\"y\"\n", "", 2, 0, 2},
    {"nothing", "a,b\n1,x\n", "", "", "", 0, 0, 0},
    {"blank lines are none", "a,b\n1,x\n", "\n1,x\n\n\n2,y\n", "1|\"x\"\n2|\"y\"\n", "", 2, 0, 5},
    {"lines in quotes", "a,b\n1,x\n", "1,\"x\ny\"\n2,y\n", "1|\"x\ny\"\n2|\"y\"\n", "", 2, 0, 3},
    {"no record end", "a,b\n1,x\n", "1,x\n2,y", "1|\"x\"\n2|\"y\"\n", "", 2, 0, 2},
    {"too few and too many fields", "a,b\n1,x\n", "1,x\n2\n3,y\n4,z,!\n", "1|\"x\"\n3|\"y\"\n",
     "1 1004 0 -1 too_few_fields 2\n3 1010 0 -1 too_many_fields 4,z,!\n", 4, 2, 4},
    {"a reject behind lines in quotes", "a,b\n1,x\n", "1,\"x\n\n\"\n2\n", "1|\"x\n\n\"\n",
     "3 1008 0 -1 too_few_fields 2\n", 2, 1, 4},
    {"all are bad", "a,b\n1,x\n", "1\n2\n", "", "0 1000 0 -1 too_few_fields 1\n1 1002 0 -1 too_few_fields 2\n", 2, 2,
     2},
    {"no UTF-8", "a,b\n1,x\n", "1,x\n2,\xff\n", "1|\"x\"\n", "1 1004 0 -1 not_utf8 2,\xff\n", 2, 1, 2},
    {"an open quote", "a,b\n1,x\n", "1,x\n2,\"y\n\nz", "1|\"x\"\n", "1 1004 0 -1 open_quote 2,\"y\n\nz\n", 2, 1, 3},
    {"an open quote at once", "a,b\n1,x\n", "\"", "", "0 1000 0 -1 open_quote \"\n", 1, 1, 0},
};

static void blocks_become_batches_and_rejects(void **state) {
    (void)state;
    static const size_t blocks[] = {1, 3, 7, 1000};
    for (size_t i = 0; i < COUNT_OF(run_rows); i++) {
        const struct run_row *row = &run_rows[i];
        for (size_t k = 0; k < COUNT_OF(blocks); k++) {
            struct hw_error err = HW_ERROR_INIT;
            struct bench bench = {0};
            stock_init(&bench.stock);
            bench.stock.csv.bad_rows_reject = true;
            stock_add(&bench.stock, "memory", hw_view_of(row->head));
            assert_ok(bench_begin(&bench, &err), err);
            assert_ok(text_put(&bench, row->text, &err), err);
            assert_ok(blocks_run(&bench, blocks[k], &err), err);
            const size_t bytes = strlen(row->text);
            assert_row_text(row->name, part_text(&bench.rows), row->rows);
            assert_row_text(row->name, part_text(&bench.rejects), row->rejects);
            assert_row_int(row->name, bench.result.base.records, row->records);
            assert_row_int(row->name, bench.result.base.rejected, row->rejected);
            assert_row_int(row->name, bench.result.base.rows, row->records - row->rejected);
            assert_row_int(row->name, bench.result.lines, row->lines);
            assert_row_int(row->name, bench.result.base.bytes, bytes);
            assert_row_int(row->name, bench.parts[0].bytes, bytes);
            assert_row_int(row->name, bench.window.offset, BEGIN + bytes);
            assert_row_int(row->name, bench.result.base.misfit, false);
            bench_release(&bench);
        }
    }
}

static void rejects_are_counted_by_reason(void **state) {
    (void)state;
    for (int types_only = 0; types_only < 2; types_only++) {
        struct hw_error err = HW_ERROR_INIT;
        struct bench bench = {0};
        stock_init(&bench.stock);
        bench.stock.csv.bad_rows_reject = true;
        stock_add(&bench.stock, "memory", hw_view_of("a,b\n1,x\n"));
        assert_ok(bench_begin(&bench, &err), err);
        bench.cursor.types_only = types_only; /* counted, but not kept */
        assert_ok(text_put(&bench, "1\n2,x,y\n3\n4,\"", &err), err);
        assert_ok(blocks_run(&bench, 1000, &err), err);
        assert_int_equal(bench.result.rejected_by[HW_CSV_TOO_FEW_FIELDS], 2);
        assert_int_equal(bench.result.rejected_by[HW_CSV_TOO_MANY_FIELDS], 1);
        assert_int_equal(bench.result.rejected_by[HW_CSV_OPEN_QUOTE], 1);
        assert_int_equal(bench.result.base.rejected, 4);
        assert_int_equal(bench.rejects.size > 0, !types_only);
        bench_release(&bench);
    }
}

/* ------ faults */

static void a_bad_record_fails_the_part(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *text;
        const char *says;
        int64_t line;
        int64_t offset;
    } rows[] = {
        {"the first", "1\n", "found 1 field, expected 2", 1, BEGIN},
        {"behind others", "1,x\n2,y\n3\n", "found 1 field, expected 2", 3, BEGIN + 8},
        {"behind lines in quotes", "1,\"x\n\n\"\n3\n", "found 1 field, expected 2", 4, BEGIN + 8},
        {"a byte", "1,x\n2,\xff\n", "found the byte 0xff, expected UTF-8", 2, BEGIN + 6},
        {"a byte behind a line in quotes", "1,x\n2,\"\n\xff\"\n", "found the byte 0xff", 3, BEGIN + 8},
        {"after a quote", "1,\"x\"y\n", "after a closing quote", 1, BEGIN + 5},
        {"an open quote", "1,x\n2,\"y\n", "the text ends inside quotes", 2, BEGIN + 4},
    };
    static const size_t blocks[] = {1, 1000};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (size_t k = 0; k < COUNT_OF(blocks); k++) {
            struct hw_error err = HW_ERROR_INIT;
            struct bench bench = {0};
            stock_init(&bench.stock);
            stock_add(&bench.stock, "memory", hw_view_of("a,b\n1,x\n"));
            assert_ok(bench_begin(&bench, &err), err);
            assert_ok(text_put(&bench, rows[i].text, &err), err);
            assert_row_int(rows[i].name, blocks_run(&bench, blocks[k], &err), HW_EDATA);
            assert_row_says(rows[i].name, err.message, rows[i].says);
            assert_row_int(rows[i].name, err.line, rows[i].line);
            assert_row_int(rows[i].name, err.offset, rows[i].offset);
            bench_release(&bench);
        }
    }
}

/*
 * From a value that does not fit on, a part only shows its types; what did not fit first is told.
 */
static void a_misfit_ends_the_rows(void **state) {
    (void)state;
    for (int history = 0; history < 2; history++) {
        struct hw_error err = HW_ERROR_INIT;
        struct bench bench = {0};
        stock_init(&bench.stock);
        bench.stock.csv.bad_rows_reject = true;
        bench.stock.options.history = history;
        stock_add(&bench.stock, "memory", hw_view_of("a,b\n1,2\n"));
        assert_ok(bench_begin(&bench, &err), err);
        assert_ok(text_put(&bench, "1,2\n3,4\n\"x\n\",5\nbad\n1.5,6\n", &err), err);
        assert_ok(blocks_run(&bench, 8, &err), err);
        assert_string_equal(part_text(&bench.rows), "1|2\n3|4\n");
        assert_true(bench.result.base.misfit);
        assert_int_equal(bench.result.base.rows, 4);
        assert_int_equal(bench.result.base.rejected, 1);
        assert_int_equal(bench.rejects.size, 0); /* it comes again in the next pass */
        hw_csv_blocks_end(&bench.blocks);
        assert_int_equal(hw_csv_profile_type(&bench.profiles[0], HW_CSV_DECIMALS_EXACT).kind, HW_KIND_TEXT);
        assert_int_equal(hw_csv_profile_type(&bench.profiles[1], HW_CSV_DECIMALS_EXACT).kind, HW_KIND_INT64);
        const struct hw_csv_first_misfit *misfit = (const void *)bench.result.misfits.data;
        assert_int_equal(bench.result.misfits.size, history ? sizeof(*misfit) : 0);
        if (history) {
            assert_true(misfit->line == 3 && misfit->offset == BEGIN + 8 && misfit->column == 0 && misfit->input == 0);
            assert_row_bytes("value", misfit->value, misfit->bytes, "\"x\n\"", 4);
        }
        bench_release(&bench);
    }
}

/* ------ inputs of other columns */

static void inputs_are_arranged_to_the_table(void **state) {
    (void)state;
    static const char *const rejects[] = {
        "1 1008 1 -1 too_many_fields 1,2,3\n",
        /* "c" is the first column of the input, and the last of the table. */
        "1 1008 1 -1 too_many_fields 1,2,3\n3 1021 1 2 wrong_type no,9\n",
    };
    for (int given = 0; given < 2; given++) {
        struct hw_error err = HW_ERROR_INIT;
        struct bench bench = {0};
        stock_init(&bench.stock);
        bench.stock.csv.bad_rows_reject = true;
        stock_add(&bench.stock, "memory", hw_view_of("a,b,c\n1,2,true\n"));
        stock_add(&bench.stock, "memory", hw_view_of("c,a\ntrue,1\n"));
        if (given) {
            stock_schema(&bench.stock, "{\"columns\": [{\"name\": \"a\", \"type\": \"int64\"}, "
                                       "{\"name\": \"b\", \"type\": \"text\"}, "
                                       "{\"name\": \"c\", \"type\": \"boolean\"}]}");
        }
        assert_ok(bench_begin(&bench, &err), err);
        assert_ok(text_put(&bench, "1,2,true\n", &err), err);
        assert_ok(blocks_run(&bench, 1000, &err), err);
        bench.result.input = 1;
        bench.result.lines = 0;
        assert_ok(hw_csv_blocks_set_input(&bench.blocks, &bench.stock.table.inputs.items[1], &err), err);
        assert_ok(text_put(&bench, given ? "false,7\n1,2,3\ntrue,8\nno,9\n" : "false,7\n1,2,3\ntrue,8\n", &err), err);
        assert_ok(blocks_run(&bench, 1000, &err), err);
        assert_string_equal(part_text(&bench.rows), given ? "1|\"2\"|T\n7|~|F\n8|~|T\n" : "1|2|T\n7|~|F\n8|~|T\n");
        assert_string_equal(part_text(&bench.rejects), rejects[given]);
        assert_int_equal(bench.parts[0].bytes, 9);
        assert_int_equal(bench.parts[1].bytes, given ? 26 : 21);
        assert_true(hw_csv_blocks_part(&bench.blocks) == &bench.parts[1]);
        hw_csv_blocks_end(&bench.blocks);
        if (!given) { /* What both have shown is of the table's columns. */
            assert_int_equal(bench.profiles[0].seen, HW_SEEN_INT);
            assert_int_equal(bench.profiles[1].seen, HW_SEEN_INT); /* of the first input alone */
            assert_int_equal(bench.profiles[2].seen, HW_SEEN_BOOL);
        }
        bench_release(&bench);
    }
}

/* A part begins without what the one before it has shown. */
static void a_part_forgets_the_one_before_it(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct bench bench = {0};
    stock_init(&bench.stock);
    stock_add(&bench.stock, "memory", hw_view_of("a,b\n1,x\n"));
    assert_ok(bench_begin(&bench, &err), err);
    assert_ok(text_put(&bench, "x,1\n", &err), err);
    assert_ok(blocks_run(&bench, 1000, &err), err);
    assert_true(bench.result.base.misfit);
    hw_csv_blocks_end(&bench.blocks);
    assert_int_equal(hw_csv_profile_type(&bench.profiles[0], HW_CSV_DECIMALS_EXACT).kind, HW_KIND_TEXT);
    part_begin(&bench);
    assert_ok(hw_csv_blocks_set_input(&bench.blocks, &bench.stock.table.inputs.items[0], &err), err);
    assert_ok(text_put(&bench, "1,x\n", &err), err);
    assert_ok(blocks_run(&bench, 1000, &err), err);
    assert_false(bench.result.base.misfit);
    assert_string_equal(part_text(&bench.rows), "1|\"x\"\n");
    hw_csv_blocks_end(&bench.blocks);
    assert_int_equal(bench.profiles[0].seen, HW_SEEN_INT);
    /* twice does no harm: a part that could not begin has no result */
    hw_csv_blocks_end(&bench.blocks);
    bench_release(&bench);
}

/* The bytes of every record are summed, those of rejects too. */
static void bytes_are_summed_where_a_checksum_is_kept(void **state) {
    (void)state;
    for (int kept = 0; kept < 2; kept++) {
        struct hw_error err = HW_ERROR_INIT;
        struct bench bench = {0};
        const char *text = "1,x\n2\n3,z\n4,\"";
        stock_init(&bench.stock);
        bench.stock.csv.bad_rows_reject = true;
        bench.stock.inputs.checksums = kept;
        struct memory_object *from = stock_add(&bench.stock, "memory", hw_view_of("a,b\n1,x\n"));
        from->summed = true;
        from->checksum.kind = HW_CHECKSUM_CRC32C;
        assert_ok(bench_begin(&bench, &err), err);
        assert_ok(text_put(&bench, text, &err), err);
        assert_ok(blocks_run(&bench, 5, &err), err);
        assert_int_equal(bench.parts[0].sum, kept ? packed_crc(PACKED_CRC32C, hw_view_of(text)) : 0);
        bench_release(&bench);
    }
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    bool fired = true;
    size_t faults = 0;
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        struct bench bench = {0};
        alloc_fault_begin(&fault, successes);
        stock_init(&bench.stock);
        bench.stock.csv.bad_rows_reject = true;
        bench.stock.options.history = true;
        stock_add(&bench.stock, "memory", hw_view_of("a,b\n1,x\n"));
        stock_add(&bench.stock, "memory", hw_view_of("b,c\n1,2\n"));
        enum hw_status status = bench_begin(&bench, &err);
        status = status == HW_OK ? text_put(&bench, "1,x\n2\ny,z\n", &err) : status;
        size_t consumed;
        status = status == HW_OK ? hw_csv_blocks_run(&bench.blocks, 10, true, &consumed, &err) : status;
        status =
            status == HW_OK ? hw_csv_blocks_set_input(&bench.blocks, &bench.stock.table.inputs.items[1], &err) : status;
        if (bench.blocks.result) {
            hw_csv_blocks_end(&bench.blocks);
        }
        bench_release(&bench);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        faults += fired;
    }
    assert_true(faults > 50);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_become_batches_and_rejects),
        cmocka_unit_test(rejects_are_counted_by_reason),
        cmocka_unit_test(a_bad_record_fails_the_part),
        cmocka_unit_test(a_misfit_ends_the_rows),
        cmocka_unit_test(inputs_are_arranged_to_the_table),
        cmocka_unit_test(a_part_forgets_the_one_before_it),
        cmocka_unit_test(bytes_are_summed_where_a_checksum_is_kept),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
