/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/writer.h"

#include <libdeflate.h>
#include <snappy-c.h>
#include <stdio.h>
#include <stdlib.h>
#include <zstd.h>

#include "core/alloc.h"
#include "core/buf.h"
#include "core/limits.h"
#include "support/memory_io.h"
#include "support/rows.h"

/*
 * A table of two columns, `id` long and `note` nullable text; row r is r * 1000 and null where r %
 * 3 is 0, else r % 50 times '#'.
 */
enum { ROWS_MAX = 20000 };

struct table {
    struct hw_field fields[2];
    struct hw_schema schema;
    int64_t *ids;
    int32_t *offsets;
    char *data;
    uint8_t *validity;
    struct hw_column columns[2];
};

static struct table *table_make(void) {
    struct table *table = calloc(1, sizeof(*table));
    table->fields[0] = (struct hw_field){.name = "id", .type = {.kind = HW_KIND_INT64}, .required = true};
    table->fields[1] = (struct hw_field){.name = "note", .type = {.kind = HW_KIND_TEXT}};
    table->schema = (struct hw_schema){table->fields, 2};
    table->ids = calloc(ROWS_MAX + 8, sizeof(int64_t));
    table->offsets = calloc(ROWS_MAX + 1 + 16, sizeof(int32_t));
    table->data = malloc(ROWS_MAX * 50 + 64);
    table->validity = calloc(1, ROWS_MAX / 8 + 64);
    memset(table->data, '#', ROWS_MAX * 50 + 64);
    for (size_t r = 0; r < ROWS_MAX; r++) {
        table->ids[r] = (int64_t)r * 1000;
        table->offsets[r + 1] = table->offsets[r] + (int32_t)(r % 3 ? r % 50 : 0);
        table->validity[r / 8] |= (uint8_t)((r % 3 != 0) << r % 8);
    }
    table->columns[0] = (struct hw_column){.values = table->ids};
    table->columns[1] = (struct hw_column){
        .null_count = ROWS_MAX / 3, .validity = table->validity, .offsets = table->offsets, .data = table->data};
    return table;
}

static void table_free(struct table *table) {
    free(table->ids);
    free(table->offsets);
    free(table->data);
    free(table->validity);
    free(table);
}

/* Rows `from` on, which is a multiple of 8. */
static struct hw_batch table_batch(const struct table *table, size_t from, size_t rows, struct hw_column columns[2]) {
    columns[0] = (struct hw_column){.values = table->ids + from};
    columns[1] = (struct hw_column){.null_count = rows,
                                    .validity = table->validity + from / 8,
                                    .offsets = table->offsets + from,
                                    .data = table->data};
    return (struct hw_batch){&table->schema, rows, columns};
}

/* An independent reader of what the specification calls an object container file. */
struct reader {
    const uint8_t *at, *end;
    char codec[32];
    char schema[512];
    uint8_t sync[16];
    size_t blocks;
    size_t rows;
    size_t block_bytes_max; /* unpacked, of blocks that are not the last of a piece */
};

static int64_t read_long(const uint8_t **at, const uint8_t *end) {
    uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
        assert_true(*at < end && shift < 64);
        uint8_t byte = *(*at)++;
        value |= (uint64_t)(byte & 127) << shift;
        if (byte < 128) {
            break;
        }
    }
    return value & 1 ? -(int64_t)(value >> 1) - 1 : (int64_t)(value >> 1);
}

static void read_text(const uint8_t **at, const uint8_t *end, char *out, size_t room) {
    int64_t bytes = read_long(at, end);
    assert_true(bytes >= 0 && bytes <= end - *at && (size_t)bytes < room);
    memcpy(out, *at, (size_t)bytes);
    out[bytes] = '\0';
    *at += bytes;
}

static void reader_open(struct reader *reader, const struct memory_sink *sink) {
    *reader = (struct reader){.at = sink->bytes.data, .end = sink->bytes.data + sink->bytes.size};
    assert_true(sink->bytes.size > 4 && memcmp(reader->at, "Obj\x01", 4) == 0);
    reader->at += 4;
    for (int64_t left = read_long(&reader->at, reader->end); left != 0; left = read_long(&reader->at, reader->end)) {
        for (; left > 0; left--) {
            char key[32];
            read_text(&reader->at, reader->end, key, sizeof(key));
            bool codec = strcmp(key, "avro.codec") == 0;
            assert_true(codec || strcmp(key, "avro.schema") == 0);
            read_text(&reader->at, reader->end, codec ? reader->codec : reader->schema,
                      codec ? sizeof(reader->codec) : sizeof(reader->schema));
        }
    }
    assert_true(reader->end - reader->at >= 16);
    memcpy(reader->sync, reader->at, 16);
    reader->at += 16;
}

