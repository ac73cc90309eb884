/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The values that the unique columns of one object have had: a set of keyed 128-bit hashes, with a
 * random key for each column of each object. With the HW_CSV_UNIQUE_VALUES_MAX values that a set
 * may hold, two different ones have one hash with a chance below 2^-64.
 *
 * One thread at a time. Memory is taken from the budget; what it cannot give is an error, never a
 * value forgotten.
 */
#ifndef HW_CSV_UNIQUE_H
#define HW_CSV_UNIQUE_H

#include "core/siphash.h"
#include "core/budget.h"
#include "core/error.h"

/* Start it zeroed but for `budget` and `values_max`. */
struct hw_csv_unique {
    struct hw_budget *budget;    /* borrowed */
    uint64_t values_max;         /* HW_ELIMIT beyond */
    struct hw_siphash_key *keys; /* one a column of the table */
    struct hw_hash128 *slots;    /* open addressing; all zero: free */
    size_t slots_count;          /* a power of two */
    size_t used;
};

/* Draws the keys. */
HW_NODISCARD enum hw_status hw_csv_unique_init(struct hw_csv_unique *set, size_t columns, struct hw_error *err);
void hw_csv_unique_release(struct hw_csv_unique *set);

/* The hash of a value of `column`. */
struct hw_hash128 hw_csv_unique_hash(const struct hw_csv_unique *set, size_t column, const void *value, size_t bytes);
bool hw_csv_unique_has(const struct hw_csv_unique *set, struct hw_hash128 hash);
/* Adds a hash that the set lacks. HW_ELIMIT where the budget or values_max has no room for it. */
HW_NODISCARD enum hw_status hw_csv_unique_add(struct hw_csv_unique *set, struct hw_hash128 hash, struct hw_error *err);

#endif
