/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes one local file: into a temporary beside it, which fsync makes last and rename makes
 * visible. Until then the final name keeps what it had; whatever goes wrong, the temporary goes,
 * and so do the folders that were made for it.
 */
#include "store/file_sink.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/io.h"
#include "store/fd_source.h"
#include "store/file_parts.h"
#include "store/file_steps.h"
#include "store/file_sync.h"
#include "store/file_system.h"
#include "store/write_check.h"

enum {
    /* Writes below this are gathered. */
    BUFFER_BYTES = 256 << 10,
    /* The disk is set to work this often, so that the final fsync finds little left to do. */
    WRITE_BACK_BYTES = 8 << 20,
    /* A file of fewer parts is not worth a journal. */
    RESUMED_PARTS_MIN = 4,
    OPEN_ATTEMPTS_MAX = 16,
};

struct file_sink {
    struct hw_sink base;
    struct hw_file_sinks *sinks; /* borrowed */
    struct hw_store_sync *sync;  /* NULL: whoever settles or finishes waits for the disk itself */
    size_t folder_bytes;         /* of `path`: the folder, with the '/' at its end */
    /* of `path`: the outermost folder that we made, without; 0: none */
    size_t made_bytes;
    int folder_fd; /* -1: not open */
    /* of the temporary; -1: not open, once the bytes are on the disk */
    int fd;
    bool create_only;
    bool links_refused;
    size_t kept_bytes; /* of `path`, in which links are followed all the same */
    bool one_of_many;  /* has no buffer; its folder is open only while something is done in it */
    bool in_parts;     /* It is written by part_write. */
    struct hw_file_parts parts;
    char *resume_id; /* NULL: nothing is taken up */
    bool keep_partial;
    struct hw_file_facts facts;
    char journal[HW_FILE_TEMP_BYTES]; /* the name of the journal; "": there is none */
    bool temp_there;
    char temp[HW_FILE_TEMP_BYTES];
    dev_t device; /* the temporary, once it is settled: what is published must still be it */
    ino_t inode;
    uint8_t *buffer;
    size_t buffer_bytes;
    size_t buffered;
    uint64_t put;     /* bytes handed to the system */
    size_t put_dirty; /* of these, not yet in write-back */
    /* final name; its folders are cut off for a moment where one of them is meant */
    char path[];
};

static const char *name_of(const struct file_sink *sink) {
    return sink->path + sink->folder_bytes;
}

/* Opens what the first `bytes` of the path name; the working directory where there are none. */
static int folder_cut_open(struct file_sink *sink, size_t bytes) {
    if (sink->links_refused) {
        return hw_file_steps_open(sink->path, sink->kept_bytes, bytes);
    }
    const char cut = sink->path[bytes];
    sink->path[bytes] = '\0';
    int fd = hw_file_openat(AT_FDCWD, bytes > 0 ? sink->path : ".", O_RDONLY | O_DIRECTORY, 0);
    const int errnum = errno;
    sink->path[bytes] = cut;
    errno = errnum;
    return fd;
}

static enum hw_status sink_write(struct hw_sink *base, const void *data, size_t bytes, struct hw_error *err);
static enum hw_status sink_parts_begin(struct hw_sink *base, uint64_t size, uint64_t *part_bytes, struct hw_error *err);
static enum hw_status sink_part_write(struct hw_sink *base, const struct hw_sink_part *part, struct hw_error *err);
static enum hw_status sink_part_read(struct hw_sink *base, const struct hw_sink_part *part, void *data, bool *out_there,
                                     struct hw_error *err);
static enum hw_status sink_settle(struct hw_sink *base, struct hw_error *err);
static enum hw_status sink_finish(struct hw_sink *base, struct hw_error *err);
static void sink_free(struct hw_sink *base);
static enum hw_status sink_settled_open(struct hw_sink *base, struct hw_source **out_source, struct hw_error *err);
static enum hw_status sink_prepare(struct file_sink *sink, struct hw_error *err);
static void folder_close(struct file_sink *sink);

static const struct hw_sink_ops sink_ops = {
    .size = sizeof(sink_ops),
    .write = sink_write,
    .settle = sink_settle,
    .finish = sink_finish,
    .free = sink_free,
    .parts_begin = sink_parts_begin,
    .part_write = sink_part_write,
    .part_read = sink_part_read,
    .settled_open = sink_settled_open,
};

