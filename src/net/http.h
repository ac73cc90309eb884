/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP/1.1 over a few network threads. A client keeps its connections alive and reuses them, and
 * any number of exchanges may be started: those beyond the limit wait for their turn. The end of
 * an exchange is told on a network thread, or waited for. Only the network threads touch the
 * handles of libcurl.
 *
 * Redirects are never followed, and no scheme but http and https is spoken. Certificates are always
 * verified (TLS 1.2 at least). Cookies and .netrc are not used, and bodies come as they were
 * stored. Proxies are those of the environment, as curl reads it.
 */
#ifndef HW_NET_HTTP_H
#define HW_NET_HTTP_H

#include "net/http_request.h"
#include "net/loop.h"
#include "net/rate.h"

struct hw_http;
struct hw_http_exchange;

enum {
    HW_HTTP_CONNECTIONS = 16,
    /* A client has one network thread for so many connections, and HW_HTTP_THREADS_MAX at most. */
    HW_HTTP_CONNECTIONS_A_THREAD = 64,
    HW_HTTP_THREADS_MAX = 4,
    /* The size of a buffer where none is asked for. */
    HW_HTTP_BUFFER_BYTES = 512 * 1024,
};

struct hw_http_options {
    /* A PEM file of trusted certificates. NULL or "" means those of the system. */
    const char *ca_bundle;
    /* No proxy is used, whatever the environment says. */
    bool direct;
    /*
     * The most exchanges in flight at once (hw_http_limit_set may lower it). 0 means
     * HW_HTTP_CONNECTIONS.
     */
    uint32_t connections_max;
    /*
     * The size of each of a connection's two buffers, to receive and to send. 0 means
     * HW_HTTP_BUFFER_BYTES. Where the rate has no limit, what is received into a long buffer of the
     * caller comes through up to HW_HTTP_BUFFER_BYTES, a sixteenth of the caller's at most.
     */
    uint32_t buffer_bytes;
    /*
     * An exchange fails when no byte has moved for this long, connecting included, or when the
     * average over this long is below 1 KiB/s (net/pace.h). 0 means 60 s.
     */
    int64_t timeout_ms;
    /* The limit of the bytes that the bodies of all exchanges move. Borrowed; NULL means none. */
    struct hw_rate *rate;
    /*
     * Says whether an exchange shall be given up. It is asked every 100 ms, on a network thread;
     * NULL means never.
     */
    bool (*cancelled)(void *ctx);
    void *cancelled_ctx;
};

/* Starts a client and its network threads. The texts of `options` are copied. */
HW_NODISCARD enum hw_status hw_http_new(const struct hw_http_options *options, struct hw_http **out_http,
                                        struct hw_error *err);
/* Frees a client, all exchanges of which have been taken, waited for or discarded. Accepts NULL. */
void hw_http_free(struct hw_http *http);

/*
 * Sets how many exchanges may be in flight at once, from 1 to `connections_max`. Those that are
 * under way go on. Any thread may call this.
 */
void hw_http_limit_set(struct hw_http *http, uint32_t exchanges);
/* Returns the number of the network thread that has the least to do. */
unsigned hw_http_thread_pick(const struct hw_http *http);
/* Returns the loop of a network thread. */
struct hw_loop *hw_http_thread_loop(const struct hw_http *http, unsigned thread);

/*
 * Starts an exchange and sets `*out_exchange` before it can end. The texts of `request` are copied,
 * its buffers are borrowed until it has ended. Any thread may call this.
 */
HW_NODISCARD enum hw_status hw_http_start(struct hw_http *http, const struct hw_http_request *request,
                                          struct hw_http_exchange **out_exchange, struct hw_error *err);
/*
 * Takes the outcome of an exchange that has ended, and frees it, also on failure. Any whole reply
 * is HW_OK, even a 500. HW_ENETWORK means that there was no connection, that it was too slow, or
 * that the reply was shorter than it said; HW_EPROTOCOL that the reply was beyond a limit, or no
 * HTTP; HW_ECANCELLED that it was cancelled; HW_EUNTRUSTED that the server's certificate is not
 * trusted, so that nothing was sent; HW_ECONFIG that the URL or the file of trusted certificates is
 * wrong.
 */
HW_NODISCARD enum hw_status hw_http_take(struct hw_http_exchange *exchange, struct hw_http_response *out_response,
                                         struct hw_error *err);
/*
 * Ends an exchange with HW_ECANCELLED. To be called on its network thread, where `ended` is called
 * then or a little later.
 */
void hw_http_cancel(struct hw_http_exchange *exchange);
/* Lets a body go on that was paused. To be called on the exchange's network thread. */
void hw_http_resume(struct hw_http_exchange *exchange);

/* Waits until an exchange without `ended` has ended, and takes it. Not on a network thread. */
HW_NODISCARD enum hw_status hw_http_wait(struct hw_http_exchange *exchange, struct hw_http_response *out_response,
                                         struct hw_error *err);
/*
 * Gives an exchange without `ended` up and frees it. On return nothing it borrowed is in use. Not
 * on a network thread. Accepts NULL.
 */
void hw_http_discard(struct hw_http_exchange *exchange);
/* Starts an exchange and waits for it. */
HW_NODISCARD enum hw_status hw_http_perform(struct hw_http *http, const struct hw_http_request *request,
                                            struct hw_http_response *out_response, struct hw_error *err);

#endif
