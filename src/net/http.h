/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP/1.1 over one network thread. A client keeps its connections alive and reuses them. Callers
 * block in hw_http_wait, and may start several exchanges before they do. Only the network thread
 * touches the handles of libcurl.
 *
 * Redirects are never followed, and no scheme but http and https is spoken. Certificates are always
 * verified (TLS 1.2 at least). Cookies and .netrc are not used, and bodies come as they were
 * stored. Proxies are those of the environment, as curl reads it.
 */
#ifndef HW_NET_HTTP_H
#define HW_NET_HTTP_H

#include "net/http_response.h"

struct hw_http;
struct hw_http_exchange;

enum { HW_HTTP_CONNECTIONS = 16 };

struct hw_http_options {
    /* A PEM file of trusted certificates. NULL or "" means those of the system. */
    const char *ca_bundle;
    /* The exchanges in flight at once; others wait for their turn. 0 means HW_HTTP_CONNECTIONS. */
    uint32_t connections_max;
    /* The size of each of a connection's two buffers, to receive and to send. 0 means 512 KiB. */
    uint32_t buffer_bytes;
    /*
     * An exchange fails when no byte has moved for this long, connecting included, or when the
     * average over this long is below 1 KiB/s (net/pace.h). 0 means 60 s.
     */
    int64_t timeout_ms;
    /* Says whether a waiting caller shall give up. It is asked every 100 ms; NULL means never. */
    bool (*cancelled)(void *ctx);
    void *cancelled_ctx;
};

struct hw_http_header {
    const char *name;
    const char *value;
};

struct hw_http_request {
    const char *method;
    /* The URL is sent as it is, dot segments included. */
    const char *url;
    /* The headers beside Accept and User-Agent. Control characters in them are HW_EUSAGE. */
    const struct hw_http_header *headers;
    size_t headers_count;
    /* The body is borrowed until the exchange has ended. */
    const void *body;
    size_t body_bytes;
    /*
     * The memory that takes the body of a 200 or 206, borrowed until the exchange has ended; a body
     * longer than `into_bytes` is HW_EPROTOCOL. NULL means that the response gets the body.
     */
    void *into;
    size_t into_bytes;
    /*
     * Takes the body of a 200 or 206 piece by piece instead, on the network's thread, which waits
     * meanwhile; `head` has the status and the headers. False ends the exchange, which then is
     * HW_OK and `stopped`. NULL: `into` or the response gets the body.
     */
    bool (*take)(void *ctx, const struct hw_http_response *head, const void *data, size_t bytes);
    void *take_ctx;
    /* The number of timeouts over which the average of 1 KiB/s is taken. 0 means one. */
    unsigned slow_windows;
    /*
     * Counts how often the request was sent again on a fresh connection because a kept one turned
     * out to be dead. NULL means that nobody wants to know.
     */
    unsigned *resends;
    /* Takes the place of the client's `cancelled`. NULL means that the client's is asked. */
    bool (*cancelled)(void *ctx);
    void *cancelled_ctx;
};

/* Starts a client and its network thread. The texts of `options` are copied. */
HW_NODISCARD enum hw_status hw_http_new(const struct hw_http_options *options, struct hw_http **out_http,
                                        struct hw_error *err);
/* Frees a client, of which every exchange must have been waited for or discarded. Accepts NULL. */
void hw_http_free(struct hw_http *http);

/*
 * Starts an exchange, which the caller must wait for or discard. The texts of `request` are copied,
 * its buffers are borrowed until then. Any thread may call this.
 */
HW_NODISCARD enum hw_status hw_http_start(struct hw_http *http, const struct hw_http_request *request,
                                          struct hw_http_exchange **out_exchange, struct hw_error *err);
/*
 * Waits until the exchange has ended, and frees it, also on failure. Any whole reply is HW_OK, even
 * a 500. HW_ENETWORK means that there was no connection, that it was too slow, or that the reply
 * was shorter than it said; HW_EPROTOCOL that the reply was beyond a limit; HW_ECANCELLED that
 * `cancelled` said so; HW_ECONFIG that the URL or the certificates are wrong.
 */
HW_NODISCARD enum hw_status hw_http_wait(struct hw_http_exchange *exchange, struct hw_http_response *out_response,
                                         struct hw_error *err);
/* Gives an exchange up and frees it. On return nothing it borrowed is in use. Accepts NULL. */
void hw_http_discard(struct hw_http_exchange *exchange);
/* Starts an exchange and waits for it. */
HW_NODISCARD enum hw_status hw_http_perform(struct hw_http *http, const struct hw_http_request *request,
                                            struct hw_http_response *out_response, struct hw_error *err);

#endif