enum hw_status hw_file_sink_open(const struct hw_store *store, struct hw_file_sinks *sinks, const char *key,
                                 const struct hw_sink_options *options, struct hw_sink **out_sink,
                                 struct hw_error *err) {
    HW_TRY(hw_write_check_local(options ? options->write : NULL, "a local file", err));
    const size_t root_bytes = strlen(store->root);
    const size_t path_bytes = root_bytes + strlen(key);
    struct file_sink *sink = hw_alloc_zero(1, sizeof(*sink) + path_bytes + 1);

    if (!sink) {
        return hw_fail_nomem(err, sizeof(*sink) + path_bytes + 1);
    }
    memcpy(sink->path, store->root, root_bytes);
    memcpy(sink->path + root_bytes, key, path_bytes - root_bytes);
    const char *slash = strrchr(sink->path, '/');
    sink->folder_bytes = slash ? (size_t)(slash - sink->path) + 1 : 0;
    sink->base.ops = &sink_ops;
    sink->base.etag = "";
    sink->sinks = sinks;
    sink->create_only = options && options->create_only;
    sink->links_refused = options && options->links_refused;
    sink->kept_bytes = root_bytes + (options ? options->kept_bytes : 0);
    sink->one_of_many = options && options->one_of_many;
    sink->sync = options ? options->sync : NULL;
    sink->folder_fd = -1;
    sink->fd = -1;
    sink->keep_partial = options && options->keep_partial;
    sink->facts = options && options->file_facts ? *options->file_facts : (struct hw_file_facts){0};
    enum hw_status status = HW_OK;
    if (options && options->resume_id) {
        sink->resume_id = hw_strdup(options->resume_id);
        status = sink->resume_id ? HW_OK : hw_fail_nomem(err, strlen(options->resume_id) + 1);
    }
    status = status ? status : sink_prepare(sink, err);
    if (status != HW_OK) {
        hw_error_object(err, sink->path);
        sink_free(&sink->base);
        return status;
    }
    if (sink->one_of_many) {
        folder_close(sink);
    }
    *out_sink = &sink->base;
    return HW_OK;
}

static void folder_close(struct file_sink *sink) {
    if (sink->folder_fd >= 0) {
        hw_io()->close(sink->folder_fd);
        sink->folder_fd = -1;
    }
}

static enum hw_status folder_open(struct file_sink *sink, bool *out_again, struct hw_error *err);
static enum hw_status target_check(struct file_sink *sink, struct hw_error *err);
static enum hw_status temp_open(struct file_sink *sink, bool *out_again, struct hw_error *err);
static enum hw_status sync_join(struct file_sink *sink, struct hw_error *err);
static enum hw_status folder_above_sync(struct file_sink *sink, size_t bytes, struct hw_error *err);
static size_t folder_below(const struct file_sink *sink, size_t bytes);

static enum hw_status sink_prepare(struct file_sink *sink, struct hw_error *err) {
    if (name_of(sink)[0] == '\0') {
        return hw_fail(err, HW_EUSAGE, "is a folder, but a file is needed");
    }
    sink->buffer_bytes = sink->one_of_many ? 0 : BUFFER_BYTES;
    sink->buffer = sink->one_of_many ? NULL : hw_alloc(BUFFER_BYTES);
    if (sink->buffer_bytes > 0 && !sink->buffer) {
        return hw_fail_nomem(err, BUFFER_BYTES);
    }
    /*
     * A folder can go between two steps, when the run that made it too gives up: then all is done
     * once more.
     */
    for (int attempts_left = OPEN_ATTEMPTS_MAX; attempts_left > 0; attempts_left--) {
        bool may_retry = attempts_left > 1;
        bool again = may_retry;
        HW_TRY(folder_open(sink, &again, err));
        if (again) {
            continue;
        }
        HW_TRY(target_check(sink, err));
        if (sink->made_bytes == 0) {
            hw_file_temps_look(&sink->sinks->temps, sink->path, sink->folder_bytes, sink->folder_fd);
        }
        again = may_retry;
        HW_TRY(temp_open(sink, &again, err));
        if (!again) {
            break;
        }
    }
    return sink->sync ? sync_join(sink, err) : HW_OK;
}

