/* SPDX-License-Identifier: Apache-2.0 */
#include "core/io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/count.h"

static int system_openat(int dir_fd, const char *path, int flags, mode_t mode) {
    return openat(dir_fd, path, flags, mode);
}

const struct hw_io hw_io_system = {
    .openat = system_openat,
    .close = close,
    .fstat = fstat,
    .fstatfs = fstatfs,
    .pread = pread,
    .read = read,
    .write = write,
    .pwrite = pwrite,
    .fallocate = fallocate,
    .fsync = fsync,
    .syncfs = syncfs,
    .sync_file_range = sync_file_range,
    .renameat = renameat,
    .renameat2 = renameat2,
    .linkat = linkat,
    .unlinkat = unlinkat,
    .mkdirat = mkdirat,
    .fchmod = fchmod,
    .futimens = futimens,
    .poll = poll,
};

/* How often a wait asks whether it is to end. */
enum { STOP_ASK_MS = 100 };

static const struct hw_io *current = &hw_io_system;

static enum hw_status ready_wait(int fd, short events, const struct hw_io_stop *stop, struct hw_error *err);

void hw_io_set(const struct hw_io *io) {
    current = io ? io : &hw_io_system;
}

const struct hw_io *hw_io(void) {
    return current;
}

enum hw_status hw_io_pread_all(int fd, void *data, size_t bytes, uint64_t offset, struct hw_error *err) {
    uint8_t *at = data;
    while (bytes > 0) {
        ssize_t got = current->pread(fd, at, bytes, (off_t)offset);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return hw_fail_errno(err, errno, "cannot read %s at offset %" PRIu64, HW_COUNT(bytes, "byte"), offset);
        }
        if (got == 0) {
            return hw_fail_at(err, HW_ECHANGED, offset, "the file has become shorter while it was read");
        }
        at += got;
        bytes -= (size_t)got;
        offset += (uint64_t)got;
    }
    return HW_OK;
}

enum hw_status hw_io_read_once(int fd, void *data, size_t bytes, size_t *out_bytes, struct hw_error *err) {
    ssize_t got;
    while ((got = current->read(fd, data, bytes)) < 0) {
        if (errno == EAGAIN) {
            HW_TRY(ready_wait(fd, POLLIN, NULL, err));
        } else if (errno != EINTR) {
            return hw_fail_errno(err, errno, "cannot read");
        }
    }
    *out_bytes = (size_t)got;
    return HW_OK;
}

enum hw_status hw_io_read_some(int fd, void *data, size_t bytes, size_t *out_bytes, struct hw_error *err) {
    size_t total = 0;
    size_t got = 1;
    while (total < bytes && got > 0) {
        HW_TRY(hw_io_read_once(fd, (uint8_t *)data + total, bytes - total, &got, err));
        total += got;
    }
    *out_bytes = total;
    return HW_OK;
}

/* One write: `*out_bytes` is 0 where a signal came first or the descriptor is not ready. */
static enum hw_status write_once(int fd, const void *data, size_t bytes, size_t *out_bytes, struct hw_error *err) {
    ssize_t put = current->write(fd, data, bytes);
    if (put >= 0) {
        *out_bytes = (size_t)put;
        return HW_OK;
    }
    *out_bytes = 0;
    if (errno == EINTR || errno == EAGAIN) {
        return HW_OK;
    }
    if (errno == EFBIG) {
        return hw_fail_errno(err, errno, "cannot write %s: the file size limit is reached (see ulimit -f)",
                             HW_COUNT(bytes, "byte"));
    }
    return hw_fail_errno(err, errno, "cannot write %s", HW_COUNT(bytes, "byte"));
}

enum hw_status hw_io_write_all(int fd, const void *data, size_t bytes, struct hw_error *err) {
    const uint8_t *at = data;
    while (bytes > 0) {
        size_t put;
        HW_TRY(write_once(fd, at, bytes, &put, err));
        if (put == 0 && errno == EAGAIN) {
            HW_TRY(ready_wait(fd, POLLOUT, NULL, err));
        }
        at += put;
        bytes -= put;
    }
    return HW_OK;
}

enum hw_status hw_io_pwrite_all(int fd, const void *data, size_t bytes, uint64_t offset, struct hw_error *err) {
    const uint8_t *at = data;
    while (bytes > 0) {
        const ssize_t put = current->pwrite(fd, at, bytes, (off_t)offset);
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put < 0) {
            return hw_fail_errno(err, errno, "cannot write %s at offset %" PRIu64, HW_COUNT(bytes, "byte"), offset);
        }
        at += put;
        bytes -= (size_t)put;
        offset += (uint64_t)put;
    }
    return HW_OK;
}

enum hw_status hw_io_readable_wait(int fd, const struct hw_io_stop *stop, struct hw_error *err) {
    return ready_wait(fd, POLLIN, stop, err);
}

/*
 * Returns how many bytes can be written to a descriptor that is ready without blocking, at least.
 */
static size_t room_of(int fd) {
    int held = 0;
    int size = fcntl(fd, F_GETPIPE_SZ);
    bool empty = size > 0 && ioctl(fd, FIONREAD, &held) == 0 && held == 0;
    return empty ? (size_t)size : PIPE_BUF;
}

enum hw_status hw_io_write_until(int fd, const void *data, size_t bytes, const struct hw_io_stop *stop,
                                 struct hw_error *err) {
    const uint8_t *at = data;
    struct stat info;
    const bool blocks = current->fstat(fd, &info) != 0 || !S_ISREG(info.st_mode);
    while (bytes > 0) {
        size_t put;
        if (blocks) {
            HW_TRY(ready_wait(fd, POLLOUT, stop, err));
        }
        HW_TRY(write_once(fd, at, blocks ? hw_min_size(bytes, room_of(fd)) : bytes, &put, err));
        at += put;
        bytes -= put;
    }
    return HW_OK;
}

/* Waits until `fd` is ready for `events`. The question is asked only while it is not. */
static enum hw_status ready_wait(int fd, short events, const struct hw_io_stop *stop, struct hw_error *err) {
    struct pollfd wanted = {.fd = fd, .events = events};
    int timeout_ms = 0;
    for (;;) {
        int ready = current->poll(&wanted, 1, timeout_ms);
        if (ready > 0) {
            return HW_OK; /* an end or a fault is for the call that follows to tell */
        }
        if (ready < 0 && errno != EINTR) {
            return hw_fail_errno(err, errno, "cannot wait for a descriptor");
        }
        if (stop && stop->cancelled && stop->cancelled(stop->ctx)) {
            return hw_fail(err, HW_ECANCELLED, "stopped before it was done");
        }
        timeout_ms = STOP_ASK_MS;
    }
}
