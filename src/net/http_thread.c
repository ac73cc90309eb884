/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http_thread.h"

#include <stdio.h>

#include "core/alloc.h"

/* Exchanges are looked at so often: whether they are cancelled, and whether they make progress. */
#define LOOK_US INT64_C(100000)

static int socket_changed(CURL *easy, curl_socket_t fd, int what, void *ctx, void *socket_ctx);
static int timer_changed(CURLM *multi, long timeout_ms, void *ctx);
static void socket_ready(void *ctx, int fd, unsigned ready);
static void curl_is_due(void *ctx);
static void look_is_due(void *ctx);
static void rate_allows(void *ctx);
static void bytes_moved(struct hw_http_exchange *exchange, uint64_t bytes);
static void exchange_begin(struct hw_http_thread *thread, struct hw_http_exchange *exchange);
static void exchange_end(struct hw_http_exchange *exchange, CURLcode result);
static void finished_end(struct hw_http_thread *thread);
static void curl_acted(struct hw_http_thread *thread, CURLMcode code);

/* ------ lists of exchanges */

static void list_add(struct hw_http_exchanges *list, struct hw_http_exchange *exchange) {
    exchange->next = NULL;
    exchange->before = list->last;
    if (list->last) {
        list->last->next = exchange;
    } else {
        list->first = exchange;
    }
    list->last = exchange;
}

static void list_remove(struct hw_http_exchanges *list, struct hw_http_exchange *exchange) {
    if (exchange->before) {
        exchange->before->next = exchange->next;
    } else {
        list->first = exchange->next;
    }
    if (exchange->next) {
        exchange->next->before = exchange->before;
    } else {
        list->last = exchange->before;
    }
    exchange->next = exchange->before = NULL;
}

/* ------ the thread */

