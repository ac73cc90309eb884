/* SPDX-License-Identifier: Apache-2.0 */
#include "store/file_list.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/arena.h"
#include "core/buf.h"
#include "core/io.h"
#include "core/limits.h"
#include "store/file_system.h"
#include "store/file_temp.h"

struct walk {
    struct hw_buf path; /* root, then the key so far; a folder's ends in '/' */
    size_t root_bytes;
    hw_list_fn *each;
    void *ctx;
    size_t links;       /* to folders, followed so far */
    uint64_t *left_out; /* the number of links that were; NULL: they are followed */
};

/* The folders from the start down to one, to notice a link that leads back up. */
struct chain {
    const struct chain *above;
    dev_t device;
    ino_t inode;
    size_t depth;
};

struct entry {
    const char *name; /* a folder's ends in '/': this gives the byte order of keys */
    uint64_t size;
    int64_t mtime_us;
    bool folder;
    bool link;
};

struct entries {
    struct hw_arena names;
    struct entry *rows;
    size_t count;
    size_t capacity;
};

static enum hw_status folder_walk(struct walk *walk, const struct chain *above, const char *name_prefix,
                                  struct hw_error *err);

enum hw_status hw_file_list(const char *root, const char *prefix, hw_list_fn *each, void *ctx, uint64_t *out_links,
                            struct hw_error *err) {
    struct walk walk = {.root_bytes = strlen(root), .each = each, .ctx = ctx, .left_out = out_links};
    const char *slash = strrchr(prefix, '/');
    size_t folder_bytes = slash ? (size_t)(slash - prefix) + 1 : 0;

    enum hw_status status = hw_buf_append_text(&walk.path, root, err);
    if (status == HW_OK) {
        status = hw_buf_append(&walk.path, prefix, folder_bytes, err);
    }
    if (status == HW_OK) {
        status = folder_walk(&walk, NULL, prefix + folder_bytes, err);
    }
    hw_buf_release(&walk.path);
    return status;
}

static void entries_release(struct entries *entries) {
    hw_arena_release(&entries->names);
    hw_free(entries->rows);
}

static enum hw_status folder_read(struct walk *walk, struct chain *chain, const char *name_prefix,
                                  struct entries *entries, bool *out_again, struct hw_error *err);
static enum hw_status entry_visit(struct walk *walk, const struct chain *chain, const struct entry *entry,
                                  struct hw_error *err);
static int entry_compare(const void *a, const void *b);

/* Walks the folder that walk->path names; only names that begin with `name_prefix` count. */
static enum hw_status folder_walk(struct walk *walk, const struct chain *above, const char *name_prefix,
                                  struct hw_error *err) {
    HW_AUTO(entries) entries = {0};
    struct chain chain = {.above = above, .depth = above ? above->depth + 1 : 0};
    bool again = false;

    HW_TRY(hw_buf_end_text(&walk->path, err));
    enum hw_status status = folder_read(walk, &chain, name_prefix, &entries, &again, err);
    if (status != HW_OK) {
        hw_error_object(err, (const char *)walk->path.data);
        return status;
    }
    if (again || entries.count == 0) {
        return HW_OK;
    }
    qsort(entries.rows, entries.count, sizeof(*entries.rows), entry_compare);
    for (size_t i = 0; i < entries.count; i++) {
        HW_TRY(entry_visit(walk, &chain, &entries.rows[i], err));
    }
    return HW_OK;
}

static enum hw_status entry_visit(struct walk *walk, const struct chain *chain, const struct entry *entry,
                                  struct hw_error *err) {
    size_t folder_bytes = walk->path.size;
    enum hw_status status;

    HW_TRY(hw_buf_append_text(&walk->path, entry->name, err));
    HW_TRY(hw_buf_end_text(&walk->path, err));
    walk->links += entry->folder && entry->link;
    if (walk->links > HW_LISTED_LINKS_MAX) {
        status =
            hw_fail(err, HW_ELIMIT, "more than %u links to folders: do they lead to each other?", HW_LISTED_LINKS_MAX);
        hw_error_object(err, (const char *)walk->path.data);
    } else if (entry->folder) {
        status = folder_walk(walk, chain, "", err);
    } else {
        const struct hw_object_info info = {
            .key = (const char *)walk->path.data + walk->root_bytes,
            .size = entry->size,
            .mtime_us = entry->mtime_us,
            .etag = "",
        };
        status = walk->each(walk->ctx, &info, err);
    }
    walk->path.size = folder_bytes;
    return status;
}

static int entry_compare(const void *a, const void *b) {
    return strcmp(((const struct entry *)a)->name, ((const struct entry *)b)->name);
}

