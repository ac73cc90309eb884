/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds out by which columns the rows of each row group are sorted, from what was noted as their
 * encoded chunks were decoded (optimize/order_marks.h). Of rows that this program has sorted the
 * whole file is proved: also from one row group to the next, and that equal rows are in the order
 * of the sources.
 */
#ifndef HW_OPTIMIZE_ORDER_PROOF_H
#define HW_OPTIMIZE_ORDER_PROOF_H

#include "optimize/order_marks.h"
#include "optimize/sorted_rows.h"

/* Start it with the first two, and zeroed behind them. */
struct hw_order_proof {
    /* The columns by which rows are, or may be, sorted. */
    size_t count;
    /* Rows that were sorted; NULL: they are in the order of the sources. */
    const struct hw_sorted_rows *sorted;
    /* The last row of the row groups so far: its keys, and its number in the sources. */
    struct hw_buf *before;
    uint64_t number;
    uint64_t rows;
    struct hw_run_rows_bench bench;
};

void hw_order_proof_release(struct hw_order_proof *proof);
/*
 * Looks at the next row group, of which `marks` has what was noted of each column. `*out_sorted` is
 * by how many of the columns it is sorted, from the first one on. HW_EDATA where rows that were
 * sorted are not, or not stable, which is a fault of ours.
 */
HW_NODISCARD enum hw_status hw_order_proof_group(struct hw_order_proof *proof, const struct hw_order_marks *marks,
                                                 size_t *out_sorted, struct hw_error *err);

#endif
