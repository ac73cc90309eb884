/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a call goes on:
 *
 *     from            what happens                     to
 *     IDLE            hw_call_start                    SENT
 *     SENT            the try ends, GOOD or FAILED     ENDED
 *     SENT            the try ends, AGAIN              PAUSED
 *     SENT            the try ends, HELD               HOLDS
 *     PAUSED          the pause is over                SENT
 *     HOLDS           hw_call_resume                   SENT, or ENDED with its failure
 *     all but ENDED   cancelled or released            ENDED
 */
#include "net/call.h"

#include "core/clock.h"

#define LOOK_US INT64_C(100000)

static void try_ended(void *ctx);
static void time_is_due(void *ctx);
static void try_again(struct hw_call *call);
static void call_end(struct hw_call *call, enum hw_status status);
static void dropped(void *ctx);

static void locks_destroy(struct hw_call *call) {
    pthread_mutex_destroy(&call->synced.lock);
    pthread_cond_destroy(&call->synced.changed);
}

enum hw_status hw_call_start(struct hw_call *call, struct hw_error *err) {
    call->thread = hw_http_thread_pick(call->http);
    call->timer = (struct hw_timer){.run = time_is_due, .ctx = call};
    call->end = (struct hw_call_end){.ctx = call->ctx};
    call->error = (struct hw_error)HW_ERROR_INIT;
    pthread_mutex_init(&call->synced.lock, NULL);
    pthread_cond_init(&call->synced.changed, NULL);
    call->state = HW_CALL_SENT;
    enum hw_status status = call->ops->send(call->ctx, err);
    call->started = status == HW_OK;
    if (status) {
        call->ops->tell(call->ctx, err);
        locks_destroy(call);
    }
    return status;
}

enum hw_status hw_call_send(struct hw_call *call, const struct hw_http_request *request, struct hw_error *err) {
    struct hw_http_request told = *request;
    told.ended = try_ended;
    told.ended_ctx = call;
    told.thread = call->thread;
    told.cancelled = call->ops->cancelled;
    told.cancelled_ctx = call->ctx;
    return hw_http_start(call->http, &told, &call->exchange, err);
}

enum hw_status hw_call_wait(struct hw_call *call, struct hw_http_response *out_response, struct hw_error *err) {
    pthread_mutex_lock(&call->synced.lock);
    while (!call->synced.ended) {
        pthread_cond_wait(&call->synced.changed, &call->synced.lock);
    }
    pthread_mutex_unlock(&call->synced.lock);
    if (call->status) {
        return hw_error_pass(err, call->status, &call->error);
    }
    *out_response = call->response;
    call->response = (struct hw_http_response){0};
    return HW_OK;
}

static void flag_set(struct hw_call *call, bool *flag) {
    pthread_mutex_lock(&call->synced.lock);
    *flag = true;
    pthread_cond_broadcast(&call->synced.changed);
    pthread_mutex_unlock(&call->synced.lock);
}

void hw_call_release(struct hw_call *call) {
    if (call->started) {
        pthread_mutex_lock(&call->synced.lock);
        /* One that ended and was not taken may just be on its way into the queue. */
        if (call->queue ? !call->end.is_taken : !call->synced.ended) {
            call->drop = (struct hw_loop_task){.run = dropped, .ctx = call};
            hw_loop_post(hw_http_thread_loop(call->http, call->thread), &call->drop);
            while (!call->synced.dropped) {
                pthread_cond_wait(&call->synced.changed, &call->synced.lock);
            }
        }
        pthread_mutex_unlock(&call->synced.lock);
        if (call->queue) {
            hw_call_queue_remove(call->queue, &call->end);
        }
        locks_destroy(call);
    }
    hw_http_response_release(&call->response);
    *call = (struct hw_call){0};
}

/* ------ on the network thread */

