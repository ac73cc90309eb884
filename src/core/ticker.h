/* SPDX-License-Identifier: Apache-2.0 */
/* A wait that calls somebody by the clock, however often it is woken. */
#ifndef HW_CORE_TICKER_H
#define HW_CORE_TICKER_H

#include "core/clock.h"

enum { HW_TICK_US = 200000 };

struct hw_ticker {
    void (*tick)(void *ctx); /* NULL: nobody is called */
    void *ctx;
    int64_t next_us;
};

/* Starts a ticker, whose first call is due HW_TICK_US from now. */
struct hw_ticker hw_ticker_start(void (*tick)(void *ctx), void *ctx);
/*
 * Waits for `cond` with `lock` held, until the next call is due at most. Where it is due already,
 * makes the call instead, without the lock. Callers look at what they wait for afterwards.
 */
void hw_ticker_wait(struct hw_ticker *ticker, pthread_cond_t *cond, pthread_mutex_t *lock);

#endif
