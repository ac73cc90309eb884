/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials_cache.h"

#include <pthread.h>
#include <stdatomic.h>

#include "core/alloc.h"
#include "core/clock.h"
#include "core/thread.h"

/* Keys that expire so soon are found again before they are used, unless another time is set. */
#define LEFT_US_MIN_DEFAULT (INT64_C(5) * 60 * 1000000)
/* While others are being found, keys with so much time left still serve. */
#define LEFT_US_ENOUGH (INT64_C(30) * 1000000)
/* Where the newest keys are about to expire too, or there are none, it is asked again so often. */
#define ASK_AGAIN_US (INT64_C(10) * 1000000)
/* The same where providers failed for a reason that may pass. */
#define FAULT_PASSES_US INT64_C(1000000)

/* Those who wait for somebody else's search ask so often whether they are to stop. */
#define STOP_ASK_US INT64_C(100000)

/* The thread that finds keys for those who wait. */
enum thread_state {
    NO_THREAD,
    RUNNING,
    /* It has told all who waited, and is to be joined. */
    OVER,
};

struct hw_credentials_cache {
    hw_credentials_find_fn *find;
    void *find_ctx;
    int64_t left_us_min;
    /* True once it is being freed: the search for those who have waited is of no use any more. */
    atomic_bool closing;

    struct {
        pthread_mutex_t lock;
        pthread_cond_t changed;
        struct hw_credentials keys;
        /* The number of times that keys were found which differ from those before. */
        uint64_t generation;
        /* True once the keys were refused. */
        bool refused;
        /* True while a thread asks the providers. */
        bool finding;
        /* When providers were asked last, and why they had nothing then. */
        int64_t asked_us;
        enum hw_status failed;
        struct hw_error failure;
        /* Those who wait for other keys. */
        struct hw_credentials_waiter *waiters;
        pthread_t thread;
        enum thread_state thread_state;
    } synced;
};

static enum hw_status keys_find_locked(struct hw_credentials_cache *cache, const struct hw_io_stop *stop,
                                       struct hw_error *err);
static bool failed_just_now_locked(const struct hw_credentials_cache *cache);
static bool keys_serve_locked(const struct hw_credentials_cache *cache);
static bool keys_serve_for_now_locked(const struct hw_credentials_cache *cache);
static void *waiters_thread(void *arg);
static bool thread_start_locked(struct hw_credentials_cache *cache);

enum hw_status hw_credentials_cache_new(hw_credentials_find_fn *find, void *find_ctx,
                                        struct hw_credentials_cache **out_cache, struct hw_error *err) {
    struct hw_credentials_cache *cache = hw_alloc_zero(1, sizeof(*cache));
    if (!cache) {
        return hw_fail_nomem(err, sizeof(*cache));
    }
    cache->find = find;
    cache->find_ctx = find_ctx;
    cache->left_us_min = LEFT_US_MIN_DEFAULT;
    pthread_mutex_init(&cache->synced.lock, NULL);
    hw_clock_cond_init(&cache->synced.changed);
    *out_cache = cache;
    return HW_OK;
}

void hw_credentials_cache_renew_early(struct hw_credentials_cache *cache, int64_t left_us_min) {
    cache->left_us_min = left_us_min;
}

void hw_credentials_cache_free(struct hw_credentials_cache *cache) {
    if (!cache) {
        return;
    }
    atomic_store(&cache->closing, true);
    pthread_mutex_lock(&cache->synced.lock);
    const bool has_thread = cache->synced.thread_state != NO_THREAD;
    pthread_mutex_unlock(&cache->synced.lock);
    if (has_thread) {
        pthread_join(cache->synced.thread, NULL);
    }
    hw_credentials_wipe(&cache->synced.keys);
    pthread_cond_destroy(&cache->synced.changed);
    pthread_mutex_destroy(&cache->synced.lock);
    hw_free(cache);
}

static bool stopped(const struct hw_io_stop *stop) {
    return stop && stop->cancelled && stop->cancelled(stop->ctx);
}

enum hw_status hw_credentials_cache_get(struct hw_credentials_cache *cache, const struct hw_io_stop *stop,
                                        struct hw_credentials *out_keys, uint64_t *out_generation,
                                        struct hw_error *err) {
    enum hw_status status = HW_OK;
    pthread_mutex_lock(&cache->synced.lock);
    while (cache->synced.finding && !keys_serve_for_now_locked(cache) && status == HW_OK) {
        hw_clock_cond_wait(&cache->synced.changed, &cache->synced.lock, STOP_ASK_US);
        status = stopped(stop) ? hw_fail(err, HW_ECANCELLED, "stopped while credentials were looked for") : HW_OK;
    }
    if (status == HW_OK && !cache->synced.finding && !keys_serve_locked(cache)) {
        status = failed_just_now_locked(cache) ? hw_error_pass(err, cache->synced.failed, &cache->synced.failure)
                                               : keys_find_locked(cache, stop, err);
        status = keys_serve_for_now_locked(cache) ? HW_OK : status;
    }
    if (status == HW_OK) {
        *out_keys = cache->synced.keys;
        *out_generation = cache->synced.generation;
    }
    pthread_mutex_unlock(&cache->synced.lock);
    return status;
}

uint64_t hw_credentials_cache_held(struct hw_credentials_cache *cache, struct hw_credentials *out_keys) {
    pthread_mutex_lock(&cache->synced.lock);
    *out_keys = cache->synced.keys;
    const uint64_t generation = cache->synced.generation;
    pthread_mutex_unlock(&cache->synced.lock);
    return generation;
}

static int64_t time_left_us(const struct hw_credentials_cache *cache) {
    const int64_t expires_us = cache->synced.keys.expires_us;
    return expires_us == 0 ? INT64_MAX : expires_us - hw_clock_now_us();
}

