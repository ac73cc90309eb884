/* SPDX-License-Identifier: Apache-2.0 */
/* Batches beside their public header: slots, slices, widths. */
#ifndef HW_TABLE_BATCH_H
#define HW_TABLE_BATCH_H

#include <hawser/batch.h>

#include "core/base.h"
#include "table/type.h"

/* Bytes behind the buffers of a column that is not `exact` that may be read. */
enum { HW_BATCH_PADDING = 64 };

/* Slot `row` is not null; for all kinds but NULL. */
static inline bool hw_column_valid(const struct hw_column *column, size_t row) {
    size_t at = column->offset + row;
    return !column->validity || (column->validity[at >> 3] >> (at & 7) & 1) != 0;
}

/* Slices begin at multiples of so many rows, that of a bitmap's byte. */
enum { HW_BATCH_SLICE_ROWS = 8 };

/*
 * Rows `first` (a multiple of HW_BATCH_SLICE_ROWS) and what follows, at most `rows_max` rounded
 * down to such a multiple, of `batch`, without a copy of values. `columns` has room for one a field
 * and holds the result's columns, borrowed from those of `batch`. A text's first offset need not be
 * 0. Basic kinds begin at their first value, others have an `offset`.
 */
struct hw_batch hw_batch_slice(const struct hw_batch *batch, size_t first, size_t rows_max, struct hw_column *columns);

/*
 * Returns where slot `slot` (of the buffers, not of the column) begins in its data or child; slot +
 * 1 is its end.
 */
static inline size_t hw_column_begin(const struct hw_column *column, size_t slot) {
    return column->large_offsets ? (size_t)column->large_offsets[slot] : (size_t)column->offsets[slot];
}

/*
 * The dictionary's slot that slot `slot` (of the buffers) of a dictionary column stands for; it
 * must not be null.
 */
size_t hw_dictionary_slot(enum hw_kind index, const struct hw_column *column, size_t slot);

#endif
