/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/in_turn.h"

#include <stdatomic.h>

#include "core/clock.h"
#include "support/rows.h"

enum { THREADS = 8, STEPS = 400 };

struct shared {
    struct hw_in_turn turn;
    uint64_t order[STEPS];
    size_t steps;
};

struct worker {
    struct shared *shared;
    uint64_t first;
    bool whole;
    atomic_bool ended;
};

/* Does every eighth step, in the order of the numbers of all. */
static void *worker_run(void *arg) {
    struct worker *worker = arg;
    struct shared *shared = worker->shared;
    worker->whole = true;
    for (uint64_t number = worker->first; number < STEPS && worker->whole; number += THREADS) {
        worker->whole = hw_in_turn_wait(&shared->turn, number);
        if (worker->whole) {
            shared->order[shared->steps++] = number;
            hw_in_turn_done(&shared->turn);
        }
    }
    atomic_store(&worker->ended, true);
    return NULL;
}

static void steps_are_done_in_their_order(void **state) {
    (void)state;
    static struct shared shared;
    struct worker workers[THREADS];
    pthread_t threads[THREADS];
    hw_in_turn_init(&shared.turn);
    for (uint64_t i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.shared = &shared, .first = THREADS - 1 - i};
        assert_int_equal(pthread_create(&threads[i], NULL, worker_run, &workers[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_true(workers[i].whole);
    }
    assert_int_equal(shared.steps, STEPS);
    for (uint64_t i = 0; i < STEPS; i++) {
        assert_int_equal(shared.order[i], i);
    }
    hw_in_turn_release(&shared.turn);
}

/* Whoever waits for a number that has failed waits no more, and does nothing. */
static void a_broken_turn_lets_nobody_wait(void **state) {
    (void)state;
    static struct shared shared;
    struct worker worker = {.shared = &shared, .first = 5};
    pthread_t thread;
    hw_in_turn_init(&shared.turn);
    assert_int_equal(pthread_create(&thread, NULL, worker_run, &worker), 0);
    hw_clock_sleep_ms(20);
    assert_false(atomic_load(&worker.ended));
    hw_in_turn_break(&shared.turn);
    pthread_join(thread, NULL);
    assert_false(worker.whole);
    assert_int_equal(shared.steps, 0);
    assert_false(hw_in_turn_wait(&shared.turn, 0));
    hw_in_turn_release(&shared.turn);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_are_done_in_their_order),
        cmocka_unit_test(a_broken_turn_lets_nobody_wait),
    };
    return cmocka_run_group_tests_name("transfer/in_turn", tests, NULL, NULL);
}
