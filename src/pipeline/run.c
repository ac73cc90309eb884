/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/run.h"

#include "core/alloc.h"
#include "core/ticker.h"

struct run {
    struct hw_run_context *context;
    const struct hw_run_options *options;
    pthread_t *threads; /* of the workers, then of the enders */
    struct {
        pthread_mutex_t lock;
        pthread_cond_t changed;    /* Workers have something to look for. */
        pthread_cond_t ended;      /* No worker runs any more. */
        pthread_cond_t ending_due; /* An ender has something to do, or the run is over. */
        struct hw_job *first;      /* in work, oldest first */
        struct hw_job *waiting;    /* for memory, in no work, oldest first */
        size_t in_work;
        size_t ending;         /* of these, jobs that publish, or are about to */
        size_t workers;        /* that run */
        size_t started;        /* threads */
        size_t enders;         /* of these, threads that only open and publish */
        size_t enders_idle;    /* that wait, and nobody has woken */
        size_t enders_woken;   /* that have not taken notice yet */
        struct hw_error error; /* a fault of the run itself; HW_OK: none */
    } synced;
};

static void *worker_main(void *arg);
static void *ender_main(void *arg);
static size_t workers_start(struct run *run, int *out_fault);
static void ender_wake_locked(struct run *run, bool due);
static void waiting_drop(struct run *run);
static bool enough_failed(const struct run *run);

static void run_wake(void *ctx) {
    struct run *run = ctx;
    pthread_mutex_lock(&run->synced.lock);
    pthread_cond_broadcast(&run->synced.changed);
    ender_wake_locked(run, run->context->settings.jobs_ahead > 0);
    pthread_mutex_unlock(&run->synced.lock);
}

/* The calling thread waits for the workers, and tells of progress when it is time. */
static void workers_wait(struct run *run) {
    struct hw_ticker ticker = hw_ticker_start(run->options->on_progress, run->options->ctx);
    pthread_mutex_lock(&run->synced.lock);
    while (run->synced.workers > 0) {
        hw_ticker_wait(&ticker, &run->synced.ended, &run->synced.lock);
    }
    pthread_mutex_unlock(&run->synced.lock);
}

enum hw_status hw_run(struct hw_run_context *context, const struct hw_run_options *options, struct hw_error *err) {
    struct run run = {.context = context, .options = options, .synced.error = HW_ERROR_INIT};
    const size_t threads_max = context->settings.workers + context->settings.enders;
    int fault = 0;
    run.threads = hw_alloc(threads_max * sizeof(*run.threads));
    if (!run.threads) {
        return hw_fail_nomem(err, threads_max * sizeof(*run.threads));
    }
    pthread_mutex_init(&run.synced.lock, NULL);
    pthread_cond_init(&run.synced.changed, NULL);
    hw_clock_cond_init(&run.synced.ended);
    pthread_cond_init(&run.synced.ending_due, NULL);
    context->wake = run_wake;
    context->wake_ctx = &run;
    hw_lister_begin(context->lister, run_wake, &run);

    const size_t workers = workers_start(&run, &fault);
    workers_wait(&run);
    /* No worker is left that could start another ender. */
    for (size_t i = 0; i < run.synced.started; i++) {
        pthread_join(run.threads[i], NULL);
    }
    waiting_drop(&run);
    struct hw_error listing = HW_ERROR_INIT;
    enum hw_status listed = hw_lister_stop(context->lister, &listing);
    context->not_tried += enough_failed(&run) ? hw_lister_left(context->lister) : 0;
    pthread_cond_destroy(&run.synced.ending_due);
    pthread_cond_destroy(&run.synced.ended);
    pthread_cond_destroy(&run.synced.changed);
    pthread_mutex_destroy(&run.synced.lock);
    hw_free(run.threads);
    if (workers == 0) {
        return hw_fail_errno(err, fault, "cannot start a thread");
    }
    if (run.synced.error.status != HW_OK) {
        return hw_error_pass(err, run.synced.error.status, &run.synced.error);
    }
    /* Who stops the run stops the listing too. */
    const bool stopped = context->cancelled(context) || enough_failed(&run);
    return listed == HW_OK || stopped ? HW_OK : hw_error_pass(err, listed, &listing);
}

