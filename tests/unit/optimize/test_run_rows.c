/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/run_rows.h"

#include "support/alloc_fault.h"
#include "unit/optimize/runs_make.h"

enum { GROUPS_MAX = 4 };

static const struct run_text runs[RUNS_MAX] = {
    {"a - c ", "1 4 6 ", "2 0 1 "}, {"d ~ ", "2 3 ", "3 4 "}, {"f g ", "5 7 ", "6 5 "}};
static const uint64_t groups[GROUPS_MAX] = {3, 3, 1};
/* The rows by their keys: a d ~ | - f c | g. */

static const struct {
    const char *name;
    size_t group;
    uint64_t first, left;
    const char *want, *numbers;
} reads[] = {
    {"all of it", 0, 0, 7, "a d ~ - f c g ", "2 3 4 0 6 1 5 "},
    {"a row group", 0, 0, 3, "a d ~ ", "2 3 4 "},
    {"from the second one on", 1, 3, 4, "- f c g ", "0 6 1 5 "},
    {"the second one alone", 1, 3, 3, "- f c ", "0 6 1 "},
    {"the last one", 2, 6, 1, "g ", "5 "},
};

static struct hw_run_rows rows_of(struct runs_made *made, struct hw_run_rows_bench *bench) {
    return (struct hw_run_rows){
        .runs = made->runs,
        .runs_count = made->count,
        .order = &made->order,
        .from = &made->spill,
        .order_from = &made->spill,
        .bench = bench,
    };
}

/* Reads all that is left, to text. */
static enum hw_status rows_drain(struct hw_run_rows *rows, size_t rows_max, size_t bytes_max, struct hw_buf *text,
                                 struct hw_buf *numbers) {
    while (rows->left > 0) {
        const uint64_t before = rows->left;
        HW_TRY(hw_run_rows_next(rows, rows_max, bytes_max, NULL));
        assert_true(rows->left < before && rows->bench->rows.rows == before - rows->left);
        assert_true(rows->bench->rows.rows <= rows_max);
        rows_text_add(&rows->bench->rows, text);
        for (size_t i = 0; i < rows->bench->rows.rows; i++) {
            const uint64_t number = hw_load_le64(rows->bench->numbers.data + i * sizeof(number));
            assert_int_equal(hw_buf_printf(numbers, NULL, "%" PRIu64 " ", number), HW_OK);
        }
    }
    assert_int_equal(hw_buf_end_text(text, NULL), HW_OK);
    assert_int_equal(hw_buf_end_text(numbers, NULL), HW_OK);
    return HW_OK;
}

/* One bench reads all, one after the other, whatever it has read before. */
static void rows_come_in_the_order(void **state) {
    (void)state;
    static const size_t at_once[][2] = {{SIZE_MAX, SIZE_MAX}, {1, SIZE_MAX}, {2, SIZE_MAX}, {SIZE_MAX, 1}};
    for (size_t step = 1; step < 4; step++) {
        struct runs_made made;
        struct hw_row_cuts cuts;
        struct hw_run_rows_bench bench = {0};
        runs_open(&made, runs, step);
        runs_cuts(&cuts, groups);
        assert_int_equal(runs_order(&made, &cuts, NULL), HW_OK);
        for (size_t i = 0; i < COUNT_OF(reads) * COUNT_OF(at_once); i++) {
            const size_t k = i / COUNT_OF(at_once), way = i % COUNT_OF(at_once);
            struct hw_error err = HW_ERROR_INIT;
            struct hw_run_rows rows = rows_of(&made, &bench);
            HW_AUTO(hw_buf) text = {0};
            HW_AUTO(hw_buf) numbers = {0};
            assert_ok(hw_run_rows_begin(&rows, reads[k].group, reads[k].first, &err), err);
            rows.left = reads[k].left;
            assert_int_equal(rows_drain(&rows, at_once[way][0], at_once[way][1], &text, &numbers), HW_OK);
            assert_row_text(reads[k].name, (const char *)text.data, reads[k].want);
            assert_row_text(reads[k].name, (const char *)numbers.data, reads[k].numbers);
        }
        hw_run_rows_bench_release(&bench);
        hw_row_cuts_release(&cuts);
        runs_close(&made);
    }
}

static void numbers_alone_are_read(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct runs_made made;
    struct hw_run_rows_bench bench = {0};
    runs_open(&made, runs, 2);
    assert_ok(runs_order(&made, NULL, &err), err);
    assert_ok(hw_run_numbers_begin(&made.order, &made.spill, 2, &bench, &err), err);
    assert_ok(hw_run_numbers_next(1, &bench, &err), err);
    assert_int_equal(hw_load_le64(bench.numbers.data), 4);
    assert_ok(hw_run_numbers_next(4, &bench, &err), err);
    assert_int_equal(hw_load_le64(bench.numbers.data + 3 * sizeof(uint64_t)), 5);
    hw_run_rows_bench_release(&bench);
    runs_close(&made);
}

/* An order that has more rows than the runs, fewer, or a run that is not there. */
static void orders_have_the_rows_of_the_runs(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t runs;
        uint64_t first, left;
        const char *says;
    } rows[] = {
        {"fewer rows", 3, 0, 8, "fewer rows than they are"},
        {"a run less", 2, 0, 7, "names a part that is not there"},
        {"more rows", 3, 7, 7, "more rows than they are"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        enum hw_status status = HW_OK;
        struct runs_made made;
        struct hw_run_rows_bench bench = {0};
        runs_open(&made, runs, 2);
        assert_ok(runs_order(&made, NULL, &err), err);
        struct hw_run_rows of = rows_of(&made, &bench);
        of.runs_count = rows[i].runs;
        assert_ok(hw_run_rows_begin(&of, 0, 0, &err), err);
        of.left = rows[i].left;
        for (uint64_t at = 0; at < rows[i].first; at += bench.rows.rows) {
            assert_ok(hw_run_rows_next(&of, 1, 1, &err), err);
        }
        /* The order begins again, and the runs do not. */
        assert_ok(rows[i].first > 0 ? hw_run_numbers_begin(of.order, of.order_from, 0, &bench, &err) : HW_OK, err);
        of.left = rows[i].left;
        while (status == HW_OK && of.left > 0) {
            status = hw_run_rows_next(&of, SIZE_MAX, SIZE_MAX, &err);
        }
        assert_row_int(rows[i].name, status, HW_EDATA);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        hw_run_rows_bench_release(&bench);
        runs_close(&made);
    }
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    bool fired = true;
    struct runs_made made;
    struct hw_row_cuts cuts;
    runs_open(&made, runs, 2);
    runs_cuts(&cuts, groups);
    assert_int_equal(runs_order(&made, &cuts, NULL), HW_OK);
    for (size_t n = 0; fired; n++) {
        struct alloc_fault fault;
        struct hw_run_rows_bench bench = {0};
        struct hw_run_rows rows = rows_of(&made, &bench);
        alloc_fault_begin(&fault, n);
        enum hw_status status = hw_run_rows_begin(&rows, 1, 3, NULL);
        rows.left = 4;
        while (status == HW_OK && rows.left > 0) {
            status = hw_run_rows_next(&rows, 2, SIZE_MAX, NULL);
        }
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        hw_run_rows_bench_release(&bench);
    }
    hw_row_cuts_release(&cuts);
    runs_close(&made);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_in_the_order),
        cmocka_unit_test(numbers_alone_are_read),
        cmocka_unit_test(orders_have_the_rows_of_the_runs),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("optimize/run_rows", tests, NULL, NULL);
}
