/* SPDX-License-Identifier: Apache-2.0 */
/* A set of 64-bit hashes. Start it zeroed. One thread at a time. */
#ifndef HW_CORE_HASH_SET_H
#define HW_CORE_HASH_SET_H

#include "core/base.h"

struct hw_hash_set {
    uint64_t *slots; /* open addressing; 0 is free */
    size_t slots_count;
    size_t count;
};

/*
 * Adds a hash. False where it is in the set already. A hash for which there is no memory is not
 * kept, and counts as new the next time too.
 */
bool hw_hash_set_add(struct hw_hash_set *set, uint64_t hash);
/* Returns whether a hash is in the set. */
bool hw_hash_set_has(const struct hw_hash_set *set, uint64_t hash);
void hw_hash_set_release(struct hw_hash_set *set);

#endif
