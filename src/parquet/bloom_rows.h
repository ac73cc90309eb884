/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Adds rows to a bloom filter, in all forms in which a reader may ask for their values.
 *
 * A filter knows bytes, and the format does not say which floats are equal. But readers to which
 * 0.0 and -0.0 are the same, or all NaNs are, ask for one of them, and leave out the row group that
 * denies it. So each zero counts as both, and each NaN as itself and as the two quiet ones that
 * computers make. A decimal whose bytes are more than it needs counts as the shortest ones too.
 */
#ifndef HW_PARQUET_BLOOM_ROWS_H
#define HW_PARQUET_BLOOM_ROWS_H

#include "parquet/bloom_write.h"
#include "parquet/leaf_rows.h"
#include "parquet/read_schema.h"

/* The values of a column, as a filter knows them. */
enum hw_bloom_form {
    /*
     * There are no filters: of BOOLEAN, whose PLAIN bytes are of many values; of INT96, of which
     * there are several for one time; of intervals, which DuckDB asks for by a hash of its own
     * where the metadata of a file say so.
     */
    HW_BLOOM_NONE,
    /* A value has one form. */
    HW_BLOOM_SAME,
    HW_BLOOM_HALF,
    HW_BLOOM_FLOAT,
    HW_BLOOM_DOUBLE,
    /* A decimal on BYTE_ARRAY. */
    HW_BLOOM_DECIMAL,
    HW_BLOOM_FORM_COUNT
};

/*
 * Returns the form of the values of a leaf, which are written as `physical`, so that it may differ
 * from the leaf's own.
 */
enum hw_bloom_form hw_bloom_form_of(const struct hw_read_leaf *leaf, enum hw_physical physical);

/*
 * Adds the values of rows that were read as they are in the file (parquet/leaf_raw.h). `form` is
 * not HW_BLOOM_NONE.
 */
void hw_bloom_add_rows(struct hw_bloom *bloom, enum hw_bloom_form form, const struct hw_leaf_rows *rows);

#endif