/* Bit by bit, as RFC 1952 describes it. */
static uint32_t plain_crc32(const uint8_t *data, size_t bytes) {
    uint32_t crc = ~0u;
    for (size_t i = 0; i < bytes; i++) {
        crc ^= data[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
        }
    }
    return ~crc;
}

static size_t unpack(const char *codec, const uint8_t *data, size_t bytes, uint8_t *out, size_t room) {
    size_t got = room;
    if (strcmp(codec, "deflate") == 0) {
        struct libdeflate_decompressor *inflater = libdeflate_alloc_decompressor();
        assert_int_equal(libdeflate_deflate_decompress(inflater, data, bytes, out, room, &got), LIBDEFLATE_SUCCESS);
        libdeflate_free_decompressor(inflater);
    } else if (strcmp(codec, "snappy") == 0) {
        assert_true(bytes > 4);
        assert_int_equal(snappy_uncompress((const char *)data, bytes - 4, (char *)out, &got), SNAPPY_OK);
        const uint8_t *crc = data + bytes - 4;
        assert_int_equal((uint32_t)crc[0] << 24 | (uint32_t)crc[1] << 16 | (uint32_t)crc[2] << 8 | crc[3],
                         plain_crc32(out, got));
    } else if (strcmp(codec, "zstandard") == 0) {
        got = ZSTD_decompress(out, room, data, bytes);
        assert_false(ZSTD_isError(got));
    } else {
        assert_string_equal(codec, "null");
        memcpy(out, data, bytes);
        got = bytes;
    }
    return got;
}

/* Reads all blocks and compares every row with what the table's rule says. */
static void reader_check(struct reader *reader) {
    enum { ROOM = 8 << 20 };
    uint8_t *block = malloc(ROOM);
    while (reader->at < reader->end) {
        int64_t rows = read_long(&reader->at, reader->end);
        int64_t bytes = read_long(&reader->at, reader->end);
        assert_true(rows > 0 && bytes >= 0 && bytes + 16 <= reader->end - reader->at);
        size_t size = unpack(reader->codec, reader->at, (size_t)bytes, block, ROOM);
        assert_memory_equal(reader->at + bytes, reader->sync, 16);
        reader->at += bytes + 16;
        reader->blocks++;
        reader->block_bytes_max = hw_max_size(reader->block_bytes_max, size);
        const uint8_t *at = block;
        for (; rows > 0; rows--, reader->rows++) {
            char note[64] = "";
            char want[64] = "";
            assert_int_equal(read_long(&at, block + size), reader->rows * 1000);
            int64_t branch = read_long(&at, block + size);
            assert_int_equal(branch, reader->rows % 3 ? 1 : 0);
            if (branch == 1) {
                read_text(&at, block + size, note, sizeof(note));
            }
            memset(want, '#', reader->rows % 3 ? reader->rows % 50 : 0);
            assert_string_equal(note, want);
        }
        assert_ptr_equal(at, block + size);
    }
    free(block);
}

static const char table_schema[] =
    "{\"type\":\"record\",\"name\":\"row\",\"fields\":[{\"name\":\"id\",\"type\":\"long\"},"
    "{\"name\":\"note\",\"type\":[\"null\",\"string\"],\"default\":null}]}";

