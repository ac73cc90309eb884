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
    hw_s3_headers_release(&signed_request->headers);
    hw_buf_release(&signed_request->lines);
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

/* Adds what a signed request has beside its own headers, all of which are signed. */
static enum hw_status signed_headers_add(const struct hw_s3_signing *signing, const char *payload_sha256,
                                         struct hw_s3_headers *headers, struct hw_error *err) {
    HW_TRY(hw_s3_headers_borrow(headers, "x-amz-content-sha256", payload_sha256, err));
    HW_TRY(hw_s3_headers_borrow(headers, "x-amz-date", signing->timestamp, err));
    if (signing->endpoint.auth == HW_ENDPOINT_SIGV4A) {
        HW_TRY(hw_s3_headers_borrow(headers, "x-amz-region-set", signing->endpoint.signing_region, err));
    }
    return signing->keys.session_token[0]
               ? hw_s3_headers_borrow(headers, signing->token_header, signing->keys.session_token, err)
               : HW_OK;
}

static enum hw_status lines_make(struct hw_s3_signed *out, struct hw_error *err) {
    for (size_t i = 0; i < out->headers.count; i++) {
        const struct hw_http_header line = {out->headers.items[i].name, out->headers.items[i].value};
        HW_TRY(hw_buf_append(&out->lines, &line, sizeof(line), err));
    }
    return HW_OK;
}

enum hw_status hw_s3_request_sign(const struct hw_s3_request *request, const struct hw_s3_signing *signing,
                                  const char *payload_sha256, struct hw_s3_signed *out_signed, struct hw_error *err) {
    const struct hw_endpoint *endpoint = &signing->endpoint;
    struct hw_s3_headers *headers = &out_signed->headers;
    out_signed->signature = "";
    HW_TRY(target_make(request, endpoint, out_signed, err));
    HW_TRY(hw_s3_headers_borrow(headers, "Host", endpoint->host, err));
    for (size_t i = 0; i < request->headers.count; i++) {
        HW_TRY(hw_s3_headers_borrow(headers, request->headers.items[i].name, request->headers.items[i].value, err));
    }
    if (signing->access) {
        HW_TRY(hw_s3_access_add(signing->access, request->rule, headers, err));
    }
    if (signing->token_header) {
        HW_TRY(signed_headers_add(signing, payload_sha256, headers, err));
        HW_TRY(authorization_make(request, signing, payload_sha256, out_signed, err));
    }
    return lines_make(out_signed, err);
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
    const struct hw_sigv4_scope scope = hw_s3_signing_scope(signing);
    const struct hw_sigv4_request to_sign = {
        .method = request->method,
        .path = (const char *)out->path.data,
        .query = (const char *)request->query.data,
        .headers = out->headers.items,
        .headers_count = out->headers.count,
        .payload_sha256 = payload_sha256,
    };
    HW_TRY(hw_sigv4_authorization(&to_sign, &scope, &signing->keys, &signing->key, &out->authorization, err));
    HW_TRY(hw_buf_end_text(&out->authorization, err));
    const char *last = strrchr((const char *)out->authorization.data, '=');
    out->signature = last ? last + 1 : "";
    return hw_s3_headers_borrow(&out->headers, "Authorization", (const char *)out->authorization.data, err);
}
