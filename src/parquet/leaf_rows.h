/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of a leaf that were read: its entries, and the values that are not null, in the form that a
 * batch has.
 */
#ifndef HW_PARQUET_LEAF_ROWS_H
#define HW_PARQUET_LEAF_ROWS_H

#include "core/buf.h"
#include "core/view.h"

/* Start it zeroed. */
struct hw_leaf_rows {
    size_t rows;
    size_t entries;
    /*
     * Definition levels, a byte an entry. Of a leaf that does not repeat they are empty where all
     * of them are the highest.
     */
    struct hw_buf defs;
    /* Repetition levels, a byte an entry; empty where the leaf does not repeat. */
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

/* Values as they are in the file, one after the other. */
struct hw_leaf_values {
    size_t count;
    /* HW_DECODED_PADDING bytes behind values of a fixed width may be read. */
    const uint8_t *data;
    /* The place in `data` where each ends, for BYTE_ARRAY alone. */
    const int32_t *ends;
};

void hw_leaf_rows_release(struct hw_leaf_rows *rows);
/* Empties the rows for values of `width` bytes, and keeps their memory. */
HW_NODISCARD enum hw_status hw_leaf_rows_clear(struct hw_leaf_rows *rows, size_t width, struct hw_error *err);
/* Returns the bytes of memory that they hold. */
size_t hw_leaf_rows_held(const struct hw_leaf_rows *rows);
/*
 * Makes room for `count` more values of a fixed width, and for HW_DECODED_PADDING bytes behind
 * them. `*out_to` is where they go; they count once hw_leaf_rows_added has told so.
 */
HW_NODISCARD enum hw_status hw_leaf_rows_room(struct hw_leaf_rows *rows, size_t count, uint8_t **out_to,
                                              struct hw_error *err);
void hw_leaf_rows_added(struct hw_leaf_rows *rows, size_t count);
/* Appends a text. HW_ELIMIT where all of them together come to 2 GiB. */
HW_NODISCARD enum hw_status hw_leaf_rows_text(struct hw_leaf_rows *rows, hw_view text, struct hw_error *err);

#endif
