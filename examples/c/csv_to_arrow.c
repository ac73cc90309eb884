/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hands a CSV object to whoever speaks Arrow: here to a few lines that print the columns, with their
 * types as Arrow writes them, and count rows and nulls. The object is never in memory as a whole.
 *
 *     cc csv_to_arrow.c $(pkg-config --cflags --libs hawser) -o csv_to_arrow
 *     ./csv_to_arrow s3://bucket/orders.csv.gz
 */
#include <hawser/hawser.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Opens the object as a stream of the Arrow C Stream Interface. */
static enum hw_status csv_open(const char *path, struct ArrowArrayStream *out_stream, struct hw_error *err) {
    struct hw_csv_read_options options = {0};
    struct hw_batch_stream *batches;
    enum hw_status status = hw_csv_read(path, &options, &batches, err);
    return status == HW_OK ? hw_arrow_stream_export(batches, out_stream, err) : status;
}

/* ------ from here on nothing is known of Hawser: any library could stand in its place */

/* Adds up rows and, for each column, nulls. Returns 0, or the errno of the stream. */
static int rows_count(struct ArrowArrayStream *stream, int64_t *rows, int64_t *nulls) {
    for (;;) {
        struct ArrowArray table;
        int error = stream->get_next(stream, &table);
        if (error != 0 || !table.release) { /* a table without `release` says that none is left */
            return error;
        }
        *rows += table.length;
        for (int64_t i = 0; i < table.n_children; i++) {
            nulls[i] += table.children[i]->null_count;
        }
        table.release(&table);
    }
}

static int columns_print(struct ArrowArrayStream *stream) {
    struct ArrowSchema schema;
    int64_t rows = 0;
    int error = stream->get_schema(stream, &schema);
    if (error != 0) {
        return error;
    }
    int64_t *nulls = calloc((size_t)schema.n_children + 1, sizeof(*nulls));
    error = nulls ? rows_count(stream, &rows, nulls) : ENOMEM;
    if (error == 0) {
        printf("%" PRId64 " rows\n", rows);
        for (int64_t i = 0; i < schema.n_children; i++) {
            const struct ArrowSchema *column = schema.children[i];
            printf("%-20s %-10s %" PRId64 " nulls\n", column->name, column->format, nulls[i]);
        }
    }
    free(nulls);
    schema.release(&schema);
    return error;
}

int main(int argc, char **argv) {
    struct ArrowArrayStream stream;
    struct hw_error err = HW_ERROR_INIT;
    if (argc != 2) {
        fprintf(stderr, "usage: %s SRC\n", argv[0]);
        return 2;
    }
    enum hw_status status = csv_open(argv[1], &stream, &err);
    if (status != HW_OK) {
        char line[1024];
        hw_error_format(&err, line, sizeof(line));
        fprintf(stderr, "%s: %s\n", hw_status_text(status), line);
        return hw_status_exit_code(status);
    }
    int error = columns_print(&stream);
    if (error != 0) {
        const char *message = stream.get_last_error(&stream);
        fprintf(stderr, "%s\n", message ? message : "out of memory");
    }
    stream.release(&stream);
    return error == 0 ? 0 : 1;
}
