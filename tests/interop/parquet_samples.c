/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes Parquet files of every kind, codec, encoding and null pattern into a folder: parquet_samples FOLDER
 * [ROWS_MAX]. A column's name says what it holds ("int64.rand.some"), so that check_parquet_samples.py computes the
 * same values on its own and compares them with what other readers find.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/buf.h"
#include "parquet/writer.h"

enum { COLUMNS_MAX = 256, NAME_BYTES = 48, TEXT_BYTES_MAX = 256 };

struct kind_row {
    const char *name;
    struct hw_type type;
    const char *patterns; /* words */
};

static const struct kind_row kinds[] = {
    {"bool", {.kind = HW_KIND_BOOL}, "const few run"},
    {"int64", {.kind = HW_KIND_INT64}, "const seq few many rand run"},
    {"double", {.kind = HW_KIND_DOUBLE}, "const seq few rand special nan"},
    {"decimal9", {.kind = HW_KIND_DECIMAL, .precision = 9, .scale = 2}, "few rand seq"},
    {"decimal18", {.kind = HW_KIND_DECIMAL, .precision = 18, .scale = 0}, "few rand seq"},
    {"decimal25", {.kind = HW_KIND_DECIMAL, .precision = 25, .scale = 5}, "few rand seq"},
    {"decimal38", {.kind = HW_KIND_DECIMAL, .precision = 38, .scale = 10}, "few rand seq"},
    {"date", {.kind = HW_KIND_DATE}, "const many run rand"},
    {"timestamp", {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_MICROS}, "seq rand"},
    {"instant", {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_MICROS, .utc = true}, "seq rand"},
    {"nanos", {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_NANOS}, "seq rand"},
    {"text", {.kind = HW_KIND_TEXT}, "const seq few many rand run long"},
    {"uuid", {.kind = HW_KIND_UUID}, "few rand"},
    {"null", {.kind = HW_KIND_NULL}, "const"},
};
static const char *const null_patterns[] = {"some", "none", "req", "late", "all"};

struct sample_column {
    const struct kind_row *kind;
    char pattern[8];
    const char *nulls;
    char name[NAME_BYTES];
    struct hw_buf values, offsets, data, validity;
};

struct samples {
    struct sample_column columns[COLUMNS_MAX];
    struct hw_field fields[COLUMNS_MAX];
    struct hw_column views[COLUMNS_MAX];
    struct hw_schema schema;
};

struct file_sink {
    struct hw_sink base;
    FILE *file;
};

static void must(bool ok, const char *what) {
    if (!ok) {
        fprintf(stderr, "parquet_samples: %s\n", what);
        exit(1);
    }
}

static void must_ok(enum hw_status status, const struct hw_error *err) {
    if (status != HW_OK) {
        fprintf(stderr, "parquet_samples: %s (%s)\n", err->message, err->column);
        exit(1);
    }
}

