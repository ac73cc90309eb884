/* SPDX-License-Identifier: Apache-2.0 */
#include "net/timers.h"

#include "support/rows.h"

enum { TIMERS = 500 };

/* A list in no order does slowly what the heap does. */
struct model {
    struct hw_timer timers[TIMERS];
    bool set[TIMERS];
    int64_t due_us[TIMERS];
};

static uint32_t next_random(uint32_t *state) {
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static int64_t model_least(const struct model *model) {
    int64_t least = INT64_MAX;
    for (size_t i = 0; i < TIMERS; i++) {
        least = model->set[i] && model->due_us[i] < least ? model->due_us[i] : least;
    }
    return least;
}

static void the_first_one_is_due_first(void **state) {
    (void)state;
    static struct model model;
    struct hw_timers timers = {0};
    uint32_t random = 1;
    for (size_t step = 0; step < 20000; step++) {
        const size_t i = next_random(&random) % TIMERS;
        if (next_random(&random) % 3 > 0) {
            model.set[i] = true;
            model.due_us[i] = (int64_t)(next_random(&random) % 1000);
            hw_timers_set(&timers, &model.timers[i], model.due_us[i]);
        } else {
            model.set[i] = false;
            hw_timers_clear(&timers, &model.timers[i]);
        }
        const struct hw_timer *first = hw_timers_first(&timers);
        assert_int_equal(first ? first->due_us : INT64_MAX, model_least(&model));
        assert_int_equal(model.timers[i].is_set, model.set[i]);
    }
    int64_t before_us = INT64_MIN;
    for (struct hw_timer *first; (first = hw_timers_first(&timers)) != NULL;) {
        assert_true(first->due_us >= before_us);
        before_us = first->due_us;
        hw_timers_clear(&timers, first);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_first_one_is_due_first)};
    return cmocka_run_group_tests_name("net/timers", tests, NULL, NULL);
}
