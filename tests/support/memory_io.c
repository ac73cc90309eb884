/* SPDX-License-Identifier: Apache-2.0 */
#include "support/memory_io.h"

static enum hw_status memory_read_at(struct hw_source *base, uint64_t offset, void *data, size_t bytes,
                                     struct hw_error *err) {
    struct memory_source *source = (struct memory_source *)base;
    const int number = atomic_fetch_add(&source->reads, 1) + 1;
    if (number == source->fail_on_read) {
        return hw_fail_at(err, HW_EIO, offset, "injected");
    }
    if (offset > source->bytes.size || bytes > source->bytes.size - offset) {
        return hw_fail_at(err, HW_EIO, offset, "read beyond the end");
    }
    if (bytes > 0) {
        memcpy(data, source->bytes.data + offset, bytes);
    }
    return HW_OK;
}

static void memory_close(struct hw_source *base) {
    (void)base;
}

static const struct hw_source_ops source_ops = {
    .size = sizeof(source_ops), .read_at = memory_read_at, .close = memory_close};

struct memory_source memory_source(hw_view bytes, int fail_on_read) {
    return (struct memory_source){
        .base = {.ops = &source_ops, .size = bytes.size, .name = "memory", .etag = ""},
        .bytes = bytes,
        .fail_on_read = fail_on_read,
    };
}

static enum hw_status memory_write(struct hw_sink *base, const void *data, size_t bytes, struct hw_error *err) {
    struct memory_sink *sink = (struct memory_sink *)base;
    sink->writes++;
    if (sink->writes == sink->fail_on_write) {
        return hw_fail(err, HW_EIO, "injected");
    }
    HW_TRY(hw_buf_append(&sink->bytes, data, bytes, err));
    base->written += bytes;
    return HW_OK;
}

static enum hw_status memory_settle(struct hw_sink *base, struct hw_error *err) {
    (void)base;
    (void)err;
    return HW_OK;
}

static enum hw_status memory_finish(struct hw_sink *base, struct hw_error *err) {
    (void)err;
    ((struct memory_sink *)base)->finished = true;
    return HW_OK;
}

static void memory_free(struct hw_sink *base) {
    ((struct memory_sink *)base)->freed = true;
}

static const struct hw_sink_ops sink_ops = {.size = sizeof(sink_ops),
                                            .write = memory_write,
                                            .settle = memory_settle,
                                            .finish = memory_finish,
                                            .free = memory_free};

struct memory_sink memory_sink(int fail_on_write) {
    return (struct memory_sink){.base = {.ops = &sink_ops}, .fail_on_write = fail_on_write};
}
