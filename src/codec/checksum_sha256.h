/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104). */
#ifndef HW_CODEC_CHECKSUM_SHA256_H
#define HW_CODEC_CHECKSUM_SHA256_H

#include "core/base.h"

enum {
    HW_SHA256_BYTES = 32,
    HW_SHA256_HEX_BYTES = 65, /* with the NUL */
};

/* A sum over bytes that come one after the other. */
struct hw_sha256 {
    void *state; /* owned */
};

/* Starts a sum, which is to be released. False when out of memory; then there is none. */
HW_NODISCARD bool hw_sha256_init(struct hw_sha256 *sha);
void hw_sha256_update(struct hw_sha256 *sha, const void *data, size_t bytes);
/* Ends the sum; afterwards `sha` can only be released. */
void hw_sha256_finish(struct hw_sha256 *sha, uint8_t out[HW_SHA256_BYTES]);
void hw_sha256_release(struct hw_sha256 *sha);

/* Computes the sum of bytes that are all there. Allocates nothing. */
void hw_sha256_of(const void *data, size_t bytes, uint8_t out[HW_SHA256_BYTES]);
/* Computes the HMAC of `data`. Leaves nothing of the key on the stack. */
void hw_hmac_sha256(const void *key, size_t key_bytes, const void *data, size_t bytes, uint8_t out[HW_SHA256_BYTES]);

#endif
