/* SPDX-License-Identifier: Apache-2.0 */
#include "store/source_pool.h"

#include "core/alloc.h"
#include "core/arena.h"
#include "store/source_end.h"

enum source_state {
    SOURCE_CLOSED,
    /* A thread opens it; others that want to read it wait. */
    SOURCE_OPENING,
    SOURCE_OPEN,
};

struct hw_pooled_source {
    struct hw_source base;
    struct hw_source_pool *pool;
    struct hw_store *store;
    const char *key;
    struct hw_arena arena;
    /* The rest is the pool's, and under its lock. */
    enum source_state state;
    struct hw_source *inner;
    /* The reads that are under way. */
    size_t readers;
    struct hw_pooled_source *before;
    struct hw_pooled_source *behind;
};

void hw_source_pool_init(struct hw_source_pool *pool, size_t open_max) {
    *pool = (struct hw_source_pool){.open_max = open_max};
    pthread_mutex_init(&pool->synced.lock, NULL);
    pthread_cond_init(&pool->synced.moved, NULL);
}

void hw_source_pool_release(struct hw_source_pool *pool) {
    pthread_cond_destroy(&pool->synced.moved);
    pthread_mutex_destroy(&pool->synced.lock);
}

/* ------ the list of those that are open */

static void list_remove_locked(struct hw_source_pool *pool, struct hw_pooled_source *source) {
    *(source->before ? &source->before->behind : &pool->synced.oldest) = source->behind;
    *(source->behind ? &source->behind->before : &pool->synced.newest) = source->before;
    source->before = source->behind = NULL;
}

static void list_append_locked(struct hw_source_pool *pool, struct hw_pooled_source *source) {
    source->before = pool->synced.newest;
    *(pool->synced.newest ? &pool->synced.newest->behind : &pool->synced.oldest) = source;
    pool->synced.newest = source;
}

static void close_locked(struct hw_source_pool *pool, struct hw_pooled_source *source) {
    list_remove_locked(pool, source);
    source->inner->ops->close(source->inner);
    source->inner = NULL;
    source->state = SOURCE_CLOSED;
    pool->synced.open--;
    pthread_cond_broadcast(&pool->synced.moved);
}

/* Returns whether there is room for one more, for which the one that was read least may go. */
static bool room_make_locked(struct hw_source_pool *pool) {
    struct hw_pooled_source *idle = pool->synced.oldest;
    if (pool->synced.open < pool->open_max) {
        return true;
    }
    while (idle && idle->readers > 0) {
        idle = idle->behind;
    }
    if (idle) {
        close_locked(pool, idle);
    }
    return idle;
}

/* ------ opening */

static enum hw_status inner_open(struct hw_pooled_source *source, const struct hw_object_info *known, size_t tail_bytes,
                                 struct hw_source **out_inner, struct hw_error *err);
static enum hw_status source_read(struct hw_source *base, uint64_t offset, void *data, size_t bytes,
                                  struct hw_error *err);
static void source_close(struct hw_source *base);

static const struct hw_source_ops pooled_ops = {
    .size = sizeof(pooled_ops),
    .read_at = source_read,
    .close = source_close,
};

/* Waits until the source may be opened by this thread, or was by another one. */
static void turn_wait_locked(struct hw_source_pool *pool, struct hw_pooled_source *source) {
    while (source->state == SOURCE_OPENING || (source->state == SOURCE_CLOSED && !room_make_locked(pool))) {
        pthread_cond_wait(&pool->synced.moved, &pool->synced.lock);
    }
}

/* Makes sure that the source is open and stays so: a reader is counted. */
static enum hw_status open_locked(struct hw_pooled_source *source, const struct hw_object_info *known,
                                  size_t tail_bytes, struct hw_error *err) {
    struct hw_source_pool *pool = source->pool;
    enum hw_status status = HW_OK;
    turn_wait_locked(pool, source);
    if (source->state == SOURCE_CLOSED) {
        struct hw_source *inner = NULL;
        source->state = SOURCE_OPENING;
        pool->synced.open++;
        pthread_mutex_unlock(&pool->synced.lock);
        status = inner_open(source, known, tail_bytes, &inner, err);
        pthread_mutex_lock(&pool->synced.lock);
        source->inner = inner;
        source->state = inner ? SOURCE_OPEN : SOURCE_CLOSED;
        pool->synced.open -= !inner;
        if (inner) {
            list_append_locked(pool, source);
        }
        pthread_cond_broadcast(&pool->synced.moved);
    }
    source->readers += status == HW_OK;
    return status;
}

