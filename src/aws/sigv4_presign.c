/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/sigv4_presign.h"

#include <stdio.h>

#include "net/uri.h"

static enum hw_status parameter_add(struct hw_buf *query, const char *name, hw_view value, struct hw_error *err) {
    HW_TRY(hw_buf_printf(query, err, "%s%s=", query->size > 0 ? "&" : "", name));
    return hw_uri_encode(value, false, query, err);
}

/* Makes the query that is signed, which lacks the signature alone. */
static enum hw_status query_make(const struct hw_sigv4_request *request, const struct hw_sigv4_scope *scope,
                                 const struct hw_credentials *credentials, unsigned expires_seconds,
                                 struct hw_buf *query, struct hw_error *err) {
    HW_AUTO(hw_buf) ignored = {0};
    HW_AUTO(hw_buf) signed_headers = {0};
    HW_AUTO(hw_buf) credential = {0};
    char expires[16];
    snprintf(expires, sizeof(expires), "%u", expires_seconds);
    /* The names of the headers are the same whatever the query is. */
    HW_TRY(hw_sigv4_canonical_request(request, scope, &ignored, &signed_headers, err));
    HW_TRY(hw_buf_printf(&credential, err, "%s/", credentials->access_key_id));
    HW_TRY(hw_sigv4_scope_append(scope, &credential, err));
    HW_TRY(hw_buf_append_text(query, request->query, err));
    HW_TRY(parameter_add(query, "X-Amz-Algorithm", hw_view_of(hw_sigv4_algorithm(scope)), err));
    HW_TRY(parameter_add(query, "X-Amz-Credential", hw_buf_view(&credential), err));
    HW_TRY(parameter_add(query, "X-Amz-Date", hw_view_of(scope->timestamp), err));
    HW_TRY(parameter_add(query, "X-Amz-Expires", hw_view_of(expires), err));
    HW_TRY(parameter_add(query, "X-Amz-SignedHeaders", hw_buf_view(&signed_headers), err));
    if (scope->several_regions) {
        HW_TRY(parameter_add(query, "X-Amz-Region-Set", hw_view_of(scope->region), err));
    }
    if (credentials->session_token[0]) {
        const char *name = scope->session ? "X-Amz-S3session-Token" : "X-Amz-Security-Token";
        HW_TRY(parameter_add(query, name, hw_view_of(credentials->session_token), err));
    }
    return hw_buf_end_text(query, err);
}

enum hw_status hw_sigv4_presign(const struct hw_sigv4_request *request, const struct hw_sigv4_scope *scope,
                                const struct hw_credentials *credentials, unsigned expires_seconds,
                                struct hw_buf *out_query, struct hw_error *err) {
    HW_AUTO(hw_buf) query = {0};
    HW_AUTO(hw_buf) canonical_request = {0};
    HW_AUTO(hw_buf) signed_headers = {0};
    HW_AUTO(hw_buf) string_to_sign = {0};
    struct hw_sigv4_key key = {0};
    char signature[HW_SIGV4_SIGNATURE_BYTES];

    if (!credentials->access_key_id[0] || !credentials->secret_access_key[0]) {
        return hw_fail(err, HW_EAUTH, "there are no credentials to sign the address with");
    }
    struct hw_sigv4_request to_sign = *request;
    to_sign.payload_sha256 = "UNSIGNED-PAYLOAD";
    HW_TRY(query_make(&to_sign, scope, credentials, expires_seconds, &query, err));
    to_sign.query = (const char *)query.data;
    HW_TRY(hw_sigv4_canonical_request(&to_sign, scope, &canonical_request, &signed_headers, err));
    HW_TRY(hw_sigv4_string_to_sign(hw_buf_view(&canonical_request), scope, &string_to_sign, err));
    HW_TRY(hw_sigv4_key_for(&key, scope, credentials, 1, err));
    enum hw_status status = hw_sigv4_sign(scope, &key, hw_buf_view(&string_to_sign), signature, err);
    hw_sigv4_key_wipe(&key);
    HW_TRY(status);
    HW_TRY(hw_buf_printf(&query, err, "&X-Amz-Signature=%s", signature));
    hw_buf_release(out_query);
    *out_query = query;
    query = (struct hw_buf){0};
    return HW_OK;
}
