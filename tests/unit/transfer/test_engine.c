/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/engine.h"

#include <stdatomic.h>
#include <unistd.h>

#include "core/alloc.h"
#include "support/alloc_fault.h"
#include "support/rows.h"
#include "transfer/concurrency.h"

enum { PART_BYTES = 4096 };

static struct hw_engine *engine_new_for(unsigned threads_max, const atomic_uint_fast64_t *throttled) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_engine *engine = NULL;
    const struct hw_engine_options options = {
        .threads_max = threads_max,
        .part_bytes = PART_BYTES,
        .buffers_bytes = 8 * PART_BYTES,
        .throttled = throttled,
    };
    assert_ok(hw_engine_new(&options, &engine, &err), err);
    return engine;
}

static struct hw_engine *engine_new(unsigned threads_max) {
    return engine_new_for(threads_max, NULL);
}

static struct hw_ticker quiet(void) {
    return hw_ticker_start(NULL, NULL);
}

/* A gate that tasks wait at, and the number of those that do. */
struct gate {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned inside;
    unsigned passed;
    bool open;
};

#define GATE \
    { .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER }

struct task {
    struct hw_engine_task base;
    struct gate *gate;
};

static void task_wait(struct hw_engine_task *base) {
    struct gate *gate = ((struct task *)base)->gate;
    pthread_mutex_lock(&gate->lock);
    gate->inside++;
    pthread_cond_broadcast(&gate->changed);
    while (!gate->open) {
        pthread_cond_wait(&gate->changed, &gate->lock);
    }
    gate->inside--;
    gate->passed++;
    pthread_mutex_unlock(&gate->lock);
}

static void gate_open(struct gate *gate) {
    pthread_mutex_lock(&gate->lock);
    gate->open = true;
    pthread_cond_broadcast(&gate->changed);
    pthread_mutex_unlock(&gate->lock);
}

static void gate_wait_inside(struct gate *gate, unsigned count) {
    pthread_mutex_lock(&gate->lock);
    while (gate->inside != count) {
        pthread_cond_wait(&gate->changed, &gate->lock);
    }
    pthread_mutex_unlock(&gate->lock);
}

static unsigned gate_inside(struct gate *gate) {
    pthread_mutex_lock(&gate->lock);
    const unsigned inside = gate->inside;
    pthread_mutex_unlock(&gate->lock);
    return inside;
}

static void tasks_add(struct hw_engine *engine, struct task *tasks, size_t count, struct gate *gate) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_ticker ticker = quiet();
    for (size_t i = 0; i < count; i++) {
        tasks[i] = (struct task){.base = {.run = task_wait}, .gate = gate};
        assert_ok(hw_engine_add(engine, &tasks[i].base, &ticker, &err), err);
    }
}

/* ------ tasks */

static void every_task_runs_once(void **state) {
    (void)state;
    static const unsigned threads[] = {1, 2, 16};
    for (size_t i = 0; i < COUNT_OF(threads); i++) {
        enum { COUNT = 500 };
        struct hw_engine *engine = engine_new(threads[i]);
        struct hw_ticker ticker = quiet();
        struct gate gate = GATE;
        struct task tasks[COUNT];
        gate.open = true;
        tasks_add(engine, tasks, COUNT, &gate);
        hw_engine_wait(engine, &ticker);
        assert_int_equal(gate.passed, COUNT);
        hw_engine_wait(engine, &ticker);
        hw_engine_free(engine);
    }
}

static void an_engine_without_work_is_freed(void **state) {
    (void)state;
    hw_engine_free(engine_new(8));
    hw_engine_free(NULL);
}

/* Freeing it waits for what was added. */
static void the_end_waits_for_all_work(void **state) {
    (void)state;
    struct hw_engine *engine = engine_new(2);
    struct gate gate = GATE;
    struct task tasks[6];
    gate.open = true;
    tasks_add(engine, tasks, COUNT_OF(tasks), &gate);
    hw_engine_free(engine);
    assert_int_equal(gate.passed, COUNT_OF(tasks));
}

/* Few threads work until something has succeeded, so that refused keys are not tried often. */
static void few_work_before_the_first_success(void **state) {
    (void)state;
    struct hw_engine *engine = engine_new(16);
    struct hw_ticker ticker = quiet();
    struct gate gate = GATE;
    struct task tasks[20];
    tasks_add(engine, tasks, COUNT_OF(tasks), &gate);
    gate_wait_inside(&gate, 4);
    hw_clock_sleep_ms(20);
    assert_int_equal(gate_inside(&gate), 4);
    hw_engine_proved(engine);
    gate_wait_inside(&gate, HW_CONCURRENCY_START);
    hw_clock_sleep_ms(20);
    assert_int_equal(gate_inside(&gate), HW_CONCURRENCY_START);
    gate_open(&gate);
    hw_engine_wait(engine, &ticker);
    hw_engine_free(engine);
}