enum hw_status hw_http_thread_start(struct hw_http_thread *thread, const struct hw_http_thread_options *options,
                                    struct hw_error *err) {
    *thread = (struct hw_http_thread){
        .options = *options,
        .curl_due = {.run = curl_is_due, .ctx = thread},
        .look_due = {.run = look_is_due, .ctx = thread},
    };
    atomic_init(&thread->load, 0);
    atomic_init(&thread->limit, options->connections_max);
    thread->idle = hw_alloc_zero(options->connections_max, sizeof(*thread->idle));
    thread->multi = curl_multi_init();
    if (!thread->idle || !thread->multi) {
        return hw_fail_nomem(err, options->connections_max * sizeof(*thread->idle));
    }
    curl_multi_setopt(thread->multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
    curl_multi_setopt(thread->multi, CURLMOPT_MAXCONNECTS, (long)options->connections_max);
    curl_multi_setopt(thread->multi, CURLMOPT_SOCKETFUNCTION, socket_changed);
    curl_multi_setopt(thread->multi, CURLMOPT_SOCKETDATA, thread);
    curl_multi_setopt(thread->multi, CURLMOPT_TIMERFUNCTION, timer_changed);
    curl_multi_setopt(thread->multi, CURLMOPT_TIMERDATA, thread);
    return hw_loop_new(socket_ready, thread, &thread->loop, err);
}

/*
 * The connections are closed on the loop, for curl tells it of each socket. There is no loop where
 * the start has failed.
 */
static void connections_close(void *ctx) {
    struct hw_http_thread *thread = ctx;
    for (uint32_t i = 0; i < thread->idle_count; i++) {
        curl_easy_cleanup(thread->idle[i]);
    }
    thread->idle_count = 0;
    curl_multi_cleanup(thread->multi);
    thread->multi = NULL;
}

void hw_http_thread_stop(struct hw_http_thread *thread) {
    struct hw_loop_task close_all = {.run = connections_close, .ctx = thread};
    if (thread->loop) {
        hw_loop_post(thread->loop, &close_all);
        hw_loop_free(thread->loop);
    } else {
        connections_close(thread);
    }
    hw_free(thread->idle);
}

void hw_http_thread_add(struct hw_http_thread *thread, struct hw_http_exchange *exchange) {
    list_add(&thread->queued, exchange);
    exchange->state = HW_HTTP_QUEUED;
    exchange->moved = bytes_moved;
    if (exchange->fault.status) {
        exchange_end(exchange, CURLE_ABORTED_BY_CALLBACK);
        return;
    }
    if (!thread->look_due.is_set) {
        hw_loop_timer_set(thread->loop, &thread->look_due, hw_loop_now_us() + LOOK_US);
    }
    hw_http_thread_begin_queued(thread);
}

void hw_http_thread_begin_queued(struct hw_http_thread *thread) {
    while (thread->queued.first && thread->active_count < atomic_load(&thread->limit)) {
        struct hw_http_exchange *exchange = thread->queued.first;
        list_remove(&thread->queued, exchange);
        exchange_begin(thread, exchange);
    }
}

void hw_http_thread_cancel(struct hw_http_exchange *exchange) {
    if (exchange->state == HW_HTTP_ENDED) {
        return;
    }
    hw_error_set(&exchange->fault, HW_ECANCELLED, "stopped while waiting for the server");
    if (exchange->state != HW_HTTP_POSTED) {
        exchange_end(exchange, CURLE_ABORTED_BY_CALLBACK);
    }
}

void hw_http_thread_resume(struct hw_http_exchange *exchange) {
    struct hw_http_thread *thread = exchange->thread;
    if (!exchange->easy) {
        return;
    }
    /* A piece that curl had kept is lost if it is not taken now, so the exchange cannot go on. */
    CURLcode code = curl_easy_pause(exchange->easy, CURLPAUSE_CONT);
    if (code != CURLE_OK) {
        exchange_end(exchange, code);
    }
    finished_end(thread);
}

/* ------ libcurl's sockets and its timer */

static int socket_changed(CURL *easy, curl_socket_t fd, int what, void *ctx, void *socket_ctx) {
    static const unsigned events[] = {
        [CURL_POLL_NONE] = 0,          [CURL_POLL_IN] = HW_LOOP_IN,
        [CURL_POLL_OUT] = HW_LOOP_OUT, [CURL_POLL_INOUT] = HW_LOOP_IN | HW_LOOP_OUT,
        [CURL_POLL_REMOVE] = 0,
    };
    struct hw_http_thread *thread = ctx;
    (void)easy, (void)socket_ctx;
    if (events[what] == 0) {
        hw_loop_forget(thread->loop, fd);
    } else {
        /*
         * If this fails, for want of memory, the exchange ends as one that stalls. After -1 curl
         * would not do anything more for the others either.
         */
        (void)!hw_loop_watch(thread->loop, fd, events[what], NULL);
    }
    return 0;
}

static int timer_changed(CURLM *multi, long timeout_ms, void *ctx) {
    struct hw_http_thread *thread = ctx;
    (void)multi;
    if (timeout_ms < 0) {
        hw_loop_timer_clear(thread->loop, &thread->curl_due);
    } else {
        hw_loop_timer_set(thread->loop, &thread->curl_due, hw_loop_now_us() + timeout_ms * INT64_C(1000));
    }
    return 0;
}

static void socket_ready(void *ctx, int fd, unsigned ready) {
    struct hw_http_thread *thread = ctx;
    int running;
    const int flags = (ready & HW_LOOP_IN ? CURL_CSELECT_IN : 0) | (ready & HW_LOOP_OUT ? CURL_CSELECT_OUT : 0) |
                      (ready & HW_LOOP_BROKEN ? CURL_CSELECT_ERR : 0);
    curl_acted(thread, curl_multi_socket_action(thread->multi, fd, flags, &running));
}

static void curl_is_due(void *ctx) {
    struct hw_http_thread *thread = ctx;
    int running;
    curl_acted(thread, curl_multi_socket_action(thread->multi, CURL_SOCKET_TIMEOUT, 0, &running));
}

/*
 * Looks what has ended. Where curl itself has failed, for want of memory, it does not say whose
 * socket it may have forgotten: so all exchanges end, for one that is forgotten would only stall.
 */
static void curl_acted(struct hw_http_thread *thread, CURLMcode code) {
    while (code != CURLM_OK && thread->active.first) {
        exchange_end(thread->active.first, CURLE_OUT_OF_MEMORY);
    }
    finished_end(thread);
}

/* ------ the life of an exchange: begin, look, end */

static void exchange_begin(struct hw_http_thread *thread, struct hw_http_exchange *exchange) {
    const int64_t now_us = hw_loop_now_us();
    list_add(&thread->active, exchange);
    thread->active_count++;
    exchange->state = HW_HTTP_ACTIVE;
    exchange->pause = (struct hw_timer){.run = rate_allows, .ctx = exchange};
    exchange->response.figures.begun_us = now_us - exchange->started_us;
    hw_pace_start(&exchange->pace, now_us, thread->options.handle.timeout_ms, exchange->slow_windows,
                  exchange->body_bytes);
    exchange->easy =
        thread->idle_count > 0 ? thread->idle[--thread->idle_count] : hw_http_handle_new(&thread->options.handle);
    CURLcode code = exchange->easy ? hw_http_exchange_set_up(exchange, &thread->options.handle) : CURLE_OUT_OF_MEMORY;
    if (code == CURLE_OK && curl_multi_add_handle(thread->multi, exchange->easy) != CURLM_OK) {
        code = CURLE_OUT_OF_MEMORY;
    }
    if (code != CURLE_OK) {
        exchange_end(exchange, code);
    }
}

static bool pace_look(struct hw_http_exchange *exchange, int64_t now_us, int64_t timeout_ms) {
    curl_off_t sent = 0;
    curl_easy_getinfo(exchange->easy, CURLINFO_SIZE_UPLOAD_T, &sent);
    if (exchange->paused_us > 0) {
        /* It is slow because it has to be. */
        hw_pace_shift(&exchange->pace, LOOK_US);
        return true;
    }
    enum hw_pace_verdict verdict = hw_pace_look(&exchange->pace, now_us, (uint64_t)sent, exchange->received_bytes);
    const double seconds = (double)timeout_ms / 1000;
    char *text = exchange->curl_text;
    if (verdict == HW_PACE_STALLED) {
        snprintf(text, sizeof(exchange->curl_text), "no byte for %g s", seconds);
    } else if (verdict == HW_PACE_SLOW) {
        snprintf(text, sizeof(exchange->curl_text), "below %d bytes a second for %g s", HW_PACE_BYTES_PER_S,
                 seconds * (exchange->slow_windows > 0 ? exchange->slow_windows : 1));
    }
    return verdict == HW_PACE_GOOD;
}

/* Ends the exchanges of a list that are cancelled, and the active ones that make no progress. */
static void list_look(struct hw_http_thread *thread, struct hw_http_exchanges *list) {
    const int64_t now_us = hw_loop_now_us();
    for (struct hw_http_exchange *at = list->first, *next; at; at = next) {
        next = at->next;
        if (at->cancelled && at->cancelled(at->cancelled_ctx)) {
            hw_http_thread_cancel(at);
        } else if (at->easy && !pace_look(at, now_us, thread->options.handle.timeout_ms)) {
            exchange_end(at, CURLE_OPERATION_TIMEDOUT);
        }
    }
}

/*
 * An exchange that ends here may begin another one, which stands at the end of a list and is looked
 * at as well.
 */
static void look_is_due(void *ctx) {
    struct hw_http_thread *thread = ctx;
    list_look(thread, &thread->queued);
    list_look(thread, &thread->active);
    hw_http_thread_begin_queued(thread);
    if (thread->queued.first || thread->active.first) {
        hw_loop_timer_set(thread->loop, &thread->look_due, hw_loop_now_us() + LOOK_US);
    }
}

/* Ends the exchanges that curl has finished, and begins others in their place. */
static void finished_end(struct hw_http_thread *thread) {
    int left;
    for (CURLMsg *message; (message = curl_multi_info_read(thread->multi, &left)) != NULL;) {
        char *exchange = NULL;
        if (message->msg == CURLMSG_DONE) {
            /* The message is gone once the handle is removed. */
            CURLcode result = message->data.result;
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &exchange);
            exchange_end((struct hw_http_exchange *)(void *)exchange, result);
        }
    }
    hw_http_thread_begin_queued(thread);
}