static bool chain_repeats(const struct chain *chain) {
    for (const struct chain *at = chain->above; at; at = at->above) {
        if (at->device == chain->device && at->inode == chain->inode) {
            return true;
        }
    }
    return false;
}

static enum hw_status folder_scan(struct walk *walk, DIR *folder, const char *name_prefix, struct entries *entries,
                                  struct hw_error *err);

/*
 * Fills `entries`, which stay empty where the folder is gone; *out_again where a link has led back
 * to a folder above.
 */
static enum hw_status folder_read(struct walk *walk, struct chain *chain, const char *name_prefix,
                                  struct entries *entries, bool *out_again, struct hw_error *err) {
    struct stat info;
    const char *path = walk->path.size > 0 ? (const char *)walk->path.data : ".";
    int fd = hw_file_openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY, 0);

    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
        return HW_OK;
    }
    if (fd < 0) {
        return hw_fail_errno(err, errno, "cannot open the folder");
    }
    DIR *folder = hw_io()->fstat(fd, &info) == 0 ? fdopendir(fd) : NULL;
    if (!folder) {
        int errnum = errno;
        hw_io()->close(fd);
        return hw_fail_errno(err, errnum, "cannot read the folder");
    }
    chain->device = info.st_dev;
    chain->inode = info.st_ino;
    *out_again = chain_repeats(chain);
    enum hw_status status = HW_OK;
    if (!*out_again && chain->depth > HW_PATH_DEPTH_MAX) {
        status = hw_fail(err, HW_ELIMIT, "more than %d folders in each other", HW_PATH_DEPTH_MAX);
    } else if (!*out_again) {
        status = folder_scan(walk, folder, name_prefix, entries, err);
    }
    closedir(folder);
    return status;
}

static enum hw_status entry_add(struct entries *entries, int folder_fd, const struct dirent *found,
                                struct hw_error *err);

static bool is_link(int folder_fd, const struct dirent *found) {
    struct stat own;
    if (found->d_type != DT_UNKNOWN) {
        return found->d_type == DT_LNK;
    }
    return fstatat(folder_fd, found->d_name, &own, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(own.st_mode);
}

static enum hw_status folder_scan(struct walk *walk, DIR *folder, const char *name_prefix, struct entries *entries,
                                  struct hw_error *err) {
    size_t prefix_bytes = strlen(name_prefix);

    for (;;) {
        errno = 0;
        const struct dirent *found = readdir(folder);
        if (!found && errno != 0) {
            return hw_fail_errno(err, errno, "cannot read the folder");
        }
        if (!found) {
            return HW_OK;
        }
        const char *name = found->d_name;
        bool dots = strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
        bool temp = strncmp(name, HW_FILE_TEMP_PREFIX, sizeof(HW_FILE_TEMP_PREFIX) - 1) == 0;
        if (dots || temp || strncmp(name, name_prefix, prefix_bytes) != 0) {
            continue;
        }
        if (walk->left_out && is_link(dirfd(folder), found)) {
            (*walk->left_out)++;
            continue;
        }
        HW_TRY(entry_add(entries, dirfd(folder), found, err));
    }
}

/*
 * Adds a file or folder, through links; a link that leads nowhere, a pipe or a device holds no rows
 * and is left out.
 */
static enum hw_status entry_add(struct entries *entries, int folder_fd, const struct dirent *found,
                                struct hw_error *err) {
    const char *name = found->d_name;
    struct stat info;
    size_t bytes = strlen(name);

    if (fstatat(folder_fd, name, &info, 0) != 0) {
        bool nowhere = errno == ENOENT || errno == ELOOP || errno == ENOTDIR;
        return nowhere ? HW_OK : hw_fail_errno(err, errno, "cannot look at \"%s\"", name);
    }
    if (!S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode)) {
        return HW_OK;
    }
    if (entries->count == entries->capacity) {
        size_t capacity = hw_max_size(64, entries->capacity * 2);
        struct entry *rows = hw_realloc_array(entries->rows, capacity, sizeof(*rows));
        if (!rows) {
            return hw_fail_nomem(err, capacity * sizeof(*rows));
        }
        entries->rows = rows;
        entries->capacity = capacity;
    }
    char *copy = hw_arena_alloc(&entries->names, bytes + 2);
    if (!copy) {
        return hw_fail_nomem(err, bytes + 2);
    }
    bool folder = S_ISDIR(info.st_mode);
    memcpy(copy, name, bytes);
    memcpy(copy + bytes, folder ? "/" : "\0", 2);
    const bool link = folder && is_link(folder_fd, found);
    entries->rows[entries->count++] =
        (struct entry){copy, (uint64_t)info.st_size, hw_file_mtime_us(&info), folder, link};
    return HW_OK;
}
