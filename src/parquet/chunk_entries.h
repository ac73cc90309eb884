/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Adds rows to a chunk as a file has them: levels, and values in the form of the leaf's lane
 * (parquet/leaf_raw.h).
 */
#ifndef HW_PARQUET_CHUNK_ENTRIES_H
#define HW_PARQUET_CHUNK_ENTRIES_H

#include "parquet/chunk.h"
#include "parquet/leaf_rows.h"

/*
 * Adds all rows of `rows` to a chunk of the same leaf. As with hw_chunk_add, pages do not depend on
 * how many rows are added at once. A null in a column that is required is HW_EDATA.
 */
HW_NODISCARD enum hw_status hw_chunk_add_entries(struct hw_chunk *chunk, const struct hw_chunk_work *work,
                                                 const struct hw_leaf_rows *rows, struct hw_error *err);

#endif
