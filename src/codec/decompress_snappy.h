/* SPDX-License-Identifier: Apache-2.0 */
/* Decompresses Snappy, one raw block. */
#ifndef HW_CODEC_DECOMPRESS_SNAPPY_H
#define HW_CODEC_DECOMPRESS_SNAPPY_H

#include "codec/decompress.h"

extern const struct hw_decompress_ops hw_decompress_snappy_ops;

#endif
