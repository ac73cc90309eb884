/* SPDX-License-Identifier: Apache-2.0 */
#include "web/client.h"

#include <stdio.h>

#include "core/alloc.h"
#include "core/clock.h"
#include "core/log.h"
#include "core/random.h"
#include "core/shown_name.h"
#include "net/http_share.h"
#include "web/address.h"

enum { HEADERS_MAX = 3 };

struct hw_web_client {
    struct hw_http_share *http;
    struct hw_retry_policy retry_policy;
    bool (*cancelled)(void *ctx);
    void *cancelled_ctx;
    const struct hw_log *log;
};

static enum hw_status get_send(void *ctx, struct hw_error *err);
static enum hw_call_verdict get_judge(void *ctx, enum hw_status status, struct hw_http_response *response,
                                      struct hw_error *err, int64_t *pause_ms);
static void get_tell(void *ctx, struct hw_error *err);
static bool get_stopped(void *ctx);
static enum hw_status reply_judge(struct hw_web_get *get, enum hw_status status, struct hw_http_response *response,
                                  struct hw_error *err);
static enum hw_status redirect_take(struct hw_web_get *get, const struct hw_http_response *response,
                                    struct hw_error *err);
static int64_t pause_of(struct hw_web_get *get, enum hw_status status, const struct hw_http_response *response);
static void log_tell(const struct hw_web_get *get, const struct hw_http_response *response,
                     struct hw_log_record record);

static const struct hw_call_ops get_ops = {
    .send = get_send,
    .judge = get_judge,
    .tell = get_tell,
    .cancelled = get_stopped,
};

enum hw_status hw_web_client_new(const struct hw_store_options *options, struct hw_web_client **out_client,
                                 struct hw_error *err) {
    struct hw_web_client *client = hw_alloc_zero(1, sizeof(*client));
    if (!client) {
        return hw_fail_nomem(err, sizeof(*client));
    }
    hw_retry_policy_init(&client->retry_policy, options->attempts_max, options->retry_for_ms);
    client->cancelled = options->cancelled;
    client->cancelled_ctx = options->cancelled_ctx;
    client->log = options->log;
    const struct hw_http_options http_options = {
        .ca_bundle = options->ca_bundle,
        .connections_max = options->connections_max,
        .buffer_bytes = options->buffer_bytes,
        .timeout_ms = options->timeout_ms,
    };
    enum hw_status status = hw_http_share_get(&http_options, options->bytes_per_second_max, &client->http, err);
    if (status) {
        hw_web_client_free(client);
        return status;
    }
    *out_client = client;
    return HW_OK;
}

void hw_web_client_count_throttled(struct hw_web_client *client, atomic_uint_fast64_t *counter) {
    client->retry_policy.throttled = counter;
}

void hw_web_client_free(struct hw_web_client *client) {
    if (!client) {
        return;
    }
    hw_http_share_put(client->http);
    hw_retry_policy_release(&client->retry_policy);
    hw_free(client);
}

enum hw_status hw_web_get_start(struct hw_web_client *client, struct hw_web_get *get, struct hw_error *err) {
    get->client = client;
    get->tries = (struct hw_call){.ops = &get_ops, .ctx = get, .http = client->http->http};
    return hw_call_start(&get->tries, err);
}

void hw_web_get_release(struct hw_web_get *get) {
    hw_call_release(&get->tries);
    hw_buf_release(&get->at);
    *get = (struct hw_web_get){0};
}

static enum hw_status get_send(void *ctx, struct hw_error *err) {
    struct hw_web_get *get = ctx;
    struct hw_http_header headers[HEADERS_MAX] = {{"Accept-Encoding", "identity"}};
    size_t count = 1;
    char range[64];
    if (get->bytes > 0) {
        snprintf(range, sizeof(range), "bytes=%" PRIu64 "-%" PRIu64, get->offset, get->offset + get->bytes - 1);
        headers[count++] = (struct hw_http_header){"Range", range};
    }
    if (get->pin) {
        headers[count++] = get->pin->strong ? (struct hw_http_header){"If-Match", get->pin->etag}
                                            : (struct hw_http_header){"If-Unmodified-Since", get->pin->modified};
    }
    const struct hw_http_request request = {
        .method = "GET",
        .url = get->at.size > 0 ? (const char *)get->at.data : get->address,
        .headers = headers,
        .headers_count = count,
        .into = get->into,
        .into_bytes = get->into ? get->bytes : 0,
        .take = get->take,
        .take_ctx = get->ctx,
    };
    get->attempts++;
    get->sent_us = hw_clock_monotonic_us();
    return hw_call_send(&get->tries, &request, err);
}

enum hw_status hw_web_get_wait(struct hw_web_get *get, struct hw_error *err) {
    HW_AUTO(hw_http_response) response = {0};
    return hw_call_wait(&get->tries, &response, err);
}

static bool get_stopped(void *ctx) {
    const struct hw_web_client *client = ((struct hw_web_get *)ctx)->client;
    return client->cancelled && client->cancelled(client->cancelled_ctx);
}

