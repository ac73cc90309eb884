/* SPDX-License-Identifier: Apache-2.0 */
#include "core/siphash.h"

/* The state, with the names of the paper. */
struct sip {
    uint64_t v0, v1, v2, v3;
};

static inline uint64_t rotated(uint64_t word, unsigned bits) {
    return word << bits | word >> (64 - bits);
}

static inline void sip_rounds(struct sip *sip, unsigned rounds) {
    for (; rounds > 0; rounds--) {
        sip->v0 += sip->v1;
        sip->v1 = rotated(sip->v1, 13) ^ sip->v0;
        sip->v0 = rotated(sip->v0, 32);
        sip->v2 += sip->v3;
        sip->v3 = rotated(sip->v3, 16) ^ sip->v2;
        sip->v0 += sip->v3;
        sip->v3 = rotated(sip->v3, 21) ^ sip->v0;
        sip->v2 += sip->v1;
        sip->v1 = rotated(sip->v1, 17) ^ sip->v2;
        sip->v2 = rotated(sip->v2, 32);
    }
}

static inline void sip_word(struct sip *sip, uint64_t word) {
    sip->v3 ^= word;
    sip_rounds(sip, 2);
    sip->v0 ^= word;
}

struct hw_hash128 hw_siphash128(const struct hw_siphash_key *key, const void *data, size_t bytes) {
    const uint8_t *at = data;
    const uint64_t length = (uint64_t)bytes << 56; /* its low byte: the top of the last word */
    struct sip sip = {
        .v0 = key->words[0] ^ UINT64_C(0x736f6d6570736575),
        .v1 = key->words[1] ^ UINT64_C(0x646f72616e646f6d) ^ 0xee,
        .v2 = key->words[0] ^ UINT64_C(0x6c7967656e657261),
        .v3 = key->words[1] ^ UINT64_C(0x7465646279746573),
    };
    for (; bytes >= 8; bytes -= 8, at += 8) {
        sip_word(&sip, hw_load_le64(at));
    }
    uint64_t last = 0;
    for (size_t i = 0; i < bytes; i++) {
        last |= (uint64_t)at[i] << (8 * i);
    }
    sip_word(&sip, last | length);

    struct hw_hash128 hash;
    sip.v2 ^= 0xee;
    sip_rounds(&sip, 4);
    hash.words[0] = sip.v0 ^ sip.v1 ^ sip.v2 ^ sip.v3;
    sip.v1 ^= 0xdd;
    sip_rounds(&sip, 4);
    hash.words[1] = sip.v0 ^ sip.v1 ^ sip.v2 ^ sip.v3;
    return hash;
}
