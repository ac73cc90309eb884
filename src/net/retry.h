/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decides when a failed request is sent again. The pause doubles with each try and holds a random
 * part ("half jitter"), and all tries of a request end a given time after the first one has failed.
 * The requests of a client know of each other whether the service works: where it has not for all
 * of that time, a request that fails is given up at once. So a run ends soon at a dead service.
 */
#ifndef HW_NET_RETRY_H
#define HW_NET_RETRY_H

#include <pthread.h>
#include <stdatomic.h>

#include "core/error.h"

enum hw_retry_kind {
    HW_RETRY_TRANSIENT, /* The first pause is at most 1 s. */
    HW_RETRY_THROTTLED, /* The first pause is at most 2 s. */
};

enum {
    HW_RETRY_DELAY_MS_MAX = 20000,
    HW_RETRY_ASKED_MS_MAX = 5000,
    HW_RETRY_FOR_MS_DEFAULT = 2 * 60 * 1000,
};

/*
 * The bounds of the tries of each request of a client, and whether the service works. Any thread
 * may use it.
 */
struct hw_retry_policy {
    /* The most tries of a request; 0 means that time alone bounds them. */
    unsigned attempts_max;
    /* The time for which a request is tried again after its first failure. */
    int64_t for_ms;
    /*
     * The number of tries that services have refused because there were too many. It may be that of
     * several policies; it is borrowed, and set before the first request. NULL means that nobody
     * wants to know.
     */
    atomic_uint_fast64_t *throttled;
    struct {
        pthread_mutex_t lock;
        /* The time since which every request has failed; 0 where the last one has not. */
        int64_t failing_since_us;
        int64_t last_failed_us;
    } synced;
};
/* Sets the bounds; `for_ms` of 0 or less means HW_RETRY_FOR_MS_DEFAULT. */
void hw_retry_policy_init(struct hw_retry_policy *policy, unsigned attempts_max, int64_t for_ms);
void hw_retry_policy_release(struct hw_retry_policy *policy);

/* The retries of one request. Start it zeroed. */
struct hw_retry {
    /* The retries granted so far. */
    unsigned retries;
    /* The time at which the first try had failed; 0 where none has. */
    int64_t first_failed_us;
};

/*
 * Returns the pause before the next try, after `retries` earlier ones. It is between half and all
 * of min(HW_RETRY_DELAY_MS_MAX, first x 2^retries); `unit` is a random number from 0 to 1. The
 * first pause of the kind is shorter where `for_ms` is less than a hundred of it, so that a short
 * time holds several tries too. `asked_ms` is the pause that the service asked for, or 0: if it is
 * longer it is taken instead, but at most HW_RETRY_ASKED_MS_MAX are added.
 */
int64_t hw_retry_delay_ms(enum hw_retry_kind kind, unsigned retries, double unit, int64_t asked_ms, int64_t for_ms);
/*
 * Takes one more try for a request that has failed just now, and returns the pause before it, of
 * which `unit` and `asked_ms` decide as above; the last pause ends with the time of the request.
 * Returns -1 where no try is left: enough were made, the request's time is over, or the service has
 * not worked for as long.
 */
HW_NODISCARD int64_t hw_retry_take(struct hw_retry_policy *policy, struct hw_retry *retry, enum hw_retry_kind kind,
                                   double unit, int64_t asked_ms);
/* Tells the policy that the service works: it has answered a request. */
void hw_retry_answered(struct hw_retry_policy *policy);
/*
 * Counts a try if it was refused because there were too many, and somebody wants to know. That is
 * so for HW_RETRY_THROTTLED, and if the HTTP status of the reply is 503; it is 0 if none came.
 */
void hw_retry_count(struct hw_retry_policy *policy, enum hw_retry_kind kind, int http_status);
#endif
