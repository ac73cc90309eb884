/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A column of an output, with the leaves of the sources that fill it, and rows of these that become
 * what the output has.
 */
#ifndef HW_OPTIMIZE_REWRITE_COLUMN_H
#define HW_OPTIMIZE_REWRITE_COLUMN_H

#include "optimize/mask.h"
#include "optimize/narrowing.h"
#include "parquet/bloom_rows.h"
#include "parquet/leaf_rows.h"
#include "parquet/schema.h"

/* The leaf from which a column has values, of all sources whose leaves are the same. */
struct hw_rewrite_leaf {
    /* The leaf as one of the sources has it; and so that its values come as they are. */
    const struct hw_read_leaf *source;
    struct hw_read_leaf read;
    struct hw_field field;
    /* The definition level of the output for each of the source's; NULL: they are the same. */
    const uint8_t *lifted;
    /* The narrower form that its values get. */
    struct hw_narrowing narrowing;
};

/* A column of the output. */
struct hw_rewrite_column {
    /* Rows say which of them is that of their source. All become the same in the output. */
    const struct hw_rewrite_leaf *leaves;
    /* All of it becomes null, where `mask.def` is not 0. */
    struct hw_mask mask;
    /* The leaf of the output, borrowed; and by which that is read. */
    const struct hw_leaf *write;
    struct hw_read_leaf written;
    struct hw_field written_field;
    /*
     * The part of all values that are not there about which a bloom filter of it may be wrong; 0:
     * it gets none. The form of the values that are written.
     */
    double bloom_fpp;
    enum hw_bloom_form bloom_form;
};

/* Rows of a source that are brought to the form of the output. */
struct hw_rows_shaping {
    const struct hw_rewrite_column *column;
    /* The leaf of the source that has them. */
    const struct hw_rewrite_leaf *leaf;
    /* Gets the values that stand for or against a narrower type; NULL: none does. */
    struct hw_narrow_survey *survey;
    /*
     * Sees the rows as they were, masked ones as nulls. Values that do not come back bit by bit
     * when they are widened, as the length of a decimal's bytes, are seen narrowed; each of them
     * was compared.
     */
    void (*see)(void *ctx, const struct hw_leaf_rows *rows);
    void *ctx;
};

/*
 * Does so, in place: levels, mask, narrower values. `row` is the number of the first row. HW_EDATA
 * as hw_narrow_values has it.
 */
HW_NODISCARD enum hw_status hw_rows_shape(const struct hw_rows_shaping *shaping, uint64_t row,
                                          struct hw_leaf_rows *rows, struct hw_error *err);

#endif
