/* SPDX-License-Identifier: Apache-2.0 */
/* Constraints at work in the parser: which records they make bad, and what is said of them. */
#include "csv/checks.h"

#include "core/alloc.h"
#include "csv/parser.h"
#include "csv/schema_file.h"
#include "support/rows.h"

static const struct hw_csv_dialect rfc4180 = {.delimiter = ',', .quote = '"', .end = '\n'};

/*
 * A table with one constrained column or two, its text, and the bad records: "line reason
 * column@offset", each followed by a space.
 */
static const struct {
    const char *name;
    const char *columns; /* of the schema file */
    const char *text;
    const char *bad;
    const char *says; /* of the first bad record */
} rows[] = {
    {"integers within bounds", "{\"name\": \"i\", \"type\": \"int64\", \"min\": -1, \"max\": 1}", "-1\n0\n1\n", "", ""},
    {"integers out of bounds", "{\"name\": \"i\", \"type\": \"int64\", \"min\": -1, \"max\": 1}", "-2\n0\n2\n",
     "1 below_min i@0 3 above_max i@5 ", "found \"-2\", expected at least -1"},
    {"only max", "{\"name\": \"i\", \"type\": \"int64\", \"max\": 1}", "-9223372036854775808\n2\n", "2 above_max i@21 ",
     "found \"2\", expected at most 1"},
    {"a null's filler is not asked",
     "{\"name\": \"i\", \"type\": \"int64\", \"min\": 5}, {\"name\": \"j\", \"type\": \"int64\"}", ",1\n5,1\n,1\n4,1\n",
     "4 below_min i@10 ", "found \"4\""},
    {"doubles, nan and infinity", "{\"name\": \"x\", \"type\": \"double\", \"min\": 0.5}",
     "0.5\nnan\n0.25\ninf\n-inf\n", "2 below_min x@4 3 below_min x@8 5 below_min x@17 ",
     "found \"nan\", expected at least 0.5"},
    {"nan below max", "{\"name\": \"x\", \"type\": \"double\", \"max\": 1}", "nan\n1\n", "1 above_max x@0 ",
     "expected at most 1"},
    {"minus zero is zero", "{\"name\": \"x\", \"type\": \"double\", \"min\": 0}", "-0.0\n", "", ""},
    {"decimals by value",
     "{\"name\": \"m\", \"type\": \"decimal(30,2)\", \"min\": \"9.5\", \"max\": \"100000000000000000000\"}",
     "9.50\n9.49\n100000000000000000000.00\n100000000000000000000.01\n", "2 below_min m@5 4 above_max m@35 ",
     "found \"9.49\", expected at least 9.5"},
    {"dates", "{\"name\": \"d\", \"type\": \"date\", \"min\": \"2020-01-01\", \"max\": \"2020-12-31\"}",
     "2020-01-01\n2019-12-31\n2021-01-01\n", "2 below_min d@11 3 above_max d@22 ", "expected at least 2020-01-01"},
    {"timestamps by instant", "{\"name\": \"t\", \"type\": \"timestamp(us, UTC)\", \"max\": \"2020-01-01T00:00:00Z\"}",
     "2020-01-01T01:00:00+01:00\n2020-01-01T00:00:00-00:01\n", "2 above_max t@26 ",
     "expected at most 2020-01-01T00:00:00Z"},
    {"a list of texts",
     "{\"name\": \"s\", \"type\": \"text\", \"enum\": [\"b\", \"a,c\", \"\"]}, {\"name\": \"j\", \"type\": \"int64\"}",
     "b,1\n\"a,c\",1\n\"\",1\n,1\na,1\n\"b\"\"\",1\n", "5 not_in_enum s@20 6 not_in_enum s@24 ",
     "found \"a\", expected one of \"b\", \"a,c\", \"\""},
    {"a list of numbers, by value", "{\"name\": \"m\", \"type\": \"decimal(5,2)\", \"enum\": [\"1.50\", \"2\"]}",
     "1.5\n2.00\n2.01\n", "3 not_in_enum m@9 ", "found \"2.01\""},
    {"a list of truths", "{\"name\": \"b\", \"type\": \"boolean\", \"enum\": [\"true\"]}", "TRUE\nfalse\n",
     "2 not_in_enum b@5 ", "found \"false\""},
    {"a list of uuids", "{\"name\": \"u\", \"type\": \"uuid\", \"enum\": [\"00000000-0000-0000-0000-00000000000A\"]}",
     "00000000-0000-0000-0000-00000000000a\n00000000-0000-0000-0000-00000000000b\n", "2 not_in_enum u@37 ", ""},
    {"a pattern", "{\"name\": \"s\", \"type\": \"text\", \"pattern\": \"^[a-z]+$\"}", "abc\n\"a,b\"\nab1\n",
     "2 pattern s@4 3 pattern s@10 ", "found \"\\\"a,b\\\"\", expected a match of \"^[a-z]+$\""},
    {"the leftmost column is told",
     "{\"name\": \"i\", \"type\": \"int64\", \"max\": 1}, {\"name\": \"j\", \"type\": \"int64\", \"max\": 1}",
     "2,x\n1,2\nx,2\n", "1 above_max i@0 2 above_max j@6 3 wrong_type i@8 ", "found \"2\""},
    {"a value again",
     "{\"name\": \"i\", \"type\": \"int64\", \"unique\": true}, {\"name\": \"j\", \"type\": \"int64\"}",
     "1,0\n2,0\n1,0\n,0\n,0\n2,0\n", "3 duplicate i@8 6 duplicate i@18 ",
     "found \"1\", expected a value that no record before has"},
    {"equal by value", "{\"name\": \"x\", \"type\": \"double\", \"unique\": true}",
     "0\n-0.0\n1\n1.0\n10e-1\nnan\nNaN\n", "2 duplicate x@2 4 duplicate x@9 5 duplicate x@13 7 duplicate x@23 ", ""},
    {"texts by bytes", "{\"name\": \"s\", \"type\": \"text\", \"unique\": true}", "a\nA\n\"a\"\na \n",
     "3 duplicate s@4 ", "found \"\\\"a\\\"\""},
    {"two columns, each on its own",
     "{\"name\": \"i\", \"type\": \"int64\", \"unique\": true}, "
     "{\"name\": \"j\", \"type\": \"int64\", \"unique\": true}",
     "1,2\n2,1\n3,2\n", "3 duplicate j@10 ", "found \"2\""},
    {"a bad record's values are free",
     "{\"name\": \"i\", \"type\": \"int64\", \"unique\": true}, "
     "{\"name\": \"j\", \"type\": \"int64\", \"unique\": true, \"max\": 9}",
     "1,10\n1,1\n1,2\n3,2\n", "1 above_max j@2 3 duplicate i@9 ", "found \"10\""},
};

