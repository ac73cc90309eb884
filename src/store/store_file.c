/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/file.h>

#include "core/alloc.h"
#include "core/clock.h"
#include "core/count.h"
#include "core/io.h"
#include "store/file_list.h"
#include "store/file_sink.h"
#include "store/file_steps.h"
#include "store/file_system.h"

enum { LOCK_POLL_MS = 20, LOCK_WAIT_MS = 120 * 1000 };

struct file_store {
    struct hw_store base;
    char *root;
    bool links_left_out;
    atomic_uint_fast64_t links;
    struct hw_file_sinks sinks;
};

struct file_source {
    struct hw_source base;
    int fd;
    struct timespec mtime;
    mode_t mode;
    char *name;
};

static void file_close(struct hw_store *base);
static enum hw_status file_list(struct hw_store *store, const char *prefix, hw_list_fn *each, void *ctx,
                                struct hw_error *err);
static enum hw_status file_stat(struct hw_store *store, const char *key, struct hw_object_info *out_info,
                                char out_etag[HW_ETAG_BYTES], struct hw_error *err);
static enum hw_status file_source_open(struct hw_store *store, const char *key, const struct hw_object_info *known,
                                       struct hw_source **out_source, struct hw_error *err);
static enum hw_status file_sink_open(struct hw_store *base, const char *key, const struct hw_sink_options *options,
                                     struct hw_sink **out_sink, struct hw_error *err);
static enum hw_status file_remove(struct hw_store *store, const char *key, struct hw_error *err);
static enum hw_status file_remove_within(struct hw_store *store, const char *key, size_t kept_bytes,
                                         struct hw_error *err);
static enum hw_status file_reached(struct hw_store *store, const char *key, size_t kept_bytes, bool *out_reached,
                                   struct hw_error *err);
static enum hw_status file_lock(struct hw_store *store, const char *folder, int *out_fd, struct hw_error *err);
static void file_prune(struct hw_store *store, const char *key, size_t kept_bytes);

static const struct hw_store_ops file_ops = {
    .size = sizeof(file_ops),
    .list = file_list,
    .stat = file_stat,
    .source_open = file_source_open,
    .sink_open = file_sink_open,
    .remove = file_remove,
    .reached = file_reached,
    .lock = file_lock,
    .prune = file_prune,
    .close = file_close,
    .remove_within = file_remove_within,
};

enum hw_status hw_store_file_open(const char *root, const struct hw_store_options *options, struct hw_store **out_store,
                                  struct hw_error *err) {
    size_t bytes = strlen(root);
    bool open_end = bytes > 0 && root[bytes - 1] != '/';
    struct file_store *store = hw_alloc_zero(1, sizeof(*store));
    char *own_root = hw_alloc(bytes + 2);

    if (!store || !own_root) {
        hw_free(store);
        hw_free(own_root);
        return hw_fail_nomem(err, sizeof(*store) + bytes + 2);
    }
    snprintf(own_root, bytes + 2, "%s%s", root, open_end ? "/" : "");
    store->base = (struct hw_store){.ops = &file_ops, .root = own_root, .files = true};
    store->root = own_root;
    store->links_left_out = options && options->links_left_out;
    hw_file_temps_init(&store->sinks.temps);
    hw_folder_syncs_init(&store->sinks.folders);
    *out_store = &store->base;
    return HW_OK;
}

static void file_close(struct hw_store *base) {
    struct file_store *store = (struct file_store *)base;
    hw_folder_syncs_release(&store->sinks.folders);
    hw_file_temps_release(&store->sinks.temps);
    hw_free(store->root);
    hw_free(store);
}

static enum hw_status file_list(struct hw_store *base, const char *prefix, hw_list_fn *each, void *ctx,
                                struct hw_error *err) {
    struct file_store *store = (struct file_store *)base;
    uint64_t links = 0;
    const enum hw_status status =
        hw_file_list(store->root, prefix, each, ctx, store->links_left_out ? &links : NULL, err);
    atomic_fetch_add(&store->links, links);
    return status;
}

