/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Definition and repetition levels of a nested leaf (README of parquet-format, "Nested Encoding";
 * "Dremel made simple with Parquet"). Rows of a batch's column become entries: one for each value,
 * and one for each null or empty list that takes the place of values.
 */
#ifndef HW_PARQUET_LEVEL_H
#define HW_PARQUET_LEVEL_H

#include "parquet/tree.h"
#include "table/batch.h"

#define HW_SLOT_NONE SIZE_MAX

struct hw_entry {
    /* The slot of the value in the leaf's column; HW_SLOT_NONE if there is no value. */
    size_t slot;
    uint8_t def;
    uint8_t rep;
};

/* The memory in which entries are made, for one call after the other. Start it zeroed. */
struct hw_shredder {
    /* The entries, each a struct hw_entry. */
    struct hw_buf entries;
    /* The entries of the step before. */
    struct hw_buf other;
};

/* Some rows as entries, which the shredder holds until its next use. */
struct hw_shred {
    const struct hw_entry *entries;
    size_t count;
    /* The column that has the leaf's values. */
    const struct hw_column *column;
};

void hw_shredder_release(struct hw_shredder *shredder);
/* Returns the bytes of memory that it holds. */
size_t hw_shredder_held(const struct hw_shredder *shredder);

/*
 * Makes entries of `rows` rows of the batch's column, from row `from` on. A null where none is
 * allowed is HW_EDATA.
 */
HW_NODISCARD enum hw_status hw_level_shred(struct hw_shredder *shredder, const struct hw_leaf *leaf,
                                           const struct hw_column *column, size_t from, size_t rows,
                                           struct hw_shred *out_shred, struct hw_error *err);

/*
 * Returns about how many bytes these rows take: their values in the leaf's lane, and two bytes for
 * the levels of each entry. It looks at the ends of lists and texts only, so that values behind
 * nulls count too.
 */
size_t hw_level_reach(const struct hw_leaf *leaf, const struct hw_column *column, size_t from, size_t rows);

/*
 * Appends `count` levels, each at most `level_max` (which is not 0), as data pages v1 have them:
 * the length, then the RLE hybrid.
 */
HW_NODISCARD enum hw_status hw_levels_put(const uint8_t *levels, size_t count, unsigned level_max,
                                          struct hw_buf *scratch, struct hw_buf *out, struct hw_error *err);

#endif
