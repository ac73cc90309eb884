/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/kept_checksums.h"

#include "s3/facts.h"

bool hw_s3_checksum_new(enum hw_checksum_kind kind) {
    return hw_checksum_element(kind)[0] != '\0';
}

struct hw_checksum hw_s3_checksum_settle(const struct hw_s3_client *client, const struct hw_checksum *checksum,
                                         const void *body, size_t body_bytes) {
    if (!hw_s3_checksum_new(checksum->kind) || hw_s3_client_checksums(client) != HW_S3_CHECKSUMS_REFUSED) {
        return *checksum;
    }
    return hw_s3_checksum_instead(body, body_bytes);
}

struct hw_checksum hw_s3_checksum_instead(const void *body, size_t body_bytes) {
    return hw_checksum_of(HW_CHECKSUM_MD5, body_bytes > 0 ? body : "", body_bytes);
}

void hw_s3_checksum_answered(struct hw_s3_client *client, const struct hw_s3_request *request,
                             const struct hw_http_response *response) {
    for (size_t i = 0; i < COUNT_OF(hw_s3_checksum_order); i++) {
        const char *header = hw_checksum_header(hw_s3_checksum_order[i]);
        if (hw_s3_headers_find(&request->headers, header)) {
            const bool kept = hw_http_header_find(response, header).data != NULL;
            hw_s3_client_checksums_learn(client, kept ? HW_S3_CHECKSUMS_KEPT : HW_S3_CHECKSUMS_IGNORED);
        }
    }
}

/*
 * The codes with which services refuse a header that they do not know, and words that one of their
 * messages has then. "" means that the code says it all.
 */
static const struct {
    const char *code;
    const char *words;
} refusals[] = {
    {"NotImplemented", ""},
    {"NotImplemented", "x-amz-checksum"},
    {"NotImplemented", "x-amz-sdk-checksum"},
    {"InvalidArgument", "x-amz-checksum"},
    {"InvalidArgument", "x-amz-sdk-checksum"},
    {"InvalidRequest", "x-amz-checksum"},
    {"UnsupportedArgument", "x-amz-checksum"},
};

bool hw_s3_checksum_refused(const struct hw_s3_client *client, enum hw_checksum_kind sent, bool is_conditional,
                            const struct hw_error *fault) {
    const bool possible = fault->http_status == 400 || fault->http_status == 501;
    if (!possible || !hw_s3_checksum_new(sent) || hw_s3_client_checksums(client) == HW_S3_CHECKSUMS_KEPT) {
        return false;
    }
    for (size_t i = 0; i < COUNT_OF(refusals); i++) {
        const bool named = refusals[i].words[0] != '\0';
        if (strcmp(fault->s3_code, refusals[i].code) == 0 && (named || !is_conditional) &&
            strstr(fault->message, refusals[i].words)) {
            return true;
        }
    }
    return false;
}
