/* SPDX-License-Identifier: Apache-2.0 */
/* Slots and slices of batches, beside their public header. */
#ifndef HW_TABLE_BATCH_H
#define HW_TABLE_BATCH_H

#include <hawser/batch.h>

#include "core/base.h"
#include "table/type.h"

/* Bytes that may be read behind the buffers of a column, unless the column is `exact`. */
enum { HW_BATCH_PADDING = 64 };

/* Returns whether the value of row `row` is not null, for a column of any kind but NULL. */
static inline bool hw_column_valid(const struct hw_column *column, size_t row) {
    size_t at = column->offset + row;
    return !column->validity || (column->validity[at >> 3] >> (at & 7) & 1) != 0;
}

/* Slices begin at multiples of this many rows, those of one byte of a bitmap. */
enum { HW_BATCH_SLICE_ROWS = 8 };

/*
 * Returns a slice of `batch` without a copy of its values: the rows from `first` on, a multiple of
 * HW_BATCH_SLICE_ROWS, and of them at most `rows_max`, rounded down to such a multiple. `columns`
 * has room for one column for each field; the slice borrows it, and the values of `batch`. The
 * first offset of a text in the slice need not be 0. Columns of basic kinds have no `offset`: their
 * buffers begin at the first row.
 */
struct hw_batch hw_batch_slice(const struct hw_batch *batch, size_t first, size_t rows_max, struct hw_column *columns);

/*
 * Returns the place in the column's data or child at which slot `slot` begins; the slot ends where
 * slot + 1 begins. The number counts from the first slot of the buffers, not of the column.
 */
static inline size_t hw_column_begin(const struct hw_column *column, size_t slot) {
    return column->large_offsets ? (size_t)column->large_offsets[slot] : (size_t)column->offsets[slot];
}

/*
 * Returns the slot of the dictionary for which slot `slot` of a dictionary column stands. The slot
 * must not be null, and its number counts from the first slot of the buffers.
 */
size_t hw_dictionary_slot(enum hw_kind index, const struct hw_column *column, size_t slot);

#endif
