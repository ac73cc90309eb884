/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/client.h"

#include <stdatomic.h>
#include <stdio.h>

#include "aws/credentials_share.h"
#include "aws/endpoint_express.h"
#include "aws/settings.h"
#include "codec/checksum.h"
#include "codec/checksum_sha256.h"
#include "core/alloc.h"
#include "core/bytes_text.h"
#include "core/clock.h"
#include "core/mask.h"
#include "core/random.h"
#include "net/date.h"
#include "net/http_share.h"
#include "s3/access.h"
#include "s3/call_log.h"
#include "s3/reply.h"
#include "s3/request_bucket.h"
#include "s3/session.h"
#include "s3/signing.h"

/*
 * A signature is good for 15 minutes either way: a smaller difference of the clocks is not why it
 * was refused.
 */
#define CLOCK_DIFFERENCE_US_MIN (INT64_C(4) * 60 * 1000000)

/* This is the limit of AWS; services like it may have shorter names. */
enum { BUCKET_BYTES_MIN = 3 };

/* Bytes that differ from their checksum so often are not spoilt on the way. */
enum { CHECKSUM_RETRIES_MAX = 4 };

/* A service that has told no checksum of so many objects, in no way, keeps none. */
enum { TOLD_NOWHERE_ENOUGH = 8 };

struct hw_s3_client {
    /* Set by hw_s3_client_new, then constant. */
    struct hw_aws_settings settings;
    char *bucket;
    /* As hw_s3_client_directory has it. */
    bool directory;
    bool (*cancelled)(void *ctx);
    void *cancelled_ctx;
    const struct hw_log *log;
    struct hw_http_share *http;
    /* NULL means that requests are anonymous. */
    struct hw_credentials_share *credentials;
    struct hw_s3_access_headers access;
    /* The keys of a session, with which all requests but CreateSession are signed; else NULL. */
    struct hw_credentials_cache *session;
    struct hw_retry_policy retry_policy;
    struct hw_s3_tally tally;
    /*
     * True once a call that must end did not end in its time, so that the service is taken for
     * dead.
     */
    atomic_bool grace_used;
    /* An enum hw_s3_checksums. */
    atomic_int checksums;
    /* The objects whose checksums were told in each of the ways, by enum hw_s3_told. */
    atomic_uint told[HW_S3_TOLD_NOWHERE + 1];

    struct {
        pthread_mutex_t lock;
        struct hw_endpoint endpoint;
        /* The service's time minus ours. */
        int64_t clock_offset_us;
        /* The key that has signed the last request. */
        struct hw_sigv4_key key;
    } synced;
};

static enum hw_status bucket_check(const struct hw_s3_client *client, struct hw_error *err);
static enum hw_status endpoint_find(struct hw_s3_client *client, const char *region, bool control,
                                    struct hw_endpoint *out_endpoint, struct hw_error *err);
static enum hw_status shares_get(struct hw_s3_client *client, const struct hw_store_options *options,
                                 struct hw_error *err);
static enum hw_status session_find(void *ctx, const struct hw_io_stop *stop, struct hw_credentials *out_keys,
                                   struct hw_error *err);
static struct hw_credentials_cache *keys_of(const struct hw_s3_call *call);
static enum hw_status call_send(void *ctx, struct hw_error *err);
static enum hw_status signing_begin(struct hw_s3_call *call, struct hw_s3_signing *out_signing, struct hw_error *err);
static enum hw_status call_send_signed(struct hw_s3_call *call, const struct hw_s3_signing *signing,
                                       struct hw_error *err);
static void payload_hash(struct hw_s3_call *call, bool tls);
static enum hw_call_verdict call_judge(void *ctx, enum hw_status status, struct hw_http_response *response,
                                       struct hw_error *err, int64_t *pause_ms);
static enum hw_status reply_judge(const struct hw_s3_call *call, enum hw_status status,
                                  const struct hw_http_response *response, struct hw_s3_fault *out_fault,
                                  struct hw_error *err);
