/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/client.h"

#include <stdatomic.h>
#include <stdio.h>

#include "aws/credentials_chain.h"
#include "aws/endpoint.h"
#include "aws/settings.h"
#include "aws/sigv4.h"
#include "codec/checksum.h"
#include "codec/checksum_sha256.h"
#include "core/alloc.h"
#include "core/clock.h"
#include "core/random.h"
#include "net/date.h"
#include "s3/call_log.h"
#include "s3/mask.h"
#include "s3/reply.h"

/*
 * A signature is good for 15 minutes either way: a smaller difference of the clocks is not why it
 * was refused.
 */
#define CLOCK_DIFFERENCE_US_MIN (INT64_C(4) * 60 * 1000000)
/* Keys that expire so soon are read again before they are used. */
#define KEYS_LEFT_US_MIN (INT64_C(5) * 60 * 1000000)

/* This is the limit of AWS; services like it may have shorter names. */
enum { BUCKET_BYTES_MIN = 3 };
/* The client adds host, date, hash of the payload, token and authorization. */
enum { HEADERS_MAX = HW_S3_HEADERS_MAX + 5 };

struct hw_s3_client {
    /* Set by hw_s3_client_new, then constant. */
    struct hw_aws_settings settings;
    /* NULL means that none was chosen. */
    char *profile;
    char *bucket;
    bool anonymous;
    bool (*cancelled)(void *ctx);
    void *cancelled_ctx;
    const struct hw_log *log;
    struct hw_http *http;
    struct hw_retry_policy retry_policy;
    /*
     * True once a call that must end did not end in its time, so that the service is taken for
     * dead.
     */
    atomic_bool grace_used;

    struct {
        pthread_mutex_t lock;
        struct hw_endpoint endpoint;
        /* The service's time minus ours. */
        int64_t clock_offset_us;
        struct hw_credentials keys;
        /* 0 means that no credentials were read yet. */
        uint64_t keys_generation;
        bool keys_stale;
    } synced;
};

/* The credentials, region and time that sign one try. They are wiped after use. */
struct signing {
    struct hw_endpoint endpoint;
    struct hw_credentials keys;
    char timestamp[HW_CLOCK_TEXT_BYTES];
};

static enum hw_status bucket_check(const struct hw_s3_client *client, struct hw_error *err);
static enum hw_status endpoint_find(struct hw_s3_client *client, const char *region, struct hw_endpoint *out_endpoint,
                                    struct hw_error *err);
static enum hw_status call_send(struct hw_s3_call *call, struct hw_error *err);
static enum hw_status signing_begin(struct hw_s3_call *call, struct signing *out_signing, struct hw_error *err);
static enum hw_status keys_get_locked(struct hw_s3_client *client, struct hw_credentials *out_keys,
                                      struct hw_error *err);
static enum hw_status call_send_signed(struct hw_s3_call *call, const struct signing *signing, struct hw_error *err);
static enum hw_status authorization_make(const struct signing *signing, const struct hw_sigv4_request *request,
                                         struct hw_buf *out_value, struct hw_error *err);
static void signature_keep(struct hw_s3_call *call, const char *authorization);
static void payload_hash(struct hw_s3_call *call, bool tls);
static enum hw_status call_end(struct hw_s3_call *call, struct hw_http_response *response,
                               struct hw_s3_fault *out_fault, struct hw_error *err);
static bool call_remedy(struct hw_s3_call *call, const struct hw_s3_fault *fault,
                        const struct hw_http_response *response, int64_t *out_delay_ms);
static bool clock_learn(const struct hw_s3_call *call, const struct hw_http_response *response);
static bool region_learn(const struct hw_s3_call *call, const struct hw_s3_fault *fault);
static bool call_stopped(void *ctx);
static void call_tell(const struct hw_s3_call *call, struct hw_error *err);
static void call_log(const struct hw_s3_call *call, const struct hw_http_response *response,
                     const struct hw_error *fault, int64_t delay_ms);

