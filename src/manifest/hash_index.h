/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds numbers by 128-bit hashes. The index is built once; then any number of threads may look
 * things up. Beyond so many pairs of a hash and a number, all lie in a file without a name, and the
 * memory that the index takes grows no more.
 */
#ifndef HW_MANIFEST_HASH_INDEX_H
#define HW_MANIFEST_HASH_INDEX_H

#include "core/siphash.h"
#include "core/buf.h"

enum { HW_HASH_INDEX_HELD_MAX = 1 << 15 /* pairs that are in memory at once */ };

/* Start it zeroed. */
struct hw_hash_index {
    size_t held_max;     /* 0: HW_HASH_INDEX_HELD_MAX */
    struct hw_buf pairs; /* those that are not in the file: all of them where there is none */
    uint64_t count;      /* of all pairs */
    int fd;
    bool open;
    bool unwritable;  /* No file can be made: all stays in memory. */
    uint64_t *begins; /* Sealed with a file, one a bucket and one more: the pairs before it. */
};

/* Decides which of two numbers that have one hash is found. */
struct hw_hash_index_twins {
    enum hw_status (*choose)(void *ctx, uint64_t first, uint64_t second, uint64_t *out_found, struct hw_error *err);
    void *ctx;
};

/* Adds a pair. */
HW_NODISCARD enum hw_status hw_hash_index_put(struct hw_hash_index *index, struct hw_hash128 hash, uint64_t number,
                                              struct hw_error *err);
/*
 * Makes lookups possible; nothing is added any more. `twins` is asked about each two pairs with one
 * hash; NULL: there are none.
 */
HW_NODISCARD enum hw_status hw_hash_index_seal(struct hw_hash_index *index, const struct hw_hash_index_twins *twins,
                                               struct hw_error *err);
/* Finds the number of a hash; `*out_there` is false where the index has none. Any thread. */
HW_NODISCARD enum hw_status hw_hash_index_find(const struct hw_hash_index *index, struct hw_hash128 hash,
                                               bool *out_there, uint64_t *out_number, struct hw_error *err);
void hw_hash_index_release(struct hw_hash_index *index);

#endif
