/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Groups the flushes of many local files: one syncfs takes the place of one fsync for each file and
 * each folder.
 */
#ifndef HW_STORE_FILE_SYNC_H
#define HW_STORE_FILE_SYNC_H

#include <pthread.h>

#include "core/error.h"

/*
 * Sinks join it as they open (hw_sink_options.sync), also several at once. Start it with
 * HW_STORE_SYNC_INIT.
 */
struct hw_store_sync {
    pthread_mutex_t lock; /* Sinks hold it while they join. */
    int fd;               /* -1: no sink has joined yet */
    /* the file system; what lies on another one is flushed for itself */
    uint64_t device;
};
#define HW_STORE_SYNC_INIT \
    { .lock = PTHREAD_MUTEX_INITIALIZER, .fd = -1 }

/* Returns once everything that sinks with this sync have settled or finished is on the disk. */
HW_NODISCARD enum hw_status hw_store_sync_run(struct hw_store_sync *sync, struct hw_error *err);
/* Returns whether a sink has joined. Any thread. */
bool hw_store_sync_joined(struct hw_store_sync *sync);
void hw_store_sync_release(struct hw_store_sync *sync);

#endif
