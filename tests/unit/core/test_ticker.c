/* SPDX-License-Identifier: Apache-2.0 */
#include "core/ticker.h"

#include "support/rows.h"

/* A clock that a test moves, and how often it was ticked. */
static int64_t now_us;
static int ticks;

static int64_t fake_monotonic(void *ctx) {
    (void)ctx;
    return now_us;
}

/* A tick that takes time itself, and that is made without the lock. */
static void tick(void *ctx) {
    pthread_mutex_t *lock = ctx;
    assert_int_equal(pthread_mutex_trylock(lock), 0);
    pthread_mutex_unlock(lock);
    now_us += 1000;
    ticks++;
}

/* Whoever waits is woken all the time, as by objects that end: calls come by the clock alone. */
static void calls_come_by_the_clock(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int64_t step_us;
        int waits;
        int want;
    } rows[] = {
        {"woken more often", HW_TICK_US / 10, 9, 0},       {"just in time", HW_TICK_US / 10, 10, 1},
        {"not yet again", HW_TICK_US / 10, 19, 1},         {"again", HW_TICK_US / 10, 20, 2},
        {"one call, however late", HW_TICK_US * 10, 1, 1}, {"each time where it is time", HW_TICK_US, 3, 3},
    };
    const struct hw_clock clock = {.monotonic_us = fake_monotonic};
    hw_clock_set(&clock);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
        pthread_cond_t cond;
        hw_clock_cond_init(&cond);
        ticks = 0;
        now_us = 5000000;
        struct hw_ticker ticker = hw_ticker_start(tick, &lock);
        pthread_mutex_lock(&lock);
        for (int k = 0; k < rows[i].waits; k++) {
            now_us += rows[i].step_us;
            if (now_us >= ticker.next_us) {
                hw_ticker_wait(&ticker, &cond, &lock);
            }
        }
        pthread_mutex_unlock(&lock);
        assert_row_int(rows[i].name, ticks, rows[i].want);
        pthread_cond_destroy(&cond);
    }
    hw_clock_set(NULL);
}

/* Until the next call is due it waits; without anybody to call it waits as well. */
static void it_waits_in_between(void **state) {
    (void)state;
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t cond;
    hw_clock_cond_init(&cond);
    ticks = 0;
    pthread_mutex_lock(&lock);
    struct hw_ticker ticker = hw_ticker_start(NULL, NULL);
    const int64_t due_us = ticker.next_us;
    while (hw_clock_monotonic_us() < due_us) {
        hw_ticker_wait(&ticker, &cond, &lock);
    }
    hw_ticker_wait(&ticker, &cond, &lock);
    pthread_mutex_unlock(&lock);
    assert_true(ticker.next_us >= due_us + HW_TICK_US);
    assert_int_equal(ticks, 0);
    pthread_cond_destroy(&cond);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_come_by_the_clock),
        cmocka_unit_test(it_waits_in_between),
    };
    return cmocka_run_group_tests_name("core/ticker", tests, NULL, NULL);
}