/* Starts the workers, and returns how many there are. Fewer do the same work. */
static size_t workers_start(struct run *run, int *out_fault) {
    const size_t wanted = run->context->settings.workers;
    pthread_mutex_lock(&run->synced.lock);
    run->synced.workers = wanted;
    while (run->synced.started < wanted && *out_fault == 0) {
        *out_fault = pthread_create(&run->threads[run->synced.started], NULL, worker_main, run);
        run->synced.started += *out_fault == 0;
    }
    const size_t workers = run->synced.started;
    run->synced.workers -= wanted - workers;
    pthread_mutex_unlock(&run->synced.lock);
    return workers;
}

/*
 * Where something is due for an ender, wakes one that waits, or starts one more: where disks and
 * services are fast, few do. Without any, workers do it.
 */
static void ender_wake_locked(struct run *run, bool due) {
    if (due && run->synced.enders_idle > 0) {
        run->synced.enders_idle--;
        run->synced.enders_woken++;
        pthread_cond_signal(&run->synced.ending_due);
    } else if (due && run->synced.workers > 0 && run->synced.enders < run->context->settings.enders &&
               pthread_create(&run->threads[run->synced.started], NULL, ender_main, run) == 0) {
        run->synced.started++;
        run->synced.enders++;
    }
}

static bool cancelled(const struct run *run) {
    return run->context->cancelled(run->context);
}

/* Returns true once so many objects have failed that no other one is begun. */
static bool enough_failed(const struct run *run) {
    const uint64_t errors_max = run->context->options->errors_max;
    return errors_max > 0 && atomic_load(&run->context->failed) >= errors_max;
}

/* Frees the jobs for which there was no memory until the run was stopped: they hold none. */
static void waiting_drop(struct run *run) {
    while (run->synced.waiting) {
        struct hw_job *job = run->synced.waiting;
        run->synced.waiting = job->next;
        job->work_bytes = 0;
        run->context->not_tried += enough_failed(run);
        hw_job_free(job);
    }
}

static bool part_take_locked(struct run *run);
static bool object_take_locked(struct run *run);
static bool ending_take_locked(struct run *run);

static void *worker_main(void *arg) {
    struct run *run = arg;
    pthread_mutex_lock(&run->synced.lock);
    for (;;) {
        if (part_take_locked(run) || object_take_locked(run)) {
            continue;
        }
        struct hw_lister_work work;
        bool left = run->synced.waiting || hw_lister_look(run->context->lister, &work) != HW_WINDOW_END;
        bool more = left && run->synced.error.status == HW_OK && !cancelled(run) && !enough_failed(run);
        if (run->synced.in_work == 0 && !more) {
            break;
        }
        pthread_cond_wait(&run->synced.changed, &run->synced.lock);
    }
    run->synced.workers--;
    pthread_cond_broadcast(&run->synced.changed);
    if (run->synced.workers == 0) {
        pthread_cond_signal(&run->synced.ended);
        pthread_cond_broadcast(&run->synced.ending_due);
    }
    pthread_mutex_unlock(&run->synced.lock);
    return NULL;
}

static void ender_wait_locked(struct run *run) {
    run->synced.enders_idle++;
    while (run->synced.enders_woken == 0 && run->synced.workers > 0) {
        pthread_cond_wait(&run->synced.ending_due, &run->synced.lock);
    }
    run->synced.enders_woken -= run->synced.enders_woken > 0;
}

/*
 * A thread beside the workers for what waits and does not work: it publishes what they have made,
 * and opens objects ahead of them. Workers stay until no job is in work.
 */
