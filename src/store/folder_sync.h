/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Groups the flushes of folders: threads that have given names to files of one folder at the same
 * time wait for one fsync of it, not for one each.
 */
#ifndef HW_STORE_FOLDER_SYNC_H
#define HW_STORE_FOLDER_SYNC_H

#include <pthread.h>

#include "core/error.h"

struct hw_folder_wait;

/* The folders of a store that are being flushed, and who waits for that. */
struct hw_folder_syncs {
    pthread_mutex_t lock; /* Whoever holds it takes no other. */
    pthread_cond_t done;
    struct hw_folder_wait *waits; /* under the lock */
};

void hw_folder_syncs_init(struct hw_folder_syncs *syncs);
/* Nobody may be waiting. */
void hw_folder_syncs_release(struct hw_folder_syncs *syncs);

/*
 * Returns once the names that the folder had before the call are on the disk. Where an fsync fails,
 * it fails for everybody who waits for that one, as any of their names may be lost. A file system
 * that cannot flush folders (EINVAL) counts as done. Any thread. The caller says what it did.
 */
HW_NODISCARD enum hw_status hw_folder_syncs_run(struct hw_folder_syncs *syncs, int folder_fd, struct hw_error *err);
/* Returns whether an fsync of the folder alone succeeds, or its file system has none. */
bool hw_folder_sync(int folder_fd);

#endif