/*
 * The descriptor that the file system is flushed by must be open before the first byte is written:
 * it is told only of what goes wrong from then on. A sink on another file system leaves.
 */
static enum hw_status sync_join(struct file_sink *sink, struct hw_error *err) {
    struct hw_store_sync *sync = sink->sync;
    struct stat info;
    if (hw_io()->fstat(sink->fd, &info) != 0) {
        return hw_file_failed(err, errno, "look at the temporary file");
    }
    pthread_mutex_lock(&sync->lock);
    int errnum = 0;
    if (sync->fd < 0) {
        sync->fd = hw_file_openat(sink->folder_fd, ".", O_RDONLY | O_DIRECTORY, 0);
        errnum = sync->fd < 0 ? errno : 0;
        sync->device = info.st_dev;
    }
    const bool same_device = sync->device == info.st_dev;
    pthread_mutex_unlock(&sync->lock);
    if (errnum != 0 || same_device) {
        return errnum == 0 ? HW_OK : hw_file_failed(err, errnum, "open the folder to write into");
    }
    sink->sync = NULL;
    for (size_t bytes = sink->made_bytes; bytes > 0; bytes = folder_below(sink, bytes)) {
        HW_TRY(folder_above_sync(sink, bytes, err));
    }
    return HW_OK;
}

/* The end of the folder in the one that ends at `bytes`; 0 where that is the innermost. */
static size_t folder_below(const struct file_sink *sink, size_t bytes) {
    const char *slash = strchr(sink->path + bytes + 1, '/');
    return slash ? (size_t)(slash - sink->path) : 0;
}

static enum hw_status folders_make(struct file_sink *sink, bool *out_again, struct hw_error *err);

/* `*out_again` comes in as whether another attempt is left, and says whether one is due. */
static enum hw_status folder_open(struct file_sink *sink, bool *out_again, struct hw_error *err) {
    bool may_retry = *out_again;

    folder_close(sink);
    sink->folder_fd = folder_cut_open(sink, sink->folder_bytes);
    if (sink->folder_fd < 0 && errno == ENOENT && may_retry) {
        return folders_make(sink, out_again, err);
    }
    *out_again = false;
    if (sink->folder_fd < 0 && errno == ELOOP && sink->links_refused) {
        return hw_fail(err, HW_EUSAGE, "a link stands on the way to it, which is not followed");
    }
    return sink->folder_fd >= 0 ? HW_OK : hw_file_failed(err, errno, "open the folder to write into");
}

static enum hw_status folder_made(struct file_sink *sink, size_t bytes, struct hw_error *err);

/*
 * Makes what is missing of the folder; then, or where another has taken part of it away,
 * `*out_again` stays true.
 */
static enum hw_status folders_make(struct file_sink *sink, bool *out_again, struct hw_error *err) {
    for (size_t i = 1; i < sink->folder_bytes; i++) {
        if (sink->path[i] != '/') {
            continue;
        }
        sink->path[i] = '\0';
        int failed = hw_io()->mkdirat(AT_FDCWD, sink->path, 0777) == 0 ? 0 : errno;
        sink->path[i] = '/';
        if (failed == 0) {
            HW_TRY(folder_made(sink, i, err));
        } else if (failed == ENOENT) {
            return HW_OK;
        } else if (failed != EEXIST) {
            *out_again = false;
            return hw_file_failed(err, failed, "make the folder to write into");
        }
    }
    return HW_OK;
}

/* Remembers the folder made, and makes its own name last. What lies below it is ours too. */
static enum hw_status folder_made(struct file_sink *sink, size_t bytes, struct hw_error *err) {
    sink->made_bytes = sink->made_bytes > 0 ? hw_min_size(sink->made_bytes, bytes) : bytes;
    const bool later = sink->sync && hw_store_sync_joined(sink->sync);
    return later ? HW_OK : folder_above_sync(sink, bytes, err);
}

