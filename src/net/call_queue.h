/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The calls that have ended, in the order of their ends: one thread may have any number of calls
 * under way (net/call.h) and take whichever ends next.
 */
#ifndef HW_NET_CALL_QUEUE_H
#define HW_NET_CALL_QUEUE_H

#include <pthread.h>

#include "core/base.h"

/* The end of a call, which is a part of the call. Start it with `ctx` and the rest zeroed. */
struct hw_call_end {
    /* The call of the client. */
    void *ctx;
    /* Under the lock of the queue. */
    struct hw_call_end *next;
    bool is_queued;
    /* True once the queue has handed it out. */
    bool is_taken;
};

struct hw_call_queue {
    struct {
        pthread_mutex_t lock;
        pthread_cond_t some;
        struct hw_call_end *first;
        struct hw_call_end *last;
    } synced;
};

void hw_call_queue_init(struct hw_call_queue *queue);
/* Releases a queue that holds no end and is named by no call. */
void hw_call_queue_release(struct hw_call_queue *queue);

/* Adds an end. */
void hw_call_queue_add(struct hw_call_queue *queue, struct hw_call_end *end);
/* Takes an end out that may be in the queue. */
void hw_call_queue_remove(struct hw_call_queue *queue, struct hw_call_end *end);
/*
 * Takes the first end. Waits for one, `wait_ms` at most, or without limit if that is negative.
 * Returns NULL where none came in that time. Waiting for its call then takes the outcome at once.
 */
struct hw_call_end *hw_call_queue_next(struct hw_call_queue *queue, int64_t wait_ms);

#endif
