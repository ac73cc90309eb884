/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The set of values that the unique columns of one table have had. It holds 128-bit hashes, made
 * with a random key for each column of each table. Among the HW_CSV_UNIQUE_VALUES_MAX values that a
 * set may hold, the chance that two different ones have the same hash is below 2^-64.
 *
 * For one thread at a time. The set takes its memory from the budget; where that has none left,
 * adding fails, and no value is ever forgotten.
 */
#ifndef HW_CSV_UNIQUE_H
#define HW_CSV_UNIQUE_H

#include "core/siphash.h"
#include "core/budget.h"
#include "core/error.h"

/* Start it zeroed but for `budget` and `values_max`, which the caller sets. */
struct hw_csv_unique {
    struct hw_budget *budget;    /* borrowed */
    uint64_t values_max;         /* adding one more fails with HW_ELIMIT */
    struct hw_siphash_key *keys; /* one for each column of the table */
    struct hw_hash128 *slots;    /* by open addressing; a slot that is all zero is free */
    size_t slots_count;          /* 0, or a power of two */
    size_t used;                 /* number of slots that are not free */
};

/* Draws random keys for `columns` columns. */
HW_NODISCARD enum hw_status hw_csv_unique_init(struct hw_csv_unique *set, size_t columns, struct hw_error *err);
void hw_csv_unique_release(struct hw_csv_unique *set);

/* Returns the hash of a value of `column`, which is never all zero. */
struct hw_hash128 hw_csv_unique_hash(const struct hw_csv_unique *set, size_t column, const void *value, size_t bytes);
/* Returns whether the set has a hash. */
bool hw_csv_unique_has(const struct hw_csv_unique *set, struct hw_hash128 hash);
/*
 * Adds a hash that the set does not have. Fails with HW_ELIMIT where the budget or `values_max` has
 * no room for it; then the set is as it was.
 */
HW_NODISCARD enum hw_status hw_csv_unique_add(struct hw_csv_unique *set, struct hw_hash128 hash, struct hw_error *err);

#endif
