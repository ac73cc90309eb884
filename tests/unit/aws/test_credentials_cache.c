/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials_cache.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>

#include "core/clock.h"
#include "support/rows.h"

#define NOW_US (INT64_C(1795262400) * 1000000)
#define MINUTE_US (INT64_C(60) * 1000000)

/* A provider whose keys are numbered, and that may fail or take its time. */
struct provider {
    atomic_int asked;
    int64_t lasts_us; /* 0: for ever */
    atomic_bool fails;
    enum hw_status failure; /* HW_OK: HW_EAUTH */
    /* Where it waits: it says that it has begun, and goes on when it may. */
    bool waits;
    /* True if it gives the first keys for ever. */
    bool same;
    sem_t begun;
    sem_t may;
};

static _Atomic int64_t now_us;

static int64_t clock_us(void *ctx) {
    (void)ctx;
    return atomic_load(&now_us);
}

static void clock_sleep(void *ctx, int64_t ms) {
    (void)ctx;
    atomic_fetch_add(&now_us, ms * 1000);
}

static enum hw_status provider_find(void *ctx, const struct hw_io_stop *stop, struct hw_credentials *out_keys,
                                    struct hw_error *err) {
    struct provider *provider = ctx;
    (void)stop;
    const int number = atomic_fetch_add(&provider->asked, 1) + 1;
    if (provider->waits) {
        sem_post(&provider->begun);
        sem_wait(&provider->may);
    }
    if (atomic_load(&provider->fails)) {
        return hw_fail(err, provider->failure ? provider->failure : HW_EAUTH, "no keys here");
    }
    snprintf(out_keys->access_key_id, sizeof(out_keys->access_key_id), "AKID%d", provider->same ? 1 : number);
    snprintf(out_keys->secret_access_key, sizeof(out_keys->secret_access_key), "secret");
    out_keys->expires_us = provider->lasts_us > 0 ? atomic_load(&now_us) + provider->lasts_us : 0;
    return HW_OK;
}

static int clock_begin(void **state) {
    static const struct hw_clock clock = {clock_us, clock_us, clock_sleep, NULL};
    (void)state;
    atomic_store(&now_us, NOW_US);
    hw_clock_set(&clock);
    return 0;
}

static int clock_end(void **state) {
    (void)state;
    hw_clock_set(NULL);
    return 0;
}

static struct hw_credentials_cache *cache_new(struct provider *provider) {
    struct hw_credentials_cache *cache = NULL;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_credentials_cache_new(provider_find, provider, &cache, &err), err);
    return cache;
}

/* What is got after some time, and how often the provider was asked by then. */
static const struct {
    const char *name;
    int64_t lasts_us;
    int64_t later_us;
    bool fails_then;
    enum hw_status want;
    const char *id;
    int asked;
} rows[] = {
    {"keys that last are kept", 0, 1000 * MINUTE_US, false, HW_OK, "AKID1", 1},
    {"keys with time left are kept", 60 * MINUTE_US, 54 * MINUTE_US, false, HW_OK, "AKID1", 1},
    {"keys about to expire are found again", 60 * MINUTE_US, 56 * MINUTE_US, false, HW_OK, "AKID2", 2},
    {"expired keys are found again", 60 * MINUTE_US, 61 * MINUTE_US, false, HW_OK, "AKID2", 2},
    {"short keys are not asked for at each turn", 3 * MINUTE_US, MINUTE_US / 60, false, HW_OK, "AKID1", 1},
    {"a provider that fails leaves keys that still serve", 60 * MINUTE_US, 56 * MINUTE_US, true, HW_OK, "AKID1", 2},
    {"a provider that fails and expired keys", 60 * MINUTE_US, 61 * MINUTE_US, true, HW_EAUTH, "", 2},
};

