/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packs bits, the least significant one first, as the RLE hybrid and the delta encodings do
 * (Encodings.md). Pure functions.
 */
#ifndef HW_PARQUET_PACK_H
#define HW_PARQUET_PACK_H

#include "core/base.h"

enum { HW_PACK_GROUP = 32 };

/* Returns the number of bits that `value` needs, which is 0 for 0. */
static inline unsigned hw_bit_width(uint64_t value) {
    return value == 0 ? 0 : 64 - (unsigned)__builtin_clzll(value);
}

/*
 * Packs `groups` groups of 32 values, each below 2^width (width 0 to 32). A group takes 4 * width
 * bytes. Returns the end of what was written to `out`.
 */
uint8_t *hw_pack32(const uint32_t *values, size_t groups, unsigned width, uint8_t *out);
/* Does the same for one group of 32 values with a width from 0 to 64. */
uint8_t *hw_pack64(const uint64_t *values, unsigned width, uint8_t *out);
/*
 * Packs `count` bytes, each 0 or 1, into a bitmap of (count + 7) / 8 bytes. The bits that are left
 * in the last byte are 0.
 */
void hw_pack_bools(const uint8_t *bools, size_t count, uint8_t *out);

#endif
