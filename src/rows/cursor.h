/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the parts of a table of files, one after the other. */
#ifndef HW_ROWS_CURSOR_H
#define HW_ROWS_CURSOR_H

#include "rows/table.h"

/* The result of a part. */
struct hw_rows_result {
    struct hw_part_result base;
    size_t object;
    /* The table has all rows that were asked for; the part may have more. */
    bool limited;
};

HW_NODISCARD enum hw_status hw_rows_cursor_new(const struct hw_rows_table *table, struct hw_cursor **out_cursor,
                                               struct hw_error *err);

#endif