static void try_ended(void *ctx) {
    struct hw_call *call = ctx;
    HW_AUTO(hw_http_response) response = {0};
    int64_t pause_ms = 0;
    call->error = (struct hw_error)HW_ERROR_INIT;
    enum hw_status status = hw_http_take(call->exchange, &response, &call->error);
    call->exchange = NULL;
    if (call->ops->count) {
        call->ops->count(call->ctx, &response);
    }
    if (call->dropping) {
        flag_set(call, &call->synced.dropped);
        return;
    }
    switch (call->ops->judge(call->ctx, status, &response, &call->error, &pause_ms)) {
    case HW_CALL_GOOD:
        call->response = response;
        response = (struct hw_http_response){0};
        call_end(call, HW_OK);
        break;
    case HW_CALL_FAILED:
        call_end(call, call->error.status);
        break;
    case HW_CALL_AGAIN:
        call->state = HW_CALL_PAUSED;
        call->pause_ends_us = hw_loop_now_us() + hw_clock_pass_us(pause_ms * 1000);
        time_is_due(call);
        break;
    case HW_CALL_HELD:
        call->state = HW_CALL_HOLDS;
        call->pause_ends_us = INT64_MAX;
        time_is_due(call);
        break;
    }
}

/* Looks whether the call is cancelled while it waits, or whether its pause is over. */
static void time_is_due(void *ctx) {
    struct hw_call *call = ctx;
    const int64_t now_us = hw_loop_now_us();
    const bool held = call->state == HW_CALL_HOLDS;
    const bool cancelled = call->ops->cancelled(call->ctx) && (!held || call->ops->let_go(call->ctx));
    if (cancelled) {
        hw_error_set(&call->error, HW_ECANCELLED, "stopped while waiting for another try");
        call_end(call, HW_ECANCELLED);
    } else if (now_us >= call->pause_ends_us) {
        try_again(call);
    } else {
        const int64_t left_us = call->pause_ends_us - now_us;
        hw_loop_timer_set(hw_http_thread_loop(call->http, call->thread), &call->timer,
                          now_us + (left_us < LOOK_US ? left_us : LOOK_US));
    }
}

static void try_again(struct hw_call *call) {
    call->state = HW_CALL_SENT;
    enum hw_status status = call->ops->send(call->ctx, &call->error);
    if (status) {
        call_end(call, status);
    }
}

static void resumed(void *ctx) {
    struct hw_call *call = ctx;
    hw_loop_timer_clear(hw_http_thread_loop(call->http, call->thread), &call->timer);
    if (call->dropping) {
        flag_set(call, &call->synced.dropped);
    } else if (call->status) {
        call_end(call, call->status);
    } else {
        try_again(call);
    }
}

void hw_call_resume(struct hw_call *call, enum hw_status status, const struct hw_error *error) {
    call->status = status;
    if (status) {
        call->error = *error;
    }
    call->resume = (struct hw_loop_task){.run = resumed, .ctx = call};
    hw_loop_post(hw_http_thread_loop(call->http, call->thread), &call->resume);
}

/* The call may be gone as soon as its end is told. */
static void call_end(struct hw_call *call, enum hw_status status) {
    call->state = HW_CALL_ENDED;
    call->status = status;
    if (status) {
        call->ops->tell(call->ctx, &call->error);
    }
    if (!call->queue) {
        flag_set(call, &call->synced.ended);
        return;
    }
    struct hw_call_queue *queue = call->queue;
    pthread_mutex_lock(&call->synced.lock);
    call->synced.ended = true;
    pthread_mutex_unlock(&call->synced.lock);
    hw_call_queue_add(queue, &call->end);
}

/*
 * A try under way is dropped when it has ended, a call that was held when the resume arrives that
 * is on its way.
 */
static void dropped(void *ctx) {
    struct hw_call *call = ctx;
    call->dropping = true;
    if (call->state == HW_CALL_HOLDS && !call->ops->let_go(call->ctx)) {
        return;
    }
    if (call->exchange) {
        hw_http_cancel(call->exchange);
        return;
    }
    hw_loop_timer_clear(hw_http_thread_loop(call->http, call->thread), &call->timer);
    flag_set(call, &call->synced.dropped);
}
