/* SPDX-License-Identifier: Apache-2.0 */
/* Time, behind a table that a test can replace. */
#ifndef HW_CORE_CLOCK_H
#define HW_CORE_CLOCK_H

#include <pthread.h>

#include "core/base.h"

struct hw_clock {
    int64_t (*now_us)(void *ctx);       /* microseconds since 1970 UTC */
    int64_t (*monotonic_us)(void *ctx); /* microseconds since some start; never goes back */
    void (*sleep_ms)(void *ctx, int64_t ms);
    void *ctx;
};

/* Replaces the clock of the process, which is borrowed; NULL brings the system's back. */
void hw_clock_set(const struct hw_clock *clock);
/* Returns the microseconds since 1970 UTC. */
int64_t hw_clock_now_us(void);
/* Returns the microseconds since some start, which no change of the system's date affects. */
int64_t hw_clock_monotonic_us(void);
/* Sleeps. A signal may end it early, so callers look at what they wait for. */
void hw_clock_sleep_ms(int64_t ms);

/*
 * Returns how long a thread that waits for `us` microseconds has to wait in real time: so long
 * with the system's clock. A test's clock sleeps instead, and nothing is left to wait for.
 */
int64_t hw_clock_pass_us(int64_t us);

/* Makes a condition for hw_clock_cond_wait. */
void hw_clock_cond_init(pthread_cond_t *cond);
/*
 * Waits for `cond` with `lock` held, `us` microseconds at most, which no change of the system's
 * date makes longer or shorter. It may return early. It takes real time, whatever clock a test has
 * set: callers compare hw_clock_monotonic_us() themselves.
 */
void hw_clock_cond_wait(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t us);

enum { HW_CLOCK_TEXT_BYTES = 32 };
/*
 * Writes microseconds since 1970 as "2026-11-21T13:20:45Z", with the fraction cut off. `out` has
 * room for HW_CLOCK_TEXT_BYTES.
 */
void hw_clock_format(int64_t us, char *out);

#endif
