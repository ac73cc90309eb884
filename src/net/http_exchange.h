/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One exchange as libcurl runs it: how a request becomes the options of a handle, what becomes of
 * the bytes that come and go, and what its end means. Used by net/http and net/http_thread only.
 */
#ifndef HW_NET_HTTP_EXCHANGE_H
#define HW_NET_HTTP_EXCHANGE_H

#include <curl/curl.h>

#include "net/http_request.h"
#include "net/loop.h"
#include "net/pace.h"

struct hw_http_thread;

enum hw_http_state {
    /* On its way to its thread. */
    HW_HTTP_POSTED,
    /* Waits for its turn. */
    HW_HTTP_QUEUED,
    /* Has a handle. */
    HW_HTTP_ACTIVE,
    HW_HTTP_ENDED,
};

struct hw_http_exchange {
    /* Set before it is posted, then constant. */
    struct hw_http_thread *thread;
    /* Is called, on the network thread, when bytes of a body have moved. */
    void (*moved)(struct hw_http_exchange *exchange, uint64_t bytes);
    /* The texts of the request and the list of headers are in one block. */
    void *block;
    const char *method;
    const char *url;
    struct curl_slist *headers;
    const void *body;
    struct hw_http_pull pull;
    uint64_t body_bytes;
    uint8_t *into;
    size_t into_bytes;
    enum hw_http_flow (*take)(void *ctx, const struct hw_http_response *head, const void *data, size_t bytes);
    void *take_ctx;
    unsigned slow_windows;
    unsigned *resends;
    struct hw_http_figures *figures; /* NULL means that nobody wants to know */
    bool (*cancelled)(void *ctx);    /* NULL means never */
    void *cancelled_ctx;
    void (*ended)(void *ctx);
    void *ended_ctx;
    int64_t started_us;

    /* The network thread's until it has ended. */
    enum hw_http_state state;
    struct hw_http_exchange *next;
    struct hw_http_exchange *before;
    CURL *easy;
    struct hw_pace pace;
    /* The offset of the next byte of the body to be pulled. */
    uint64_t pulled_bytes;
    /* The bytes that came, headers included. */
    uint64_t received_bytes;
    /* The pause that the limit of the rate asks for: when it ends and when it began; 0 for none. */
    struct hw_timer pause;
    int64_t paused_us;
    CURLcode result;
    char curl_text[CURL_ERROR_SIZE];
    /* An error that is not of curl: a limit, out of memory, cancelled. */
    struct hw_error fault;
    struct hw_http_response response;

    struct hw_loop_task arrive;
    struct hw_loop_task drop;
    /* Under the lock of the client: who waits for it, and whether it may go on. */
    pthread_cond_t *waiter;
    bool is_ended;
    bool is_dropped;
};

/*
 * Makes an exchange of a request, which is copied but for the buffers. HW_EUSAGE means that a
 * header has control characters.
 */
HW_NODISCARD enum hw_status hw_http_exchange_new(const struct hw_http_request *request,
                                                 struct hw_http_exchange **out_exchange, struct hw_error *err);
void hw_http_exchange_free(struct hw_http_exchange *exchange);

/* The options that all exchanges of a client have in common. */
struct hw_http_handle_options {
    const char *ca_bundle; /* NULL means those of the system */
    bool direct;           /* no proxy is used */
    /* The size of a connection's buffers, and the most that one has to receive a long body. */
    long buffer_bytes;
    long receive_bytes_max; /* not less */
    int64_t timeout_ms;
};
/* Makes a handle; NULL when out of memory. */
CURL *hw_http_handle_new(const struct hw_http_handle_options *options);
/*
 * Returns the size of the buffer through which a body is received that goes into so many bytes of
 * the caller's. The larger it is, the fewer calls of the system a long body takes: ranges of 8 MiB
 * cost 19 % less CPU with 512 KiB than with 128 KiB. It is a small share of the caller's bytes, so
 * that many short bodies at once take little memory. To send, larger buffers save nothing.
 */
long hw_http_receive_bytes(size_t into_bytes, const struct hw_http_handle_options *options);
/*
 * Gives the exchange's handle, which was made with these options, what this request needs, whatever
 * it did before.
 */
HW_NODISCARD CURLcode hw_http_exchange_set_up(struct hw_http_exchange *exchange,
                                              const struct hw_http_handle_options *options);
/*
 * Keeps what the handle knows of the exchange, before it is used for another one, and tells it to
 * who wants to know.
 */
void hw_http_exchange_figures(struct hw_http_exchange *exchange);
/* Returns what the end of the exchange means, and fills in the error. */
enum hw_status hw_http_exchange_outcome(const struct hw_http_exchange *exchange, struct hw_error *err);

#endif
