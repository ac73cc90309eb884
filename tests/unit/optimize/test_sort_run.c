/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/sort_run.h"

#include "core/alloc.h"
#include "optimize/sort_columns.h"
#include "support/alloc_fault.h"
#include "unit/optimize/rewrite_make.h"

/* Column "n" has the number of the row times 7, and "p" one of three texts. */
enum { GROUPS = 2, ROWS = 500, LEAVES = 13, N = 0, P = 4, WORD = 8 };
static const size_t sizes[] = {300, 200, SIZE_MAX};

static struct rewrite_made made;
static struct hw_sort_spill spill;
static struct hw_sort_run_bench bench;
static struct hw_run_learned learned[LEAVES];
static struct hw_sort_column keys[1];

static struct hw_sort_run_options options_of(const char *first, size_t memory_bytes) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_arena arena = {0};
    struct hw_element_tree tree;
    const struct hw_optimize_sort name = {first, strcmp(first, "n") == 0};
    assert_ok(hw_element_tree_make(&made.source.file.meta, &arena, &tree, &err), err);
    const struct hw_sort_output output = {&made.source.file, &tree, made.plan.columns, LEAVES};
    assert_ok(hw_sort_columns_named(&output, &name, 1, keys, &err), err);
    hw_arena_release(&arena);
    return (struct hw_sort_run_options){
        .columns = made.plan.columns,
        .columns_count = LEAVES,
        .keys = keys,
        .keys_count = 1,
        .spill = &spill,
        .threads = 1,
        .memory_bytes = memory_bytes,
        .page_bytes_max = HW_MIB(1),
        .block_bytes = 1000,
    };
}

static void open_all(const struct hw_sort_run_options *options) {
    bench = (struct hw_sort_run_bench){0};
    memset(learned, 0, sizeof(learned));
    hw_sort_spill_init(&spill, NULL, HW_MIB(8));
    assert_int_equal(hw_sort_run_bench_init(&bench, options, NULL), HW_OK);
}

static void close_all(void) {
    hw_sort_run_bench_release(&bench);
    hw_sort_spill_release(&spill);
}

static void source_open(void) {
    rewrite_open(&made, sizes, GROUPS, &(struct hw_parquet_options){.page_rows = 60}, ROWS);
    assert_int_equal(made.plan.tree.count, LEAVES);
}

/* Rows `first` to `first + count` of the source, which may be in both of its row groups. */
static struct hw_sort_run_rows rows_of(struct hw_rewrite_rows *pieces, uint64_t first, uint64_t count) {
    const uint64_t end = first + count, border = sizes[0];
    size_t used = 0;
    if (first < border) {
        pieces[used++] = (struct hw_rewrite_rows){&made.source.file, 0, first, hw_clamp(end, 0, border) - first, 0};
    }
    if (end > border) {
        const uint64_t from = first > border ? first - border : 0;
        pieces[used++] = (struct hw_rewrite_rows){&made.source.file, 1, from, end - border - from, 0};
    }
    return (struct hw_sort_run_rows){pieces, used, first, count};
}

/* Reads a column of words of a run. */
static void words_read(const struct hw_sort_run *run, size_t column, struct hw_leaf_rows *out) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_spill_bench spill_bench = {0};
    struct hw_spilled_reader reader = {&run->columns[column], &spill, &spill_bench};
    assert_ok(hw_leaf_rows_clear(out, WORD, &err), err);
    assert_ok(hw_spilled_reader_take(&reader, run->rows, out, &err), err);
    hw_spilled_reader_release(&reader);
    hw_spill_bench_release(&spill_bench);
}

static uint64_t word_at(const struct hw_leaf_rows *rows, size_t i) {
    return hw_load_le64(rows->values.data + i * WORD);
}

/* By "n" from above the rows come in reverse; each column has as many, and its sum is learned. */
static void rows_are_sorted_and_put_aside(void **state) {
    (void)state;
    static const struct { uint64_t first, count; } runs[] = {{0, 131}, {131, 200}, {331, 169}};
    source_open();
    const struct hw_sort_run_options options = options_of("n", HW_MIB(64));
    open_all(&options);
    struct hw_row_sum want = {0};
    for (size_t i = 0; i < COUNT_OF(runs); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_rewrite_rows pieces[GROUPS];
        struct hw_sort_run run = {0};
        struct hw_leaf_rows numbers = {0}, values = {0};
        uint64_t fit = 0;
        const struct hw_sort_run_rows rows = rows_of(pieces, runs[i].first, runs[i].count);
        assert_ok(hw_sort_run_make(&bench, &options, &rows, learned, &run, &fit, &err), err);
        assert_int_equal(run.rows, runs[i].count);
        assert_true(fit > runs[i].count);
        words_read(&run, LEAVES + HW_RUN_NUMBERS, &numbers);
        words_read(&run, N, &values);
        for (size_t k = 0; k < run.rows; k++) {
            assert_int_equal(word_at(&numbers, k), runs[i].first + runs[i].count - 1 - k);
            assert_int_equal(word_at(&values, k), 7 * word_at(&numbers, k));
        }
        for (size_t column = 0; column < LEAVES + HW_RUN_HIDDEN; column++) {
            assert_int_equal(run.columns[column].rows, run.rows);
        }
        hw_row_sum_add(&want, &values, 0, (const uint64_t *)(const void *)numbers.values.data);
        hw_leaf_rows_release(&numbers);
        hw_leaf_rows_release(&values);
        hw_sort_run_release(&run, LEAVES);
    }
    assert_true(hw_row_sum_equal(&learned[N].sum, &want));
    assert_int_equal(learned[N].survey.values, ROWS);
    close_all();
    rewrite_close(&made);
}

