/* SPDX-License-Identifier: Apache-2.0 */
#include "core/ordered_work.h"

#include <stdatomic.h>

#include "core/clock.h"
#include "core/error.h"
#include "core/thread.h"
#include "support/alloc_fault.h"
#include "support/rows.h"

enum { NUMBERS_MAX = 1000 };

struct numbers {
    struct hw_ordered_work work;
    pthread_t caller;
    size_t taken;
    /* The number whose outcome is refused. */
    size_t refused;
    atomic_size_t begun;
    /* The thread that takes waits until so many pieces have begun; 0: it does not. */
    size_t waits_for;
};

static void number_run(void *ctx, size_t number, void *outcome) {
    struct numbers *numbers = ctx;
    size_t *square = outcome;
    assert_int_equal(*square, 0);
    atomic_fetch_add(&numbers->begun, 1);
    *square = number * number;
}

static enum hw_status number_take(void *ctx, size_t number, void *outcome, struct hw_error *err) {
    struct numbers *numbers = ctx;
    const size_t *square = outcome;
    assert_true(pthread_equal(pthread_self(), numbers->caller));
    assert_int_equal(number, numbers->taken);
    assert_int_equal(*square, number * number);
    while (number == 0 && atomic_load(&numbers->begun) < numbers->waits_for) {
        hw_clock_sleep_ms(1);
    }
    /* Whoever is ahead by more would write where this outcome lies. */
    const size_t ahead = atomic_load(&numbers->begun) - numbers->taken;
    assert_true(ahead <= HW_ORDERED_WORK_AHEAD_MAX);
    numbers->taken++;
    return number == numbers->refused ? hw_fail(err, HW_EIO, "no more") : HW_OK;
}

static struct numbers numbers_of(size_t count) {
    return (struct numbers){
        .work = {.count = count, .outcome_bytes = sizeof(size_t), .run = number_run, .take = number_take},
        .caller = pthread_self(),
        .refused = SIZE_MAX,
    };
}

static void outcomes_come_in_order(void **state) {
    (void)state;
    static const size_t counts[] = {0, 1, 2, HW_ORDERED_WORK_AHEAD_MAX, HW_ORDERED_WORK_AHEAD_MAX + 1, NUMBERS_MAX};
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct numbers numbers = numbers_of(counts[i]);
        numbers.work.ctx = &numbers;
        assert_ok(hw_ordered_work_run(&numbers.work, &err), err);
        assert_int_equal(numbers.taken, counts[i]);
        assert_int_equal(atomic_load(&numbers.begun), counts[i]);
    }
}

/* While the first outcome is taken, others go as far ahead as there is room, and no further. */
static void work_goes_ahead(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct numbers numbers = numbers_of(NUMBERS_MAX);
    numbers.work.ctx = &numbers;
    numbers.waits_for = HW_ORDERED_WORK_AHEAD_MAX;
    assert_ok(hw_ordered_work_run(&numbers.work, &err), err);
    assert_int_equal(numbers.taken, NUMBERS_MAX);
}

static void a_refusal_ends_it(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct numbers numbers = numbers_of(NUMBERS_MAX);
    numbers.work.ctx = &numbers;
    numbers.refused = 7;
    assert_int_equal(hw_ordered_work_run(&numbers.work, &err), HW_EIO);
    assert_string_equal(err.message, "no more");
    assert_int_equal(numbers.taken, 8);
    assert_true(atomic_load(&numbers.begun) <= 8 + HW_ORDERED_WORK_AHEAD_MAX);
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct numbers numbers = numbers_of(3);
    numbers.work.ctx = &numbers;
    struct alloc_fault fault;
    alloc_fault_begin(&fault, 0);
    const enum hw_status status = hw_ordered_work_run(&numbers.work, &err);
    assert_true(alloc_fault_end(&fault));
    assert_int_equal(status, HW_ENOMEM);
    assert_int_equal(numbers.taken, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outcomes_come_in_order),
        cmocka_unit_test(work_goes_ahead),
        cmocka_unit_test(a_refusal_ends_it),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("core/ordered_work", tests, NULL, NULL);
}
