/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a nested column as levels and values of a chunk's page. */
#ifndef HW_PARQUET_CHUNK_NESTED_H
#define HW_PARQUET_CHUNK_NESTED_H

#include "parquet/chunk.h"

/* As hw_chunk_add for a leaf that is nested. */
HW_NODISCARD enum hw_status hw_chunk_nested_add(struct hw_chunk *chunk, const struct hw_chunk_work *work,
                                                const struct hw_column *column, size_t from, size_t rows,
                                                struct hw_error *err);
#endif
