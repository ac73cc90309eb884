/* SPDX-License-Identifier: Apache-2.0 */
/* Decompresses Zstandard (RFC 8878), of one frame or more. */
#ifndef HW_CODEC_DECOMPRESS_ZSTD_H
#define HW_CODEC_DECOMPRESS_ZSTD_H

#include "codec/decompress.h"

extern const struct hw_decompress_ops hw_decompress_zstd_ops;

#endif
