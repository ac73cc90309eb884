/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/sorted_rows.h"

#include "core/alloc.h"
#include "optimize/sort_columns.h"
#include "support/alloc_fault.h"
#include "unit/optimize/rewrite_make.h"

/* Column "n" has the number of the row times 7, and "p" one of three texts. */
enum { ROWS = 12000, GROUP_ROWS = 5000, LEAVES = 13, N = 0, P = 4, LIST = 7 };
static const size_t sizes[] = {7000, 5000, SIZE_MAX}, few[] = {40, 20, SIZE_MAX};

static struct rewrite_made made;
static struct hw_sort_column keys[1];

static struct hw_row_sort sort_of(const char *name, bool descending, size_t memory_bytes) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_arena arena = {0};
    struct hw_element_tree tree;
    const struct hw_optimize_sort named = {name, descending};
    assert_ok(hw_element_tree_make(&made.source.file.meta, &arena, &tree, &err), err);
    const struct hw_sort_output output = {&made.source.file, &tree, made.plan.columns, LEAVES};
    assert_ok(hw_sort_columns_named(&output, &named, 1, keys, &err), err);
    hw_arena_release(&arena);
    return (struct hw_row_sort){
        .pieces = (const struct hw_rewrite_rows *)(const void *)made.plan.cuts.runs.data,
        .pieces_count = made.plan.cuts.runs.size / sizeof(struct hw_rewrite_rows),
        .columns = made.plan.columns,
        .columns_count = LEAVES,
        .keys = keys,
        .keys_count = 1,
        .cuts = &made.plan.cuts,
        .memory_bytes = memory_bytes,
        .page_bytes_max = HW_MIB(1),
    };
}

/* Returns the sum of a column's rows, group by group; numbers, and words, go to the buffers. */
static struct hw_row_sum column_read(const struct hw_sorted_rows *sorted, size_t column, struct hw_buf *numbers,
                                     struct hw_buf *words) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_run_rows_bench bench = {0};
    struct hw_row_sum sum = {0};
    uint64_t first = 0;
    for (size_t group = 0; group < hw_row_cuts_count(&made.plan.cuts); group++) {
        struct hw_run_rows rows;
        assert_ok(hw_sorted_rows_begin(sorted, column, group, first, &bench, &rows, &err), err);
        rows.left = hw_row_cut_at(&made.plan.cuts, group)->rows;
        first += rows.left;
        while (rows.left > 0) {
            assert_ok(hw_run_rows_next(&rows, 1000, HW_KIB(64), &err), err);
            hw_row_sum_add(&sum, &bench.rows, made.plan.columns[column].write->def_max,
                           (const uint64_t *)(const void *)bench.numbers.data);
            assert_ok(hw_buf_append(numbers, bench.numbers.data, bench.numbers.size, &err), err);
            assert_ok(hw_buf_append(words, bench.rows.values.data, bench.rows.values.size, &err), err);
        }
    }
    hw_run_rows_bench_release(&bench);
    return sum;
}

static uint64_t word_at(const struct hw_buf *words, size_t i) {
    return hw_load_le64(words->data + i * sizeof(uint64_t));
}

/* By "n" from above all rows come in reverse, whatever runs they were in. */
static void rows_come_in_one_order(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t memory_bytes, threads;
        bool one_run;
    } rows[] = {
        {"all in memory", HW_MIB(64), 1, true},
        {"several runs", HW_MIB(1), 1, false},
        {"so many that some are joined before", HW_KIB(192), 1, false},
        {"two threads", HW_MIB(32), 2, true},
    };
    rewrite_open(&made, sizes, 2, NULL, GROUP_ROWS);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_crew *crew = NULL;
        struct hw_sorted_rows sorted = {0};
        HW_AUTO(hw_buf) numbers = {0};
        HW_AUTO(hw_buf) words = {0};
        HW_AUTO(hw_buf) others = {0};
        HW_AUTO(hw_buf) rest = {0};
        assert_ok(rows[i].threads > 1 ? hw_crew_new(rows[i].threads, &crew, &err) : HW_OK, err);
        struct hw_row_sort sort = sort_of("n", true, rows[i].memory_bytes);
        sort.crew = crew;
        assert_ok(hw_sorted_rows_make(&sorted, &sort, &err), err);
        assert_row_int(rows[i].name, hw_sorted_rows_runs(&sorted) == 1, rows[i].one_run);
        const struct hw_row_sum sum = column_read(&sorted, N, &numbers, &words);
        assert_row_int(rows[i].name, sum.rows, ROWS);
        for (size_t k = 0; k < ROWS; k++) {
            assert_row_int(rows[i].name, word_at(&numbers, k), ROWS - 1 - k);
            assert_row_int(rows[i].name, word_at(&words, k), 7 * (ROWS - 1 - k));
        }
        const struct hw_row_sum lists = column_read(&sorted, LIST, &others, &rest);
        assert_true(hw_row_sum_equal(&lists, &sorted.learned[LIST].sum));
        assert_row_bytes(rows[i].name, others.data, others.size, numbers.data, numbers.size);
        hw_sorted_rows_release(&sorted);
        hw_crew_free(crew);
    }
    rewrite_close(&made);
}