/* Writes `rows` rows of the table in batches of `batch_rows`, a piece every `piece_rows`. */
static enum hw_status table_write(const struct table *table, size_t rows, size_t batch_rows, size_t piece_rows,
                                  const struct hw_avro_options *options, struct hw_sink *sink, struct hw_error *err) {
    struct hw_table_writer *writer;
    struct hw_encoder *encoder = NULL;
    struct hw_encoded *piece;

    enum hw_status status = hw_avro_writer_new(&table->schema, options, sink, &writer, err);
    if (status != HW_OK) {
        return status;
    }
    status = writer->ops->encoder_new(writer, &encoder, err);
    for (size_t from = 0; status == HW_OK && from < rows; from += batch_rows) {
        struct hw_column columns[2];
        struct hw_batch batch = table_batch(table, from, hw_min_size(batch_rows, rows - from), columns);
        status = encoder->ops->add(encoder, &batch, err);
        if (status == HW_OK && (encoder->rows >= piece_rows || from + batch.rows == rows)) {
            status = encoder->ops->take(encoder, &piece, err);
            if (status == HW_OK) {
                status = writer->ops->append(writer, piece, err);
            }
        }
    }
    if (status == HW_OK) {
        status = writer->ops->finish(writer, err);
        assert_int_equal(writer->rows, rows);
    }
    if (encoder) {
        encoder->ops->free(encoder);
    }
    writer->ops->free(writer);
    return status;
}

static void files_read_back(void **state) {
    (void)state;
    static const struct {
        const char *name, *codec;
        struct hw_avro_options options;
        size_t rows, batch_rows, piece_rows, want_blocks, block_bytes_max;
    } rows[] = {
        {"defaults", "deflate", {.codec = HW_CODEC_DEFAULT, .level = HW_LEVEL_DEFAULT}, 20000, 1024, 20000, 2, 262200},
        {"none", "null", {.codec = HW_CODEC_NONE, .level = HW_LEVEL_DEFAULT}, 20000, 1024, 20000, 2, 262200},
        {"snappy", "snappy", {.codec = HW_CODEC_SNAPPY, .level = HW_LEVEL_DEFAULT}, 20000, 1024, 20000, 2, 262200},
        {"zstd", "zstandard", {.codec = HW_CODEC_ZSTD, .level = 3}, 20000, 1024, 20000, 2, 262200},
        {"deflate, stored", "deflate", {.codec = HW_CODEC_DEFLATE, .level = 0}, 20000, 1024, 20000, 2, 262200},
        {"a block a row",
         "snappy",
         {.codec = HW_CODEC_SNAPPY, .level = HW_LEVEL_DEFAULT, .block_bytes = 1},
         100,
         8,
         40,
         100,
         55},
        {"small blocks",
         "null",
         {.codec = HW_CODEC_NONE, .level = HW_LEVEL_DEFAULT, .block_bytes = 1000},
         1000,
         104,
         20000,
         0,
         1055},
        {"a piece a batch", "null", {.codec = HW_CODEC_NONE, .level = HW_LEVEL_DEFAULT}, 1000, 40, 1, 25, 262200},
        {"one row", "zstandard", {.codec = HW_CODEC_ZSTD, .level = HW_LEVEL_DEFAULT}, 1, 8, 1, 1, 10},
        {"no row", "snappy", {.codec = HW_CODEC_SNAPPY, .level = HW_LEVEL_DEFAULT}, 0, 8, 1, 0, 0},
    };
    struct table *table = table_make();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct memory_sink sink = memory_sink(0);
        struct hw_error err = HW_ERROR_INIT;
        struct reader reader;
        assert_ok(table_write(table, rows[i].rows, rows[i].batch_rows, rows[i].piece_rows, &rows[i].options, &sink.base,
                              &err),
                  err);
        reader_open(&reader, &sink);
        assert_row_text(rows[i].name, reader.codec, rows[i].codec);
        assert_row_text(rows[i].name, reader.schema, table_schema);
        reader_check(&reader);
        assert_row_int(rows[i].name, reader.rows, rows[i].rows);
        if (rows[i].want_blocks > 0) {
            assert_row_int(rows[i].name, reader.blocks, rows[i].want_blocks);
        }
        assert_row_int(rows[i].name, reader.block_bytes_max <= rows[i].block_bytes_max, true);
        /* publishing is the caller's */
        assert_row_int(rows[i].name, sink.finished || sink.freed, false);
        hw_buf_release(&sink.bytes);
    }
    table_free(table);
}

