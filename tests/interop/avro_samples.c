/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes sample Avro files into a folder: avro_samples DIR. What is in them follows the formulas of
 * check_avro_samples.py, which reads them with a library that is not ours.
 */
#include <stdio.h>
#include <stdlib.h>

#include "avro/writer.h"
#include "store/store_file.h"

enum { ROWS = 5000, ROOM = ROWS + 64, COLUMNS = 14, TEXT_ROOM = 64 };

/* A column that is being filled: the value of the row, or null. */
struct filled {
    struct hw_column column;
    uint8_t validity[ROOM / 8];
    uint8_t values[ROOM * 16];
    int32_t offsets[ROOM];
    char data[ROOM * TEXT_ROOM];
};

static const struct hw_field fields[COLUMNS] = {
    {"id", {.kind = HW_KIND_INT64}, true},
    {"flag", {.kind = HW_KIND_BOOL}, false},
    {"ratio", {.kind = HW_KIND_DOUBLE}, false},
    {"price", {.kind = HW_KIND_DECIMAL, .precision = 12, .scale = 2}, false},
    {"huge", {.kind = HW_KIND_DECIMAL, .precision = 38, .scale = 10}, true},
    {"day", {.kind = HW_KIND_DATE}, false},
    {"at us utc", {.kind = HW_KIND_TIMESTAMP, .utc = true}, false},
    {"at-ns-utc", {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_NANOS, .utc = true}, true},
    {"at us", {.kind = HW_KIND_TIMESTAMP}, true},
    {"at ns", {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_NANOS}, false},
    {"name", {.kind = HW_KIND_TEXT}, false},
    {"2nd", {.kind = HW_KIND_TEXT}, true},
    {"uuid", {.kind = HW_KIND_UUID}, false},
    {"nothing", {.kind = HW_KIND_NULL}, false},
};

static void value_put(struct filled *to, size_t row, bool valid, const void *value, size_t bytes) {
    memcpy(to->values + row * bytes, value, bytes);
    to->validity[row / 8] |= (uint8_t)(valid << row % 8);
    to->column.null_count += !valid;
}

static void long_put(struct filled *to, size_t row, bool valid, int64_t value) {
    value_put(to, row, valid, &value, sizeof(value));
}

static void text_put(struct filled *to, size_t row, bool valid, const char *text) {
    size_t bytes = valid ? strlen(text) : 0;
    memcpy(to->data + to->offsets[row], text, bytes);
    to->offsets[row + 1] = to->offsets[row] + (int32_t)bytes;
    to->validity[row / 8] |= (uint8_t)(valid << row % 8);
    to->column.null_count += !valid;
}

static void numbers_put(struct filled *columns, size_t row) {
    int64_t i = (int64_t)row;
    int64_t id = i == 0 ? INT64_MIN : i == 1 ? INT64_MAX : (i % 2 ? 1 : -1) * ((INT64_C(1) << i % 63) + i);
    double ratio = (double)i / 8 - 3;
    __int128 price = (__int128)i * i * 37 - 100000;
    __int128 huge = (__int128)i * 1000000000000000000 * 1000000000000 + i;
    huge = i % 2 ? -huge : huge;
    int32_t day = (int32_t)(i % 1000 * 37 - 20000);

    long_put(&columns[0], row, true, id);
    columns[1].values[row / 8] |= (uint8_t)((i % 3 == 0) << row % 8);
    columns[1].validity[row / 8] |= (uint8_t)((i % 7 != 0) << row % 8);
    columns[1].column.null_count += i % 7 == 0;
    value_put(&columns[2], row, i % 5 != 0, &ratio, sizeof(ratio));
    value_put(&columns[3], row, i % 11 != 0, &price, sizeof(price));
    value_put(&columns[4], row, true, &huge, sizeof(huge));
    value_put(&columns[5], row, i % 13 != 0, &day, sizeof(day));
}

static void times_put(struct filled *columns, size_t row) {
    int64_t i = (int64_t)row;
    long_put(&columns[6], row, i % 4 != 1, i * 1234567890123 - 1000000000000000);
    long_put(&columns[7], row, true, i * 1234567890123456 - 1000000000000000000);
    long_put(&columns[8], row, true, i * 987654321 - 1000000000);
    long_put(&columns[9], row, i % 9 != 0, i * 987654321987 + 1);
}

