/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decides when a failed request is sent again, as the standard mode of the AWS SDKs does (revision
 * of 2026). The delay is a random part of a base that doubles with each retry ("full jitter"). All
 * requests of a client take their retries from one quota of tokens, so that a service in trouble
 * does not get every request several times.
 */
#ifndef HW_NET_RETRY_H
#define HW_NET_RETRY_H

#include <pthread.h>

#include "core/error.h"

enum hw_retry_kind {
    HW_RETRY_TRANSIENT, /* The base is 50 ms, a retry costs 14 tokens. */
    HW_RETRY_THROTTLED, /* The base is 1 s, a retry costs 5 tokens. */
};

enum { HW_RETRY_QUOTA = 500, HW_RETRY_DELAY_MS_MAX = 20000, HW_RETRY_ASKED_MS_MAX = 5000 };

/* The quota of tokens of all requests of a client. Any thread may use it. */
struct hw_retry_quota {
    struct {
        pthread_mutex_t lock;
        unsigned tokens;
    } synced;
};
void hw_retry_quota_init(struct hw_retry_quota *quota);
void hw_retry_quota_release(struct hw_retry_quota *quota);

/* The retries of one request. Start it zeroed. */
struct hw_retry {
    /* The retries granted so far. */
    unsigned retries;
    /* The tokens that the last retry cost. */
    unsigned held;
};

/*
 * Returns the delay before the next retry, after `retries` earlier ones. It is `unit` (a random
 * number from 0 to 1) x min(HW_RETRY_DELAY_MS_MAX, base x 2^retries). `asked_ms` is the delay that
 * the service asked for, or 0: if it is longer it is taken instead, but at most
 * HW_RETRY_ASKED_MS_MAX are added.
 */
int64_t hw_retry_delay_ms(enum hw_retry_kind kind, unsigned retries, double unit, int64_t asked_ms);
/*
 * Takes the tokens of one more try. Returns false when `attempts_max` tries were made or the quota
 * has too few tokens.
 */
HW_NODISCARD bool hw_retry_take(struct hw_retry_quota *quota, struct hw_retry *retry, enum hw_retry_kind kind,
                                unsigned attempts_max);
/*
 * Tells the quota that the request has succeeded: it gets back the tokens of the last retry, or one
 * token if there was no retry.
 */
void hw_retry_succeeded(struct hw_retry_quota *quota, struct hw_retry *retry);
/*
 * Sleeps. `cancelled` is asked at least every 100 ms and ends the sleep with HW_ECANCELLED; NULL
 * means that the sleep is never cut short.
 */
HW_NODISCARD enum hw_status hw_retry_sleep(int64_t ms, bool (*cancelled)(void *ctx), void *cancelled_ctx,
                                           struct hw_error *err);

#endif
