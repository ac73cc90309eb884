/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Adds up one column of a Parquet file, local, on S3 or on the web. Only the footer and that column
 * are read, and never more of it than a batch is in memory.
 *
 *     cc sum_column.c $(pkg-config --cflags --libs hawser) -o sum_column
 *     ./sum_column s3://bucket/orders.parquet price
 */
#include <hawser/hawser.h>

#include <inttypes.h>
#include <stdio.h>

struct sum {
    uint64_t values;
    uint64_t nulls;
    double total;
};

/* Returns whether slot `slot` of the column is not null. */
static bool is_there(const struct hw_column *column, size_t slot) {
    return !column->validity || (column->validity[slot / 8] >> slot % 8 & 1) != 0;
}

/* Returns a number of the two kinds that this program knows. */
static double number_at(const struct hw_column *column, enum hw_kind kind, size_t slot) {
    return kind == HW_KIND_DOUBLE ? ((const double *)column->values)[slot]
                                  : (double)((const int64_t *)column->values)[slot];
}

static void batch_add(const struct hw_batch *batch, struct sum *sum) {
    const struct hw_column *column = &batch->columns[0];
    const enum hw_kind kind = batch->schema->fields[0].type.kind;
    for (size_t row = 0; row < batch->rows; row++) {
        const size_t slot = column->offset + row;
        if (is_there(column, slot)) {
            sum->values++;
            sum->total += number_at(column, kind, slot);
        } else {
            sum->nulls++;
        }
    }
}

static enum hw_status stream_add(struct hw_batch_stream *stream, struct sum *sum, struct hw_error *err) {
    for (;;) {
        struct hw_batch batch;
        bool more = false;
        enum hw_status status = stream->next(stream, &batch, &more, err);
        if (status != HW_OK || !more) {
            return status;
        }
        batch_add(&batch, sum);
        hw_batch_release(&batch);
    }
}

static enum hw_status column_add(const struct hw_parquet_file *file, const char *name, struct sum *sum,
                                 struct hw_error *err) {
    const struct hw_parquet_batches_options options = {.size = sizeof(options), .columns = name};
    struct hw_batch_stream *stream;
    enum hw_status status = hw_parquet_batches(file, &options, &stream, err);
    if (status != HW_OK) {
        return status;
    }
    const enum hw_kind kind = stream->schema->fields[0].type.kind;
    if (kind == HW_KIND_DOUBLE || kind == HW_KIND_INT64) {
        status = stream_add(stream, sum, err);
    } else {
        fprintf(stderr, "%s is not a column of doubles or of integers of 64 bits\n", name);
        status = HW_EUSAGE;
    }
    stream->free(stream);
    return status;
}

int main(int argc, char **argv) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_parquet_file *file;
    struct sum sum = {0};
    if (argc != 3) {
        fprintf(stderr, "usage: %s SRC COLUMN\n", argv[0]);
        return 2;
    }
    enum hw_status status = hw_parquet_open(argv[1], NULL, &file, &err);
    if (status == HW_OK) {
        status = column_add(file, argv[2], &sum, &err);
        hw_parquet_close(file);
    }
    if (status != HW_OK && err.status != HW_OK) {
        char line[1024];
        hw_error_format(&err, line, sizeof(line));
        fprintf(stderr, "%s\n", line);
    }
    if (status != HW_OK) {
        return hw_status_exit_code(status);
    }
    printf("%" PRIu64 " values and %" PRIu64 " nulls, the sum is %.15g\n", sum.values, sum.nulls, sum.total);
    return 0;
}
