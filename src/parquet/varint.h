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

#endif
