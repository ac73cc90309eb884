/* SPDX-License-Identifier: Apache-2.0 */
#include "core/temp_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "core/io.h"

enum hw_status hw_temp_file_open(int *out_fd, struct hw_error *err) {
    const char *folder = getenv("TMPDIR");
    folder = folder && folder[0] ? folder : "/var/tmp";
    int fd = hw_io()->openat(AT_FDCWD, folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) {
        return hw_fail_errno(err, errno, "cannot make a temporary file in %s", folder);
    }
    *out_fd = fd;
    return HW_OK;
}
