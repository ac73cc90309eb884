/* SPDX-License-Identifier: Apache-2.0 */
/* hw_avro_open and what follows it: one Avro file, and its rows as a stream of batches. */
#include <hawser/avro.h>
#include <unistd.h>

#include "avro/file_reader.h"
#include "core/alloc.h"
#include "core/buf.h"
#include "core/growing.h"
#include "core/io.h"
#include "core/shown_name.h"
#include "core/thread.h"
#include "pipeline/opened_object.h"

/* The bytes of a descriptor. */
struct fd_stream {
    struct hw_stream base;
    int fd;
    struct hw_io_stop stop;
};

struct hw_avro_file {
    struct hw_buf name; /* as it is told; NUL-ended */
    struct hw_opened_object object;
    struct fd_stream stream;
    struct hw_avro_container container;
};

/* ------ files */

static enum hw_status fd_read(struct hw_stream *base, void *data, size_t bytes, size_t *out_bytes,
                              struct hw_error *err) {
    const struct fd_stream *stream = (const struct fd_stream *)base;
    HW_TRY(hw_io_readable_wait(stream->fd, &stream->stop, err));
    return hw_io_read_once(stream->fd, data, bytes, out_bytes, err);
}

static const struct hw_stream_ops fd_ops = {fd_read, NULL};

static enum hw_status open_options_take(const struct hw_avro_open_options *given, struct hw_avro_open_options *out,
                                        struct hw_error *err) {
    static const struct hw_growing growing = HW_GROWING(hw_avro_open_options, input_fd);
    *out = (struct hw_avro_open_options){0};
    if (given) {
        HW_TRY(hw_growing_take(out, given, &growing, err));
        HW_TRY(hw_growing_reserved("hw_store_options", out->source_store.reserved, sizeof(out->source_store.reserved),
                                   err));
    }
    return HW_OK;
}

static enum hw_status file_open(struct hw_avro_file *file, const char *path, const struct hw_avro_open_options *options,
                                struct hw_error *err);

enum hw_status hw_avro_open(const char *path, const struct hw_avro_open_options *given, struct hw_avro_file **out_file,
                            struct hw_error *err) {
    struct hw_avro_open_options options;
    HW_TRY(open_options_take(given, &options, err));
    struct hw_avro_file *file = hw_alloc_zero(1, sizeof(*file));
    if (!file) {
        return hw_fail_nomem(err, sizeof(*file));
    }
    const enum hw_status status = file_open(file, path, &options, err);
    if (status) {
        hw_error_object(err, path);
        hw_avro_close(file);
        return status;
    }
    *out_file = file;
    return HW_OK;
}

static enum hw_status file_open(struct hw_avro_file *file, const char *path, const struct hw_avro_open_options *options,
                                struct hw_error *err) {
    const struct hw_store_options *store = &options->source_store;
    HW_TRY(hw_buf_printf(&file->name, err, HW_SHOWN_FORMAT, HW_SHOWN_ARGS(hw_shown_name(path))));
    if (strcmp(path, "-") == 0) {
        file->stream = (struct fd_stream){
            .base.ops = &fd_ops,
            .fd = options->input_fd == 0 ? STDIN_FILENO : options->input_fd,
            .stop = {store->cancelled, store->cancelled_ctx},
        };
        return hw_avro_container_open_stream(&file->container, &file->stream.base, (const char *)file->name.data, err);
    }
    HW_TRY(hw_opened_object_open(&file->object, path, store, 0, err));
    return hw_avro_container_open(&file->container, file->object.source, err);
}

void hw_avro_close(struct hw_avro_file *file) {
    if (!file) {
        return;
    }
    hw_avro_container_release(&file->container);
    hw_opened_object_release(&file->object);
    hw_buf_release(&file->name);
    hw_free(file);
}

const struct hw_schema *hw_avro_schema(const struct hw_avro_file *file) {
    return &file->container.schema;
}

const char *hw_avro_schema_json(const struct hw_avro_file *file) {
    return file->container.head.schema_text.data;
}

const char *hw_avro_file_codec(const struct hw_avro_file *file) {
    return hw_avro_codec_name(file->container.head.codec);
}

size_t hw_avro_metadata(const struct hw_avro_file *file, const struct hw_key_value **out_pairs) {
    *out_pairs = file->container.head.metadata;
    return file->container.head.metadata_count;
}

/* ------ rows */

enum hw_status hw_avro_batches(struct hw_avro_file *file, const struct hw_avro_batches_options *given,
                               struct hw_batch_stream **out_stream, struct hw_error *err) {
    static const struct hw_growing growing = HW_GROWING(hw_avro_batches_options, reader_schema);
    struct hw_avro_batches_options options = {0};
    if (given) {
        HW_TRY(hw_growing_take(&options, given, &growing, err));
    }
    const struct hw_avro_reader_options rows = {
        .columns = options.columns,
        .reader_schema = options.reader_schema ? hw_view_of(options.reader_schema) : (hw_view){NULL, 0},
        .threads = options.threads > 0 ? options.threads : hw_thread_count(),
        .memory_bytes = (size_t)hw_clamp(options.memory_bytes, 0, SIZE_MAX),
        .batch_rows = options.batch_rows,
        .skip = options.skip_rows,
        .limit = options.limit_rows,
    };
    return hw_avro_reader_new(&file->container, &rows, out_stream, err);
}
