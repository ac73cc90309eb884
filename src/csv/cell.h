/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The look of a field, for finding out how a text is written before anything is known of it. It
 * takes any form of numbers and times that people write; which of them become numbers in a table is
 * another matter (csv/profile.h).
 */
#ifndef HW_CSV_CELL_H
#define HW_CSV_CELL_H

#include "core/view.h"

enum hw_csv_cell {
    HW_CSV_CELL_EMPTY,   /* nothing, or blanks */
    HW_CSV_CELL_NUMBER,  /* 1, -2.5, 1e9, 1,5, 1.234,5, 12 %, $ 9.99 */
    HW_CSV_CELL_TIME,    /* 2024-01-31, 31.1.2024, 12:30, 2024-01-31 12:30:00Z */
    HW_CSV_CELL_BOOLEAN, /* true or false, in any case */
    HW_CSV_CELL_JSON,    /* an object or a list, from its first byte to its last */
    HW_CSV_CELL_WORDS,   /* anything else */
};

/* Returns the look of a field without its quotes. Blanks around it do not count. */
enum hw_csv_cell hw_csv_cell_of(hw_view field);

#endif
