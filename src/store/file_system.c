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

bool hw_file_mtime_ns(const struct timespec *time, int64_t *out_ns) {
    int64_t ns;
    if (!hw_mul((int64_t)time->tv_sec, INT64_C(1000000000), &ns) || !hw_add(ns, (int64_t)time->tv_nsec, &ns)) {
        return false;
    }
    *out_ns = ns;
    return true;
}

enum hw_status hw_file_facts_set(int fd, const struct hw_file_facts *facts, struct hw_error *err) {
    const int64_t second_ns = INT64_C(1000000000);
    if (facts->has_mode && hw_io()->fchmod(fd, (mode_t)(facts->mode & (S_IRWXU | S_IRWXG | S_IRWXO))) != 0) {
        return hw_file_failed(err, errno, "give the file its permissions");
    }
    const int64_t rest_ns = facts->mtime_ns % second_ns;
    const int64_t less = rest_ns < 0 ? 1 : 0;
    const struct timespec times[] = {
        {.tv_nsec = UTIME_OMIT},
        {.tv_sec = (time_t)(facts->mtime_ns / second_ns - less), .tv_nsec = (long)(rest_ns + less * second_ns)},
    };
    if (facts->has_mtime && hw_io()->futimens(fd, times) != 0) {
        return hw_file_failed(err, errno, "give the file its time of the last change");
    }
    return HW_OK;
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