/* The name of the folder that ends at `bytes` lies in the folder above it. */
static enum hw_status folder_above_sync(struct file_sink *sink, size_t bytes, struct hw_error *err) {
    int made_fd = folder_cut_open(sink, bytes);
    int above_fd = made_fd < 0 ? -1 : hw_file_openat(made_fd, "..", O_RDONLY | O_DIRECTORY, 0);
    bool ok = above_fd >= 0 && hw_folder_sync(above_fd);
    int errnum = errno;
    if (above_fd >= 0) {
        hw_io()->close(above_fd);
    }
    if (made_fd >= 0) {
        hw_io()->close(made_fd);
    }
    return ok ? HW_OK : hw_file_failed(err, errnum, "make the folder to write into");
}

/*
 * Links like /dev/stdout: what they point to may be a file for now, but the name is the system's.
 * `*out_free` is true where nothing has the name, `*out_link` where a link has it.
 */
static bool target_is_system_link(const struct file_sink *sink, bool *out_free, bool *out_link) {
    char to[8];
    ssize_t bytes = readlinkat(sink->folder_fd, name_of(sink), to, sizeof(to));
    *out_free = bytes < 0 && errno == ENOENT;
    *out_link = bytes >= 0;
    return (bytes >= 6 && memcmp(to, "/proc/", 6) == 0) || (bytes >= 5 && memcmp(to, "/dev/", 5) == 0);
}

/*
 * What stands at the final name must be such that replacing it by a file is what the user can mean.
 */
static enum hw_status target_check(struct file_sink *sink, struct hw_error *err) {
    struct stat info;
    bool free_name;
    bool link;

    if (target_is_system_link(sink, &free_name, &link)) {
        return hw_fail(err, HW_EUSAGE,
                       "is a link of the system, which a file would replace; '-' writes to standard output");
    }
    if (free_name) {
        return HW_OK;
    }
    if (link && sink->links_refused) {
        return hw_fail(err, HW_EUSAGE, "is a link, which is neither followed nor replaced");
    }
    int fd = hw_file_openat(sink->folder_fd, name_of(sink), O_PATH, 0);
    if (fd < 0) {
        const bool leads_nowhere = errno == ENOENT || errno == ELOOP;
        return leads_nowhere ? HW_OK : hw_file_failed(err, errno, "look at what is there");
    }
    int failed = hw_io()->fstat(fd, &info) == 0 ? 0 : errno;
    hw_io()->close(fd);
    if (failed != 0) {
        return hw_file_failed(err, failed, "look at what is there");
    }
    if (S_ISDIR(info.st_mode)) {
        return hw_fail(err, HW_EUSAGE, "is a directory; end it in '/' to write into it");
    }
    return S_ISREG(info.st_mode) ? HW_OK : hw_fail(err, HW_EUSAGE, "is a device or pipe, which a file would replace");
}

static enum hw_status temp_open(struct file_sink *sink, bool *out_again, struct hw_error *err) {
    bool may_retry = *out_again;

    hw_file_temp_name(&sink->sinks->temps.owner, sink->temp);
    sink->fd = hw_file_openat(sink->folder_fd, sink->temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0666);
    *out_again = sink->fd < 0 && may_retry && (errno == ENOENT || errno == EEXIST);
    if (sink->fd < 0 && !*out_again) {
        return hw_file_failed(err, errno, "make a temporary file in the folder");
    }
    sink->temp_there = sink->fd >= 0;
    return HW_OK;
}

static enum hw_status bytes_put(struct file_sink *sink, const uint8_t *data, size_t bytes, struct hw_error *err);

static enum hw_status sink_write(struct hw_sink *base, const void *data, size_t bytes, struct hw_error *err) {
    struct file_sink *sink = (struct file_sink *)base;

    if (bytes > sink->buffer_bytes - sink->buffered) {
        HW_TRY(bytes_put(sink, sink->buffer, sink->buffered, err));
        sink->buffered = 0;
    }
    if (bytes >= sink->buffer_bytes) {
        HW_TRY(bytes_put(sink, data, bytes, err));
    } else if (bytes > 0) {
        memcpy(sink->buffer + sink->buffered, data, bytes);
        sink->buffered += bytes;
    }
    base->written += bytes;
    return HW_OK;
}

