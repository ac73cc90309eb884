/* SPDX-License-Identifier: Apache-2.0 */
#include "interop/arrow_bridge.h"

#include <hawser/convert.h>
#include <hawser/parquet.h>
#include <stdio.h>
#include <stdlib.h>

#include "avro/writer.h"
#include "core/error.h"
#include "parquet/writer.h"

struct file_sink {
    struct hw_sink base;
    FILE *file;
};

/* A file on its way. */
struct bridge_file {
    struct file_sink sink;
    struct hw_table_writer *writer;
    struct hw_encoder *encoder;
};

static int told(enum hw_status status, const struct hw_error *err, char *message) {
    if (status != HW_OK) {
        hw_error_format(err, message, BRIDGE_MESSAGE_BYTES);
    }
    return (int)status;
}

int bridge_batch(const struct ArrowSchema *schema, struct ArrowArray *array, struct ArrowSchema *out_schema,
                 struct ArrowArray *out_array, char *message) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_batch batch;
    enum hw_status status = hw_arrow_batch_import(schema, array, &batch, &err);
    if (status != HW_OK) {
        return told(status, &err, message);
    }
    status = hw_arrow_schema_export(batch.schema, out_schema, &err);
    if (status == HW_OK) {
        status = hw_arrow_batch_export(&batch, out_array, &err);
    }
    hw_batch_release(&batch);
    return told(status, &err, message);
}

int bridge_stream(struct ArrowArrayStream *stream, struct ArrowArrayStream *out_stream, char *message) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_batch_stream *imported;
    enum hw_status status = hw_arrow_stream_import(stream, &imported, &err);
    if (status == HW_OK) {
        status = hw_arrow_stream_export(imported, out_stream, &err);
    }
    return told(status, &err, message);
}

static enum hw_status sink_write(struct hw_sink *base, const void *data, size_t bytes, struct hw_error *err) {
    struct file_sink *sink = (struct file_sink *)base;
    if (fwrite(data, 1, bytes, sink->file) != bytes) {
        return hw_fail(err, HW_EIO, "cannot write");
    }
    base->written += bytes;
    return HW_OK;
}

static enum hw_status writer_new(const struct hw_schema *schema, const struct bridge_options *options,
                                 struct bridge_file *file, struct hw_error *err) {
    static const struct hw_sink_ops sink_ops = {.write = sink_write};
    const struct hw_parquet_options parquet = {
        .codec = options->compressed ? HW_CODEC_ZSTD : HW_CODEC_NONE,
        .level = HW_LEVEL_DEFAULT,
        .encodings = options->compat ? HW_PARQUET_COMPAT : HW_PARQUET_COMPACT,
        .page_bytes = options->page_bytes,
        .page_rows = options->page_rows,
    };
    const struct hw_avro_options avro = {.codec = options->compressed ? HW_CODEC_DEFLATE : HW_CODEC_NONE,
                                         .level = HW_LEVEL_DEFAULT,
                                         .block_bytes = options->page_bytes};
    file->sink.base.ops = &sink_ops;
    return strcmp(options->format, "avro") == 0
               ? hw_avro_writer_new(schema, &avro, &file->sink.base, &file->writer, err)
               : hw_parquet_writer_new(schema, &parquet, &file->sink.base, &file->writer, err);
}

static enum hw_status group_append(struct bridge_file *file, struct hw_error *err) {
    struct hw_encoded *encoded;
    HW_TRY(file->encoder->ops->take(file->encoder, &encoded, err));
    return file->writer->ops->append(file->writer, encoded, err);
}

static enum hw_status batches_write(struct hw_batch_stream *stream, const struct bridge_options *options,
                                    struct bridge_file *file, struct hw_error *err) {
    bool more = true;
    HW_TRY(writer_new(stream->schema, options, file, err));
    HW_TRY(file->writer->ops->encoder_new(file->writer, &file->encoder, err));
    for (size_t taken = 1; more; taken++) {
        struct hw_batch batch;
        HW_TRY(stream->next(stream, &batch, &more, err));
        if (!more) {
            break;
        }
        enum hw_status status = file->encoder->ops->add(file->encoder, &batch, err);
        hw_batch_release(&batch);
        HW_TRY(status);
        if (taken % options->group_batches == 0) {
            HW_TRY(group_append(file, err));
        }
    }
    HW_TRY(group_append(file, err));
    return file->writer->ops->finish(file->writer, err);
}

int bridge_write(struct ArrowArrayStream *stream, const char *path, const struct bridge_options *options,
                 char *message) {
    struct hw_error err = HW_ERROR_INIT;
    struct bridge_file file = {0};
    struct hw_batch_stream *imported;
    enum hw_status status = hw_arrow_stream_import(stream, &imported, &err);
    if (status != HW_OK) {
        return told(status, &err, message);
    }
    file.sink.file = fopen(path, "wb");
    status = file.sink.file ? batches_write(imported, options, &file, &err) : hw_fail(&err, HW_EIO, "cannot open");
    if (file.encoder) {
        file.encoder->ops->free(file.encoder);
    }
    if (file.writer) {
        file.writer->ops->free(file.writer);
    }
    if (file.sink.file && fclose(file.sink.file) != 0 && status == HW_OK) {
        status = hw_fail(&err, HW_EIO, "cannot close");
    }
    imported->free(imported);
    return told(status, &err, message);
}

