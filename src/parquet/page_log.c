/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/page_log.h"

#include "core/alloc.h"

/* This keeps 16 MiB for the next row group. */
enum { POOL_SEGMENTS_MAX = 64 };

static struct hw_segment *pool_take(struct hw_segment_pool *pool);
static void pool_give_back(struct hw_segment_pool *pool, struct hw_segment *segment);
static enum hw_status segment_add(struct hw_page_log *log, struct hw_error *err);

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

void hw_page_log_init(struct hw_page_log *log, struct hw_segment_pool *pool) {
    *log = (struct hw_page_log){.pool = pool};
}

void hw_page_log_release(struct hw_page_log *log) {
    hw_page_log_clear(log);
    hw_free(log->segments);
    *log = (struct hw_page_log){.pool = log->pool};
}

void hw_page_log_clear(struct hw_page_log *log) {
    if (log->trimmed > 0) {
        hw_free(log->segments[--log->count]);
    }
    for (size_t i = 0; i < log->count; i++) {
        pool_give_back(log->pool, log->segments[i]);
    }
    log->count = 0;
    log->trimmed = 0;
    log->size = 0;
}

size_t hw_page_log_held(const struct hw_page_log *log) {
    size_t saved = log->trimmed > 0 ? HW_SEGMENT_BYTES - log->trimmed : 0;
    return log->count * HW_SEGMENT_BYTES - saved + log->capacity * sizeof(struct hw_segment *);
}

void hw_page_log_trim(struct hw_page_log *log) {
    size_t bytes = log->size % HW_SEGMENT_BYTES;
    assert(log->trimmed == 0);
    if (bytes == 0 || bytes > HW_SEGMENT_BYTES / 2) {
        return;
    }
    struct hw_segment *segment = log->segments[log->count - 1];
    struct hw_segment *small = hw_alloc(sizeof(*small) + bytes);
    if (small) {
        memcpy(small->data, segment->data, bytes);
        log->segments[log->count - 1] = small;
        log->trimmed = bytes;
        pool_give_back(log->pool, segment);
    }
}

enum hw_status hw_page_log_append(struct hw_page_log *log, const void *data, size_t bytes, struct hw_error *err) {
    const uint8_t *from = data;

    assert(log->trimmed == 0);
    while (bytes > 0) {
        size_t used = log->size % HW_SEGMENT_BYTES;
        if (log->size == log->count * (uint64_t)HW_SEGMENT_BYTES) {
            HW_TRY(segment_add(log, err));
        }
        size_t part = hw_min_size(bytes, HW_SEGMENT_BYTES - used);
        memcpy(log->segments[log->count - 1]->data + used, from, part);
        log->size += part;
        from += part;
        bytes -= part;
    }
    return HW_OK;
}

size_t hw_page_log_read(const struct hw_page_log *log, uint64_t at, size_t bytes, const uint8_t **out_data) {
    size_t from = at % HW_SEGMENT_BYTES;

    assert(bytes > 0 && at + bytes <= log->size);
    *out_data = log->segments[at / HW_SEGMENT_BYTES]->data + from;
    return hw_min_size(bytes, HW_SEGMENT_BYTES - from);
}

static enum hw_status segment_add(struct hw_page_log *log, struct hw_error *err) {
    if (log->count == log->capacity) {
        size_t capacity = hw_max_size(log->capacity * 2, 1);
        struct hw_segment **segments = hw_realloc_array(log->segments, capacity, sizeof(struct hw_segment *));
        if (!segments) {
            return hw_fail_nomem(err, capacity * sizeof(struct hw_segment *));
        }
        log->segments = segments;
        log->capacity = capacity;
    }
    struct hw_segment *segment = pool_take(log->pool);
    if (!segment) {
        segment = hw_alloc(sizeof(*segment) + HW_SEGMENT_BYTES);
    }
    if (!segment) {
        return hw_fail_nomem(err, sizeof(*segment) + HW_SEGMENT_BYTES);
    }
    log->segments[log->count++] = segment;
    return HW_OK;
}

static struct hw_segment *pool_take(struct hw_segment_pool *pool) {
    pthread_mutex_lock(&pool->synced.lock);
    struct hw_segment *segment = pool->synced.free;
    if (segment) {
        pool->synced.free = segment->next;
        pool->synced.count--;
    }
    pthread_mutex_unlock(&pool->synced.lock);
    return segment;
}

static void pool_give_back(struct hw_segment_pool *pool, struct hw_segment *segment) {
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
