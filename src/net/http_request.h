/* SPDX-License-Identifier: Apache-2.0 */
/* An HTTP request, and who gets or gives the bytes of the bodies. */
#ifndef HW_NET_HTTP_REQUEST_H
#define HW_NET_HTTP_REQUEST_H

#include "net/http_response.h"

struct hw_http_header {
    const char *name;
    const char *value;
};

/* The answer of the reader or the taker of a body to a piece of it. */
enum hw_http_flow {
    HW_HTTP_GO_ON,
    /* Not now: it is asked again, from the same byte, after hw_http_resume. */
    HW_HTTP_PAUSE,
    /* The exchange ends here. */
    HW_HTTP_STOP,
};

/* A body to be sent that does not lie in one piece of memory. */
struct hw_http_pull {
    uint64_t bytes; /* of the whole body */
    /*
     * Is called on a network thread. Puts at least one byte and up to `*bytes` of the body from
     * `offset` into `data`, and tells in `*bytes` how many. `offset` goes back where a request is
     * sent again because a kept connection turned out to be dead. HW_HTTP_STOP ends the exchange
     * with the error that was filled in.
     */
    enum hw_http_flow (*read)(void *ctx, uint64_t offset, void *data, size_t *bytes, struct hw_error *err);
    void *ctx;
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
    /* The body comes from there instead; it is copied. NULL means that it is `body`. */
    const struct hw_http_pull *pull;
    /*
     * The memory that takes the body of a 200 or 206, borrowed until the exchange has ended; a body
     * longer than `into_bytes` is HW_EPROTOCOL. NULL means that the response gets the body.
     */
    void *into;
    size_t into_bytes;
    /*
     * Takes the body of a 200 or 206 piece by piece instead, on a network thread; `head` has the
     * status and the headers. HW_HTTP_STOP ends the exchange, which then is HW_OK and `stopped`.
     * NULL: `into` or the response gets the body.
     */
    enum hw_http_flow (*take)(void *ctx, const struct hw_http_response *head, const void *data, size_t bytes);
    void *take_ctx;
    /* The number of timeouts over which the average of 1 KiB/s is taken. 0 means one. */
    unsigned slow_windows;
    /*
     * Counts how often the request was sent again on a fresh connection because a kept one turned
     * out to be dead. NULL means that nobody wants to know.
     */
    unsigned *resends;
    /*
     * Gets the figures when the exchange ends, however it ends, before `ended` is called. NULL
     * means that nobody wants to know.
     */
    struct hw_http_figures *figures;
    /* Takes the place of the client's `cancelled`. NULL means that the client's is asked. */
    bool (*cancelled)(void *ctx);
    void *cancelled_ctx;
    /*
     * The network thread, from hw_http_thread_pick, that runs the exchange and calls `ended` when
     * it has ended: the callee, or whoever it tells, calls hw_http_take. With NULL the caller of
     * hw_http_start waits for the exchange or discards it, and `thread` is not looked at.
     */
    void (*ended)(void *ctx);
    void *ended_ctx;
    unsigned thread;
};

#endif
