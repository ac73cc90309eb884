/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/engine.h"

#include "core/alloc.h"
#include "core/clock.h"
#include "core/thread.h"
#include "transfer/concurrency.h"

/* So many tasks may wait for each thread, so that a listing is not far ahead of the work. */
enum { TASKS_WAITING_PER_THREAD = 4 };

/* The threads that work before the first success. */
enum { UNPROVED_MAX = 4 };

struct hw_engine {
    struct hw_buffers buffers;
    unsigned threads_max;
    const atomic_uint_fast64_t *throttled;
    pthread_t *threads;
    struct {
        pthread_mutex_t lock;
        /* Somebody may find work, or the end. */
        pthread_cond_t work;
        /* A task or the parts of an object have ended, or there is room for another task. */
        pthread_cond_t ended;
        struct hw_engine_task *first;
        struct hw_engine_task *last;
        unsigned tasks_waiting;
        unsigned tasks_running;
        /* The objects whose parts are being run. */
        struct hw_engine_parts *parts;
        unsigned threads_count;
        /* The threads that wait for work. */
        unsigned idle;
        /* The threads that run a task or a part, and do not wait for other threads. */
        unsigned working;
        bool ending;
        struct hw_concurrency concurrency;
        /* True once some work has succeeded. */
        bool proved;
        /* What has happened since the last look at the rate, and when that was. */
        struct hw_concurrency_sample sample;
        int64_t looked_us;
        /* The tries that services had refused by then. */
        uint64_t throttled_seen;
    } synced;
};

static void *thread_run(void *arg);
static struct hw_engine_parts *parts_find_locked(struct hw_engine *engine);
static void part_run_locked(struct hw_engine *engine, struct hw_engine_parts *parts);
static void task_run_locked(struct hw_engine *engine);
static void rate_look_locked(struct hw_engine *engine);
static enum hw_status threads_start_locked(struct hw_engine *engine, struct hw_error *err);

enum hw_status hw_engine_new(const struct hw_engine_options *options, struct hw_engine **out_engine,
                             struct hw_error *err) {
    struct hw_engine *engine = hw_alloc_zero(1, sizeof(*engine));
    pthread_t *threads = hw_alloc_zero(options->threads_max, sizeof(*threads));
    if (!engine || !threads) {
        hw_free(engine);
        hw_free(threads);
        return hw_fail_nomem(err, sizeof(*engine) + options->threads_max * sizeof(*threads));
    }
    hw_buffers_init(&engine->buffers, options->part_bytes, options->buffers_bytes);
    engine->threads_max = options->threads_max;
    engine->throttled = options->throttled;
    engine->threads = threads;
    pthread_mutex_init(&engine->synced.lock, NULL);
    pthread_cond_init(&engine->synced.work, NULL);
    hw_clock_cond_init(&engine->synced.ended);
    engine->synced.concurrency = hw_concurrency_start(options->threads_max);
    engine->synced.looked_us = hw_clock_monotonic_us();
    *out_engine = engine;
    return HW_OK;
}

/* A thread that is waited for may still start others. */
static void threads_join(struct hw_engine *engine) {
    for (unsigned joined = 0;; joined++) {
        pthread_mutex_lock(&engine->synced.lock);
        const bool more = joined < engine->synced.threads_count;
        pthread_mutex_unlock(&engine->synced.lock);
        if (!more) {
            return;
        }
        pthread_join(engine->threads[joined], NULL);
    }
}

void hw_engine_free(struct hw_engine *engine) {
    if (!engine) {
        return;
    }
    pthread_mutex_lock(&engine->synced.lock);
    engine->synced.ending = true;
    pthread_cond_broadcast(&engine->synced.work);
    pthread_mutex_unlock(&engine->synced.lock);
    threads_join(engine);
    hw_buffers_release(&engine->buffers);
    pthread_cond_destroy(&engine->synced.ended);
    pthread_cond_destroy(&engine->synced.work);
    pthread_mutex_destroy(&engine->synced.lock);
    hw_free(engine->threads);
    hw_free(engine);
}

struct hw_buffers *hw_engine_buffers(struct hw_engine *engine) {
    return &engine->buffers;
}

/* ------ tasks */

static unsigned tasks_waiting_max(const struct hw_engine *engine) {
    return engine->threads_max * TASKS_WAITING_PER_THREAD;
}