static void keys_are_found_when_needed(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct provider provider = {.lasts_us = rows[i].lasts_us};
        struct hw_credentials_cache *cache = cache_new(&provider);
        struct hw_credentials keys = {0};
        struct hw_error err = HW_ERROR_INIT;
        uint64_t generation = 0;
        atomic_store(&now_us, NOW_US);
        assert_int_equal(hw_credentials_cache_held(cache, &keys), 0);
        assert_ok(hw_credentials_cache_get(cache, NULL, &keys, &generation, &err), err);
        assert_row_text(rows[i].name, keys.access_key_id, "AKID1");
        assert_int_equal(generation, 1);
        atomic_store(&now_us, NOW_US + rows[i].later_us);
        atomic_store(&provider.fails, rows[i].fails_then);
        keys = (struct hw_credentials){0};
        assert_row_int(rows[i].name, hw_credentials_cache_get(cache, NULL, &keys, &generation, &err), rows[i].want);
        assert_row_text(rows[i].name, keys.access_key_id, rows[i].id);
        assert_row_int(rows[i].name, atomic_load(&provider.asked), rows[i].asked);
        hw_credentials_cache_free(cache);
    }
}

/* Keys for five minutes, renewed where less than one is left. */
static void short_keys_are_renewed_as_early_as_is_set(void **state) {
    (void)state;
    static const struct {
        int64_t later_us;
        int asked;
    } steps[] = {{0, 1}, {4 * MINUTE_US - 1, 1}, {4 * MINUTE_US, 2}, {8 * MINUTE_US - 1, 2}, {8 * MINUTE_US, 3}};
    struct provider provider = {.lasts_us = 5 * MINUTE_US};
    struct hw_credentials_cache *cache = cache_new(&provider);
    hw_credentials_cache_renew_early(cache, MINUTE_US);
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        struct hw_credentials keys;
        struct hw_error err = HW_ERROR_INIT;
        uint64_t generation;
        atomic_store(&now_us, NOW_US + steps[i].later_us);
        assert_ok(hw_credentials_cache_get(cache, NULL, &keys, &generation, &err), err);
        assert_int_equal(atomic_load(&provider.asked), steps[i].asked);
    }
    hw_credentials_cache_free(cache);
}

struct told {
    sem_t sem;
    enum hw_status status;
    char message[sizeof(((struct hw_error *)0)->message)];
};

static void told_ready(void *ctx, enum hw_status status, const struct hw_error *error) {
    struct told *told = ctx;
    told->status = status;
    snprintf(told->message, sizeof(told->message), "%s", !status ? "" : error ? error->message : "the same");
    sem_post(&told->sem);
}

static void refused_keys_are_found_anew(void **state) {
    (void)state;
    for (int fails = 0; fails < 2; fails++) {
        struct provider provider = {0};
        struct hw_credentials_cache *cache = cache_new(&provider);
        struct hw_credentials keys = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct told told[2] = {0};
        struct hw_credentials_waiter waiters[2];
        uint64_t generation = 0;
        assert_ok(hw_credentials_cache_get(cache, NULL, &keys, &generation, &err), err);
        atomic_store(&provider.fails, fails);
        for (size_t i = 0; i < COUNT_OF(told); i++) {
            sem_init(&told[i].sem, 0, 0);
            waiters[i] = (struct hw_credentials_waiter){.ready = told_ready, .ctx = &told[i]};
            /*
             * The second one's keys are no longer those that the cache has, unless the first has
             * failed.
             */
            hw_credentials_cache_renew(cache, generation, &waiters[i]);
            sem_wait(&told[i].sem);
            assert_int_equal(told[i].status, fails ? HW_EAUTH : HW_OK);
            assert_string_equal(told[i].message, fails ? "no keys here" : "");
        }
        assert_int_equal(atomic_load(&provider.asked), fails ? 3 : 2);
        assert_false(hw_credentials_cache_forget(cache, &waiters[1]));
        hw_credentials_cache_free(cache);
    }
}

/* Keys that were refused are of no use once more, and there is no error of the providers. */
static void the_same_keys_are_no_others(void **state) {
    (void)state;
    struct provider provider = {.same = true};
    struct hw_credentials_cache *cache = cache_new(&provider);
    struct hw_credentials keys = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct told told = {0};
    struct hw_credentials_waiter waiter = {.ready = told_ready, .ctx = &told};
    uint64_t generation = 0;
    uint64_t later = 0;
    sem_init(&told.sem, 0, 0);
    assert_ok(hw_credentials_cache_get(cache, NULL, &keys, &generation, &err), err);
    hw_credentials_cache_renew(cache, generation, &waiter);
    sem_wait(&told.sem);
    assert_int_equal(told.status, HW_EAUTH);
    assert_string_equal(told.message, "the same");
    assert_int_equal(atomic_load(&provider.asked), 2);
    /* They still serve whoever asks for any. */
    assert_ok(hw_credentials_cache_get(cache, NULL, &keys, &later, &err), err);
    assert_int_equal(later, generation);
    hw_credentials_cache_free(cache);
}

