/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copies of batches that own their memory: for whoever reads rows into buffers that it uses again,
 * and hands them to programs that keep them.
 */
#ifndef HW_TABLE_BATCH_COPY_H
#define HW_TABLE_BATCH_COPY_H

#include "table/batch.h"

/* Every buffer of a copy begins at a multiple of it, in bytes, as Arrow recommends. */
enum { HW_BATCH_ALIGNMENT = 64 };

/* Rows, or slots of a column, that follow each other. */
struct hw_row_range {
    size_t first;
    size_t count;
};

/*
 * Copies `rows` rows of `batch` from row `first` on, of any kind, into one block of memory. The
 * copy's columns have no offset, their texts and lists begin at 0, HW_BATCH_PADDING bytes of zeros
 * and more lie behind every buffer, and dictionaries are copied whole.
 *
 * The copy has the batch's schema, which `schema_owner` keeps: the copy holds a reference to it;
 * NULL: the schema outlives the copy.
 * `*out_batch` has one reference, the caller's. HW_ELIMIT where memory cannot be so large.
 */
HW_NODISCARD enum hw_status hw_batch_copy(const struct hw_batch *batch, size_t first, size_t rows,
                                          struct hw_owner *schema_owner, struct hw_batch *out_batch,
                                          struct hw_error *err);

/*
 * Does the same for the rows of several ranges, one after the other; they are in order, and do not
 * overlap.
 */
HW_NODISCARD enum hw_status hw_batch_copy_ranges(const struct hw_batch *batch, const struct hw_row_range *ranges,
                                                 size_t count, struct hw_owner *schema_owner,
                                                 struct hw_batch *out_batch, struct hw_error *err);

#endif
