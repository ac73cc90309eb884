/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One network thread of an HTTP client: a loop (net/loop.h), the connections that libcurl keeps on
 * it, and the exchanges, queued and active. Used by net/http only. What takes an exchange is called
 * on the thread's own loop, but for hw_http_thread_load.
 */
#ifndef HW_NET_HTTP_THREAD_H
#define HW_NET_HTTP_THREAD_H

#include <stdatomic.h>

#include "net/http_exchange.h"
#include "net/rate.h"

/* Tells that an exchange has ended. It may be gone afterwards. */
typedef void hw_http_ended_fn(void *ctx, struct hw_http_exchange *exchange);

struct hw_http_thread_options {
    struct hw_http_handle_options handle;
    uint32_t connections_max;
    /* Both NULL or borrowed for as long as the thread lives. */
    struct hw_rate *rate;
    hw_http_ended_fn *ended;
    void *ended_ctx;
};

struct hw_http_exchanges {
    struct hw_http_exchange *first;
    struct hw_http_exchange *last;
};

struct hw_http_thread {
    struct hw_http_thread_options options;
    struct hw_loop *loop;
    CURLM *multi;
    /* The exchanges that were given to the thread and have not ended. */
    atomic_uint load;
    /* The most exchanges that may be active. */
    atomic_uint limit;

    /* Touched on the loop only. */
    struct hw_http_exchanges queued;
    struct hw_http_exchanges active;
    uint32_t active_count;
    /* The handles to use again, with room for connections_max. */
    CURL **idle;
    uint32_t idle_count;
    /* The time at which curl wants to be called. */
    struct hw_timer curl_due;
    /* The next look at the pace of the exchanges and at whether they are cancelled. */
    struct hw_timer look_due;
};

/*
 * Starts a thread, in memory that does not move. The texts of `options` are borrowed while it
 * lives.
 */
HW_NODISCARD enum hw_status hw_http_thread_start(struct hw_http_thread *thread,
                                                 const struct hw_http_thread_options *options, struct hw_error *err);
/* Ends a thread, which has no exchange left. One whose start has failed may be stopped too. */
void hw_http_thread_stop(struct hw_http_thread *thread);

/* Queues an exchange, and begins it if it may be active. */
void hw_http_thread_add(struct hw_http_thread *thread, struct hw_http_exchange *exchange);
/* Begins queued exchanges, as many as may be active. */
void hw_http_thread_begin_queued(struct hw_http_thread *thread);
/* Ends an exchange that has not ended yet: at once, or when it is added. */
void hw_http_thread_cancel(struct hw_http_exchange *exchange);
/* Lets an exchange go on whose body was paused. */
void hw_http_thread_resume(struct hw_http_exchange *exchange);

#endif
