/* SPDX-License-Identifier: Apache-2.0 */
#include "store/fd_source.h"

#include <errno.h>
#include <fcntl.h>

#include "core/alloc.h"
#include "core/count.h"
#include "core/io.h"

struct fd_source {
    struct hw_source base;
    int fd;
};

static enum hw_status fd_read_at(struct hw_source *base, uint64_t offset, void *data, size_t bytes,
                                 struct hw_error *err) {
    const struct fd_source *source = (const struct fd_source *)base;
    if (offset > base->size || bytes > base->size - offset) {
        return hw_fail_at(err, HW_EIO, offset, "a read of %s reaches beyond the end", HW_COUNT(bytes, "byte"));
    }
    return hw_io_pread_all(source->fd, data, bytes, offset, err);
}

static void fd_close(struct hw_source *base) {
    hw_io()->close(((struct fd_source *)base)->fd);
    hw_free(base);
}

static const struct hw_source_ops fd_ops = {.size = sizeof(fd_ops), .read_at = fd_read_at, .close = fd_close};

enum hw_status hw_fd_source_open(int fd, uint64_t size, const char *name, struct hw_source **out_source,
                                 struct hw_error *err) {
    struct fd_source *source = hw_alloc_zero(1, sizeof(*source));
    if (!source) {
        hw_io()->close(fd);
        return hw_fail_nomem(err, sizeof(*source));
    }
    source->base = (struct hw_source){.ops = &fd_ops, .size = size, .name = name, .etag = ""};
    source->fd = fd;
    *out_source = &source->base;
    return HW_OK;
}

enum hw_status hw_fd_source_dup(int fd, uint64_t size, const char *name, struct hw_source **out_source,
                                struct hw_error *err) {
    const int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    return copy >= 0 ? hw_fd_source_open(copy, size, name, out_source, err)
                     : hw_fail_errno(err, errno, "cannot read the temporary file again");
}
