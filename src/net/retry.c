/* SPDX-License-Identifier: Apache-2.0 */
#include "net/retry.h"

#include "core/clock.h"

enum { FIRST_PAUSES = 100, HTTP_UNAVAILABLE = 503 };

static const int64_t first_ms[] = {[HW_RETRY_TRANSIENT] = 1000, [HW_RETRY_THROTTLED] = 2000};

void hw_retry_policy_init(struct hw_retry_policy *policy, unsigned attempts_max, int64_t for_ms) {
    *policy = (struct hw_retry_policy){
        .attempts_max = attempts_max,
        .for_ms = for_ms > 0 ? for_ms : HW_RETRY_FOR_MS_DEFAULT,
    };
    pthread_mutex_init(&policy->synced.lock, NULL);
}

void hw_retry_policy_release(struct hw_retry_policy *policy) {
    pthread_mutex_destroy(&policy->synced.lock);
}

int64_t hw_retry_delay_ms(enum hw_retry_kind kind, unsigned retries, double unit, int64_t asked_ms, int64_t for_ms) {
    int64_t ceiling_ms = (int64_t)hw_clamp((uint64_t)for_ms / FIRST_PAUSES, 1, (uint64_t)first_ms[kind]);
    for (unsigned i = 0; i < retries && ceiling_ms < HW_RETRY_DELAY_MS_MAX; i++) {
        ceiling_ms *= 2;
    }
    ceiling_ms = ceiling_ms < HW_RETRY_DELAY_MS_MAX ? ceiling_ms : HW_RETRY_DELAY_MS_MAX;
    int64_t delay_ms = (int64_t)((1 + unit) * (double)ceiling_ms / 2);
    int64_t longest_ms = delay_ms + HW_RETRY_ASKED_MS_MAX;
    if (asked_ms <= delay_ms) {
        return delay_ms;
    }
    return asked_ms < longest_ms ? asked_ms : longest_ms;
}

/*
 * Notes a failure, and returns since when every request has failed. Failures that are further apart
 * than requests are tried again are not of one kind.
 */
static int64_t failure_note(struct hw_retry_policy *policy, int64_t now_us) {
    pthread_mutex_lock(&policy->synced.lock);
    const bool apart = now_us - policy->synced.last_failed_us > policy->for_ms * 1000;
    if (policy->synced.failing_since_us == 0 || apart) {
        policy->synced.failing_since_us = now_us;
    }
    policy->synced.last_failed_us = now_us;
    const int64_t since_us = policy->synced.failing_since_us;
    pthread_mutex_unlock(&policy->synced.lock);
    return since_us;
}

int64_t hw_retry_take(struct hw_retry_policy *policy, struct hw_retry *retry, enum hw_retry_kind kind, double unit,
                      int64_t asked_ms) {
    const int64_t now_us = hw_clock_monotonic_us();
    const int64_t failing_since_us = failure_note(policy, now_us);
    retry->first_failed_us = retry->first_failed_us > 0 ? retry->first_failed_us : now_us;
    const int64_t since_us = failing_since_us < retry->first_failed_us ? failing_since_us : retry->first_failed_us;
    const int64_t left_ms = policy->for_ms - (now_us - since_us) / 1000;
    const bool enough = policy->attempts_max > 0 && retry->retries + 1 >= policy->attempts_max;
    if (enough || left_ms <= 0) {
        return -1;
    }
    const int64_t delay_ms = hw_retry_delay_ms(kind, retry->retries, unit, asked_ms, policy->for_ms);
    retry->retries++;
    return delay_ms < left_ms ? delay_ms : left_ms;
}

void hw_retry_answered(struct hw_retry_policy *policy) {
    pthread_mutex_lock(&policy->synced.lock);
    policy->synced.failing_since_us = 0;
    pthread_mutex_unlock(&policy->synced.lock);
}

void hw_retry_count(struct hw_retry_policy *policy, enum hw_retry_kind kind, int http_status) {
    if (policy->throttled && (kind == HW_RETRY_THROTTLED || http_status == HTTP_UNAVAILABLE)) {
        atomic_fetch_add(policy->throttled, 1);
    }
}
