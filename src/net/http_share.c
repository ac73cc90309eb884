/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http_share.h"

#include "core/alloc.h"

static bool share_matches(const struct hw_share *base, const void *key) {
    const struct hw_http_options *a = &((const struct hw_http_share *)base)->options;
    const struct hw_http_options *b = key;
    return strcmp(a->ca_bundle ? a->ca_bundle : "", b->ca_bundle ? b->ca_bundle : "") == 0 &&
           a->connections_max == b->connections_max && a->buffer_bytes == b->buffer_bytes &&
           a->timeout_ms == b->timeout_ms && a->rate == b->rate && a->cancelled == b->cancelled &&
           a->cancelled_ctx == b->cancelled_ctx;
}

static void share_destroy(struct hw_share *base) {
    struct hw_http_share *share = (struct hw_http_share *)base;
    hw_http_free(share->http);
    hw_free(share->ca_bundle);
    hw_free(share);
}

static enum hw_status share_make(const void *key, struct hw_share **out_share, struct hw_error *err) {
    const struct hw_http_options *options = key;
    struct hw_http_share *share = hw_alloc_zero(1, sizeof(*share));
    if (!share) {
        return hw_fail_nomem(err, sizeof(*share));
    }
    share->options = *options;
    share->ca_bundle = options->ca_bundle ? hw_strdup(options->ca_bundle) : NULL;
    share->options.ca_bundle = share->ca_bundle;
    enum hw_status status = options->ca_bundle && !share->ca_bundle ? hw_fail_nomem(err, strlen(options->ca_bundle) + 1)
                                                                    : hw_http_new(options, &share->http, err);
    if (status) {
        share_destroy(&share->base);
        return status;
    }
    *out_share = &share->base;
    return HW_OK;
}

static struct hw_shares shares = {share_matches, share_make, share_destroy, PTHREAD_MUTEX_INITIALIZER, NULL};

enum hw_status hw_http_share_get(const struct hw_http_options *options, struct hw_http_share **out_share,
                                 struct hw_error *err) {
    struct hw_share *base;
    HW_TRY(hw_share_get(&shares, options, &base, err));
    *out_share = (struct hw_http_share *)base;
    return HW_OK;
}

void hw_http_share_put(struct hw_http_share *share) {
    hw_share_put(&shares, share ? &share->base : NULL);
}
