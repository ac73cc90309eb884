/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A log of the finished pages of one row group, of all columns, in the order in which they were
 * finished. Its bytes are in segments that come from a pool. So no column needs a buffer of its
 * own, and a further row group allocates nothing.
 */
#ifndef HW_PARQUET_PAGE_LOG_H
#define HW_PARQUET_PAGE_LOG_H

#include "core/error.h"
#include "table/segment_pool.h"

struct hw_page_log {
    /* The pool, borrowed. */
    struct hw_segment_pool *pool;
    struct hw_segment **segments;
    size_t count;
    size_t capacity;
    /* The size of the last segment if it was trimmed; else 0. */
    size_t trimmed;
    /* The bytes in the log. */
    uint64_t size;
};

void hw_page_log_init(struct hw_page_log *log, struct hw_segment_pool *pool);
void hw_page_log_release(struct hw_page_log *log);
/* Empties the log. Its segments go back to the pool. */
void hw_page_log_clear(struct hw_page_log *log);
/* Returns the bytes of memory that the log holds. */
size_t hw_page_log_held(const struct hw_page_log *log);
/*
 * Puts a smaller segment in the place of the last one if it is at most half full and there is
 * memory for it. Nothing may be appended afterwards, until the log is cleared.
 */
void hw_page_log_trim(struct hw_page_log *log);
/*
 * Appends bytes, which are then at the offset that was the size of the log before. After HW_ENOMEM
 * the log may hold some of them.
 */
HW_NODISCARD enum hw_status hw_page_log_append(struct hw_page_log *log, const void *data, size_t bytes,
                                               struct hw_error *err);
/*
 * Points `*out_data` to the bytes from offset `at` on, and returns how many of the `bytes` bytes
 * lie there together, which is at least 1. All of them must be in the log.
 */
size_t hw_page_log_read(const struct hw_page_log *log, uint64_t at, size_t bytes, const uint8_t **out_data);

#endif