static enum hw_status bytes_put(struct file_sink *sink, const uint8_t *data, size_t bytes, struct hw_error *err) {
    while (bytes > 0) {
        size_t part = hw_min_size(bytes, WRITE_BACK_BYTES - sink->put_dirty);
        enum hw_status status = hw_io_write_all(sink->fd, data, part, err);
        if (status != HW_OK) {
            hw_error_object(err, sink->path);
            return status;
        }
        data += part;
        bytes -= part;
        sink->put += part;
        sink->put_dirty += part;
        if (sink->put_dirty == WRITE_BACK_BYTES) {
            /* A hint: what goes wrong with these pages, fsync says. */
            hw_io()->sync_file_range(sink->fd, (off_t)(sink->put - sink->put_dirty), (off_t)sink->put_dirty,
                                     SYNC_FILE_RANGE_WRITE);
            sink->put_dirty = 0;
        }
    }
    return HW_OK;
}

static enum hw_status partial_open(struct file_sink *sink, uint64_t size, uint64_t part_bytes, struct hw_error *err);

static enum hw_status sink_parts_begin(struct hw_sink *base, uint64_t size, uint64_t *part_bytes,
                                       struct hw_error *err) {
    struct file_sink *sink = (struct file_sink *)base;
    enum hw_status status = HW_OK;
    if (sink->resume_id && size / *part_bytes >= RESUMED_PARTS_MIN) {
        status = partial_open(sink, size, *part_bytes, err);
    }
    status = status ? status : hw_file_parts_begin(&sink->parts, sink->fd, size, err);
    if (status != HW_OK) {
        hw_error_object(err, sink->path);
        return status;
    }
    sink->in_parts = true;
    return HW_OK;
}

static enum hw_status sink_part_write(struct hw_sink *base, const struct hw_sink_part *part, struct hw_error *err) {
    struct file_sink *sink = (struct file_sink *)base;
    enum hw_status status = hw_file_parts_write(&sink->parts, part, err);
    if (status != HW_OK) {
        hw_error_object(err, sink->path);
    }
    return status;
}

static enum hw_status sink_part_read(struct hw_sink *base, const struct hw_sink_part *part, void *data, bool *out_there,
                                     struct hw_error *err) {
    struct file_sink *sink = (struct file_sink *)base;
    enum hw_status status = hw_file_parts_read(&sink->parts, part, data, out_there, err);
    if (status != HW_OK) {
        hw_error_object(err, sink->path);
    }
    return status;
}

/*
 * Opens the temporary that a killed run has left, or one of its name. `*out_fd` is -1 if what has
 * the name is not this user's alone.
 */
static enum hw_status partial_take(const struct file_sink *sink, const char *name, off_t bytes_max, int *out_fd,
                                   struct hw_error *err) {
    struct stat info = {0};
    const int fd = hw_file_openat(sink->folder_fd, name, O_RDWR | O_CREAT | O_NOFOLLOW, 0666);
    if (fd < 0 && errno != ELOOP && errno != EISDIR) {
        return hw_file_failed(err, errno, "open the temporary file that an earlier run has left");
    }
    int errnum = fd >= 0 && hw_io()->fstat(fd, &info) != 0 ? errno : 0;
    const bool ours = fd >= 0 && errnum == 0 && hw_file_is_ours(&info);
    if (ours && info.st_size > bytes_max && ftruncate(fd, bytes_max) != 0) {
        errnum = errno;
    }
    if (fd >= 0 && (errnum != 0 || !ours)) {
        hw_io()->close(fd);
    }
    if (errnum != 0) {
        return hw_file_failed(err, errnum, "look at the temporary file that an earlier run has left");
    }
    *out_fd = ours ? fd : -1;
    return HW_OK;
}

/*
 * Takes the temporary that a killed run has left in the place of the one that was opened. Where
 * another process or user is at it, each writes for itself.
 */
static enum hw_status partial_open(struct file_sink *sink, uint64_t size, uint64_t part_bytes, struct hw_error *err) {
    char names[2][HW_FILE_TEMP_BYTES];
    bool resumed = false;
    int fd = -1;
    hw_file_partial_names(name_of(sink), names[0], names[1]);
    const struct hw_file_journal_params params = {
        .folder_fd = sink->folder_fd,
        .name = names[1],
        .source_id = sink->resume_id,
        .size = size,
        .part_bytes = part_bytes,
    };
    enum hw_status status = hw_file_journal_open(&sink->parts.journal, &params, &resumed, err);
    if (status) {
        return status == HW_EEXISTS ? HW_OK : status;
    }
    status = partial_take(sink, names[0], resumed && size <= INT64_MAX ? (off_t)size : 0, &fd, err);
    if (fd < 0) {
        hw_io()->unlinkat(sink->folder_fd, names[1], 0);
        hw_file_journal_release(&sink->parts.journal);
        return status;
    }
    hw_io()->close(sink->fd);
    hw_io()->unlinkat(sink->folder_fd, sink->temp, 0);
    sink->fd = fd;
    memcpy(sink->temp, names[0], sizeof(sink->temp));
    memcpy(sink->journal, names[1], sizeof(sink->journal));
    return HW_OK;
}

