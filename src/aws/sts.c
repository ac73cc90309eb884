/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/sts.h"

#include <stdio.h>

#include "aws/credentials_http.h"
#include "aws/credentials_json.h"
#include "aws/secret.h"
#include "aws/service_endpoint.h"
#include "aws/sigv4.h"
#include "codec/checksum.h"
#include "codec/checksum_sha256.h"
#include "core/bytes_text.h"
#include "core/clock.h"
#include "core/mask.h"
#include "net/uri.h"
#include "net/xml.h"

#define CONTENT_TYPE "application/x-www-form-urlencoded; charset=utf-8"

enum {
    HTTP_OK = 200,
    TIMEOUT_MS = 10000,
    ATTEMPTS_MAX = 3,
    TIMESTAMP_BYTES = 17,
    HEADERS_MAX = 4,
    NUMBER_BYTES = 16,
    SESSION_NAME_BYTES = 40,
};

static enum hw_status body_make(const struct hw_sts_role *role, struct hw_buf *body, struct hw_error *err);
static enum hw_status request_send(const struct hw_credentials_request *request, const struct hw_sts_role *role,
                                   hw_view body, struct hw_credentials *out_credentials, struct hw_error *err);

enum hw_status hw_sts_assume(const struct hw_credentials_request *request, const struct hw_sts_role *role,
                             struct hw_credentials *out_credentials, struct hw_error *err) {
    HW_AUTO(hw_secret) body = {0};
    char quoted[HW_QUOTE_BYTES];

    enum hw_status status = body_make(role, &body.text, err);
    if (status == HW_OK) {
        status = request_send(request, role, hw_buf_view(&body.text), out_credentials, err);
    }
    if (status) {
        hw_error_prefix(err, "role %s", hw_quote(role->arn.data, role->arn.size, quoted, sizeof(quoted)));
    }
    return status;
}

/* All that is sent is in the body, a form. */
static enum hw_status body_make(const struct hw_sts_role *role, struct hw_buf *body, struct hw_error *err) {
    char duration[NUMBER_BYTES] = "";
    char session_name[SESSION_NAME_BYTES];

    snprintf(session_name, sizeof(session_name), "hawser-%" PRId64, hw_clock_now_us() / 1000000);
    if (role->duration_seconds > 0) {
        snprintf(duration, sizeof(duration), "%" PRIu32, role->duration_seconds);
    }
    const struct {
        const char *name;
        hw_view value;
    } fields[] = {
        {"RoleArn", role->arn},
        {"RoleSessionName", role->session_name.size > 0 ? role->session_name : hw_view_of(session_name)},
        {"ExternalId", role->external_id},
        {"DurationSeconds", hw_view_of(duration)},
        {"WebIdentityToken", hw_view_of(role->source ? "" : role->web_identity)},
    };
    /* A token that grows to three times its size does not leave copies behind. */
    HW_TRY(hw_buf_reserve(body, 3 * fields[COUNT_OF(fields) - 1].value.size + HW_KIB(4), err));
    HW_TRY(hw_buf_printf(body, err, "Action=%s&Version=2011-06-15",
                         role->source ? "AssumeRole" : "AssumeRoleWithWebIdentity"));
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        if (fields[i].value.size > 0) {
            HW_TRY(hw_buf_printf(body, err, "&%s=", fields[i].name));
            HW_TRY(hw_uri_encode(fields[i].value, false, body, err));
        }
    }
    return HW_OK;
}

/* The headers of a request, and the texts that they point to. */
struct signed_headers {
    struct hw_http_header list[HEADERS_MAX];
    size_t count;
    char timestamp[TIMESTAMP_BYTES];
    struct hw_secret authorization;
};
static enum hw_status headers_make(const struct hw_endpoint *endpoint, const struct hw_sts_role *role, hw_view body,
                                   struct signed_headers *headers, struct hw_error *err);
static enum hw_status reply_read(const struct hw_credentials_http *http, const struct hw_credentials_reply *reply,
                                 struct hw_credentials *out_credentials, struct hw_error *err);
static void secrets_mask(const struct hw_sts_role *role, struct hw_error *err);

