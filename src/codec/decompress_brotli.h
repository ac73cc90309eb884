/* SPDX-License-Identifier: Apache-2.0 */
/* Decompresses Brotli (RFC 7932), one stream a block. */
#ifndef HW_CODEC_DECOMPRESS_BROTLI_H
#define HW_CODEC_DECOMPRESS_BROTLI_H

#include "codec/decompress.h"

extern const struct hw_decompress_ops hw_decompress_brotli_ops;

#endif
