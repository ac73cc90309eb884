/* SPDX-License-Identifier: Apache-2.0 */
/* The key of a customer by which a service encrypts an object (SSE-C), as its three headers. */
#ifndef HW_S3_SSE_KEY_H
#define HW_S3_SSE_KEY_H

#include "codec/checksum.h"
#include "core/bytes_text.h"
#include "s3/headers.h"

enum { HW_S3_SSE_KEY_BYTES = 32 };

/* A key and its MD5 in base64. Start it zeroed; it is a secret. */
struct hw_s3_sse_key {
    char base64[HW_BASE64_BYTES(HW_S3_SSE_KEY_BYTES)];
    char md5[HW_BASE64_BYTES(16)];
};

void hw_s3_sse_key_make(const uint8_t bytes[HW_S3_SSE_KEY_BYTES], struct hw_s3_sse_key *out_key);
/* Overwrites the key. */
void hw_s3_sse_key_wipe(struct hw_s3_sse_key *key);
/*
 * Adds the headers; with `copy_source` those that are for the source of a copy. The texts of the
 * key are borrowed for as long as the headers live, so that nothing of it is left when it is wiped.
 */
HW_NODISCARD enum hw_status hw_s3_sse_key_add(const struct hw_s3_sse_key *key, bool copy_source,
                                              struct hw_s3_headers *headers, struct hw_error *err);

#endif
