/* SPDX-License-Identifier: Apache-2.0 */
/* Adds the rows of a nested column to a chunk, as levels and values (parquet/level.h). */
#ifndef HW_PARQUET_CHUNK_NESTED_H
#define HW_PARQUET_CHUNK_NESTED_H

#include "parquet/chunk.h"

/*
 * Does what hw_chunk_add does, for a nested leaf. The error names the column by its path,
 * "l.list.element".
 */
HW_NODISCARD enum hw_status hw_chunk_nested_add(struct hw_chunk *chunk, const struct hw_chunk_work *work,
                                                const struct hw_column *column, size_t from, size_t rows,
                                                struct hw_error *err);
#endif