enum hw_status hw_engine_add(struct hw_engine *engine, struct hw_engine_task *task, struct hw_ticker *ticker,
                             struct hw_error *err) {
    pthread_mutex_lock(&engine->synced.lock);
    while (engine->synced.tasks_waiting >= tasks_waiting_max(engine)) {
        hw_ticker_wait(ticker, &engine->synced.ended, &engine->synced.lock);
    }
    task->next = NULL;
    if (engine->synced.last) {
        engine->synced.last->next = task;
    } else {
        engine->synced.first = task;
    }
    engine->synced.last = task;
    engine->synced.tasks_waiting++;
    enum hw_status status = threads_start_locked(engine, err);
    if (status) {
        /* There is no thread, so nobody has touched the task, and it is the only one. */
        engine->synced.first = NULL;
        engine->synced.last = NULL;
        engine->synced.tasks_waiting = 0;
    }
    pthread_cond_signal(&engine->synced.work);
    pthread_mutex_unlock(&engine->synced.lock);
    return status;
}

void hw_engine_wait(struct hw_engine *engine, struct hw_ticker *ticker) {
    pthread_mutex_lock(&engine->synced.lock);
    while (engine->synced.tasks_waiting + engine->synced.tasks_running > 0) {
        hw_ticker_wait(ticker, &engine->synced.ended, &engine->synced.lock);
    }
    pthread_mutex_unlock(&engine->synced.lock);
}

/* ------ threads */

static bool work_there_locked(struct hw_engine *engine) {
    return engine->synced.tasks_waiting > 0 || parts_find_locked(engine) != NULL;
}

/* Returns how many threads may work now. */
static unsigned limit_locked(const struct hw_engine *engine) {
    const unsigned limit = engine->synced.concurrency.limit;
    return engine->synced.proved || limit < UNPROVED_MAX ? limit : UNPROVED_MAX;
}

/* Starts threads for work that nobody is free to do. One thread is enough to go on. */
static enum hw_status threads_start_locked(struct hw_engine *engine, struct hw_error *err) {
    if (engine->synced.idle > 0 || engine->synced.threads_count >= limit_locked(engine) || !work_there_locked(engine)) {
        return HW_OK;
    }
    const int errnum = hw_thread_start(&engine->threads[engine->synced.threads_count], thread_run, engine);
    if (errnum == 0) {
        engine->synced.threads_count++;
        /* It counts as idle until it has found work, so that one is started for each piece. */
        engine->synced.idle++;
    }
    const bool some = engine->synced.threads_count > 0;
    return some ? HW_OK : hw_fail(err, HW_ENOMEM, "cannot start a thread: errno %d", errnum);
}

static void *thread_run(void *arg) {
    struct hw_engine *engine = arg;
    pthread_mutex_lock(&engine->synced.lock);
    for (;;) {
        const bool work = work_there_locked(engine);
        if (!work && engine->synced.ending) {
            /* Threads that may not work any more, because fewer should, find the end too. */
            pthread_cond_broadcast(&engine->synced.work);
            break;
        }
        if (!work || engine->synced.working >= limit_locked(engine)) {
            pthread_cond_wait(&engine->synced.work, &engine->synced.lock);
            continue;
        }
        engine->synced.idle--;
        engine->synced.working++;
        (void)threads_start_locked(engine, NULL); /* There is one thread at least, this one. */
        struct hw_engine_parts *parts = parts_find_locked(engine);
        if (parts) {
            part_run_locked(engine, parts);
        } else {
            task_run_locked(engine);
        }
        engine->synced.working--;
        engine->synced.idle++;
        rate_look_locked(engine);
    }
    pthread_mutex_unlock(&engine->synced.lock);
    return NULL;
}

/* Runs the first task that waits, without the lock. */
static void task_run_locked(struct hw_engine *engine) {
    struct hw_engine_task *task = engine->synced.first;
    engine->synced.first = task->next;
    engine->synced.last = task->next ? engine->synced.last : NULL;
    engine->synced.tasks_waiting--;
    engine->synced.tasks_running++;
    if (engine->synced.tasks_waiting == tasks_waiting_max(engine) / 2) {
        /* Whoever adds tasks is not woken for each of them. */
        pthread_cond_broadcast(&engine->synced.ended);
    }
    pthread_mutex_unlock(&engine->synced.lock);
    task->run(task);
    pthread_mutex_lock(&engine->synced.lock);
    engine->synced.tasks_running--;
    engine->synced.sample.requests++;
    if (engine->synced.tasks_waiting + engine->synced.tasks_running == 0) {
        pthread_cond_broadcast(&engine->synced.ended);
    }
}

/* ------ parts */

