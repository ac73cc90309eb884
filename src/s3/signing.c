/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/signing.h"

#include "core/alloc.h"

static enum hw_status target_make(const struct hw_s3_request *request, const struct hw_endpoint *endpoint,
                                  struct hw_s3_signed *out, struct hw_error *err);
static enum hw_status headers_make(const struct hw_s3_request *request, const struct hw_s3_signing *signing,
                                   const char *payload_sha256, struct hw_s3_headers *list, struct hw_error *err);
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
    hw_s3_headers_release(&signed_request->list);
    hw_free(signed_request->headers);
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

enum hw_status hw_s3_request_sign(const struct hw_s3_request *request, const struct hw_s3_signing *signing,
                                  const char *payload_sha256, struct hw_s3_signed *out_signed, struct hw_error *err) {
    struct hw_s3_headers *list = &out_signed->list;
    out_signed->signature = "";
    HW_TRY(target_make(request, &signing->endpoint, out_signed, err));
    HW_TRY(headers_make(request, signing, payload_sha256, list, err));
    if (signing->token_header) {
        HW_TRY(authorization_make(request, signing, payload_sha256, out_signed, err));
    }
    out_signed->headers = hw_alloc_zero(list->count, sizeof(*out_signed->headers));
    if (!out_signed->headers) {
        return hw_fail_nomem(err, list->count * sizeof(*out_signed->headers));
    }
    for (size_t i = 0; i < list->count; i++) {
        out_signed->headers[i] = (struct hw_http_header){list->items[i].name, list->items[i].value};
    }
    return HW_OK;
}

static enum hw_status target_make(const struct hw_s3_request *request, const struct hw_endpoint *endpoint,
                                  struct hw_s3_signed *out, struct hw_error *err) {
    const char *key_path = (const char *)request->path.data;
    HW_TRY(hw_buf_printf(&out->path, err, "%s%s", endpoint->path, endpoint->path[0] || key_path[0] ? key_path : "/"));
    return hw_buf_printf(&out->url, err, "%s://%s%s%s%s", endpoint->tls ? "https" : "http", endpoint->host,
                         (const char *)out->path.data, request->query.size > 0 ? "?" : "",
                         (const char *)request->query.data);
}

/* Lists all headers that are signed; a request that is not has those of its own and the host. */
static enum hw_status headers_make(const struct hw_s3_request *request, const struct hw_s3_signing *signing,
                                   const char *payload_sha256, struct hw_s3_headers *list, struct hw_error *err) {
    const struct hw_endpoint *endpoint = &signing->endpoint;
    HW_TRY(hw_s3_headers_borrow(list, "Host", endpoint->host, err));
    for (size_t i = 0; i < request->headers.count; i++) {
        HW_TRY(hw_s3_headers_borrow(list, request->headers.items[i].name, request->headers.items[i].value, err));
    }
    if (signing->access) {
        HW_TRY(hw_s3_access_add(signing->access, request->rule, list, err));
    }
    if (!signing->token_header) {
        return HW_OK;
    }
    HW_TRY(hw_s3_headers_borrow(list, "x-amz-content-sha256", payload_sha256, err));
    HW_TRY(hw_s3_headers_borrow(list, "x-amz-date", signing->timestamp, err));
    if (endpoint->auth == HW_ENDPOINT_SIGV4A) {
        HW_TRY(hw_s3_headers_borrow(list, "x-amz-region-set", endpoint->signing_region, err));
    }
    const char *token = signing->keys.session_token;
    return token[0] ? hw_s3_headers_borrow(list, signing->token_header, token, err) : HW_OK;
}

/* All headers so far are signed. The signature stands last in the one that is added. */
static enum hw_status authorization_make(const struct hw_s3_request *request, const struct hw_s3_signing *signing,
                                         const char *payload_sha256, struct hw_s3_signed *out, struct hw_error *err) {
    const struct hw_sigv4_scope scope = hw_s3_signing_scope(signing);
    const struct hw_sigv4_request to_sign = {
        .method = request->method,
        .path = (const char *)out->path.data,
        .query = (const char *)request->query.data,
        .headers = out->list.items,
        .headers_count = out->list.count,
        .payload_sha256 = payload_sha256,
    };
    HW_TRY(hw_sigv4_authorization(&to_sign, &scope, &signing->keys, &signing->key, &out->authorization, err));
    HW_TRY(hw_buf_end_text(&out->authorization, err));
    const char *last = strrchr((const char *)out->authorization.data, '=');
    out->signature = last ? last + 1 : "";
    return hw_s3_headers_borrow(&out->list, "Authorization", (const char *)out->authorization.data, err);
}
