/* SPDX-License-Identifier: Apache-2.0 */
#include "store/file_system.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/io.h"

int hw_file_openat(int dir_fd, const char *path, int flags, mode_t mode) {
    int fd;
    do {
        fd = hw_io()->openat(dir_fd, path, flags | O_CLOEXEC, mode);
    } while (fd < 0 && errno == EINTR);
    return fd;
}

int64_t hw_file_mtime_us(const struct stat *info) {
    int64_t us;
    if (!hw_mul((int64_t)info->st_mtim.tv_sec, INT64_C(1000000), &us) ||
        !hw_add(us, info->st_mtim.tv_nsec / 1000, &us)) {
        return 0; /* a time that no clock had: not known */
    }
    return us;
}

bool hw_file_is_ours(const struct stat *info) {
    return S_ISREG(info->st_mode) && info->st_uid == geteuid() && info->st_nlink == 1;
}

char *hw_file_path(const char *root, const char *key) {
    size_t root_bytes = strlen(root);
    size_t key_bytes = strlen(key);
    char *path = hw_alloc(root_bytes + key_bytes + 1);
    if (path) {
        memcpy(path, root, root_bytes);
        memcpy(path + root_bytes, key, key_bytes + 1);
    }
    return path;
}

enum hw_status hw_file_failed(struct hw_error *err, int errnum, const char *what) {
    (void)hw_fail_errno(err, errnum, "cannot %s", what);
    if (err) {
        err->status = HW_EIO;
    }
    return HW_EIO;
}
