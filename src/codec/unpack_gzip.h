/* SPDX-License-Identifier: Apache-2.0 */
/* The unpacker of gzip (RFC 1952): any number of members. */
#ifndef HW_CODEC_UNPACK_GZIP_H
#define HW_CODEC_UNPACK_GZIP_H

#include "codec/unpacker.h"

extern const struct hw_unpacker_ops hw_gunzip_ops;

#endif
