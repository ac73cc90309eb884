/* SPDX-License-Identifier: Apache-2.0 */
#include "support/scratch.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/rows.h"

enum { NAMES_MAX = 512 };

/* nftw has no context argument. */
static char *found[NAMES_MAX];
static size_t found_count;
static size_t found_skip;

struct scratch scratch_make(void) {
    struct scratch scratch;
    const char *root = getenv("TMPDIR");
    snprintf(scratch.folder, sizeof(scratch.folder), "%s/hawser-test-XXXXXX", root && root[0] == '/' ? root : "/tmp");
    if (!mkdtemp(scratch.folder)) {
        fail_msg("cannot make %s", scratch.folder);
    }
    size_t used = strlen(scratch.folder);
    snprintf(scratch.folder + used, sizeof(scratch.folder) - used, "/");
    return scratch;
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *where) {
    (void)info;
    (void)kind;
    (void)where;
    return remove(path);
}

void scratch_remove(struct scratch *scratch) {
    nftw(scratch->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *scratch_path(const struct scratch *scratch, const char *name) {
    static char paths[4][2048];
    static size_t turn;
    char *path = paths[turn++ % COUNT_OF(paths)];
    snprintf(path, sizeof(paths[0]), "%s%s", scratch->folder, name);
    return path;
}

void scratch_write(const struct scratch *scratch, const char *name, const void *data, size_t bytes) {
    char path[2048];
    snprintf(path, sizeof(path), "%s%s", scratch->folder, name);
    for (char *at = path + strlen(scratch->folder); (at = strchr(at, '/')); at++) {
        *at = '\0';
        mkdir(path, 0777);
        *at = '/';
    }
    FILE *file = fopen(path, "we");
    if (!file || fwrite(data, 1, bytes, file) != bytes || fclose(file) != 0) {
        fail_msg("cannot write %s", path);
    }
}

bool scratch_holds(const struct scratch *scratch, const char *name, const void *data, size_t bytes) {
    FILE *file = fopen(scratch_path(scratch, name), "re");
    if (!file) {
        return false;
    }
    char *got = malloc(bytes + 1);
    bool same = got && fread(got, 1, bytes + 1, file) == bytes && memcmp(got, data, bytes) == 0;
    free(got);
    fclose(file);
    return same;
}

static int name_add(const char *path, const struct stat *info, int kind, struct FTW *where) {
    (void)info;
    if (where->level > 0 && found_count < NAMES_MAX) {
        char *name = malloc(strlen(path) + 2);
        snprintf(name, strlen(path) + 2, "%s%s", path + found_skip, kind == FTW_D ? "/" : "");
        found[found_count++] = name;
    }
    return 0;
}

static int name_compare(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

const char *scratch_names(const struct scratch *scratch) {
    static char line[65536];
    size_t used = 0;

    found_count = 0;
    found_skip = strlen(scratch->folder);
    line[0] = '\0';
    char root[512];
    snprintf(root, sizeof(root), "%.*s", (int)(found_skip - 1), scratch->folder);
    nftw(root, name_add, 16, FTW_PHYS);
    qsort(found, found_count, sizeof(found[0]), name_compare);
    for (size_t i = 0; i < found_count; i++) {
        used += (size_t)snprintf(line + used, sizeof(line) - used, "%s ", found[i]);
        free(found[i]);
    }
    return line;
}
