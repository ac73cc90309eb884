/* SPDX-License-Identifier: Apache-2.0 */
/* The unpacker of bzip2: any number of members. */
#ifndef HW_CODEC_UNPACK_BZIP2_H
#define HW_CODEC_UNPACK_BZIP2_H

#include "codec/unpacker.h"

extern const struct hw_unpacker_ops hw_bunzip_ops;

#endif
