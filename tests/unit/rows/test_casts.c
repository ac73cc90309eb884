/* SPDX-License-Identifier: Apache-2.0 */
#include "rows/casts.h"

#include "support/made_files.h"
#include "support/rows.h"
#include "table/arrange.h"

enum { ROWS = 150000 };

struct bench {
    struct made_files files;
    struct hw_rows_table table;
    struct hw_rows_casts casts;
};

static void bench_make(struct bench *bench, const char *const *texts) {
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_rows_options options = {.format = &made_format, .part_bytes = 8};
    *bench = (struct bench){0};
    made_files_init(&bench->files, texts);
    assert_ok(hw_rows_table_init(&bench->table, &bench->files.base, &options, &err), err);
    for (size_t i = 0; i < bench->table.count; i++) {
        assert_ok(hw_rows_table_look(&bench->table, i, &err), err);
    }
    assert_ok(hw_rows_table_decide(&bench->table, &err), err);
    assert_ok(hw_rows_casts_init(&bench->casts, &bench->table, &err), err);
}

static void bench_release(struct bench *bench) {
    hw_rows_casts_release(&bench->casts);
    hw_rows_table_release(&bench->table);
}

/* A batch of the first file: a column of int16, which the table has as int64, and one of int64. */
static struct hw_batch batch_make(const struct bench *bench, struct hw_column columns[2], int16_t *narrow,
                                  int64_t *wide) {
    for (int i = 0; i < ROWS; i++) {
        narrow[i] = (int16_t)i;
        wide[i] = i;
    }
    columns[0] = (struct hw_column){.values = narrow, .length = ROWS};
    columns[1] = (struct hw_column){.values = wide, .length = ROWS};
    return (struct hw_batch){.schema = &bench->table.items[0].selection.schema, .rows = ROWS, .columns = columns};
}

static void rows_are_cast_a_slice_at_a_time(void **state) {
    (void)state;
    static int16_t narrow[ROWS];
    static int64_t wide[ROWS];
    struct bench bench;
    struct hw_column columns[2];
    struct hw_error err = HW_ERROR_INIT;
    bench_make(&bench, (const char *[MADE_FILES_MAX]){"a/h b;1", "a b;1"});
    const struct hw_rows_object *object = &bench.table.items[0];
    const struct hw_batch batch = batch_make(&bench, columns, narrow, wide);
    assert_int_equal(object->cast_bytes, 8);
    size_t slices = 0;
    struct hw_batch slice = {.rows = 0};
    for (size_t first = 0; first < ROWS; first += slice.rows, slices++) {
        assert_ok(hw_rows_casts_slice(&bench.casts, &bench.table, object, &batch, first, &slice, &err), err);
        assert_true(slice.rows > 0 && slice.rows * 8 <= HW_MIB(1));
        for (size_t i = 0; i < slice.rows; i++) {
            assert_int_equal(((const int64_t *)slice.columns[0].values)[i], (int16_t)(first + i));
            assert_int_equal(((const int64_t *)slice.columns[1].values)[i], first + i);
        }
    }
    assert_int_equal(slices, 2);
    bench_release(&bench);
}

/* A file whose columns have the types of the table gives its batches as they are. */
static void a_batch_without_casts_stays_whole(void **state) {
    (void)state;
    static int16_t narrow[ROWS];
    static int64_t wide[ROWS];
    struct bench bench;
    struct hw_column columns[2];
    struct hw_batch slice;
    struct hw_error err = HW_ERROR_INIT;
    bench_make(&bench, (const char *[MADE_FILES_MAX]){"a/h b;1", "a/h b;1"});
    const struct hw_batch batch = batch_make(&bench, columns, narrow, wide);
    assert_int_equal(bench.table.items[0].cast_bytes, 0);
    assert_ok(hw_rows_casts_slice(&bench.casts, &bench.table, &bench.table.items[0], &batch, 0, &slice, &err), err);
    assert_int_equal(slice.rows, ROWS);
    assert_ptr_equal(slice.columns, columns);
    bench_release(&bench);
}

static void columns_of_nulls_are_left_out(void **state) {
    (void)state;
    struct bench bench;
    bench_make(&bench, (const char *[MADE_FILES_MAX]){"a/n b;1", "a b;1", "a/n;1"});
    assert_int_equal(bench.table.items[0].places[0], HW_ARRANGE_LEFT_OUT);
    assert_int_equal(bench.table.items[0].places[1], 1);
    assert_int_equal(bench.table.items[0].cast_bytes, 0);
    assert_int_equal(bench.table.items[2].places[0], HW_ARRANGE_LEFT_OUT);
    bench_release(&bench);
}

static void a_value_that_does_not_fit_is_told_by_its_row(void **state) {
    (void)state;
    static int16_t narrow[ROWS];
    static int64_t wide[ROWS];
    struct bench bench;
    struct hw_column columns[2];
    struct hw_batch slice;
    struct hw_error err = HW_ERROR_INIT;
    bench_make(&bench, (const char *[MADE_FILES_MAX]){"a/h b;1", "b/d;1"});
    const struct hw_batch batch = batch_make(&bench, columns, narrow, wide);
    wide[1003] = INT64_MAX;
    assert_int_equal(hw_rows_casts_slice(&bench.casts, &bench.table, &bench.table.items[0], &batch, 1000, &slice, &err),
                     HW_EDATA);
    assert_int_equal(bench.casts.row, 1003);
    assert_int_equal(bench.casts.type.kind, HW_KIND_DOUBLE);
    assert_string_equal(err.column, "b");
    bench_release(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_cast_a_slice_at_a_time),
        cmocka_unit_test(a_batch_without_casts_stays_whole),
        cmocka_unit_test(columns_of_nulls_are_left_out),
        cmocka_unit_test(a_value_that_does_not_fit_is_told_by_its_row),
    };
    return cmocka_run_group_tests_name("rows/casts", tests, NULL, NULL);
}
