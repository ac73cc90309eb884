/* SPDX-License-Identifier: Apache-2.0 */
#include "store/file_sync.h"

#include <errno.h>

#include "core/io.h"
#include "store/file_system.h"

enum hw_status hw_store_sync_run(struct hw_store_sync *sync, struct hw_error *err) {
    if (sync->fd < 0 || hw_io()->syncfs(sync->fd) == 0) {
        return HW_OK;
    }
    return hw_file_failed(err, errno, "bring all files to the disk (syncfs)");
}

bool hw_store_sync_joined(struct hw_store_sync *sync) {
    pthread_mutex_lock(&sync->lock);
    const bool joined = sync->fd >= 0;
    pthread_mutex_unlock(&sync->lock);
    return joined;
}

void hw_store_sync_release(struct hw_store_sync *sync) {
    if (sync->fd >= 0) {
        hw_io()->close(sync->fd);
        sync->fd = -1;
    }
}