static enum hw_status request_send(const struct hw_credentials_request *request, const struct hw_sts_role *role,
                                   hw_view body, struct hw_credentials *out_credentials, struct hw_error *err) {
    HW_AUTO(hw_credentials_http) http = {0};
    HW_AUTO(hw_credentials_reply) reply = {0};
    HW_AUTO(hw_buf) url = {0};
    struct signed_headers headers = {0};
    struct hw_endpoint endpoint;
    const struct hw_credentials_http_options options = {
        .service = hw_service_name(HW_SERVICE_STS),
        .ca_bundle = request->settings->ca_bundle,
        .timeout_ms = TIMEOUT_MS,
        .stop = request->stop,
        .attempts_max = ATTEMPTS_MAX,
    };
    HW_TRY(hw_service_endpoint_resolve(request, HW_SERVICE_STS, request->settings->region, &endpoint, err));
    HW_TRY(hw_service_url(&endpoint, "/", &url, err));
    HW_TRY(hw_credentials_http_init(&http, &options, err));
    enum hw_status status = headers_make(&endpoint, role, body, &headers, err);
    if (status == HW_OK) {
        const struct hw_http_request post = {
            .method = "POST",
            .url = (const char *)url.data,
            .headers = headers.list,
            .headers_count = headers.count,
            .body = body.data,
            .body_bytes = body.size,
        };
        status = hw_credentials_http_send(&http, &post, &reply, err);
    }
    hw_secret_release(&headers.authorization);
    if (status == HW_OK) {
        status = reply_read(&http, &reply, out_credentials, err);
    }
    if (status) {
        secrets_mask(role, err);
    }
    return status;
}

static enum hw_status authorization_make(const struct hw_endpoint *endpoint, const struct hw_credentials *keys,
                                         hw_view body, struct signed_headers *headers, struct hw_error *err);

static enum hw_status headers_make(const struct hw_endpoint *endpoint, const struct hw_sts_role *role, hw_view body,
                                   struct signed_headers *headers, struct hw_error *err) {
    headers->list[headers->count++] = (struct hw_http_header){"Content-Type", CONTENT_TYPE};
    if (!role->source) {
        return HW_OK;
    }
    char now[HW_CLOCK_TEXT_BYTES];
    char *at = headers->timestamp;
    hw_clock_format(hw_clock_now_us(), now);
    for (const char *from = now; *from && at < headers->timestamp + TIMESTAMP_BYTES - 1; from++) {
        if (*from != '-' && *from != ':') {
            *at++ = *from; /* 20150830T123600Z */
        }
    }
    headers->list[headers->count++] = (struct hw_http_header){"X-Amz-Date", headers->timestamp};
    if (role->source->session_token[0]) {
        headers->list[headers->count++] = (struct hw_http_header){"X-Amz-Security-Token", role->source->session_token};
    }
    HW_TRY(authorization_make(endpoint, role->source, body, headers, err));
    headers->list[headers->count++] =
        (struct hw_http_header){"Authorization", (const char *)headers->authorization.text.data};
    return HW_OK;
}

static enum hw_status authorization_make(const struct hw_endpoint *endpoint, const struct hw_credentials *keys,
                                         hw_view body, struct signed_headers *headers, struct hw_error *err) {
    struct hw_sigv4_header signed_headers[HEADERS_MAX + 1] = {{"Host", endpoint->host}};
    uint8_t sum[HW_SHA256_BYTES];
    char hex[HW_SHA256_HEX_BYTES];
    char path[sizeof(endpoint->path) + 1];

    for (size_t i = 0; i < headers->count; i++) {
        signed_headers[i + 1] = (struct hw_sigv4_header){headers->list[i].name, headers->list[i].value};
    }
    hw_sha256_of(body.data, body.size, sum);
    hw_hex(sum, sizeof(sum), hex);
    snprintf(path, sizeof(path), "%s/", endpoint->path);
    const struct hw_sigv4_request request = {
        .method = "POST",
        .path = path,
        .query = "",
        .headers = signed_headers,
        .headers_count = headers->count + 1,
        .payload_sha256 = hex,
    };
    const struct hw_sigv4_scope scope = {
        .region = endpoint->signing_region,
        .service = "sts",
        .timestamp = headers->timestamp,
        .normalise_path = true,
    };
    HW_TRY(hw_sigv4_authorization(&request, &scope, keys, NULL, &headers->authorization.text, err));
    return hw_buf_end_text(&headers->authorization.text, err);
}

/* The texts of a reply that matter. */
enum reply_text { ACCESS_KEY_ID, SECRET_ACCESS_KEY, SESSION_TOKEN, EXPIRATION, CODE, MESSAGE, REPLY_TEXTS };
struct reply_texts {
    struct hw_secret list[REPLY_TEXTS];
};

static void reply_texts_release(struct reply_texts *texts) {
    for (size_t i = 0; i < REPLY_TEXTS; i++) {
        hw_secret_release(&texts->list[i]);
    }
}

