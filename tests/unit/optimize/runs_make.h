/* SPDX-License-Identifier: Apache-2.0 */
/* Sorted runs of one column, whose rows, keys and numbers are written down as text. */
#ifndef HW_TESTS_OPTIMIZE_RUNS_MAKE_H
#define HW_TESTS_OPTIMIZE_RUNS_MAKE_H

#include "optimize/run_order.h"
#include "unit/optimize/rows_text.h"

enum { RUNS_MAX = 3, RUNS_COLUMNS = 1 };

/* The texts of a run (rows_text.h); numbers are those that its rows have in the sources. */
struct run_text {
    const char *rows, *keys, *numbers;
};

struct runs_made {
    struct hw_sort_spill spill;
    struct hw_spill_bench bench;
    struct hw_sort_run runs[RUNS_MAX];
    size_t count;
    struct hw_run_order order;
};

static const struct hw_leaf runs_leaf = {.def_max = ROWS_TEXT_DEF};
static const struct hw_rewrite_column runs_columns[RUNS_COLUMNS] = {{.write = &runs_leaf}};

/* Puts the rows of a text aside in blocks of `step`. */
static inline void runs_column_put(struct runs_made *made, struct hw_spilled_column *column, size_t width,
                                   const char *text, size_t step) {
    struct hw_leaf_rows rows = {0}, block = {0};
    struct hw_rows_slice slice = {0};
    size_t entry = 0, value = 0;
    rows_text_put(&rows, width, text);
    for (size_t at = 0; at < rows.rows; at += slice.rows) {
        slice = hw_rows_slice_at(&rows, entry, value, hw_min_size(step, rows.rows - at), ROWS_TEXT_DEF);
        assert_int_equal(hw_leaf_rows_clear(&block, width, NULL), HW_OK);
        assert_int_equal(hw_rows_append(&block, &rows, &slice, ROWS_TEXT_DEF, NULL), HW_OK);
        assert_int_equal(hw_spilled_column_add(column, &made->spill, &block, &made->bench, NULL), HW_OK);
        entry += slice.entries;
        value += slice.values;
    }
    hw_leaf_rows_release(&rows);
    hw_leaf_rows_release(&block);
}

/* Makes the runs that have rows, in blocks of `step` rows. */
static inline void runs_open(struct runs_made *made, const struct run_text *texts, size_t step) {
    *made = (struct runs_made){.count = 0};
    hw_sort_spill_init(&made->spill, NULL, HW_MIB(1));
    for (; made->count < RUNS_MAX && texts[made->count].keys; made->count++) {
        const struct run_text *text = &texts[made->count];
        struct hw_sort_run *run = &made->runs[made->count];
        assert_int_equal(hw_sort_run_init(run, runs_columns, RUNS_COLUMNS, NULL), HW_OK);
        runs_column_put(made, &run->columns[0], 0, text->rows, step);
        runs_column_put(made, &run->columns[RUNS_COLUMNS + HW_RUN_KEYS], 0, text->keys, step + 1);
        runs_column_put(made, &run->columns[RUNS_COLUMNS + HW_RUN_NUMBERS], ROWS_TEXT_NUMBER, text->numbers, step);
        run->rows = run->columns[0].rows;
    }
}

static inline void runs_close(struct runs_made *made) {
    for (size_t i = 0; i < made->count; i++) {
        hw_sort_run_release(&made->runs[i], RUNS_COLUMNS);
    }
    hw_run_order_release(&made->order);
    hw_spill_bench_release(&made->bench);
    hw_sort_spill_release(&made->spill);
}

/* Makes the order of all rows; `cuts` may be NULL. */
static inline enum hw_status runs_order(struct runs_made *made, const struct hw_row_cuts *cuts, struct hw_error *err) {
    const struct hw_run_order_options options = {
        .runs = made->runs,
        .runs_count = made->count,
        .columns = RUNS_COLUMNS,
        .cuts = cuts,
        .from = &made->spill,
        .to = &made->spill,
        .block_bytes = 2 * sizeof(uint64_t),
    };
    return hw_run_order_make(&made->order, &options, err);
}

/* Reads all rows of a column to text. */
static inline void runs_column_text(struct runs_made *made, const struct hw_spilled_column *column, size_t width,
                                    struct hw_sort_spill *from, struct hw_buf *out) {
    struct hw_spilled_reader reader = {column, from, &made->bench};
    struct hw_leaf_rows rows = {0};
    assert_int_equal(hw_leaf_rows_clear(&rows, width, NULL), HW_OK);
    assert_int_equal(hw_spilled_reader_take(&reader, column->rows, &rows, NULL), HW_OK);
    rows_text_add(&rows, out);
    assert_int_equal(hw_buf_end_text(out, NULL), HW_OK);
    hw_leaf_rows_release(&rows);
    hw_spilled_reader_release(&reader);
}

/* Cuts of row groups with so many rows each, 0 behind the last one. They say nothing of sources. */
static inline void runs_cuts(struct hw_row_cuts *cuts, const uint64_t *rows) {
    *cuts = (struct hw_row_cuts){0};
    for (size_t i = 0; rows[i] > 0; i++) {
        const struct hw_row_cut cut = {.rows = rows[i]};
        assert_int_equal(hw_buf_append(&cuts->cuts, &cut, sizeof(cut), NULL), HW_OK);
    }
}

#endif
