/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decompresses gzip (RFC 1952, of one member or more; or zlib, RFC 1950) and raw deflate (RFC
 * 1951).
 */
#ifndef HW_CODEC_DECOMPRESS_DEFLATE_H
#define HW_CODEC_DECOMPRESS_DEFLATE_H

#include "codec/decompress.h"

extern const struct hw_decompress_ops hw_decompress_gzip_ops;
extern const struct hw_decompress_ops hw_decompress_deflate_ops;

#endif
