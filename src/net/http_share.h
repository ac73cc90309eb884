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

struct hw_http_share {
    struct hw_share base;
    struct hw_http *http;
    /* The options that it was made with; the text is the share's. */
    struct hw_http_options options;
    char *ca_bundle;
};

/* Returns the client for these options. Functions and their contexts are compared by address. */
HW_NODISCARD enum hw_status hw_http_share_get(const struct hw_http_options *options, struct hw_http_share **out_share,
                                              struct hw_error *err);
/* Gives a client back. Accepts NULL. */
void hw_http_share_put(struct hw_http_share *share);

#endif
