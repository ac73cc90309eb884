/* SPDX-License-Identifier: Apache-2.0 */
#include "store/file_case.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "core/alloc.h"
#include "core/io.h"
#include "store/file_system.h"
#include "store/file_temp.h"

/* Opens the innermost folder that is there. */
static int folder_open(const char *path) {
    char *folder = hw_strdup(path);
    int fd = -1;
    for (char *slash = folder ? strrchr(folder, '/') : NULL; slash && fd < 0; slash = strrchr(folder, '/')) {
        if (slash == folder) {
            break;
        }
        *slash = '\0';
        fd = hw_file_openat(AT_FDCWD, folder, O_RDONLY | O_DIRECTORY, 0);
    }
    const char *root = path[0] == '/' ? "/" : ".";
    hw_free(folder);
    return fd >= 0 ? fd : hw_file_openat(AT_FDCWD, root, O_RDONLY | O_DIRECTORY, 0);
}

/* The temporary is named as others of ours: what a run that is killed leaves, others sweep. */
static bool folds(int folder_fd) {
    char name[HW_FILE_TEMP_BYTES];
    char other[HW_FILE_TEMP_BYTES];
    const struct hw_file_owner self = hw_file_owner_self();
    hw_file_temp_name(&self, name);
    snprintf(other, sizeof(other), "%.*s.PART", (int)(strlen(name) - strlen(".part")), name);
    const int fd = hw_file_openat(folder_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return false;
    }
    const int same_fd = hw_file_openat(folder_fd, other, O_PATH | O_NOFOLLOW, 0);
    if (same_fd >= 0) {
        hw_io()->close(same_fd);
    }
    hw_io()->close(fd);
    hw_io()->unlinkat(folder_fd, name, 0);
    return same_fd >= 0;
}

bool hw_file_case_folded(const char *path) {
    const int fd = folder_open(path);
    if (fd < 0) {
        return false;
    }
    const bool folded = folds(fd);
    hw_io()->close(fd);
    return folded;
}
