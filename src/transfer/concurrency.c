/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/concurrency.h"

enum {
    /* After a larger number did not help, it is left alone for this long (5 s). */
    HOLD_INTERVALS = 20,
    /* After a service has asked to slow down (2 s). */
    THROTTLED_INTERVALS = 8,
};

/* A larger number helps if it moves so much more; less than that is chance. */
static const double helps_ratio = 1.05;
/* A rate that was reached is forgotten at this pace, because networks change. */
static const double best_fades = 0.99;

struct hw_concurrency hw_concurrency_start(unsigned max) {
    const unsigned limit = max < HW_CONCURRENCY_START ? max : HW_CONCURRENCY_START;
    return (struct hw_concurrency){.limit = limit, .max = max, .best_limit = limit};
}

static unsigned larger(const struct hw_concurrency *concurrency) {
    const unsigned more = concurrency->limit + concurrency->limit / 2 + 1;
    return more < concurrency->max ? more : concurrency->max;
}

/* A service that asks to slow down gets two thirds of the requests. */
static unsigned smaller(unsigned limit) {
    return limit > 2 ? limit * 2 / 3 : 1;
}

static void hold(struct hw_concurrency *concurrency, unsigned limit, unsigned intervals) {
    concurrency->state = HW_CONCURRENCY_HOLDS;
    concurrency->limit = limit;
    concurrency->holds_left = intervals;
}

unsigned hw_concurrency_step(struct hw_concurrency *concurrency, const struct hw_concurrency_sample *sample) {
    const double moved = (double)sample->bytes + (double)sample->requests * HW_CONCURRENCY_REQUEST_BYTES;
    const double rate = sample->seconds > 0 ? moved / sample->seconds : 0;
    if (sample->throttled > 0) {
        concurrency->best_rate = 0;
        hold(concurrency, smaller(concurrency->limit), THROTTLED_INTERVALS);
        return concurrency->limit;
    }
    if (!sample->limited) {
        /* Nobody waits for a turn: the rate says nothing about the number. */
        return concurrency->limit;
    }
    concurrency->best_rate *= best_fades;
    if (concurrency->state == HW_CONCURRENCY_HOLDS && concurrency->holds_left > 0) {
        concurrency->holds_left--;
        return concurrency->limit;
    }
    const bool helps = rate > concurrency->best_rate * helps_ratio;
    if (concurrency->state == HW_CONCURRENCY_GROWS && !helps) {
        hold(concurrency, concurrency->best_limit, HOLD_INTERVALS);
        return concurrency->limit;
    }
    concurrency->state = HW_CONCURRENCY_GROWS;
    concurrency->best_rate = rate;
    concurrency->best_limit = concurrency->limit;
    concurrency->limit = larger(concurrency);
    return concurrency->limit;
}
