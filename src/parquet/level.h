/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Definition and repetition levels of a nested leaf ("Dremel made simple with Parquet"; README of
 * parquet-format, "Nested Encoding"): rows of a batch's column become entries, one for each value
 * and for each null or empty list that is in the place of values.
 */
#ifndef HW_PARQUET_LEVEL_H
#define HW_PARQUET_LEVEL_H

#include "parquet/tree.h"
#include "table/batch.h"

#define HW_SLOT_NONE SIZE_MAX

struct hw_entry {
    /* A slot of the leaf's column; HW_SLOT_NONE: there is no value. */
    size_t slot;
    uint8_t def;
    uint8_t rep;
};

/* Memory that is used again and again. Start it zeroed. */
struct hw_shredder {
    /* Struct hw_entry. */
    struct hw_buf entries;
    /* Those of the step before. */
    struct hw_buf other;
};

/* Rows as entries; borrowed from the shredder until its next use. */
struct hw_shred {
    const struct hw_entry *entries;
    size_t count;
    /* The leaf's. */
    const struct hw_column *column;
};

void hw_shredder_release(struct hw_shredder *shredder);
size_t hw_shredder_held(const struct hw_shredder *shredder);

/*
 * Rows `from` ... `from + rows` of the column of the batch. HW_EDATA for a null that is not
 * allowed.
 */
HW_NODISCARD enum hw_status hw_level_shred(struct hw_shredder *shredder, const struct hw_leaf *leaf,
                                           const struct hw_column *column, size_t from, size_t rows,
                                           struct hw_shred *out_shred, struct hw_error *err);

/*
 * About how many bytes the values of these rows take in the leaf's lane, and two for each entry's
 * levels; found by their ends alone. What stands behind nulls counts too.
 */
size_t hw_level_reach(const struct hw_leaf *leaf, const struct hw_column *column, size_t from, size_t rows);

/*
 * Appends `count` levels of `level_max` (1 at least) as data pages v1 have them: length, then the
 * RLE hybrid.
 */
HW_NODISCARD enum hw_status hw_levels_put(const uint8_t *levels, size_t count, unsigned level_max,
                                          struct hw_buf *scratch, struct hw_buf *out, struct hw_error *err);

#endif
