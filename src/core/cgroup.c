/* SPDX-License-Identifier: Apache-2.0 */
#include "core/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/io.h"
#include "core/view.h"

enum {
    GROUPS_BYTES = 16 << 10, /* of /proc/self/cgroup that are read */
    NUMBER_BYTES = 32,
    PATH_BYTES = 4096,
};

/*
 * See cgroups(7), and Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst of the
 * kernel.
 */
static const struct hierarchy {
    const char *controller; /* in /proc/self/cgroup; version 2 names none there */
    const char *mount;
    const char *files[2]; /* NULL: none */
} hierarchies[] = {
    {"", "/sys/fs/cgroup", {"memory.max", "memory.high"}},
    {"memory", "/sys/fs/cgroup/memory", {"memory.limit_in_bytes", NULL}},
};

static void group_find(const char *root, const char *controller, char path[PATH_BYTES]);
static uint64_t group_limit(const char *root, const struct hierarchy *hierarchy, const char *group);
static uint64_t smaller_limit(uint64_t a, uint64_t b);

uint64_t hw_cgroup_memory_limit(const char *root) {
    uint64_t limit = 0;
    for (size_t i = 0; i < COUNT_OF(hierarchies); i++) {
        char group[PATH_BYTES] = "";
        group_find(root, hierarchies[i].controller, group);
        /*
         * Every group above holds its groups down, too. A container often sees only a part of its
         * path, or the root.
         */
        for (char *slash; (slash = strrchr(group, '/')); *slash = '\0') {
            limit = smaller_limit(limit, group_limit(root, &hierarchies[i], group));
        }
        limit = smaller_limit(limit, group_limit(root, &hierarchies[i], ""));
    }
    return limit;
}

/* 0 stands for no limit. */
static uint64_t smaller_limit(uint64_t a, uint64_t b) {
    return a == 0 || (b > 0 && b < a) ? b : a;
}

/* Reads the start of a small file into `out`, as a text. False where there is none. */
static bool file_read(const char *path, char *out, size_t out_bytes) {
    size_t got = 0;
    int fd = hw_io()->openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0) {
        return false;
    }
    enum hw_status status = hw_io_read_some(fd, out, out_bytes - 1, &got, NULL);
    hw_io()->close(fd);
    out[got] = '\0';
    return status == HW_OK;
}

/* Tells whether `name` is one of the names in `list`, which commas part. */
static bool list_has(hw_view list, hw_view name) {
    while (list.size > name.size) {
        if (memcmp(list.data, name.data, name.size) == 0 && list.data[name.size] == ',') {
            return true;
        }
        const char *comma = memchr(list.data, ',', list.size);
        if (!comma) {
            return false;
        }
        list = (hw_view){comma + 1, list.size - (size_t)(comma + 1 - list.data)};
    }
    return hw_view_equal(list, name);
}

/*
 * Finds this process's group in the hierarchy of `controller`: a line is
 * "number:controllers:/path". Leaves "" else.
 */
static void group_find(const char *root, const char *controller, char path[PATH_BYTES]) {
    char name[PATH_BYTES];
    char text[GROUPS_BYTES];
    char *rest = text;
    int used = snprintf(name, sizeof(name), "%s/proc/self/cgroup", root);
    if (used < 0 || (size_t)used >= sizeof(name) || !file_read(name, text, sizeof(text))) {
        return;
    }
    for (char *line; (line = strsep(&rest, "\n"));) {
        const char *first = strchr(line, ':');
        const char *second = first ? strchr(first + 1, ':') : NULL;
        if (second && second[1] == '/' && strlen(second + 1) < PATH_BYTES &&
            list_has((hw_view){first + 1, (size_t)(second - first) - 1}, hw_view_of(controller))) {
            memcpy(path, second + 1, strlen(second + 1) + 1);
            return;
        }
    }
}

/* Returns the number in a file, 0 where there is none ("max", no such file). */
static uint64_t number_read(const char *path) {
    char text[NUMBER_BYTES];
    if (!file_read(path, text, sizeof(text)) || text[0] < '0' || text[0] > '9') {
        return 0;
    }
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    return errno == 0 && (*end == '\0' || *end == '\n') ? value : 0;
}

/* Returns the smallest limit of one group, whose path is empty or begins with '/'. */
static uint64_t group_limit(const char *root, const struct hierarchy *hierarchy, const char *group) {
    char path[2 * PATH_BYTES];
    uint64_t limit = 0;
    for (size_t i = 0; i < COUNT_OF(hierarchy->files) && hierarchy->files[i]; i++) {
        int used = snprintf(path, sizeof(path), "%s%s%s/%s", root, hierarchy->mount, group, hierarchy->files[i]);
        if (used >= 0 && (size_t)used < sizeof(path)) {
            limit = smaller_limit(limit, number_read(path));
        }
    }
    return limit;
}