static uint64_t mix(uint64_t x) {
    x = (x ^ x >> 33) * UINT64_C(0xff51afd7ed558ccd);
    x = (x ^ x >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
    return x ^ x >> 33;
}

static bool is(const char *a, const char *b) {
    return strcmp(a, b) == 0;
}

/* The number that a row's value is made of. */
static uint64_t seed_of(const char *pattern, uint64_t row) {
    uint64_t random = mix(row + 1);

    return is(pattern, "const")  ? 7
           : is(pattern, "seq")  ? row
           : is(pattern, "few")  ? random % 10
           : is(pattern, "many") ? random % 5000
           : is(pattern, "run")  ? row / 100
                                 : random;
}

static bool is_null(const struct sample_column *column, uint64_t row) {
    return is(column->kind->name, "null") || is(column->nulls, "all") || (is(column->nulls, "late") && row < 25000) ||
           (is(column->nulls, "some") && mix(row ^ UINT64_C(0x123456789)) % 3 == 0);
}

static double double_of(const char *pattern, uint64_t seed, uint64_t row) {
    static const uint64_t specials[8] = {
        UINT64_C(0x7ff8000000000000),
        UINT64_C(0x7ff0000000000000),
        UINT64_C(0xfff0000000000000),
        UINT64_C(0x8000000000000000),
        0,
        UINT64_C(0x3ff8000000000000),
        1,
        UINT64_C(0x7fefffffffffffff),
    };
    double value;

    if (is(pattern, "special") || is(pattern, "nan")) {
        memcpy(&value, &specials[is(pattern, "nan") ? 0 : row % 8], sizeof(value));
        return value;
    }
    return (double)(int64_t)(seed & 0xffffffff) * 0.01;
}

static __int128 decimal_of(unsigned precision, uint64_t seed) {
    __int128 value = seed / 2 % UINT64_C(1000000000);

    if (precision > 9) {
        value = seed / 2 % UINT64_C(1000000000000000000);
    }
    if (precision == 25) {
        value = value * 10000000 + mix(seed) % 10000000;
    }
    if (precision == 38) {
        value = value * INT64_C(10000000000) * INT64_C(10000000000) + mix(seed) % UINT64_C(1000000000000000000);
    }
    return seed % 2 == 0 ? value : -value;
}

static size_t text_of(const char *pattern, uint64_t seed, char *out) {
    if (seed % 7 == 3) {
        return 0;
    }
    int size = snprintf(out, TEXT_BYTES_MAX, "%" PRIu64 "%s", seed,
                        seed % 3 == 0 ? "-\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80" : "");
    if (is(pattern, "long")) {
        for (uint64_t i = 0; i < 40 + seed % 30; i++) { /* two bytes each, so that cuts fall inside */
            size += snprintf(out + size, TEXT_BYTES_MAX - (size_t)size, "\xc3\xa9");
        }
    }
    return (size_t)size;
}

static void put(struct hw_buf *buf, const void *data, size_t bytes) {
    must(hw_buf_append(buf, data, bytes, NULL) == HW_OK, "out of memory");
}

static void put_bit(struct hw_buf *buf, size_t at, bool bit) {
    if (at % 8 == 0) {
        put(buf, "", 1);
    }
    buf->data[at / 8] |= (uint8_t)(bit << at % 8);
}

static void value_put(struct sample_column *column, uint64_t row, size_t at, bool null) {
    uint64_t seed = seed_of(column->pattern, row);
    char text[TEXT_BYTES_MAX];

    switch (column->kind->type.kind) {
    case HW_KIND_BOOL:
        put_bit(&column->values, at, seed & 1);
        break;
    case HW_KIND_INT64:
        put(&column->values, &seed, 8);
        break;
    case HW_KIND_DOUBLE:
        put(&column->values, &(double){double_of(column->pattern, seed, row)}, 8);
        break;
    case HW_KIND_DECIMAL:
        put(&column->values, &(__int128){decimal_of(column->kind->type.precision, seed)}, 16);
        break;
    case HW_KIND_DATE:
        put(&column->values, &(int32_t){(int32_t)(seed % 40000) - 10000}, 4);
        break;
    case HW_KIND_TIMESTAMP:
        put(&column->values, &(int64_t){(int64_t)(seed % UINT64_C(4000000000000000)) - INT64_C(1000000000000000)}, 8);
        break;
    case HW_KIND_TEXT:
        put(&column->data, text, null ? 0 : text_of(column->pattern, seed, text));
        put(&column->offsets, &(int32_t){(int32_t)column->data.size}, 4);
        break;
    case HW_KIND_UUID:
        put(&column->values, (uint64_t[]){mix(seed), mix(seed + 1)}, 16);
        break;
    default:
        break;
    }
}

static void column_fill(struct sample_column *column, uint64_t from, size_t rows, struct hw_column *out_view) {
    static const uint8_t padding[HW_BATCH_PADDING];
    size_t nulls = 0;

    hw_buf_clear(&column->values);
    hw_buf_clear(&column->offsets);
    hw_buf_clear(&column->data);
    hw_buf_clear(&column->validity);
    put(&column->offsets, &(int32_t){0}, 4);
    for (size_t i = 0; i < rows; i++) {
        bool null = is_null(column, from + i);
        value_put(column, from + i, i, null);
        put_bit(&column->validity, i, !null);
        nulls += null;
    }
    put(&column->values, padding, sizeof(padding));
    put(&column->data, padding, sizeof(padding));
    *out_view = (struct hw_column){
        .null_count = nulls,
        .validity = nulls > 0 ? column->validity.data : NULL,
        .values = column->values.data,
        .offsets = (const int32_t *)(const void *)column->offsets.data,
        .data = (const char *)column->data.data,
    };
}

/* Columns of the first `null_patterns_used` null patterns. */
static void samples_init(struct samples *samples, size_t null_patterns_used) {
    size_t count = 0;

    for (size_t k = 0; k < COUNT_OF(kinds); k++) {
        for (const char *at = kinds[k].patterns; *at; at += strspn(at, " ")) {
            size_t bytes = strcspn(at, " ");
            for (size_t n = 0; n < null_patterns_used; n++) {
                if (kinds[k].type.kind == HW_KIND_NULL && n != 0) {
                    continue;
                }
                struct sample_column *column = &samples->columns[count];
                must(count < COLUMNS_MAX && bytes < sizeof(column->pattern), "too many columns");
                column->kind = &kinds[k];
                memset(column->pattern, 0, sizeof(column->pattern));
                memcpy(column->pattern, at, bytes);
                column->nulls = null_patterns[n];
                snprintf(column->name, NAME_BYTES, "%s.%s.%s", kinds[k].name, column->pattern, column->nulls);
                samples->fields[count++] = (struct hw_field){column->name, kinds[k].type, is(column->nulls, "req")};
            }
            at += bytes;
        }
    }
    samples->schema = (struct hw_schema){samples->fields, count};
}

static enum hw_status sink_write(struct hw_sink *base, const void *data, size_t bytes, struct hw_error *err) {
    struct file_sink *sink = (struct file_sink *)base;

    (void)err;
    must(fwrite(data, 1, bytes, sink->file) == bytes, "cannot write");
    base->written += bytes;
    return HW_OK;
}

static const struct hw_sink_ops sink_ops = {.write = sink_write};

/* One file and how its rows come. */
struct sample_file {
    const char *folder;
    const char *name;
    uint64_t rows;
    uint64_t group_rows;
    size_t batch_rows;
};

static void file_write(struct samples *samples, const struct sample_file *file,
                       const struct hw_parquet_options *options) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_table_writer *writer;
    struct hw_encoder *encoder;
    struct hw_encoded *encoded;
    char path[4096];

    snprintf(path, sizeof(path), "%s/%s.parquet", file->folder, file->name);
    struct file_sink sink = {.base.ops = &sink_ops, .file = fopen(path, "wb")};
    must(sink.file, "cannot open a file");
    must_ok(hw_parquet_writer_new(&samples->schema, options, &sink.base, &writer, &err), &err);
    must_ok(writer->ops->encoder_new(writer, &encoder, &err), &err);
    for (uint64_t row = 0; row < file->rows;) {
        uint64_t group_end = row + file->group_rows < file->rows ? row + file->group_rows : file->rows;
        while (row < group_end) {
            size_t part = hw_min_size(file->batch_rows, (size_t)(group_end - row));
            for (size_t i = 0; i < samples->schema.count; i++) {
                column_fill(&samples->columns[i], row, part, &samples->views[i]);
            }
            struct hw_batch batch = {&samples->schema, part, samples->views};
            must_ok(encoder->ops->add(encoder, &batch, &err), &err);
            row += part;
        }
        must_ok(encoder->ops->take(encoder, &encoded, &err), &err);
        must_ok(writer->ops->append(writer, encoded, &err), &err);
    }
    must_ok(writer->ops->finish(writer, &err), &err);
    encoder->ops->free(encoder);
    writer->ops->free(writer);
    must(fclose(sink.file) == 0, "cannot close a file");
}

