/* SPDX-License-Identifier: Apache-2.0 */
#include "core/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static int system_openat(int dir_fd, const char *path, int flags, mode_t mode) {
    return openat(dir_fd, path, flags, mode);
}

const struct hw_io hw_io_system = {
    .openat = system_openat,
    .close = close,
    .fstat = fstat,
    .pread = pread,
    .read = read,
    .write = write,
    .fsync = fsync,
    .syncfs = syncfs,
    .sync_file_range = sync_file_range,
    .renameat = renameat,
    .renameat2 = renameat2,
    .linkat = linkat,
    .unlinkat = unlinkat,
    .mkdirat = mkdirat,
};

static const struct hw_io *current = &hw_io_system;

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
            return hw_fail_errno(err, errno, "cannot read %zu bytes at offset %" PRIu64, bytes, offset);
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
    do {
        got = current->read(fd, data, bytes);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        return hw_fail_errno(err, errno, "cannot read");
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

enum hw_status hw_io_write_all(int fd, const void *data, size_t bytes, struct hw_error *err) {
    const uint8_t *at = data;
    while (bytes > 0) {
        ssize_t put = current->write(fd, at, bytes);
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put < 0) {
            return hw_fail_errno(err, errno, "cannot write %zu bytes", bytes);
        }
        at += put;
        bytes -= (size_t)put;
    }
    return HW_OK;
}
