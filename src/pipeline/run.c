/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/run.h"

#include "core/alloc.h"
#include "core/clock.h"

enum { PROGRESS_US = 200000 };

struct run {
    struct hw_job_shared *shared;
    const struct hw_run_options *options;
    struct {
        pthread_mutex_t lock;
        pthread_cond_t changed;
        struct hw_job *first; /* in work, oldest first */
        size_t in_work;
        size_t next_object;
        size_t workers;        /* that run */
        struct hw_error error; /* a fault of the run itself; HW_OK: none */
    } state;
};

static void *worker_main(void *arg);

static void run_wake(void *ctx) {
    struct run *run = ctx;
    pthread_mutex_lock(&run->state.lock);
    pthread_cond_broadcast(&run->state.changed);
    pthread_mutex_unlock(&run->state.lock);
}

/* The calling thread waits for the workers, and tells of progress when it is time, however often it is woken. */
static void workers_wait(struct run *run) {
    int64_t next_us = hw_clock_monotonic_us() + PROGRESS_US;
    pthread_mutex_lock(&run->state.lock);
    while (run->state.workers > 0) {
        int64_t now_us = hw_clock_monotonic_us();
        if (now_us < next_us) {
            hw_clock_cond_wait(&run->state.changed, &run->state.lock, next_us - now_us);
            continue;
        }
        if (run->options->on_progress) {
            pthread_mutex_unlock(&run->state.lock);
            run->options->on_progress(run->options->ctx);
            pthread_mutex_lock(&run->state.lock);
        }
        next_us = hw_clock_monotonic_us() + PROGRESS_US;
    }
    pthread_mutex_unlock(&run->state.lock);
}

enum hw_status hw_run(struct hw_job_shared *shared, const struct hw_run_options *options, struct hw_error *err) {
    struct run run = {.shared = shared, .options = options, .state.error = HW_ERROR_INIT};
    pthread_t *threads = hw_alloc(options->workers * sizeof(*threads));
    size_t started = 0;
    if (!threads) {
        return hw_fail_nomem(err, options->workers * sizeof(*threads));
    }
    pthread_mutex_init(&run.state.lock, NULL);
    hw_clock_cond_init(&run.state.changed);
    shared->conversion->wake = run_wake;
    shared->conversion->wake_ctx = &run;

    run.state.workers = options->workers;
    int fault = 0;
    for (; started < options->workers && fault == 0; started += fault == 0) {
        fault = pthread_create(&threads[started], NULL, worker_main, &run);
    }
    pthread_mutex_lock(&run.state.lock);
    run.state.workers -= options->workers - started; /* fewer workers do the same work */
    pthread_mutex_unlock(&run.state.lock);
    workers_wait(&run);
    for (size_t i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
    }
    pthread_cond_destroy(&run.state.changed);
    pthread_mutex_destroy(&run.state.lock);
    hw_free(threads);
    if (started == 0) {
        return hw_fail_errno(err, fault, "cannot start a thread");
    }
    return run.state.error.status == HW_OK ? HW_OK : hw_error_pass(err, run.state.error.status, &run.state.error);
}

static bool cancelled(const struct run *run) {
    const struct hw_conversion_shared *shared = run->shared->conversion;
    return shared->cancelled && shared->cancelled(shared->cancelled_ctx);
}

static bool part_take_locked(struct run *run);
static bool object_take_locked(struct run *run);

static void *worker_main(void *arg) {
    struct run *run = arg;
    pthread_mutex_lock(&run->state.lock);
    for (;;) {
        if (part_take_locked(run) || object_take_locked(run)) {
            continue;
        }
        bool more =
            run->state.next_object < run->shared->plan->count && run->state.error.status == HW_OK && !cancelled(run);
        if (run->state.in_work == 0 && !more) {
            break;
        }
        pthread_cond_wait(&run->state.changed, &run->state.lock);
    }
    run->state.workers--;
    pthread_cond_broadcast(&run->state.changed);
    pthread_mutex_unlock(&run->state.lock);
    return NULL;
}

/* Lets the job go on to its next state, which nobody else may do meanwhile; takes it out of work when it is over. */
static void job_advance_locked(struct run *run, struct hw_job *job) {
    job->advancing = true;
    pthread_mutex_unlock(&run->state.lock);
    bool more = hw_job_advance(job);
    pthread_mutex_lock(&run->state.lock);
    job->advancing = false;
    if (!more) {
        struct hw_job **link = &run->state.first;
        while (*link != job) {
            link = &(*link)->next;
        }
        *link = job->next;
        run->state.in_work--;
        hw_job_free(job);
    }
    pthread_cond_broadcast(&run->state.changed);
}

static bool part_take_locked(struct run *run) {
    for (struct hw_job *job = run->state.first; job; job = job->next) {
        size_t part;
        if (job->advancing) {
            continue;
        }
        if (hw_job_claim(job, &part)) {
            job->running++;
            pthread_mutex_unlock(&run->state.lock);
            hw_job_run(job, part);
            pthread_mutex_lock(&run->state.lock);
            job->running--;
            pthread_cond_broadcast(&run->state.changed);
        } else if (job->running > 0 || !hw_job_rests(job)) {
            continue;
        }
        if (job->running == 0 && hw_job_rests(job)) {
            job_advance_locked(run, job);
        }
        return true;
    }
    return false;
}

static bool object_take_locked(struct run *run) {
    if (run->state.error.status != HW_OK || run->state.in_work >= run->options->jobs ||
        run->state.next_object >= run->shared->plan->count || cancelled(run)) {
        return false;
    }
    const struct hw_plan *plan = run->shared->plan;
    const size_t count = plan->merge_base ? plan->count : 1;
    struct hw_job *job = hw_job_new(run->shared, &plan->objects[run->state.next_object], count);
    run->state.next_object += count;
    if (!job) {
        hw_error_set(&run->state.error, HW_ENOMEM, "out of memory for an object's work");
        return false;
    }
    struct hw_job **link = &run->state.first;
    while (*link) {
        link = &(*link)->next;
    }
    *link = job;
    run->state.in_work++;
    job_advance_locked(run, job);
    return true;
}
