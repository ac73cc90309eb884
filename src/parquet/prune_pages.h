/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the rows of a row group for which a condition may be true, by the bounds of its pages. */
#ifndef HW_PARQUET_PRUNE_PAGES_H
#define HW_PARQUET_PRUNE_PAGES_H

#include "parquet/prune_column.h"
#include "table/batch_copy.h"

/* Ranges of rows, in order, none of which touch. */
struct hw_pruned_rows {
    const struct hw_row_range *ranges;
    size_t count;
};

/*
 * Finds the rows. `columns` and `bounds`, which are those of the chunks, have an element for each
 * column of the filter. A column without indexes of its pages keeps the bounds of its chunk.
 */
HW_NODISCARD enum hw_status hw_prune_pages(const struct hw_read_file *file, uint64_t rows,
                                           const struct hw_filter *filter, const struct hw_prune_column *columns,
                                           const struct hw_filter_bounds *bounds, struct hw_arena *arena,
                                           struct hw_pruned_rows *out_rows, struct hw_error *err);

#endif
