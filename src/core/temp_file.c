/* SPDX-License-Identifier: Apache-2.0 */
#include "core/temp_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "core/io.h"

static const char *folder_find(void) {
    const char *folder = getenv("TMPDIR");
    return folder && folder[0] ? folder : "/var/tmp";
}

enum hw_status hw_temp_file_told(enum hw_status status, struct hw_error *err) {
    return hw_temp_file_told_in(status, NULL, err);
}

enum hw_status hw_temp_file_told_in(enum hw_status status, const char *folder, struct hw_error *err) {
    if (status == HW_EIO && folder) {
        hw_error_prefix(err, "a temporary file in %.200s", folder);
    } else if (status == HW_EIO) {
        hw_error_prefix(err, "a temporary file in %s (TMPDIR names another folder)", folder_find());
    }
    return status;
}

/* That the folder is not there must not look as if an object were not. */
static enum hw_status folder_missing(enum hw_status status, struct hw_error *err) {
    if (status != HW_ENOTFOUND) {
        return status;
    }
    if (err) {
        err->status = HW_EIO;
    }
    return HW_EIO;
}

static int file_open(const char *folder) {
    return hw_io()->openat(AT_FDCWD, folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
}

enum hw_status hw_temp_file_open(int *out_fd, struct hw_error *err) {
    const char *folder = folder_find();
    int fd = file_open(folder);
    if (fd < 0) {
        const enum hw_status status =
            hw_fail_errno(err, errno, "cannot make a temporary file in %s (TMPDIR names another folder)", folder);
        return folder_missing(status, err);
    }
    *out_fd = fd;
    return HW_OK;
}

enum hw_status hw_temp_file_open_in(const char **folder, int *out_fd, struct hw_error *err) {
    int fd = *folder ? file_open(*folder) : -1;
    if (!*folder || (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR))) {
        *folder = NULL;
        return hw_temp_file_open(out_fd, err);
    }
    if (fd < 0) {
        return folder_missing(hw_fail_errno(err, errno, "cannot make a temporary file in %.200s", *folder), err);
    }
    *out_fd = fd;
    return HW_OK;
}
