/* SPDX-License-Identifier: Apache-2.0 */
#include "rows/cursor.h"

#include "core/alloc.h"
#include "support/made_files.h"
#include "support/rows.h"
#include "unit/csv/batch_text.h"

struct bench {
    struct made_files files;
    struct hw_rows_table table;
    struct hw_cursor *cursor;
};

static void bench_make(struct bench *bench, const char *const *texts, const struct hw_rows_options *options) {
    struct hw_error err = HW_ERROR_INIT;
    made_files_init(&bench->files, texts);
    assert_ok(hw_rows_table_init(&bench->table, &bench->files.base, options, &err), err);
    for (size_t i = 0; i < bench->table.count; i++) {
        assert_ok(hw_rows_table_look(&bench->table, i, &err), err);
    }
    assert_ok(hw_rows_table_decide(&bench->table, &err), err);
    assert_ok(hw_rows_table_cut(&bench->table, &err), err);
    assert_ok(hw_rows_cursor_new(&bench->table, &bench->cursor, &err), err);
}

static void bench_release(struct bench *bench) {
    bench->cursor->ops->free(bench->cursor);
    hw_rows_table_release(&bench->table);
    assert_int_equal(atomic_load(&bench->files.open), 0);
}

/* Appends the rows of a part: values of a row with ",", rows with " ". */
static struct hw_rows_result *part_read(struct bench *bench, size_t part, struct hw_buf *out) {
    struct hw_cursor *cursor = bench->cursor;
    struct hw_error err = HW_ERROR_INIT;
    enum hw_cursor_step step;
    assert_ok(cursor->ops->open(cursor, part, NULL, &err), err);
    assert_ok(cursor->ops->next(cursor, &step, &err), err);
    assert_int_equal(step, HW_CURSOR_STARTED);
    assert_int_equal(cursor->result->start, part);
    for (;;) {
        assert_ok(cursor->ops->next(cursor, &step, &err), err);
        if (step == HW_CURSOR_END) {
            break;
        }
        assert_int_equal(step, HW_CURSOR_ROWS);
        assert_ptr_equal(cursor->batch.schema, &bench->table.schema);
        for (size_t row = 0; row < cursor->batch.rows; row++) {
            for (size_t i = 0; i < cursor->batch.schema->count; i++) {
                assert_ok(hw_buf_append_text(out, i > 0 ? "," : out->size > 0 ? " " : "", &err), err);
                assert_ok(batch_text_value(&cursor->batch, i, row, out, &err), err);
            }
        }
    }
    return (struct hw_rows_result *)cursor->ops->close(cursor);
}

#define NAMES(...) (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)

static const struct hw_column_rename renames[] = {{"a", "z"}};

static const struct {
    const char *name;
    const char *files[MADE_FILES_MAX];
    struct hw_columns_options columns;
    const char *rows;
    const char *where;
    const char *list;
} tables[] = {
    {"one file", {"a b/t;3;2"}, {0}, "0,\"1\" 10,\"11\" 20,\"21\" 30,\"31\" 40,\"41\""},
    {"a choice", {"a b c;2"}, {.select = NAMES("c", "a")}, "2,0 12,10"},
    {"two files, one lacks a column", {"a b;2", "b c;1"}, {0}, "0,1,~ 10,11,~ ~,0,1"},
    {"with the source", {"a;3", "a;1"}, {.add_source = "s"}, "0,\"0.made\" 10,\"0.made\" 20,\"0.made\" 0,\"1.made\""},
    {"no rows", {"a;0"}, {0}, ""},
    {"a condition on a column that is not taken", {"a b c;2;2"}, {.select = NAMES("a")}, "20 30", "c > 15"},
    {"a condition on files with other places", {"a b;2", "b a;2"}, {0}, "10,11 11,10", "a >= 10"},
    {"a condition, with the source", {"a;3"}, {.add_source = "s"}, "10,\"0.made\"", "a = 10"},
    {"a condition on what is renamed",
     {"a b/t;3"},
     {.renames = renames, .renames_count = 1},
     "20,\"21\"",
     "a = 20 AND b > '1'"},
    {"a list", {"a b c;2"}, {0}, "2,0 12,10", .list = "c,a"},
    {"a list of files with other places", {"a b c;1", "c a b;1"}, {0}, "2,0 0,1", .list = "c,a"},
    {"a list, and a condition on a column that is not in it", {"a b c;2;2"}, {0}, "22 32", "a > 15", "c"},
    {"a condition that no row meets", {"a;3"}, {0}, "", "a = 5"},
    {"narrow and wide integers", {"a/h b;2", "b/h a;1"}, {0}, "0,1 10,11 1,0"},
    {"integers beside doubles", {"a;2", "a/d;2"}, {0}, "0 10 0 10"},
    {"nulls beside texts", {"a/n b;2", "b a/t;1"}, {0}, "~,1 ~,11 \"1\",0"},
    {"timestamps beside finer ones", {"a/m;2", "a/u;1"}, {0}, "0 10000000 0"},
    {"a cast with the source",
     {"a/h;3", "a;1"},
     {.add_source = "s"},
     "0,\"0.made\" 10,\"0.made\" 20,\"0.made\" 0,\"1.made\""},
    {"a cast of what a condition keeps", {"a/h;3", "a;2"}, {0}, "10 20 10", "a >= 10"},
    {"a condition that no row of a cast meets", {"a/h;3", "a;1"}, {0}, "", "a = 5"},
    {"a condition that all rows meet", {"a;2"}, {0}, "0 10", "a < 50"},
};

