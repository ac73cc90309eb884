/* SPDX-License-Identifier: Apache-2.0 */
#include "store/file_steps.h"

#include <errno.h>
#include <fcntl.h>

#include "core/alloc.h"
#include "core/io.h"
#include "store/file_system.h"

/* Opens one name as it stands: a link itself is opened, and then refused. */
static int step_open(int folder_fd, const char *name) {
    struct stat info = {0};
    int fd = hw_file_openat(folder_fd, name, O_PATH | O_NOFOLLOW, 0);
    if (fd < 0) {
        return -1;
    }
    int errnum = hw_io()->fstat(fd, &info) == 0 ? 0 : errno;
    if (errnum == 0 && !S_ISDIR(info.st_mode)) {
        errnum = S_ISLNK(info.st_mode) ? ELOOP : ENOTDIR;
    }
    if (errnum != 0) {
        hw_io()->close(fd);
        errno = errnum;
        return -1;
    }
    return fd;
}

/* Takes the place of a descriptor by one that is opened from it, which may be -1. */
static int step_on(int fd, int next) {
    const int errnum = errno;
    hw_io()->close(fd);
    errno = errnum;
    return next;
}

/* Opens the part in which links are followed. */
static int kept_open(char *path, size_t kept_bytes) {
    const char *start = path[0] == '/' ? "/" : ".";
    const char first = path[kept_bytes];
    path[kept_bytes] = '\0';
    const int fd = hw_file_openat(AT_FDCWD, kept_bytes > 0 ? path : start, O_PATH | O_DIRECTORY, 0);
    path[kept_bytes] = first;
    return fd;
}

/* Walks from the kept part on. `path` is cut at each '/'. */
static int steps_walk(char *path, size_t kept_bytes) {
    int fd = kept_open(path, kept_bytes);
    for (char *at = path + kept_bytes; fd >= 0 && *at != '\0';) {
        const size_t bytes = strcspn(at, "/");
        char *next = at + bytes + (at[bytes] == '/');
        at[bytes] = '\0';
        if (bytes > 0) {
            fd = step_on(fd, step_open(fd, at));
        }
        at = next;
    }
    return fd >= 0 ? step_on(fd, hw_file_openat(fd, ".", O_RDONLY | O_DIRECTORY, 0)) : -1;
}

int hw_file_steps_open(const char *path, size_t kept_bytes, size_t bytes) {
    char *copy = hw_strndup(path, bytes);
    if (!copy) {
        errno = ENOMEM;
        return -1;
    }
    const int fd = steps_walk(copy, hw_min_size(kept_bytes, bytes));
    const int errnum = errno;
    hw_free(copy);
    errno = errnum;
    return fd;
}
