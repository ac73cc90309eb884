/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials_login.h"

#include <stdio.h>

#include "aws/credentials_http.h"
#include "aws/dpop.h"
#include "aws/secret.h"
#include "aws/service_endpoint.h"
#include "aws/token_cache.h"
#include "core/clock.h"
#include "core/mask.h"
#include "core/random.h"

/* Keys with so little time left are renewed, and serve meanwhile where that does not work. */
#define RENEW_LEFT_US (INT64_C(5) * 60 * 1000000)

enum { TIMEOUT_MS = 10000, REGION_BYTES = 64, ID_BYTES = 40 };

static const struct hw_credentials_names names = {
    .access_key_id = "accessKeyId",
    .secret_access_key = "secretAccessKey",
    .session_token = "sessionToken",
    .expires = "expiresAt",
};

static enum hw_status session_keys(const struct hw_credentials_request *request, hw_view session,
                                   struct hw_credentials *out_credentials, struct hw_error *err);

static enum hw_status login_find(const struct hw_credentials_request *request, struct hw_credentials *out_credentials,
                                 struct hw_error *err) {
    hw_view session;

    if (!hw_credentials_setting(request, "login_session", &session)) {
        return hw_fail(err, HW_ENOTFOUND, "the profile has no login_session");
    }
    enum hw_status status = session_keys(request, session, out_credentials, err);
    return status ? hw_credentials_of_profile(request, status, err) : HW_OK;
}

const struct hw_credentials_provider hw_credentials_login = {"login session", login_find};

static void login_advise(const struct hw_credentials_request *request, struct hw_error *err);
static enum hw_status keys_renew(const struct hw_credentials_request *request, const char *path,
                                 struct hw_secret_json *token, struct hw_credentials *keys, struct hw_error *err);

static enum hw_status session_keys(const struct hw_credentials_request *request, hw_view session,
                                   struct hw_credentials *out_credentials, struct hw_error *err) {
    HW_AUTO(hw_secret_json) token = {0};
    struct hw_credentials keys = {0};
    char path[PATH_MAX];

    enum hw_status status = hw_token_cache_path(HW_TOKEN_LOGIN, session, path, err);
    status = status ? status : hw_token_cache_read(path, &token, err);
    if (status == HW_ENOTFOUND) {
        status = hw_fail(err, HW_EAUTH, "nobody has signed in yet, or has signed out");
    }
    if (status == HW_OK && hw_credentials_from_json(json_object_get(token.object, "accessToken"), &names, &keys, err)) {
        status = hw_fail(err, HW_EAUTH, "the cached keys of the login session are not whole");
        hw_error_object(err, path);
    }
    if (status) {
        login_advise(request, err);
        return status;
    }
    if (keys.expires_us - hw_clock_now_us() < RENEW_LEFT_US) {
        status = keys_renew(request, path, &token, &keys, err);
    }
    if (status == HW_OK) {
        *out_credentials = keys;
    }
    hw_credentials_wipe(&keys);
    return status;
}

static enum hw_status token_renew(const struct hw_credentials_request *request, struct hw_secret_json *token,
                                  struct hw_error *err);

/* Keys that cannot be renewed, but are still good, stay. */
static enum hw_status keys_renew(const struct hw_credentials_request *request, const char *path,
                                 struct hw_secret_json *token, struct hw_credentials *keys, struct hw_error *err) {
    struct hw_error why = HW_ERROR_INIT;
    enum hw_status status = token_renew(request, token, &why);

    status = status ? status : hw_token_cache_write(path, token->object, &why);
    if (status == HW_OK) {
        return hw_credentials_from_json(json_object_get(token->object, "accessToken"), &names, keys, err);
    }
    /* Where the new token could not be kept, what it was renewed with may be void. */
    const bool serve = status != HW_EIO && keys->expires_us > hw_clock_now_us();
    return serve ? HW_OK : hw_error_pass(err, status, &why);
}

static void login_advise(const struct hw_credentials_request *request, struct hw_error *err) {
    hw_token_advise(err, "aws login --profile", hw_view_of(request->profile));
}

static enum hw_status renewal_send(const struct hw_credentials_request *request, const struct hw_secret_json *token,
                                   struct hw_secret_json *out_reply, struct hw_error *err);
static enum hw_status renewal_keep(const struct hw_secret_json *reply, struct hw_secret_json *token,
                                   struct hw_error *err);

/* On failure the token is as it was. */
static enum hw_status token_renew(const struct hw_credentials_request *request, struct hw_secret_json *token,
                                  struct hw_error *err) {
    static const char *const needed[] = {"refreshToken", "clientId", "dpopKey"};
    HW_AUTO(hw_secret_json) reply = {0};
    bool renewable = true;

    for (size_t i = 0; i < COUNT_OF(needed); i++) {
        renewable = renewable && hw_secret_json_text(token->object, needed[i]).size > 0;
    }
    enum hw_status status = renewable ? renewal_send(request, token, &reply, err)
                                      : hw_fail(err, HW_EAUTH, "the time of the login session is over");
    status = status ? status : renewal_keep(&reply, token, err);
    if (status) {
        hw_mask_error(err, hw_secret_json_text(token->object, "refreshToken").data);
        if (!hw_status_retryable(status)) {
            login_advise(request, err);
        }
    }
    return status;
}

static enum hw_status proof_make(const struct hw_secret_json *token, const char *url, struct hw_buf *out,
                                 struct hw_error *err);
