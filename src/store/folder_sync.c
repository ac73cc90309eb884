/* SPDX-License-Identifier: Apache-2.0 */
#include "store/folder_sync.h"

#include <errno.h>

#include "core/io.h"
#include "store/file_system.h"

enum wait_state {
    WAIT_NEXT,  /* for an fsync that begins after the call */
    WAIT_UNDER, /* that fsync is under way */
    WAIT_DONE,
};

/* A thread that waits. It lies on the thread's stack. */
struct hw_folder_wait {
    struct hw_folder_wait *next;
    dev_t device;
    ino_t inode;
    enum wait_state state;
    int errnum; /* 0: the names are on the disk */
};

void hw_folder_syncs_init(struct hw_folder_syncs *syncs) {
    *syncs = (struct hw_folder_syncs){0};
    pthread_mutex_init(&syncs->lock, NULL);
    pthread_cond_init(&syncs->done, NULL);
}

void hw_folder_syncs_release(struct hw_folder_syncs *syncs) {
    pthread_cond_destroy(&syncs->done);
    pthread_mutex_destroy(&syncs->lock);
}

bool hw_folder_sync(int folder_fd) {
    return hw_io()->fsync(folder_fd) == 0 || errno == EINVAL;
}

/* Takes those that wait for this folder from one state to the next; returns how many they are. */
static size_t waits_move_locked(struct hw_folder_syncs *syncs, const struct hw_folder_wait *own, enum wait_state from,
                                enum wait_state to, int errnum) {
    size_t moved = 0;
    for (struct hw_folder_wait *wait = syncs->waits; wait; wait = wait->next) {
        if (wait->state == from && wait->inode == own->inode && wait->device == own->device) {
            wait->state = to;
            wait->errnum = errnum;
            moved++;
        }
    }
    return moved;
}

/* Flushes the folder for all who wait for that now. */
static void folder_flush_locked(struct hw_folder_syncs *syncs, const struct hw_folder_wait *own, int folder_fd) {
    waits_move_locked(syncs, own, WAIT_NEXT, WAIT_UNDER, 0);
    pthread_mutex_unlock(&syncs->lock);
    const int errnum = hw_folder_sync(folder_fd) ? 0 : errno;
    pthread_mutex_lock(&syncs->lock);
    if (waits_move_locked(syncs, own, WAIT_UNDER, WAIT_DONE, errnum) > 0 && syncs->waits->next) {
        pthread_cond_broadcast(&syncs->done);
    }
}

static bool flushing_locked(const struct hw_folder_syncs *syncs, const struct hw_folder_wait *own) {
    for (const struct hw_folder_wait *wait = syncs->waits; wait; wait = wait->next) {
        if (wait->state == WAIT_UNDER && wait->inode == own->inode && wait->device == own->device) {
            return true;
        }
    }
    return false;
}

static void wait_remove_locked(struct hw_folder_syncs *syncs, struct hw_folder_wait *own) {
    struct hw_folder_wait **at = &syncs->waits;
    while (*at != own) {
        at = &(*at)->next;
    }
    *at = own->next;
}

enum hw_status hw_folder_syncs_run(struct hw_folder_syncs *syncs, int folder_fd, struct hw_error *err) {
    struct stat info;
    if (hw_io()->fstat(folder_fd, &info) != 0) {
        return hw_file_failed(err, errno, "look at the folder");
    }
    struct hw_folder_wait own = {.device = info.st_dev, .inode = info.st_ino, .state = WAIT_NEXT};
    pthread_mutex_lock(&syncs->lock);
    own.next = syncs->waits;
    syncs->waits = &own;
    while (own.state != WAIT_DONE) {
        if (flushing_locked(syncs, &own)) {
            pthread_cond_wait(&syncs->done, &syncs->lock);
        } else {
            folder_flush_locked(syncs, &own, folder_fd);
        }
    }
    wait_remove_locked(syncs, &own);
    pthread_mutex_unlock(&syncs->lock);
    return own.errnum == 0 ? HW_OK : hw_file_failed(err, own.errnum, "make the new name last (fsync of the folder)");
}
