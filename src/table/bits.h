/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bitmaps as batches have them, least significant bit first, from any bit on. Never reads beyond
 * the byte of the last bit asked for.
 */
#ifndef HW_TABLE_BITS_H
#define HW_TABLE_BITS_H

#include "core/buf.h"

/* `count` (1..64) bits from bit `from`, the others 0. */
uint64_t hw_bits_load(const uint8_t *bits, size_t from, unsigned count);
/* Returns how many of `count` bits are 1. */
size_t hw_bits_count(const uint8_t *bits, size_t from, size_t count);
/* Returns how many of `count` bits (at least one) are as the first one is, before one is not. */
size_t hw_bits_run(const uint8_t *bits, size_t from, size_t count);
/*
 * Appends `count` bits of `bits` from `from` (NULL: ones) to a bitmap that holds `held` bits.
 * Unused bits of its last byte stay 0.
 */
HW_NODISCARD enum hw_status hw_bits_append(struct hw_buf *bitmap, size_t held, const uint8_t *bits, size_t from,
                                           size_t count, struct hw_error *err);

#endif
