/* SPDX-License-Identifier: Apache-2.0 */
#include "net/retry.h"

#include "core/clock.h"
#include "support/rows.h"

enum { LONG_MS = 120000 };

/*
 * Expected values by hand: (1 + unit) / 2 x min(20 s, first x 2^retries). The first is 1 s or 2 s,
 * and a hundredth of the time at most.
 */
static const struct {
    const char *name;
    enum hw_retry_kind kind;
    unsigned retries;
    double unit;
    int64_t asked_ms;
    int64_t for_ms;
    int64_t want_ms;
} delays[] = {
    {"transient, first, most", HW_RETRY_TRANSIENT, 0, 1.0, 0, LONG_MS, 1000},
    {"transient, first, least", HW_RETRY_TRANSIENT, 0, 0.0, 0, LONG_MS, 500},
    {"transient, first, half", HW_RETRY_TRANSIENT, 0, 0.5, 0, LONG_MS, 750},
    {"transient, fourth", HW_RETRY_TRANSIENT, 3, 1.0, 0, LONG_MS, 8000},
    {"transient, capped", HW_RETRY_TRANSIENT, 5, 1.0, 0, LONG_MS, 20000},
    {"transient, below the cap", HW_RETRY_TRANSIENT, 4, 1.0, 0, LONG_MS, 16000},
    {"throttled, first", HW_RETRY_THROTTLED, 0, 1.0, 0, 200000, 2000},
    {"throttled, fourth", HW_RETRY_THROTTLED, 3, 0.5, 0, 200000, 12000},
    {"throttled, capped", HW_RETRY_THROTTLED, 4, 1.0, 0, 200000, 20000},
    {"very many retries", HW_RETRY_THROTTLED, 4000000000u, 1.0, 0, 200000, 20000},
    {"a short time begins with less", HW_RETRY_TRANSIENT, 0, 1.0, 0, 3000, 30},
    {"a short time doubles too", HW_RETRY_THROTTLED, 2, 1.0, 0, 3000, 120},
    {"a very short time", HW_RETRY_TRANSIENT, 0, 1.0, 0, 5, 1},
    {"the service asks for more", HW_RETRY_TRANSIENT, 0, 0.5, 1500, LONG_MS, 1500},
    {"the service asks for less", HW_RETRY_TRANSIENT, 0, 0.5, 300, LONG_MS, 750},
    {"the service asks for too much", HW_RETRY_TRANSIENT, 0, 0.5, 60000, LONG_MS, 5750},
};

static void delay_doubles_up_to_its_cap(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(delays); i++) {
        assert_row_int(
            delays[i].name,
            hw_retry_delay_ms(delays[i].kind, delays[i].retries, delays[i].unit, delays[i].asked_ms, delays[i].for_ms),
            delays[i].want_ms);
    }
}

/* A clock that only goes on by sleeping. */
struct sleeper {
    int64_t now_ms;
};

static int64_t sleeper_us(void *ctx) {
    return ((struct sleeper *)ctx)->now_ms * 1000;
}

static void sleeper_sleep(void *ctx, int64_t ms) {
    struct sleeper *sleeper = ctx;
    sleeper->now_ms += ms;
}

/* Fails and waits until no try is left. Returns the number of tries, the first one included. */
static unsigned tries_make(struct hw_retry_policy *policy, struct sleeper *sleeper, double unit, int64_t try_ms) {
    struct hw_retry retry = {0};
    for (;;) {
        sleeper->now_ms += try_ms;
        const int64_t delay_ms = hw_retry_take(policy, &retry, HW_RETRY_TRANSIENT, unit, 0);
        if (delay_ms < 0) {
            return retry.retries + 1;
        }
        sleeper->now_ms += delay_ms;
    }
}

