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
        struct hw_job *first;   /* in work, oldest first */
        struct hw_job *waiting; /* for memory, in no work, oldest first */
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
    const size_t workers = shared->conversion->settings.workers;
    pthread_t *threads = hw_alloc(workers * sizeof(*threads));
    size_t started = 0;
    if (!threads) {
        return hw_fail_nomem(err, workers * sizeof(*threads));
    }
    pthread_mutex_init(&run.state.lock, NULL);
    hw_clock_cond_init(&run.state.changed);
    shared->conversion->wake = run_wake;
    shared->conversion->wake_ctx = &run;

    run.state.workers = workers;
    int fault = 0;
    for (; started < workers && fault == 0; started += fault == 0) {
        fault = pthread_create(&threads[started], NULL, worker_main, &run);
    }
    pthread_mutex_lock(&run.state.lock);
    run.state.workers -= workers - started; /* fewer workers do the same work */
    pthread_mutex_unlock(&run.state.lock);
    workers_wait(&run);
    for (size_t i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
    }
    while (run.state.waiting) { /* the run was stopped before there was memory for them: they hold none */
        struct hw_job *job = run.state.waiting;
        run.state.waiting = job->next;
        job->work_bytes = 0;
        hw_job_free(job);
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
        bool left = run->state.waiting || run->state.next_object < run->shared->plan->count;
        bool more = left && run->state.error.status == HW_OK && !cancelled(run);
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

static void job_append(struct hw_job **list, struct hw_job *job) {
    while (*list) {
        list = &(*list)->next;
    }
    job->next = NULL;
    *list = job;
}

static void job_remove(struct hw_job **list, struct hw_job *job) {
    while (*list != job) {
        list = &(*list)->next;
    }
    *list = job->next;
}

/* Lets the job go on to its next state, which nobody else may do meanwhile; takes it out of work where that is due. */
static void job_advance_locked(struct run *run, struct hw_job *job) {
    job->advancing = true;
    pthread_mutex_unlock(&run->state.lock);
    enum hw_job_next next = hw_job_advance(job);
    pthread_mutex_lock(&run->state.lock);
    job->advancing = false;
    if (next != HW_JOB_GOES_ON) {
        job_remove(&run->state.first, job);
        run->state.in_work--;
    }
    if (next == HW_JOB_OVER) {
        hw_job_free(job);
    } else if (next == HW_JOB_WAITS) {
        job_append(&run->state.waiting, job);
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

/* The next object of the plan, if there is memory for it; NULL: not now. */
static struct hw_job *object_start_locked(struct run *run) {
    const struct hw_plan *plan = run->shared->plan;
    const size_t count = plan->merge_base ? plan->count : 1;
    const struct hw_plan_object *objects = &plan->objects[run->state.next_object];
    struct hw_budget *work = run->shared->conversion->work;
    if (run->state.next_object >= plan->count || !hw_budget_try(work, hw_job_work_bytes(run->shared, objects, count))) {
        return NULL;
    }
    struct hw_job *job = hw_job_new(run->shared, objects, count);
    if (!job) {
        hw_budget_give_back(work, hw_job_work_bytes(run->shared, objects, count));
        hw_error_set(&run->state.error, HW_ENOMEM, "out of memory for an object's work");
        return NULL;
    }
    run->state.next_object += count;
    return job;
}

/* The job that waits longest for memory, if there is enough now; NULL: there is none, or not now. */
static struct hw_job *waiting_take_locked(struct run *run) {
    struct hw_job *job = run->state.waiting;
    if (!job || !hw_budget_try(run->shared->conversion->work, job->work_bytes)) {
        return NULL;
    }
    run->state.waiting = job->next;
    return job;
}

static bool object_take_locked(struct run *run) {
    if (run->state.error.status != HW_OK || run->state.in_work >= run->shared->conversion->settings.jobs ||
        cancelled(run)) {
        return false;
    }
    /* Who waits goes first: those who need less would keep the memory from it for ever. */
    struct hw_job *job = run->state.waiting ? waiting_take_locked(run) : object_start_locked(run);
    if (!job) {
        return false;
    }
    job_append(&run->state.first, job);
    run->state.in_work++;
    job_advance_locked(run, job);
    return true;
}