static void batches_do_not_show_in_the_file(void **state) {
    (void)state;
    static const size_t batch_rows[] = {8, 128, 1000, 20000};
    struct table *table = table_make();
    struct memory_sink first = memory_sink(0);
    for (size_t i = 0; i < COUNT_OF(batch_rows); i++) {
        struct memory_sink sink = memory_sink(0);
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_avro_options options = {.codec = HW_CODEC_NONE, .level = HW_LEVEL_DEFAULT, .block_bytes = 5000};
        assert_ok(table_write(table, 20000, batch_rows[i], 20000, &options, i == 0 ? &first.base : &sink.base, &err),
                  err);
        if (i > 0) {
            assert_row_bytes("file", sink.bytes.data, sink.bytes.size, first.bytes.data, first.bytes.size);
            hw_buf_release(&sink.bytes);
        }
    }
    hw_buf_release(&first.bytes);
    table_free(table);
}

/* Every byte of a small file, put together by hand from the specification. */
static void bytes_are_the_specifications(void **state) {
    (void)state;
    /* As test_sync.c tells, of the schema below and no identity. */
    static const char sync[] = "\x90\x2b\x48\x5c\x28\x52\x67\xd9\x86\xeb\x79\x6b\x9e\xa7\x4a\xbd";
    struct table *table = table_make();
    struct memory_sink sink = memory_sink(0);
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) want = {0};
    assert_ok(table_write(table, 3, 8, 8, &(struct hw_avro_options){.codec = HW_CODEC_NONE, .level = HW_LEVEL_DEFAULT},
                          &sink.base, &err),
              err);

    assert_ok(hw_buf_append(&want,
                            "Obj\x01\x04\x14"
                            "avro.codec\x08null\x16"
                            "avro.schema",
                            34 - 1, &err),
              err);
    /* 125 bytes of schema: zigzag 250 is 1 times 128 and 0x7a */
    assert_int_equal(sizeof(table_schema) - 1, 125);
    assert_ok(hw_buf_append(&want, "\xfa\x01", 2, &err), err);
    assert_ok(hw_buf_append_text(&want, table_schema, &err), err);
    assert_ok(hw_buf_append(&want, "\x00", 1, &err), err);
    assert_ok(hw_buf_append(&want, sync, 16, &err), err);
    /* 3 rows in 13 bytes: 0 null; 1000 "#"; 2000 "##" */
    assert_ok(hw_buf_append(&want,
                            "\x06\x1a"
                            "\x00\x00"
                            "\xd0\x0f\x02\x02#"
                            "\xa0\x1f\x02\x04##",
                            2 + 2 + 5 + 6, &err),
              err);
    assert_ok(hw_buf_append(&want, sync, 16, &err), err);
    assert_row_bytes("file", sink.bytes.data, sink.bytes.size, want.data, want.size);
    hw_buf_release(&sink.bytes);
    table_free(table);
}

/*
 * Codec, level and size of blocks do not tell files apart: who wants that says so in the identity.
 */
static void sync_marker_is_derived(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_avro_options options;
        const char *sync;
    } rows[] = {
        {"defaults", {.level = HW_LEVEL_DEFAULT}, "\x90\x2b\x48\x5c\x28\x52\x67\xd9\x86\xeb\x79\x6b\x9e\xa7\x4a\xbd"},
        {"another codec",
         {.codec = HW_CODEC_ZSTD, .level = 3},
         "\x90\x2b\x48\x5c\x28\x52\x67\xd9\x86\xeb\x79\x6b\x9e\xa7\x4a\xbd"},
        {"an identity",
         {.level = HW_LEVEL_DEFAULT, .identity = HW_VIEW_INIT("in/a.csv")},
         "\x08\x01\x4b\xb4\xb8\xa0\xa5\x37\xc0\xb4\x83\x28\xf1\xae\x7e\xa3"},
    };
    struct table *table = table_make();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct memory_sink sink = memory_sink(0);
        struct hw_error err = HW_ERROR_INIT;
        struct reader reader;
        assert_ok(table_write(table, 8, 8, 8, &rows[i].options, &sink.base, &err), err);
        reader_open(&reader, &sink);
        assert_row_bytes(rows[i].name, reader.sync, 16, rows[i].sync, 16);
        hw_buf_release(&sink.bytes);
    }
    table_free(table);
}