static enum hw_call_verdict call_remedy(struct hw_s3_call *call, const struct hw_s3_fault *fault,
                                        const struct hw_http_response *response, int64_t *out_pause_ms);
static bool clock_learn(const struct hw_s3_call *call, const struct hw_http_response *response);
static bool region_learn(const struct hw_s3_call *call, const struct hw_s3_fault *fault);
static void keys_ready(void *ctx, enum hw_status status, const struct hw_error *error);
static void call_count(void *ctx, const struct hw_http_response *response);
static bool call_stopped(void *ctx);
static bool call_let_go(void *ctx);
static void call_tell(void *ctx, struct hw_error *err);
static void call_log(struct hw_s3_call *call, const struct hw_http_response *response, const struct hw_error *fault,
                     int64_t delay_ms);

static const struct hw_call_ops call_ops = {
    .send = call_send,
    .judge = call_judge,
    .tell = call_tell,
    .cancelled = call_stopped,
    .let_go = call_let_go,
    .count = call_count,
};

enum hw_status hw_s3_client_new(const struct hw_store_options *options, const char *bucket,
                                struct hw_s3_client **out_client, struct hw_error *err) {
    struct hw_s3_client *client = hw_alloc_zero(1, sizeof(*client));
    if (!client) {
        return hw_fail_nomem(err, sizeof(*client));
    }
    hw_retry_policy_init(&client->retry_policy, 0, options->retry_for_ms);
    pthread_mutex_init(&client->synced.lock, NULL);
    client->cancelled = options->cancelled;
    client->cancelled_ctx = options->cancelled_ctx;
    client->log = options->log;
    client->bucket = hw_strdup(bucket);

    enum hw_status status = client->bucket ? HW_OK : hw_fail_nomem(err, strlen(bucket) + 1);
    status = status ? status : hw_aws_settings_resolve(options, &client->settings, err);
    client->retry_policy.attempts_max = client->settings.attempts_max;
    status = status ? status : bucket_check(client, err);
    status = status ? status : endpoint_find(client, client->settings.region, false, &client->synced.endpoint, err);
    status = status ? status : hw_s3_access_take(options->s3, client->synced.endpoint.tls, &client->access, err);
    client->directory = client->synced.endpoint.directory;
    status = status ? status : shares_get(client, options, err);
    if (status) {
        hw_s3_client_free(client);
        return status;
    }
    *out_client = client;
    return HW_OK;
}

enum hw_s3_checksums hw_s3_client_checksums(const struct hw_s3_client *client) {
    return (enum hw_s3_checksums)atomic_load(&client->checksums);
}

void hw_s3_client_checksums_learn(struct hw_s3_client *client, enum hw_s3_checksums shown) {
    int known = atomic_load(&client->checksums);
    while (known < (int)shown && !atomic_compare_exchange_weak(&client->checksums, &known, (int)shown)) {
    }
}

void hw_s3_client_told_learn(struct hw_s3_client *client, enum hw_s3_told told) {
    atomic_fetch_add(&client->told[told], 1);
}

bool hw_s3_client_head_may_tell(const struct hw_s3_client *client) {
    const bool with_object = atomic_load(&client->told[HW_S3_TOLD_WITH_OBJECT]) > 0;
    const bool nowhere = atomic_load(&client->told[HW_S3_TOLD_NOWHERE]) >= TOLD_NOWHERE_ENOUGH;
    return atomic_load(&client->told[HW_S3_TOLD_BY_HEAD]) > 0 || (!with_object && !nowhere);
}

void hw_s3_client_count_throttled(struct hw_s3_client *client, atomic_uint_fast64_t *counter) {
    client->retry_policy.throttled = counter;
}

const struct hw_s3_tally *hw_s3_client_tally(const struct hw_s3_client *client) {
    return &client->tally;
}

bool hw_s3_client_is_aws(const struct hw_s3_client *client) {
    return client->settings.endpoint_url[0] == '\0';
}

