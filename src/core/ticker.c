/* SPDX-License-Identifier: Apache-2.0 */
#include "core/ticker.h"

struct hw_ticker hw_ticker_start(void (*tick)(void *ctx), void *ctx) {
    return (struct hw_ticker){tick, ctx, hw_clock_monotonic_us() + HW_TICK_US};
}

void hw_ticker_wait(struct hw_ticker *ticker, pthread_cond_t *cond, pthread_mutex_t *lock) {
    const int64_t now_us = hw_clock_monotonic_us();
    if (now_us < ticker->next_us) {
        hw_clock_cond_wait(cond, lock, ticker->next_us - now_us);
        return;
    }
    if (ticker->tick) {
        pthread_mutex_unlock(lock);
        ticker->tick(ticker->ctx);
        pthread_mutex_lock(lock);
    }
    ticker->next_us = hw_clock_monotonic_us() + HW_TICK_US;
}
