/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crew.h"

#include <stdatomic.h>

#include "support/alloc_fault.h"
#include "support/rows.h"

enum { ITEMS = 1000, THREADS = 4, TASKS = 200 };

struct task {
    atomic_uint done[ITEMS];
    atomic_uint at_work[THREADS];
    atomic_bool shared; /* a member had two items at once, or a number that it cannot have */
};

static void item_do(void *ctx, size_t item, size_t member) {
    struct task *task = ctx;
    if (member >= THREADS || atomic_fetch_add(&task->at_work[member], 1) != 0) {
        atomic_store(&task->shared, true);
        return;
    }
    atomic_fetch_add(&task->done[item], 1);
    atomic_fetch_sub(&task->at_work[member], 1);
}

static void task_check(struct hw_crew *crew, size_t count) {
    static struct task task;
    memset((void *)&task, 0, sizeof(task));
    hw_crew_run(crew, count, item_do, &task);
    assert_false(atomic_load(&task.shared));
    for (size_t i = 0; i < ITEMS; i++) {
        assert_int_equal(atomic_load(&task.done[i]), i < count ? 1 : 0);
    }
}

static void every_item_is_done_once_in_every_task(void **state) {
    (void)state;
    struct hw_crew *crew;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_crew_new(THREADS, &crew, &err), err);
    assert_int_equal(hw_crew_threads(crew), THREADS);
    for (size_t i = 0; i < TASKS; i++) {
        task_check(crew, i % 3 == 0 ? ITEMS : i % 7);
    }
    hw_crew_free(crew);
}

static void a_crew_of_one_or_none_does_them_too(void **state) {
    (void)state;
    struct hw_crew *crew;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_crew_new(1, &crew, &err), err);
    assert_int_equal(hw_crew_threads(crew), 1);
    task_check(crew, ITEMS);
    hw_crew_free(crew);
    assert_int_equal(hw_crew_threads(NULL), 1);
    task_check(NULL, ITEMS);
    hw_crew_free(NULL);
}

static void no_memory_leaves_nothing(void **state) {
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct alloc_fault fault;
        struct hw_crew *crew;
        alloc_fault_begin(&fault, i);
        assert_int_equal(hw_crew_new(THREADS, &crew, NULL), HW_ENOMEM);
        assert_true(alloc_fault_end(&fault));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_item_is_done_once_in_every_task),
        cmocka_unit_test(a_crew_of_one_or_none_does_them_too),
        cmocka_unit_test(no_memory_leaves_nothing),
    };
    return cmocka_run_group_tests_name("core/crew", tests, NULL, NULL);
}
