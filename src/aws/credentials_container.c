/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials_container.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "aws/credentials_http.h"
#include "aws/environment.h"
#include "aws/secret.h"
#include "core/limits.h"
#include "core/mask.h"
#include "net/uri.h"

#define RELATIVE_URI "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
#define FULL_URI "AWS_CONTAINER_CREDENTIALS_FULL_URI"
#define TOKEN "AWS_CONTAINER_AUTHORIZATION_TOKEN"
#define TOKEN_FILE "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
#define RELATIVE_BASE "http://169.254.170.2"

enum { TIMEOUT_MS = 2000, ATTEMPTS_MAX = 3, URL_BYTES = 2048 };

static const struct hw_credentials_names names = {
    .access_key_id = "AccessKeyId",
    .secret_access_key = "SecretAccessKey",
    .session_token = "Token",
    .expires = "Expiration",
};

static enum hw_status url_make(char *out, struct hw_error *err);
static enum hw_status token_find(struct hw_secret *token, struct hw_error *err);
static enum hw_status keys_get(const struct hw_credentials_request *request, const char *url, const char *token,
                               struct hw_credentials *out_credentials, struct hw_error *err);

static enum hw_status container_find(const struct hw_credentials_request *request,
                                     struct hw_credentials *out_credentials, struct hw_error *err) {
    HW_AUTO(hw_secret) token = {0};
    char url[URL_BYTES];

    HW_TRY(url_make(url, err));
    HW_TRY(token_find(&token, err));
    const char *text = token.text.size > 0 ? (const char *)token.text.data : NULL;
    enum hw_status status = keys_get(request, url, text, out_credentials, err);
    if (status && text) {
        hw_mask_error(err, text);
    }
    return status;
}

const struct hw_credentials_provider hw_credentials_container = {"container", container_find};

static enum hw_status url_make(char *out, struct hw_error *err) {
    const char *relative = hw_env(RELATIVE_URI);
    const char *full = hw_env(FULL_URI);

    if (!relative && !full) {
        return hw_fail(err, HW_ENOTFOUND, "neither " RELATIVE_URI " nor " FULL_URI " is set");
    }
    /* What begins otherwise could become part of the host's name. */
    if (relative && relative[0] != '/') {
        return hw_fail(err, HW_ECONFIG, RELATIVE_URI " does not begin with '/'");
    }
    int bytes = snprintf(out, URL_BYTES, "%s%s", relative ? RELATIVE_BASE : "", relative ? relative : full);
    if (bytes < 0 || bytes >= URL_BYTES) {
        return hw_fail(err, HW_ECONFIG, "%s is longer than %d bytes", relative ? RELATIVE_URI : FULL_URI,
                       URL_BYTES - 1);
    }
    enum hw_status status = hw_container_url_check(out, err);
    if (status) {
        hw_error_prefix(err, "%s", relative ? RELATIVE_URI : FULL_URI);
    }
    return status;
}

static bool host_allowed(const struct hw_url *url);

enum hw_status hw_container_url_check(const char *text, struct hw_error *err) {
    char base[URL_BYTES];
    const char *query = strchr(text, '?');
    struct hw_url url;

    snprintf(base, sizeof(base), "%.*s", query ? (int)(query - text) : URL_BYTES - 1, text);
    for (const char *at = query ? query : ""; *at; at++) {
        if (*at <= ' ' || *at == 0x7f || *at == '#') {
            return hw_fail(err, HW_ECONFIG, "its query has a byte that no URL can have");
        }
    }
    HW_TRY(hw_url_parse(base, &url, err));
    if (!url.tls && !host_allowed(&url)) {
        return hw_fail(err, HW_ECONFIG,
                       "its host is %s, but without TLS keys are asked for only of a loopback address, 169.254.170.2, "
                       "169.254.170.23 and fd00:ec2::23",
                       url.host);
    }
    return HW_OK;
}

