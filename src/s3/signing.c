/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/signing.h"

static enum hw_status target_make(const struct hw_s3_request *request, const struct hw_endpoint *endpoint,
                                  struct hw_s3_signed *out, struct hw_error *err);
static enum hw_status authorization_make(const struct hw_s3_request *request, const struct hw_s3_signing *signing,
                                         const char *payload_sha256, struct hw_s3_signed *out, struct hw_error *err);

void hw_s3_signing_wipe(struct hw_s3_signing *signing) {
    hw_credentials_wipe(&signing->keys);
    hw_sigv4_key_wipe(&signing->key);
}

void hw_s3_signed_release(struct hw_s3_signed *signed_request) {
    hw_buf_release(&signed_request->path);
    hw_buf_release(&signed_request->url);
    hw_buf_release(&signed_request->authorization);
    *signed_request = (struct hw_s3_signed){0};
}

struct hw_sigv4_scope hw_s3_signing_scope(const struct hw_s3_signing *signing) {
    return (struct hw_sigv4_scope){
        .region = signing->endpoint.signing_region,
        .service = signing->endpoint.signing_name,
        .timestamp = signing->timestamp,
        .several_regions = signing->endpoint.auth == HW_ENDPOINT_SIGV4A,
    };
}

static void header_put(struct hw_s3_signed *out, const char *name, const char *value) {
    assert(out->headers_count < HW_S3_SIGNED_HEADERS_MAX);
    out->headers[out->headers_count++] = (struct hw_http_header){name, value};
}

enum hw_status hw_s3_request_sign(const struct hw_s3_request *request, const struct hw_s3_signing *signing,
                                  const char *payload_sha256, struct hw_s3_signed *out_signed, struct hw_error *err) {
    const struct hw_endpoint *endpoint = &signing->endpoint;
    out_signed->signature = "";
    HW_TRY(target_make(request, endpoint, out_signed, err));
    header_put(out_signed, "Host", endpoint->host);
    for (size_t i = 0; i < request->headers_count; i++) {
        header_put(out_signed, request->headers[i].name, request->headers[i].value);
    }
    if (!signing->token_header) {
        return HW_OK;
    }
    header_put(out_signed, "x-amz-content-sha256", payload_sha256);
    header_put(out_signed, "x-amz-date", signing->timestamp);
    if (endpoint->auth == HW_ENDPOINT_SIGV4A) {
        header_put(out_signed, "x-amz-region-set", endpoint->signing_region);
    }
    if (signing->keys.session_token[0]) {
        header_put(out_signed, signing->token_header, signing->keys.session_token);
    }
    return authorization_make(request, signing, payload_sha256, out_signed, err);
}

static enum hw_status target_make(const struct hw_s3_request *request, const struct hw_endpoint *endpoint,
                                  struct hw_s3_signed *out, struct hw_error *err) {
    const char *key_path = (const char *)request->path.data;
    HW_TRY(hw_buf_printf(&out->path, err, "%s%s", endpoint->path, endpoint->path[0] || key_path[0] ? key_path : "/"));
    return hw_buf_printf(&out->url, err, "%s://%s%s%s%s", endpoint->tls ? "https" : "http", endpoint->host,
                         (const char *)out->path.data, request->query.size > 0 ? "?" : "",
                         (const char *)request->query.data);
}

/* All headers so far are signed. The signature stands last in the one that is added. */
static enum hw_status authorization_make(const struct hw_s3_request *request, const struct hw_s3_signing *signing,
                                         const char *payload_sha256, struct hw_s3_signed *out, struct hw_error *err) {
    struct hw_sigv4_header headers[HW_S3_SIGNED_HEADERS_MAX];
    const struct hw_sigv4_scope scope = hw_s3_signing_scope(signing);
    for (size_t i = 0; i < out->headers_count; i++) {
        headers[i] = (struct hw_sigv4_header){out->headers[i].name, out->headers[i].value};
    }
    const struct hw_sigv4_request to_sign = {
        .method = request->method,
        .path = (const char *)out->path.data,
        .query = (const char *)request->query.data,
        .headers = headers,
        .headers_count = out->headers_count,
        .payload_sha256 = payload_sha256,
    };
    HW_TRY(hw_sigv4_authorization(&to_sign, &scope, &signing->keys, &signing->key, &out->authorization, err));
    HW_TRY(hw_buf_end_text(&out->authorization, err));
    const char *last = strrchr((const char *)out->authorization.data, '=');
    out->signature = last ? last + 1 : "";
    header_put(out, "Authorization", (const char *)out->authorization.data);
    return HW_OK;
}
