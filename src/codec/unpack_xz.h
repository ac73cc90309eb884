/* SPDX-License-Identifier: Apache-2.0 */
/* The unpacker of xz (The .xz File Format, 1.1.0): any number of streams, padding between them. */
#ifndef HW_CODEC_UNPACK_XZ_H
#define HW_CODEC_UNPACK_XZ_H

#include "codec/unpacker.h"

extern const struct hw_unpacker_ops hw_unxz_ops;

#endif
