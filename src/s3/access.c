/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/access.h"

static enum hw_status owner_take(const char *owner, struct hw_s3_access_headers *access, struct hw_error *err) {
    enum { DIGITS = sizeof(access->owner) - 1 };
    if (!owner) {
        return HW_OK;
    }
    if (strlen(owner) != DIGITS || strspn(owner, "0123456789") != DIGITS) {
        char quoted[HW_QUOTE_BYTES];
        return hw_fail(err, HW_EUSAGE, "%s is no account of AWS, which has %d digits",
                       hw_quote(owner, strlen(owner), quoted, sizeof(quoted)), (int)DIGITS);
    }
    memcpy(access->owner, owner, DIGITS + 1);
    return HW_OK;
}

/* The key is 32 bytes, or their base64 with blanks around it. */
static bool key_make(const void *key, size_t bytes, struct hw_s3_sse_key *out_key) {
    struct hw_checksum decoded = {0};
    uint8_t raw[HW_CHECKSUM_DIGEST_BYTES];
    static_assert(sizeof(raw) == HW_S3_SSE_KEY_BYTES, "a key is as long as a SHA-256");
    bool good = bytes == sizeof(raw);
    if (good) {
        memcpy(raw, key, sizeof(raw));
    } else {
        good =
            hw_checksum_parse(HW_CHECKSUM_SHA256, hw_view_trim((hw_view){key, bytes}), &decoded) && decoded.parts == 0;
        memcpy(raw, decoded.digest, sizeof(raw));
    }
    if (good) {
        hw_s3_sse_key_make(raw, out_key);
    }
    explicit_bzero(raw, sizeof(raw));
    explicit_bzero(&decoded, sizeof(decoded));
    return good;
}

enum hw_status hw_s3_access_take(const struct hw_s3_access *options, bool tls, struct hw_s3_access_headers *out_access,
                                 struct hw_error *err) {
    struct hw_s3_access_headers access = {0};
    if (!options) {
        *out_access = access;
        return HW_OK;
    }
    access.request_payer = options->request_payer;
    access.has_key = options->sse_c_key != NULL;
    HW_TRY(owner_take(options->expected_bucket_owner, &access, err));
    if (access.has_key && !tls) {
        return hw_fail(err, HW_EUSAGE, "a key of SSE-C is not sent over http, where all could read it: use https");
    }
    if (access.has_key && !key_make(options->sse_c_key, options->sse_c_key_bytes, &access.key)) {
        return hw_fail(err, HW_EUSAGE, "a key of SSE-C has 32 bytes, as they are or in base64; this one has %zu",
                       options->sse_c_key_bytes);
    }
    *out_access = access;
    hw_s3_access_wipe(&access);
    return HW_OK;
}

void hw_s3_access_wipe(struct hw_s3_access_headers *access) {
    hw_s3_sse_key_wipe(&access->key);
    access->has_key = false;
}

/* Returns whether the operation reads or writes what is encrypted. */
static bool wants_key(const struct hw_s3_reply_rule *rule) {
    static const enum hw_s3_operation operations[] = {
        HW_S3_HEAD_OBJECT, HW_S3_GET_OBJECT,      HW_S3_PUT_OBJECT, HW_S3_CREATE_UPLOAD,  HW_S3_UPLOAD_PART,
        HW_S3_COPY_OBJECT, HW_S3_COMPLETE_UPLOAD, HW_S3_COPY_PART,  HW_S3_GET_ATTRIBUTES, HW_S3_HEAD_PART,
    };
    for (size_t i = 0; i < COUNT_OF(operations); i++) {
        if (rule == &hw_s3_reply_rules[operations[i]]) {
            return true;
        }
    }
    return false;
}

enum hw_status hw_s3_access_add(const struct hw_s3_access_headers *access, const struct hw_s3_reply_rule *rule,
                                struct hw_s3_headers *headers, struct hw_error *err) {
    if (access->request_payer) {
        HW_TRY(hw_s3_headers_borrow(headers, "x-amz-request-payer", "requester", err));
    }
    if (access->owner[0]) {
        HW_TRY(hw_s3_headers_borrow(headers, "x-amz-expected-bucket-owner", access->owner, err));
    }
    return access->has_key && wants_key(rule) ? hw_s3_sse_key_add(&access->key, false, headers, err) : HW_OK;
}
