/* SPDX-License-Identifier: Apache-2.0 */
#include "net/call_queue.h"

#include "core/clock.h"
#include "net/loop.h"

void hw_call_queue_init(struct hw_call_queue *queue) {
    *queue = (struct hw_call_queue){0};
    pthread_mutex_init(&queue->synced.lock, NULL);
    hw_clock_cond_init(&queue->synced.some);
}

void hw_call_queue_release(struct hw_call_queue *queue) {
    pthread_cond_destroy(&queue->synced.some);
    pthread_mutex_destroy(&queue->synced.lock);
}

struct hw_call_end *hw_call_queue_next(struct hw_call_queue *queue, int64_t wait_ms) {
    const int64_t until_us = hw_loop_now_us() + wait_ms * 1000;
    pthread_mutex_lock(&queue->synced.lock);
    while (!queue->synced.first) {
        const int64_t left_us = until_us - hw_loop_now_us();
        if (wait_ms < 0) {
            pthread_cond_wait(&queue->synced.some, &queue->synced.lock);
        } else if (left_us > 0) {
            hw_clock_cond_wait(&queue->synced.some, &queue->synced.lock, left_us);
        } else {
            break;
        }
    }
    struct hw_call_end *end = queue->synced.first;
    if (end) {
        queue->synced.first = end->next;
        end->next = NULL;
        end->is_queued = false;
        end->is_taken = true;
    }
    pthread_mutex_unlock(&queue->synced.lock);
    return end;
}

void hw_call_queue_add(struct hw_call_queue *queue, struct hw_call_end *end) {
    pthread_mutex_lock(&queue->synced.lock);
    end->next = NULL;
    end->is_queued = true;
    if (queue->synced.first) {
        queue->synced.last->next = end;
    } else {
        queue->synced.first = end;
    }
    queue->synced.last = end;
    pthread_cond_signal(&queue->synced.some);
    pthread_mutex_unlock(&queue->synced.lock);
}

void hw_call_queue_remove(struct hw_call_queue *queue, struct hw_call_end *end) {
    struct hw_call_end *before = NULL;
    pthread_mutex_lock(&queue->synced.lock);
    if (end->is_queued) {
        for (struct hw_call_end *at = queue->synced.first; at != end; at = at->next) {
            before = at;
        }
        *(before ? &before->next : &queue->synced.first) = end->next;
        queue->synced.last = end->next ? queue->synced.last : before;
        end->is_queued = false;
    }
    pthread_mutex_unlock(&queue->synced.lock);
}