/*
 * Services take seconds to say that they are not there: those who wait, and all who come right
 * after them, are told the same.
 */
static bool failed_just_now_locked(const struct hw_credentials_cache *cache) {
    const enum hw_status failed = cache->synced.failed;
    const bool lasts = failed == HW_EAUTH || failed == HW_ECONFIG;
    const int64_t told_us = lasts ? ASK_AGAIN_US : hw_status_retryable(failed) ? FAULT_PASSES_US : 0;
    return hw_clock_monotonic_us() - cache->synced.asked_us < told_us;
}

static bool keys_serve_locked(const struct hw_credentials_cache *cache) {
    const bool asked_just_now = hw_clock_monotonic_us() - cache->synced.asked_us < ASK_AGAIN_US;
    const int64_t least_us = asked_just_now ? 0 : cache->left_us_min;
    return cache->synced.generation > 0 && !cache->synced.refused && time_left_us(cache) > least_us;
}

static bool keys_serve_for_now_locked(const struct hw_credentials_cache *cache) {
    return cache->synced.generation > 0 && !cache->synced.refused && time_left_us(cache) > LEFT_US_ENOUGH;
}

static bool keys_same(const struct hw_credentials *a, const struct hw_credentials *b) {
    return strcmp(a->access_key_id, b->access_key_id) == 0 && strcmp(a->secret_access_key, b->secret_access_key) == 0 &&
           strcmp(a->session_token, b->session_token) == 0;
}

/* Asks the providers, without the lock. */
static enum hw_status keys_find_locked(struct hw_credentials_cache *cache, const struct hw_io_stop *stop,
                                       struct hw_error *err) {
    struct hw_credentials fresh = {0};
    struct hw_error why = HW_ERROR_INIT;
    cache->synced.finding = true;
    pthread_mutex_unlock(&cache->synced.lock);
    enum hw_status status = cache->find(cache->find_ctx, stop, &fresh, &why);
    pthread_mutex_lock(&cache->synced.lock);
    cache->synced.finding = false;
    cache->synced.asked_us = hw_clock_monotonic_us();
    cache->synced.failed = status;
    cache->synced.failure = why;
    if (status == HW_OK) {
        cache->synced.generation += cache->synced.generation == 0 || !keys_same(&fresh, &cache->synced.keys);
        cache->synced.keys = fresh;
        cache->synced.refused = false;
    }
    pthread_cond_broadcast(&cache->synced.changed);
    hw_credentials_wipe(&fresh);
    return status ? hw_error_pass(err, status, &why) : HW_OK;
}

void hw_credentials_cache_renew(struct hw_credentials_cache *cache, uint64_t refused,
                                struct hw_credentials_waiter *waiter) {
    pthread_mutex_lock(&cache->synced.lock);
    cache->synced.refused = cache->synced.refused || cache->synced.generation == refused;
    waiter->refused = refused;
    waiter->next = cache->synced.waiters;
    cache->synced.waiters = waiter;
    const bool runs = cache->synced.thread_state == RUNNING || thread_start_locked(cache);
    pthread_mutex_unlock(&cache->synced.lock);
    if (!runs && hw_credentials_cache_forget(cache, waiter)) {
        struct hw_error error = HW_ERROR_INIT;
        enum hw_status status = hw_fail(&error, HW_ENOMEM, "no thread can be started to ask for credentials");
        waiter->ready(waiter->ctx, status, &error);
    }
}

static bool thread_start_locked(struct hw_credentials_cache *cache) {
    if (cache->synced.thread_state == OVER) {
        /* It does not wait for the lock any more. */
        pthread_join(cache->synced.thread, NULL);
    }
    const bool started = hw_thread_start(&cache->synced.thread, waiters_thread, cache) == 0;
    cache->synced.thread_state = started ? RUNNING : NO_THREAD;
    return started;
}

bool hw_credentials_cache_forget(struct hw_credentials_cache *cache, struct hw_credentials_waiter *waiter) {
    pthread_mutex_lock(&cache->synced.lock);
    struct hw_credentials_waiter **link = &cache->synced.waiters;
    while (*link && *link != waiter) {
        link = &(*link)->next;
    }
    const bool found = *link == waiter;
    if (found) {
        *link = waiter->next;
    }
    pthread_mutex_unlock(&cache->synced.lock);
    return found;
}

static bool cache_closes(void *ctx) {
    const struct hw_credentials_cache *cache = ctx;
    return atomic_load(&cache->closing);
}

/*
 * Finds keys for those who wait, and calls them under the lock, so that one who takes himself back
 * is either found there or called.
 */
static void *waiters_thread(void *arg) {
    struct hw_credentials_cache *cache = arg;
    const struct hw_io_stop stop = {cache_closes, cache};
    struct hw_error error = HW_ERROR_INIT;
    enum hw_status status = HW_OK;
    pthread_mutex_lock(&cache->synced.lock);
    while (cache->synced.finding) {
        pthread_cond_wait(&cache->synced.changed, &cache->synced.lock);
    }
    if (cache->synced.refused || cache->synced.generation == 0) {
        status = keys_find_locked(cache, &stop, &error);
    }
    while (cache->synced.waiters) {
        struct hw_credentials_waiter *waiter = cache->synced.waiters;
        cache->synced.waiters = waiter->next;
        if (status == HW_OK && waiter->refused == cache->synced.generation) {
            waiter->ready(waiter->ctx, HW_EAUTH, NULL);
        } else {
            waiter->ready(waiter->ctx, status, &error);
        }
    }
    cache->synced.thread_state = OVER;
    pthread_mutex_unlock(&cache->synced.lock);
    return NULL;
}