static void exchange_end(struct hw_http_exchange *exchange, CURLcode result) {
    struct hw_http_thread *thread = exchange->thread;
    const bool active = exchange->state == HW_HTTP_ACTIVE;
    list_remove(active ? &thread->active : &thread->queued, exchange);
    thread->active_count -= active;
    exchange->state = HW_HTTP_ENDED;
    exchange->result = result;
    hw_loop_timer_clear(thread->loop, &exchange->pause);
    hw_http_exchange_figures(exchange);
    if (exchange->easy) {
        curl_multi_remove_handle(thread->multi, exchange->easy);
        curl_easy_setopt(exchange->easy, CURLOPT_ERRORBUFFER, NULL);
        if (thread->idle_count < thread->options.connections_max) {
            thread->idle[thread->idle_count++] = exchange->easy;
        } else {
            curl_easy_cleanup(exchange->easy);
        }
        exchange->easy = NULL;
    }
    atomic_fetch_sub(&thread->load, 1);
    thread->options.ended(thread->options.ended_ctx, exchange);
}

/* ------ the limit of the rate */

static void bytes_moved(struct hw_http_exchange *exchange, uint64_t bytes) {
    struct hw_http_thread *thread = exchange->thread;
    struct hw_rate *rate = thread->options.rate;
    const int64_t now_us = rate ? hw_loop_now_us() : 0;
    const int64_t pause_us = rate && bytes > 0 ? hw_rate_count(rate, now_us, bytes) : 0;
    if (pause_us > 0) {
        exchange->paused_us = now_us;
        hw_loop_timer_set(thread->loop, &exchange->pause, now_us + pause_us);
    }
}

static void rate_allows(void *ctx) {
    struct hw_http_exchange *exchange = ctx;
    exchange->paused_us = 0;
    hw_http_thread_resume(exchange);
}
