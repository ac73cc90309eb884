/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers for strings of bytes: equal ones have one number, from 0 in the order in which they come.
 * Such keys come from outside, so they are found by a hash that nobody can foresee. One thread at
 * a time.
 */
#ifndef HW_CORE_INTERN_H
#define HW_CORE_INTERN_H

#include "core/buf.h"
#include "core/siphash.h"

struct hw_intern_entry;

/* Start it zeroed. */
struct hw_intern {
    struct hw_siphash_key hash_key;
    struct hw_buf keys; /* one after the other, each ended with NUL */
    struct hw_intern_entry *entries;
    size_t count;
    size_t capacity;
    /* Numbers of keys + 1, 0 where free. A power of two of slots, at most half of them used. */
    uint32_t *slots;
    size_t slots_count;
};

void hw_intern_release(struct hw_intern *intern);

/*
 * Gives the number of `key`. One that has none yet is copied and gets the next, unless there are
 * `keys_max` keys already: then `*out_number` is `keys_max`. On failure the keys are as they were.
 */
HW_NODISCARD enum hw_status hw_intern_number(struct hw_intern *intern, hw_view key, uint32_t keys_max,
                                             uint32_t *out_number, struct hw_error *err);

/* Returns the key with a number, which is ended with NUL. It stays until another key comes. */
hw_view hw_intern_key(const struct hw_intern *intern, uint32_t number);

/* Forgets all keys, but keeps their memory. */
void hw_intern_clear(struct hw_intern *intern);

/* Returns the bytes of memory that the keys take, without the NULs. */
size_t hw_intern_held(const struct hw_intern *intern);

#endif
