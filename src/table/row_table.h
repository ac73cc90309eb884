/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows as a table for people: a header, a line of dashes, and a line a row. Columns are as wide as
 * the widest of the rows that were gathered first; numbers stand at the right.
 */
#ifndef HW_TABLE_ROW_TABLE_H
#define HW_TABLE_ROW_TABLE_H

#include "table/value_text.h"

/* A longer cell is cut, and ends with an ellipsis. */
enum { HW_ROW_TABLE_CELL_COLUMNS = 40 };

struct hw_row_table {
    const struct hw_schema *schema; /* borrowed */
    enum hw_binary_text binary;
    /* Cells that were added and not yet written, and their texts. */
    struct hw_buf cells;
    struct hw_buf texts;
    struct hw_buf scratch;
    /* The width of each column, a size_t; fixed once the header was written. */
    struct hw_buf widths;
    bool begun;
};

HW_NODISCARD enum hw_status hw_row_table_init(struct hw_row_table *table, const struct hw_schema *schema,
                                              enum hw_binary_text binary, struct hw_error *err);
void hw_row_table_release(struct hw_row_table *table);

/*
 * Adds a row of a batch of the schema. Nulls are "null", nested values JSON; control characters,
 * and bytes that are not UTF-8, become "\x1b". HW_EDATA for a value that has no text, which names
 * the column.
 */
HW_NODISCARD enum hw_status hw_row_table_add(struct hw_row_table *table, const struct hw_batch *batch, size_t row,
                                             struct hw_error *err);
/* Appends the rows that were added to `out`, the first time with the header, and forgets them. */
HW_NODISCARD enum hw_status hw_row_table_write(struct hw_row_table *table, struct hw_buf *out, struct hw_error *err);

#endif
