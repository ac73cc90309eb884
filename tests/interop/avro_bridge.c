/* SPDX-License-Identifier: Apache-2.0 */
/* hw_avro_open and hw_avro_batches for tests/interop/avro_read.py, which loads this into Python. */
#include <hawser/arrow.h>
#include <hawser/avro.h>
#include <stdlib.h>

enum { MESSAGE_BYTES = 1024 };

struct avro_bridge_read {
    unsigned threads;
    uint64_t memory_bytes;
    size_t batch_rows;
    uint64_t skip_rows;
    uint64_t limit_rows;
    const char *columns;
    const char *reader_schema;
};

HW_API int avro_bridge_open(const char *path, const struct avro_bridge_read *read, struct ArrowArrayStream *out_stream,
                            char *message);

/* The stream of a file that is closed with it. */
struct file_stream {
    struct hw_batch_stream base;
    struct hw_avro_file *file;
    struct hw_batch_stream *rows;
};

static enum hw_status file_next(struct hw_batch_stream *base, struct hw_batch *out_batch, bool *out_more,
                                struct hw_error *err) {
    struct file_stream *stream = (struct file_stream *)base;
    return stream->rows->next(stream->rows, out_batch, out_more, err);
}

static void file_free(struct hw_batch_stream *base) {
    struct file_stream *stream = (struct file_stream *)base;
    if (stream->rows) {
        stream->rows->free(stream->rows);
    }
    hw_avro_close(stream->file);
    free(stream);
}

static enum hw_status file_open(struct file_stream *stream, const char *path, const struct avro_bridge_read *read,
                                struct hw_error *err) {
    const struct hw_avro_batches_options options = {
        .size = sizeof(options),
        .threads = read->threads,
        .memory_bytes = read->memory_bytes,
        .batch_rows = read->batch_rows,
        .skip_rows = read->skip_rows,
        .limit_rows = read->limit_rows,
        .columns = read->columns,
        .reader_schema = read->reader_schema,
    };
    enum hw_status status = hw_avro_open(path, NULL, &stream->file, err);
    if (status == HW_OK) {
        status = hw_avro_batches(stream->file, &options, &stream->rows, err);
    }
    if (status == HW_OK) {
        stream->base.schema = stream->rows->schema;
    }
    return status;
}

int avro_bridge_open(const char *path, const struct avro_bridge_read *read, struct ArrowArrayStream *out_stream,
                     char *message) {
    struct hw_error err = HW_ERROR_INIT;
    struct file_stream *stream = calloc(1, sizeof(*stream));
    if (!stream) {
        return HW_ENOMEM;
    }
    stream->base.next = file_next;
    stream->base.free = file_free;
    enum hw_status status = file_open(stream, path, read, &err);
    if (status == HW_OK) {
        status = hw_arrow_stream_export(&stream->base, out_stream, &err);
    } else {
        file_free(&stream->base);
    }
    if (status != HW_OK) {
        hw_error_format(&err, message, MESSAGE_BYTES);
    }
    return (int)status;
}
