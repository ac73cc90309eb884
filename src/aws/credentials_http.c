/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials_http.h"

#include "aws/secret.h"
#include "core/clock.h"
#include "core/limits.h"
#include "core/random.h"
#include "net/retry.h"

enum {
    HTTP_OK = 200,
    BUFFER_BYTES = 16 * 1024,
    /* The first pause between tries is at most a hundredth of it. */
    RETRY_FOR_MS = 20000,
};

enum hw_status hw_credentials_http_init(struct hw_credentials_http *http,
                                        const struct hw_credentials_http_options *options, struct hw_error *err) {
    const struct hw_http_options http_options = {
        .ca_bundle = options->ca_bundle,
        .direct = options->direct,
        .connections_max = 1,
        .buffer_bytes = BUFFER_BYTES,
        .timeout_ms = options->timeout_ms,
        .cancelled = options->stop.cancelled,
        .cancelled_ctx = options->stop.ctx,
    };
    HW_TRY(hw_http_new(&http_options, &http->http, err));
    http->options = *options;
    return HW_OK;
}

void hw_credentials_http_release(struct hw_credentials_http *http) {
    hw_http_free(http->http);
    *http = (struct hw_credentials_http){0};
}

void hw_credentials_reply_release(struct hw_credentials_reply *reply) {
    hw_secret_buf_release(&reply->body);
    reply->status = 0;
}

static enum hw_status try_once(struct hw_credentials_http *http, const struct hw_http_request *request,
                               struct hw_credentials_reply *reply, struct hw_error *err);
static enum hw_status passing_fault(int http_status, struct hw_error *err);

enum hw_status hw_credentials_http_send(struct hw_credentials_http *http, const struct hw_http_request *request,
                                        struct hw_credentials_reply *out_reply, struct hw_error *err) {
    enum hw_status status;

    for (unsigned tries = 0;; tries++) {
        HW_AUTO(hw_credentials_reply) reply = {0};
        status = try_once(http, request, &reply, err);
        if (status == HW_OK) {
            status = passing_fault(reply.status, err);
        }
        if (status == HW_OK) {
            *out_reply = reply;
            reply = (struct hw_credentials_reply){0};
            return HW_OK;
        }
        if (!hw_status_retryable(status) || tries + 1 >= http->options.attempts_max) {
            break;
        }
        hw_clock_sleep_ms(hw_retry_delay_ms(HW_RETRY_TRANSIENT, tries, hw_random_unit(), 0, RETRY_FOR_MS));
    }
    hw_error_prefix(err, "%s", http->options.service);
    return status;
}

/* The keys of a good reply go to memory that does not grow, so that no copy is left behind. */
static enum hw_status try_once(struct hw_credentials_http *http, const struct hw_http_request *request,
                               struct hw_credentials_reply *reply, struct hw_error *err) {
    struct hw_http_request local = *request;
    struct hw_http_response response = {0};

    HW_TRY(hw_buf_resize(&reply->body, HW_CREDENTIALS_REPLY_BYTES_MAX, err));
    local.into = reply->body.data;
    local.into_bytes = reply->body.size;
    reply->body.size = 0;
    HW_TRY(hw_http_perform(http->http, &local, &response, err));
    reply->status = response.status;
    if (response.status == HTTP_OK) {
        reply->body.size = response.into_bytes;
        hw_http_response_release(&response);
        return HW_OK;
    }
    hw_secret_buf_release(&reply->body);
    reply->body = response.body;
    response.body = (struct hw_buf){0};
    hw_http_response_release(&response);
    return HW_OK;
}

static enum hw_status passing_fault(int http_status, struct hw_error *err) {
    enum { TOO_MANY_REQUESTS = 429, SERVER_FAULTS = 500 };
    if (http_status != TOO_MANY_REQUESTS && http_status < SERVER_FAULTS) {
        return HW_OK;
    }
    enum hw_status status = http_status == TOO_MANY_REQUESTS ? HW_ETHROTTLED : HW_ESERVER;
    hw_error_set(err, status, "%s", hw_status_text(status));
    if (err) {
        err->http_status = http_status;
    }
    return status;
}

enum hw_status hw_credentials_http_refused(const struct hw_credentials_http *http, int http_status, hw_view code,
                                           hw_view text, struct hw_error *err) {
    enum { CLIENT_FAULTS = 400, SERVER_FAULTS = 500 };
    const bool refused = http_status >= CLIENT_FAULTS && http_status < SERVER_FAULTS;
    char quoted[HW_QUOTE_BYTES * 2];
    char quoted_code[HW_QUOTE_BYTES];
    enum hw_status status = refused ? HW_EAUTH : HW_EPROTOCOL;

    hw_quote(code.data, code.size, quoted_code, sizeof(quoted_code));
    hw_quote(text.data, text.size, quoted, sizeof(quoted));
    hw_error_set(err, status, "%s %s%s%s%s%s", http->options.service,
                 refused ? "refuses to hand out keys" : "sent a reply of another kind", code.size > 0 ? ": " : "",
                 code.size > 0 ? quoted_code : "", text.size > 0 ? ", " : "", text.size > 0 ? quoted : "");
    if (err) {
        err->http_status = http_status;
    }
    return status;
}

enum hw_status hw_credentials_http_json(struct hw_credentials_http *http, const struct hw_http_request *request,
                                        const struct hw_refusal_names *names, int *out_status,
                                        struct hw_secret_json *out_json, struct hw_error *err) {
    HW_AUTO(hw_credentials_reply) reply = {0};
    HW_AUTO(hw_secret_json) json = {0};

    *out_status = 0;
    HW_TRY(hw_credentials_http_send(http, request, &reply, err));
    *out_status = reply.status;
    enum hw_status status = hw_secret_json_read(hw_buf_view(&reply.body), &json, err);
    if (reply.status != HTTP_OK) {
        return hw_credentials_http_refused(http, reply.status, hw_secret_json_text(json.object, names->code),
                                           hw_secret_json_text(json.object, names->text), err);
    }
    if (status) {
        hw_error_prefix(err, "the reply of %s", http->options.service);
        return status;
    }
    *out_json = json;
    json.object = NULL;
    return HW_OK;
}
