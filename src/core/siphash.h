/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SipHash-2-4 with 128 bits (Aumasson and Bernstein): a keyed hash whose collisions nobody can
 * foresee without the key.
 */
#ifndef HW_CORE_SIPHASH_H
#define HW_CORE_SIPHASH_H

#include "core/base.h"

struct hw_siphash_key {
    uint64_t words[2]; /* the key's 16 bytes, little-endian */
};

struct hw_hash128 {
    uint64_t words[2]; /* the hash's 16 bytes, little-endian */
};

/* Returns the hash of `bytes` bytes. */
struct hw_hash128 hw_siphash128(const struct hw_siphash_key *key, const void *data, size_t bytes);

#endif
