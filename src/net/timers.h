/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Timers in the order in which they are due: a pairing heap whose nodes are in the timers
 * themselves, so setting one takes no memory and cannot fail. Pure; one thread at a time.
 */
#ifndef HW_NET_TIMERS_H
#define HW_NET_TIMERS_H

#include "core/base.h"

/* A timer. Start it with `run` and `ctx` and the rest zeroed; it must not move while it is set. */
struct hw_timer {
    void (*run)(void *ctx);
    void *ctx;
    int64_t due_us;
    bool is_set;
    struct hw_timer *child;
    /* The next of the same parent's children. */
    struct hw_timer *sibling;
    /* The parent of a first child, the child before of any other. */
    struct hw_timer *before;
};

/* The timers that are set. Start it zeroed. */
struct hw_timers {
    struct hw_timer *root;
};

/* Sets the timer, or sets it anew. */
void hw_timers_set(struct hw_timers *timers, struct hw_timer *timer, int64_t due_us);
/* Takes the timer out. One that is not set may be taken out too. */
void hw_timers_clear(struct hw_timers *timers, struct hw_timer *timer);
/* Returns the timer that is due first, NULL where none is set. */
struct hw_timer *hw_timers_first(const struct hw_timers *timers);

#endif