enum hw_status hw_s3_client_new(const struct hw_store_options *options, const char *bucket,
                                struct hw_s3_client **out_client, struct hw_error *err) {
    struct hw_s3_client *client = hw_alloc_zero(1, sizeof(*client));
    if (!client) {
        return hw_fail_nomem(err, sizeof(*client));
    }
    hw_retry_policy_init(&client->retry_policy, 0, options->retry_for_ms);
    pthread_mutex_init(&client->synced.lock, NULL);
    client->anonymous = options->no_sign_request;
    client->cancelled = options->cancelled;
    client->cancelled_ctx = options->cancelled_ctx;
    client->log = options->log;
    client->bucket = hw_strdup(bucket);
    client->profile = options->profile ? hw_strdup(options->profile) : NULL;

    enum hw_status status = HW_OK;
    if (!client->bucket || (options->profile && !client->profile)) {
        status = hw_fail_nomem(err, strlen(bucket) + 1);
    }
    status = status ? status : hw_aws_settings_resolve(options, &client->settings, err);
    client->retry_policy.attempts_max = client->settings.attempts_max;
    status = status ? status : bucket_check(client, err);
    status = status ? status : endpoint_find(client, client->settings.region, &client->synced.endpoint, err);
    if (status == HW_OK) {
        const struct hw_http_options http_options = {
            .ca_bundle = client->settings.ca_bundle,
            .connections_max = options->connections_max,
            .buffer_bytes = options->buffer_bytes,
            .timeout_ms = options->timeout_ms,
            .cancelled = options->cancelled,
            .cancelled_ctx = options->cancelled_ctx,
        };
        status = hw_http_new(&http_options, &client->http, err);
    }
    if (status) {
        hw_s3_client_free(client);
        return status;
    }
    *out_client = client;
    return HW_OK;
}

void hw_s3_client_free(struct hw_s3_client *client) {
    if (!client) {
        return;
    }
    hw_http_free(client->http);
    hw_credentials_wipe(&client->synced.keys);
    pthread_mutex_destroy(&client->synced.lock);
    hw_retry_policy_release(&client->retry_policy);
    hw_free(client->profile);
    hw_free(client->bucket);
    hw_free(client);
}

static enum hw_status bucket_check(const struct hw_s3_client *client, struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    size_t bytes = strlen(client->bucket);
    if (client->settings.endpoint_url[0] || bytes >= BUCKET_BYTES_MIN) {
        return HW_OK;
    }
    return hw_fail(err, HW_EUSAGE,
                   "bucket %s is shorter than the %d letters that every bucket of AWS has; for another service, name "
                   "its URL with --endpoint-url",
                   hw_quote(client->bucket, bytes, quoted, sizeof(quoted)), BUCKET_BYTES_MIN);
}

static enum hw_status endpoint_find(struct hw_s3_client *client, const char *region, struct hw_endpoint *out_endpoint,
                                    struct hw_error *err) {
    const struct hw_aws_settings *settings = &client->settings;
    const struct hw_endpoint_params params = {
        .region = region,
        .bucket = client->bucket,
        .endpoint_url = settings->endpoint_url[0] ? settings->endpoint_url : NULL,
        .addressing = settings->addressing,
        .dualstack = settings->dualstack,
        .fips = settings->fips,
        .accelerate = settings->accelerate,
    };
    return hw_endpoint_resolve(&params, out_endpoint, err);
}

enum hw_status hw_s3_call_perform(struct hw_s3_client *client, struct hw_s3_call *call,
                                  struct hw_http_response *out_response, struct hw_error *err) {
    HW_TRY(hw_s3_call_start(client, call, err));
    return hw_s3_call_wait(call, out_response, err);
}

enum hw_status hw_s3_call_start(struct hw_s3_client *client, struct hw_s3_call *call, struct hw_error *err) {
    assert(!call->exchange);
    call->client = client;
    enum hw_status status = call_send(call, err);
    if (status) {
        call_tell(call, err);
    }
    return status;
}

