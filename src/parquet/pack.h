/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bit packing, least significant bit first: the core of the RLE hybrid and of the delta encodings.
 */
#ifndef HW_PARQUET_PACK_H
#define HW_PARQUET_PACK_H

#include "core/base.h"

enum { HW_PACK_GROUP = 32 };

/* Bits that `value` needs; 0 for 0. */
static inline unsigned hw_bit_width(uint64_t value) {
    return value == 0 ? 0 : 64 - (unsigned)__builtin_clzll(value);
}

/*
 * Packs `groups` times 32 values, each below 2^width (width 0..32), into 4 * width bytes a group.
 * Returns the end of `out`.
 */
uint8_t *hw_pack32(const uint32_t *values, size_t groups, unsigned width, uint8_t *out);
/* The same for one group of 32 values of width 0..64. */
uint8_t *hw_pack64(const uint64_t *values, unsigned width, uint8_t *out);
/*
 * Packs `count` bytes, each 0 or 1, into a bitmap of (count + 7) / 8 bytes, the last one filled up
 * with 0.
 */
void hw_pack_bools(const uint8_t *bools, size_t count, uint8_t *out);

#endif