static void options_are_checked(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_avro_options options;
        const char *says;
    } rows[] = {
        {"gzip", {.codec = HW_CODEC_GZIP}, "Avro has no codec \"gzip\"; it takes none, deflate, snappy and zstd"},
        {"lz4", {.codec = HW_CODEC_LZ4_RAW}, "Avro has no codec \"lz4_raw\""},
        {"brotli", {.codec = HW_CODEC_BROTLI}, "Avro has no codec \"brotli\""},
        {"level of deflate", {.codec = HW_CODEC_DEFLATE, .level = 13}, "13"},
        {"level of zstd", {.codec = HW_CODEC_ZSTD, .level = 99}, "99"},
    };
    struct table *table = table_make();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct memory_sink sink = memory_sink(0);
        struct hw_error err = HW_ERROR_INIT;
        struct hw_table_writer *writer = NULL;
        assert_row_int(rows[i].name, hw_avro_writer_new(&table->schema, &rows[i].options, &sink.base, &writer, &err),
                       HW_EUSAGE);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_null(writer);
        assert_row_int(rows[i].name, sink.writes, 0);
    }
    table_free(table);
}

/* A header that no reader takes is refused at once. */
static void metadata_has_a_limit(void **state) {
    (void)state;
    struct table *table = table_make();
    char *value = calloc(1, HW_AVRO_HEAD_BYTES_MAX);
    for (size_t more = 0; more < 2; more++) {
        const struct hw_file_pair pair = {HW_VIEW("k"), {value, HW_AVRO_HEAD_BYTES_MAX - 1000 + 1000 * more}, true};
        const struct hw_avro_options options = {.level = HW_LEVEL_DEFAULT, .pairs = {&pair, 1, false}};
        struct memory_sink sink = memory_sink(0);
        struct hw_error err = HW_ERROR_INIT;
        struct hw_table_writer *writer = NULL;
        assert_int_equal(hw_avro_writer_new(&table->schema, &options, &sink.base, &writer, &err),
                         more ? HW_ELIMIT : HW_OK);
        if (writer) {
            writer->ops->free(writer);
        } else {
            assert_non_null(strstr(err.message, "are more than the header of an Avro file holds"));
        }
    }
    free(value);
    table_free(table);
}

static void encoders_are_independent_and_reusable(void **state) {
    (void)state;
    struct table *table = table_make();
    struct memory_sink sink = memory_sink(0);
    struct hw_error err = HW_ERROR_INIT;
    struct hw_table_writer *writer;
    struct hw_encoder *one, *two;
    struct hw_encoded *pieces[4];
    struct hw_column columns[2];
    assert_ok(hw_avro_writer_new(&table->schema, &(struct hw_avro_options){.codec = HW_CODEC_ZSTD, .level = 1},
                                 &sink.base, &writer, &err),
              err);
    assert_ok(writer->ops->encoder_new(writer, &one, &err), err);
    assert_ok(writer->ops->encoder_new(writer, &two, &err), err);

    struct hw_batch second = table_batch(table, 8000, 8000, columns);
    assert_ok(two->ops->add(two, &second, &err), err);
    struct hw_batch first = table_batch(table, 0, 8000, columns);
    assert_ok(one->ops->add(one, &first, &err), err);
    assert_ok(one->ops->take(one, &pieces[0], &err), err);
    struct hw_batch dropped = table_batch(table, 96, 800, columns);
    assert_ok(one->ops->add(one, &dropped, &err), err);
    assert_int_equal(one->rows, 800);
    one->ops->reset(one);
    assert_int_equal(one->rows, 0);
    struct hw_batch third = table_batch(table, 16000, 4000, columns);
    assert_ok(one->ops->add(one, &third, &err), err);
    assert_ok(two->ops->take(two, &pieces[1], &err), err);
    assert_ok(one->ops->take(one, &pieces[2], &err), err);
    assert_ok(one->ops->take(one, &pieces[3], &err), err); /* nothing since */
    assert_int_equal(pieces[1]->rows, 8000);
    assert_int_equal(pieces[3]->rows, 0);
    for (int i = 0; i < 4; i++) {
        assert_ok(writer->ops->append(writer, pieces[i], &err), err);
    }
    one->ops->free(one);
    two->ops->free(two);
    assert_ok(writer->ops->finish(writer, &err), err);
    assert_int_equal(writer->rows, 20000);
    writer->ops->free(writer);

    struct reader reader;
    reader_open(&reader, &sink);
    reader_check(&reader);
    assert_int_equal(reader.rows, 20000);
    hw_buf_release(&sink.bytes);
    table_free(table);
}

