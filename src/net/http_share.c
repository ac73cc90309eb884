/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http_share.h"

#include "core/alloc.h"

enum {
    /* With a limit of the rate a connection moves so many pieces a second, when all are busy. */
    PIECES_A_SECOND = 4,
    BUFFER_BYTES_MIN = 16 * 1024,
};

struct key {
    const struct hw_http_options *options;
    uint64_t bytes_per_s;
};

static bool share_matches(const struct hw_share *base, const void *key_arg) {
    const struct hw_http_share *share = (const struct hw_http_share *)base;
    const struct key *key = key_arg;
    const struct hw_http_options *a = &share->options;
    const struct hw_http_options *b = key->options;
    return strcmp(a->ca_bundle ? a->ca_bundle : "", b->ca_bundle ? b->ca_bundle : "") == 0 && a->direct == b->direct &&
           a->connections_max == b->connections_max && a->buffer_bytes == b->buffer_bytes &&
           a->timeout_ms == b->timeout_ms && a->cancelled == b->cancelled && a->cancelled_ctx == b->cancelled_ctx &&
           share->bytes_per_s == key->bytes_per_s;
}

static void share_destroy(struct hw_share *base) {
    struct hw_http_share *share = (struct hw_http_share *)base;
    hw_http_free(share->http);
    hw_rate_share_put(share->rate);
    hw_free(share->ca_bundle);
    hw_free(share);
}

/*
 * Makes the client. Where the rate has a limit, buffers are small enough for all connections to
 * move bytes several times a second: a service gives up one that is silent for long.
 */
static enum hw_status client_make(struct hw_http_share *share, struct hw_error *err) {
    struct hw_http_options options = share->options;
    if (share->bytes_per_s > 0) {
        const uint32_t connections = options.connections_max > 0 ? options.connections_max : HW_HTTP_CONNECTIONS;
        const uint64_t buffer_bytes = options.buffer_bytes > 0 ? options.buffer_bytes : HW_HTTP_BUFFER_BYTES;
        HW_TRY(hw_rate_share_get(share->bytes_per_s, &share->rate, err));
        options.rate = &share->rate->rate;
        options.buffer_bytes = (uint32_t)hw_clamp(share->bytes_per_s / connections / PIECES_A_SECOND, BUFFER_BYTES_MIN,
                                                  hw_clamp(buffer_bytes, BUFFER_BYTES_MIN, HW_HTTP_BUFFER_BYTES));
    }
    return hw_http_new(&options, &share->http, err);
}

static enum hw_status share_make(const void *key_arg, struct hw_share **out_share, struct hw_error *err) {
    const struct key *key = key_arg;
    const struct hw_http_options *options = key->options;
    struct hw_http_share *share = hw_alloc_zero(1, sizeof(*share));
    if (!share) {
        return hw_fail_nomem(err, sizeof(*share));
    }
    share->options = *options;
    share->bytes_per_s = key->bytes_per_s;
    share->ca_bundle = options->ca_bundle ? hw_strdup(options->ca_bundle) : NULL;
    share->options.ca_bundle = share->ca_bundle;
    enum hw_status status = options->ca_bundle && !share->ca_bundle ? hw_fail_nomem(err, strlen(options->ca_bundle) + 1)
                                                                    : client_make(share, err);
    if (status) {
        share_destroy(&share->base);
        return status;
    }
    *out_share = &share->base;
    return HW_OK;
}

static struct hw_shares shares = {share_matches, share_make, share_destroy, PTHREAD_MUTEX_INITIALIZER, NULL};

enum hw_status hw_http_share_get(const struct hw_http_options *options, uint64_t bytes_per_s,
                                 struct hw_http_share **out_share, struct hw_error *err) {
    const struct key key = {options, bytes_per_s};
    struct hw_share *base;
    HW_TRY(hw_share_get(&shares, &key, &base, err));
    *out_share = (struct hw_http_share *)base;
    return HW_OK;
}

void hw_http_share_put(struct hw_http_share *share) {
    hw_share_put(&shares, share ? &share->base : NULL);
}