/* Of rows with the same text the first ones stay first. */
static void equal_rows_stay_in_their_order(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_rewrite_rows pieces[GROUPS];
    struct hw_sort_run run = {0};
    struct hw_leaf_rows numbers = {0};
    uint64_t fit = 0;
    size_t descents = 0;
    source_open();
    const struct hw_sort_run_options options = options_of("p", HW_MIB(64));
    open_all(&options);
    const struct hw_sort_run_rows rows = rows_of(pieces, 0, ROWS);
    assert_ok(hw_sort_run_make(&bench, &options, &rows, learned, &run, &fit, &err), err);
    words_read(&run, LEAVES + HW_RUN_NUMBERS, &numbers);
    for (size_t i = 1; i < ROWS; i++) {
        descents += word_at(&numbers, i) < word_at(&numbers, i - 1);
    }
    /* Three texts and nulls, each with its rows in their order. */
    assert_in_range(descents, 2, 3);
    hw_leaf_rows_release(&numbers);
    hw_sort_run_release(&run, LEAVES);
    close_all();
    rewrite_close(&made);
}

/* What does not fit is told with a number that is less, until one row is left. */
static void rows_that_do_not_fit_are_told(void **state) {
    (void)state;
    struct hw_rewrite_rows pieces[GROUPS];
    struct hw_sort_run run = {0};
    uint64_t fit = 0, rows = ROWS;
    source_open();
    const struct hw_sort_run_options options = options_of("n", HW_KIB(16));
    open_all(&options);
    while (!run.columns) {
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_sort_run_rows of = rows_of(pieces, 0, rows);
        assert_ok(hw_sort_run_make(&bench, &options, &of, learned, &run, &fit, &err), err);
        assert_true(run.columns ? rows < ROWS : fit < rows && fit > 0);
        assert_int_equal(learned[N].sum.rows, run.rows);
        rows = run.columns ? rows : fit;
    }
    hw_sort_run_release(&run, LEAVES);
    close_all();
    rewrite_close(&made);
}

static void a_row_that_does_not_fit_is_a_failure(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_rewrite_rows pieces[GROUPS];
    struct hw_sort_run run = {0};
    uint64_t fit = 0;
    source_open();
    struct hw_sort_run_options options = options_of("n", HW_KIB(16));
    open_all(&options);
    options.memory_bytes = 100;
    const struct hw_sort_run_rows rows = rows_of(pieces, 5, 1);
    assert_int_equal(hw_sort_run_make(&bench, &options, &rows, learned, &run, &fit, &err), HW_ELIMIT);
    assert_string_equal(err.message, "row 5 is too large to be sorted within --memory");
    close_all();
    rewrite_close(&made);
}

static bool always(void *ctx) {
    (void)ctx;
    return true;
}

static void faults_of_sources_and_stops_are_told(void **state) {
    (void)state;
    struct hw_rewrite_rows pieces[GROUPS];
    struct hw_sort_run run = {0};
    uint64_t fit = 0;
    source_open();
    struct hw_sort_run_options options = options_of("n", HW_MIB(64));
    open_all(&options);
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_sort_run_rows rows = rows_of(pieces, 0, ROWS);
    options.cancelled = always;
    assert_int_equal(hw_sort_run_make(&bench, &options, &rows, learned, &run, &fit, &err), HW_ECANCELLED);
    options.cancelled = NULL;
    rewrite_spoil(&made, 1, P);
    assert_int_equal(hw_sort_run_make(&bench, &options, &rows, learned, &run, &fit, &err), HW_EDATA);
    assert_row_says("a bit", err.message, "row group 1, column p, page ");
    assert_null(run.columns);
    assert_int_equal(learned[N].sum.rows, 0);
    close_all();
    rewrite_close(&made);
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    struct hw_rewrite_rows pieces[GROUPS];
    bool fired = true;
    source_open();
    const struct hw_sort_run_options options = options_of("p", HW_MIB(64));
    for (size_t n = 0; fired; n++) {
        struct alloc_fault fault;
        struct hw_sort_run run = {0};
        uint64_t fit = 0;
        const struct hw_sort_run_rows rows = rows_of(pieces, 290, 20);
        hw_sort_spill_init(&spill, NULL, HW_MIB(8));
        bench = (struct hw_sort_run_bench){0};
        alloc_fault_begin(&fault, n);
        enum hw_status status = hw_sort_run_bench_init(&bench, &options, NULL);
        status = status ? status : hw_sort_run_make(&bench, &options, &rows, learned, &run, &fit, NULL);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        hw_sort_run_release(&run, LEAVES);
        close_all();
    }
    rewrite_close(&made);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_sorted_and_put_aside),        cmocka_unit_test(equal_rows_stay_in_their_order),
        cmocka_unit_test(rows_that_do_not_fit_are_told),        cmocka_unit_test(a_row_that_does_not_fit_is_a_failure),
        cmocka_unit_test(faults_of_sources_and_stops_are_told), cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("optimize/sort_run", tests, NULL, NULL);
}
