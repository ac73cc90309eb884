/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/pipe.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/count.h"
#include "core/io.h"
#include "core/temp_file.h"
#include "store/fd_source.h"
#include "store/write_check.h"

enum { COPY_BYTES = 256 << 10 };

/* Copies `from` to `to` until `from` ends, or `stop` says so. */
/* What is copied where: a pipe to a temporary file, or such a file to the output. */
struct copy {
    int from;
    int to;
    bool to_output;
};

/* Says which end of a copy failed where that is not the source, which is named anyway. */
static enum hw_status writing_failed(const struct copy *copy, enum hw_status status, struct hw_error *err) {
    if (status == HW_OK || !copy->to_output) {
        return hw_temp_file_told(status, err);
    }
    hw_error_prefix(err, copy->to == STDOUT_FILENO ? "standard output" : "the output");
    return status;
}

static enum hw_status fd_copy(const struct copy *copy, const struct hw_io_stop *stop, uint64_t *out_bytes,
                              struct hw_error *err) {
    char *block = hw_alloc(COPY_BYTES);
    uint64_t total = 0;
    size_t got = COPY_BYTES;
    enum hw_status status = block ? HW_OK : hw_fail_nomem(err, COPY_BYTES);
    while (status == HW_OK && got > 0) {
        if (stop->cancelled && stop->cancelled(stop->ctx)) {
            status = hw_fail(err, HW_ECANCELLED, "stopped before it was done");
            break;
        }
        status = hw_io_readable_wait(copy->from, stop, err);
        if (status == HW_OK) {
            status = hw_io_read_once(copy->from, block, COPY_BYTES, &got, err);
        }
        if (status == HW_OK && got > 0) {
            status = writing_failed(copy, hw_io_write_until(copy->to, block, got, stop, err), err);
            total += got;
        }
    }
    hw_free(block);
    *out_bytes = total;
    return status;
}

enum hw_status hw_pipe_source_open(int fd, const struct hw_io_stop *stop, struct hw_source **out_source,
                                   struct hw_error *err) {
    uint64_t bytes = 0;
    int file_fd;
    HW_TRY(hw_temp_file_open(&file_fd, err));
    const enum hw_status status = fd_copy(&(struct copy){fd, file_fd, false}, stop, &bytes, err);
    if (status != HW_OK) {
        hw_io()->close(file_fd);
        return status;
    }
    return hw_fd_source_open(file_fd, bytes, "-", out_source, err);
}

struct pipe_sink {
    struct hw_sink base;
    int fd;
    int output_fd;
    struct hw_io_stop stop;
};

static enum hw_status pipe_write(struct hw_sink *base, const void *data, size_t bytes, struct hw_error *err) {
    HW_TRY(hw_temp_file_told(hw_io_write_all(((struct pipe_sink *)base)->fd, data, bytes, err), err));
    base->written += bytes;
    return HW_OK;
}

static enum hw_status pipe_settle(struct hw_sink *base, struct hw_error *err) {
    (void)base;
    (void)err;
    return HW_OK;
}

static enum hw_status pipe_settled_open(struct hw_sink *base, struct hw_source **out_source, struct hw_error *err) {
    return hw_fd_source_dup(((struct pipe_sink *)base)->fd, base->written, "-", out_source, err);
}

static enum hw_status pipe_finish(struct hw_sink *base, struct hw_error *err) {
    struct pipe_sink *sink = (struct pipe_sink *)base;
    uint64_t copied = 0;
    if (lseek(sink->fd, 0, SEEK_SET) != 0) {
        return hw_fail_errno(err, errno, "cannot read the temporary file again");
    }
    HW_TRY(fd_copy(&(struct copy){sink->fd, sink->output_fd, true}, &sink->stop, &copied, err));
    if (copied != base->written) {
        return hw_fail(err, HW_EIO, "the temporary file has %s, wrote %" PRIu64, HW_COUNT(copied, "byte"),
                       base->written);
    }
    return HW_OK;
}

static void pipe_sink_free(struct hw_sink *base) {
    hw_io()->close(((struct pipe_sink *)base)->fd);
    hw_free(base);
}

static const struct hw_sink_ops pipe_sink_ops = {
    .size = sizeof(pipe_sink_ops),
    .write = pipe_write,
    .settle = pipe_settle,
    .finish = pipe_finish,
    .free = pipe_sink_free,
    .settled_open = pipe_settled_open,
};

struct pipe_store {
    struct hw_store base;
    int fd;
    struct hw_io_stop stop;
};

static enum hw_status pipe_sink_open(struct hw_store *store, const char *key, const struct hw_sink_options *options,
                                     struct hw_sink **out_sink, struct hw_error *err) {
    (void)key;
    HW_TRY(hw_write_check_local(options ? options->write : NULL, "standard output", err));
    struct pipe_sink *sink = hw_alloc_zero(1, sizeof(*sink));
    if (!sink) {
        return hw_fail_nomem(err, sizeof(*sink));
    }
    sink->base.ops = &pipe_sink_ops;
    sink->base.etag = "";
    sink->output_fd = ((struct pipe_store *)store)->fd;
    sink->stop = ((struct pipe_store *)store)->stop;
    enum hw_status status = hw_temp_file_open(&sink->fd, err);
    if (status != HW_OK) {
        hw_free(sink);
        return status;
    }
    *out_sink = &sink->base;
    return HW_OK;
}

static enum hw_status pipe_stat(struct hw_store *store, const char *key, struct hw_object_info *out_info,
                                char out_etag[128], struct hw_error *err) {
    (void)store;
    (void)key;
    (void)out_info;
    (void)out_etag;
    return hw_fail(err, HW_ENOTFOUND, "a pipe holds no objects");
}

static enum hw_status pipe_list(struct hw_store *store, const char *prefix, hw_list_fn *each, void *ctx,
                                struct hw_error *err) {
    (void)store;
    (void)prefix;
    (void)each;
    (void)ctx;
    (void)err;
    return HW_OK;
}

static enum hw_status pipe_store_source_open(struct hw_store *store, const char *key,
                                             const struct hw_object_info *known, struct hw_source **out_source,
                                             struct hw_error *err) {
    (void)store;
    (void)key;
    (void)known;
    (void)out_source;
    return hw_fail(err, HW_ENOTFOUND, "a pipe holds no objects");
}

static enum hw_status pipe_remove(struct hw_store *store, const char *key, struct hw_error *err) {
    (void)store;
    (void)key;
    return hw_fail(err, HW_ENOTFOUND, "a pipe holds no objects");
}

static void pipe_store_close(struct hw_store *store) {
    hw_free(store);
}

static const struct hw_store_ops pipe_store_ops = {
    .size = sizeof(pipe_store_ops),
    .list = pipe_list,
    .stat = pipe_stat,
    .source_open = pipe_store_source_open,
    .sink_open = pipe_sink_open,
    .remove = pipe_remove,
    .close = pipe_store_close,
};

enum hw_status hw_pipe_store_open(int fd, const struct hw_io_stop *stop, struct hw_store **out_store,
                                  struct hw_error *err) {
    struct pipe_store *store = hw_alloc_zero(1, sizeof(*store));
    if (!store) {
        return hw_fail_nomem(err, sizeof(*store));
    }
    store->base = (struct hw_store){.ops = &pipe_store_ops, .root = "-"};
    store->fd = fd;
    store->stop = *stop;
    *out_store = &store->base;
    return HW_OK;
}
