/* SPDX-License-Identifier: Apache-2.0 */
#include "core/clock.h"

#include <stdio.h>
#include <time.h>

static int64_t read_clock_us(clockid_t id) {
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t system_now_us(void *ctx) {
    (void)ctx;
    return read_clock_us(CLOCK_REALTIME);
}

static int64_t system_monotonic_us(void *ctx) {
    (void)ctx;
    return read_clock_us(CLOCK_MONOTONIC);
}

static void system_sleep_ms(void *ctx, int64_t ms) {
    (void)ctx;
    struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = (ms % 1000) * 1000000};
    nanosleep(&left, NULL); /* a signal may cut it short: every caller loops on its own condition */
}

static const struct hw_clock system_clock = {system_now_us, system_monotonic_us, system_sleep_ms, NULL};
static const struct hw_clock *current = &system_clock;

void hw_clock_set(const struct hw_clock *clock) {
    current = clock ? clock : &system_clock;
}

int64_t hw_clock_now_us(void) {
    return current->now_us(current->ctx);
}

int64_t hw_clock_monotonic_us(void) {
    return current->monotonic_us(current->ctx);
}

void hw_clock_sleep_ms(int64_t ms) {
    current->sleep_ms(current->ctx, ms);
}

int64_t hw_clock_pass_us(int64_t us) {
    if (current == &system_clock) {
        return us;
    }
    hw_clock_sleep_ms((us + 999) / 1000);
    return 0;
}

void hw_clock_cond_init(pthread_cond_t *cond) {
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

void hw_clock_cond_wait(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t us) {
    int64_t until_us = system_monotonic_us(NULL) + us;
    const struct timespec until = {.tv_sec = until_us / 1000000, .tv_nsec = until_us % 1000000 * 1000};
    pthread_cond_timedwait(cond, lock, &until); /* every caller loops on its own condition */
}

void hw_clock_format(int64_t us, char *out) {
    time_t seconds = (time_t)(us / 1000000);
    struct tm parts;
    if (!gmtime_r(&seconds, &parts) || strftime(out, HW_CLOCK_TEXT_BYTES, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0) {
        snprintf(out, HW_CLOCK_TEXT_BYTES, "?");
    }
}