static void parts_have_the_rows_of_their_files(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        struct bench bench;
        HW_AUTO(hw_buf) out = {0};
        const struct hw_rows_options options = {
            .format = &made_format,
            .columns = &tables[i].columns,
            .column_list = tables[i].list,
            .where = tables[i].where,
            .part_bytes = 8,
        };
        uint64_t sum = 0;
        bench_make(&bench, tables[i].files, &options);
        for (size_t part = 0; part < bench.table.parts_count; part++) {
            struct hw_rows_result *result = part_read(&bench, part, &out);
            assert_row_int(tables[i].name, result->base.end, part + 1);
            assert_row_int(tables[i].name, result->base.records, result->base.rows);
            if (!tables[i].where) {
                assert_row_int(tables[i].name, result->base.bytes, result->base.rows);
            }
            assert_row_int(tables[i].name, result->limited, false);
            sum += result->base.rows;
            hw_free(result);
        }
        assert_row_bytes(tables[i].name, out.data, out.size, tables[i].rows, strlen(tables[i].rows));
        assert_true(sum <= 5);
        bench_release(&bench);
    }
}

static void rows_have_a_limit(void **state) {
    (void)state;
    struct bench bench;
    HW_AUTO(hw_buf) out = {0};
    const struct hw_rows_options options = {.format = &made_format, .part_bytes = 8, .rows_max = 4};
    bench_make(&bench, (const char *[MADE_FILES_MAX]){"a;3;3;3"}, &options);
    static const char *const want[] = {"0 10 20", "30", ""};
    for (size_t part = 0; part < 3; part++) {
        hw_buf_clear(&out);
        struct hw_rows_result *result = part_read(&bench, part, &out);
        assert_row_bytes("part", out.data, out.size, want[part], strlen(want[part]));
        assert_int_equal(result->limited, part > 0);
        bench.table.rows += result->base.rows;
        hw_free(result);
    }
    bench_release(&bench);
}

static void the_limit_is_of_rows_that_are_kept(void **state) {
    (void)state;
    struct bench bench;
    HW_AUTO(hw_buf) out = {0};
    const struct hw_rows_options options = {
        .format = &made_format, .where = "a != 0 AND a != 40", .part_bytes = 8, .rows_max = 3};
    bench_make(&bench, (const char *[MADE_FILES_MAX]){"a;3;3;3"}, &options);
    static const char *const want[] = {"10 20", "30", ""};
    for (size_t part = 0; part < 3; part++) {
        hw_buf_clear(&out);
        struct hw_rows_result *result = part_read(&bench, part, &out);
        assert_row_bytes("part", out.data, out.size, want[part], strlen(want[part]));
        assert_int_equal(result->limited, part > 0);
        bench.table.rows += result->base.rows;
        hw_free(result);
    }
    bench_release(&bench);
}

static void timestamps_that_do_not_fit_are_a_misfit_once(void **state) {
    (void)state;
    static const enum hw_int96 forms[] = {HW_INT96_AUTO, HW_INT96_MICROS};
    for (size_t i = 0; i < 2; i++) {
        struct bench bench;
        HW_AUTO(hw_buf) out = {0};
        const struct hw_rows_options options = {.format = &made_format, .part_bytes = 8, .int96 = forms[i]};
        bench_make(&bench, (const char *[MADE_FILES_MAX]){"a!;1"}, &options);
        struct hw_rows_result *result = part_read(&bench, 0, &out);
        assert_int_equal(result->base.misfit, i == 0);
        assert_int_equal(out.size, i == 0 ? 0 : 1);
        hw_free(result);
        bench_release(&bench);
    }
}

/* Reads a part up to the step that fails or ends it. */
static enum hw_status part_try(struct bench *bench, size_t part, bool *out_misfit, struct hw_error *err) {
    struct hw_cursor *cursor = bench->cursor;
    enum hw_cursor_step step = HW_CURSOR_ROWS;
    enum hw_status status = cursor->ops->open(cursor, part, NULL, err);
    while (status == HW_OK && step != HW_CURSOR_END) {
        status = cursor->ops->next(cursor, &step, err);
    }
    struct hw_part_result *result = cursor->ops->close(cursor);
    *out_misfit = result->misfit;
    hw_free(result);
    return status;
}

