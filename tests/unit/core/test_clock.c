/* SPDX-License-Identifier: Apache-2.0 */
#include "core/clock.h"

#include <time.h>

#include "support/rows.h"

/* A clock that stands still and keeps how long it was asked to sleep. */
struct still {
    int64_t slept_ms;
};

static int64_t still_now(void *ctx) {
    (void)ctx;
    return 1000000;
}

static int64_t still_monotonic(void *ctx) {
    (void)ctx;
    return 7;
}

static void still_sleep(void *ctx, int64_t ms) {
    struct still *still = ctx;
    still->slept_ms += ms;
}

static int64_t read_us(clockid_t id) {
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void a_test_can_set_the_clock(void **state) {
    (void)state;
    struct still still = {0};
    const struct hw_clock clock = {still_now, still_monotonic, still_sleep, &still};
    hw_clock_set(&clock);
    assert_int_equal(hw_clock_now_us(), 1000000);
    assert_int_equal(hw_clock_monotonic_us(), 7);
    hw_clock_sleep_ms(60000);
    hw_clock_sleep_ms(1);
    assert_int_equal(still.slept_ms, 60001);
    hw_clock_set(NULL);
    assert_true(hw_clock_now_us() > 1000000);
}

static void the_system_clock_is_that_of_the_system(void **state) {
    (void)state;
    int64_t before = read_us(CLOCK_REALTIME);
    int64_t got = hw_clock_now_us();
    assert_in_range(got, before, read_us(CLOCK_REALTIME));
    before = read_us(CLOCK_MONOTONIC);
    got = hw_clock_monotonic_us();
    assert_in_range(got, before, read_us(CLOCK_MONOTONIC));
}

static void sleeping_takes_its_time(void **state) {
    (void)state;
    static const int64_t rows[] = {0, 1, 30};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const int64_t before = read_us(CLOCK_MONOTONIC);
        hw_clock_sleep_ms(rows[i]);
        assert_true(read_us(CLOCK_MONOTONIC) - before >= rows[i] * 1000);
    }
}

/*
 * A wait takes real time although the clock that was set stands still. It may end early for no
 * reason, but not again and again.
 */
static void a_wait_ends_by_itself(void **state) {
    (void)state;
    static const int64_t rows[] = {0, 1000, 30000};
    struct still still = {0};
    const struct hw_clock clock = {still_now, still_monotonic, still_sleep, &still};
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t cond;
    hw_clock_cond_init(&cond);
    hw_clock_set(&clock);
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const int64_t before = read_us(CLOCK_MONOTONIC);
        int64_t passed = 0;
        int waits = 0;
        while (passed < rows[i]) {
            hw_clock_cond_wait(&cond, &lock, rows[i] - passed);
            passed = read_us(CLOCK_MONOTONIC) - before;
            waits++;
        }
        assert_true(waits <= 50);
        assert_true(passed < rows[i] + 20 * 1000000);
    }
    pthread_mutex_unlock(&lock);
    hw_clock_set(NULL);
    assert_int_equal(still.slept_ms, 0);
    pthread_cond_destroy(&cond);
}

struct waiter {
    pthread_mutex_t lock;
    pthread_cond_t cond;
    bool waits, woken;
};

static void *wait_long(void *arg) {
    struct waiter *waiter = arg;
    pthread_mutex_lock(&waiter->lock);
    waiter->waits = true;
    while (!waiter->woken) {
        hw_clock_cond_wait(&waiter->cond, &waiter->lock, INT64_C(600) * 1000000);
    }
    pthread_mutex_unlock(&waiter->lock);
    return NULL;
}

static void a_signal_ends_a_wait(void **state) {
    (void)state;
    struct waiter waiter = {.lock = PTHREAD_MUTEX_INITIALIZER};
    pthread_t thread;
    const int64_t before = read_us(CLOCK_MONOTONIC);
    hw_clock_cond_init(&waiter.cond);
    assert_int_equal(pthread_create(&thread, NULL, wait_long, &waiter), 0);
    for (bool waits = false; !waits;) {
        pthread_mutex_lock(&waiter.lock);
        waits = waiter.waits;
        waiter.woken = waits; /* the lock is only free once the thread waits */
        pthread_mutex_unlock(&waiter.lock);
    }
    pthread_cond_signal(&waiter.cond);
    pthread_join(thread, NULL);
    assert_true(read_us(CLOCK_MONOTONIC) - before < INT64_C(300) * 1000000);
    pthread_cond_destroy(&waiter.cond);
}

/* Seconds since 1970 by `date -u -d TEXT +%s` of GNU coreutils. */
static void times_are_written_in_utc(void **state) {
    (void)state;
    static const struct {
        const char *want;
        int64_t seconds, us;
    } rows[] = {
        {"1970-01-01T00:00:00Z", 0, 0},
        {"1970-01-01T00:00:00Z", 0, 999999},
        {"2000-02-29T23:59:59Z", 951868799, 999999},
        {"2001-09-09T01:46:40Z", 1000000000, 0},
        {"2026-11-21T13:20:45Z", 1795267245, 0},
        {"2100-03-01T00:00:00Z", 4107542400, 1},
        {"9999-12-31T23:59:59Z", 253402300799, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[HW_CLOCK_TEXT_BYTES];
        hw_clock_format(rows[i].seconds * 1000000 + rows[i].us, text);
        assert_row_text(rows[i].want, text, rows[i].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_test_can_set_the_clock), cmocka_unit_test(the_system_clock_is_that_of_the_system),
        cmocka_unit_test(sleeping_takes_its_time),  cmocka_unit_test(a_wait_ends_by_itself),
        cmocka_unit_test(a_signal_ends_a_wait),     cmocka_unit_test(times_are_written_in_utc),
    };
    return cmocka_run_group_tests_name("core/clock", tests, NULL, NULL);
}
