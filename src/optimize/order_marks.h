/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The proof that rows are sorted by several columns, whose chunks are read one after the other, or
 * by several threads: of each chunk it is noted, in two bits a row, how its value compares with
 * that of the row before; put side by side these tell by how many of the columns, from the first
 * one on, the rows are sorted.
 */
#ifndef HW_OPTIMIZE_ORDER_MARKS_H
#define HW_OPTIMIZE_ORDER_MARKS_H

#include "optimize/sort_key.h"

/* Start it zeroed, or as it was used before. */
struct hw_order_marks {
    uint64_t rows;
    /* Four rows a byte. */
    struct hw_buf marks;
    /* The keys of the first and of the last row. */
    struct hw_buf first;
    struct hw_buf last;
    /* The keys of the rows that are added. */
    struct hw_leaf_rows keys;
};

void hw_order_marks_release(struct hw_order_marks *marks);
/* Empties it, and keeps its memory. */
void hw_order_marks_clear(struct hw_order_marks *marks);
/* Adds rows behind those before. */
HW_NODISCARD enum hw_status hw_order_marks_add(struct hw_order_marks *marks, const struct hw_sort_key *key,
                                               const struct hw_leaf_rows *rows, struct hw_error *err);

/*
 * Returns by how many of `count` columns, from the first one on, the rows are sorted. `marks` has
 * one for each, and all have as many rows. `before` has the keys of the row before the first one,
 * one for each column; NULL: there is none.
 */
size_t hw_order_marks_sorted(const struct hw_order_marks *marks, const struct hw_buf *before, size_t count);

/* Returns whether row `row`, which is not the first, is equal to the one before in all columns. */
bool hw_order_marks_equal(const struct hw_order_marks *marks, size_t count, uint64_t row);

#endif