static enum hw_status endpoint_find(const struct hw_credentials_request *request, const struct hw_secret_json *token,
                                    struct hw_endpoint *out_endpoint, struct hw_error *err);

static enum hw_status renewal_send(const struct hw_credentials_request *request, const struct hw_secret_json *token,
                                   struct hw_secret_json *out_reply, struct hw_error *err) {
    static const char *const sent[] = {"clientId", "refreshToken"};
    static const struct hw_refusal_names refusal = {"error", "message"};
    HW_AUTO(hw_credentials_http) http = {0};
    HW_AUTO(hw_secret) body = {0};
    HW_AUTO(hw_buf) proof = {0};
    HW_AUTO(hw_buf) url = {0};
    struct hw_endpoint endpoint;
    int http_status;
    const struct hw_credentials_http_options options = {
        .service = hw_service_name(HW_SERVICE_SIGNIN),
        .ca_bundle = request->settings->ca_bundle,
        .timeout_ms = TIMEOUT_MS,
        .stop = request->stop,
        /* A proof is good for one request. */
        .attempts_max = 1,
    };
    HW_TRY(endpoint_find(request, token, &endpoint, err));
    HW_TRY(hw_service_url(&endpoint, "/v1/token", &url, err));
    HW_TRY(proof_make(token, (const char *)url.data, &proof, err));
    HW_TRY(hw_token_renewal_write(token->object, sent, COUNT_OF(sent), &body.text, err));
    HW_TRY(hw_credentials_http_init(&http, &options, err));
    const struct hw_http_header headers[] = {{"Content-Type", "application/json"}, {"DPoP", (const char *)proof.data}};
    const struct hw_http_request post = {
        .method = "POST",
        .url = (const char *)url.data,
        .headers = headers,
        .headers_count = COUNT_OF(headers),
        .body = body.text.data,
        .body_bytes = body.text.size,
    };
    return hw_credentials_http_json(&http, &post, &refusal, &http_status, out_reply, err);
}

/* The region in which somebody signed in comes before that of the run. */
static enum hw_status endpoint_find(const struct hw_credentials_request *request, const struct hw_secret_json *token,
                                    struct hw_endpoint *out_endpoint, struct hw_error *err) {
    const hw_view region = hw_secret_json_text(token->object, "signInRegion");
    char text[REGION_BYTES];

    if (region.size >= sizeof(text)) {
        return hw_fail(err, HW_EAUTH, "the signInRegion of the login session is none");
    }
    memcpy(text, region.data, region.size);
    text[region.size] = '\0';
    return hw_service_endpoint_resolve(request, HW_SERVICE_SIGNIN, text[0] ? text : request->settings->region,
                                       out_endpoint, err);
}

static enum hw_status proof_make(const struct hw_secret_json *token, const char *url, struct hw_buf *out,
                                 struct hw_error *err) {
    char id[ID_BYTES];
    const uint64_t high = hw_random_u64();
    const uint64_t low = hw_random_u64();
    snprintf(id, sizeof(id), "%08x-%04x-4%03x-%04x-%012" PRIx64, (unsigned)(high >> 32),
             (unsigned)(high >> 16) & 0xffff, (unsigned)high & 0xfff, (unsigned)(low >> 48 & 0x3fff) | 0x8000,
             low & 0xffffffffffff);
    const struct hw_dpop dpop = {
        .key_pem = hw_secret_json_text(token->object, "dpopKey"),
        .url = url,
        .id = id,
        .issued_s = hw_clock_now_us() / 1000000,
    };
    return hw_dpop_make(&dpop, out, err);
}

static enum hw_status renewal_keep(const struct hw_secret_json *reply, struct hw_secret_json *token,
                                   struct hw_error *err) {
    const json_t *renewed = json_object_get(reply->object, "refreshToken");
    const json_t *account = json_object_get(json_object_get(token->object, "accessToken"), "accountId");
    HW_AUTO(hw_secret_json) keys = {json_deep_copy(json_object_get(reply->object, "accessToken"))};
    struct hw_credentials found = {0};
    char ends[HW_CLOCK_TEXT_BYTES];

    if (!json_is_object(keys.object) || !json_is_string(renewed)) {
        return hw_fail(err, HW_EPROTOCOL, "the reply of AWS Sign-In has no new keys");
    }
    HW_TRY(hw_token_end_format(reply->object, ends, err));
    HW_AUTO(hw_secret_json) changed = {json_deep_copy(token->object)};
    if (!changed.object || json_object_set_new(keys.object, "expiresAt", json_string(ends)) != 0 ||
        (account && json_object_set_new(keys.object, "accountId", json_deep_copy(account)) != 0) ||
        json_object_set_new(changed.object, "refreshToken", json_deep_copy(renewed)) != 0 ||
        json_object_set_new(changed.object, "accessToken", json_deep_copy(keys.object)) != 0) {
        return hw_fail(err, HW_ENOMEM, "out of memory while keys were kept");
    }
    /* What is no set of keys must not take the place of one. */
    enum hw_status status = hw_credentials_from_json(keys.object, &names, &found, err);
    hw_credentials_wipe(&found);
    if (status) {
        hw_error_prefix(err, "the reply of AWS Sign-In");
        return status;
    }
    json_t *old = token->object;
    token->object = changed.object;
    changed.object = old;
    return HW_OK;
}