/* A value that the wider type has not ends the part; its row is told where it is known. */
static void values_that_do_not_fit_fail_by_row(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *files[MADE_FILES_MAX];
        const char *where;
        enum hw_int96 int96;
        bool misfit;
        const char *says;
    } rows[] = {
        {"the first part",
         {"a/y;1", "a/d;1"},
         NULL,
         0,
         false,
         "row 1: 9007199254740993 does not fit double, the type that the sources have in common: leave the column out "
         "(--drop), or convert the source by itself"},
        {"a condition hides the row", {"a/y;2", "a/d;1"}, "a > 0", 0, false, "9007199254740993 does not fit double"},
        {"timestamps", {"a/x;1", "a/u;1"}, NULL, HW_INT96_NANOS, false, "does not fit timestamp(ns)"},
        {"timestamps that INT96 may have made so fine", {"a/x;1", "a/u;1"}, NULL, HW_INT96_AUTO, true, ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct bench bench;
        struct hw_error err = HW_ERROR_INIT;
        bool misfit;
        const struct hw_rows_options options = {
            .format = &made_format, .where = rows[i].where, .part_bytes = 8, .int96 = rows[i].int96};
        bench_make(&bench, rows[i].files, &options);
        assert_row_int(rows[i].name, part_try(&bench, 0, &misfit, &err), rows[i].misfit ? HW_OK : HW_EDATA);
        assert_row_int(rows[i].name, misfit, rows[i].misfit);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_text(rows[i].name, err.column, rows[i].misfit ? "" : "a");
        if (rows[i].where) {
            assert_row_int(rows[i].name, strncmp(err.message, "row", 3) == 0, false);
        }
        bench_release(&bench);
    }
}

/* The rows of earlier parts, batches and slices count. */
static void rows_are_counted_in_their_file(void **state) {
    (void)state;
    struct bench bench;
    struct hw_error err = HW_ERROR_INIT;
    bool misfit;
    const struct hw_rows_options options = {.format = &made_format, .part_bytes = 8};
    /* Column b of row 6 is 2^53 + 1, which no double is. */
    bench_make(&bench, (const char *[MADE_FILES_MAX]){"a b/z;3;4", "b/d;1"}, &options);
    assert_ok(part_try(&bench, 0, &misfit, &err), err);
    assert_int_equal(part_try(&bench, 1, &misfit, &err), HW_EDATA);
    assert_string_equal(err.column, "b");
    assert_int_equal(strncmp(err.message, "row 6: 9007199254740993 ", 24), 0);
    bench_release(&bench);
}

/* Of several files a cursor opens each once, however many parts it has. */
static void a_cursor_keeps_its_file_open(void **state) {
    (void)state;
    struct bench bench;
    HW_AUTO(hw_buf) out = {0};
    const struct hw_rows_options options = {.format = &made_format, .part_bytes = 8};
    bench_make(&bench, (const char *[MADE_FILES_MAX]){"a;1;1;1", "a;1;1"}, &options);
    assert_int_equal(atomic_load(&bench.files.opens), 2);
    for (size_t part = 0; part < 5; part++) {
        hw_free(part_read(&bench, part, &out));
    }
    assert_int_equal(atomic_load(&bench.files.opens), 4);
    assert_int_equal(atomic_load(&bench.files.open), 2);
    bench_release(&bench);
}

static void types_alone_need_no_rows(void **state) {
    (void)state;
    struct bench bench;
    struct hw_error err = HW_ERROR_INIT;
    enum hw_cursor_step step;
    const struct hw_rows_options options = {.format = &made_format, .part_bytes = 8};
    bench_make(&bench, (const char *[MADE_FILES_MAX]){"a;3"}, &options);
    assert_ok(bench.cursor->ops->open(bench.cursor, 0, NULL, &err), err);
    assert_ok(bench.cursor->ops->next(bench.cursor, &step, &err), err);
    bench.cursor->types_only = true;
    assert_ok(bench.cursor->ops->next(bench.cursor, &step, &err), err);
    assert_int_equal(step, HW_CURSOR_END);
    hw_free(bench.cursor->ops->close(bench.cursor));
    bench_release(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_have_the_rows_of_their_files),
        cmocka_unit_test(rows_have_a_limit),
        cmocka_unit_test(the_limit_is_of_rows_that_are_kept),
        cmocka_unit_test(timestamps_that_do_not_fit_are_a_misfit_once),
        cmocka_unit_test(values_that_do_not_fit_fail_by_row),
        cmocka_unit_test(rows_are_counted_in_their_file),
        cmocka_unit_test(a_cursor_keeps_its_file_open),
        cmocka_unit_test(types_alone_need_no_rows),
    };
    return cmocka_run_group_tests_name("rows/cursor", tests, NULL, NULL);
}
