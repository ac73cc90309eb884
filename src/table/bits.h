/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads and appends bits of bitmaps as batches have them, least significant bit first, from any bit
 * on. Nothing is read beyond the byte with the last bit that is asked for.
 */
#ifndef HW_TABLE_BITS_H
#define HW_TABLE_BITS_H

#include "core/buf.h"

/*
 * Returns `count` bits, 1 to 64, from bit `from` on, in the lowest bits of a word that is else 0.
 */
uint64_t hw_bits_load(const uint8_t *bits, size_t from, unsigned count);
/* Returns the number of ones among the `count` bits from bit `from` on. */
size_t hw_bits_count(const uint8_t *bits, size_t from, size_t count);
/* Returns how many of `count` bits (at least one) are as the first one is, before one is not. */
size_t hw_bits_run(const uint8_t *bits, size_t from, size_t count);
/*
 * Writes `count` bits of `bits` from bit `from` on to `out`, which has room for whole words of 64
 * bits. Bits of the last word beyond them become 0.
 */
void hw_bits_copy(uint8_t *out, const uint8_t *bits, size_t from, size_t count);
/*
 * Writes `count` bits of `bits` from bit `from` on to bit `at` of `out` and behind it, which were 0
 * and stay what they were elsewhere. `out` is a whole number of words of 64 bits.
 */
void hw_bits_put(uint8_t *out, size_t at, const uint8_t *bits, size_t from, size_t count);
/*
 * Appends `count` bits of `bits` from bit `from` on to a bitmap that holds `held` bits; where
 * `bits` is NULL, appends ones. Unused bits of the last byte stay 0. On failure the bitmap is as it
 * was.
 */
HW_NODISCARD enum hw_status hw_bits_append(struct hw_buf *bitmap, size_t held, const uint8_t *bits, size_t from,
                                           size_t count, struct hw_error *err);

#endif
