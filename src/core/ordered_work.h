/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbered pieces of work that threads do side by side, and whose outcomes the thread that called
 * takes in the order of their numbers.
 */
#ifndef HW_CORE_ORDERED_WORK_H
#define HW_CORE_ORDERED_WORK_H

#include "core/base.h"

enum {
    HW_ORDERED_WORK_THREADS_MAX = 16,
    /* The work that may be done and not taken yet, or under way. */
    HW_ORDERED_WORK_AHEAD_MAX = 64,
};

struct hw_ordered_work {
    size_t count;
    /* The bytes of an outcome. */
    size_t outcome_bytes;
    /*
     * Does a piece of work. `outcome` is zeroed, and owns nothing: it is forgotten where the work
     * ends early. Any thread.
     */
    void (*run)(void *ctx, size_t number, void *outcome);
    /* Takes an outcome. A status other than HW_OK ends the work, which returns it. */
    enum hw_status (*take)(void *ctx, size_t number, void *outcome, struct hw_error *err);
    void *ctx;
};

/* Does all of the work. What is under way when it ends early is waited for. */
HW_NODISCARD enum hw_status hw_ordered_work_run(const struct hw_ordered_work *work, struct hw_error *err);

#endif
