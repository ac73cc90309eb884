/* SPDX-License-Identifier: Apache-2.0 */
/* ULEB128 varints and zigzag, which Thrift and the delta and RLE encodings use. Pure functions. */
#ifndef HW_PARQUET_VARINT_H
#define HW_PARQUET_VARINT_H

#include "core/base.h"

enum { HW_VARINT_BYTES_MAX = 10 };

/* Writes at most HW_VARINT_BYTES_MAX bytes and returns their end. */
static inline uint8_t *hw_varint_put(uint8_t *at, uint64_t value) {
    while (value >= 0x80) {
        *at++ = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    *at++ = (uint8_t)value;
    return at;
}

/* Returns 0, 1, 2, 3 ... for 0, -1, 1, -2 ..., so that small numbers get short varints. */
static inline uint64_t hw_zigzag(int64_t value) {
    return (uint64_t)value << 1 ^ (uint64_t)(value >> 63);
}

/* Returns the number of which hw_zigzag makes `value`. */
static inline int64_t hw_unzigzag(uint64_t value) {
    return (int64_t)(value >> 1 ^ (0 - (value & 1)));
}

/*
 * Reads a varint before `end` and returns what follows it. NULL where it goes on up to `end`, or
 * has more than HW_VARINT_BYTES_MAX bytes or 64 bits.
 */
static inline const uint8_t *hw_varint_get(const uint8_t *at, const uint8_t *end, uint64_t *out_value) {
    uint64_t value = 0;
    for (unsigned shift = 0; at < end && shift < 64; shift += 7) {
        uint64_t bits = *at & 0x7f;
        if (shift == 63 && bits > 1) {
            return NULL;
        }
        value |= bits << shift;
        if (*at++ < 0x80) {
            *out_value = value;
            return at;
        }
    }
    return NULL;
}

#endif
