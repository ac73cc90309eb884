/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When a request is tried again: the standard mode of the AWS SDKs, revision of 2026. Full jitter
 * over a doubling base, and one quota of tokens for all requests of a client, so that a broken
 * service is not stormed.
 */
#ifndef HW_NET_RETRY_H
#define HW_NET_RETRY_H

#include <pthread.h>

#include "core/error.h"

enum hw_retry_kind {
    HW_RETRY_TRANSIENT, /* base 50 ms, 14 tokens */
    HW_RETRY_THROTTLED, /* base 1 s, 5 tokens */
};

enum { HW_RETRY_QUOTA = 500, HW_RETRY_DELAY_MS_MAX = 20000, HW_RETRY_ASKED_MS_MAX = 5000 };

/* Shared by all requests of a client. Any thread. */
struct hw_retry_quota {
    struct {
        pthread_mutex_t lock;
        unsigned tokens;
    } shared;
};
void hw_retry_quota_init(struct hw_retry_quota *quota);
void hw_retry_quota_release(struct hw_retry_quota *quota);

/* One request's history. Start it zeroed. */
struct hw_retry {
    unsigned retries; /* granted so far */
    unsigned held;    /* tokens that the last one cost */
};

/*
 * How long to wait before the retry after `retries` earlier ones: `unit` (0..1) x min(20 s, base x
 * 2^retries). `asked_ms` is what the service asked for (0: nothing), honoured up to 5 s beyond
 * that.
 */
int64_t hw_retry_delay_ms(enum hw_retry_kind kind, unsigned retries, double unit, int64_t asked_ms);
/*
 * Takes tokens for one more try; false where `attempts_max` tries were made or the quota is empty.
 */
HW_NODISCARD bool hw_retry_take(struct hw_retry_quota *quota, struct hw_retry *retry, enum hw_retry_kind kind,
                                unsigned attempts_max);
/* The request has succeeded: what its last retry cost goes back, or one token. */
void hw_retry_succeeded(struct hw_retry_quota *quota, struct hw_retry *retry);
/* Sleeps, asking `cancelled` (NULL: never) every 100 ms at least. HW_ECANCELLED. */
HW_NODISCARD enum hw_status hw_retry_sleep(int64_t ms, bool (*cancelled)(void *ctx), void *cancelled_ctx,
                                           struct hw_error *err);

#endif