/* Ends try after try: each is good, hopeless, or worth another one after a remedy and a pause. */
enum hw_status hw_s3_call_wait(struct hw_s3_call *call, struct hw_http_response *out_response, struct hw_error *err) {
    struct hw_s3_client *client = call->client;
    for (;;) {
        HW_AUTO(hw_http_response) response = {0};
        struct hw_error failed = HW_ERROR_INIT;
        struct hw_s3_fault fault;
        int64_t delay_ms = 0;

        enum hw_status status = call_end(call, &response, &fault, &failed);
        if (status == HW_OK) {
            hw_retry_answered(&client->retry_policy);
            call_log(call, &response, NULL, 0);
            *out_response = response;
            response = (struct hw_http_response){0};
            return HW_OK;
        }
        bool again = call_remedy(call, &fault, &response, &delay_ms);
        call_log(call, &response, &failed, again ? delay_ms : -1);
        status = hw_error_pass(err, status, &failed);
        if (again) {
            status = hw_retry_sleep(delay_ms, call_stopped, call, err);
            status = status ? status : call_send(call, err);
        }
        if (status) {
            unsigned tries = call->retry.retries + call->resends + 1;
            if (tries > 1 && !again) {
                hw_error_prefix(err, "%u tries", tries);
            }
            call_tell(call, err);
            return status;
        }
    }
}

void hw_s3_call_release(struct hw_s3_call *call) {
    hw_http_discard(call->exchange);
    hw_s3_request_release(&call->request);
    *call = (struct hw_s3_call){0};
}

/*
 * Returns whether the call is to be given up: as soon as the client is cancelled, or HW_S3_GRACE_MS
 * later if the call must end.
 */
static bool call_stopped(void *ctx) {
    struct hw_s3_call *call = ctx;
    const struct hw_s3_client *client = call->client;
    if (!client->cancelled || !client->cancelled(client->cancelled_ctx)) {
        return false;
    }
    int64_t now_us = hw_clock_monotonic_us();
    call->stopped_us = call->stopped_us > 0 ? call->stopped_us : now_us;
    if (now_us - call->stopped_us >= HW_S3_GRACE_MS * INT64_C(1000)) {
        atomic_store(&call->client->grace_used, true);
    }
    return !call->request.must_end || atomic_load(&call->client->grace_used);
}

/*
 * Names the object, and takes out what the service may have sent back of the secrets that it was
 * sent.
 */
static void call_tell(const struct hw_s3_call *call, struct hw_error *err) {
    struct hw_s3_client *client = call->client;
    HW_AUTO(hw_buf) name = {0};
    const char *key = call->request.key ? call->request.key : "";
    if (hw_buf_printf(&name, NULL, "s3://%s/%s", client->bucket, key) == HW_OK) {
        hw_error_object(err, (const char *)name.data);
    }
    hw_s3_mask_error(err, call->signature);
    pthread_mutex_lock(&client->synced.lock);
    hw_s3_mask_error(err, client->synced.keys.secret_access_key);
    hw_s3_mask_error(err, client->synced.keys.session_token);
    pthread_mutex_unlock(&client->synced.lock);
}

/* Tells the log how a try ended: `fault` is NULL where it was good. */
static void call_log(const struct hw_s3_call *call, const struct hw_http_response *response,
                     const struct hw_error *fault, int64_t delay_ms) {
    const struct hw_s3_client *client = call->client;
    HW_AUTO(hw_buf) name = {0};
    if (!hw_log_wants(client->log, fault ? HW_LOG_WARN : HW_LOG_DEBUG)) {
        return;
    }
    const char *key = call->request.key ? call->request.key : "";
    const bool named = hw_buf_printf(&name, NULL, "s3://%s/%s", client->bucket, key) == HW_OK;
    const struct hw_s3_try attempt = {
        .object = named ? (const char *)name.data : "",
        .operation = call->request.rule->operation,
        .attempt = call->attempts,
        .seconds = (double)(hw_clock_monotonic_us() - call->sent_us) / 1e6,
        .body_bytes = call->request.body_bytes,
        .response = response,
    };
    if (!fault) {
        hw_s3_log_done(client->log, &attempt);
        return;
    }
    struct hw_error told = *fault;
    call_tell(call, &told);
    hw_s3_log_failed(client->log, &attempt, &told, delay_ms);
}

