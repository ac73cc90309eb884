/* SPDX-License-Identifier: Apache-2.0 */
/* The unpacker of Zstandard (RFC 8878): any number of frames and skippable frames. */
#ifndef HW_CODEC_UNPACK_ZSTD_H
#define HW_CODEC_UNPACK_ZSTD_H

#include "codec/unpacker.h"

extern const struct hw_unpacker_ops hw_unzstd_ops;

#endif
