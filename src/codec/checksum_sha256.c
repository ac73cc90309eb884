/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHA-256 and HMAC by OpenSSL. Its low-level calls are marked as deprecated in favour of EVP, whose
 * every step can fail; these cannot (they allocate nothing), run the same assembly, and cost less
 * on the short inputs of signatures. So a digest that was begun always ends as the right one.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "codec/checksum_sha256.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include "core/alloc.h"

static_assert(HW_SHA256_BYTES == SHA256_DIGEST_LENGTH, "one size");

enum { HMAC_BLOCK_BYTES = SHA256_CBLOCK };

bool hw_sha256_init(struct hw_sha256 *sha) {
    SHA256_CTX *state = hw_alloc(sizeof(*state));
    if (!state) {
        return false;
    }
    SHA256_Init(state);
    sha->state = state;
    return true;
}

void hw_sha256_update(struct hw_sha256 *sha, const void *data, size_t bytes) {
    SHA256_Update(sha->state, data, bytes);
}

void hw_sha256_finish(struct hw_sha256 *sha, uint8_t out[HW_SHA256_BYTES]) {
    SHA256_Final(out, sha->state);
}

void hw_sha256_release(struct hw_sha256 *sha) {
    hw_free(sha->state);
    sha->state = NULL;
}

void hw_sha256_of(const void *data, size_t bytes, uint8_t out[HW_SHA256_BYTES]) {
    SHA256_CTX state;
    SHA256_Init(&state);
    SHA256_Update(&state, data, bytes);
    SHA256_Final(out, &state);
}

/* RFC 2104: H(key ^ opad, H(key ^ ipad, data)). The key does not stay on the stack. */
void hw_hmac_sha256(const void *key, size_t key_bytes, const void *data, size_t bytes, uint8_t out[HW_SHA256_BYTES]) {
    uint8_t block[HMAC_BLOCK_BYTES] = {0};
    uint8_t inner[HW_SHA256_BYTES];
    SHA256_CTX state;

    if (key_bytes > sizeof(block)) {
        hw_sha256_of(key, key_bytes, block);
    } else if (key_bytes > 0) {
        memcpy(block, key, key_bytes);
    }
    for (size_t i = 0; i < sizeof(block); i++) {
        block[i] ^= 0x36;
    }
    SHA256_Init(&state);
    SHA256_Update(&state, block, sizeof(block));
    SHA256_Update(&state, data, bytes);
    SHA256_Final(inner, &state);
    for (size_t i = 0; i < sizeof(block); i++) {
        block[i] ^= 0x36 ^ 0x5c;
    }
    SHA256_Init(&state);
    SHA256_Update(&state, block, sizeof(block));
    SHA256_Update(&state, inner, sizeof(inner));
    SHA256_Final(out, &state);
    OPENSSL_cleanse(block, sizeof(block));
    OPENSSL_cleanse(inner, sizeof(inner));
    OPENSSL_cleanse(&state, sizeof(state));
}
