/* SPDX-License-Identifier: Apache-2.0 */
/* Reads Avro's int and long ("Binary Encoding" of the specification); the twin of avro/varint.h. */
#ifndef HW_AVRO_VARINT_READ_H
#define HW_AVRO_VARINT_READ_H

#include "core/base.h"

/* Bytes that must be readable from where a number begins. */
enum { HW_AVRO_VARINT_ROOM = 16 };

static inline int64_t hw_avro_unzigzag(uint64_t zigzag) {
    return (int64_t)(zigzag >> 1) ^ -(int64_t)(zigzag & 1);
}

/* Moves the low 7 bits of each of 8 bytes together: pairs, halves, then all. */
static inline uint64_t hw_avro_groups_join(uint64_t word) {
    word &= 0x7f7f7f7f7f7f7f7f;
    word = (word & 0x007f007f007f007f) | (word & 0x7f007f007f007f00) >> 1;
    word = (word & 0x00003fff00003fff) | (word & 0x3fff00003fff0000) >> 2;
    return (word & 0x000000000fffffff) | (word & 0x0fffffff00000000) >> 4;
}

/*
 * Reads the zigzag of a number and returns what follows it; NULL where it has more than 64 bits.
 * HW_AVRO_VARINT_ROOM bytes are readable; whether the number ends before its block does is for the
 * caller to look at. It has no loop, because processors predict the lengths of data badly.
 */
static inline const uint8_t *hw_avro_zigzag_read(const uint8_t *at, uint64_t *out_zigzag) {
    const uint64_t word = hw_load_le64(at);
    const uint64_t ends = ~word & 0x8080808080808080;
    if (HW_LIKELY(ends != 0)) {
        /* All bits up to the one that ends the number. */
        *out_zigzag = hw_avro_groups_join(word & (ends ^ (ends - 1)));
        return at + __builtin_ctzll(ends) / 8 + 1;
    }
    const uint64_t low = hw_avro_groups_join(word) | (uint64_t)(at[8] & 0x7f) << 56;
    if (at[8] < 0x80) {
        *out_zigzag = low;
        return at + 9;
    }
    *out_zigzag = low | (uint64_t)at[9] << 63;
    return at[9] <= 1 ? at + 10 : NULL;
}

static inline const uint8_t *hw_avro_long_read(const uint8_t *at, int64_t *out_value) {
    uint64_t zigzag = 0;
    at = hw_avro_zigzag_read(at, &zigzag);
    *out_value = hw_avro_unzigzag(zigzag);
    return at;
}

/* Does the same for what mostly has one byte, as lengths and branches have. */
static inline const uint8_t *hw_avro_short_read(const uint8_t *at, int64_t *out_value) {
    if (HW_LIKELY(at[0] < 0x80)) {
        *out_value = hw_avro_unzigzag(at[0]);
        return at + 1;
    }
    return hw_avro_long_read(at, out_value);
}

#endif
