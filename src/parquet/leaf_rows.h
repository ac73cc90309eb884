/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a leaf that were decoded: its levels and its values, before they get their slots. */
#ifndef HW_PARQUET_LEAF_ROWS_H
#define HW_PARQUET_LEAF_ROWS_H

#include "core/buf.h"

/* Start it zeroed. Values are in the form that a batch has them in. */
struct hw_leaf_rows {
    size_t rows;
    size_t entries;
    /* A byte an entry; empty where the leaf's highest level is 0. */
    struct hw_buf defs;
    struct hw_buf reps;
    /* Values that are not null, one after the other. Booleans are bytes of 0 and 1. */
    size_t count;
    /* The bytes of a value; 0: they are texts. */
    size_t width;
    /* Values of a fixed width. */
    struct hw_buf values;
    /* Texts: their bytes, and the places where each begins and ends, each an int32_t. */
    struct hw_buf data;
    struct hw_buf offsets;
};

void hw_leaf_rows_release(struct hw_leaf_rows *rows);
/* Empties them, and keeps their memory. `width` is that of values to come. */
HW_NODISCARD enum hw_status hw_leaf_rows_clear(struct hw_leaf_rows *rows, size_t width, struct hw_error *err);
/* Returns the bytes of memory that they hold. */
size_t hw_leaf_rows_held(const struct hw_leaf_rows *rows);

#endif