/* The caller names the address. */
static void get_tell(void *ctx, struct hw_error *err) {
    (void)ctx, (void)err;
}

/* Where a request is made again it begins anew, at the address that the caller has named. */
static enum hw_call_verdict get_judge(void *ctx, enum hw_status status, struct hw_http_response *response,
                                      struct hw_error *err, int64_t *pause_ms) {
    struct hw_web_get *get = ctx;
    status = reply_judge(get, status, response, err);
    if (status == HW_OK && hw_web_redirect(response->status)) {
        *pause_ms = 0;
        return HW_CALL_AGAIN;
    }
    if (status == HW_OK) {
        hw_retry_answered(&get->client->retry_policy);
        log_tell(get, response, (struct hw_log_record){.level = HW_LOG_DEBUG, .event = "request.done"});
        return HW_CALL_GOOD;
    }
    *pause_ms = pause_of(get, status, response);
    log_tell(get, response,
             (struct hw_log_record){.level = HW_LOG_WARN,
                                    .event = *pause_ms >= 0 ? "request.retry" : "request.failed",
                                    .message = err->message,
                                    .error = err,
                                    .retry_in_seconds = *pause_ms > 0 ? (double)*pause_ms / 1e3 : 0});
    if (*pause_ms < 0) {
        if (get->retry.retries > 0) {
            hw_error_prefix(err, "%u tries", get->retry.retries + 1);
        }
        return HW_CALL_FAILED;
    }
    hw_buf_release(&get->at);
    get->redirects = 0;
    if (get->again) {
        get->again(get->ctx);
    }
    return HW_CALL_AGAIN;
}

/* Judges a reply. A redirect that can be followed is HW_OK. */
static enum hw_status reply_judge(struct hw_web_get *get, enum hw_status status, struct hw_http_response *response,
                                  struct hw_error *err) {
    if (status == HW_OK && hw_web_redirect(response->status)) {
        status = redirect_take(get, response, err);
    } else if (status == HW_OK && (response->status == 200 || response->status == 206 || response->status == 416)) {
        status = get->check(get->ctx, response, err);
    } else if (status == HW_OK) {
        status = hw_web_reply_fail(response, get->address[hw_web_address_told_bytes(get->address)] == '?', err);
    }
    if (status != HW_OK && err->http_status == 0) {
        err->http_status = response->status;
    }
    return status;
}

static enum hw_status redirect_take(struct hw_web_get *get, const struct hw_http_response *response,
                                    struct hw_error *err) {
    HW_AUTO(hw_buf) next = {0};
    const char *from = get->at.size > 0 ? (const char *)get->at.data : get->address;
    const hw_view target = hw_http_header_find(response, "Location");
    if (get->redirects++ >= HW_WEB_REDIRECTS_MAX) {
        return hw_fail(err, HW_EAUTH, "more than %d redirects after each other are not followed", HW_WEB_REDIRECTS_MAX);
    }
    HW_TRY(hw_web_address_follow(from, target.data ? target : HW_VIEW(""), &next, err));
    const char *to = (const char *)next.data;
    char message[HW_QUOTE_BYTES + 32];
    char quoted[HW_QUOTE_BYTES];
    snprintf(message, sizeof(message), "goes on at %s",
             hw_quote(to, hw_web_address_told_bytes(to), quoted, sizeof(quoted)));
    log_tell(get, response,
             (struct hw_log_record){.level = HW_LOG_INFO, .event = "request.redirected", .message = message});
    hw_buf_release(&get->at);
    get->at = next;
    next = (struct hw_buf){0};
    return HW_OK;
}

/* Returns the pause before another try; -1 where none is worth it. */
static int64_t pause_of(struct hw_web_get *get, enum hw_status status, const struct hw_http_response *response) {
    struct hw_retry_policy *policy = &get->client->retry_policy;
    if (status != HW_EPROTOCOL && !hw_status_retryable(status)) {
        if (response->status > 0) {
            hw_retry_answered(policy);
        }
        return -1;
    }
    const enum hw_retry_kind kind = status == HW_ETHROTTLED ? HW_RETRY_THROTTLED : HW_RETRY_TRANSIENT;
    hw_retry_count(policy, kind, response->status);
    return hw_retry_take(policy, &get->retry, kind, hw_random_unit(), hw_web_retry_after_ms(response));
}

static void log_tell(const struct hw_web_get *get, const struct hw_http_response *response,
                     struct hw_log_record record) {
    const struct hw_log *log = get->client->log;
    HW_AUTO(hw_buf) name = {0};
    if (!hw_log_wants(log, record.level)) {
        return;
    }
    const bool named = hw_buf_printf(&name, NULL, HW_SHOWN_FORMAT, HW_SHOWN_ARGS(hw_shown_name(get->address))) == HW_OK;
    record.object = named ? (const char *)name.data : "";
    record.operation = "GET";
    record.attempt = get->attempts;
    record.seconds = (double)(hw_clock_monotonic_us() - get->sent_us) / 1e6;
    record.http_status = response->status;
    record.bytes = response->body.size + response->into_bytes;
    hw_log_tell(log, record);
}
