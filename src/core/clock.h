/* SPDX-License-Identifier: Apache-2.0 */
/* Time, behind a table that a test can replace. */
#ifndef HW_CORE_CLOCK_H
#define HW_CORE_CLOCK_H

#include <pthread.h>

#include "core/base.h"

struct hw_clock {
    int64_t (*now_us)(void *ctx);       /* since 1970 UTC */
    int64_t (*monotonic_us)(void *ctx); /* since some start, never backwards */
    void (*sleep_ms)(void *ctx, int64_t ms);
    void *ctx;
};

void hw_clock_set(const struct hw_clock *clock); /* NULL: the system's */
int64_t hw_clock_now_us(void);
int64_t hw_clock_monotonic_us(void);
void hw_clock_sleep_ms(int64_t ms);

/*
 * A condition whose waits end after a time that no change of the system's date makes longer or
 * shorter. Waiting for real takes real time, whatever clock a test has set: callers compare
 * hw_clock_monotonic_us() themselves.
 */
void hw_clock_cond_init(pthread_cond_t *cond);
void hw_clock_cond_wait(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t us);

/* "2026-11-21T13:20:45Z" for microseconds since 1970; `out` has room for 32 bytes. */
enum { HW_CLOCK_TEXT_BYTES = 32 };
void hw_clock_format(int64_t us, char *out);

#endif