static bool host_allowed(const struct hw_url *url) {
    static const char *const agents[] = {"localhost", "169.254.170.2", "169.254.170.23"};
    static const char *const agents6[] = {"::1", "fd00:ec2::23"};
    char address[INET6_ADDRSTRLEN] = "";
    const size_t size = strlen(url->host);
    uint8_t bytes[16];
    uint8_t agent[16];

    for (size_t i = 0; i < COUNT_OF(agents); i++) {
        if (strcmp(url->host, agents[i]) == 0) {
            return true;
        }
    }
    if (inet_pton(AF_INET, url->host, bytes) == 1) {
        return bytes[0] == 127;
    }
    if (url->host[0] != '[' || size - 2 >= sizeof(address)) {
        return false;
    }
    memcpy(address, url->host + 1, size - 2);
    for (size_t i = 0; i < COUNT_OF(agents6) && inet_pton(AF_INET6, address, bytes) == 1; i++) {
        if (inet_pton(AF_INET6, agents6[i], agent) == 1 && memcmp(bytes, agent, sizeof(bytes)) == 0) {
            return true;
        }
    }
    return false;
}

static enum hw_status token_copy(const char *text, struct hw_secret *token, struct hw_error *err);

/* The token stays empty where none is set. */
static enum hw_status token_find(struct hw_secret *token, struct hw_error *err) {
    const char *path = hw_env(TOKEN_FILE);
    const char *text = hw_env(TOKEN);
    enum hw_status status = HW_OK;

    if (path) {
        status = hw_secret_file_read(path, HW_CREDENTIALS_REPLY_BYTES_MAX, &token->text, err);
    } else if (text) {
        status = token_copy(text, token, err);
    }
    if (status == HW_OK && token->text.size > 0) {
        const char *value = (const char *)token->text.data;
        for (size_t i = 0; i < token->text.size && status == HW_OK; i++) {
            status = value[i] >= ' ' && value[i] != 0x7f
                         ? HW_OK
                         : hw_fail(err, HW_EAUTH, "a byte that no header can hold, at position %zu of %zu", i + 1,
                                   token->text.size);
        }
    }
    if (status && status != HW_ENOMEM) {
        hw_error_prefix(err, "%s", path ? TOKEN_FILE : TOKEN);
        status = HW_EAUTH;
        if (err) {
            err->status = status;
        }
    }
    return status;
}

static enum hw_status token_copy(const char *text, struct hw_secret *token, struct hw_error *err) {
    HW_TRY(hw_buf_reserve(&token->text, strlen(text) + 1, err));
    HW_TRY(hw_buf_append_text(&token->text, text, err));
    return hw_buf_end_text(&token->text, err);
}

static enum hw_status keys_get(const struct hw_credentials_request *request, const char *url, const char *token,
                               struct hw_credentials *out_credentials, struct hw_error *err) {
    static const struct hw_refusal_names refusal = {"code", "message"};
    HW_AUTO(hw_credentials_http) http = {0};
    HW_AUTO(hw_secret_json) json = {0};
    int http_status;
    const struct hw_credentials_http_options options = {
        .service = "the agent of the container",
        .ca_bundle = request->settings->ca_bundle,
        .timeout_ms = TIMEOUT_MS,
        .stop = request->stop,
        .attempts_max = ATTEMPTS_MAX,
        .direct = true,
    };
    const struct hw_http_header headers[] = {{"Accept", "application/json"}, {"Authorization", token ? token : ""}};
    const struct hw_http_request get = {
        .method = "GET",
        .url = url,
        .headers = headers,
        .headers_count = token ? COUNT_OF(headers) : COUNT_OF(headers) - 1,
    };
    HW_TRY(hw_credentials_http_init(&http, &options, err));
    HW_TRY(hw_credentials_http_json(&http, &get, &refusal, &http_status, &json, err));
    enum hw_status status = hw_credentials_from_json(json.object, &names, out_credentials, err);
    if (status) {
        hw_error_prefix(err, "the reply of the agent of the container");
    }
    return status;
}
