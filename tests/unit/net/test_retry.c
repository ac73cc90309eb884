/* SPDX-License-Identifier: Apache-2.0 */
#include "net/retry.h"

#include "core/clock.h"
#include "support/rows.h"

/* Expected values by hand: unit x min(20 s, base x 2^retries), base 50 ms or 1 s. */
static const struct {
    const char *name;
    enum hw_retry_kind kind;
    unsigned retries;
    double unit;
    int64_t asked_ms;
    int64_t want_ms;
} delays[] = {
    {"transient, first, most", HW_RETRY_TRANSIENT, 0, 1.0, 0, 50},
    {"transient, first, half", HW_RETRY_TRANSIENT, 0, 0.5, 0, 25},
    {"transient, fourth", HW_RETRY_TRANSIENT, 3, 1.0, 0, 400},
    {"transient, capped", HW_RETRY_TRANSIENT, 9, 1.0, 0, 20000},
    {"transient, below the cap", HW_RETRY_TRANSIENT, 8, 1.0, 0, 12800},
    {"throttled, first", HW_RETRY_THROTTLED, 0, 1.0, 0, 1000},
    {"throttled, fifth", HW_RETRY_THROTTLED, 4, 1.0, 0, 16000},
    {"throttled, capped", HW_RETRY_THROTTLED, 5, 1.0, 0, 20000},
    {"very many retries", HW_RETRY_THROTTLED, 4000000000u, 1.0, 0, 20000},
    {"no luck", HW_RETRY_THROTTLED, 5, 0.0, 0, 0},
    {"the service asks for more", HW_RETRY_THROTTLED, 0, 0.5, 1500, 1500},
    {"the service asks for less", HW_RETRY_THROTTLED, 0, 0.5, 300, 500},
    {"the service asks for too much", HW_RETRY_THROTTLED, 0, 0.5, 60000, 5500},
};

static void delay_doubles_up_to_its_cap(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(delays); i++) {
        assert_row_int(delays[i].name,
                       hw_retry_delay_ms(delays[i].kind, delays[i].retries, delays[i].unit, delays[i].asked_ms),
                       delays[i].want_ms);
    }
}

static void attempts_are_counted(void **state) {
    (void)state;
    struct hw_retry_quota quota;
    hw_retry_quota_init(&quota);
    struct hw_retry retry = {0};
    assert_true(hw_retry_take(&quota, &retry, HW_RETRY_TRANSIENT, 3));
    assert_true(hw_retry_take(&quota, &retry, HW_RETRY_TRANSIENT, 3));
    assert_false(hw_retry_take(&quota, &retry, HW_RETRY_TRANSIENT, 3));
    assert_int_equal(retry.retries, 2);
    struct hw_retry once = {0};
    assert_false(hw_retry_take(&quota, &once, HW_RETRY_TRANSIENT, 1));
    hw_retry_quota_release(&quota);
}

static void quota_runs_dry_and_fills_again(void **state) {
    (void)state;
    struct hw_retry_quota quota;
    hw_retry_quota_init(&quota);
    struct hw_retry retry = {0};
    unsigned granted = 0;
    while (hw_retry_take(&quota, &retry, HW_RETRY_TRANSIENT, UINT32_MAX)) {
        granted++;
    }
    assert_int_equal(granted, 35); /* 500 / 14 */
    assert_int_equal(quota.synced.tokens, 10);
    assert_true(hw_retry_take(&quota, &retry, HW_RETRY_THROTTLED, UINT32_MAX));
    assert_int_equal(quota.synced.tokens, 5);
    hw_retry_succeeded(&quota, &retry); /* the last one cost 5 */
    assert_int_equal(quota.synced.tokens, 10);
    hw_retry_succeeded(&quota, &retry); /* which is paid back once */
    assert_int_equal(quota.synced.tokens, 11);
    struct hw_retry fresh = {0};
    hw_retry_succeeded(&quota, &fresh);
    assert_int_equal(quota.synced.tokens, 12);
    for (int i = 0; i < 1000; i++) {
        hw_retry_succeeded(&quota, &fresh);
    }
    assert_int_equal(quota.synced.tokens, HW_RETRY_QUOTA);
    hw_retry_quota_release(&quota);
}

/* A clock that only goes on by sleeping. */
struct sleeper {
    int64_t now_ms;
    int64_t longest_ms;
    int64_t cancel_at_ms;
};

static int64_t sleeper_us(void *ctx) {
    return ((struct sleeper *)ctx)->now_ms * 1000;
}

static void sleeper_sleep(void *ctx, int64_t ms) {
    struct sleeper *sleeper = ctx;
    sleeper->now_ms += ms;
    sleeper->longest_ms = ms > sleeper->longest_ms ? ms : sleeper->longest_ms;
}

static bool sleeper_cancelled(void *ctx) {
    struct sleeper *sleeper = ctx;
    return sleeper->now_ms >= sleeper->cancel_at_ms;
}

static void sleep_is_cut_in_slices(void **state) {
    (void)state;
    struct sleeper sleeper = {.cancel_at_ms = INT64_MAX};
    struct hw_error err = HW_ERROR_INIT;
    hw_clock_set(&(struct hw_clock){sleeper_us, sleeper_us, sleeper_sleep, &sleeper});
    assert_ok(hw_retry_sleep(1250, sleeper_cancelled, &sleeper, &err), err);
    assert_int_equal(sleeper.now_ms, 1250);
    assert_int_equal(sleeper.longest_ms, 100);
    sleeper.cancel_at_ms = 2000;
    assert_int_equal(hw_retry_sleep(20000, sleeper_cancelled, &sleeper, &err), HW_ECANCELLED);
    assert_row_says("cancelled", err.message, "stopped while waiting for another try");
    assert_true(sleeper.now_ms <= 2100);
    assert_ok(hw_retry_sleep(300, NULL, NULL, &err), err);
    hw_clock_set(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(delay_doubles_up_to_its_cap),
        cmocka_unit_test(attempts_are_counted),
        cmocka_unit_test(quota_runs_dry_and_fills_again),
        cmocka_unit_test(sleep_is_cut_in_slices),
    };
    return cmocka_run_group_tests_name("net/retry", tests, NULL, NULL);
}
