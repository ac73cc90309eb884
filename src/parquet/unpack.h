/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Unpacks bits, the least significant one first, as the RLE hybrid and the delta encodings have
 * them (Encodings.md); parquet/pack.h packs them. Pure functions.
 */
#ifndef HW_PARQUET_UNPACK_H
#define HW_PARQUET_UNPACK_H

#include "core/base.h"

/* Bytes behind the last packed one that may be read. */
enum { HW_UNPACK_PADDING = 64 };

/*
 * One way to unpack. Each function takes `count` values of `width` bits, of which the first one
 * begins at bit `bit` (0 to 7; values of 64 bits at bit 0) of the first byte, and writes exactly
 * `count` elements.
 */
struct hw_unpacker {
    const char *name;
    /* Widths from 0 to 8. */
    void (*to8)(const uint8_t *bytes, unsigned bit, size_t count, unsigned width, uint8_t *out);
    /* Widths from 0 to 64, of which an element takes the lowest 32 bits. */
    void (*to32)(const uint8_t *bytes, unsigned bit, size_t count, unsigned width, uint32_t *out);
    /* Widths from 0 to 64. */
    void (*to64)(const uint8_t *bytes, unsigned bit, size_t count, unsigned width, uint64_t *out);
    /* Returns the largest of unpacked values, 0 where there are none. */
    uint32_t (*largest)(const uint32_t *values, size_t count);
};

/* Returns the fastest way of this processor. */
const struct hw_unpacker *hw_unpacker(void);
/* Returns the ways of this processor one after the other, the fastest one first, then NULL. */
const struct hw_unpacker *hw_unpacker_at(size_t index);

#endif
