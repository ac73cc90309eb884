/* SPDX-License-Identifier: Apache-2.0 */
/* Tables for people: columns as wide as their widest cell, all of them as wide as a terminal. */
#ifndef HW_CLI_TEXT_TABLE_H
#define HW_CLI_TEXT_TABLE_H

#include "core/buf.h"

struct hw_text_column {
    const char *title;
    /* Numbers stand at the right. They are never cut. */
    bool right;
};

/* Start it with the columns, which are borrowed, and the rest zeroed. */
struct hw_text_table {
    const struct hw_text_column *columns;
    size_t columns_count;
    /* The texts of the cells, each ended with NUL, one row after the other. */
    struct hw_buf cells;
    size_t cells_count;
};

void hw_text_table_release(struct hw_text_table *table);
/* Adds the next cell, made harmless for a terminal (cli/text.h). A row has one for each column. */
HW_NODISCARD enum hw_status hw_text_table_cell(struct hw_text_table *table, hw_view text, struct hw_error *err);
/* Adds a number; one below 0 becomes an empty cell. */
HW_NODISCARD enum hw_status hw_text_table_number(struct hw_text_table *table, int64_t number, struct hw_error *err);
/*
 * Appends the titles and all rows to `out`, each line indented by two spaces. Where a line has more
 * than `width` characters, the widest texts are cut, down to 4 characters, and end with "…". 0: no
 * width is too much.
 */
HW_NODISCARD enum hw_status hw_text_table_write(const struct hw_text_table *table, size_t width, struct hw_buf *out,
                                                struct hw_error *err);

/* Writes a number with commas, "1,234,567". Returns `out`. */
enum { HW_TEXT_NUMBER_BYTES = 32 };
const char *hw_text_number(int64_t number, char out[HW_TEXT_NUMBER_BYTES]);

#endif