struct table {
    struct hw_arena arena;
    struct hw_schema_file file;
    struct hw_budget budget;
    struct hw_csv_unique unique;
    struct hw_csv_parser_options options;
    struct hw_csv_parser *parser;
};

static void table_open(struct table *table, const char *columns) {
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) json = {0};
    *table = (struct table){0};
    assert_ok(hw_buf_printf(&json, &err, "{\"columns\": [%s]}", columns), err);
    assert_ok(hw_schema_file_read(hw_buf_view(&json), NULL, &table->arena, &table->file, &err), err);
    hw_budget_init(&table->budget, HW_MIB(1));
    table->unique = (struct hw_csv_unique){.budget = &table->budget, .values_max = 1000};
    assert_ok(hw_csv_unique_init(&table->unique, table->file.schema.count, &err), err);
    table->options = (struct hw_csv_parser_options){
        .dialect = rfc4180,
        .schema = &table->file.schema,
        .fixed = true,
        .constraints = &table->file.constraints,
        .unique = &table->unique,
    };
    assert_ok(hw_csv_parser_new(&table->options, &table->parser, &err), err);
}

static void table_close(struct table *table) {
    hw_csv_parser_free(table->parser);
    hw_csv_unique_release(&table->unique);
    hw_budget_release(&table->budget);
    hw_arena_release(&table->arena);
}

/* The block's bad records as the rows above have them. */
static void bad_describe(const struct table *table, const struct hw_csv_block *block, const char *data,
                         struct hw_buf *out) {
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < block->bad_count; i++) {
        const struct hw_csv_bad *bad = &block->bad[i];
        assert_ok(hw_buf_printf(out, &err, "%" PRIu64 " %s %s@%u ", hw_csv_line_at(&rfc4180, data, bad->offset),
                                hw_csv_reason_name(bad->reason), table->file.schema.fields[bad->column].name, bad->at),
                  err);
    }
    assert_ok(hw_buf_end_text(out, &err), err);
}