/* ------ sending: host, date and signature, anew for each try */

static enum hw_status call_send(struct hw_s3_call *call, struct hw_error *err) {
    struct signing signing;
    call->attempts++;
    call->sent_us = hw_clock_monotonic_us();
    enum hw_status status = signing_begin(call, &signing, err);
    if (status == HW_OK) {
        status = call_send_signed(call, &signing, err);
    }
    hw_credentials_wipe(&signing.keys);
    return status;
}

static enum hw_status signing_begin(struct hw_s3_call *call, struct signing *out_signing, struct hw_error *err) {
    struct hw_s3_client *client = call->client;
    char text[HW_CLOCK_TEXT_BYTES];
    enum hw_status status = HW_OK;

    *out_signing = (struct signing){0};
    pthread_mutex_lock(&client->synced.lock);
    out_signing->endpoint = client->synced.endpoint;
    call->clock_offset_us = client->synced.clock_offset_us;
    if (!client->anonymous) {
        status = keys_get_locked(client, &out_signing->keys, err);
        call->keys_generation = client->synced.keys_generation;
    }
    pthread_mutex_unlock(&client->synced.lock);
    memcpy(call->region, out_signing->endpoint.signing_region, sizeof(call->region));

    /* 2015-08-30T12:36:00Z becomes 20150830T123600Z. */
    hw_clock_format(hw_clock_now_us() + call->clock_offset_us, text);
    size_t kept = 0;
    for (const char *at = text; *at; at++) {
        if (*at != '-' && *at != ':') {
            out_signing->timestamp[kept++] = *at;
        }
    }
    return status;
}

static enum hw_status keys_get_locked(struct hw_s3_client *client, struct hw_credentials *out_keys,
                                      struct hw_error *err) {
    const struct hw_credentials *keys = &client->synced.keys;
    bool expiring = keys->expires_us != 0 && keys->expires_us - hw_clock_now_us() < KEYS_LEFT_US_MIN;
    if (client->synced.keys_generation == 0 || client->synced.keys_stale || expiring) {
        const struct hw_store_options options = {.profile = client->profile};
        struct hw_credentials fresh = {0};
        HW_TRY(hw_credentials_find(&options, &fresh, err));
        client->synced.keys = fresh;
        client->synced.keys_generation++;
        client->synced.keys_stale = false;
        hw_credentials_wipe(&fresh);
    }
    *out_keys = client->synced.keys;
    return HW_OK;
}

static enum hw_status call_send_signed(struct hw_s3_call *call, const struct signing *signing, struct hw_error *err) {
    const struct hw_s3_request *request = &call->request;
    const struct hw_endpoint *endpoint = &signing->endpoint;
    struct hw_sigv4_header headers[HEADERS_MAX];
    size_t count = 0;
    HW_AUTO(hw_buf) path = {0};
    HW_AUTO(hw_buf) url = {0};
    HW_AUTO(hw_buf) authorization = {0};

    const char *key_path = (const char *)request->path.data;
    HW_TRY(hw_buf_printf(&path, err, "%s%s", endpoint->path, endpoint->path[0] || key_path[0] ? key_path : "/"));
    HW_TRY(hw_buf_printf(&url, err, "%s://%s%s%s%s", endpoint->tls ? "https" : "http", endpoint->host,
                         (const char *)path.data, request->query.size > 0 ? "?" : "",
                         (const char *)request->query.data));

