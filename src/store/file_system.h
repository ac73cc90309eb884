/* SPDX-License-Identifier: Apache-2.0 */
/* System calls that the parts of the local store share. */
#ifndef HW_STORE_FILE_SYSTEM_H
#define HW_STORE_FILE_SYSTEM_H

#include <sys/stat.h>

#include <hawser/store.h>

#include "core/error.h"

/* Opens as openat of core/io.h does, over EINTR and always with O_CLOEXEC. */
int hw_file_openat(int dir_fd, const char *path, int flags, mode_t mode);

/*
 * Returns the time of the last change in microseconds since 1970 UTC; 0 where it is no real time.
 */
int64_t hw_file_mtime_us(const struct stat *info);

/* Tells a time in nanoseconds since 1970 UTC. Returns false where it is no real time. */
bool hw_file_mtime_ns(const struct timespec *time, int64_t *out_ns);
/* Gives an open file the facts that there are. */
HW_NODISCARD enum hw_status hw_file_facts_set(int fd, const struct hw_file_facts *facts, struct hw_error *err);
/*
 * Returns whether a file is a regular one of this user and has one name alone, so that nobody else
 * has put it there.
 */
bool hw_file_is_ours(const struct stat *info);

/* Returns `root` and `key` as one path, to be freed with hw_free; NULL when out of memory. */
HW_NODISCARD char *hw_file_path(const char *root, const char *key);

/*
 * Makes the error of a system call on the way to a file that is written: it is always HW_EIO, a
 * fault of our disk, whatever the errno means where something is looked for.
 */
enum hw_status hw_file_failed(struct hw_error *err, int errnum, const char *what);

#endif