/* With few different keys the order is the same for each way to make runs: it is stable. */
static void runs_do_not_change_the_order(void **state) {
    (void)state;
    static const size_t memory[] = {HW_MIB(64), HW_MIB(1), HW_KIB(192)};
    HW_AUTO(hw_buf) want = {0};
    size_t descents = 0;
    rewrite_open(&made, sizes, 2, NULL, GROUP_ROWS);
    for (size_t i = 0; i < COUNT_OF(memory); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_sorted_rows sorted = {0};
        HW_AUTO(hw_buf) numbers = {0};
        HW_AUTO(hw_buf) none = {0};
        const struct hw_row_sort sort = sort_of("p", false, memory[i]);
        assert_ok(hw_sorted_rows_make(&sorted, &sort, &err), err);
        const struct hw_row_sum sum = column_read(&sorted, P, i == 0 ? &want : &numbers, &none);
        assert_true(hw_row_sum_equal(&sum, &sorted.learned[P].sum));
        assert_row_bytes("numbers", i == 0 ? want.data : numbers.data, i == 0 ? want.size : numbers.size, want.data,
                         want.size);
        hw_sorted_rows_release(&sorted);
    }
    for (size_t i = 1; i < ROWS; i++) {
        descents += word_at(&want, i) < word_at(&want, i - 1);
    }
    assert_in_range(descents, 2, 3);
    rewrite_close(&made);
}

/* Two blocks do not fit beside each other. */
static void too_little_memory_is_told(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_sorted_rows sorted = {0};
    rewrite_open(&made, sizes, 2, NULL, GROUP_ROWS);
    const struct hw_row_sort sort = sort_of("n", false, HW_KIB(48));
    assert_int_equal(hw_sorted_rows_make(&sorted, &sort, &err), HW_ELIMIT);
    assert_string_equal(err.message, "rows are too large to be sorted within --memory");
    hw_sorted_rows_release(&sorted);
    rewrite_close(&made);
}

static void no_rows_are_sorted_too(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_sorted_rows sorted = {0};
    rewrite_open(&made, sizes, 0, NULL, GROUP_ROWS);
    const struct hw_row_sort sort = sort_of("n", false, HW_MIB(1));
    assert_ok(hw_sorted_rows_make(&sorted, &sort, &err), err);
    assert_int_equal(hw_sorted_rows_runs(&sorted), 0);
    assert_int_equal(sorted.order.rows.rows, 0);
    hw_sorted_rows_release(&sorted);
    rewrite_close(&made);
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    bool fired = true;
    rewrite_open(&made, few, 2, NULL, 50);
    const struct hw_row_sort sort = sort_of("p", false, HW_MIB(1));
    for (size_t n = 0; fired; n++) {
        struct alloc_fault fault;
        struct hw_sorted_rows sorted = {0};
        alloc_fault_begin(&fault, n);
        const enum hw_status status = hw_sorted_rows_make(&sorted, &sort, NULL);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        hw_sorted_rows_release(&sorted);
    }
    rewrite_close(&made);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_in_one_order),       cmocka_unit_test(runs_do_not_change_the_order),
        cmocka_unit_test(too_little_memory_is_told),    cmocka_unit_test(no_rows_are_sorted_too),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("optimize/sorted_rows", tests, NULL, NULL);
}
