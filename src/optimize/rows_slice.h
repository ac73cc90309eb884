/* SPDX-License-Identifier: Apache-2.0 */
/* Some of the rows of a leaf, and rows that are put behind others. */
#ifndef HW_OPTIMIZE_ROWS_SLICE_H
#define HW_OPTIMIZE_ROWS_SLICE_H

#include "parquet/leaf_rows.h"

/* Rows one behind the other, with the first of their entries and of their values. */
struct hw_rows_slice {
    size_t rows;
    size_t entry;
    size_t entries;
    size_t value;
    size_t values;
};

/* Returns the slice of all rows. */
static inline struct hw_rows_slice hw_rows_slice_all(const struct hw_leaf_rows *rows) {
    return (struct hw_rows_slice){.rows = rows->rows, .entries = rows->entries, .values = rows->count};
}

/*
 * Returns the slice of `count` rows, of which there are as many, that begin at entry `entry` and
 * value `value`. `def_max` is the leaf's highest definition level.
 */
struct hw_rows_slice hw_rows_slice_at(const struct hw_leaf_rows *rows, size_t entry, size_t value, size_t count,
                                      uint8_t def_max);

/*
 * Appends a slice of `from` to `to`, which hw_leaf_rows_clear has made ready for values of the same
 * width. HW_ELIMIT beyond what leaf rows hold.
 */
HW_NODISCARD enum hw_status hw_rows_append(struct hw_leaf_rows *to, const struct hw_leaf_rows *from,
                                           const struct hw_rows_slice *slice, uint8_t def_max, struct hw_error *err);

/* Returns the bytes of levels and values. */
static inline size_t hw_rows_bytes(const struct hw_leaf_rows *rows) {
    const size_t places = rows->width == 0 ? rows->offsets.size : 0;
    return rows->defs.size + rows->reps.size + rows->values.size + rows->data.size + places;
}

#endif