static hw_view reply_text(const struct reply_texts *texts, enum reply_text which) {
    return hw_buf_view(&texts->list[which].text);
}

static enum hw_status text_keep(struct reply_texts *texts, enum reply_text which, hw_view text, struct hw_error *err) {
    if (texts->list[which].text.size > 0) {
        return hw_fail(err, HW_EPROTOCOL, "it says one thing twice");
    }
    return hw_buf_append(&texts->list[which].text, text.data, text.size, err);
}

#define TEXT_TAKEN(name, which)                                                         \
    static enum hw_status name##_taken(void *ctx, hw_view text, struct hw_error *err) { \
        return text_keep(ctx, which, text, err);                                        \
    }
TEXT_TAKEN(access_key_id, ACCESS_KEY_ID)
TEXT_TAKEN(secret_access_key, SECRET_ACCESS_KEY)
TEXT_TAKEN(session_token, SESSION_TOKEN)
TEXT_TAKEN(expires, EXPIRATION)
TEXT_TAKEN(code, CODE)
TEXT_TAKEN(message, MESSAGE)
#undef TEXT_TAKEN

#define KEYS_ROWS(action)                                                                                \
    {action "Response/" action "Result/Credentials/AccessKeyId", NULL, access_key_id_taken},             \
        {action "Response/" action "Result/Credentials/SecretAccessKey", NULL, secret_access_key_taken}, \
        {action "Response/" action "Result/Credentials/SessionToken", NULL, session_token_taken}, {      \
        action "Response/" action "Result/Credentials/Expiration", NULL, expires_taken                   \
    }

static const struct hw_xml_row reply_rows[] = {
    KEYS_ROWS("AssumeRole"),
    KEYS_ROWS("AssumeRoleWithWebIdentity"),
    {"ErrorResponse/Error/Code", NULL, code_taken},
    {"ErrorResponse/Error/Message", NULL, message_taken},
};
#undef KEYS_ROWS

static enum hw_status keys_take(const struct reply_texts *texts, struct hw_credentials *out_credentials,
                                struct hw_error *err);

static enum hw_status reply_read(const struct hw_credentials_http *http, const struct hw_credentials_reply *reply,
                                 struct hw_credentials *out_credentials, struct hw_error *err) {
    HW_AUTO(reply_texts) texts = {0};
    const hw_view body = hw_buf_view(&reply->body);
    enum hw_status status = hw_xml_parse(body, reply_rows, COUNT_OF(reply_rows), &texts, err);

    if (reply->status != HTTP_OK) {
        status = hw_credentials_http_refused(http, reply->status, reply_text(&texts, CODE), reply_text(&texts, MESSAGE),
                                             err);
    } else {
        status = status ? status : keys_take(&texts, out_credentials, err);
        if (status) {
            hw_error_prefix(err, "the reply of STS");
        }
    }
    return status;
}

static enum hw_status keys_take(const struct reply_texts *texts, struct hw_credentials *out_credentials,
                                struct hw_error *err) {
    const struct hw_credentials_texts keys = {
        .access_key_id = reply_text(texts, ACCESS_KEY_ID),
        .secret_access_key = reply_text(texts, SECRET_ACCESS_KEY),
        .session_token = reply_text(texts, SESSION_TOKEN),
        .access_key_id_name = "AccessKeyId",
        .secret_access_key_name = "SecretAccessKey",
        .session_token_name = "SessionToken",
    };
    struct hw_credentials found = {0};
    int64_t expires_us;

    if (keys.session_token.size == 0) {
        return hw_fail(err, HW_EPROTOCOL, "it has no SessionToken");
    }
    if (!hw_credentials_time_parse(reply_text(texts, EXPIRATION), &expires_us)) {
        return hw_fail(err, HW_EPROTOCOL, "its Expiration is no time");
    }
    enum hw_status status = hw_credentials_assemble(&keys, &found, err);
    if (status) {
        if (err) {
            err->status = HW_EPROTOCOL;
        }
        return HW_EPROTOCOL;
    }
    found.expires_us = expires_us;
    *out_credentials = found;
    hw_credentials_wipe(&found);
    return HW_OK;
}

/* A service may send back what it was sent. */
static void secrets_mask(const struct hw_sts_role *role, struct hw_error *err) {
    if (role->source) {
        hw_mask_error(err, role->source->secret_access_key);
        hw_mask_error(err, role->source->session_token);
    } else {
        hw_mask_error(err, role->web_identity);
    }
}