/* A failure is told again, without asking, for some time. */
static const struct {
    const char *name;
    int64_t later_us;
    enum hw_status failure;
    int asked;
} failure_rows[] = {
    {"nobody has keys", 9 * MINUTE_US / 60, HW_EAUTH, 1},
    {"nobody has keys, later", 11 * MINUTE_US / 60, HW_EAUTH, 2},
    {"a fault that may pass", MINUTE_US / 120, HW_ENETWORK, 1},
    {"out of memory", 0, HW_ENOMEM, 2},
    {"a fault that may pass, later", 2 * MINUTE_US / 60, HW_ENETWORK, 2},
};

static void failures_are_told_again(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(failure_rows); i++) {
        struct provider provider = {.fails = true, .failure = failure_rows[i].failure};
        struct hw_credentials_cache *cache = cache_new(&provider);
        struct hw_credentials keys = {0};
        uint64_t generation = 0;
        for (int round = 0; round < 2; round++) {
            struct hw_error err = HW_ERROR_INIT;
            assert_row_int(failure_rows[i].name, hw_credentials_cache_get(cache, NULL, &keys, &generation, &err),
                           failure_rows[i].failure);
            assert_row_text(failure_rows[i].name, err.message, "no keys here");
            atomic_fetch_add(&now_us, failure_rows[i].later_us);
        }
        assert_row_int(failure_rows[i].name, atomic_load(&provider.asked), failure_rows[i].asked);
        hw_credentials_cache_free(cache);
    }
}

/* Keys that still serve are used, and a provider that fails is not asked for each of their uses. */
static void a_failing_provider_is_left_alone_for_a_while(void **state) {
    (void)state;
    struct provider provider = {.lasts_us = 10 * MINUTE_US};
    struct hw_credentials_cache *cache = cache_new(&provider);
    struct hw_credentials keys = {0};
    struct hw_error err = HW_ERROR_INIT;
    uint64_t generation = 0;
    assert_ok(hw_credentials_cache_get(cache, NULL, &keys, &generation, &err), err);
    atomic_fetch_add(&now_us, 6 * MINUTE_US);
    atomic_store(&provider.fails, true);
    for (int i = 0; i < 5; i++) {
        assert_ok(hw_credentials_cache_get(cache, NULL, &keys, &generation, &err), err);
        assert_int_equal(atomic_load(&provider.asked), 2);
    }
    hw_credentials_cache_free(cache);
}

static void *another_get(void *arg) {
    struct hw_credentials keys;
    uint64_t generation;
    return hw_credentials_cache_get(arg, NULL, &keys, &generation, NULL) == HW_OK ? arg : NULL;
}

static bool stop_now(void *ctx) {
    atomic_fetch_add((atomic_int *)ctx, 1);
    return true;
}

static enum hw_status stopped_find(void *ctx, const struct hw_io_stop *stop, struct hw_credentials *out_keys,
                                   struct hw_error *err) {
    (void)ctx, (void)out_keys;
    return stop && stop->cancelled(stop->ctx) ? hw_fail(err, HW_ECANCELLED, "stopped") : HW_EFAILED;
}

