/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The RLE / bit-packing hybrid (Encodings.md, RLE = 3) of levels, dictionary indices and booleans,
 * without the length that some of them have before it.
 */
#ifndef HW_PARQUET_RLE_H
#define HW_PARQUET_RLE_H

#include "core/buf.h"

/* Appends `count` values, each below 2^width (width 0 to 32). */
HW_NODISCARD enum hw_status hw_rle_encode(const uint32_t *values, size_t count, unsigned width, struct hw_buf *out,
                                          struct hw_error *err);
/*
 * Does the same with width 1 for the bits of a bitmap. Those from `count` up to the end of its last
 * byte must be 0.
 */
HW_NODISCARD enum hw_status hw_rle_encode_bits(const uint8_t *bitmap, size_t count, struct hw_buf *out,
                                               struct hw_error *err);
/* Returns the most bytes that hw_rle_encode_bits appends, for which it makes room. */
size_t hw_rle_bits_bound(size_t count);
/* Appends one run of `count` equal values. `count` is not 0. */
HW_NODISCARD enum hw_status hw_rle_run(uint32_t value, size_t count, unsigned width, struct hw_buf *out,
                                       struct hw_error *err);

#endif
