/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP clients that are shared: whoever asks with equal options gets the same one, so that any
 * number of stores have a handful of threads, one pool of connections and one limit of exchanges.
 * Any thread may call this.
 */
#ifndef HW_NET_HTTP_SHARE_H
#define HW_NET_HTTP_SHARE_H

#include "core/shares.h"
#include "net/http.h"
#include "net/rate_share.h"

struct hw_http_share {
    struct hw_share base;
    struct hw_http *http;
    /* The options that it was asked for with; the text is the share's. */
    struct hw_http_options options;
    uint64_t bytes_per_s;
    char *ca_bundle;
    /* NULL where the rate has no limit. */
    struct hw_rate_share *rate;
};

/*
 * Returns the client for these options, the `rate` of which is NULL. Functions and their contexts
 * are compared by address. All clients with the same limit of `bytes_per_s` move no more together;
 * 0 means that there is no limit.
 */
HW_NODISCARD enum hw_status hw_http_share_get(const struct hw_http_options *options, uint64_t bytes_per_s,
                                              struct hw_http_share **out_share, struct hw_error *err);
/* Gives a client back. Accepts NULL. */
void hw_http_share_put(struct hw_http_share *share);

#endif
