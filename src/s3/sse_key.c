/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/sse_key.h"

#include "core/bytes_text.h"

/* The names of the headers: algorithm, key, MD5 of the key. */
static const char *const names[2][3] = {
    {"x-amz-server-side-encryption-customer-algorithm", "x-amz-server-side-encryption-customer-key",
     "x-amz-server-side-encryption-customer-key-MD5"},
    {"x-amz-copy-source-server-side-encryption-customer-algorithm",
     "x-amz-copy-source-server-side-encryption-customer-key",
     "x-amz-copy-source-server-side-encryption-customer-key-MD5"},
};

void hw_s3_sse_key_make(const uint8_t bytes[HW_S3_SSE_KEY_BYTES], struct hw_s3_sse_key *out_key) {
    const struct hw_checksum md5 = hw_checksum_of(HW_CHECKSUM_MD5, bytes, HW_S3_SSE_KEY_BYTES);
    char text[HW_CHECKSUM_TEXT_BYTES];
    hw_base64(bytes, HW_S3_SSE_KEY_BYTES, out_key->base64);
    memcpy(out_key->md5, hw_checksum_text(&md5, text), sizeof(out_key->md5));
}

void hw_s3_sse_key_wipe(struct hw_s3_sse_key *key) {
    explicit_bzero(key, sizeof(*key));
}

enum hw_status hw_s3_sse_key_add(const struct hw_s3_sse_key *key, bool copy_source, struct hw_s3_headers *headers,
                                 struct hw_error *err) {
    const char *const *name = names[copy_source];
    HW_TRY(hw_s3_headers_add(headers, err, name[0], "AES256"));
    HW_TRY(hw_s3_headers_borrow(headers, name[1], key->base64, err));
    return hw_s3_headers_borrow(headers, name[2], key->md5, err);
}
