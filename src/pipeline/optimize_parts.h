/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Into how many files of about one size the files of a folder become, and which rows each of them
 * gets. Sizes are those after optimising.
 */
#ifndef HW_PIPELINE_OPTIMIZE_PARTS_H
#define HW_PIPELINE_OPTIMIZE_PARTS_H

#include "optimize/row_cuts.h"

/*
 * Returns the number of files of at most `target` bytes, all of one size, that files of these sizes
 * become, in their order. 0: they stay as they are, as none is larger than 1.15 times the target
 * and no two neighbours fit into one file together. So it is for files that it has made before.
 */
size_t hw_optimize_parts_count(const double *bytes, size_t count, double target);

/* A row group of a source. */
struct hw_optimize_piece {
    uint64_t rows;
    double bytes;
};

/*
 * Finds the rows of each of `count` parts, one at least, of the rows of all pieces: parts have as
 * many bytes each as rows allow, and one row at least where there are as many. Returns how many
 * parts have any rows, at the beginning of `out_parts`.
 */
size_t hw_optimize_parts_cut(const struct hw_optimize_piece *pieces, size_t pieces_count, size_t count,
                             struct hw_row_range *out_parts);

#endif
