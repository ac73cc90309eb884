/* SPDX-License-Identifier: Apache-2.0 */
/* The pages of a column chunk, and its indexes, as facts. They are read from the file. */
#ifndef HW_PARQUET_INSPECT_PAGES_H
#define HW_PARQUET_INSPECT_PAGES_H

#include "parquet/inspection.h"

/*
 * Reads the headers of all pages of a leaf's chunk in a row group. HW_EDATA names the page and what
 * is wrong with it. An encrypted chunk has no pages that can be read.
 */
HW_NODISCARD enum hw_status hw_inspect_pages(struct hw_inspection *inspection, const struct hw_parquet_group *group,
                                             const struct hw_read_leaf *leaf, struct hw_inspect_chunk *out);
/* Reads the column index and the offset index, where the chunk has them. */
HW_NODISCARD enum hw_status hw_inspect_index(struct hw_inspection *inspection, const struct hw_parquet_chunk *chunk,
                                             const struct hw_read_leaf *leaf, struct hw_inspect_chunk *out);

#endif
