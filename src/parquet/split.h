/* SPDX-License-Identifier: Apache-2.0 */
/*
 * BYTE_STREAM_SPLIT (Encodings.md, 9): the first bytes of all values, then their second bytes, and
 * so on.
 */
#ifndef HW_PARQUET_SPLIT_H
#define HW_PARQUET_SPLIT_H

#include "core/base.h"

/* Writes count * width bytes to `out`, which must not overlap `values`. */
void hw_split_encode(const void *values, size_t count, size_t width, uint8_t *out);

#endif
