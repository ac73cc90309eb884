/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/sso_token.h"

#include "aws/credentials_http.h"
#include "aws/service_endpoint.h"
#include "aws/token_cache.h"
#include "core/mask.h"

/* A token with so little time left is renewed, and serves meanwhile where that does not work. */
#define RENEW_LEFT_US (INT64_C(15) * 60 * 1000000)

enum { TIMEOUT_MS = 10000, ATTEMPTS_MAX = 3 };

static enum hw_status token_renew(const struct hw_credentials_request *request, const struct hw_sso_session *session,
                                  struct hw_secret_json *token, struct hw_error *err);
static enum hw_status token_copy(const struct hw_secret_json *token, struct hw_secret *out_token, struct hw_error *err);

static int64_t time_left_us(const struct hw_secret_json *token, const char *name) {
    int64_t ends_us;
    return hw_credentials_time_parse(hw_secret_json_text(token->object, name), &ends_us) ? ends_us - hw_clock_now_us()
                                                                                         : INT64_MIN;
}

enum hw_status hw_sso_token_find(const struct hw_credentials_request *request, const struct hw_sso_session *session,
                                 struct hw_secret *out_token, struct hw_error *err) {
    HW_AUTO(hw_secret_json) token = {0};
    char path[PATH_MAX];

    enum hw_status status =
        hw_token_cache_path(HW_TOKEN_SSO, session->name.size > 0 ? session->name : session->start_url, path, err);
    status = status ? status : hw_token_cache_read(path, &token, err);
    if (status == HW_ENOTFOUND) {
        status = hw_fail(err, HW_EAUTH, "nobody has signed in yet, or has signed out");
        hw_sso_login_advise(request, session, err);
    }
    HW_TRY(status);
    if (session->name.size > 0 && time_left_us(&token, "expiresAt") < RENEW_LEFT_US) {
        struct hw_error why = HW_ERROR_INIT;
        status = token_renew(request, session, &token, &why);
        status = status ? status : hw_token_cache_write(path, token.object, &why);
        if (status && (status == HW_EIO || time_left_us(&token, "expiresAt") <= 0)) {
            return hw_error_pass(err, status, &why);
        }
    }
    if (time_left_us(&token, "expiresAt") <= 0) {
        status = hw_fail(err, HW_EAUTH, "the time for which somebody signed in is over");
        hw_sso_login_advise(request, session, err);
        return status;
    }
    return token_copy(&token, out_token, err);
}

void hw_sso_login_advise(const struct hw_credentials_request *request, const struct hw_sso_session *session,
                         struct hw_error *err) {
    const bool by_session = session->name.size > 0;
    hw_token_advise(err, by_session ? "aws sso login --sso-session" : "aws sso login --profile",
                    by_session ? session->name : hw_view_of(request->profile));
}

static enum hw_status renewal_send(const struct hw_credentials_request *request, const struct hw_sso_session *session,
                                   const struct hw_secret_json *token, struct hw_secret_json *out_reply,
                                   struct hw_error *err);
static enum hw_status renewal_keep(const struct hw_secret_json *reply, struct hw_secret_json *token,
                                   struct hw_error *err);

/* HW_EAUTH where there is nothing to renew it with. On failure the token is as it was. */
static enum hw_status token_renew(const struct hw_credentials_request *request, const struct hw_sso_session *session,
                                  struct hw_secret_json *token, struct hw_error *err) {
    static const char *const needed[] = {"refreshToken", "clientId", "clientSecret"};
    HW_AUTO(hw_secret_json) reply = {0};
    bool renewable = time_left_us(token, "registrationExpiresAt") > 0;

    for (size_t i = 0; i < COUNT_OF(needed); i++) {
        renewable = renewable && hw_secret_json_text(token->object, needed[i]).size > 0;
    }
    enum hw_status status = renewable ? renewal_send(request, session, token, &reply, err)
                                      : hw_fail(err, HW_EAUTH, "the time for which somebody signed in is over");
    status = status ? status : renewal_keep(&reply, token, err);
    if (status) {
        for (size_t i = 0; i < COUNT_OF(needed); i++) {
            hw_mask_error(err, hw_secret_json_text(token->object, needed[i]).data);
        }
        if (!hw_status_retryable(status)) {
            hw_sso_login_advise(request, session, err);
        }
    }
    return status;
}

