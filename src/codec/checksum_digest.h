/* SPDX-License-Identifier: Apache-2.0 */
/* MD5, SHA-1 and SHA-256 as rows of one shape, for the table of checksums. None of it can fail. */
#ifndef HW_CODEC_CHECKSUM_DIGEST_H
#define HW_CODEC_CHECKSUM_DIGEST_H

#include "core/base.h"

/* The room for the state of a digest, whichever it is. */
union hw_digest_state {
    uint64_t words[16];
    uint8_t bytes[16 * sizeof(uint64_t)];
};

struct hw_digest {
    void (*init)(union hw_digest_state *state);
    void (*add)(union hw_digest_state *state, const void *data, size_t bytes);
    /* Ends the digest and writes all of its bytes. The state can only be begun anew. */
    void (*final)(union hw_digest_state *state, uint8_t *out);
};

extern const struct hw_digest hw_digest_md5;
extern const struct hw_digest hw_digest_sha1;
extern const struct hw_digest hw_digest_sha256;

#endif