static void broken_constraints_make_records_bad(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) bad = {0};
        struct hw_csv_block block;
        struct table table;
        char text[1024] = {0};
        char *data = text + HW_CSV_BLOCK_MARGIN;
        size_t bytes = strlen(rows[i].text);
        memcpy(data, rows[i].text, bytes);
        table_open(&table, rows[i].columns);
        assert_ok(hw_csv_parser_run(table.parser, data, bytes, true, &block, &err), err);
        bad_describe(&table, &block, data, &bad);
        assert_row_text(rows[i].name, (const char *)bad.data, rows[i].bad);
        assert_row_int(rows[i].name, block.records, block.batch.rows + block.bad_count);
        if (block.bad_count > 0) {
            assert_row_int(rows[i].name, hw_csv_bad_fail(&block.bad[0], &table.options, data, &err), HW_EDATA);
            assert_row_says(rows[i].name, err.message, rows[i].says);
            assert_row_int(rows[i].name, err.offset, block.bad[0].at);
            assert_row_text(rows[i].name, err.column, table.file.schema.fields[block.bad[0].column].name);
        }
        table_close(&table);
    }
}

static void values_are_remembered_from_block_to_block(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_csv_block block;
    struct table table;
    char text[256] = {0};
    char *data = text + HW_CSV_BLOCK_MARGIN;
    table_open(&table, "{\"name\": \"i\", \"type\": \"int64\", \"unique\": true}");
    memcpy(data, "1\n2\n", 4);
    assert_ok(hw_csv_parser_run(table.parser, data, 4, false, &block, &err), err);
    assert_int_equal(block.batch.rows, 2);
    memcpy(data, "3\n2\n", 4);
    assert_ok(hw_csv_parser_run(table.parser, data, 4, true, &block, &err), err);
    assert_int_equal(block.batch.rows, 1);
    assert_int_equal(((const int64_t *)block.batch.columns[0].values)[0], 3);
    assert_int_equal(block.bad[0].reason, HW_CSV_DUPLICATE);
    table_close(&table);
}

/* Every value of a long column is looked at, wherever it stands in the loops' vectors. */
static void one_value_among_many_is_found(void **state) {
    (void)state;
    enum { ROWS = 100 };
    static const struct {
        const char *column, *good, *bad;
    } kinds[] = {
        {"{\"name\": \"c\", \"type\": \"int64\", \"min\": 10}", "11", "09"},
        {"{\"name\": \"c\", \"type\": \"double\", \"max\": 2}", "2.", "3."},
        {"{\"name\": \"c\", \"type\": \"decimal(9,0)\", \"max\": 20}", "20", "21"},
        {"{\"name\": \"c\", \"type\": \"date\", \"max\": \"2020-01-01\"}", "2020-01-01", "2020-01-02"},
    };
    for (size_t kind = 0; kind < COUNT_OF(kinds); kind++) {
        for (size_t at = 0; at < ROWS; at++) {
            struct hw_error err = HW_ERROR_INIT;
            struct hw_csv_block block;
            struct table table;
            char text[HW_CSV_BLOCK_MARGIN * 2 + ROWS * 16] = {0};
            char *data = text + HW_CSV_BLOCK_MARGIN;
            size_t bytes = 0;
            for (size_t row = 0; row < ROWS; row++) {
                const char *value = row == at ? kinds[kind].bad : kinds[kind].good;
                memcpy(data + bytes, value, strlen(value));
                bytes += strlen(value);
                data[bytes++] = '\n';
            }
            table_open(&table, kinds[kind].column);
            assert_ok(hw_csv_parser_run(table.parser, data, bytes, true, &block, &err), err);
            assert_row_int(kinds[kind].column, block.bad_count, 1);
            assert_row_int(kinds[kind].column, hw_csv_line_at(&rfc4180, data, block.bad[0].offset), at + 1);
            table_close(&table);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(broken_constraints_make_records_bad),
        cmocka_unit_test(values_are_remembered_from_block_to_block),
        cmocka_unit_test(one_value_among_many_is_found),
    };
    return cmocka_run_group_tests_name("csv/checks", tests, NULL, NULL);
}
