/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Segments of memory, all of one size, for what is encoded and not yet written. A pool keeps those
 * that are free, so that the next piece writes to memory that the process has already: the system
 * takes about as long to hand out a fresh page as an encoder to fill it.
 */
#ifndef HW_TABLE_SEGMENT_POOL_H
#define HW_TABLE_SEGMENT_POOL_H

#include <pthread.h>

#include "core/base.h"

enum {
    HW_SEGMENT_BYTES = 256 << 10,
    /* A last segment that is used up to here should be trimmed, as thousands of pieces may wait. */
    HW_SEGMENT_TRIMMED_MAX = HW_SEGMENT_BYTES / 2,
};

struct hw_segment {
    /* The next one, in the pool or in the list that uses it. */
    struct hw_segment *next;
    /* HW_SEGMENT_BYTES bytes, fewer in a segment that was trimmed. */
    uint8_t data[];
};

/* A pool of segments that nobody uses. Any thread may use the pool. */
struct hw_segment_pool {
    struct {
        pthread_mutex_t lock;
        struct hw_segment *free;
        size_t count;
    } synced;
};

void hw_segment_pool_init(struct hw_segment_pool *pool);
/* Frees the segments of the pool. Nobody may hold one any more. */
void hw_segment_pool_release(struct hw_segment_pool *pool);

/*
 * Returns the pool that all writers of the process share, so that what it keeps does not grow with
 * their number. It is released by hw_segment_pool_unshare, as often as it was asked for.
 */
struct hw_segment_pool *hw_segment_pool_shared(void);
void hw_segment_pool_unshare(void);

/* Takes a segment from the pool, or a new one if it has none. NULL means that memory is short. */
struct hw_segment *hw_segment_take(struct hw_segment_pool *pool);
/*
 * Makes a small copy of a segment of which `bytes` bytes are used, which belongs to no pool and is
 * freed by hw_free. NULL means that memory is short.
 */
struct hw_segment *hw_segment_trimmed(const struct hw_segment *segment, size_t bytes);
/* Gives a segment back that was taken and not trimmed. The pool frees it if it has enough. */
void hw_segment_give_back(struct hw_segment_pool *pool, struct hw_segment *segment);

#endif
