/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds the rows of a row group for which a condition may be true, by what the file says of its
 * values: statistics of chunks, bloom filters, and bounds of pages. What the format does not define
 * says nothing: bounds of the old fields, bounds without an order, and those of INT96.
 */
#ifndef HW_PARQUET_PRUNE_H
#define HW_PARQUET_PRUNE_H

#include "parquet/prune_pages.h"

/*
 * Finds the rows of a group, whose ranges live in the arena. The filter is of the file's schema.
 * Indexes and filters that are damaged, or cannot be read, say nothing; only HW_ENOMEM fails.
 */
HW_NODISCARD enum hw_status hw_parquet_prune(const struct hw_read_file *file, size_t group,
                                             const struct hw_filter *filter, struct hw_arena *arena,
                                             struct hw_pruned_rows *out_rows, struct hw_error *err);

#endif
