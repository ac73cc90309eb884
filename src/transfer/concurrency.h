/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The number of requests that are worth having under way at once. It grows while more requests move
 * more, goes back where they do not, and shrinks at once where a service asks to slow down. A
 * struct and pure functions: the caller measures.
 */
#ifndef HW_TRANSFER_CONCURRENCY_H
#define HW_TRANSFER_CONCURRENCY_H

#include "core/base.h"

enum {
    /* The number to begin with. */
    HW_CONCURRENCY_START = 8,
    /* The rate is looked at this often. */
    HW_CONCURRENCY_INTERVAL_US = 250 * 1000,
    /* A request counts as so many bytes beside those that it moves. */
    HW_CONCURRENCY_REQUEST_BYTES = 64 * 1024,
};

enum hw_concurrency_state {
    /* The number was raised, and the next look tells whether that has helped. */
    HW_CONCURRENCY_GROWS,
    /* The number serves. Now and then a larger one is tried. */
    HW_CONCURRENCY_HOLDS,
};

struct hw_concurrency {
    unsigned limit;
    unsigned max;
    enum hw_concurrency_state state;
    /* The best rate so far, bytes a second, and the number that it was reached with. */
    double best_rate;
    unsigned best_limit;
    /* The intervals for which the number stays as it is. */
    unsigned holds_left;
};

/* Begins with HW_CONCURRENCY_START, or `max` if that is less. */
struct hw_concurrency hw_concurrency_start(unsigned max);

/* The events of one interval. */
struct hw_concurrency_sample {
    double seconds;
    uint64_t bytes;
    uint64_t requests;
    /* Requests that a service has refused because there were too many. */
    uint64_t throttled;
    /* True if more requests would have been under way, had the limit allowed it. */
    bool limited;
};
/* Takes one interval into account, and returns the number from now on. */
unsigned hw_concurrency_step(struct hw_concurrency *concurrency, const struct hw_concurrency_sample *sample);

#endif