int bridge_csv(const char *path, const char *null_value, size_t batch_rows, struct ArrowArrayStream *out_stream,
               char *message) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_batch_stream *stream;
    const struct hw_csv_read_options options = {
        .csv = {.null_values = &null_value, .null_values_count = null_value ? 1 : 0},
        .batch_rows = batch_rows,
        .input_fd = -1,
    };
    enum hw_status status = hw_csv_read(path, &options, &stream, &err);
    if (status == HW_OK) {
        status = hw_arrow_stream_export(stream, out_stream, &err);
    }
    return told(status, &err, message);
}

int bridge_convert(struct ArrowArrayStream *stream, const char *name, const char *folder, const char *partition,
                   size_t row_group_bytes, char *message) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_batch_stream *imported;
    struct hw_convert_result result;
    const struct hw_convert_options options = {
        .formats = HW_FORMAT_PARQUET | HW_FORMAT_AVRO,
        .row_group_bytes = row_group_bytes,
        .partition_by = &partition,
        .partition_by_count = partition != NULL,
        .overwrite = HW_OVERWRITE_REPLACE,
        .memory_bytes = 256 << 20,
        .threads = 2,
    };
    enum hw_status status = hw_arrow_stream_import(stream, &imported, &err);
    if (status == HW_OK) {
        status = hw_convert_batches(imported, name, folder, &options, &result, &err);
    }
    return told(status, &err, message);
}

/* The stream of a file that is closed with it. */
struct file_stream {
    struct hw_batch_stream base;
    struct hw_parquet_file *file;
    struct hw_batch_stream *rows;
};

static enum hw_status file_stream_next(struct hw_batch_stream *base, struct hw_batch *out_batch, bool *out_more,
                                       struct hw_error *err) {
    struct file_stream *stream = (struct file_stream *)base;
    return stream->rows->next(stream->rows, out_batch, out_more, err);
}

static void file_stream_free(struct hw_batch_stream *base) {
    struct file_stream *stream = (struct file_stream *)base;
    if (stream->rows) {
        stream->rows->free(stream->rows);
    }
    hw_parquet_close(stream->file);
    free(stream);
}

static enum hw_status file_stream_open(struct file_stream *stream, const char *path, const struct bridge_read *read,
                                       struct hw_error *err) {
    const struct hw_parquet_open_options open = {.size = sizeof(open), .int96 = (enum hw_int96)read->int96};
    const struct hw_parquet_batches_options batches = {
        .size = sizeof(batches),
        .threads = read->threads,
        .memory_bytes = read->memory_bytes,
        .page_bytes_max = read->page_bytes_max,
        .batch_rows = read->batch_rows,
        .skip_rows = read->skip_rows,
        .limit_rows = read->limit_rows,
    };
    enum hw_status status = hw_parquet_open(path, &open, &stream->file, err);
    status = status ? status : hw_parquet_batches(stream->file, &batches, &stream->rows, err);
    if (status == HW_OK) {
        stream->base.schema = stream->rows->schema;
    }
    return status;
}

int bridge_parquet(const char *path, const struct bridge_read *read, struct ArrowArrayStream *out_stream,
                   char *message) {
    struct hw_error err = HW_ERROR_INIT;
    struct file_stream *stream = calloc(1, sizeof(*stream));
    if (!stream) {
        return told(HW_ENOMEM, &err, message);
    }
    stream->base.next = file_stream_next;
    stream->base.free = file_stream_free;
    enum hw_status status = file_stream_open(stream, path, read, &err);
    if (status) {
        file_stream_free(&stream->base);
        return told(status, &err, message);
    }
    status = hw_arrow_stream_export(&stream->base, out_stream, &err);
    return told(status, &err, message);
}

int bridge_parquet_stats(const char *path, size_t group, size_t leaf, struct bridge_stats *out_stats,
                         struct ArrowSchema *out_schema, struct ArrowArray *out_array, char *message) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_parquet_file *file;
    struct hw_parquet_stats stats = {0};
    enum hw_status status = hw_parquet_open(path, NULL, &file, &err);
    if (status) {
        return told(status, &err, message);
    }
    status = hw_parquet_chunk_stats(file, group, leaf, &stats, &err);
    hw_parquet_close(file); /* The bounds outlive it. */
    if (status == HW_OK) {
        *out_stats = (struct bridge_stats){stats.entries, stats.nulls, stats.min_exact, stats.max_exact, stats.ordered};
        status = hw_arrow_schema_export(stats.bounds.schema, out_schema, &err);
        status = status ? status : hw_arrow_batch_export(&stats.bounds, out_array, &err);
    }
    hw_batch_release(&stats.bounds);
    return told(status, &err, message);
}
