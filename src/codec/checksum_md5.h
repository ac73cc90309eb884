/* SPDX-License-Identifier: Apache-2.0 */
/* MD5 (RFC 1321), which is no protection against anybody, for the header Content-MD5 of S3. */
#ifndef HW_CODEC_CHECKSUM_MD5_H
#define HW_CODEC_CHECKSUM_MD5_H

#include "core/base.h"

enum { HW_MD5_BYTES = 16 };

/*
 * Computes the sum of bytes that are all there. Returns false where the machine's settings forbid
 * MD5, as those for FIPS do, or memory has run out.
 */
HW_NODISCARD bool hw_md5_of(const void *data, size_t bytes, uint8_t out[HW_MD5_BYTES]);

#endif