    headers[count++] = (struct hw_sigv4_header){"Host", endpoint->host};
    memcpy(headers + count, request->headers, request->headers_count * sizeof(headers[0]));
    count += request->headers_count;
    if (!call->client->anonymous) {
        payload_hash(call, endpoint->tls);
        headers[count++] = (struct hw_sigv4_header){"x-amz-content-sha256", call->payload_sha256};
        headers[count++] = (struct hw_sigv4_header){"x-amz-date", signing->timestamp};
        if (signing->keys.session_token[0]) {
            headers[count++] = (struct hw_sigv4_header){"x-amz-security-token", signing->keys.session_token};
        }
        const struct hw_sigv4_request to_sign = {
            request->method, (const char *)path.data, (const char *)request->query.data, headers,
            count,           call->payload_sha256,
        };
        HW_TRY(authorization_make(signing, &to_sign, &authorization, err));
        signature_keep(call, (const char *)authorization.data);
        headers[count++] = (struct hw_sigv4_header){"Authorization", (const char *)authorization.data};
    }

    struct hw_http_header wire[HEADERS_MAX];
    for (size_t i = 0; i < count; i++) {
        wire[i] = (struct hw_http_header){headers[i].name, headers[i].value};
    }
    const struct hw_http_request http_request = {
        .method = request->method,
        .url = (const char *)url.data,
        .headers = wire,
        .headers_count = count,
        .body = request->body,
        .body_bytes = request->body_bytes,
        .into = request->into,
        .into_bytes = request->into_bytes,
        .slow_windows = request->slow_windows,
        .resends = &call->resends,
        .cancelled = call_stopped,
        .cancelled_ctx = call,
    };
    return hw_http_start(call->client->http, &http_request, &call->exchange, err);
}

static enum hw_status authorization_make(const struct signing *signing, const struct hw_sigv4_request *request,
                                         struct hw_buf *out_value, struct hw_error *err) {
    const struct hw_sigv4_scope scope = {
        .region = signing->endpoint.signing_region,
        .service = "s3",
        .timestamp = signing->timestamp,
    };
    HW_TRY(hw_sigv4_authorization(request, &scope, &signing->keys, out_value, err));
    return hw_buf_end_text(out_value, err);
}

/* The signature stands last in the header. */
static void signature_keep(struct hw_s3_call *call, const char *authorization) {
    const char *last = strrchr(authorization, '=');
    snprintf(call->signature, sizeof(call->signature), "%s", last ? last + 1 : "");
}

/* TLS proves the payload already; in the clear the signature has to cover it. */
static void payload_hash(struct hw_s3_call *call, bool tls) {
    if (tls) {
        memcpy(call->payload_sha256, "UNSIGNED-PAYLOAD", sizeof("UNSIGNED-PAYLOAD"));
    } else if (call->payload_sha256[0] == '\0') {
        uint8_t sum[HW_SHA256_BYTES];
        hw_sha256_of(call->request.body_bytes > 0 ? call->request.body : "", call->request.body_bytes, sum);
        hw_hex(sum, sizeof(sum), call->payload_sha256);
    }
}

/* ------ ending: what a try has brought, and what may be done about it */

static enum hw_status call_end(struct hw_s3_call *call, struct hw_http_response *response,
                               struct hw_s3_fault *out_fault, struct hw_error *err) {
    const struct hw_s3_request *request = &call->request;
    struct hw_http_exchange *exchange = call->exchange;
    *out_fault = (struct hw_s3_fault){0};
    call->exchange = NULL;

    enum hw_status status = hw_http_wait(exchange, response, err);
    if (status) {
        hw_error_prefix(err, "%s", request->rule->operation);
    } else {
        const bool placed = request->into && response->body.size == 0;
        const hw_view body = placed ? (hw_view){request->into, response->into_bytes} : hw_buf_view(&response->body);
        HW_TRY(hw_s3_reply_check(request->rule, response, body, request->on_precondition, out_fault, err));
        status = request->check ? request->check(request->check_ctx, response, err) : HW_OK;
        if (status && err && err->http_status == 0) {
            hw_s3_fault_name(out_fault, err);
        }
    }
    out_fault->status = status;
    if (status == HW_ETHROTTLED) {
        out_fault->remedy = HW_S3_SLOW_DOWN;
    } else if (status == HW_EPROTOCOL || hw_status_retryable(status)) {
        out_fault->remedy = HW_S3_RETRY;
    }
    return status;
}

