/* SPDX-License-Identifier: Apache-2.0 */
#include "core/budget.h"

#include <stdatomic.h>
#include <sys/sysinfo.h>

#include "core/cgroup.h"
#include "support/rows.h"

static void no_more_is_held_than_there_is(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t total, held, ask;
        bool taken;
    } rows[] = {
        {"a part", 100, 0, 40, true},
        {"all", 100, 0, 100, true},
        {"all that is left", 100, 60, 40, true},
        {"one more than is left", 100, 60, 41, false},
        {"one more than there is", 100, 0, 101, false},
        {"nothing, of nothing", 0, 0, 0, true},
        {"something, of nothing", 0, 0, 1, false},
        {"nothing, when all is held", 100, 100, 0, true},
        {"a sum that wraps", 100, 60, UINT64_MAX - 20, false},
        {"the largest", UINT64_MAX, 1, UINT64_MAX - 1, true},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_budget budget;
        hw_budget_init(&budget, rows[i].total);
        assert_row_int(rows[i].name, hw_budget_try(&budget, rows[i].held), true);
        assert_row_int(rows[i].name, hw_budget_try(&budget, rows[i].ask), rows[i].taken);
        const uint64_t held = rows[i].held + (rows[i].taken ? rows[i].ask : 0);
        assert_row_int(rows[i].name, hw_budget_held(&budget) == held, true);
        hw_budget_give_back(&budget, held);
        assert_row_int(rows[i].name, hw_budget_held(&budget), 0);
        hw_budget_release(&budget);
    }
}

static void bytes_can_be_given_back_in_parts(void **state) {
    (void)state;
    struct hw_budget budget;
    hw_budget_init(&budget, 10);
    assert_true(hw_budget_try(&budget, 10));
    hw_budget_give_back(&budget, 3);
    assert_int_equal(hw_budget_held(&budget), 7);
    assert_false(hw_budget_try(&budget, 4));
    assert_true(hw_budget_try(&budget, 3));
    hw_budget_give_back(&budget, 10);
    hw_budget_release(&budget);
}

enum { THREADS = 4, ROUNDS = 20000, TOTAL = 5 };

struct shared {
    struct hw_budget budget;
    atomic_int held;
    atomic_int over; /* times that more was held than there is */
    atomic_int taken;
};

/* Takes 2 of 5 whenever they are free: two of four threads at once. */
static void *take_and_give(void *arg) {
    struct shared *shared = arg;
    for (int i = 0; i < ROUNDS; i++) {
        if (hw_budget_try(&shared->budget, 2)) {
            shared->over += atomic_fetch_add(&shared->held, 2) + 2 > TOTAL;
            shared->taken++;
            atomic_fetch_sub(&shared->held, 2);
            hw_budget_give_back(&shared->budget, 2);
        }
    }
    return NULL;
}

static void threads_hold_no_more_together(void **state) {
    (void)state;
    struct shared shared = {.held = 0};
    pthread_t threads[THREADS];
    hw_budget_init(&shared.budget, TOTAL);
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, take_and_give, &shared), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_int_equal(shared.over, 0);
    assert_true(shared.taken > ROUNDS / 2);
    assert_int_equal(hw_budget_held(&shared.budget), 0);
    hw_budget_release(&shared.budget);
}

/* Nine tenths of a limit of control groups, where that is below the RAM; else a quarter of it. */
static void the_default_is_a_part_of_what_there_is(void **state) {
    (void)state;
    struct sysinfo machine;
    assert_int_equal(sysinfo(&machine), 0);
    const uint64_t ram = (uint64_t)machine.totalram * machine.mem_unit;
    const uint64_t limit = hw_cgroup_memory_limit("");
    const bool limited = limit > 0 && limit < ram;
    const double want = limited ? 0.9 * (double)limit : 0.25 * (double)ram;
    const double got = (double)hw_budget_default();
    assert_true(got > want - 10 && got < want + 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_more_is_held_than_there_is),
        cmocka_unit_test(bytes_can_be_given_back_in_parts),
        cmocka_unit_test(threads_hold_no_more_together),
        cmocka_unit_test(the_default_is_a_part_of_what_there_is),
    };
    return cmocka_run_group_tests_name("core/budget", tests, NULL, NULL);
}