static bool parts_have_more(const struct hw_engine_parts *parts) {
    const bool room = parts->at_once_max == 0 || parts->under_way < parts->at_once_max;
    return (parts->status == HW_OK || parts->goes_on) && parts->begun < parts->count && room;
}

/* Returns the first object that has a part to be run; NULL if none has. */
static struct hw_engine_parts *parts_find_locked(struct hw_engine *engine) {
    struct hw_engine_parts *parts = engine->synced.parts;
    while (parts && !parts_have_more(parts)) {
        parts = parts->next;
    }
    return parts;
}

/* Runs the next part of an object, without the lock. */
static void part_run_locked(struct hw_engine *engine, struct hw_engine_parts *parts) {
    struct hw_error error = HW_ERROR_INIT;
    const uint64_t number = parts->begun++;
    parts->under_way++;
    pthread_mutex_unlock(&engine->synced.lock);
    const enum hw_status status = parts->run(parts->ctx, number, &error);
    pthread_mutex_lock(&engine->synced.lock);
    parts->under_way--;
    engine->synced.sample.requests++;
    engine->synced.proved = engine->synced.proved || status == HW_OK;
    /* Parts that are given up because another one has failed say less than that one. */
    if (status && (parts->status == HW_OK || parts->status == HW_ECANCELLED)) {
        parts->status = status;
        parts->error = error;
    }
    if (parts->under_way == 0 || parts->at_once_max > 0) {
        pthread_cond_broadcast(&engine->synced.ended);
    }
}

static void parts_remove_locked(struct hw_engine *engine, struct hw_engine_parts *parts) {
    struct hw_engine_parts **at = &engine->synced.parts;
    while (*at != parts) {
        at = &(*at)->next;
    }
    *at = parts->next;
}

enum hw_status hw_engine_parts_run(struct hw_engine *engine, struct hw_engine_parts *parts, struct hw_error *err) {
    pthread_mutex_lock(&engine->synced.lock);
    struct hw_engine_parts **last = &engine->synced.parts;
    while (*last) {
        last = &(*last)->next;
    }
    *last = parts;
    pthread_cond_broadcast(&engine->synced.work);
    (void)threads_start_locked(engine, NULL); /* This thread does the work, if nobody helps. */
    while (parts_have_more(parts) || parts->under_way > 0) {
        if (parts_have_more(parts)) {
            part_run_locked(engine, parts);
            rate_look_locked(engine);
            continue;
        }
        /* While this thread waits for others, one more of them may work. */
        engine->synced.working--;
        pthread_cond_signal(&engine->synced.work);
        pthread_cond_wait(&engine->synced.ended, &engine->synced.lock);
        engine->synced.working++;
    }
    parts_remove_locked(engine, parts);
    pthread_mutex_unlock(&engine->synced.lock);
    return parts->status ? hw_error_pass(err, parts->status, &parts->error) : HW_OK;
}

/* ------ the rate */

void hw_engine_moved(struct hw_engine *engine, uint64_t bytes) {
    pthread_mutex_lock(&engine->synced.lock);
    engine->synced.sample.bytes += bytes;
    pthread_mutex_unlock(&engine->synced.lock);
}

void hw_engine_proved(struct hw_engine *engine) {
    pthread_mutex_lock(&engine->synced.lock);
    if (!engine->synced.proved) {
        engine->synced.proved = true;
        pthread_cond_broadcast(&engine->synced.work);
        (void)threads_start_locked(engine, NULL);
    }
    pthread_mutex_unlock(&engine->synced.lock);
}

/* Chooses the number of threads anew, once an interval is over, and wakes those that may work. */
static void rate_look_locked(struct hw_engine *engine) {
    const int64_t now_us = hw_clock_monotonic_us();
    struct hw_concurrency_sample *sample = &engine->synced.sample;
    if (now_us - engine->synced.looked_us < HW_CONCURRENCY_INTERVAL_US) {
        return;
    }
    const uint64_t throttled = engine->throttled ? atomic_load(engine->throttled) : 0;
    sample->throttled = throttled - engine->synced.throttled_seen;
    engine->synced.throttled_seen = throttled;
    sample->seconds = (double)(now_us - engine->synced.looked_us) / 1e6;
    sample->limited = work_there_locked(engine) && engine->synced.working >= limit_locked(engine);
    hw_concurrency_step(&engine->synced.concurrency, sample);
    *sample = (struct hw_concurrency_sample){0};
    engine->synced.looked_us = now_us;
    pthread_cond_broadcast(&engine->synced.work);
    (void)threads_start_locked(engine, NULL);
}
