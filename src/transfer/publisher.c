/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/publisher.h"

#include <pthread.h>

#include "core/alloc.h"
#include "core/thread.h"

/* More files than these do not wait for their names: whoever brings another one waits himself. */
enum { WAITING_MAX = 4096 };

struct hw_publisher {
    struct hw_store_sync sync;
    pthread_t thread;
    bool started; /* under the lock */
    struct {
        pthread_mutex_t lock;
        /* There are files, or the end has come. */
        pthread_cond_t some;
        /* Files were published. */
        pthread_cond_t published;
        struct hw_publication *first;
        struct hw_publication *last;
        /* Those that wait and those that are being published. */
        size_t count;
        bool ending;
    } synced;
};

static void *thread_run(void *arg);
static void waiting_publish(struct hw_publisher *publisher);
static void group_publish(struct hw_publisher *publisher, struct hw_publication *group);

enum hw_status hw_publisher_new(struct hw_publisher **out_publisher, struct hw_error *err) {
    struct hw_publisher *publisher = hw_alloc_zero(1, sizeof(*publisher));
    if (!publisher) {
        return hw_fail_nomem(err, sizeof(*publisher));
    }
    publisher->sync = (struct hw_store_sync)HW_STORE_SYNC_INIT;
    pthread_mutex_init(&publisher->synced.lock, NULL);
    pthread_cond_init(&publisher->synced.some, NULL);
    pthread_cond_init(&publisher->synced.published, NULL);
    *out_publisher = publisher;
    return HW_OK;
}

void hw_publisher_free(struct hw_publisher *publisher) {
    if (!publisher) {
        return;
    }
    pthread_mutex_lock(&publisher->synced.lock);
    publisher->synced.ending = true;
    pthread_cond_signal(&publisher->synced.some);
    pthread_mutex_unlock(&publisher->synced.lock);
    if (publisher->started) {
        pthread_join(publisher->thread, NULL);
    }
    hw_store_sync_release(&publisher->sync);
    pthread_cond_destroy(&publisher->synced.published);
    pthread_cond_destroy(&publisher->synced.some);
    pthread_mutex_destroy(&publisher->synced.lock);
    hw_free(publisher);
}

struct hw_store_sync *hw_publisher_sync(struct hw_publisher *publisher) {
    return &publisher->sync;
}

void hw_publisher_add(struct hw_publisher *publisher, struct hw_publication *publication) {
    publication->next = NULL;
    pthread_mutex_lock(&publisher->synced.lock);
    while (publisher->synced.count >= WAITING_MAX) {
        pthread_cond_wait(&publisher->synced.published, &publisher->synced.lock);
    }
    if (publisher->synced.last) {
        publisher->synced.last->next = publication;
    } else {
        publisher->synced.first = publication;
    }
    publisher->synced.last = publication;
    publisher->synced.count++;
    if (!publisher->started) {
        publisher->started = hw_thread_start(&publisher->thread, thread_run, publisher) == 0;
    }
    const bool started = publisher->started;
    pthread_cond_signal(&publisher->synced.some);
    pthread_mutex_unlock(&publisher->synced.lock);
    if (!started) {
        waiting_publish(publisher);
    }
}

void hw_publisher_wait(struct hw_publisher *publisher) {
    pthread_mutex_lock(&publisher->synced.lock);
    while (publisher->synced.count > 0) {
        pthread_cond_wait(&publisher->synced.published, &publisher->synced.lock);
    }
    pthread_mutex_unlock(&publisher->synced.lock);
}

/* Publishes all that wait now, without the lock. */
static void group_take_locked(struct hw_publisher *publisher) {
    struct hw_publication *group = publisher->synced.first;
    size_t count = 0;
    for (const struct hw_publication *at = group; at; at = at->next) {
        count++;
    }
    publisher->synced.first = NULL;
    publisher->synced.last = NULL;
    pthread_mutex_unlock(&publisher->synced.lock);
    group_publish(publisher, group);
    pthread_mutex_lock(&publisher->synced.lock);
    publisher->synced.count -= count;
    pthread_cond_broadcast(&publisher->synced.published);
}

/* Where no thread could be started, whoever adds a file does its work. */
static void waiting_publish(struct hw_publisher *publisher) {
    pthread_mutex_lock(&publisher->synced.lock);
    group_take_locked(publisher);
    pthread_mutex_unlock(&publisher->synced.lock);
}

static void *thread_run(void *arg) {
    struct hw_publisher *publisher = arg;
    pthread_mutex_lock(&publisher->synced.lock);
    while (publisher->synced.first || !publisher->synced.ending) {
        if (publisher->synced.first) {
            group_take_locked(publisher);
        } else {
            pthread_cond_wait(&publisher->synced.some, &publisher->synced.lock);
        }
    }
    pthread_mutex_unlock(&publisher->synced.lock);
    return NULL;
}

static void publication_end(struct hw_publication *publication, enum hw_status status, const struct hw_error *error) {
    publication->sink->ops->free(publication->sink);
    publication->done(publication->ctx, status, error);
}

/*
 * The bytes of all are on the disk before the first gets its name, and the names are there before
 * anybody is told.
 */
static void group_publish(struct hw_publisher *publisher, struct hw_publication *group) {
    struct hw_error fault = HW_ERROR_INIT;
    struct hw_publication *named = NULL;
    enum hw_status status = hw_store_sync_run(&publisher->sync, &fault);
    for (struct hw_publication *next; group; group = next) {
        struct hw_error own = fault;
        next = group->next;
        const enum hw_status ended = status ? status : group->sink->ops->finish(group->sink, &own);
        if (ended) {
            publication_end(group, ended, &own);
            continue;
        }
        group->next = named;
        named = group;
    }
    status = named ? hw_store_sync_run(&publisher->sync, &fault) : HW_OK;
    for (struct hw_publication *next; named; named = next) {
        next = named->next;
        publication_end(named, status, &fault);
    }
}