static void *ender_main(void *arg) {
    struct run *run = arg;
    const bool opens = run->context->settings.jobs_ahead > 0;
    pthread_mutex_lock(&run->synced.lock);
    while (run->synced.workers > 0) {
        if (!ending_take_locked(run) && !(opens && object_take_locked(run))) {
            ender_wait_locked(run);
        }
    }
    pthread_mutex_unlock(&run->synced.lock);
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

/*
 * Lets the job go on to its next state, which nobody else may do meanwhile; takes it out of work
 * where that is due.
 */
static void job_advance_locked(struct run *run, struct hw_job *job) {
    const bool oldest = job == run->synced.first;
    job->advancing = true;
    pthread_mutex_unlock(&run->synced.lock);
    enum hw_job_next next = hw_job_advance(job, oldest);
    pthread_mutex_lock(&run->synced.lock);
    job->advancing = false;
    run->synced.ending -= job->ending;
    const bool job_ending = job->ending = next == HW_JOB_ENDING;
    run->synced.ending += job_ending;
    if (next == HW_JOB_FREE || next == HW_JOB_WAIT) {
        job_remove(&run->synced.first, job);
        run->synced.in_work--;
    }
    if (next == HW_JOB_FREE) {
        hw_job_free(job);
    } else if (next == HW_JOB_WAIT) {
        job_append(&run->synced.waiting, job);
    }
    pthread_cond_broadcast(&run->synced.changed);
    ender_wake_locked(run, job_ending || run->context->settings.jobs_ahead > 0);
}

/* Publishes what was made by the oldest job that is to end, where nobody does so yet. */
static bool ending_take_locked(struct run *run) {
    for (struct hw_job *job = run->synced.ending > 0 ? run->synced.first : NULL; job; job = job->next) {
        if (job->ending && !job->advancing) {
            job_advance_locked(run, job);
            return true;
        }
    }
    return false;
}

static bool part_take_locked(struct run *run) {
    for (struct hw_job *job = run->synced.first; job; job = job->next) {
        struct hw_queue_claim claim;
        if (job->advancing || (job->turn_due && job != run->synced.first) || (job->ending && run->synced.enders > 0)) {
            continue;
        }
        if (job->turn_due || job->ending) {
            job_advance_locked(run, job);
            return true;
        }
        if (hw_job_claim(job, &claim)) {
            job->running++;
            pthread_mutex_unlock(&run->synced.lock);
            hw_job_run(job, &claim);
            pthread_mutex_lock(&run->synced.lock);
            job->running--;
            pthread_cond_broadcast(&run->synced.changed);
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

/* A job of what was found next, if there is memory for it; NULL: not now. */
static struct hw_job *object_start_locked(struct run *run) {
    struct hw_lister *lister = run->context->lister;
    struct hw_budget *budget = &run->context->work;
    struct hw_lister_work work;
    if (hw_lister_look(lister, &work) != HW_WINDOW_OBJECT ||
        !hw_budget_try(budget, hw_job_work_bytes(run->context, &work))) {
        return NULL;
    }
    struct hw_job *job = hw_job_new(run->context, &work);
    if (!job) {
        hw_budget_give_back(budget, hw_job_work_bytes(run->context, &work));
        hw_error_set(&run->synced.error, HW_ENOMEM, "out of memory for an object's work");
        return NULL;
    }
    hw_lister_take(lister);
    return job;
}

/*
 * The job that waits longest for memory, if there is enough now; NULL: there is none, or not now.
 */
static struct hw_job *waiting_take_locked(struct run *run) {
    struct hw_job *job = run->synced.waiting;
    if (!job || !hw_budget_try(&run->context->work, job->work_bytes)) {
        return NULL;
    }
    run->synced.waiting = job->next;
    return job;
}

/*
 * Returns true where one job more may be in work. Those that end are not counted, and there may be
 * more of them where the next one is small.
 */
static bool room_locked(struct run *run) {
    const struct hw_settings *settings = &run->context->settings;
    const size_t active = run->synced.in_work - run->synced.ending;
    struct hw_lister_work work;
    if (run->synced.in_work >= settings->jobs_all || active >= settings->jobs + settings->jobs_ahead) {
        return false;
    }
    return active < settings->jobs ||
           (!run->synced.waiting && hw_lister_look(run->context->lister, &work) == HW_WINDOW_OBJECT && work.single &&
            work.single->bytes < settings->small_bytes);
}

static bool object_take_locked(struct run *run) {
    if (run->synced.error.status != HW_OK || cancelled(run) || enough_failed(run) || !room_locked(run)) {
        return false;
    }
    /* Who waits goes first: those who need less would keep the memory from it for ever. */
    struct hw_job *job = run->synced.waiting ? waiting_take_locked(run) : object_start_locked(run);
    if (!job) {
        return false;
    }
    job_append(&run->synced.first, job);
    run->synced.in_work++;
    /* There may be room for another one. */
    ender_wake_locked(run, run->context->settings.jobs_ahead > 0);
    job_advance_locked(run, job);
    return true;
}
