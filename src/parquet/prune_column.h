/* SPDX-License-Identifier: Apache-2.0 */
/* A column of a condition in a row group: what its file says of the values, where that holds. */
#ifndef HW_PARQUET_PRUNE_COLUMN_H
#define HW_PARQUET_PRUNE_COLUMN_H

#include "parquet/page_index_read.h"
#include "parquet/read_file.h"
#include "table/filter_bounds.h"

/* A bloom filter, and the leaf by which it is asked. */
struct hw_prune_bloom {
    const struct hw_read_leaf *leaf;
    hw_view filter;
};

struct hw_prune_column {
    /* NULL: nothing is known of it, as of lists and structs. */
    const struct hw_read_leaf *leaf;
    const struct hw_parquet_chunk *chunk;
    /* Bounds of the leaf have an order that is defined. */
    bool ordered;
    struct hw_prune_bloom bloom;
};

/*
 * Finds the column of a filter in a row group. One that the footer does not describe as it should
 * has no leaf: whoever reads it will tell.
 */
struct hw_prune_column hw_prune_column_of(const struct hw_read_file *file, size_t group,
                                          const struct hw_filter_column *column);

/*
 * Returns whether bounds of a leaf mean something: the footer tells the order of the column
 * (ColumnOrder), and the type has one that we know.
 */
bool hw_prune_is_ordered(const struct hw_read_file *file, const struct hw_read_leaf *leaf);
/*
 * Returns whether a bound is a value, or may be one that was cut. Decimals of any length cannot be
 * cut: what is left is another number.
 */
bool hw_prune_is_whole(const struct hw_read_leaf *leaf, enum hw_told exact);

/* Facts that a page or a chunk tells of its values. */
struct hw_prune_facts {
    uint64_t rows;
    /* HW_META_ABSENT where they are not told. */
    int64_t nulls;
    int64_t nans;
    /* `data` is NULL where there is none. */
    hw_view min;
    hw_view max;
    enum hw_told min_exact;
    enum hw_told max_exact;
};

/* Narrows bounds by facts; what these do not tell stays. Bytes live in the arena. */
HW_NODISCARD enum hw_status hw_prune_bounds(const struct hw_prune_column *column, const struct hw_prune_facts *facts,
                                            struct hw_arena *arena, struct hw_filter_bounds *bounds,
                                            struct hw_error *err);

/* Returns the facts that the footer has of a column's chunk. */
struct hw_prune_facts hw_prune_chunk_facts(const struct hw_prune_column *column, uint64_t rows);

/*
 * Reads the bloom filter of a column, if it has one that costs less than its values, and lets
 * `bounds` ask it. One that is damaged is not asked.
 */
void hw_prune_bloom_read(const struct hw_read_file *file, struct hw_prune_column *column, struct hw_arena *arena,
                         struct hw_filter_bounds *bounds);

#endif
