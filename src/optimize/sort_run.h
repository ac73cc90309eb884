/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A run: some of the rows of the sources, one behind the other there, that are sorted in memory and
 * put aside, column by column (optimize/spilled_column.h). Beside the columns of the output it has
 * two more: the keys of its rows, and their numbers among all rows of the sources.
 */
#ifndef HW_OPTIMIZE_SORT_RUN_H
#define HW_OPTIMIZE_SORT_RUN_H

#include "core/crew.h"
#include "optimize/column_read.h"
#include "optimize/rewrite_column.h"
#include "optimize/row_sum.h"
#include "optimize/sort_key.h"
#include "optimize/spilled_column.h"

/* The columns that a run has behind those of the output. */
enum { HW_RUN_KEYS, HW_RUN_NUMBERS, HW_RUN_HIDDEN };

struct hw_sort_run {
    struct hw_spilled_column *columns;
    uint64_t rows;
};

/* A column of the output by which rows are sorted. */
struct hw_sort_column {
    /* The number of its leaf. */
    size_t leaf;
    struct hw_sort_key key;
};

/* The facts of a column of the sources. */
struct hw_run_learned {
    struct hw_row_sum sum;
    struct hw_narrow_survey survey;
};

/* Options that all runs of an output share. */
struct hw_sort_run_options {
    const struct hw_rewrite_column *columns;
    size_t columns_count;
    const struct hw_sort_column *keys;
    size_t keys_count;
    struct hw_sort_spill *spill;
    /* Threads work on one column each; no more of them than `threads`. */
    struct hw_crew *crew;
    size_t threads;
    size_t memory_bytes;
    size_t page_bytes_max;
    /* About the bytes of a block of a column. */
    size_t block_bytes;
    /* Asked now and then: HW_ECANCELLED where it says so. NULL: never. */
    bool (*cancelled)(void *ctx);
    void *ctx;
};

/* The things with which runs are made, from one to the next. Start it zeroed. */
struct hw_sort_run_bench {
    struct hw_run_member *members;
    size_t members_count;
    /* For each column the place behind the rows of the runs so far, where there was one. */
    struct hw_column_place *places;
    bool goes_on;
    /* The keys of the rows, for each column of them; their order, and memory to sort in. */
    struct hw_leaf_rows *keys;
    size_t keys_count;
    struct hw_buf order;
    struct hw_buf scratch;
};

HW_NODISCARD enum hw_status hw_sort_run_bench_init(struct hw_sort_run_bench *bench,
                                                   const struct hw_sort_run_options *options, struct hw_error *err);
void hw_sort_run_bench_release(struct hw_sort_run_bench *bench);

/* The rows of a run: pieces of sources in their order, the first of which is row number `first`. */
struct hw_sort_run_rows {
    const struct hw_rewrite_rows *pieces;
    size_t pieces_count;
    uint64_t first;
    uint64_t rows;
};

/* The most rows of a run. */
#define HW_SORT_RUN_ROWS_MAX UINT64_C(8388608)

/*
 * Makes a run. Where its rows do not fit in the memory, `*out_fit` is about how many would, less
 * than they are, and `*out_run` is untouched; else it is more than they are by as much as they
 * leave room. `learned`, one for each column, gets what was learned of rows that fit. HW_EDATA as
 * hw_column_read_source has it; HW_ELIMIT for a row that does not fit. `*out_run` is to be
 * released.
 */
HW_NODISCARD enum hw_status hw_sort_run_make(struct hw_sort_run_bench *bench, const struct hw_sort_run_options *options,
                                             const struct hw_sort_run_rows *rows, struct hw_run_learned *learned,
                                             struct hw_sort_run *out_run, uint64_t *out_fit, struct hw_error *err);

/* Makes a run without rows, of `columns` columns and the hidden ones. */
HW_NODISCARD enum hw_status hw_sort_run_init(struct hw_sort_run *run, const struct hw_rewrite_column *columns,
                                             size_t count, struct hw_error *err);
void hw_sort_run_release(struct hw_sort_run *run, size_t columns);

#endif