static enum hw_status renewal_send(const struct hw_credentials_request *request, const struct hw_sso_session *session,
                                   const struct hw_secret_json *token, struct hw_secret_json *out_reply,
                                   struct hw_error *err) {
    static const char *const sent[] = {"clientId", "clientSecret", "refreshToken"};
    static const struct hw_refusal_names refusal = {"error", "error_description"};
    static const struct hw_http_header type = {"Content-Type", "application/json"};
    HW_AUTO(hw_credentials_http) http = {0};
    HW_AUTO(hw_secret) body = {0};
    HW_AUTO(hw_buf) url = {0};
    struct hw_endpoint endpoint;
    int http_status;
    const struct hw_credentials_http_options options = {
        .service = hw_service_name(HW_SERVICE_SSO_OIDC),
        .ca_bundle = request->settings->ca_bundle,
        .timeout_ms = TIMEOUT_MS,
        .stop = request->stop,
        .attempts_max = ATTEMPTS_MAX,
    };
    HW_TRY(hw_token_renewal_write(token->object, sent, COUNT_OF(sent), &body.text, err));
    HW_TRY(hw_service_endpoint_resolve(request, HW_SERVICE_SSO_OIDC, session->region, &endpoint, err));
    HW_TRY(hw_service_url(&endpoint, "/token", &url, err));
    HW_TRY(hw_credentials_http_init(&http, &options, err));
    const struct hw_http_request post = {
        .method = "POST",
        .url = (const char *)url.data,
        .headers = &type,
        .headers_count = 1,
        .body = body.text.data,
        .body_bytes = body.text.size,
    };
    return hw_credentials_http_json(&http, &post, &refusal, &http_status, out_reply, err);
}

static enum hw_status renewal_keep(const struct hw_secret_json *reply, struct hw_secret_json *token,
                                   struct hw_error *err) {
    const json_t *renewed = json_object_get(reply->object, "refreshToken");
    char ends[HW_CLOCK_TEXT_BYTES];

    if (hw_secret_json_text(reply->object, "accessToken").size == 0 || (renewed && !json_is_string(renewed))) {
        return hw_fail(err, HW_EPROTOCOL, "the reply of the token service has no new token");
    }
    HW_TRY(hw_token_end_format(reply->object, ends, err));
    HW_AUTO(hw_secret_json) changed = {json_deep_copy(token->object)};
    if (!changed.object ||
        json_object_set_new(changed.object, "accessToken",
                            json_deep_copy(json_object_get(reply->object, "accessToken"))) != 0 ||
        json_object_set_new(changed.object, "expiresAt", json_string(ends)) != 0 ||
        (renewed && json_object_set_new(changed.object, "refreshToken", json_deep_copy(renewed)) != 0)) {
        return hw_fail(err, HW_ENOMEM, "out of memory while a token was kept");
    }
    json_t *old = token->object;
    token->object = changed.object;
    changed.object = old;
    return HW_OK;
}

static enum hw_status token_copy(const struct hw_secret_json *token, struct hw_secret *out_token,
                                 struct hw_error *err) {
    HW_AUTO(hw_secret) copy = {0};
    const hw_view text = hw_secret_json_text(token->object, "accessToken");

    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] <= ' ' || text.data[i] >= 0x7f) {
            return hw_fail(err, HW_EAUTH, "the cached token holds a byte that cannot be part of it");
        }
    }
    if (text.size == 0) {
        return hw_fail(err, HW_EAUTH, "the cached file has no accessToken");
    }
    HW_TRY(hw_buf_reserve(&copy.text, text.size + 1, err));
    HW_TRY(hw_buf_append(&copy.text, text.data, text.size, err));
    HW_TRY(hw_buf_end_text(&copy.text, err));
    *out_token = copy;
    copy.text = (struct hw_buf){0};
    return HW_OK;
}
