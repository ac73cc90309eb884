/* SPDX-License-Identifier: Apache-2.0 */
/* Decompresses LZ4: a bare block, or whatever frame a writer has put around it. */
#ifndef HW_CODEC_DECOMPRESS_LZ4_H
#define HW_CODEC_DECOMPRESS_LZ4_H

#include "codec/decompress.h"

extern const struct hw_decompress_ops hw_decompress_lz4_ops;
extern const struct hw_decompress_ops hw_decompress_lz4_framed_ops;

#endif