static void gate_tick(void *ctx) {
    gate_open(ctx);
}

/* Where many tasks wait already, whoever adds one waits and is told of the time that passes. */
static void a_listing_does_not_run_ahead(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_engine *engine = engine_new(1);
    struct gate gate = GATE;
    struct hw_ticker ticker = hw_ticker_start(gate_tick, &gate);
    struct task tasks[6];
    size_t before_open = 0;
    for (size_t i = 0; i < COUNT_OF(tasks); i++) {
        tasks[i] = (struct task){.base = {.run = task_wait}, .gate = &gate};
        assert_ok(hw_engine_add(engine, &tasks[i].base, &ticker, &err), err);
        if (i == 0) {
            gate_wait_inside(&gate, 1);
        }
        pthread_mutex_lock(&gate.lock);
        before_open += !gate.open;
        pthread_mutex_unlock(&gate.lock);
    }
    /* One runs and four wait: the next one could be added only when the first tick had come. */
    assert_int_equal(before_open, 5);
    hw_engine_wait(engine, &ticker);
    assert_int_equal(gate.passed, COUNT_OF(tasks));
    hw_engine_free(engine);
}

/* Whoever waits for the end is told of the time too. */
static void waiting_for_the_end_ticks(void **state) {
    (void)state;
    struct hw_engine *engine = engine_new(2);
    struct gate gate = GATE;
    struct hw_ticker ticker = hw_ticker_start(gate_tick, &gate);
    struct task task;
    tasks_add(engine, &task, 1, &gate);
    hw_engine_wait(engine, &ticker);
    assert_int_equal(gate.passed, 1);
    hw_engine_free(engine);
}

/* ------ parts */

struct moving {
    struct hw_engine_task base;
    struct hw_engine *engine;
    struct hw_engine_parts parts;
    enum hw_status status;
    struct hw_error error;

    /* The parts that have run, how many at once, and in which order they began. */
    pthread_mutex_t lock;
    unsigned runs[200];
    unsigned now, most;
    uint64_t order[200];
    size_t begun;
    /* That many parts wait for each other first; 0: none do. */
    unsigned together;
    pthread_barrier_t barrier;
    /* The part that fails, and the one that goes on for longer; UINT64_MAX: none. */
    uint64_t fails, slow;
    bool slow_ended;
};

static enum hw_status part_run(void *ctx, uint64_t number, struct hw_error *err) {
    struct moving *moving = ctx;
    pthread_mutex_lock(&moving->lock);
    moving->runs[number]++;
    moving->order[moving->begun++] = number;
    moving->now++;
    moving->most = moving->now > moving->most ? moving->now : moving->most;
    pthread_mutex_unlock(&moving->lock);
    if (number < moving->together) {
        pthread_barrier_wait(&moving->barrier);
    }
    hw_engine_moved(moving->engine, 1);
    if (number == moving->slow) {
        hw_clock_sleep_ms(30);
        moving->slow_ended = true;
    }
    pthread_mutex_lock(&moving->lock);
    moving->now--;
    pthread_mutex_unlock(&moving->lock);
    if (number == moving->fails) {
        return hw_fail(err, HW_EIO, "part %" PRIu64 " has failed", number);
    }
    return number == moving->slow && moving->fails != UINT64_MAX ? hw_fail(err, HW_ENETWORK, "too late") : HW_OK;
}

static void moving_run(struct hw_engine_task *base) {
    struct moving *moving = (struct moving *)base;
    moving->parts.run = part_run;
    moving->parts.ctx = moving;
    moving->status = hw_engine_parts_run(moving->engine, &moving->parts, &moving->error);
}

static struct moving moving_of(struct hw_engine *engine, uint64_t count) {
    return (struct moving){.base = {.run = moving_run},
                           .engine = engine,
                           .parts = {.count = count},
                           .error = HW_ERROR_INIT,
                           .lock = PTHREAD_MUTEX_INITIALIZER,
                           .fails = UINT64_MAX,
                           .slow = UINT64_MAX};
}