/* A search, and the wait for somebody else's, end where they are told to, and others may go on. */
static void a_stop_is_heeded(void **state) {
    (void)state;
    atomic_int asked = 0;
    const struct hw_io_stop stop = {stop_now, &asked};
    struct hw_credentials_cache *cache = NULL;
    struct hw_credentials keys;
    struct hw_error err = HW_ERROR_INIT;
    uint64_t generation;
    pthread_t thread;
    void *got;
    assert_ok(hw_credentials_cache_new(stopped_find, NULL, &cache, &err), err);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(hw_credentials_cache_get(cache, &stop, &keys, &generation, &err), HW_ECANCELLED);
        assert_int_equal(atomic_load(&asked), i + 1); /* it is not told again without a search */
    }
    hw_credentials_cache_free(cache);

    struct provider provider = {.waits = true};
    sem_init(&provider.begun, 0, 0);
    sem_init(&provider.may, 0, 0);
    cache = cache_new(&provider);
    assert_int_equal(pthread_create(&thread, NULL, another_get, cache), 0);
    sem_wait(&provider.begun);
    assert_int_equal(hw_credentials_cache_get(cache, &stop, &keys, &generation, &err), HW_ECANCELLED);
    assert_row_says("wait", err.message, "stopped while credentials were looked for");
    sem_post(&provider.may);
    pthread_join(thread, &got);
    assert_ptr_equal(got, cache);
    assert_int_equal(atomic_load(&provider.asked), 1);
    hw_credentials_cache_free(cache);
}

static enum hw_status patient_find(void *ctx, const struct hw_io_stop *stop, struct hw_credentials *out_keys,
                                   struct hw_error *err) {
    (void)out_keys;
    sem_post(ctx);
    while (!stop->cancelled(stop->ctx)) {
        sched_yield();
    }
    return hw_fail(err, HW_ECANCELLED, "stopped");
}

/* The search for those who have waited, and have gone, does not hold up the end of the cache. */
static void the_end_of_the_cache_stops_its_search(void **state) {
    (void)state;
    struct hw_credentials_cache *cache = NULL;
    struct hw_error err = HW_ERROR_INIT;
    struct told told = {0};
    struct hw_credentials_waiter waiter = {.ready = told_ready, .ctx = &told};
    sem_t begun;
    sem_init(&begun, 0, 0);
    assert_ok(hw_credentials_cache_new(patient_find, &begun, &cache, &err), err);
    hw_credentials_cache_renew(cache, 0, &waiter);
    sem_wait(&begun);
    assert_true(hw_credentials_cache_forget(cache, &waiter));
    hw_credentials_cache_free(cache);
}

/* Nobody who has keys that still serve waits for a slow provider, and one who waits may go. */
static void a_slow_provider_holds_up_nobody_with_keys(void **state) {
    (void)state;
    struct provider provider = {.lasts_us = 10 * MINUTE_US};
    struct hw_credentials_cache *cache = cache_new(&provider);
    struct hw_credentials keys = {0};
    struct hw_error err = HW_ERROR_INIT;
    uint64_t generation = 0;
    pthread_t thread;
    void *got;
    sem_init(&provider.begun, 0, 0);
    sem_init(&provider.may, 0, 0);
    assert_ok(hw_credentials_cache_get(cache, NULL, &keys, &generation, &err), err);
    provider.waits = true;
    atomic_fetch_add(&now_us, 6 * MINUTE_US);
    assert_int_equal(pthread_create(&thread, NULL, another_get, cache), 0);
    sem_wait(&provider.begun);
    assert_ok(hw_credentials_cache_get(cache, NULL, &keys, &generation, &err), err);
    assert_string_equal(keys.access_key_id, "AKID1");
    struct told told = {0};
    struct hw_credentials_waiter waiter = {.ready = told_ready, .ctx = &told};
    sem_init(&told.sem, 0, 0);
    hw_credentials_cache_renew(cache, generation, &waiter);
    assert_true(hw_credentials_cache_forget(cache, &waiter));
    sem_post(&provider.may);
    sem_post(&provider.may);
    pthread_join(thread, &got);
    assert_ptr_equal(got, cache);
    hw_credentials_cache_free(cache);
    assert_int_equal(sem_trywait(&told.sem), -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_found_when_needed),
        cmocka_unit_test(short_keys_are_renewed_as_early_as_is_set),
        cmocka_unit_test(refused_keys_are_found_anew),
        cmocka_unit_test(the_same_keys_are_no_others),
        cmocka_unit_test(failures_are_told_again),
        cmocka_unit_test(a_failing_provider_is_left_alone_for_a_while),
        cmocka_unit_test(a_stop_is_heeded),
        cmocka_unit_test(the_end_of_the_cache_stops_its_search),
        cmocka_unit_test(a_slow_provider_holds_up_nobody_with_keys),
    };
    return cmocka_run_group_tests_name("aws/credentials_cache", tests, clock_begin, clock_end);
}
