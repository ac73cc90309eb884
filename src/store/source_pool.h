/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pool of sources of which few are open at once, however many there are: a system has only so
 * many open files. One that is read and is not open is opened, and another one is closed for it.
 */
#ifndef HW_STORE_SOURCE_POOL_H
#define HW_STORE_SOURCE_POOL_H

#include <pthread.h>

#include "store/store.h"

struct hw_pooled_source;

/* Start it with hw_source_pool_init. */
struct hw_source_pool {
    /* The most sources that are open at once. */
    size_t open_max;
    struct {
        pthread_mutex_t lock;
        /* A source was opened, closed, or is no longer read. */
        pthread_cond_t moved;
        /* Those that are open, the one that was read last at the end. */
        struct hw_pooled_source *oldest;
        struct hw_pooled_source *newest;
        size_t open;
    } synced;
};

void hw_source_pool_init(struct hw_source_pool *pool, size_t open_max);
/* Releases the pool. All of its sources must have been closed. */
void hw_source_pool_release(struct hw_source_pool *pool);

/*
 * Opens a source of the pool, whose last `tail_bytes` bytes are wanted first
 * (store/source_end.h). The store is borrowed until the source is closed, `key` and `known` for the
 * call; `known` may be NULL. The source is one version of its object: where another one is there
 * when it is opened again, a read fails with HW_ECHANGED. While more than `open_max` are read at
 * once, a read waits for another one. The source has neither a checksum nor reads ahead.
 */
HW_NODISCARD enum hw_status hw_source_pool_open(struct hw_source_pool *pool, struct hw_store *store, const char *key,
                                                const struct hw_object_info *known, size_t tail_bytes,
                                                struct hw_source **out_source, struct hw_error *err);

#endif