static enum hw_status temp_settle(struct file_sink *sink, struct hw_error *err);
static enum hw_status folder_again(struct file_sink *sink, struct hw_error *err);
static enum hw_status temp_publish(struct file_sink *sink, struct hw_error *err);

static enum hw_status sink_settle(struct hw_sink *base, struct hw_error *err) {
    struct file_sink *sink = (struct file_sink *)base;

    enum hw_status status = sink->fd >= 0 ? temp_settle(sink, err) : HW_OK;
    if (status != HW_OK) {
        hw_error_object(err, sink->path);
    }
    return status;
}

static enum hw_status sink_finish(struct hw_sink *base, struct hw_error *err) {
    struct file_sink *sink = (struct file_sink *)base;

    enum hw_status status = sink_settle(base, err);
    if (status == HW_OK) {
        status = folder_again(sink, err);
    }
    if (status == HW_OK) {
        status = temp_publish(sink, err);
    }
    if (status == HW_OK && !sink->sync) {
        status = hw_folder_syncs_run(&sink->sinks->folders, sink->folder_fd, err);
    }
    if (sink->one_of_many) {
        folder_close(sink);
    }
    if (status != HW_OK) {
        hw_error_object(err, sink->path);
    }
    return status;
}

/* The folder of the temporary, where it was closed meanwhile. */
static enum hw_status folder_again(struct file_sink *sink, struct hw_error *err) {
    if (sink->folder_fd < 0) {
        sink->folder_fd = folder_cut_open(sink, sink->folder_bytes);
    }
    return sink->folder_fd >= 0 ? HW_OK : hw_file_failed(err, errno, "open the folder to write into");
}

/*
 * All bytes on the disk. A failed fsync is not tried again: the system may have dropped the pages
 * and would say yes.
 */
static enum hw_status temp_settle(struct file_sink *sink, struct hw_error *err) {
    HW_TRY(bytes_put(sink, sink->buffer, sink->buffered, err));
    sink->buffered = 0;
    if (sink->in_parts) {
        HW_TRY(hw_file_parts_check(&sink->parts, err));
        sink->base.written = sink->parts.size;
    }
    HW_TRY(hw_file_facts_set(sink->fd, &sink->facts, err));
    if (!sink->sync && hw_io()->fsync(sink->fd) != 0) {
        return hw_file_failed(err, errno, "bring the bytes to the disk (fsync)");
    }
    struct stat info = {0};
    if (hw_io()->fstat(sink->fd, &info) != 0) {
        return hw_file_failed(err, errno, "look at the temporary file");
    }
    sink->device = info.st_dev;
    sink->inode = info.st_ino;
    sink->base.mtime_us = hw_file_mtime_us(&info);
    int fd = sink->fd;
    sink->fd = -1;
    return hw_io()->close(fd) == 0 || errno == EINTR ? HW_OK : hw_file_failed(err, errno, "close the file");
}

/* Renames unless the name is taken, also where the file system cannot do it in one step. */
static int rename_new(struct file_sink *sink) {
    if (hw_io()->renameat2(sink->folder_fd, sink->temp, sink->folder_fd, name_of(sink), RENAME_NOREPLACE) == 0) {
        return 0;
    }
    if (errno != EINVAL && errno != ENOSYS) {
        return -1;
    }
    if (hw_io()->linkat(sink->folder_fd, sink->temp, sink->folder_fd, name_of(sink), 0) != 0) {
        return -1;
    }
    /* the object is published, a second name does not change that */
    hw_io()->unlinkat(sink->folder_fd, sink->temp, 0);
    return 0;
}

