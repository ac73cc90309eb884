/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows of an output in the order of some of its columns. Runs of them that fit in the memory
 * are sorted and put aside (optimize/sort_run.h), and then read side by side, in the order that
 * their keys give (optimize/run_order.h); where they are too many for that, some of them are made
 * one run before. The order of rows is the same however they are divided.
 */
#ifndef HW_OPTIMIZE_SORTED_ROWS_H
#define HW_OPTIMIZE_SORTED_ROWS_H

#include "optimize/run_rows.h"

struct hw_row_sort {
    /* The rows, in the order of the sources. */
    const struct hw_rewrite_rows *pieces;
    size_t pieces_count;
    const struct hw_rewrite_column *columns;
    size_t columns_count;
    /* The columns by which rows are sorted, one at least. */
    const struct hw_sort_column *keys;
    size_t keys_count;
    /* The row groups of the output. */
    const struct hw_row_cuts *cuts;
    /* NULL: the calling thread does all of the work. */
    struct hw_crew *crew;
    size_t memory_bytes;
    size_t page_bytes_max;
    /* The folder of what is put aside; NULL: that of other temporary files. */
    const char *folder;
    /* Asked now and then: HW_ECANCELLED where it says so. NULL: never. */
    bool (*cancelled)(void *ctx);
    void *ctx;
};

/* Start it zeroed. Once it is made any number of threads may read. */
struct hw_sorted_rows {
    size_t columns;
    /* Each a struct hw_sort_run. */
    struct hw_buf runs;
    struct hw_sort_spill *spill;
    struct hw_run_order order;
    /* The facts of each column of the sources. */
    struct hw_run_learned *learned;
};

/*
 * Sorts the rows. HW_EDATA as hw_column_read_source has it, HW_ELIMIT where the memory is too small
 * for a row, HW_EIO where there is no room to put rows aside. Release it on failure too.
 */
HW_NODISCARD enum hw_status hw_sorted_rows_make(struct hw_sorted_rows *sorted, const struct hw_row_sort *sort,
                                                struct hw_error *err);
void hw_sorted_rows_release(struct hw_sorted_rows *sorted);

static inline size_t hw_sorted_rows_runs(const struct hw_sorted_rows *sorted) {
    return sorted->runs.size / sizeof(struct hw_sort_run);
}

/* Begins with a row group of a column, whose first row is number `first` of all. */
HW_NODISCARD enum hw_status hw_sorted_rows_begin(const struct hw_sorted_rows *sorted, size_t column, size_t group,
                                                 uint64_t first, struct hw_run_rows_bench *bench,
                                                 struct hw_run_rows *out_rows, struct hw_error *err);

#endif
