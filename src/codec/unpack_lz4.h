/* SPDX-License-Identifier: Apache-2.0 */
/* The unpacker of lz4 (LZ4 Frame Format 1.6): any number of frames and skippable frames. */
#ifndef HW_CODEC_UNPACK_LZ4_H
#define HW_CODEC_UNPACK_LZ4_H

#include "codec/unpacker.h"

extern const struct hw_unpacker_ops hw_unlz4_ops;

#endif
