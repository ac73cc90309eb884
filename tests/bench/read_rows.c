/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decodes all columns of a Parquet file: read_rows FILE THREADS.
 *
 * It goes over every column of every batch, and prints how many rows, nulls and bytes of texts there were, as JSON.
 */
#include <hawser/hawser.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct tally {
    uint64_t rows;
    uint64_t nulls;
    uint64_t text_bytes;
};

static bool has_offsets(enum hw_kind kind) {
    return kind == HW_KIND_TEXT || kind == HW_KIND_BINARY;
}

/* Schemas are at most 100 levels deep, and so is this. */
static void column_add(const struct hw_column *column, const struct hw_field *field, size_t slots,
                       struct tally *tally) {
    tally->nulls += column->null_count;
    if (has_offsets(field->type.kind)) {
        tally->text_bytes += (uint64_t)(column->offsets[column->offset + slots] - column->offsets[column->offset]);
    }
    for (size_t i = 0; i < field->children_count; i++) {
        const struct hw_column *child = &column->children[i];
        column_add(child, &field->children[i], child->length, tally);
    }
}

static void batch_add(const struct hw_batch *batch, struct tally *tally) {
    tally->rows += batch->rows;
    for (size_t i = 0; i < batch->schema->count; i++) {
        column_add(&batch->columns[i], &batch->schema->fields[i], batch->rows, tally);
    }
}

static enum hw_status stream_add(struct hw_batch_stream *stream, struct tally *tally, struct hw_error *err) {
    for (;;) {
        struct hw_batch batch;
        bool more = false;
        enum hw_status status = stream->next(stream, &batch, &more, err);
        if (status != HW_OK || !more) {
            return status;
        }
        batch_add(&batch, tally);
        hw_batch_release(&batch);
    }
}

static enum hw_status file_add(const struct hw_parquet_file *file, uint32_t threads, struct tally *tally,
                               struct hw_error *err) {
    const struct hw_parquet_batches_options options = {.size = sizeof(options), .threads = threads};
    struct hw_batch_stream *stream;
    enum hw_status status = hw_parquet_batches(file, &options, &stream, err);
    if (status == HW_OK) {
        status = stream_add(stream, tally, err);
        stream->free(stream);
    }
    return status;
}

int main(int argc, char **argv) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_parquet_file *file;
    struct tally tally = {0};
    if (argc != 3) {
        fprintf(stderr, "usage: %s FILE THREADS\n", argv[0]);
        return 2;
    }
    enum hw_status status = hw_parquet_open(argv[1], NULL, &file, &err);
    if (status == HW_OK) {
        status = file_add(file, (uint32_t)strtoul(argv[2], NULL, 10), &tally, &err);
        hw_parquet_close(file);
    }
    if (status != HW_OK) {
        char line[1024];
        hw_error_format(&err, line, sizeof(line));
        fprintf(stderr, "%s\n", line);
        return hw_status_exit_code(status);
    }
    printf("{\"rows\": %" PRIu64 ", \"nulls\": %" PRIu64 ", \"text_bytes\": %" PRIu64 "}\n", tally.rows, tally.nulls,
           tally.text_bytes);
    return 0;
}
