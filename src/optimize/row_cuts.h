/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ends of the row groups of an output, and the rows of the sources that each of them has. That
 * depends on the sources and on the options alone, not on memory or threads.
 */
#ifndef HW_OPTIMIZE_ROW_CUTS_H
#define HW_OPTIMIZE_ROW_CUTS_H

#include "core/buf.h"
#include "optimize/column_read.h"
#include "optimize/rewrite_column.h"

/* Some of the rows of a table. */
struct hw_row_range {
    uint64_t first;
    /* 0: all rows from the first one on. */
    uint64_t count;
};

struct hw_row_cuts_options {
    /* The sources, in the order of their rows. */
    const struct hw_read_file *const *files;
    size_t files_count;
    /* The number that rows of each file get; NULL: it is 0 for all of them. */
    const size_t *numbers;
    /* The columns that are written, whose chunks have the same numbers in all sources. */
    const struct hw_rewrite_column *columns;
    size_t columns_count;
    /* The rows that are written, of those of all sources together. */
    struct hw_row_range rows;
    /* The most rows of a row group, and about the most bytes, by those that its rows have now. */
    uint64_t group_rows;
    uint64_t group_bytes;
    /*
     * Rows are sorted before they are cut: each counts as many bytes as all have on average. The
     * runs of a row group are then not its rows, but as many as it has; all together are all rows.
     */
    bool sorted;
};

/* A row group of the output: `count` runs of rows, from number `first` on. */
struct hw_row_cut {
    size_t first;
    size_t count;
    uint64_t rows;
};

/* Start it zeroed. */
struct hw_row_cuts {
    /* Runs of rows, each a struct hw_rewrite_rows. */
    struct hw_buf runs;
    /* Row groups, each a struct hw_row_cut. */
    struct hw_buf cuts;
};

HW_NODISCARD enum hw_status hw_row_cuts_make(struct hw_row_cuts *cuts, const struct hw_row_cuts_options *options,
                                             struct hw_error *err);
void hw_row_cuts_release(struct hw_row_cuts *cuts);

static inline size_t hw_row_cuts_count(const struct hw_row_cuts *cuts) {
    return cuts->cuts.size / sizeof(struct hw_row_cut);
}

static inline const struct hw_row_cut *hw_row_cut_at(const struct hw_row_cuts *cuts, size_t index) {
    return (const struct hw_row_cut *)(const void *)cuts->cuts.data + index;
}

static inline const struct hw_rewrite_rows *hw_row_cut_runs(const struct hw_row_cuts *cuts,
                                                            const struct hw_row_cut *cut) {
    return (const struct hw_rewrite_rows *)(const void *)cuts->runs.data + cut->first;
}

#endif
