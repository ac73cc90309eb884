/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A hash of the rows of a column: of levels, values and their order. Two columns with the same hash
 * have the same rows, whatever pages and encodings they are in. XXH3 of 128 bits is not made
 * against an adversary, and none chooses the bytes that our own encoders make of given ones.
 */
#ifndef HW_OPTIMIZE_COLUMN_HASH_H
#define HW_OPTIMIZE_COLUMN_HASH_H

/* The state is part of a struct here, whose size is the library's own. */
#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>

#include "parquet/leaf_rows.h"

/* The streams of a column. Each is hashed by itself, as where rows are cut must not matter. */
enum hw_column_stream { HW_STREAM_DEFS, HW_STREAM_REPS, HW_STREAM_LENGTHS, HW_STREAM_VALUES, HW_STREAM_COUNT };

struct hw_column_hash {
    XXH3_state_t streams[HW_STREAM_COUNT];
    /* The highest definition level, which stands for levels that were left out. */
    uint8_t def_max;
    uint64_t rows;
    uint64_t entries;
    uint64_t values;
};

/* The sums that are compared. */
struct hw_column_digest {
    XXH128_hash_t streams[HW_STREAM_COUNT];
    uint64_t rows;
    uint64_t entries;
    uint64_t values;
};

void hw_column_hash_begin(struct hw_column_hash *hash, uint8_t def_max);
/* Adds rows behind those before. */
void hw_column_hash_add(struct hw_column_hash *hash, const struct hw_leaf_rows *rows);
struct hw_column_digest hw_column_hash_end(const struct hw_column_hash *hash);
/* Returns what differs of two columns, as "the values"; NULL where they are equal. */
const char *hw_column_digest_differs(const struct hw_column_digest *a, const struct hw_column_digest *b);

#endif