/*
 * Files of one table: pieces of one writer's encoder go to its siblings, and each file reads back
 * with its own header.
 */
static void siblings_take_the_pieces(void **state) {
    (void)state;
    enum { FILES = 2 };
    struct table *table = table_make();
    struct memory_sink sinks[FILES];
    struct hw_error err = HW_ERROR_INIT;
    struct hw_table_writer *prototype;
    struct hw_table_writer *writers[FILES];
    struct hw_encoder *encoder;
    struct hw_encoded *piece;
    struct hw_column columns[2];
    assert_ok(hw_avro_writer_new(&table->schema, NULL, NULL, &prototype, &err), err);
    assert_ok(prototype->ops->encoder_new(prototype, &encoder, &err), err);
    for (size_t i = 0; i < FILES; i++) {
        sinks[i] = memory_sink(0);
        assert_ok(prototype->ops->sibling(prototype, &sinks[i].base, &writers[i], &err), err);
        for (int part = 0; part < 2; part++) {
            struct hw_batch batch = table_batch(table, part ? 8000 : 0, 8000, columns);
            assert_ok(encoder->ops->add(encoder, &batch, &err), err);
            assert_ok(encoder->ops->take(encoder, &piece, &err), err);
            size_t before = sinks[i].bytes.size;
            size_t bytes = piece->file_bytes;
            assert_ok(writers[i]->ops->append(writers[i], piece, &err), err);
            assert_true(part == 0 || sinks[i].bytes.size - before == bytes);
        }
        assert_ok(writers[i]->ops->finish(writers[i], &err), err);
        assert_int_equal(writers[i]->rows, 16000);
        writers[i]->ops->free(writers[i]);
    }
    encoder->ops->free(encoder);
    prototype->ops->free(prototype);
    for (size_t i = 0; i < FILES; i++) {
        struct reader reader;
        reader_open(&reader, &sinks[i]);
        reader_check(&reader);
        assert_int_equal(reader.rows, 16000);
        hw_buf_release(&sinks[i].bytes);
    }
    table_free(table);
}

static size_t held_now;

static void *held_resize(void *ctx, void *block, size_t bytes) {
    (void)ctx;
    size_t *head = block ? (size_t *)block - 2 : NULL;
    if (head) {
        held_now -= *head;
    }
    if (bytes == 0) {
        free(head);
        return NULL;
    }
    size_t *fresh = realloc(head, bytes + 16);
    *fresh = bytes;
    held_now += bytes;
    return fresh + 2;
}

/*
 * What an encoder says that it holds is what it has asked for, and a piece takes its part with it.
 */
static void held_bytes_are_honest(void **state) {
    (void)state;
    static const struct hw_allocator counting = {held_resize, NULL};
    struct table *table = table_make();
    struct memory_sink sink = memory_sink(0);
    struct hw_error err = HW_ERROR_INIT;
    struct hw_table_writer *writer;
    struct hw_encoder *encoder;
    struct hw_encoded *piece;
    struct hw_column columns[2];
    struct hw_batch batch = table_batch(table, 0, 20000, columns);
    hw_allocator_set(&counting);
    assert_ok(hw_avro_writer_new(&table->schema,
                                 &(struct hw_avro_options){.codec = HW_CODEC_NONE, .level = HW_LEVEL_DEFAULT},
                                 &sink.base, &writer, &err),
              err);
    size_t before = held_now;
    assert_ok(writer->ops->encoder_new(writer, &encoder, &err), err);
    for (int i = 0; i < 10; i++) {
        assert_ok(encoder->ops->add(encoder, &batch, &err), err);
        assert_int_equal(encoder->held_bytes, held_now - before);
    }
    assert_true(encoder->held_bytes > 3 << 20); /* 10 times about 400 kB */
    assert_ok(encoder->ops->take(encoder, &piece, &err), err);
    assert_int_equal(encoder->held_bytes + piece->held_bytes, held_now - before);
    assert_true(piece->held_bytes > encoder->held_bytes);
    /* The next piece takes the memory of the one that was written. */
    const size_t held_by_both = held_now;
    piece->ops->free(piece);
    for (int i = 0; i < 10; i++) {
        assert_ok(encoder->ops->add(encoder, &batch, &err), err);
    }
    assert_ok(encoder->ops->take(encoder, &piece, &err), err);
    assert_int_equal(held_now, held_by_both);
    piece->ops->free(piece);
    encoder->ops->free(encoder);
    writer->ops->free(writer);
    assert_int_equal(held_now, 0);
    hw_allocator_set(NULL);
    table_free(table);
}

