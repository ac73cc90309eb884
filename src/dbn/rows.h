/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records become rows: runs of records of one layout are put behind each other, column by column,
 * and all of them together become a batch.
 */
#ifndef HW_DBN_ROWS_H
#define HW_DBN_ROWS_H

#include "core/buf.h"
#include "dbn/columns.h"
#include "dbn/symbols.h"
#include "table/batch.h"

struct hw_dbn_values;

/* One thread's. */
struct hw_dbn_rows {
    const struct hw_dbn_columns *columns; /* borrowed */
    /* The symbols of instruments, borrowed; NULL: none is known. */
    const struct hw_dbn_symbol_map *symbols;
    size_t rows;
    size_t rows_max;
    /* Prices so far that a double cannot hold exactly. */
    uint64_t inexact;
    struct hw_dbn_values *values; /* of each column */
    struct hw_column *out;
};

/* A value that is at fault. */
struct hw_dbn_row_fault {
    const char *code; /* as "dbn.text" */
    size_t record;    /* its number in the run */
    size_t offset;    /* in the record */
};

/*
 * Makes room for `rows_max` rows, 1 to HW_DBN_ROWS_MAX. Columns that are texts take more memory as
 * values come. HW_ENOMEM. Release it on failure too.
 */
HW_NODISCARD enum hw_status hw_dbn_rows_init(struct hw_dbn_rows *rows, const struct hw_dbn_columns *columns,
                                             size_t rows_max, struct hw_error *err);
/* Accepts a zeroed one. */
void hw_dbn_rows_release(struct hw_dbn_rows *rows);

/* The most rows of a batch: texts of 71 bytes stay within 32 bits. */
enum { HW_DBN_ROWS_MAX = 1 << 20 };

/*
 * Puts `count` records behind the rows, which have room for them. Each has `stride` bytes, all of
 * which are there, and is of the layout of the columns. HW_EDATA for a time from 2^63 ns on, a
 * price that is too large for a decimal, and a text that does not end or is no UTF-8: `fault` is
 * set, and the message names the column, but neither the record nor its place. The rows are void
 * then.
 */
HW_NODISCARD enum hw_status hw_dbn_rows_add(struct hw_dbn_rows *rows, const uint8_t *records, size_t stride,
                                            size_t count, struct hw_dbn_row_fault *fault, struct hw_error *err);

/* Hands out the rows as a batch, which borrows them until the next call. HW_ENOMEM. */
HW_NODISCARD enum hw_status hw_dbn_rows_batch(struct hw_dbn_rows *rows, struct hw_batch *out_batch,
                                              struct hw_error *err);
/* Forgets the rows, and keeps their memory. */
void hw_dbn_rows_clear(struct hw_dbn_rows *rows);

#endif
