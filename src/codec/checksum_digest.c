/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Digests by OpenSSL. Its low-level calls are marked as deprecated in favour of EVP, whose every
 * step can fail and allocates; these do neither, and run the same assembly.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "codec/checksum_digest.h"

#include <openssl/md5.h>
#include <openssl/sha.h>

#define DIGEST(name, prefix, type)                                                               \
    static_assert(sizeof(type) <= sizeof(union hw_digest_state), "there is room for the state"); \
    static void name##_init(union hw_digest_state *state) {                                      \
        prefix##_Init((type *)(void *)state);                                                    \
    }                                                                                            \
    static void name##_add(union hw_digest_state *state, const void *data, size_t bytes) {       \
        prefix##_Update((type *)(void *)state, data, bytes);                                     \
    }                                                                                            \
    static void name##_final(union hw_digest_state *state, uint8_t *out) {                       \
        prefix##_Final(out, (type *)(void *)state);                                              \
    }                                                                                            \
    const struct hw_digest hw_digest_##name = {name##_init, name##_add, name##_final}

DIGEST(md5, MD5, MD5_CTX);
DIGEST(sha1, SHA1, SHA_CTX);
DIGEST(sha256, SHA256, SHA256_CTX);
