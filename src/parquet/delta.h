/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DELTA_BINARY_PACKED (Encodings.md, 5), with blocks of 128 values in 4 miniblocks of 32.
 * Differences wrap around.
 */
#ifndef HW_PARQUET_DELTA_H
#define HW_PARQUET_DELTA_H

#include "core/buf.h"

/* Appends the encoding of `count` little-endian integers of `width` (4 or 8) bytes each. */
HW_NODISCARD enum hw_status hw_delta_encode(const void *values, size_t count, size_t width, struct hw_buf *out,
                                            struct hw_error *err);

#endif
