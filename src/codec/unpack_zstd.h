/* SPDX-License-Identifier: Apache-2.0 */
/* The unpacker of Zstandard (RFC 8878): any number of frames and skippable frames. */
#ifndef HW_CODEC_UNPACK_ZSTD_H
#define HW_CODEC_UNPACK_ZSTD_H

#include "codec/unpacker.h"

extern const struct hw_unpacker_ops hw_unzstd_ops;

/* The header of a frame has at most this many bytes (RFC 8878 3.1.1). */
enum { HW_PACKING_HEAD_BYTES = 18 };
/*
 * Returns the bytes of the window that the frame which begins with `data` asks for; 0 where these
 * bytes do not tell.
 */
uint64_t hw_unpack_window_bytes(const void *data, size_t bytes);

#endif
