/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials_instance.h"

#include <stdio.h>
#include <stdlib.h>

#include <openssl/crypto.h>

#include "aws/credentials_http.h"
#include "aws/credentials_json.h"
#include "core/clock.h"
#include "net/uri.h"

#define ROLES_PATH "/latest/meta-data/iam/security-credentials/"

/* Keys that have expired are taken for good for so long: the service will hand out others. */
#define LATE_KEYS_US (INT64_C(10) * 60 * 1000000)

enum {
    HTTP_OK = 200,
    HTTP_BAD_REQUEST = 400,
    URL_BYTES = 1280,
    SECONDS_MAX = 3600,
    ATTEMPTS_LIMIT = 100,
    TOKEN_BYTES = 1024,
    ROLE_BYTES = 128,
};

static const struct hw_credentials_names names = {
    .access_key_id = "AccessKeyId",
    .secret_access_key = "SecretAccessKey",
    .session_token = "Token",
    .expires = "Expiration",
};

/* How the service is asked. */
struct instance {
    char url[URL_BYTES]; /* without '/' at its end */
    uint32_t timeout_s;
    uint32_t attempts_max;
    bool v1_disabled;
    struct hw_credentials_http http;
    char token[TOKEN_BYTES]; /* "": none, as in IMDSv1 */
};

static enum hw_status settings_find(const struct hw_credentials_request *request, struct instance *instance,
                                    struct hw_error *err);
static enum hw_status keys_get(struct instance *instance, struct hw_credentials *out_credentials, struct hw_error *err);

static enum hw_status instance_find(const struct hw_credentials_request *request,
                                    struct hw_credentials *out_credentials, struct hw_error *err) {
    const char *disabled = getenv("AWS_EC2_METADATA_DISABLED");
    struct instance instance = {.timeout_s = 1, .attempts_max = 1};

    if (disabled && strcasecmp(disabled, "true") == 0) {
        return hw_fail(err, HW_ENOTFOUND, "the metadata service is not asked: AWS_EC2_METADATA_DISABLED is true");
    }
    HW_TRY(settings_find(request, &instance, err));
    const struct hw_credentials_http_options options = {
        .service = "the instance metadata service",
        .timeout_ms = instance.timeout_s * INT64_C(1000),
        .attempts_max = instance.attempts_max,
        .direct = true,
        .stop = request->stop,
    };
    HW_TRY(hw_credentials_http_init(&instance.http, &options, err));
    enum hw_status status = keys_get(&instance, out_credentials, err);
    hw_credentials_http_release(&instance.http);
    OPENSSL_cleanse(instance.token, sizeof(instance.token));
    return status;
}

const struct hw_credentials_provider hw_credentials_instance = {"instance metadata", instance_find};

static enum hw_status url_find(const struct hw_aws_lookup *lookup, char *out, struct hw_error *err);

static enum hw_status settings_find(const struct hw_credentials_request *request, struct instance *instance,
                                    struct hw_error *err) {
    static const struct hw_aws_places timeout_places = {{"AWS_METADATA_SERVICE_TIMEOUT"}, {"metadata_service_timeout"}};
    static const struct hw_aws_places attempts_places = {{"AWS_METADATA_SERVICE_NUM_ATTEMPTS"},
                                                         {"metadata_service_num_attempts"}};
    static const struct hw_aws_places v1_places = {{"AWS_EC2_METADATA_V1_DISABLED"}, {"ec2_metadata_v1_disabled"}};
    const struct hw_aws_lookup lookup = {request->files, request->settings->profile};

    HW_TRY(hw_aws_number_find(&lookup, &timeout_places, SECONDS_MAX, &instance->timeout_s, err));
    HW_TRY(hw_aws_number_find(&lookup, &attempts_places, ATTEMPTS_LIMIT, &instance->attempts_max, err));
    HW_TRY(hw_aws_bool_find(&lookup, &v1_places, &instance->v1_disabled, err));
    return url_find(&lookup, instance->url, err);
}

static enum hw_status mode_find(const struct hw_aws_lookup *lookup, bool *out_ipv6, struct hw_error *err);

static enum hw_status url_find(const struct hw_aws_lookup *lookup, char *out, struct hw_error *err) {
    static const struct hw_aws_places places = {{"AWS_EC2_METADATA_SERVICE_ENDPOINT"},
                                                {"ec2_metadata_service_endpoint"}};
    bool ipv6 = false;
    struct hw_url url;

    HW_TRY(mode_find(lookup, &ipv6, err));
    snprintf(out, URL_BYTES, "%s", ipv6 ? "http://[fd00:ec2::254]" : "http://169.254.169.254");
    HW_TRY(hw_aws_text_find(lookup, &places, out, URL_BYTES, err));
    enum hw_status status = hw_url_parse(out, &url, err);
    if (status) {
        hw_error_prefix(err, "%s or %s", places.env[0], places.profile[0]);
        return status;
    }
    for (size_t size = strlen(out); size > 0 && out[size - 1] == '/'; size--) {
        out[size - 1] = '\0';
    }
    return HW_OK;
}

static enum hw_status mode_find(const struct hw_aws_lookup *lookup, bool *out_ipv6, struct hw_error *err) {
    static const struct hw_aws_places mode_places = {{"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"},
                                                     {"ec2_metadata_service_endpoint_mode"}};
    static const struct hw_aws_places ipv6_places = {{"AWS_IMDS_USE_IPV6"}, {"imds_use_ipv6"}};
    char mode[16] = "";
    char quoted[HW_QUOTE_BYTES];

