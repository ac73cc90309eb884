/* SPDX-License-Identifier: Apache-2.0 */
/* Column chunks as facts, as the footer has them, and their sums. */
#ifndef HW_PARQUET_INSPECT_CHUNK_H
#define HW_PARQUET_INSPECT_CHUNK_H

#include "parquet/inspection.h"

/*
 * Returns the chunk of a leaf in a row group; NULL where the group has none.
 */
const struct hw_parquet_chunk *hw_inspect_chunk_of(const struct hw_parquet_group *group,
                                                   const struct hw_read_leaf *leaf);
/* Fills in what the footer tells of the chunk of leaf `leaf`, which may be NULL. */
HW_NODISCARD enum hw_status hw_inspect_chunk(struct hw_inspection *inspection, const struct hw_parquet_chunk *chunk,
                                             size_t leaf, struct hw_inspect_chunk *out);
/* Fills in the sums of a leaf over all row groups. */
HW_NODISCARD enum hw_status hw_inspect_column(struct hw_inspection *inspection, size_t leaf,
                                              struct hw_inspect_column *out);

#endif