const struct hw_s3_sse_key *hw_s3_client_sse_key(const struct hw_s3_client *client) {
    return client->access.has_key ? &client->access.key : NULL;
}

/*
 * Every call brings its own rule of when it is given up, so that is no option of the connections.
 */
static enum hw_status shares_get(struct hw_s3_client *client, const struct hw_store_options *options,
                                 struct hw_error *err) {
    const struct hw_http_options http_options = {
        .ca_bundle = client->settings.ca_bundle,
        .connections_max = options->connections_max,
        .buffer_bytes = options->buffer_bytes,
        .timeout_ms = options->timeout_ms,
    };
    HW_TRY(hw_http_share_get(&http_options, options->bytes_per_second_max, &client->http, err));
    if (options->no_sign_request) {
        return HW_OK;
    }
    HW_TRY(hw_credentials_share_get(options, &client->credentials, err));
    if (client->synced.endpoint.auth == HW_ENDPOINT_EXPRESS_SESSION) {
        HW_TRY(hw_credentials_cache_new(session_find, client, &client->session, err));
        hw_credentials_cache_renew_early(client->session, HW_S3_SESSION_LEFT_US_MIN);
    }
    return HW_OK;
}

bool hw_s3_client_same_bucket(const struct hw_s3_client *one, const struct hw_s3_client *other) {
    return strcmp(one->bucket, other->bucket) == 0 &&
           strcmp(one->settings.endpoint_url, other->settings.endpoint_url) == 0;
}

const char *hw_s3_client_bucket(const struct hw_s3_client *client) {
    return client->bucket;
}

void hw_s3_client_free(struct hw_s3_client *client) {
    if (!client) {
        return;
    }
    /* Its thread may still send a request. */
    hw_credentials_cache_free(client->session);
    hw_http_share_put(client->http);
    hw_credentials_share_put(client->credentials);
    hw_sigv4_key_wipe(&client->synced.key);
    hw_s3_access_wipe(&client->access);
    pthread_mutex_destroy(&client->synced.lock);
    hw_retry_policy_release(&client->retry_policy);
    hw_free(client->bucket);
    hw_free(client);
}

void hw_s3_client_region(struct hw_s3_client *client, char out_region[HW_S3_REGION_BYTES]) {
    static_assert(sizeof(client->synced.endpoint.signing_region) == HW_S3_REGION_BYTES, "one size");
    pthread_mutex_lock(&client->synced.lock);
    memcpy(out_region, client->synced.endpoint.signing_region, HW_S3_REGION_BYTES);
    pthread_mutex_unlock(&client->synced.lock);
}

enum hw_status hw_s3_client_signer(struct hw_s3_client *client, struct hw_s3_signer *out_signer, struct hw_error *err) {
    uint64_t generation;
    struct hw_credentials_cache *cache = client->session;
    if (!client->credentials) {
        return hw_fail(err, HW_EAUTH, "there are no credentials to sign with: requests are anonymous");
    }
    cache = cache ? cache : client->credentials->cache;
    const struct hw_io_stop stop = {client->cancelled, client->cancelled_ctx};
    HW_TRY(hw_credentials_cache_get(cache, &stop, &out_signer->keys, &generation, err));
    pthread_mutex_lock(&client->synced.lock);
    out_signer->endpoint = client->synced.endpoint;
    out_signer->now_us = hw_clock_now_us() + client->synced.clock_offset_us;
    pthread_mutex_unlock(&client->synced.lock);
    return HW_OK;
}

static enum hw_status bucket_check(const struct hw_s3_client *client, struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    size_t bytes = strlen(client->bucket);
    if (client->settings.endpoint_url[0] || bytes == 0 || bytes >= BUCKET_BYTES_MIN) {
        return HW_OK;
    }
    return hw_fail(err, HW_EUSAGE,
                   "bucket %s is shorter than the %d letters that every bucket of AWS has; for another service, name "
                   "its URL with --endpoint-url",
                   hw_quote(client->bucket, bytes, quoted, sizeof(quoted)), BUCKET_BYTES_MIN);
}