    HW_TRY(hw_aws_text_find(lookup, &mode_places, mode, sizeof(mode), err));
    if (!mode[0]) {
        return hw_aws_bool_find(lookup, &ipv6_places, out_ipv6, err);
    }
    *out_ipv6 = strcasecmp(mode, "ipv6") == 0;
    if (!*out_ipv6 && strcasecmp(mode, "ipv4") != 0) {
        return hw_fail(err, HW_ECONFIG, "%s or %s is %s, but must be ipv4 or ipv6", mode_places.env[0],
                       mode_places.profile[0], hw_quote(mode, strlen(mode), quoted, sizeof(quoted)));
    }
    return HW_OK;
}

static enum hw_status token_get(struct instance *instance, struct hw_error *err);
static enum hw_status metadata_get(struct instance *instance, const char *path, struct hw_credentials_reply *out_reply,
                                   struct hw_error *err);
static bool role_take(hw_view text, char *out);

static enum hw_status keys_get(struct instance *instance, struct hw_credentials *out_credentials,
                               struct hw_error *err) {
    HW_AUTO(hw_credentials_reply) roles = {0};
    HW_AUTO(hw_credentials_reply) keys = {0};
    HW_AUTO(hw_secret_json) json = {0};
    char path[sizeof(ROLES_PATH) + ROLE_BYTES] = ROLES_PATH;
    struct hw_credentials found = {0};

    HW_TRY(token_get(instance, err));
    HW_TRY(metadata_get(instance, path, &roles, err));
    if (!role_take(hw_buf_view(&roles.body), path + sizeof(ROLES_PATH) - 1)) {
        return hw_fail(err, HW_ENOTFOUND, "the instance metadata service names no role");
    }
    HW_TRY(metadata_get(instance, path, &keys, err));
    enum hw_status status = hw_secret_json_read(hw_buf_view(&keys.body), &json, err);
    if (status == HW_OK) {
        status = hw_credentials_from_json(json.object, &names, &found, err);
    }
    if (status == HW_EPROTOCOL) {
        hw_error_prefix(err, "the keys that the instance metadata service sent");
        status = HW_ENOTFOUND;
    }
    if (status == HW_OK) {
        const int64_t now_us = hw_clock_now_us();
        found.expires_us = found.expires_us > now_us ? found.expires_us : now_us + LATE_KEYS_US;
        *out_credentials = found;
    }
    hw_credentials_wipe(&found);
    return status;
}

/*
 * Asks for a token. No reply, or one that says that there is no such service, leaves it empty:
 * where packets may not go so far (the hop limit of containers), IMDSv1 is what is left.
 */
static enum hw_status token_get(struct instance *instance, struct hw_error *err) {
    static const struct hw_http_header ttl = {"X-aws-ec2-metadata-token-ttl-seconds", "21600"};
    HW_AUTO(hw_credentials_reply) reply = {0};
    char url[URL_BYTES + 64];

    snprintf(url, sizeof(url), "%s/latest/api/token", instance->url);
    const struct hw_http_request put = {.method = "PUT", .url = url, .headers = &ttl, .headers_count = 1};
    enum hw_status status = hw_credentials_http_send(&instance->http, &put, &reply, err);
    if (status == HW_ENOMEM || status == HW_ECANCELLED) {
        return status;
    }
    const hw_view token = hw_buf_view(&reply.body);
    bool good = status == HW_OK && reply.status == HTTP_OK && token.size > 0 && token.size < sizeof(instance->token);
    for (size_t i = 0; good && i < token.size; i++) {
        good = token.data[i] > ' ' && token.data[i] < 0x7f;
    }
    if (good) {
        memcpy(instance->token, token.data, token.size);
        instance->token[token.size] = '\0';
        return HW_OK;
    }
    if (reply.status == HTTP_BAD_REQUEST || reply.status == HTTP_OK) {
        return hw_fail(err, HW_ENOTFOUND, "the instance metadata service sent no token");
    }
    return instance->v1_disabled
               ? hw_fail(err, HW_ENOTFOUND, "the instance metadata service has no token, and IMDSv1 is disabled")
               : HW_OK;
}

/* HW_ENOTFOUND where there is no good reply with a body. */
static enum hw_status metadata_get(struct instance *instance, const char *path, struct hw_credentials_reply *out_reply,
                                   struct hw_error *err) {
    const struct hw_http_header token = {"X-aws-ec2-metadata-token", instance->token};
    HW_AUTO(hw_credentials_reply) reply = {0};
    char url[URL_BYTES + sizeof(ROLES_PATH) + ROLE_BYTES];

    snprintf(url, sizeof(url), "%s%s", instance->url, path);
    const struct hw_http_request get = {
        .method = "GET", .url = url, .headers = &token, .headers_count = instance->token[0] ? 1 : 0};
    enum hw_status status = hw_credentials_http_send(&instance->http, &get, &reply, err);
    if (status == HW_ENOMEM || status == HW_ECANCELLED) {
        return status;
    }
    if (status != HW_OK || reply.status != HTTP_OK || reply.body.size == 0) {
        return hw_fail(err, HW_ENOTFOUND, "the instance metadata service has no keys to give");
    }
    *out_reply = reply;
    reply = (struct hw_credentials_reply){0};
    return HW_OK;
}

/* The name of a role becomes part of a path: nothing but the letters of such names may pass. */
static bool role_take(hw_view text, char *out) {
    text = hw_view_trim(text);
    for (size_t i = 0; i < text.size; i++) {
        const char byte = text.data[i];
        const bool letter =
            (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9');
        if (!letter && (byte == '\0' || !strchr("+=,.@_-", byte))) {
            return false;
        }
    }
    if (text.size == 0 || text.size >= ROLE_BYTES) {
        return false;
    }
    memcpy(out, text.data, text.size);
    out[text.size] = '\0';
    return true;
}
