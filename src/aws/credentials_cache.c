/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials_cache.h"

#include <pthread.h>

#include "core/alloc.h"
#include "core/clock.h"
#include "core/thread.h"

/* Keys that expire so soon are found again before they are used, unless another time is set. */
#define LEFT_US_MIN_DEFAULT (INT64_C(5) * 60 * 1000000)
/* While others are being found, keys with so much time left still serve. */
#define LEFT_US_ENOUGH (INT64_C(30) * 1000000)
/* Where the newest keys are about to expire too, the providers are asked again so often. */
#define ASK_AGAIN_US (INT64_C(10) * 1000000)

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

    struct {
        pthread_mutex_t lock;
        pthread_cond_t changed;
        struct hw_credentials keys;
        /* The number of times that keys were found. */
        uint64_t generation;
        /* True once the keys were refused. */
        bool refused;
        /* True while a thread asks the providers. */
        bool finding;
        int64_t found_us;
        /* Those who wait for other keys. */
        struct hw_credentials_waiter *waiters;
        pthread_t thread;
        enum thread_state thread_state;
    } synced;
};

static enum hw_status keys_find_locked(struct hw_credentials_cache *cache, struct hw_error *err);
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
    pthread_cond_init(&cache->synced.changed, NULL);
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

enum hw_status hw_credentials_cache_get(struct hw_credentials_cache *cache, struct hw_credentials *out_keys,
                                        uint64_t *out_generation, struct hw_error *err) {
    enum hw_status status = HW_OK;
    pthread_mutex_lock(&cache->synced.lock);
    while (cache->synced.finding && !keys_serve_for_now_locked(cache)) {
        pthread_cond_wait(&cache->synced.changed, &cache->synced.lock);
    }
    if (!cache->synced.finding && !keys_serve_locked(cache)) {
        status = keys_find_locked(cache, err);
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

static bool keys_serve_locked(const struct hw_credentials_cache *cache) {
    const bool asked_just_now = hw_clock_monotonic_us() - cache->synced.found_us < ASK_AGAIN_US;
    const int64_t least_us = asked_just_now ? 0 : cache->left_us_min;
    return cache->synced.generation > 0 && !cache->synced.refused && time_left_us(cache) > least_us;
}

static bool keys_serve_for_now_locked(const struct hw_credentials_cache *cache) {
    return cache->synced.generation > 0 && !cache->synced.refused && time_left_us(cache) > LEFT_US_ENOUGH;
}

/* Asks the providers, without the lock. */
static enum hw_status keys_find_locked(struct hw_credentials_cache *cache, struct hw_error *err) {
    struct hw_credentials fresh = {0};
    cache->synced.finding = true;
    pthread_mutex_unlock(&cache->synced.lock);
    enum hw_status status = cache->find(cache->find_ctx, &fresh, err);
    pthread_mutex_lock(&cache->synced.lock);
    cache->synced.finding = false;
    if (status == HW_OK) {
        cache->synced.keys = fresh;
        cache->synced.generation++;
        cache->synced.refused = false;
        cache->synced.found_us = hw_clock_monotonic_us();
    }
    pthread_cond_broadcast(&cache->synced.changed);
    hw_credentials_wipe(&fresh);
    return status;
}

void hw_credentials_cache_renew(struct hw_credentials_cache *cache, uint64_t refused,
                                struct hw_credentials_waiter *waiter) {
    pthread_mutex_lock(&cache->synced.lock);
    cache->synced.refused = cache->synced.refused || cache->synced.generation == refused;
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

/*
 * Finds keys for those who wait, and calls them under the lock, so that one who takes himself back
 * is either found there or called.
 */
static void *waiters_thread(void *arg) {
    struct hw_credentials_cache *cache = arg;
    struct hw_error error = HW_ERROR_INIT;
    enum hw_status status = HW_OK;
    pthread_mutex_lock(&cache->synced.lock);
    while (cache->synced.finding) {
        pthread_cond_wait(&cache->synced.changed, &cache->synced.lock);
    }
    if (cache->synced.refused || cache->synced.generation == 0) {
        status = keys_find_locked(cache, &error);
    }
    while (cache->synced.waiters) {
        struct hw_credentials_waiter *waiter = cache->synced.waiters;
        cache->synced.waiters = waiter->next;
        waiter->ready(waiter->ctx, status, &error);
    }
    cache->synced.thread_state = OVER;
    pthread_mutex_unlock(&cache->synced.lock);
    return NULL;
}