static void texts_put(struct filled *columns, size_t row) {
    char text[TEXT_ROOM];
    uint8_t uuid[16];
    snprintf(text, sizeof(text), row % 6 == 1 ? "" : "row %zu \xc3\xa9\xe2\x82\xac\xf0\x9d\x84\x9e", row);
    text_put(&columns[10], row, row % 6 != 0, text);
    snprintf(text, sizeof(text), "%.*s", (int)(row % 50),
             "0123456789012345678901234567890123456789012345678901234567890");
    text_put(&columns[11], row, true, text);
    for (size_t j = 0; j < sizeof(uuid); j++) {
        uuid[j] = (uint8_t)(row * 7 + j * 31);
    }
    value_put(&columns[12], row, row % 10 != 3, uuid, sizeof(uuid));
    columns[13].column.null_count++;
}

static enum hw_status pieces_write(struct hw_table_writer *writer, const struct hw_batch *batch, int pieces,
                                   struct hw_error *err) {
    struct hw_encoder *encoder;
    struct hw_encoded *piece;

    HW_TRY(writer->ops->encoder_new(writer, &encoder, err));
    enum hw_status status = HW_OK;
    for (int i = 0; status == HW_OK && i < pieces; i++) {
        status = encoder->ops->add(encoder, batch, err);
        if (status == HW_OK) {
            status = encoder->ops->take(encoder, &piece, err);
        }
        if (status == HW_OK) {
            status = writer->ops->append(writer, piece, err);
        }
    }
    encoder->ops->free(encoder);
    return status == HW_OK ? writer->ops->finish(writer, err) : status;
}

static enum hw_status sample_write(struct hw_store *store, const char *name, const struct hw_avro_options *options,
                                   const struct hw_batch *batch, int pieces, struct hw_error *err) {
    struct hw_sink *sink;
    struct hw_table_writer *writer;

    HW_TRY(store->ops->sink_open(store, name, &(struct hw_sink_options){0}, &sink, err));
    enum hw_status status = hw_avro_writer_new(batch->schema, options, sink, &writer, err);
    if (status == HW_OK) {
        status = pieces_write(writer, batch, pieces, err);
        writer->ops->free(writer);
    }
    if (status == HW_OK) {
        status = sink->ops->finish(sink, err);
    }
    sink->ops->free(sink);
    return status;
}

static const struct {
    const char *name;
    struct hw_avro_options options;
    int pieces; /* each holds all rows */
} samples[] = {
    {"null.avro", {.codec = HW_CODEC_NONE, .level = HW_LEVEL_DEFAULT}, 1},
    {"deflate.avro", {.codec = HW_CODEC_DEFLATE, .level = HW_LEVEL_DEFAULT}, 1},
    {"snappy.avro", {.codec = HW_CODEC_SNAPPY, .level = HW_LEVEL_DEFAULT}, 1},
    {"zstandard.avro", {.codec = HW_CODEC_ZSTD, .level = HW_LEVEL_DEFAULT}, 1},
    {"blocks.avro",
     {.codec = HW_CODEC_SNAPPY, .level = HW_LEVEL_DEFAULT, .block_bytes = 1000, .record_name = "2 orders"},
     3},
    {"empty.avro", {.codec = HW_CODEC_DEFLATE, .level = HW_LEVEL_DEFAULT}, 0},
};

static int samples_write(const char *folder, const struct hw_batch *batch) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_store *store;
    enum hw_status status = hw_store_file_open(folder, NULL, &store, &err);
    for (size_t i = 0; status == HW_OK && i < COUNT_OF(samples); i++) {
        status = sample_write(store, samples[i].name, &samples[i].options, batch, samples[i].pieces, &err);
    }
    if (status != HW_OK) {
        char line[1024];
        hw_error_format(&err, line, sizeof(line));
        fprintf(stderr, "avro_samples: %s\n", line);
        return 1;
    }
    store->ops->close(store);
    return 0;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: avro_samples DIR\n");
        return 2;
    }
    struct filled *filled = calloc(COLUMNS, sizeof(*filled));
    struct hw_field own[COLUMNS];
    struct hw_column columns[COLUMNS];
    if (!filled) {
        return 1;
    }
    for (size_t row = 0; row < ROWS; row++) {
        numbers_put(filled, row);
        times_put(filled, row);
        texts_put(filled, row);
    }
    memcpy(own, fields, sizeof(own));
    for (size_t i = 0; i < COLUMNS; i++) {
        columns[i] = (struct hw_column){
            .null_count = filled[i].column.null_count,
            .validity = filled[i].column.null_count > 0 ? filled[i].validity : NULL,
            .values = filled[i].values,
            .offsets = filled[i].offsets,
            .data = filled[i].data,
        };
    }
    const struct hw_schema schema = {own, COLUMNS};
    int failed = samples_write(argv[1], &(struct hw_batch){&schema, ROWS, columns});
    free(filled);
    return failed;
}
