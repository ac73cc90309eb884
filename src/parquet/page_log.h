/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The finished pages of one row group, of all its columns, in the order in which they got ready:
 * bytes in segments that many logs share through a pool, so that nothing is allocated from row
 * group to row group and no column has a buffer of its own.
 */
#ifndef HW_PARQUET_PAGE_LOG_H
#define HW_PARQUET_PAGE_LOG_H

#include <pthread.h>

#include "core/error.h"

enum { HW_SEGMENT_BYTES = 256 << 10 };

struct hw_segment {
    struct hw_segment *next; /* in the pool */
    uint8_t data[];          /* HW_SEGMENT_BYTES */
};

/* Segments that nobody uses. Safe from any thread. */
struct hw_segment_pool {
    struct {
        pthread_mutex_t lock;
        struct hw_segment *free;
        size_t count;
    } synced;
};

void hw_segment_pool_init(struct hw_segment_pool *pool);
/* No log may hold segments of it any more. */
void hw_segment_pool_release(struct hw_segment_pool *pool);

struct hw_page_log {
    struct hw_segment_pool *pool; /* borrowed */
    struct hw_segment **segments;
    size_t count;
    size_t capacity;
    size_t trimmed; /* bytes of the last segment, where it has its own size; else 0 */
    uint64_t size;  /* bytes written */
};

void hw_page_log_init(struct hw_page_log *log, struct hw_segment_pool *pool);
void hw_page_log_release(struct hw_page_log *log);
/* Empties it; its segments go back to the pool. */
void hw_page_log_clear(struct hw_page_log *log);
size_t hw_page_log_held(const struct hw_page_log *log);
/*
 * No more is appended: the last segment goes back to the pool where a small one is enough, if there
 * is memory for it.
 */
void hw_page_log_trim(struct hw_page_log *log);
/* Appends; they can be found again from the size that the log had before. */
HW_NODISCARD enum hw_status hw_page_log_append(struct hw_page_log *log, const void *data, size_t bytes,
                                               struct hw_error *err);
/* The bytes from `at` on, as many of `bytes` as lie together; at least 1. */
size_t hw_page_log_read(const struct hw_page_log *log, uint64_t at, size_t bytes, const uint8_t **out_data);

#endif
