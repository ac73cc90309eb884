/* SPDX-License-Identifier: Apache-2.0 */
/* Column chunks as facts, as the footer has them, and their sums. */
#ifndef HW_PARQUET_INSPECT_CHUNK_H
#define HW_PARQUET_INSPECT_CHUNK_H

#include "parquet/inspection.h"

/* Fills in what the footer tells of the chunk of leaf `leaf`. */
HW_NODISCARD enum hw_status hw_inspect_chunk(struct hw_inspection *inspection, const struct hw_parquet_chunk *chunk,
                                             size_t leaf, struct hw_inspect_chunk *out);
/* Fills in the sums of a leaf over all row groups, each of which has a chunk for each leaf. */
HW_NODISCARD enum hw_status hw_inspect_column(struct hw_inspection *inspection, size_t leaf,
                                              struct hw_inspect_column *out);

#endif
