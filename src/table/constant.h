/* SPDX-License-Identifier: Apache-2.0 */
/* A column of texts that has one value in all rows, for as many rows as a batch has. */
#ifndef HW_TABLE_CONSTANT_H
#define HW_TABLE_CONSTANT_H

#include "core/buf.h"
#include "table/batch.h"

/* Start it zeroed. Its buffers grow to the most rows that were asked for, and stay. */
struct hw_constant {
    hw_view value; /* borrowed */
    size_t rows;   /* the rows that the buffers hold */
    struct hw_buf offsets;
    struct hw_buf data;
};

void hw_constant_release(struct hw_constant *constant);

/* Sets the value, which is borrowed, for the columns to come. */
void hw_constant_set(struct hw_constant *constant, const char *value);

/* Returns the most rows to ask for at once, so that a column takes about 1 MiB. */
size_t hw_constant_rows_max(const struct hw_constant *constant);

/* Makes a column of `rows` rows, which borrows the buffers until the next call. */
HW_NODISCARD enum hw_status hw_constant_column(struct hw_constant *constant, size_t rows, struct hw_column *out_column,
                                               struct hw_error *err);

/*
 * Makes a slice of `batch`, from row `first` on, whose last column is such a column in place of its
 * own: at most hw_constant_rows_max rows. `columns` has room for one column for each field; the
 * slice borrows it, as hw_batch_slice has it, and the buffers of the constant until the next call.
 */
HW_NODISCARD enum hw_status hw_constant_slice(struct hw_constant *constant, const struct hw_batch *batch, size_t first,
                                              struct hw_column *columns, struct hw_batch *out_slice,
                                              struct hw_error *err);

#endif