static enum hw_status endpoint_find(struct hw_s3_client *client, const char *region, bool control,
                                    struct hw_endpoint *out_endpoint, struct hw_error *err) {
    const struct hw_aws_settings *settings = &client->settings;
    const struct hw_endpoint_params params = {
        .region = region,
        .bucket = client->bucket[0] ? client->bucket : NULL,
        .endpoint_url = settings->endpoint_url[0] ? settings->endpoint_url : NULL,
        .addressing = settings->addressing,
        .dualstack = settings->dualstack,
        .fips = settings->fips,
        .accelerate = settings->accelerate,
        .control = control,
        .arn_region_off = settings->arn_region_off,
        .multi_region_off = settings->multi_region_off,
        .express_session_off = settings->express_session_off,
    };
    return hw_endpoint_resolve(&params, out_endpoint, err);
}

enum hw_status hw_s3_call_perform(struct hw_s3_client *client, struct hw_s3_call *call,
                                  struct hw_http_response *out_response, struct hw_error *err) {
    HW_TRY(hw_s3_call_start(client, call, err));
    return hw_s3_call_wait(call, out_response, err);
}

bool hw_s3_client_cancelled(const struct hw_s3_client *client) {
    return client->cancelled && client->cancelled(client->cancelled_ctx);
}

enum hw_status hw_s3_call_start(struct hw_s3_client *client, struct hw_s3_call *call, struct hw_error *err) {
    call->client = client;
    call->tries = (struct hw_call){.ops = &call_ops, .ctx = call, .http = client->http->http, .queue = call->queue};
    return hw_call_start(&call->tries, err);
}

enum hw_status hw_s3_call_wait(struct hw_s3_call *call, struct hw_http_response *out_response, struct hw_error *err) {
    return hw_call_wait(&call->tries, out_response, err);
}