static void moving_add(struct moving *moving) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_ticker ticker = quiet();
    assert_ok(hw_engine_add(moving->engine, &moving->base, &ticker, &err), err);
}

static void moving_end(struct hw_engine *engine) {
    struct hw_ticker ticker = quiet();
    hw_engine_wait(engine, &ticker);
}

static void every_part_runs_once(void **state) {
    (void)state;
    static const struct {
        const char *name;
        unsigned threads;
        uint64_t parts;
        unsigned at_once_max;
        size_t objects;
    } rows[] = {
        {"one thread", 1, 200, 0, 1},
        {"several threads", 4, 200, 0, 1},
        {"several objects", 4, 100, 0, 5},
        {"one at once", 4, 200, 1, 3},
        {"two at once", 4, 200, 2, 3},
        {"a part", 4, 1, 0, 3},
        {"one thread, one at once", 1, 9, 1, 3},
        {"no part", 2, 0, 0, 1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_engine *engine = engine_new(rows[i].threads);
        static struct moving moving[5];
        for (size_t k = 0; k < rows[i].objects; k++) {
            moving[k] = moving_of(engine, rows[i].parts);
            moving[k].parts.at_once_max = rows[i].at_once_max;
            moving_add(&moving[k]);
        }
        moving_end(engine);
        for (size_t k = 0; k < rows[i].objects; k++) {
            assert_row_int(rows[i].name, moving[k].status, HW_OK);
            for (uint64_t n = 0; n < rows[i].parts; n++) {
                assert_row_int(rows[i].name, moving[k].runs[n], 1);
                /* Parts that are moved one by one come in order. */
                assert_row_int(rows[i].name, rows[i].at_once_max != 1 || moving[k].order[n] == n, true);
            }
            const unsigned most = rows[i].at_once_max > 0 ? rows[i].at_once_max : rows[i].threads;
            assert_row_int(rows[i].name, moving[k].most <= most, true);
        }
        hw_engine_free(engine);
    }
}

/* The first parts wait for each other: they end only if other threads help. */
static void idle_threads_help(void **state) {
    (void)state;
    struct hw_engine *engine = engine_new(4);
    struct moving moving = moving_of(engine, 10);
    moving.together = 4;
    pthread_barrier_init(&moving.barrier, NULL, 4);
    moving_add(&moving);
    moving_end(engine);
    assert_int_equal(moving.status, HW_OK);
    assert_int_equal(moving.most, 4);
    pthread_barrier_destroy(&moving.barrier);
    hw_engine_free(engine);
}

/* Once a part has succeeded, as many threads help as at the beginning of a run that goes well. */
static void a_part_proves_that_work_succeeds(void **state) {
    (void)state;
    struct hw_engine *engine = engine_new(16);
    struct moving first = moving_of(engine, 1);
    struct moving second = moving_of(engine, HW_CONCURRENCY_START);
    second.together = HW_CONCURRENCY_START;
    pthread_barrier_init(&second.barrier, NULL, HW_CONCURRENCY_START);
    moving_add(&first);
    moving_end(engine);
    moving_add(&second);
    moving_end(engine);
    assert_int_equal(second.most, HW_CONCURRENCY_START);
    pthread_barrier_destroy(&second.barrier);
    hw_engine_free(engine);
}

/* No part begins after one has failed, and those under way are waited for. */
static void a_part_that_fails_ends_the_object(void **state) {
    (void)state;
    struct hw_engine *engine = engine_new(2);
    struct moving moving = moving_of(engine, 200);
    struct moving other = moving_of(engine, 20);
    moving.together = 2;
    moving.fails = 1;
    moving.slow = 0;
    pthread_barrier_init(&moving.barrier, NULL, 2);
    moving_add(&moving);
    moving_end(engine);
    moving_add(&other);
    moving_end(engine);
    assert_int_equal(moving.status, HW_EIO);
    assert_string_equal(moving.error.message, "part 1 has failed");
    assert_true(moving.slow_ended);
    assert_int_equal(moving.begun, 2);
    /* What has failed is forgotten: others go on. */
    assert_int_equal(other.status, HW_OK);
    assert_int_equal(other.begun, 20);
    pthread_barrier_destroy(&moving.barrier);
    hw_engine_free(engine);
}

static void one_thread_alone_sees_a_failure(void **state) {
    (void)state;
    struct hw_engine *engine = engine_new(1);
    struct moving moving = moving_of(engine, 200);
    moving.fails = 7;
    moving_add(&moving);
    moving_end(engine);
    assert_int_equal(moving.status, HW_EIO);
    assert_int_equal(moving.begun, 8);
    hw_engine_free(engine);
}

static void the_others_run_where_they_are_to_go_on(void **state) {
    (void)state;
    struct hw_engine *engine = engine_new(2);
    struct moving moving = moving_of(engine, 200);
    moving.fails = 7;
    moving.parts.goes_on = true;
    moving_add(&moving);
    moving_end(engine);
    assert_int_equal(moving.status, HW_EIO);
    assert_string_equal(moving.error.message, "part 7 has failed");
    assert_int_equal(moving.begun, 200);
    hw_engine_free(engine);
}

/* ------ the number of threads */

static _Atomic int64_t time_us;

static int64_t made_monotonic_us(void *ctx) {
    (void)ctx;
    return atomic_load(&time_us);
}

static int64_t made_now_us(void *ctx) {
    (void)ctx;
    return 0;
}

static void made_sleep(void *ctx, int64_t ms) {
    (void)ctx;
    usleep((useconds_t)ms * 1000);
}

static void *opener_run(void *arg) {
    usleep(30000);
    gate_open(arg);
    return NULL;
}

/*
 * A service that asks to slow down gets fewer requests; and threads that may not work then end with
 * the others.
 */
static void a_busy_service_gets_fewer_threads(void **state) {
    (void)state;
    hw_clock_set(&(struct hw_clock){made_now_us, made_monotonic_us, made_sleep, NULL});
    atomic_uint_fast64_t throttled = 0;
    struct hw_engine *engine = engine_new_for(4, &throttled);
    struct hw_ticker ticker = quiet();
    struct gate first = GATE;
    struct gate second = GATE;
    struct task tasks[7];
    pthread_t opener;
    tasks_add(engine, tasks, 4, &first);
    gate_wait_inside(&first, 4);
    atomic_fetch_add(&throttled, 1);
    atomic_fetch_add(&time_us, HW_CONCURRENCY_INTERVAL_US);
    gate_open(&first);
    hw_engine_wait(engine, &ticker);
    tasks_add(engine, tasks + 4, 3, &second);
    gate_wait_inside(&second, 2);
    usleep(20000);
    assert_int_equal(gate_inside(&second), 2);
    assert_int_equal(pthread_create(&opener, NULL, opener_run, &second), 0);
    alarm(60); /* A thread that never ends would be waited for here. */
    hw_engine_free(engine);
    alarm(0);
    pthread_join(opener, NULL);
    assert_int_equal(second.passed, 3);
    hw_clock_set(NULL);
}

/* ------ memory */

static void its_memory_is_that_of_the_options(void **state) {
    (void)state;
    struct hw_engine *engine = engine_new(4);
    struct hw_buffers *buffers = hw_engine_buffers(engine);
    assert_int_equal(buffers->part_bytes, PART_BYTES);
    assert_int_equal(buffers->total_bytes, 8 * PART_BYTES);
    hw_engine_free(engine);
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    const struct hw_engine_options options = {.threads_max = 2, .part_bytes = 1, .buffers_bytes = 1};
    enum hw_status status = HW_ENOMEM;
    size_t allowed = 0;
    for (; status == HW_ENOMEM && allowed < 10; allowed++) {
        struct hw_engine *engine = NULL;
        struct alloc_fault fault;
        alloc_fault_begin(&fault, allowed);
        status = hw_engine_new(&options, &engine, NULL);
        hw_engine_free(engine);
        alloc_fault_end(&fault);
    }
    assert_int_equal(status, HW_OK);
    assert_int_equal(allowed, 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_task_runs_once),
        cmocka_unit_test(an_engine_without_work_is_freed),
        cmocka_unit_test(the_end_waits_for_all_work),
        cmocka_unit_test(few_work_before_the_first_success),
        cmocka_unit_test(a_listing_does_not_run_ahead),
        cmocka_unit_test(waiting_for_the_end_ticks),
        cmocka_unit_test(every_part_runs_once),
        cmocka_unit_test(idle_threads_help),
        cmocka_unit_test(a_part_proves_that_work_succeeds),
        cmocka_unit_test(a_part_that_fails_ends_the_object),
        cmocka_unit_test(one_thread_alone_sees_a_failure),
        cmocka_unit_test(the_others_run_where_they_are_to_go_on),
        cmocka_unit_test(a_busy_service_gets_fewer_threads),
        cmocka_unit_test(its_memory_is_that_of_the_options),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("transfer/engine", tests, NULL, NULL);
}
