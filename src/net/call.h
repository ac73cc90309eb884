/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One request and all of its tries. A call runs by itself once it was started: its client judges
 * the end of each try, and after a pause the next one is sent, all on one network thread, so that a
 * request that has to wait holds up nobody. Its end is waited for, or told to a queue.
 */
#ifndef HW_NET_CALL_H
#define HW_NET_CALL_H

#include "net/call_queue.h"
#include "net/http.h"

struct hw_call;

enum hw_call_verdict {
    /* The reply is good, and the call has ended. */
    HW_CALL_GOOD,
    /* No further try would help, and the call has ended. */
    HW_CALL_FAILED,
    /* The next try is sent after the pause. */
    HW_CALL_AGAIN,
    /* The client will say when and whether the next try is sent, by hw_call_resume. */
    HW_CALL_HELD,
};

/* The part of a call that the client of a service does. */
struct hw_call_ops {
    /*
     * Sends a try, by hw_call_send: the first one on the thread that starts the call, all others on
     * a network thread, which must not wait there.
     */
    enum hw_status (*send)(void *ctx, struct hw_error *err);
    /*
     * Judges the end of a try, on a network thread. `status` and `err` are the exchange's; the
     * judge fills in `err` where it finds fault with the reply. `*pause_ms` is for HW_CALL_AGAIN.
     */
    enum hw_call_verdict (*judge)(void *ctx, enum hw_status status, struct hw_http_response *response,
                                  struct hw_error *err, int64_t *pause_ms);
    /* Completes the error of a call that ends in failure, by the object's name for example. */
    void (*tell)(void *ctx, struct hw_error *err);
    /* Says whether the call shall be given up. It is asked every 100 ms, on a network thread. */
    bool (*cancelled)(void *ctx);
    /*
     * Is called where a call that is held is given up. True means that hw_call_resume will not be
     * called for it, false that it was called already.
     */
    bool (*let_go)(void *ctx);
    /*
     * Counts a try that has ended, before it is judged, on a network thread. A try that nobody
     * waits for any more is counted too, and not judged. `response` is empty where none came. NULL:
     * nothing is counted.
     */
    void (*count)(void *ctx, const struct hw_http_response *response);
};

enum hw_call_state {
    HW_CALL_IDLE,
    /* A try is under way. */
    HW_CALL_SENT,
    /* The next try is to be sent after a pause. */
    HW_CALL_PAUSED,
    /* As HW_CALL_HELD. */
    HW_CALL_HOLDS,
    HW_CALL_ENDED,
};

/* A call. Start it with the first four filled in and the rest zeroed; it must not move. */
struct hw_call {
    const struct hw_call_ops *ops;
    void *ctx;
    struct hw_http *http;
    /*
     * It is told of the end (net/call_queue.h), with `ctx`. NULL means that somebody waits for it.
     */
    struct hw_call_queue *queue;

    /* The starter's: whether it was started. */
    bool started;
    unsigned thread;
    /* The network thread's, and the starter's before and after. */
    enum hw_call_state state;
    /* True if nobody wants to know how it ends. */
    bool dropping;
    struct hw_http_exchange *exchange;
    struct hw_timer timer;
    int64_t pause_ends_us;
    struct hw_loop_task resume;
    struct hw_loop_task drop;
    /* The outcome: the response of a good call, the error of another. */
    enum hw_status status;
    struct hw_http_response response;
    struct hw_error error;
    struct hw_call_end end;

    struct {
        pthread_mutex_t lock;
        pthread_cond_t changed;
        bool ended;
        bool dropped;
    } synced;
};

/* Sends the first try. After a failure the call is idle again. */
HW_NODISCARD enum hw_status hw_call_start(struct hw_call *call, struct hw_error *err);
/*
 * Waits until the call has ended and takes its outcome. The response is the caller's. It may only
 * be released afterwards. Not on a network thread.
 */
HW_NODISCARD enum hw_status hw_call_wait(struct hw_call *call, struct hw_http_response *out_response,
                                         struct hw_error *err);
/*
 * Gives the call up if it is under way, and zeroes it. On return nothing that its request borrows
 * is in use, and no queue holds it. Not on a network thread. A zeroed one may be released too.
 */
void hw_call_release(struct hw_call *call);

/*
 * Sends a try: starts the exchange of `request`, in which the call fills in who is told of its end.
 */
HW_NODISCARD enum hw_status hw_call_send(struct hw_call *call, const struct hw_http_request *request,
                                         struct hw_error *err);
/*
 * Lets a call go on that is held: it sends the next try or, if `status` is a failure, ends with it.
 * Any thread may call this.
 */
void hw_call_resume(struct hw_call *call, enum hw_status status, const struct hw_error *error);

#endif
