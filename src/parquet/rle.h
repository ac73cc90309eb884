/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The RLE / bit-packed hybrid (Encodings.md, RLE = 3), without length prefix: levels, dictionary
 * indices, booleans.
 */
#ifndef HW_PARQUET_RLE_H
#define HW_PARQUET_RLE_H

#include "core/buf.h"

/* Appends `count` values, each below 2^width (width 0..32). */
HW_NODISCARD enum hw_status hw_rle_encode(const uint32_t *values, size_t count, unsigned width, struct hw_buf *out,
                                          struct hw_error *err);
/*
 * The same for width 1 from a bitmap whose bits from `count` up to the end of its last byte are 0.
 */
HW_NODISCARD enum hw_status hw_rle_encode_bits(const uint8_t *bitmap, size_t count, struct hw_buf *out,
                                               struct hw_error *err);
/* Bytes that hw_rle_encode_bits appends at most, and makes room for. */
size_t hw_rle_bits_bound(size_t count);
/* One run of `count` (at least 1) equal values. */
HW_NODISCARD enum hw_status hw_rle_run(uint32_t value, size_t count, unsigned width, struct hw_buf *out,
                                       struct hw_error *err);

#endif
