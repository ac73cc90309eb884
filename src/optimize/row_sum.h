/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sum over the rows of a column, of a hash of each row and its number. The order in which rows
 * are added does not count: two columns with the same sum have the same values for each number. So
 * rows that are sorted are proved to be those of the source, and columns to be sorted alike.
 */
#ifndef HW_OPTIMIZE_ROW_SUM_H
#define HW_OPTIMIZE_ROW_SUM_H

#include "parquet/leaf_rows.h"

/* Start it zeroed. */
struct hw_row_sum {
    uint64_t rows;
    /* The halves of XXH3 of 128 bits, each added up. */
    uint64_t low;
    uint64_t high;
};

/*
 * Adds rows, of which row i has number `numbers[i]`. `def_max` is the leaf's highest definition
 * level. A row is the levels and values of all of its entries.
 */
void hw_row_sum_add(struct hw_row_sum *sum, const struct hw_leaf_rows *rows, uint8_t def_max, const uint64_t *numbers);
/* Adds the rows of another sum. */
void hw_row_sum_join(struct hw_row_sum *sum, const struct hw_row_sum *other);
bool hw_row_sum_equal(const struct hw_row_sum *a, const struct hw_row_sum *b);

#endif
