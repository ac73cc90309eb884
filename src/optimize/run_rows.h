/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows of one column of several runs (optimize/sort_run.h), read in an order
 * (optimize/run_order.h). Each run is read from its beginning to its end.
 */
#ifndef HW_OPTIMIZE_RUN_ROWS_H
#define HW_OPTIMIZE_RUN_ROWS_H

#include "optimize/run_order.h"

/* The things that a thread reads with, from one column to the next. Start it zeroed. */
struct hw_run_rows_bench {
    struct hw_spill_bench spill;
    struct hw_spilled_reader *readers;
    size_t readers_count;
    struct hw_spilled_reader order;
    struct hw_leaf_rows entries;
    /* The number of rows of each run that come before the first one. */
    struct hw_leaf_rows starts;
    /* The rows that were read, and the numbers that they have among those of the sources. */
    struct hw_leaf_rows rows;
    struct hw_buf numbers;
};

void hw_run_rows_bench_release(struct hw_run_rows_bench *bench);

/* Rows that are read. All is borrowed until the end. */
struct hw_run_rows {
    const struct hw_sort_run *runs;
    size_t runs_count;
    /* The number of the column in the runs. */
    size_t column;
    const struct hw_run_order *order;
    /* Those in which the runs and the order lie. */
    struct hw_sort_spill *from;
    struct hw_sort_spill *order_from;
    struct hw_run_rows_bench *bench;
    /* Rows that are not read yet. */
    uint64_t left;
};

/* Goes to a row of the order, which is the first one of a row group, number `group`. */
HW_NODISCARD enum hw_status hw_run_rows_begin(struct hw_run_rows *rows, size_t group, uint64_t first,
                                              struct hw_error *err);
/*
 * Reads the next rows to `bench->rows`, with their numbers: at most `rows_max`, about `bytes_max`
 * bytes, and those that are left; none only where none is left.
 */
HW_NODISCARD enum hw_status hw_run_rows_next(struct hw_run_rows *rows, size_t rows_max, size_t bytes_max,
                                             struct hw_error *err);

/* Goes to a row of an order, of which only the numbers are read. */
HW_NODISCARD enum hw_status hw_run_numbers_begin(const struct hw_run_order *order, struct hw_sort_spill *from,
                                                 uint64_t first, struct hw_run_rows_bench *bench, struct hw_error *err);
/* Reads the next `count` numbers, of which there are as many, to `bench->numbers`. */
HW_NODISCARD enum hw_status hw_run_numbers_next(size_t count, struct hw_run_rows_bench *bench, struct hw_error *err);

#endif
