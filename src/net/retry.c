/* SPDX-License-Identifier: Apache-2.0 */
#include "net/retry.h"

#include "core/clock.h"

enum { SLICE_MS = 100 };

static const struct {
    int64_t base_ms;
    unsigned cost;
} kind_rows[] = {
    [HW_RETRY_TRANSIENT] = {50, 14},
    [HW_RETRY_THROTTLED] = {1000, 5},
};

void hw_retry_quota_init(struct hw_retry_quota *quota) {
    pthread_mutex_init(&quota->synced.lock, NULL);
    quota->synced.tokens = HW_RETRY_QUOTA;
}

void hw_retry_quota_release(struct hw_retry_quota *quota) {
    pthread_mutex_destroy(&quota->synced.lock);
}

int64_t hw_retry_delay_ms(enum hw_retry_kind kind, unsigned retries, double unit, int64_t asked_ms) {
    int64_t ceiling_ms = kind_rows[kind].base_ms;
    for (unsigned i = 0; i < retries && ceiling_ms < HW_RETRY_DELAY_MS_MAX; i++) {
        ceiling_ms *= 2;
    }
    ceiling_ms = ceiling_ms < HW_RETRY_DELAY_MS_MAX ? ceiling_ms : HW_RETRY_DELAY_MS_MAX;
    int64_t delay_ms = (int64_t)(unit * (double)ceiling_ms);
    int64_t longest_ms = delay_ms + HW_RETRY_ASKED_MS_MAX;
    if (asked_ms <= delay_ms) {
        return delay_ms;
    }
    return asked_ms < longest_ms ? asked_ms : longest_ms;
}

bool hw_retry_take(struct hw_retry_quota *quota, struct hw_retry *retry, enum hw_retry_kind kind,
                   unsigned attempts_max) {
    if (retry->retries + 1 >= attempts_max) {
        return false;
    }
    unsigned cost = kind_rows[kind].cost;
    pthread_mutex_lock(&quota->synced.lock);
    bool granted = quota->synced.tokens >= cost;
    if (granted) {
        quota->synced.tokens -= cost;
    }
    pthread_mutex_unlock(&quota->synced.lock);
    if (granted) {
        retry->retries++;
        retry->held = cost;
    }
    return granted;
}

void hw_retry_succeeded(struct hw_retry_quota *quota, struct hw_retry *retry) {
    unsigned back = retry->held > 0 ? retry->held : 1;
    retry->held = 0;
    pthread_mutex_lock(&quota->synced.lock);
    quota->synced.tokens = back < HW_RETRY_QUOTA - quota->synced.tokens ? quota->synced.tokens + back : HW_RETRY_QUOTA;
    pthread_mutex_unlock(&quota->synced.lock);
}

enum hw_status hw_retry_sleep(int64_t ms, bool (*cancelled)(void *ctx), void *cancelled_ctx, struct hw_error *err) {
    int64_t until_us = hw_clock_monotonic_us() + ms * 1000;
    for (;;) {
        if (cancelled && cancelled(cancelled_ctx)) {
            return hw_fail(err, HW_ECANCELLED, "stopped while waiting for another try");
        }
        int64_t left_us = until_us - hw_clock_monotonic_us();
        if (left_us <= 0) {
            return HW_OK;
        }
        int64_t left_ms = (left_us + 999) / 1000;
        hw_clock_sleep_ms(left_ms < SLICE_MS ? left_ms : SLICE_MS);
    }
}
