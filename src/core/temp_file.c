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
    if (status == HW_EIO) {
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

enum hw_status hw_temp_file_open(int *out_fd, struct hw_error *err) {
    const char *folder = folder_find();
    int fd = hw_io()->openat(AT_FDCWD, folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) {
        const enum hw_status status =
            hw_fail_errno(err, errno, "cannot make a temporary file in %s (TMPDIR names another folder)", folder);
        return folder_missing(status, err);
    }
    *out_fd = fd;
    return HW_OK;
}