/* The time that the tries of a request take at a service that is away, by hand. */
static const struct {
    const char *name;
    unsigned attempts_max;
    int64_t for_ms;
    double unit;
    int64_t try_ms;
    unsigned want_tries;
    int64_t want_ms;
} bounds[] = {
    /* pauses of 1 + 2 + 4 + 8 + 16 + 4 x 20 s, then of the 9 s that are left */
    {"the default", 0, 0, 1.0, 0, 11, 120000},
    /* pauses of half as long, ten of them of 10 s, then of the 4.5 s that are left */
    {"the default, without luck", 0, 0, 0.0, 0, 17, 120000},
    {"three tries", 3, 0, 1.0, 0, 3, 3000},
    {"one try", 1, 0, 1.0, 0, 1, 0},
    {"tries that take their time", 0, 60000, 1.0, 60000, 2, 60000 + 600 + 60000},
    {"a second", 0, 1000, 1.0, 0, 8, 1000},
};

static void time_and_number_bound_the_tries(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bounds); i++) {
        struct sleeper sleeper = {.now_ms = 1000};
        struct hw_retry_policy policy;
        hw_clock_set(&(struct hw_clock){sleeper_us, sleeper_us, sleeper_sleep, &sleeper});
        hw_retry_policy_init(&policy, bounds[i].attempts_max, bounds[i].for_ms);
        assert_row_int(bounds[i].name, tries_make(&policy, &sleeper, bounds[i].unit, bounds[i].try_ms),
                       bounds[i].want_tries);
        assert_row_int(bounds[i].name, sleeper.now_ms - 1000, bounds[i].want_ms);
        hw_retry_policy_release(&policy);
    }
    hw_clock_set(NULL);
}

static void a_dead_service_is_given_up_at_once(void **state) {
    (void)state;
    struct sleeper sleeper = {.now_ms = 1000};
    struct hw_retry_policy policy;
    hw_clock_set(&(struct hw_clock){sleeper_us, sleeper_us, sleeper_sleep, &sleeper});
    hw_retry_policy_init(&policy, 0, 10000);
    assert_true(tries_make(&policy, &sleeper, 1.0, 0) > 3);
    assert_int_equal(tries_make(&policy, &sleeper, 1.0, 5), 1);
    /* An answer, be it a refusal, shows that it works. */
    hw_retry_answered(&policy);
    assert_true(tries_make(&policy, &sleeper, 1.0, 5) > 3);
    /* A failure long after the last one is another outage. */
    assert_int_equal(tries_make(&policy, &sleeper, 1.0, 5), 1);
    sleeper.now_ms += 10001;
    assert_true(tries_make(&policy, &sleeper, 1.0, 5) > 3);
    hw_retry_policy_release(&policy);
    hw_clock_set(NULL);
}

static void tries_that_are_too_many_are_counted(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum hw_retry_kind kind;
        int http_status;
        uint64_t want;
    } tries[] = {
        {"asked to slow down", HW_RETRY_THROTTLED, 200, 1},
        {"asked by 503", HW_RETRY_TRANSIENT, 503, 1},
        {"both, which is one try", HW_RETRY_THROTTLED, 503, 1},
        {"another fault of the service", HW_RETRY_TRANSIENT, 500, 0},
        {"no reply", HW_RETRY_TRANSIENT, 0, 0},
    };
    for (size_t i = 0; i < COUNT_OF(tries); i++) {
        struct hw_retry_policy policy;
        atomic_uint_fast64_t counted = 0;
        hw_retry_policy_init(&policy, 0, 0);
        hw_retry_count(&policy, tries[i].kind, tries[i].http_status); /* nobody wants to know */
        policy.throttled = &counted;
        hw_retry_count(&policy, tries[i].kind, tries[i].http_status);
        assert_row_int(tries[i].name, atomic_load(&counted), tries[i].want);
        hw_retry_policy_release(&policy);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(delay_doubles_up_to_its_cap),
        cmocka_unit_test(time_and_number_bound_the_tries),
        cmocka_unit_test(a_dead_service_is_given_up_at_once),
        cmocka_unit_test(tries_that_are_too_many_are_counted),
    };
    return cmocka_run_group_tests_name("net/retry", tests, NULL, NULL);
}