enum hw_status hw_source_pool_open(struct hw_source_pool *pool, struct hw_store *store, const char *key,
                                   const struct hw_object_info *known, size_t tail_bytes, struct hw_source **out_source,
                                   struct hw_error *err) {
    struct hw_pooled_source *source = hw_alloc_zero(1, sizeof(*source));
    if (!source) {
        return hw_fail_nomem(err, sizeof(*source));
    }
    source->base.ops = &pooled_ops;
    source->pool = pool;
    source->store = store;
    source->key = hw_arena_strdup(&source->arena, key);
    enum hw_status status = source->key ? HW_OK : hw_fail_nomem(err, strlen(key));
    if (status == HW_OK) {
        pthread_mutex_lock(&pool->synced.lock);
        status = open_locked(source, known, tail_bytes, err);
        source->readers = 0;
        pthread_mutex_unlock(&pool->synced.lock);
    }
    if (status) {
        source_close(&source->base);
        return status;
    }
    *out_source = &source->base;
    return HW_OK;
}

/* The first time says which version it is. */
static enum hw_status facts_take(struct hw_pooled_source *source, const struct hw_source *inner, struct hw_error *err) {
    struct hw_source *base = &source->base;
    base->size = inner->size;
    base->mtime_us = inner->mtime_us;
    base->remote = inner->remote;
    base->proved_by = inner->proved_by;
    base->name = hw_arena_strdup(&source->arena, inner->name);
    base->etag = hw_arena_strdup(&source->arena, inner->etag);
    return base->name && base->etag ? HW_OK : hw_fail_nomem(err, strlen(inner->name));
}

static enum hw_status facts_compare(const struct hw_pooled_source *source, const struct hw_source *inner,
                                    struct hw_error *err) {
    const struct hw_source *base = &source->base;
    const bool same =
        inner->size == base->size && inner->mtime_us == base->mtime_us && strcmp(inner->etag, base->etag) == 0;
    return same ? HW_OK : hw_fail(err, HW_ECHANGED, "the source has changed while it was read");
}

static enum hw_status inner_open(struct hw_pooled_source *source, const struct hw_object_info *known, size_t tail_bytes,
                                 struct hw_source **out_inner, struct hw_error *err) {
    const bool again = source->base.name != NULL;
    const struct hw_object_info now = {
        .key = source->key, .size = source->base.size, .mtime_us = source->base.mtime_us, .etag = source->base.etag};
    struct hw_source *inner;
    HW_TRY(again ? source->store->ops->source_open(source->store, source->key, &now, &inner, err)
                 : hw_source_end_open(source->store, source->key, known, tail_bytes, &inner, err));
    const enum hw_status status = again ? facts_compare(source, inner, err) : facts_take(source, inner, err);
    if (status) {
        inner->ops->close(inner);
        return status;
    }
    *out_inner = inner;
    return HW_OK;
}

/* ------ the source */

static enum hw_status source_read(struct hw_source *base, uint64_t offset, void *data, size_t bytes,
                                  struct hw_error *err) {
    struct hw_pooled_source *source = (struct hw_pooled_source *)base;
    struct hw_source_pool *pool = source->pool;
    pthread_mutex_lock(&pool->synced.lock);
    enum hw_status status = open_locked(source, NULL, 0, err);
    if (status == HW_OK) {
        list_remove_locked(pool, source);
        list_append_locked(pool, source);
        pthread_mutex_unlock(&pool->synced.lock);
        status = source->inner->ops->read_at(source->inner, offset, data, bytes, err);
        pthread_mutex_lock(&pool->synced.lock);
        source->readers--;
        pthread_cond_broadcast(&pool->synced.moved);
    }
    pthread_mutex_unlock(&pool->synced.lock);
    return status;
}

static void source_close(struct hw_source *base) {
    struct hw_pooled_source *source = (struct hw_pooled_source *)base;
    pthread_mutex_lock(&source->pool->synced.lock);
    if (source->inner) {
        close_locked(source->pool, source);
    }
    pthread_mutex_unlock(&source->pool->synced.lock);
    hw_arena_release(&source->arena);
    hw_free(source);
}