static void sink_faults_come_through(void **state) {
    (void)state;
    struct table *table = table_make();
    const struct hw_avro_options options = {.codec = HW_CODEC_NONE, .level = HW_LEVEL_DEFAULT};
    enum hw_status status = HW_EIO;
    int fail_on = 1;
    for (; status != HW_OK && fail_on < 100; fail_on++) {
        struct memory_sink sink = memory_sink(fail_on);
        struct hw_error err = HW_ERROR_INIT;
        status = table_write(table, 20000, 5000, 5000, &options, &sink.base, &err);
        if (status != HW_OK) {
            assert_int_equal(status, HW_EIO);
            assert_string_equal(err.message, "injected");
        }
        hw_buf_release(&sink.bytes);
    }
    assert_int_equal(status, HW_OK);
    assert_int_equal(fail_on, 1 + 1 + 4 + 1); /* header, four pieces, and the run without a fault */

    struct memory_sink sink = memory_sink(1);
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(table_write(table, 0, 8, 8, &options, &sink.base, &err),
                     HW_EIO); /* finish writes the header of an empty file */
    table_free(table);
}

static void null_in_a_required_column_is_told(void **state) {
    (void)state;
    struct table *table = table_make();
    struct memory_sink sink = memory_sink(0);
    struct hw_error err = HW_ERROR_INIT;
    table->fields[1].required = true;
    assert_int_equal(table_write(table, 8, 8, 8, NULL, &sink.base, &err), HW_EDATA);
    assert_string_equal(err.column, "note");
    assert_row_says("message", err.message, "8 of 8 values are null in a column that is never null");
    table_free(table);
}

static size_t requests_left;

static void *counted_resize(void *ctx, void *block, size_t bytes) {
    (void)ctx;
    if (bytes == 0) {
        free(block);
        return NULL;
    }
    if (requests_left == 0) {
        return NULL;
    }
    requests_left--;
    return realloc(block, bytes);
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    static const struct hw_allocator allocator = {counted_resize, NULL};
    static const enum hw_codec codecs[] = {HW_CODEC_NONE, HW_CODEC_DEFLATE, HW_CODEC_SNAPPY, HW_CODEC_ZSTD};
    struct table *table = table_make();
    for (size_t i = 0; i < COUNT_OF(codecs); i++) {
        const struct hw_avro_options options = {.codec = codecs[i], .level = HW_LEVEL_DEFAULT, .block_bytes = 100000};
        enum hw_status status = HW_ENOMEM;
        size_t allowed = 0;
        for (; status == HW_ENOMEM && allowed < 200; allowed++) {
            struct memory_sink sink = memory_sink(0);
            struct hw_error err = HW_ERROR_INIT;
            requests_left = allowed;
            hw_allocator_set(&allocator);
            status = table_write(table, 20000, 5000, 10000, &options, &sink.base, &err);
            hw_buf_release(&sink.bytes);
            hw_allocator_set(NULL);
        }
        assert_row_int(hw_codec_name(codecs[i]), status, HW_OK);
        assert_true(allowed > 10);
    }
    table_free(table);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_read_back),
        cmocka_unit_test(batches_do_not_show_in_the_file),
        cmocka_unit_test(bytes_are_the_specifications),
        cmocka_unit_test(sync_marker_is_derived),
        cmocka_unit_test(options_are_checked),
        cmocka_unit_test(metadata_has_a_limit),
        cmocka_unit_test(encoders_are_independent_and_reusable),
        cmocka_unit_test(siblings_take_the_pieces),
        cmocka_unit_test(held_bytes_are_honest),
        cmocka_unit_test(sink_faults_come_through),
        cmocka_unit_test(null_in_a_required_column_is_told),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("avro/writer", tests, NULL, NULL);
}
