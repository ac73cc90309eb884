/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The credentials that the requests of a run are signed with. They are found once and kept until
 * they are about to expire or are refused. Providers may take seconds to answer; nobody who has
 * keys that still serve waits for them. Any thread may use a cache.
 */
#ifndef HW_AWS_CREDENTIALS_CACHE_H
#define HW_AWS_CREDENTIALS_CACHE_H

#include "aws/credentials.h"
#include "core/io.h"

struct hw_credentials_cache;

/*
 * Asks the providers; hw_credentials_find does it for the chosen profile. It ends soon, with
 * HW_ECANCELLED, where `stop` says so; NULL: never.
 */
typedef enum hw_status hw_credentials_find_fn(void *ctx, const struct hw_io_stop *stop,
                                              struct hw_credentials *out_credentials, struct hw_error *err);

/* Makes an empty cache. */
HW_NODISCARD enum hw_status hw_credentials_cache_new(hw_credentials_find_fn *find, void *find_ctx,
                                                     struct hw_credentials_cache **out_cache, struct hw_error *err);
/*
 * Sets the time before their end at which keys are found again, which is 5 minutes otherwise: keys
 * that live no longer than that need less. To be called before any other function.
 */
void hw_credentials_cache_renew_early(struct hw_credentials_cache *cache, int64_t left_us_min);
/*
 * Frees a cache for which nobody waits, and wipes the keys. A search that is under way for those
 * who have waited is stopped. Accepts NULL.
 */
void hw_credentials_cache_free(struct hw_credentials_cache *cache);

/*
 * Copies the keys, which the caller wipes, and tells their generation. Asks the providers, and so
 * may wait, where there are no keys or they are about to expire. Fails as the providers do; a
 * failure is told again for some seconds, without asking. HW_ECANCELLED where `stop` (NULL: never)
 * says so meanwhile.
 */
HW_NODISCARD enum hw_status hw_credentials_cache_get(struct hw_credentials_cache *cache, const struct hw_io_stop *stop,
                                                     struct hw_credentials *out_keys, uint64_t *out_generation,
                                                     struct hw_error *err);
/*
 * Copies the keys that are there, however old they are, and does not wait. Returns their
 * generation, 0 for none.
 */
uint64_t hw_credentials_cache_held(struct hw_credentials_cache *cache, struct hw_credentials *out_keys);

/* Somebody who wants other keys than those that were refused. It must not move. */
struct hw_credentials_waiter {
    /*
     * Is called once, on a thread of the cache, when there are other keys, or `status` says why
     * not. `error` is NULL if the providers have given the same keys again, which is HW_EAUTH.
     */
    void (*ready)(void *ctx, enum hw_status status, const struct hw_error *error);
    void *ctx;

    /* The rest is the cache's. */
    uint64_t refused;
    struct hw_credentials_waiter *next;
};
/*
 * Has the providers asked for other keys than those of `refused`, on a thread of the cache's own,
 * unless there are newer ones, and then calls `waiter`.
 */
void hw_credentials_cache_renew(struct hw_credentials_cache *cache, uint64_t refused,
                                struct hw_credentials_waiter *waiter);
/*
 * Takes a waiter back. Returns true if it will not be called, and false if it was called already.
 */
bool hw_credentials_cache_forget(struct hw_credentials_cache *cache, struct hw_credentials_waiter *waiter);

#endif
