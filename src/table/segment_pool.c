/* SPDX-License-Identifier: Apache-2.0 */
#include "table/segment_pool.h"

#include "core/alloc.h"

/* This keeps 16 MiB for the next piece. */
enum { POOL_SEGMENTS_MAX = 64 };

static struct {
    pthread_mutex_t lock;
    size_t users;
    struct hw_segment_pool pool;
} shared = {.lock = PTHREAD_MUTEX_INITIALIZER};

struct hw_segment_pool *hw_segment_pool_shared(void) {
    pthread_mutex_lock(&shared.lock);
    if (shared.users++ == 0) {
        hw_segment_pool_init(&shared.pool);
    }
    pthread_mutex_unlock(&shared.lock);
    return &shared.pool;
}

void hw_segment_pool_unshare(void) {
    pthread_mutex_lock(&shared.lock);
    if (--shared.users == 0) {
        hw_segment_pool_release(&shared.pool);
    }
    pthread_mutex_unlock(&shared.lock);
}

void hw_segment_pool_init(struct hw_segment_pool *pool) {
    *pool = (struct hw_segment_pool){0};
    pthread_mutex_init(&pool->synced.lock, NULL);
}

void hw_segment_pool_release(struct hw_segment_pool *pool) {
    while (pool->synced.free) {
        struct hw_segment *segment = pool->synced.free;
        pool->synced.free = segment->next;
        hw_free(segment);
    }
    pthread_mutex_destroy(&pool->synced.lock);
}

struct hw_segment *hw_segment_take(struct hw_segment_pool *pool) {
    pthread_mutex_lock(&pool->synced.lock);
    struct hw_segment *segment = pool->synced.free;
    if (segment) {
        pool->synced.free = segment->next;
        pool->synced.count--;
    }
    pthread_mutex_unlock(&pool->synced.lock);
    return segment ? segment : hw_alloc(sizeof(*segment) + HW_SEGMENT_BYTES);
}

struct hw_segment *hw_segment_trimmed(const struct hw_segment *segment, size_t bytes) {
    assert(bytes <= HW_SEGMENT_TRIMMED_MAX);
    struct hw_segment *small = hw_alloc(sizeof(*small) + bytes);
    if (small) {
        memcpy(small->data, segment->data, bytes);
    }
    return small;
}

void hw_segment_give_back(struct hw_segment_pool *pool, struct hw_segment *segment) {
    pthread_mutex_lock(&pool->synced.lock);
    bool keep = pool->synced.count < POOL_SEGMENTS_MAX;
    if (keep) {
        segment->next = pool->synced.free;
        pool->synced.free = segment;
        pool->synced.count++;
    }
    pthread_mutex_unlock(&pool->synced.lock);
    if (!keep) {
        hw_free(segment);
    }
}
