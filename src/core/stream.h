/* SPDX-License-Identifier: Apache-2.0 */
/* A stream: bytes that come once, in order (standard input, an unpacked gzip). */
#ifndef HW_CORE_STREAM_H
#define HW_CORE_STREAM_H

#include "core/error.h"

struct hw_stream;

struct hw_stream_ops {
    /*
     * Reads at most `bytes`; `*out_bytes` is 0 only at the end of the stream. One thread at a time.
     */
    enum hw_status (*read)(struct hw_stream *stream, void *data, size_t bytes, size_t *out_bytes, struct hw_error *err);
    /* Releases the stream, not what it reads from. */
    void (*close)(struct hw_stream *stream);
};

struct hw_stream {
    const struct hw_stream_ops *ops;
};

#endif