uint64_t hw_store_file_links_left_out(struct hw_store *base) {
    return base->ops == &file_ops ? atomic_load(&((struct file_store *)base)->links) : 0;
}

/*
 * Opens a regular file and tells its facts; anything else is refused before it can block or be
 * read.
 */
static enum hw_status regular_open(const char *path, int flags, int *out_fd, struct stat *out_info,
                                   struct hw_error *err) {
    enum hw_status status = HW_OK;
    int fd = hw_file_openat(AT_FDCWD, path, flags | O_NONBLOCK | O_NOCTTY, 0);

    if (fd < 0) {
        status = hw_fail_errno(err, errno, "cannot open the file");
    } else if (hw_io()->fstat(fd, out_info) != 0) {
        status = hw_fail_errno(err, errno, "cannot look at the file");
    } else if (S_ISDIR(out_info->st_mode)) {
        const bool ended = hw_view_ends(hw_view_of(path), HW_VIEW("/"));
        status = hw_fail(err, HW_ENOTFOUND, "is a directory%s",
                         ended ? ", where a file is wanted" : "; end it in '/' to mean what is in it");
        if (err) {
            err->sys_errno = EISDIR;
        }
    } else if (!S_ISREG(out_info->st_mode)) {
        status = hw_fail(err, HW_EUSAGE, "is no regular file; '-' reads what comes through a pipe");
    }
    if (status != HW_OK) {
        hw_error_object(err, path);
        if (fd >= 0) {
            hw_io()->close(fd);
        }
        return status;
    }
    *out_fd = fd;
    return HW_OK;
}

static enum hw_status file_stat(struct hw_store *store, const char *key, struct hw_object_info *out_info,
                                char out_etag[HW_ETAG_BYTES], struct hw_error *err) {
    struct stat info = {0};
    int fd;
    char *path = hw_file_path(store->root, key);

    if (!path) {
        return hw_fail_nomem(err, strlen(key));
    }
    enum hw_status status = regular_open(path[0] ? path : ".", O_PATH, &fd, &info, err);
    hw_free(path);
    HW_TRY(status);
    hw_io()->close(fd);
    out_etag[0] = '\0';
    *out_info = (struct hw_object_info){key, (uint64_t)info.st_size, hw_file_mtime_us(&info), out_etag};
    return HW_OK;
}

static enum hw_status source_read_at(struct hw_source *base, uint64_t offset, void *data, size_t bytes,
                                     struct hw_error *err);
static void source_close(struct hw_source *base);

static const struct hw_source_ops source_ops = {
    .size = sizeof(source_ops), .read_at = source_read_at, .close = source_close};

static enum hw_status file_source_open(struct hw_store *store, const char *key, const struct hw_object_info *known,
                                       struct hw_source **out_source, struct hw_error *err) {
    (void)known; /* the descriptor is what is read, whatever stood at the name before */
    struct stat info = {0};
    struct file_source *source = hw_alloc_zero(1, sizeof(*source));
    char *name = hw_file_path(store->root, key);

    if (!source || !name) {
        hw_free(source);
        hw_free(name);
        return hw_fail_nomem(err, sizeof(*source) + strlen(key));
    }
    enum hw_status status = regular_open(name[0] ? name : ".", O_RDONLY, &source->fd, &info, err);
    if (status != HW_OK) {
        hw_free(source);
        hw_free(name);
        return status;
    }
    posix_fadvise(source->fd, 0, 0, POSIX_FADV_SEQUENTIAL); /* advice only: failing does no harm */
    source->base = (struct hw_source){
        .ops = &source_ops,
        .size = (uint64_t)info.st_size,
        .mtime_us = hw_file_mtime_us(&info),
        .name = name,
        .etag = "",
    };
    source->mtime = info.st_mtim;
    source->mode = info.st_mode;
    source->name = name;
    *out_source = &source->base;
    return HW_OK;
}

bool hw_store_file_facts(const struct hw_source *base, struct hw_file_facts *out_facts) {
    const struct file_source *source = (const struct file_source *)base;
    if (base->ops != &source_ops) {
        return false;
    }
    struct hw_file_facts facts = {.has_mode = true, .mode = source->mode & (S_IRWXU | S_IRWXG | S_IRWXO)};
    facts.has_mtime = hw_file_mtime_ns(&source->mtime, &facts.mtime_ns);
    *out_facts = facts;
    return true;
}

