/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order in which the rows of several runs (optimize/sort_run.h) follow each other, by their
 * keys: where these are equal, rows of an earlier run come first. It is put aside as a column of
 * numbers, each of which tells a run and the number of a row among those of the sources.
 */
#ifndef HW_OPTIMIZE_RUN_ORDER_H
#define HW_OPTIMIZE_RUN_ORDER_H

#include "optimize/row_cuts.h"
#include "optimize/sort_run.h"

/* An entry of the order has the number of the run in its highest bits. */
enum { HW_ORDER_NUMBER_BITS = 48, HW_ORDER_RUNS_MAX = 65535 };
#define HW_ORDER_NUMBER_MAX ((UINT64_C(1) << HW_ORDER_NUMBER_BITS) - 1)

struct hw_run_order {
    struct hw_spilled_column rows;
    /* For each row group, one block: how many rows of each run come before it. */
    struct hw_spilled_column starts;
};

struct hw_run_order_options {
    const struct hw_sort_run *runs;
    size_t runs_count;
    /* The columns of the output, behind which a run has its hidden ones. */
    size_t columns;
    /* The row groups of the rows; NULL: they are no output yet. */
    const struct hw_row_cuts *cuts;
    /* Those in which the runs lie, and the order will; they may be the same. */
    struct hw_sort_spill *from;
    struct hw_sort_spill *to;
    size_t block_bytes;
    bool (*cancelled)(void *ctx);
    void *ctx;
};

/* Makes the order of all rows of the runs. Start it zeroed; release it on failure too. */
HW_NODISCARD enum hw_status hw_run_order_make(struct hw_run_order *order, const struct hw_run_order_options *options,
                                              struct hw_error *err);
void hw_run_order_release(struct hw_run_order *order);

#endif