static bool is_settled_file(const struct file_sink *sink, const struct stat *info) {
    return info->st_dev == sink->device && info->st_ino == sink->inode;
}

/*
 * What is on the disk already goes out of the page cache, so that it is read from there: that is
 * advice only.
 */
static enum hw_status settled_open(struct file_sink *sink, struct hw_source **out_source, struct hw_error *err) {
    struct stat info = {0};
    HW_TRY(folder_again(sink, err));
    const int fd = hw_file_openat(sink->folder_fd, sink->temp, O_RDONLY | O_NOFOLLOW, 0);
    if (fd < 0) {
        return hw_file_failed(err, errno, "open the temporary file again");
    }
    const int errnum = hw_io()->fstat(fd, &info) == 0 ? 0 : errno;
    if (errnum != 0 || !is_settled_file(sink, &info)) {
        hw_io()->close(fd);
        return errnum != 0 ? hw_file_failed(err, errnum, "look at the temporary file")
                           : hw_fail(err, HW_EIO, "another has put a file in the place of the temporary one");
    }
    posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    return hw_fd_source_open(fd, sink->base.written, sink->path, out_source, err);
}

static enum hw_status sink_settled_open(struct hw_sink *base, struct hw_source **out_source, struct hw_error *err) {
    struct file_sink *sink = (struct file_sink *)base;
    enum hw_status status = settled_open(sink, out_source, err);
    if (sink->one_of_many) {
        folder_close(sink);
    }
    if (status != HW_OK) {
        hw_error_object(err, sink->path);
    }
    return status;
}

/*
 * A name is what is renamed: where the folder is open to others it must still be that of the file
 * that was written. Whoever may write to the folder can still swap it in the moment that is left;
 * docs/outputs.md says so.
 */
static enum hw_status temp_check(const struct file_sink *sink, struct hw_error *err) {
    struct stat info = {0};
    if (fstatat(sink->folder_fd, sink->temp, &info, AT_SYMLINK_NOFOLLOW) != 0) {
        return hw_file_failed(err, errno, "find the temporary file again");
    }
    if (!is_settled_file(sink, &info)) {
        return hw_fail(err, HW_EIO, "another has put a file in the place of the temporary one: it is not published");
    }
    return HW_OK;
}

static enum hw_status temp_publish(struct file_sink *sink, struct hw_error *err) {
    HW_TRY(temp_check(sink, err));
    int rc = sink->create_only ? rename_new(sink)
                               : hw_io()->renameat(sink->folder_fd, sink->temp, sink->folder_fd, name_of(sink));
    if (rc != 0 && sink->create_only && errno == EEXIST) {
        return hw_fail(err, HW_EEXISTS, "exists already");
    }
    if (rc != 0) {
        return hw_file_failed(err, errno, "give the file its name");
    }
    sink->temp_there = false;
    if (sink->journal[0] != '\0') {
        /* What it tells of is published. */
        hw_io()->unlinkat(sink->folder_fd, sink->journal, 0);
    }
    return HW_OK;
}

static void folders_remove(struct file_sink *sink);

static void sink_free(struct hw_sink *base) {
    struct file_sink *sink = (struct file_sink *)base;

    if (sink->fd >= 0) {
        hw_io()->close(sink->fd);
    }
    const bool kept = sink->keep_partial && sink->journal[0] != '\0';
    if (sink->temp_there && !kept && folder_again(sink, NULL) == HW_OK) {
        hw_io()->unlinkat(sink->folder_fd, sink->temp, 0);
        if (sink->journal[0] != '\0') {
            hw_io()->unlinkat(sink->folder_fd, sink->journal, 0);
        }
    }
    hw_file_journal_release(&sink->parts.journal);
    folder_close(sink);
    folders_remove(sink);
    hw_free(sink->resume_id);
    hw_free(sink->buffer);
    hw_free(sink);
}

/* Innermost first; one that is not empty, because of our file or another's, stays. */
static void folders_remove(struct file_sink *sink) {
    for (size_t bytes = sink->folder_bytes; sink->made_bytes > 0 && bytes > sink->made_bytes;) {
        do {
            bytes--;
        } while (sink->path[bytes] != '/');
        sink->path[bytes] = '\0';
        hw_io()->unlinkat(AT_FDCWD, sink->path, AT_REMOVEDIR);
    }
}