/*
 * The open descriptor pins the file against being replaced; against being written to, size and time
 * of change are compared after the bytes are here. The inode's change time is not: it moves with
 * every link and rename, as a backup makes them, and bytes do not.
 */
static enum hw_status source_unchanged(struct file_source *source, struct hw_error *err) {
    struct stat now;

    if (hw_io()->fstat(source->fd, &now) != 0) {
        return hw_fail_errno(err, errno, "cannot look at the file");
    }
    if ((uint64_t)now.st_size != source->base.size) {
        return hw_fail(err, HW_ECHANGED, "the file had %s when it was opened and has %" PRIu64 " now",
                       HW_COUNT(source->base.size, "byte"), (uint64_t)now.st_size);
    }
    if (now.st_mtim.tv_sec != source->mtime.tv_sec || now.st_mtim.tv_nsec != source->mtime.tv_nsec) {
        return hw_fail(err, HW_ECHANGED, "the file was written to while it was read");
    }
    return HW_OK;
}

static enum hw_status source_read_at(struct hw_source *base, uint64_t offset, void *data, size_t bytes,
                                     struct hw_error *err) {
    struct file_source *source = (struct file_source *)base;
    enum hw_status status;

    if (offset > base->size || bytes > base->size - offset) {
        status = hw_fail_at(err, HW_EIO, offset, "a read of %s reaches beyond the end", HW_COUNT(bytes, "byte"));
    } else {
        status = hw_io_pread_all(source->fd, data, bytes, offset, err);
    }
    if (status == HW_OK) {
        status = source_unchanged(source, err);
    }
    if (status != HW_OK) {
        hw_error_object(err, base->name);
    }
    return status;
}

static void source_close(struct hw_source *base) {
    struct file_source *source = (struct file_source *)base;
    hw_io()->close(source->fd);
    hw_free(source->name);
    hw_free(source);
}

static enum hw_status file_sink_open(struct hw_store *base, const char *key, const struct hw_sink_options *options,
                                     struct hw_sink **out_sink, struct hw_error *err) {
    return hw_file_sink_open(base, &((struct file_store *)base)->sinks, key, options, out_sink, err);
}

static enum hw_status file_remove(struct hw_store *store, const char *key, struct hw_error *err) {
    enum hw_status status = HW_OK;
    char *path = hw_file_path(store->root, key);

    if (!path) {
        return hw_fail_nomem(err, strlen(key));
    }
    if (hw_io()->unlinkat(AT_FDCWD, path, 0) != 0 && errno != ENOENT && errno != ENOTDIR) {
        status = hw_fail_errno(err, errno, "cannot remove the file");
        hw_error_object(err, path);
    }
    hw_free(path);
    return status;
}

static enum hw_status file_remove_within(struct hw_store *store, const char *key, size_t kept_bytes,
                                         struct hw_error *err) {
    enum hw_status status = HW_OK;
    char *path = hw_file_path(store->root, key);
    if (!path) {
        return hw_fail_nomem(err, strlen(key));
    }
    const char *slash = strrchr(path, '/');
    const size_t folder_bytes = slash ? (size_t)(slash + 1 - path) : 0;
    const size_t kept = strlen(store->root) + hw_min_size(kept_bytes, strlen(key));
    const int fd = hw_file_steps_open(path, kept, folder_bytes);
    const bool gone = fd >= 0 && hw_io()->unlinkat(fd, path + folder_bytes, 0) == 0;
    if (!gone && errno == ELOOP) {
        status = hw_fail(err, HW_EUSAGE, "a link stands on the way to it, which is not followed, so it stays");
    } else if (!gone && errno != ENOENT && errno != ENOTDIR) {
        status = hw_fail_errno(err, errno, "cannot remove the file");
    }
    if (status) {
        hw_error_object(err, path);
    }
    if (fd >= 0) {
        hw_io()->close(fd);
    }
    hw_free(path);
    return status;
}

