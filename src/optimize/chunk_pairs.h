/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The key-value metadata of the column chunks of an output. What it says holds for the values of a
 * chunk, so that it stays where all chunks whose rows come together say the same.
 */
#ifndef HW_OPTIMIZE_CHUNK_PAIRS_H
#define HW_OPTIMIZE_CHUNK_PAIRS_H

#include "optimize/chunk_rewrite.h"
#include "optimize/row_cuts.h"

/*
 * Returns the chunk of a source whose pairs a column chunk of the output has, made of `count` runs
 * of rows; NULL where it has none. `*out_lost` tells whether that is because the chunks do not
 * agree, its values become null, or the pairs have more than HW_PARQUET_CHUNK_PAIRS_BYTES_MAX
 * bytes.
 */
const struct hw_parquet_chunk *hw_chunk_pairs_find(const struct hw_rewrite_column *column,
                                                   const struct hw_rewrite_rows *rows, size_t count, bool *out_lost);

/*
 * Returns whether pairs of any chunk are lost in the row groups of an output; where its rows are
 * `sorted`, all are.
 */
bool hw_chunk_pairs_lost(const struct hw_rewrite_column *columns, size_t columns_count, const struct hw_row_cuts *cuts,
                         bool sorted);

#endif