void hw_s3_call_release(struct hw_s3_call *call) {
    hw_call_release(&call->tries);
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

/* Writes the path of the object, the bucket or the service that the call is about. */
static const char *call_name(const struct hw_s3_call *call, struct hw_buf *name) {
    const char *bucket = call->client->bucket;
    const char *key = call->request.key ? call->request.key : "";
    const bool named = hw_buf_printf(name, NULL, "s3://%s%s%s", bucket, bucket[0] ? "/" : "", key) == HW_OK;
    return named ? (const char *)name->data : "";
}

/* Takes out the secrets of a cache, which may be NULL. */
static void keys_mask(struct hw_credentials_cache *cache, struct hw_error *err) {
    struct hw_credentials keys;
    if (cache) {
        hw_credentials_cache_held(cache, &keys);
        hw_mask_error(err, keys.secret_access_key);
        hw_mask_error(err, keys.session_token);
        hw_credentials_wipe(&keys);
    }
}

/*
 * Names the object, and takes out what the service may have sent back of the secrets that it was
 * sent.
 */
static void call_tell(void *ctx, struct hw_error *err) {
    struct hw_s3_call *call = ctx;
    struct hw_s3_client *client = call->client;
    HW_AUTO(hw_buf) name = {0};
    hw_error_object(err, call_name(call, &name));
    hw_mask_error(err, call->signature);
    hw_mask_error(err, client->access.key.base64);
    keys_mask(client->credentials ? client->credentials->cache : NULL, err);
    keys_mask(client->session, err);
}

/* Tells the log how a try ended: `fault` is NULL where it was good. */
static void call_log(struct hw_s3_call *call, const struct hw_http_response *response, const struct hw_error *fault,
                     int64_t delay_ms) {
    const struct hw_s3_client *client = call->client;
    HW_AUTO(hw_buf) name = {0};
    if (!hw_log_wants(client->log, fault ? HW_LOG_WARN : HW_LOG_DEBUG)) {
        return;
    }
    const struct hw_s3_try attempt = {
        .object = call_name(call, &name),
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

/* ------ sessions of directory buckets */

bool hw_s3_client_directory(const struct hw_s3_client *client) {
    return client->directory;
}

hw_view hw_s3_client_zone(const struct hw_s3_client *client) {
    return hw_endpoint_express_zone(hw_view_of(client->bucket));
}

/* Returns the keys that a call is signed with; NULL where it is not. */
static struct hw_credentials_cache *keys_of(const struct hw_s3_call *call) {
    const struct hw_s3_client *client = call->client;
    if (client->session && !call->opens_session && !call->request.control) {
        return client->session;
    }
    return client->credentials ? client->credentials->cache : NULL;
}

/* The end of a session is told in the service's time; it is kept in ours. */
static enum hw_status session_open(struct hw_s3_client *client, bool read_only, struct hw_credentials *out_keys,
                                   struct hw_error *err) {
    int64_t theirs_us;
    HW_AUTO(hw_s3_call) call = {.opens_session = true};
    HW_AUTO(hw_http_response) response = {0};
    HW_TRY(hw_s3_request_create_session(&call.request, read_only, err));
    HW_TRY(hw_s3_call_perform(client, &call, &response, err));
    enum hw_status status = hw_s3_session_read(hw_buf_view(&response.body), out_keys, err);
    explicit_bzero(response.body.data, response.body.size);
    const hw_view date = hw_http_header_find(&response, "Date");
    if (status == HW_OK && date.data && hw_http_date_parse(date, &theirs_us)) {
        out_keys->expires_us += hw_clock_now_us() - theirs_us;
    }
    return status;
}

/* Opens a session, for reading alone where the credentials allow no more. */
static enum hw_status session_find(void *ctx, const struct hw_io_stop *stop, struct hw_credentials *out_keys,
                                   struct hw_error *err) {
    (void)stop; /* The client is asked by itself whether it is cancelled. */
    enum hw_status status = session_open(ctx, false, out_keys, err);
    if (status == HW_EAUTH && session_open(ctx, true, out_keys, NULL) == HW_OK) {
        return HW_OK;
    }
    return status;
}

/* ------ sending: host, date and signature, anew for each try */

static enum hw_status call_send(void *ctx, struct hw_error *err) {
    struct hw_s3_call *call = ctx;
    struct hw_s3_signing signing;
    call->attempts++;
    call->sent_us = hw_clock_monotonic_us();
    enum hw_status status = signing_begin(call, &signing, err);
    if (status == HW_OK) {
        status = call_send_signed(call, &signing, err);
    }
    hw_s3_signing_wipe(&signing);
    return status;
}

/*
 * The first try is sent by the caller, who may wait for credentials. The network thread, which
 * sends the others, takes those that there are: where they are refused, others are found first.
 */
static enum hw_status signing_begin(struct hw_s3_call *call, struct hw_s3_signing *out_signing, struct hw_error *err) {
    struct hw_s3_client *client = call->client;
    struct hw_credentials_cache *cache = keys_of(call);
    enum hw_status status = HW_OK;
    *out_signing = (struct hw_s3_signing){.access = &client->access};
    if (cache) {
        out_signing->token_header = cache == client->session ? "x-amz-s3session-token" : "x-amz-security-token";
    }
    if (cache && call->attempts == 1) {
        const struct hw_io_stop stop = {call_stopped, call};
        HW_TRY(hw_credentials_cache_get(cache, &stop, &out_signing->keys, &call->keys_generation, err));
    } else if (cache) {
        call->keys_generation = hw_credentials_cache_held(cache, &out_signing->keys);
    }
    pthread_mutex_lock(&client->synced.lock);
    out_signing->endpoint = client->synced.endpoint;
    out_signing->access = &client->access;
    if (call->request.control) {
        status = endpoint_find(client, client->synced.endpoint.signing_region, true, &out_signing->endpoint, err);
    }
    call->clock_offset_us = client->synced.clock_offset_us;
    hw_sigv4_timestamp(hw_clock_now_us() + call->clock_offset_us, out_signing->timestamp);
    if (cache && status == HW_OK) {
        /* The generations of two caches are not of one row. */
        struct hw_sigv4_key own_key = {0};
        struct hw_sigv4_key *key = client->session && cache != client->session ? &own_key : &client->synced.key;
        const struct hw_sigv4_scope scope = hw_s3_signing_scope(out_signing);
        status = hw_sigv4_key_for(key, &scope, &out_signing->keys, call->keys_generation, err);
        out_signing->key = *key;
        hw_sigv4_key_wipe(&own_key);
    }
    pthread_mutex_unlock(&client->synced.lock);
    memcpy(call->region, out_signing->endpoint.signing_region, sizeof(call->region));
    return status;
}

static enum hw_status call_send_signed(struct hw_s3_call *call, const struct hw_s3_signing *signing,
                                       struct hw_error *err) {
    const struct hw_s3_request *request = &call->request;
    HW_AUTO(hw_s3_signed) wire = {0};
    if (signing->token_header) {
        payload_hash(call, signing->endpoint.tls);
    }
    HW_TRY(hw_s3_request_sign(request, signing, call->payload_sha256, &wire, err));
    snprintf(call->signature, sizeof(call->signature), "%s", wire.signature);
    const struct hw_http_request http_request = {
        .method = request->method,
        .url = (const char *)wire.url.data,
        .headers = (const struct hw_http_header *)(const void *)wire.lines.data,
        .headers_count = wire.headers.count,
        .body = request->body,
        .body_bytes = request->body_bytes,
        .into = request->into,
        .into_bytes = request->into_bytes,
        .slow_windows = request->slow_windows,
        .resends = &call->resends,
        .figures = &call->figures,
    };
    return hw_call_send(&call->tries, &http_request, err);
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

static void call_count(void *ctx, const struct hw_http_response *response) {
    struct hw_s3_call *call = ctx;
    hw_s3_tally_try(&call->client->tally, call->request.rule, call->attempts > 1, response->status, &call->figures);
}

/* Each try is good, hopeless, or worth another one after a remedy and a pause. */
static enum hw_call_verdict call_judge(void *ctx, enum hw_status status, struct hw_http_response *response,
                                       struct hw_error *err, int64_t *pause_ms) {
    struct hw_s3_call *call = ctx;
    struct hw_s3_fault fault;
    status = reply_judge(call, status, response, &fault, err);
    if (status == HW_OK) {
        hw_retry_answered(&call->client->retry_policy);
        call_log(call, response, NULL, 0);
        return HW_CALL_GOOD;
    }
    hw_s3_tally_error(&call->client->tally, call->request.rule, &call->figures);
    enum hw_call_verdict verdict = call_remedy(call, &fault, response, pause_ms);
    call_log(call, response, err, verdict == HW_CALL_FAILED ? -1 : *pause_ms);
    const unsigned tries = call->retry.retries + call->resends + 1;
    if (verdict == HW_CALL_FAILED && tries > 1) {
        hw_error_prefix(err, "%u tries", tries);
    }
    return verdict;
}

static enum hw_status reply_judge(const struct hw_s3_call *call, enum hw_status status,
                                  const struct hw_http_response *response, struct hw_s3_fault *out_fault,
                                  struct hw_error *err) {
    const struct hw_s3_request *request = &call->request;
    *out_fault = (struct hw_s3_fault){0};
    if (status) {
        hw_error_prefix(err, "%s", request->rule->operation);
    } else {
        const bool placed = request->into && response->body.size == 0;
        const hw_view body = placed ? (hw_view){request->into, response->into_bytes} : hw_buf_view(&response->body);
        HW_TRY(hw_s3_reply_check(request->rule, response, body, request->on_precondition, out_fault, err));
        status = request->check ? request->check(request->check_ctx, response, err) : HW_OK;
        if (status && err->http_status == 0) {
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

/* Takes one more try, if there is one left, and tells the pause before it. */
static enum hw_call_verdict try_take(struct hw_s3_call *call, const struct hw_s3_fault *fault,
                                     const struct hw_http_response *response, int64_t *out_pause_ms) {
    struct hw_retry_policy *policy = &call->client->retry_policy;
    const enum hw_retry_kind kind = fault->remedy == HW_S3_SLOW_DOWN ? HW_RETRY_THROTTLED : HW_RETRY_TRANSIENT;
    uint64_t asked_ms = 0;
    const bool asked = hw_http_bytes_header(response, "x-amz-retry-after", &asked_ms);
    asked_ms = asked ? hw_clamp(asked_ms, 0, HW_RETRY_DELAY_MS_MAX + HW_RETRY_ASKED_MS_MAX) : 0;
    if (service_works(fault, response)) {
        hw_retry_answered(policy);
    }
    hw_retry_count(policy, kind, response->status);
    if (fault->status == HW_ECHECKSUM && call->retry.retries >= CHECKSUM_RETRIES_MAX) {
        return HW_CALL_FAILED;
    }
    *out_pause_ms = hw_retry_take(policy, &call->retry, kind, hw_random_unit(), (int64_t)asked_ms);
    return *out_pause_ms >= 0 ? HW_CALL_AGAIN : HW_CALL_FAILED;
}

/* Applies the remedy of a fault, and returns how the call goes on. */
static enum hw_call_verdict call_remedy(struct hw_s3_call *call, const struct hw_s3_fault *fault,
                                        const struct hw_http_response *response, int64_t *out_pause_ms) {
    struct hw_s3_client *client = call->client;
    bool first;
    switch (fault->remedy) {
    case HW_S3_RETRY:
    case HW_S3_SLOW_DOWN:
        return try_take(call, fault, response, out_pause_ms);
    case HW_S3_REFRESH_KEYS:
        first = !call->keys_refreshed && client->credentials;
        call->keys_refreshed = true;
        if (first) {
            call->waiter = (struct hw_credentials_waiter){.ready = keys_ready, .ctx = call};
            hw_credentials_cache_renew(keys_of(call), call->keys_generation, &call->waiter);
        }
        return first ? HW_CALL_HELD : HW_CALL_FAILED;
    case HW_S3_SET_CLOCK:
        first = !call->clock_set && client->credentials;
        call->clock_set = true;
        return first && clock_learn(call, response) ? HW_CALL_AGAIN : HW_CALL_FAILED;
    case HW_S3_CHANGE_REGION:
        first = !call->region_changed;
        call->region_changed = true;
        return first && region_learn(call, fault) ? HW_CALL_AGAIN : HW_CALL_FAILED;
    case HW_S3_GIVE_UP:
        break;
    }
    if (response->status > 0) {
        hw_retry_answered(&client->retry_policy);
    }
    return HW_CALL_FAILED;
}

/* Where there are no other keys, the error of the last try says more. */
static void keys_ready(void *ctx, enum hw_status status, const struct hw_error *error) {
    struct hw_s3_call *call = ctx;
    const struct hw_error last = call->tries.error;
    hw_call_resume(&call->tries, status, error ? error : &last);
}

static bool call_let_go(void *ctx) {
    struct hw_s3_call *call = ctx;
    return hw_credentials_cache_forget(keys_of(call), &call->waiter);
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
 * Returns false if it names none, the same one, or a text that is no region, and where the bucket
 * cannot be in another one.
 */
static bool region_learn(const struct hw_s3_call *call, const struct hw_s3_fault *fault) {
    struct hw_s3_client *client = call->client;
    struct hw_endpoint endpoint;
    if (fault->region[0] == '\0' ||
        endpoint_find(client, fault->region, call->request.control, &endpoint, NULL) != HW_OK ||
        endpoint.region_fixed || strcmp(endpoint.signing_region, call->region) == 0) {
        return false;
    }
    pthread_mutex_lock(&client->synced.lock);
    client->synced.endpoint = endpoint;
    pthread_mutex_unlock(&client->synced.lock);
    return true;
}
