/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The system calls that touch files, behind one table, so that a test can make the n-th one fail,
 * be short or be interrupted. Each behaves as its namesake (errno and all); the helpers below do
 * the looping.
 */
#ifndef HW_CORE_IO_H
#define HW_CORE_IO_H

#include <poll.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/types.h>

#include "core/error.h"

struct hw_io {
    int (*openat)(int dir_fd, const char *path, int flags, mode_t mode);
    int (*close)(int fd);
    int (*fstat)(int fd, struct stat *out);
    int (*fstatfs)(int fd, struct statfs *out);
    ssize_t (*pread)(int fd, void *data, size_t bytes, off_t offset);
    ssize_t (*read)(int fd, void *data, size_t bytes);
    ssize_t (*write)(int fd, const void *data, size_t bytes);
    ssize_t (*pwrite)(int fd, const void *data, size_t bytes, off_t offset);
    int (*fallocate)(int fd, int mode, off_t offset, off_t bytes);
    int (*fsync)(int fd);
    int (*syncfs)(int fd);
    int (*sync_file_range)(int fd, off_t offset, off_t bytes, unsigned flags);
    int (*renameat)(int old_dir_fd, const char *old_path, int new_dir_fd, const char *new_path);
    int (*renameat2)(int old_dir_fd, const char *old_path, int new_dir_fd, const char *new_path, unsigned flags);
    int (*linkat)(int old_dir_fd, const char *old_path, int new_dir_fd, const char *new_path, int flags);
    int (*unlinkat)(int dir_fd, const char *path, int flags);
    int (*mkdirat)(int dir_fd, const char *path, mode_t mode);
    int (*fchmod)(int fd, mode_t mode);
    int (*futimens)(int fd, const struct timespec times[2]);
    int (*poll)(struct pollfd *fds, nfds_t count, int timeout_ms);
};

extern const struct hw_io hw_io_system;

/* Replaces the calls of the process by a table that is borrowed; NULL brings the system's back. */
void hw_io_set(const struct hw_io *io);
/* Returns the table in use. */
const struct hw_io *hw_io(void);

/*
 * Reads exactly `bytes` from `offset`, and goes on after short reads and EINTR. HW_ECHANGED where
 * the file ends before.
 */
HW_NODISCARD enum hw_status hw_io_pread_all(int fd, void *data, size_t bytes, uint64_t offset, struct hw_error *err);
/*
 * Reads once, again after EINTR; `*out_bytes` is 0 only at the end. This function and the next two
 * wait where a descriptor that does not block is not ready.
 */
HW_NODISCARD enum hw_status hw_io_read_once(int fd, void *data, size_t bytes, size_t *out_bytes, struct hw_error *err);
/* Reads until `bytes` or the end; `*out_bytes` tells how many. */
HW_NODISCARD enum hw_status hw_io_read_some(int fd, void *data, size_t bytes, size_t *out_bytes, struct hw_error *err);
/* Writes all of it, and goes on after short writes and EINTR. */
HW_NODISCARD enum hw_status hw_io_write_all(int fd, const void *data, size_t bytes, struct hw_error *err);

/* Writes all of it at `offset`, over short writes and EINTR. */
HW_NODISCARD enum hw_status hw_io_pwrite_all(int fd, const void *data, size_t bytes, uint64_t offset,
                                             struct hw_error *err);

/*
 * A question that is asked while a descriptor is not ready; true ends the wait with HW_ECANCELLED.
 * NULL: never.
 */
struct hw_io_stop {
    bool (*cancelled)(void *ctx);
    void *ctx;
};

/*
 * Returns once a read of `fd` would not block: there are bytes, the end, or a fault that the read
 * will tell of.
 */
HW_NODISCARD enum hw_status hw_io_readable_wait(int fd, const struct hw_io_stop *stop, struct hw_error *err);
/*
 * Writes all of it, but asks `stop` a few times a second while a pipe takes nothing, so that a stop
 * is heeded whichever thread a signal was delivered to. Bytes that were written before the stop
 * stay written.
 */
HW_NODISCARD enum hw_status hw_io_write_until(int fd, const void *data, size_t bytes, const struct hw_io_stop *stop,
                                              struct hw_error *err);

#endif