/* Opens what stands at `path` from there; a link is itself opened, not what it points to. */
static int step_open(int folder_fd, const char *name, struct stat *out_info) {
    int fd = hw_file_openat(folder_fd, name, O_PATH | O_NOFOLLOW, 0);
    if (fd >= 0 && hw_io()->fstat(fd, out_info) != 0) {
        hw_io()->close(fd);
        return -1;
    }
    return fd;
}

static enum hw_status file_reached(struct hw_store *store, const char *key, size_t kept_bytes, bool *out_reached,
                                   struct hw_error *err) {
    struct stat info = {0};
    char *path = hw_file_path(store->root, key);
    if (!path) {
        return hw_fail_nomem(err, strlen(key));
    }
    char *name = path + strlen(store->root) + kept_bytes;
    bool reached = true;
    int fd = AT_FDCWD;
    if (name > path) {
        const char first = *name;
        *name = '\0';
        fd = hw_file_openat(AT_FDCWD, path, O_PATH | O_DIRECTORY, 0);
        *name = first;
        reached = fd >= 0;
    }
    for (char *slash = name; reached && slash; name = slash + 1) {
        slash = strchr(name, '/');
        if (slash) {
            *slash = '\0';
        }
        int next = step_open(fd, name, &info);
        reached = next >= 0 && (slash ? S_ISDIR(info.st_mode) : S_ISREG(info.st_mode));
        if (fd >= 0) {
            hw_io()->close(fd);
        }
        fd = next;
    }
    if (fd >= 0) {
        hw_io()->close(fd);
    }
    hw_free(path);
    *out_reached = reached;
    return HW_OK;
}

/* The lock is the folder's own: nothing is left behind, and it goes with the process. */
static enum hw_status file_lock(struct hw_store *store, const char *folder, int *out_fd, struct hw_error *err) {
    char *path = hw_file_path(store->root, folder);
    if (!path) {
        return hw_fail_nomem(err, strlen(folder));
    }
    int fd = hw_file_openat(AT_FDCWD, path[0] ? path : ".", O_RDONLY | O_DIRECTORY, 0);
    enum hw_status status = fd >= 0 ? HW_OK : hw_fail_errno(err, errno, "cannot open the folder to lock it");
    for (int64_t waited_ms = 0; fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0; waited_ms += LOCK_POLL_MS) {
        const int errnum = errno;
        const bool held = errnum == EWOULDBLOCK || errnum == EINTR;
        if (held && waited_ms < LOCK_WAIT_MS) {
            hw_clock_sleep_ms(LOCK_POLL_MS);
            continue;
        }
        hw_io()->close(fd);
        fd = -1;
        if (held) {
            status = hw_fail(err, HW_EIO, "another run has kept the folder locked for %d s", LOCK_WAIT_MS / 1000);
        }
    }
    if (status != HW_OK) {
        hw_error_object(err, path);
    } else {
        *out_fd = fd;
    }
    hw_free(path);
    return status;
}

/*
 * Removes the folder that a path names if it is empty, and no link behind `kept_bytes` leads to it.
 */
static bool folder_remove(const char *path, size_t kept_bytes) {
    const char *slash = strrchr(path, '/');
    const size_t parent_bytes = slash ? (size_t)(slash + 1 - path) : 0;
    const int fd = hw_file_steps_open(path, kept_bytes, parent_bytes);
    const bool gone = fd >= 0 && hw_io()->unlinkat(fd, path + parent_bytes, AT_REMOVEDIR) == 0;
    if (fd >= 0) {
        hw_io()->close(fd);
    }
    return gone;
}

static void file_prune(struct hw_store *store, const char *key, size_t kept_bytes) {
    char *path = hw_file_path(store->root, key);
    size_t kept = path ? strlen(path) - strlen(key) + kept_bytes : 0;
    for (char *slash = path; slash && (slash = strrchr(path, '/')) != NULL;) {
        *slash = '\0';
        if ((size_t)(slash - path) <= kept || !folder_remove(path, kept)) {
            break;
        }
    }
    hw_free(path);
}
