/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials_sso.h"

#include <stdio.h>

#include "aws/credentials_http.h"
#include "aws/service_endpoint.h"
#include "aws/sso_token.h"
#include "core/mask.h"
#include "net/uri.h"

enum { TIMEOUT_MS = 10000, ATTEMPTS_MAX = 3, UNAUTHORIZED = 401, REGION_BYTES = 64, NAME_BYTES = 128 };

static const struct hw_credentials_names names = {
    .access_key_id = "accessKeyId",
    .secret_access_key = "secretAccessKey",
    .session_token = "sessionToken",
    .expires = "expiration",
    .expires_is_ms = true,
};

/* What the keys are asked for with. */
struct sso {
    struct hw_sso_session session;
    hw_view role_name;
    hw_view account_id;
    char region[REGION_BYTES];
};

static enum hw_status settings_find(const struct hw_credentials_request *request, struct sso *sso,
                                    struct hw_error *err);
static enum hw_status keys_get(const struct hw_credentials_request *request, const struct sso *sso,
                               struct hw_credentials *out_credentials, struct hw_error *err);

static enum hw_status sso_find(const struct hw_credentials_request *request, struct hw_credentials *out_credentials,
                               struct hw_error *err) {
    struct sso sso = {0};
    const bool has_role = hw_credentials_setting(request, "sso_role_name", &sso.role_name);
    const bool has_account = hw_credentials_setting(request, "sso_account_id", &sso.account_id);

    if (!has_role && !has_account) {
        return hw_fail(err, HW_ENOTFOUND, "the profile has no sso_role_name");
    }
    enum hw_status status = settings_find(request, &sso, err);
    if (status == HW_OK) {
        sso.session.region = sso.region;
        status = keys_get(request, &sso, out_credentials, err);
    }
    return status ? hw_credentials_of_profile(request, status, err) : HW_OK;
}

const struct hw_credentials_provider hw_credentials_sso = {"IAM Identity Center (SSO)", sso_find};

static enum hw_status session_setting(const struct hw_credentials_request *request, const struct sso *sso,
                                      const char *name, hw_view *out_value, struct hw_error *err);

static enum hw_status settings_find(const struct hw_credentials_request *request, struct sso *sso,
                                    struct hw_error *err) {
    hw_view region = {"", 0};
    char missing[NAME_BYTES] = "";
    size_t used = 0;

    hw_credentials_setting(request, "sso_session", &sso->session.name);
    HW_TRY(session_setting(request, sso, "sso_start_url", &sso->session.start_url, err));
    HW_TRY(session_setting(request, sso, "sso_region", &region, err));
    const struct {
        const char *name;
        hw_view value;
    } needed[] = {{"sso_role_name", sso->role_name},
                  {"sso_account_id", sso->account_id},
                  {"sso_start_url", sso->session.start_url},
                  {"sso_region", region}};
    for (size_t i = 0; i < COUNT_OF(needed); i++) {
        if (needed[i].value.size == 0) {
            int added = snprintf(missing + used, sizeof(missing) - used, "%s%s", used > 0 ? ", " : "", needed[i].name);
            used += added > 0 ? (size_t)added : 0;
        }
    }
    if (used > 0) {
        return hw_fail(err, HW_ECONFIG, "it takes its keys from IAM Identity Center (SSO), but this is not set: %s",
                       missing);
    }
    if (region.size >= sizeof(sso->region)) {
        return hw_fail(err, HW_ECONFIG, "sso_region is longer than %zu bytes", sizeof(sso->region) - 1);
    }
    memcpy(sso->region, region.data, region.size);
    sso->region[region.size] = '\0';
    return HW_OK;
}

/*
 * Finds a setting that the section of the session has, or in the older form the profile. Where both
 * have it, it must be the same.
 */
static enum hw_status session_setting(const struct hw_credentials_request *request, const struct sso *sso,
                                      const char *name, hw_view *out_value, struct hw_error *err) {
    char session_name[NAME_BYTES];
    hw_view of_session;
    hw_view of_profile;

    snprintf(session_name, sizeof(session_name), "sso-session.%s", name);
    const bool in_profile = hw_credentials_setting(request, name, &of_profile);
    const bool in_session = sso->session.name.size > 0 && hw_credentials_setting(request, session_name, &of_session);
    if (in_profile && in_session && !hw_view_equal(of_profile, of_session)) {
        return hw_fail(err, HW_ECONFIG, "its %s is another one than that of its sso-session", name);
    }
    if (in_session) {
        *out_value = of_session;
    } else if (in_profile) {
        *out_value = of_profile;
    }
    return HW_OK;
}

static enum hw_status url_make(const struct hw_credentials_request *request, const struct sso *sso, struct hw_buf *url,
                               struct hw_error *err);

static enum hw_status keys_get(const struct hw_credentials_request *request, const struct sso *sso,
                               struct hw_credentials *out_credentials, struct hw_error *err) {
    static const struct hw_refusal_names refusal = {"__type", "message"};
    HW_AUTO(hw_credentials_http) http = {0};
    HW_AUTO(hw_secret_json) json = {0};
    HW_AUTO(hw_secret) token = {0};
    HW_AUTO(hw_buf) url = {0};
    int http_status = 0;
    const struct hw_credentials_http_options options = {
        .service = hw_service_name(HW_SERVICE_SSO),
        .ca_bundle = request->settings->ca_bundle,
        .timeout_ms = TIMEOUT_MS,
        .stop = request->stop,
        .attempts_max = ATTEMPTS_MAX,
    };
    HW_TRY(url_make(request, sso, &url, err));
    HW_TRY(hw_sso_token_find(request, &sso->session, &token, err));
    HW_TRY(hw_credentials_http_init(&http, &options, err));
    const struct hw_http_header bearer = {"x-amz-sso_bearer_token", (const char *)token.text.data};
    const struct hw_http_request get = {
        .method = "GET", .url = (const char *)url.data, .headers = &bearer, .headers_count = 1};
    enum hw_status status = hw_credentials_http_json(&http, &get, &refusal, &http_status, &json, err);
    if (status == HW_OK) {
        status =
            hw_credentials_from_json(json_object_get(json.object, "roleCredentials"), &names, out_credentials, err);
    }
    if (status) {
        hw_mask_error(err, (const char *)token.text.data);
    }
    if (http_status == UNAUTHORIZED) {
        hw_sso_login_advise(request, &sso->session, err);
    }
    return status;
}

static enum hw_status url_make(const struct hw_credentials_request *request, const struct sso *sso, struct hw_buf *url,
                               struct hw_error *err) {
    HW_AUTO(hw_buf) path = {0};
    struct hw_endpoint endpoint;

    HW_TRY(hw_service_endpoint_resolve(request, HW_SERVICE_SSO, sso->region, &endpoint, err));
    HW_TRY(hw_buf_append_text(&path, "/federation/credentials?role_name=", err));
    HW_TRY(hw_uri_encode(sso->role_name, false, &path, err));
    HW_TRY(hw_buf_append_text(&path, "&account_id=", err));
    HW_TRY(hw_uri_encode(sso->account_id, false, &path, err));
    HW_TRY(hw_buf_end_text(&path, err));
    return hw_service_url(&endpoint, (const char *)path.data, url, err);
}
