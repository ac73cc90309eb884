/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A thread that waits for sockets and timers (epoll), and runs what waits for them. Everything that
 * it runs is run on its thread, one after the other, so what is touched there alone needs no lock.
 */
#ifndef HW_NET_LOOP_H
#define HW_NET_LOOP_H

#include "core/error.h"
#include "net/timers.h"

struct hw_loop;

/*
 * Something to be run once. It belongs to its owner, who sets `run` and `ctx` and zeroes the rest.
 * It may be posted again once it runs, and must not move before.
 */
struct hw_loop_task {
    void (*run)(void *ctx);
    void *ctx;
    struct hw_loop_task *next;
};

/* The events that a socket is waited for, or is ready for: any of these together. */
enum { HW_LOOP_IN = 1, HW_LOOP_OUT = 2, HW_LOOP_BROKEN = 4 };
/* Is called on the loop's thread when a socket is ready. */
typedef void hw_loop_ready_fn(void *ctx, int fd, unsigned ready);

/*
 * Starts a loop and its thread. `ready` is called for all of its sockets; it is NULL where there
 * are none.
 */
HW_NODISCARD enum hw_status hw_loop_new(hw_loop_ready_fn *ready, void *ctx, struct hw_loop **out_loop,
                                        struct hw_error *err);
/*
 * Ends a loop and its thread. Tasks that were posted before are run; timers that are still set are
 * not. Not to be called on the loop's thread. Accepts NULL.
 */
void hw_loop_free(struct hw_loop *loop);

/* Has a task run. Any thread may call this. */
void hw_loop_post(struct hw_loop *loop, struct hw_loop_task *task);

/* ------ on the loop's thread only */

/*
 * Returns the time of the loop's timers, in microseconds. It is the system's, whatever clock a test
 * has set. Any thread may call this.
 */
int64_t hw_loop_now_us(void);
/*
 * Sets a timer, or sets it anew, for a time of hw_loop_now_us(). It is run once, and is not set any
 * more when it is run.
 */
void hw_loop_timer_set(struct hw_loop *loop, struct hw_timer *timer, int64_t due_us);
void hw_loop_timer_clear(struct hw_loop *loop, struct hw_timer *timer);
/*
 * Waits for a socket from here on, for HW_LOOP_IN, HW_LOOP_OUT or both, whatever it was waited for
 * before.
 */
HW_NODISCARD enum hw_status hw_loop_watch(struct hw_loop *loop, int fd, unsigned events, struct hw_error *err);
/* Waits for a socket no longer. One that was closed is forgotten by itself. */
void hw_loop_forget(struct hw_loop *loop, int fd);

#endif
