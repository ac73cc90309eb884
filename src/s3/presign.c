/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/presign.h"

#include "aws/sigv4_presign.h"
#include "core/limits.h"
#include "s3/request.h"

static enum hw_status address_make(const struct hw_s3_signer *signer, const struct hw_s3_request *request,
                                   unsigned expires_seconds, struct hw_buf *url, struct hw_error *err) {
    HW_AUTO(hw_buf) path = {0};
    HW_AUTO(hw_buf) query = {0};
    const struct hw_endpoint *endpoint = &signer->endpoint;
    const struct hw_sigv4_header host = {"Host", endpoint->host};
    char timestamp[HW_SIGV4_TIMESTAMP_BYTES];
    hw_sigv4_timestamp(signer->now_us, timestamp);
    const struct hw_sigv4_scope scope = {
        .region = endpoint->signing_region,
        .service = endpoint->signing_name,
        .timestamp = timestamp,
        .several_regions = endpoint->auth == HW_ENDPOINT_SIGV4A,
        .session = endpoint->auth == HW_ENDPOINT_EXPRESS_SESSION,
    };
    HW_TRY(hw_buf_printf(&path, err, "%s%s", endpoint->path, (const char *)request->path.data));
    const struct hw_sigv4_request to_sign = {.method = request->method,
                                             .path = (const char *)path.data,
                                             .query = (const char *)request->query.data,
                                             .headers = &host,
                                             .headers_count = 1};
    HW_TRY(hw_sigv4_presign(&to_sign, &scope, &signer->keys, expires_seconds, &query, err));
    return hw_buf_printf(url, err, "%s://%s%s?%.*s", endpoint->tls ? "https" : "http", endpoint->host,
                         (const char *)path.data, (int)query.size, (const char *)query.data);
}

/* An address in a directory bucket holds as long as the session that signs it, and no longer. */
static enum hw_status session_check(const struct hw_s3_signer *signer, uint64_t expires_seconds, struct hw_error *err) {
    const int64_t left_s = (signer->keys.expires_us - signer->now_us) / 1000000;
    if (signer->endpoint.auth != HW_ENDPOINT_EXPRESS_SESSION || (left_s > 0 && expires_seconds <= (uint64_t)left_s)) {
        return HW_OK;
    }
    return hw_fail(err, HW_EUSAGE,
                   "an address in a directory bucket is good for as long as a session, which ends in %" PRId64
                   " seconds, not for %" PRIu64,
                   left_s, expires_seconds);
}

enum hw_status hw_s3_presign(struct hw_s3_client *client, const char *key, const char *version_id,
                             uint64_t expires_seconds, struct hw_buf *out_url, struct hw_error *err) {
    HW_AUTO(hw_s3_request) request = {0};
    HW_AUTO(hw_buf) url = {0};
    struct hw_s3_signer signer;
    if (expires_seconds < 1 || expires_seconds > HW_S3_PRESIGN_SECONDS_MAX) {
        return hw_fail(err, HW_EUSAGE, "an address is good for 1 second to 7 days, not for %" PRIu64 " seconds",
                       expires_seconds);
    }
    HW_TRY(hw_s3_request_begin(&request, HW_S3_GET_OBJECT, "GET", key, err));
    HW_TRY(hw_s3_request_version(&request, version_id, err));
    HW_TRY(hw_s3_client_signer(client, &signer, err));
    enum hw_status status = session_check(&signer, expires_seconds, err);
    status = status ? status : address_make(&signer, &request, (unsigned)expires_seconds, &url, err);
    hw_credentials_wipe(&signer.keys);
    HW_TRY(status);
    HW_TRY(hw_buf_end_text(&url, err));
    hw_buf_release(out_url);
    *out_url = url;
    url = (struct hw_buf){0};
    return HW_OK;
}
