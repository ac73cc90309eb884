/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes Avro's int and long: zigzag, then seven bits in each byte, the lowest first ("Binary
 * Encoding" of the specification).
 */
#ifndef HW_AVRO_VARINT_H
#define HW_AVRO_VARINT_H

#include "core/base.h"

enum { HW_AVRO_INT_BYTES_MAX = 5, HW_AVRO_LONG_BYTES_MAX = 10 };

static inline uint64_t hw_avro_zigzag(int64_t value) {
    return (uint64_t)value << 1 ^ (uint64_t)(value >> 63);
}

/*
 * Writes 1 to 10 bytes to `to`, where there must be room for 10, and returns their number. It has
 * no loop, because processors predict the lengths of data badly.
 */
static inline size_t hw_avro_long_put(uint8_t *to, int64_t value) {
    uint64_t zigzag = hw_avro_zigzag(value);
    size_t bits = 64 - (size_t)__builtin_clzll(zigzag | 1);
    /* This is bits / 7, rounded up: exact from 1 to 64, and without a division. */
    size_t bytes = (9 * bits + 64) / 64;

    /* Spreads the low 56 bits over 8 bytes: halves of 28, of 14, of 7 bits move apart. */
    uint64_t spread = (zigzag & 0x000000000fffffff) | (zigzag & 0x00fffffff0000000) << 4;
    spread = (spread & 0x00003fff00003fff) | (spread & 0x0fffc0000fffc000) << 2;
    spread = (spread & 0x007f007f007f007f) | (spread & 0x3f803f803f803f80) << 1;
    if (HW_LIKELY(bytes <= 8)) {
        /* The highest bit of every byte but the last. */
        uint64_t more = UINT64_C(0x0080808080808080) >> 8 * (8 - bytes);
        hw_store_le64(to, spread | more);
        return bytes;
    }
    hw_store_le64(to, spread | 0x8080808080808080);
    to[8] = (uint8_t)(zigzag >> 56 | (bytes == 10 ? 0x80 : 0));
    to[9] = (uint8_t)(zigzag >> 63);
    return bytes;
}

/* The zigzags below this have at most two bytes. */
enum { HW_AVRO_SHORT_END = 1 << 14 };

/* Does what hw_avro_long_put does for a zigzag below HW_AVRO_SHORT_END, in fewer steps. */
static inline size_t hw_avro_short_put(uint8_t *to, uint64_t zigzag) {
    size_t two = zigzag > 0x7f;
    to[0] = (uint8_t)(zigzag | two << 7);
    to[1] = (uint8_t)(zigzag >> 7);
    return 1 + two;
}

#endif
