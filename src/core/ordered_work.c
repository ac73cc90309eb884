/* SPDX-License-Identifier: Apache-2.0 */
#include "core/ordered_work.h"

#include "core/alloc.h"
#include "core/error.h"
#include "core/thread.h"

/* The work of one call. Outcome i lies in place i % HW_ORDERED_WORK_AHEAD_MAX. */
struct doing {
    const struct hw_ordered_work *work;
    uint8_t *outcomes;
    struct {
        pthread_mutex_t lock;
        /* A piece was done, one was taken, or the work ends. */
        pthread_cond_t moved;
        bool done[HW_ORDERED_WORK_AHEAD_MAX];
        size_t begun;
        size_t taken;
        bool ending;
    } synced;
};

static void *outcome_of(const struct doing *doing, size_t number) {
    return doing->outcomes + number % HW_ORDERED_WORK_AHEAD_MAX * doing->work->outcome_bytes;
}

static bool has_room_locked(const struct doing *doing) {
    return doing->synced.begun - doing->synced.taken < HW_ORDERED_WORK_AHEAD_MAX;
}

static bool has_more_locked(const struct doing *doing) {
    return !doing->synced.ending && doing->synced.begun < doing->work->count;
}

/* Does the next piece, without the lock. */
static void piece_run_locked(struct doing *doing) {
    const size_t number = doing->synced.begun++;
    void *outcome = outcome_of(doing, number);
    pthread_mutex_unlock(&doing->synced.lock);
    memset(outcome, 0, doing->work->outcome_bytes);
    doing->work->run(doing->work->ctx, number, outcome);
    pthread_mutex_lock(&doing->synced.lock);
    doing->synced.done[number % HW_ORDERED_WORK_AHEAD_MAX] = true;
    pthread_cond_broadcast(&doing->synced.moved);
}

static void *thread_run(void *arg) {
    struct doing *doing = arg;
    pthread_mutex_lock(&doing->synced.lock);
    while (has_more_locked(doing)) {
        if (has_room_locked(doing)) {
            piece_run_locked(doing);
        } else {
            pthread_cond_wait(&doing->synced.moved, &doing->synced.lock);
        }
    }
    pthread_mutex_unlock(&doing->synced.lock);
    return NULL;
}

/* Waits until a piece is done, which this thread does itself where no other has begun it. */
static void piece_wait(struct doing *doing, size_t number) {
    bool *done = &doing->synced.done[number % HW_ORDERED_WORK_AHEAD_MAX];
    pthread_mutex_lock(&doing->synced.lock);
    if (doing->synced.begun == number) {
        piece_run_locked(doing);
    }
    while (!*done) {
        pthread_cond_wait(&doing->synced.moved, &doing->synced.lock);
    }
    *done = false;
    pthread_mutex_unlock(&doing->synced.lock);
}

static enum hw_status outcomes_take(struct doing *doing, struct hw_error *err) {
    const struct hw_ordered_work *work = doing->work;
    enum hw_status status = HW_OK;
    for (size_t number = 0; status == HW_OK && number < work->count; number++) {
        piece_wait(doing, number);
        status = work->take(work->ctx, number, outcome_of(doing, number), err);
        pthread_mutex_lock(&doing->synced.lock);
        doing->synced.taken++;
        doing->synced.ending = status != HW_OK;
        pthread_cond_broadcast(&doing->synced.moved);
        pthread_mutex_unlock(&doing->synced.lock);
    }
    return status;
}

enum hw_status hw_ordered_work_run(const struct hw_ordered_work *work, struct hw_error *err) {
    pthread_t threads[HW_ORDERED_WORK_THREADS_MAX];
    struct doing doing = {.work = work};
    size_t started = 0;
    doing.outcomes = hw_alloc_zero(HW_ORDERED_WORK_AHEAD_MAX, work->outcome_bytes);
    if (!doing.outcomes) {
        return hw_fail_nomem(err, HW_ORDERED_WORK_AHEAD_MAX * work->outcome_bytes);
    }
    pthread_mutex_init(&doing.synced.lock, NULL);
    pthread_cond_init(&doing.synced.moved, NULL);
    /* The thread that called does the first piece, and all of them where there is no other. */
    while (started < HW_ORDERED_WORK_THREADS_MAX && started + 1 < work->count &&
           hw_thread_start(&threads[started], thread_run, &doing) == 0) {
        started++;
    }
    enum hw_status status = outcomes_take(&doing, err);
    while (started > 0) {
        pthread_join(threads[--started], NULL);
    }
    pthread_cond_destroy(&doing.synced.moved);
    pthread_mutex_destroy(&doing.synced.lock);
    hw_free(doing.outcomes);
    return status;
}