/* Returns whether a fault that passes is one of this request alone: the service itself answers. */
static bool service_works(const struct hw_s3_fault *fault, const struct hw_http_response *response) {
    const bool refused = response->status >= 400 && response->status < 500;
    return fault->status == HW_ECHECKSUM ||
           (refused && fault->status != HW_EPROTOCOL && fault->status != HW_ETHROTTLED);
}

/* Applies the remedy. Returns whether the request is worth another try, after `*out_delay_ms`. */
static bool call_remedy(struct hw_s3_call *call, const struct hw_s3_fault *fault,
                        const struct hw_http_response *response, int64_t *out_delay_ms) {
    struct hw_s3_client *client = call->client;
    enum hw_retry_kind kind = fault->remedy == HW_S3_SLOW_DOWN ? HW_RETRY_THROTTLED : HW_RETRY_TRANSIENT;
    bool first;
    switch (fault->remedy) {
    case HW_S3_RETRY:
    case HW_S3_SLOW_DOWN: {
        uint64_t asked_ms = 0;
        bool asked =
            hw_http_bytes_header(response, "x-amz-retry-after", &asked_ms) && asked_ms <= HW_RETRY_DELAY_MS_MAX;
        if (service_works(fault, response)) {
            hw_retry_answered(&client->retry_policy);
        }
        *out_delay_ms =
            hw_retry_take(&client->retry_policy, &call->retry, kind, hw_random_unit(), asked ? (int64_t)asked_ms : 0);
        return *out_delay_ms >= 0;
    }
    case HW_S3_REFRESH_KEYS:
        first = !call->keys_refreshed && !client->anonymous;
        call->keys_refreshed = true;
        pthread_mutex_lock(&client->synced.lock);
        /* Another request may have brought newer credentials meanwhile. */
        client->synced.keys_stale =
            client->synced.keys_stale || client->synced.keys_generation == call->keys_generation;
        pthread_mutex_unlock(&client->synced.lock);
        return first;
    case HW_S3_SET_CLOCK:
        first = !call->clock_set && !client->anonymous;
        call->clock_set = true;
        return first && clock_learn(call, response);
    case HW_S3_CHANGE_REGION:
        first = !call->region_changed;
        call->region_changed = true;
        return first && region_learn(call, fault);
    case HW_S3_GIVE_UP:
        break;
    }
    if (response->status > 0) {
        hw_retry_answered(&client->retry_policy);
    }
    return false;
}

/*
 * Takes the service's time from its reply. Returns false if it is not far from the time that the
 * request was signed with.
 */
static bool clock_learn(const struct hw_s3_call *call, const struct hw_http_response *response) {
    hw_view date = hw_http_header_find(response, "Date");
    int64_t theirs_us;
    if (!date.data || !hw_http_date_parse(date, &theirs_us)) {
        return false;
    }
    int64_t offset_us = theirs_us - hw_clock_now_us();
    int64_t change_us = offset_us - call->clock_offset_us;
    if (change_us > -CLOCK_DIFFERENCE_US_MIN && change_us < CLOCK_DIFFERENCE_US_MIN) {
        return false;
    }
    pthread_mutex_lock(&call->client->synced.lock);
    call->client->synced.clock_offset_us = offset_us;
    pthread_mutex_unlock(&call->client->synced.lock);
    return true;
}

/*
 * Moves the client to the region that the service names, at the host that we compute for it.
 * Returns false if it names none, the same one, or a text that is no region.
 */
static bool region_learn(const struct hw_s3_call *call, const struct hw_s3_fault *fault) {
    struct hw_s3_client *client = call->client;
    struct hw_endpoint endpoint;
    if (fault->region[0] == '\0' || endpoint_find(client, fault->region, &endpoint, NULL) != HW_OK ||
        strcmp(endpoint.signing_region, call->region) == 0) {
        return false;
    }
    pthread_mutex_lock(&client->synced.lock);
    client->synced.endpoint = endpoint;
    pthread_mutex_unlock(&client->synced.lock);
    return true;
}