/* Every codec, in both kinds of encodings. */
static void codecs_write(struct samples *samples, const char *folder) {
    static const enum hw_codec codecs[] = {HW_CODEC_NONE, HW_CODEC_SNAPPY,  HW_CODEC_ZSTD,
                                           HW_CODEC_GZIP, HW_CODEC_LZ4_RAW, HW_CODEC_BROTLI};
    static const struct hw_file_pair pairs[] = {{HW_VIEW_INIT("made by"), HW_VIEW_INIT("parquet_samples"), true},
                                                {HW_VIEW_INIT("empty"), HW_VIEW_INIT(""), true}};
    char name[64];

    for (size_t i = 0; i < COUNT_OF(codecs); i++) {
        for (int compat = 0; compat < 2; compat++) {
            struct hw_parquet_options options = {.codec = codecs[i],
                                                 .level = HW_LEVEL_DEFAULT,
                                                 .pairs = {pairs, COUNT_OF(pairs), false},
                                                 .encodings = compat ? HW_PARQUET_COMPAT : HW_PARQUET_COMPACT};
            snprintf(name, sizeof(name), "codec-%s-%s", hw_codec_name(codecs[i]), compat ? "compat" : "compact");
            file_write(samples, &(struct sample_file){folder, name, 30011, 30011, 1000}, &options);
        }
    }
}

/* Borders of pages, of runs and of bitmap words. */
static void rows_write(struct samples *samples, const char *folder, uint64_t rows_max) {
    static const uint64_t rows[] = {0, 1, 7, 8, 9, 127, 128, 129, 9999, 10000, 10001, 20001};
    struct hw_parquet_options options = {.level = HW_LEVEL_DEFAULT};
    char name[64];

    for (size_t i = 0; i < COUNT_OF(rows) && rows[i] <= rows_max; i++) {
        snprintf(name, sizeof(name), "rows-%" PRIu64, rows[i]);
        file_write(samples, &(struct sample_file){folder, name, rows[i], rows[i] + 1, 8191}, &options);
    }
}

int main(int argc, char **argv) {
    static struct samples samples;

    must(argc >= 2, "usage: parquet_samples FOLDER [ROWS_MAX]");
    uint64_t rows_max = argc > 2 ? strtoull(argv[2], NULL, 10) : 100000;
    samples_init(&samples, COUNT_OF(null_patterns));
    codecs_write(&samples, argv[1]);
    rows_write(&samples, argv[1], rows_max);
    /* Small pages, dictionaries that fill up, several row groups, one batch for many pages. */
    struct hw_parquet_options small = {
        .level = HW_LEVEL_DEFAULT, .page_rows = 777, .page_bytes = 3000, .dictionary_bytes = 4000};
    file_write(&samples, &(struct sample_file){argv[1], "small-pages", 30011, 9000, 9000}, &small);
    if (rows_max >= 1000000) {
        struct hw_parquet_options large = {.level = HW_LEVEL_DEFAULT};
        samples_init(&samples, 1);
        file_write(&samples, &(struct sample_file){argv[1], "rows-1000000", 1000000, 400000, 8191}, &large);
    }
    return 0;
}
