/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crew.h"

#include <stdatomic.h>

#include "core/alloc.h"
#include "core/thread.h"

struct hw_crew {
    size_t threads;
    /* The task; it does not change while anyone works at it. */
    hw_crew_work *work;
    void *ctx;
    size_t count;
    atomic_size_t next; /* the item that has not been begun */
    pthread_cond_t begun;
    pthread_cond_t done;
    struct {
        pthread_mutex_t lock;
        uint64_t task; /* counts tasks, so that each thread takes part in each once */
        size_t busy;   /* threads that have not ended with the task */
        bool ended;
    } synced;
    struct member *members;
};

struct member {
    struct hw_crew *crew;
    size_t number;
    pthread_t thread;
};

static void *member_run(void *arg);

enum hw_status hw_crew_new(size_t threads, struct hw_crew **out_crew, struct hw_error *err) {
    struct hw_crew *crew = hw_alloc_zero(1, sizeof(*crew));
    struct member *members = hw_alloc_zero(threads, sizeof(*members));
    if (!crew || !members) {
        hw_free(crew);
        hw_free(members);
        return hw_fail_nomem(err, threads * sizeof(*members));
    }
    pthread_mutex_init(&crew->synced.lock, NULL);
    pthread_cond_init(&crew->begun, NULL);
    pthread_cond_init(&crew->done, NULL);
    crew->members = members;
    crew->threads = 1;
    while (crew->threads < threads) {
        struct member *member = &members[crew->threads];
        *member = (struct member){.crew = crew, .number = crew->threads};
        if (hw_thread_start(&member->thread, member_run, member) != 0) {
            break;
        }
        crew->threads++;
    }
    *out_crew = crew;
    return HW_OK;
}

void hw_crew_free(struct hw_crew *crew) {
    if (!crew) {
        return;
    }
    pthread_mutex_lock(&crew->synced.lock);
    crew->synced.ended = true;
    pthread_cond_broadcast(&crew->begun);
    pthread_mutex_unlock(&crew->synced.lock);
    for (size_t i = 1; i < crew->threads; i++) {
        pthread_join(crew->members[i].thread, NULL);
    }
    pthread_cond_destroy(&crew->begun);
    pthread_cond_destroy(&crew->done);
    pthread_mutex_destroy(&crew->synced.lock);
    hw_free(crew->members);
    hw_free(crew);
}

size_t hw_crew_threads(const struct hw_crew *crew) {
    return crew ? crew->threads : 1;
}

/* ------ tasks */

static void items_take(struct hw_crew *crew, size_t member) {
    size_t item;
    while ((item = atomic_fetch_add_explicit(&crew->next, 1, memory_order_relaxed)) < crew->count) {
        crew->work(crew->ctx, item, member);
    }
}

static void *member_run(void *arg) {
    struct member *member = arg;
    struct hw_crew *crew = member->crew;
    uint64_t task = 0;
    pthread_mutex_lock(&crew->synced.lock);
    while (!crew->synced.ended) {
        if (crew->synced.task == task) {
            pthread_cond_wait(&crew->begun, &crew->synced.lock);
            continue;
        }
        task = crew->synced.task;
        pthread_mutex_unlock(&crew->synced.lock);
        items_take(crew, member->number);
        pthread_mutex_lock(&crew->synced.lock);
        if (--crew->synced.busy == 0) {
            pthread_cond_signal(&crew->done);
        }
    }
    pthread_mutex_unlock(&crew->synced.lock);
    return NULL;
}

void hw_crew_run(struct hw_crew *crew, size_t count, hw_crew_work *work, void *ctx) {
    if (!crew || crew->threads == 1 || count < 2) {
        for (size_t i = 0; i < count; i++) {
            work(ctx, i, 0);
        }
        return;
    }
    pthread_mutex_lock(&crew->synced.lock);
    crew->work = work;
    crew->ctx = ctx;
    crew->count = count;
    atomic_store_explicit(&crew->next, 0, memory_order_relaxed);
    crew->synced.busy = crew->threads - 1;
    crew->synced.task++;
    pthread_cond_broadcast(&crew->begun);
    pthread_mutex_unlock(&crew->synced.lock);
    items_take(crew, 0);
    pthread_mutex_lock(&crew->synced.lock);
    while (crew->synced.busy > 0) {
        pthread_cond_wait(&crew->done, &crew->synced.lock);
    }
    pthread_mutex_unlock(&crew->synced.lock);
}
