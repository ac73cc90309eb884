/* SPDX-License-Identifier: Apache-2.0 */
/* The checks of parquet/file_check.h of one column chunk, and of the places of all. */
#ifndef HW_PARQUET_CHUNK_CHECK_H
#define HW_PARQUET_CHUNK_CHECK_H

#include "parquet/check_report.h"

/* Checks the chunk of a leaf, of a row group with `rows` rows. */
HW_NODISCARD enum hw_status hw_chunk_check(struct hw_check_report *report, const struct hw_parquet_chunk *chunk,
                                           const struct hw_read_leaf *leaf, int64_t rows);
/* Checks that no byte belongs to two chunks. */
HW_NODISCARD enum hw_status hw_chunks_check_apart(struct hw_check_report *report);

#endif
