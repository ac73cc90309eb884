/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/concurrency.h"

#include "support/rows.h"

#define MB UINT64_C(1000000)

static void it_starts_small(void **state) {
    (void)state;
    static const struct { unsigned max, want; } rows[] = {{1, 1}, {7, 7}, {8, 8}, {9, 8}, {1000, 8}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(hw_concurrency_start(rows[i].max).limit, rows[i].want);
    }
}

/* One interval of a second. */
static unsigned step(struct hw_concurrency *concurrency, uint64_t bytes) {
    return hw_concurrency_step(concurrency,
                               &(struct hw_concurrency_sample){.seconds = 1, .bytes = bytes, .limited = true});
}

/* It grows by half each time that more requests move more, up to the most. */
static void it_grows_while_that_helps(void **state) {
    (void)state;
    static const unsigned wants[] = {13, 20, 31, 47, 64};
    struct hw_concurrency concurrency = hw_concurrency_start(64);
    for (size_t i = 0; i < COUNT_OF(wants); i++) {
        assert_int_equal(step(&concurrency, (i + 1) * 100 * MB), wants[i]);
    }
}

/* A number that does not help is given up for the best so far, and another try comes later. */
static void it_goes_back_where_more_does_not_help(void **state) {
    (void)state;
    struct hw_concurrency concurrency = hw_concurrency_start(64);
    unsigned intervals = 0;
    assert_int_equal(step(&concurrency, 100 * MB), 13);
    assert_int_equal(step(&concurrency, 200 * MB), 20);
    assert_int_equal(step(&concurrency, 201 * MB), 13);
    while (step(&concurrency, 200 * MB) == 13 && intervals < 1000) {
        intervals++;
    }
    assert_int_equal(intervals, 20);
    assert_int_equal(concurrency.limit, 20);
}

/* Small objects move few bytes: their requests count. */
static void requests_count_as_bytes(void **state) {
    (void)state;
    struct hw_concurrency concurrency = hw_concurrency_start(64);
    const struct hw_concurrency_sample few = {.seconds = 1, .requests = 100, .limited = true};
    const struct hw_concurrency_sample more = {.seconds = 1, .requests = 200, .limited = true};
    assert_int_equal(hw_concurrency_step(&concurrency, &few), 13);
    assert_int_equal(hw_concurrency_step(&concurrency, &more), 20);
    assert_int_equal(hw_concurrency_step(&concurrency, &more), 13);
}

/* Where nobody waits for a turn, the rate does not tell whether more would help. */
static void what_is_not_limited_changes_nothing(void **state) {
    (void)state;
    struct hw_concurrency concurrency = hw_concurrency_start(64);
    const struct hw_concurrency_sample idle = {.seconds = 1, .bytes = 1};
    assert_int_equal(step(&concurrency, 100 * MB), 13);
    for (unsigned i = 0; i < 50; i++) {
        assert_int_equal(hw_concurrency_step(&concurrency, &idle), 13);
    }
    assert_int_equal(step(&concurrency, 200 * MB), 20);
}

static void a_service_that_is_busy_gets_less(void **state) {
    (void)state;
    static const unsigned wants[] = {42, 28, 18, 12, 8, 5, 3, 2, 1, 1};
    struct hw_concurrency concurrency = hw_concurrency_start(64);
    /* Whether it was limited does not matter. */
    const struct hw_concurrency_sample busy = {.seconds = 1, .bytes = 100 * MB, .throttled = 1};
    unsigned intervals = 0;
    for (unsigned rate = 100; concurrency.limit < 64; rate *= 2) {
        step(&concurrency, rate * MB);
    }
    for (size_t i = 0; i < COUNT_OF(wants); i++) {
        assert_int_equal(hw_concurrency_step(&concurrency, &busy), wants[i]);
    }
    /* After two seconds it is tried with more, whatever the rate was before. */
    while (step(&concurrency, MB) == 1 && intervals < 1000) {
        intervals++;
    }
    assert_int_equal(intervals, 8);
    assert_int_equal(concurrency.limit, 2);
    assert_int_equal(step(&concurrency, 2 * MB), 4);
}

static void no_time_is_no_rate(void **state) {
    (void)state;
    struct hw_concurrency concurrency = hw_concurrency_start(64);
    assert_int_equal(step(&concurrency, 100 * MB), 13);
    const struct hw_concurrency_sample none = {.seconds = 0, .bytes = 1000 * MB, .limited = true};
    assert_int_equal(hw_concurrency_step(&concurrency, &none), 8);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_starts_small),
        cmocka_unit_test(it_grows_while_that_helps),
        cmocka_unit_test(it_goes_back_where_more_does_not_help),
        cmocka_unit_test(requests_count_as_bytes),
        cmocka_unit_test(what_is_not_limited_changes_nothing),
        cmocka_unit_test(a_service_that_is_busy_gets_less),
        cmocka_unit_test(no_time_is_no_rate),
    };
    return cmocka_run_group_tests_name("transfer/concurrency", tests, NULL, NULL);
}
