/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A home directory of the test's own, without any AWS_* variable: what profiles, credentials and
 * settings are read from.
 */
#ifndef HW_TESTS_AWS_HOME_H
#define HW_TESTS_AWS_HOME_H

#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/rows.h"

extern char **environ;

static char home_dir[] = "/tmp/hawser-home-XXXXXX";

static inline const char *home_path(const char *name) {
    static char path[PATH_MAX];
    snprintf(path, sizeof(path), "%s/%s", home_dir, name);
    return path;
}

static inline void home_env_clear(void) {
    for (char **at = environ; *at;) {
        char name[128];
        size_t size = strcspn(*at, "=");
        if (strncmp(*at, "AWS_", 4) != 0 || size >= sizeof(name)) {
            at++;
            continue;
        }
        memcpy(name, *at, size);
        name[size] = '\0';
        unsetenv(name);
        at = environ; /* the table has moved */
    }
    setenv("HOME", home_dir, 1);
    /* A test that asks for it plays the service itself. */
    setenv("AWS_EC2_METADATA_DISABLED", "true", 1);
}

static inline int home_setup(void **state) {
    (void)state;
    memcpy(home_dir + sizeof(home_dir) - 7, "XXXXXX", 6);
    if (!mkdtemp(home_dir) || mkdir(home_path(".aws"), 0700) != 0) {
        return -1;
    }
    home_env_clear();
    return 0;
}

/* Writes one file below the home, and the folders above it; NULL removes it. */
static inline void home_write(const char *name, const char *text, size_t bytes) {
    for (const char *slash = strchr(name, '/'); slash; slash = strchr(slash + 1, '/')) {
        char folder[PATH_MAX];
        snprintf(folder, sizeof(folder), "%s/%.*s", home_dir, (int)(slash - name), name);
        mkdir(folder, 0700);
    }
    const char *path = home_path(name);
    if (!text) {
        unlink(path);
        return;
    }
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, bytes, file), bytes);
    assert_int_equal(fclose(file), 0);
}

static inline void home_write_text(const char *name, const char *text) {
    home_write(name, text, text ? strlen(text) : 0);
}

static inline int home_entry_remove(const char *path, const struct stat *info, int kind, struct FTW *place) {
    (void)info, (void)kind, (void)place;
    return remove(path);
}

static inline int home_teardown(void **state) {
    (void)state;
    return nftw(home_dir, home_entry_remove, 8, FTW_DEPTH | FTW_PHYS);
}

/* "NAME=value" lines, NULL-ended, put into the environment. */
static inline void home_env_set(const char *const *lines, size_t count_max) {
    home_env_clear();
    for (size_t i = 0; i < count_max && lines[i]; i++) {
        char name[128];
        size_t size = strcspn(lines[i], "=");
        assert_in_range(size, 1, sizeof(name) - 1);
        memcpy(name, lines[i], size);
        name[size] = '\0';
        setenv(name, lines[i] + size + 1, 1);
    }
}

#endif
