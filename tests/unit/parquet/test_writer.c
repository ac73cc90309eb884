/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/writer.h"

#include <stdio.h>

#include "codec/checksum.h"
#include "core/alloc.h"
#include "support/memory_io.h"
#include "unit/codec/faulty_alloc.h"
#include "unit/parquet/thrift_read.h"

/* One open file in memory. */
struct job {
    struct memory_sink sink;
    struct hw_table_writer *writer;
    struct hw_encoder *encoder;
};

static enum hw_status job_open(struct job *job, const struct hw_schema *schema,
                               const struct hw_parquet_options *options, struct hw_error *err) {
    *job = (struct job){.sink = memory_sink(0)};
    HW_TRY(hw_parquet_writer_new(schema, options, &job->sink.base, &job->writer, err));
    return job->writer->ops->encoder_new(job->writer, &job->encoder, err);
}

static enum hw_status job_append(struct job *job, struct hw_error *err) {
    struct hw_encoded *encoded;
    HW_TRY(job->encoder->ops->take(job->encoder, &encoded, err));
    return job->writer->ops->append(job->writer, encoded, err);
}

static void job_close(struct job *job) {
    if (job->encoder) {
        job->encoder->ops->free(job->encoder);
    }
    if (job->writer) {
        job->writer->ops->free(job->writer);
    }
    hw_buf_release(&job->sink.bytes);
}

static hw_view footer_of(const struct job *job) {
    const struct hw_buf *file = &job->sink.bytes;
    assert_true(file->size >= 12);
    assert_memory_equal(file->data, "PAR1", 4);
    assert_memory_equal(file->data + file->size - 4, "PAR1", 4);
    uint32_t size = hw_load_le32(file->data + file->size - 8);
    assert_true(size <= file->size - 12);
    return (hw_view){(const char *)file->data + file->size - 8 - size, size};
}

static int64_t number_at(hw_view data, const char *path) {
    struct thrift_value value = thrift_find(data, path);
    assert_row_int(path, value.type != 0, true);
    return value.number;
}

static const struct hw_parquet_options plain_options = {.codec = HW_CODEC_NONE, .level = HW_LEVEL_DEFAULT};

/* A file of one required column, byte by byte from the format's definition up to the indexes. */
static void a_tiny_file_is_as_the_format_says(void **state) {
    (void)state;
    struct hw_field field = {"n", {.kind = HW_KIND_INT64}, true};
    struct hw_schema schema = {&field, 1};
    int64_t values[3 + HW_BATCH_PADDING / 8] = {1, 2, 4};
    struct hw_column column = {.values = values};
    struct hw_batch batch = {&schema, 3, &column};
    struct hw_error err = HW_ERROR_INIT;
    struct job job;
    /*
     * delta: block 128, 4 miniblocks, 3 values, first 1; least delta 1, width 1, 3 of 0, bits 0 1
     */
    static const uint8_t page[] = {0x80, 0x01, 0x04, 0x03, 0x02, 0x02, 0x01, 0, 0, 0, 0x02, 0, 0, 0};
    uint8_t want[64] = "PAR1\x15\x00\x15\x1c\x15\x1c\x15";
    uint8_t *at = want + 11;

    assert_ok(job_open(&job, &schema, &plain_options, &err), err);
    assert_ok(job.encoder->ops->add(job.encoder, &batch, &err), err);
    assert_int_equal(job.encoder->rows, 3);
    assert_ok(job_append(&job, &err), err);
    assert_ok(job.writer->ops->finish(job.writer, &err), err);

    int32_t crc = (int32_t)hw_crc32(0, page, sizeof(page));
    for (uint32_t zigzag = (uint32_t)crc << 1 ^ (uint32_t)(crc >> 31);; zigzag >>= 7) {
        *at++ = (uint8_t)(zigzag >= 0x80 ? zigzag | 0x80 : zigzag);
        if (zigzag < 0x80) {
            break;
        }
    }
    memcpy(at, "\x1c\x15\x06\x15\x0a\x15\x06\x15\x06\0\0", 11); /* 3 values, encodings 5, 3, 3 */
    memcpy(at + 11, page, sizeof(page));
    at += 11 + sizeof(page);
    size_t size = (size_t)(at - want);
    assert_row_bytes("file", job.sink.bytes.data, hw_min_size(size, job.sink.bytes.size), want, size);

    hw_view footer = footer_of(&job);
    assert_int_equal(number_at(footer, "3"), 3);
    assert_int_equal(number_at(footer, "4"), 1);
    assert_int_equal(number_at(footer, "4.0.5"), 4);
    assert_int_equal(number_at(footer, "4.0.6"), size - 4);
    assert_int_equal(number_at(footer, "4.0.1.0.3.9"), 4);
    hw_view max = thrift_find(footer, "4.0.1.0.3.12.5").bytes;
    assert_row_bytes("max", max.data, max.size, &(int64_t){4}, 8);
    hw_view min = thrift_find(footer, "4.0.1.0.3.12.6").bytes;
    assert_row_bytes("min", min.data, min.size, &(int64_t){1}, 8);
    assert_int_equal(number_at(footer, "4.0.1.0.6"), size); /* the column index follows the pages */
    job_close(&job);
}

enum { WORD_ROWS = 300, WORD_PAGE = 128 };
static const char *const words[] = {"delta", "alpha", "beta"};

/* The word of a row, NULL where it is null. */
static const char *word_of(size_t row) {
    return row % 4 == 3 ? NULL : words[row * 7 % 11 % 3];
}

/* A data page of words, decoded by hand. Returns its rows. */
static size_t words_page_decodes(const char *file, hw_view index, hw_view bounds, size_t page, size_t row) {
    char path[16];
    uint32_t levels[WORD_PAGE], indices[WORD_PAGE];
    snprintf(path, sizeof(path), "1.%zu.1", page);
    hw_view head = {file + number_at(index, path), 64};
    size_t count = (size_t)number_at(head, "5.1");
    assert_int_equal(count, hw_min_size(WORD_PAGE, WORD_ROWS - row));
    assert_int_equal(number_at(head, "5.2"), 8);
    const uint8_t *body = (const uint8_t *)thrift_find(head, "").bytes.data + thrift_find(head, "").bytes.size;
    size_t body_size = (size_t)number_at(head, "3");
    assert_int_equal((int32_t)number_at(head, "4"), (int32_t)hw_crc32(0, body, body_size));
    uint32_t levels_size = hw_load_le32(body);
    decode_rle(&(struct decoder){body + 4, body + 4 + levels_size}, 1, count, levels);
    const uint8_t *keys = body + 4 + levels_size;
    assert_int_equal(keys[0], 2); /* bits of 3 values */
    size_t values = 0, used = 0;
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(levels[i], word_of(row + i) != NULL);
        values += levels[i];
    }
    decode_rle(&(struct decoder){keys + 1, body + body_size}, 2, values, indices);
    for (size_t i = 0; i < count; i++) {
        if (levels[i]) {
            assert_string_equal(words[indices[used++]], word_of(row + i));
        }
    }
    snprintf(path, sizeof(path), "1.%zu.3", page);
    assert_int_equal(number_at(index, path), row);
    snprintf(path, sizeof(path), "2.%zu", page);
    assert_true(hw_view_equal(thrift_find(bounds, path).bytes, HW_VIEW("alpha")));
    snprintf(path, sizeof(path), "3.%zu", page);
    assert_true(hw_view_equal(thrift_find(bounds, path).bytes, HW_VIEW("delta")));
    return count;
}

/*
 * Nulls, texts with a dictionary, several pages and row groups: levels, indices and page index
 * decoded by hand.
 */
static void a_dictionary_with_nulls_decodes(void **state) {
    (void)state;
    enum { ROWS = WORD_ROWS, PAGE = WORD_PAGE };
    struct hw_field field = {"word", {.kind = HW_KIND_TEXT}, false};
    struct hw_schema schema = {&field, 1};
    struct hw_parquet_options options = {.codec = HW_CODEC_NONE, .level = HW_LEVEL_DEFAULT, .page_rows = PAGE};
    int32_t offsets[ROWS + 1] = {0};
    char data[ROWS * 8 + HW_BATCH_PADDING];
    uint8_t validity[(ROWS + 7) / 8] = {0};
    struct hw_error err = HW_ERROR_INIT;
    size_t nulls = 0;
    struct job job;

    for (size_t i = 0; i < ROWS; i++) {
        const char *word = word_of(i) ? word_of(i) : "";
        memcpy(data + offsets[i], word, strlen(word));
        offsets[i + 1] = offsets[i] + (int32_t)strlen(word);
        validity[i / 8] |= (uint8_t)((i % 4 != 3) << i % 8);
        nulls += i % 4 == 3;
    }
    struct hw_column column = {.null_count = nulls, .validity = validity, .offsets = offsets, .data = data};
    struct hw_batch batch = {&schema, ROWS, &column};
    assert_ok(job_open(&job, &schema, &options, &err), err);
    for (int group = 0; group < 2; group++) {
        assert_ok(job.encoder->ops->add(job.encoder, &batch, &err), err);
        assert_ok(job_append(&job, &err), err);
    }
    assert_ok(job.writer->ops->finish(job.writer, &err), err);
    assert_int_equal(job.writer->rows, 2 * ROWS);

    hw_view footer = footer_of(&job);
    const char *file = (const char *)job.sink.bytes.data;
    assert_int_equal(number_at(footer, "3"), 2 * ROWS);
    assert_int_equal(number_at(footer, "4.1.7"), 1);
    assert_int_equal(number_at(footer, "4.1.1.0.3.12.3"), nulls);
    assert_int_equal(number_at(footer, "4.1.1.0.3.16.1"), offsets[ROWS]);
    assert_int_equal(number_at(footer, "4.1.1.0.3.16.3.0"), nulls);
    assert_int_equal(number_at(footer, "4.1.1.0.3.16.3.1"), ROWS - nulls);
    assert_int_equal(number_at(footer, "4.1.1.0.3.13.1.3"), 3); /* pages with dictionary indices */
    hw_view index = {file + number_at(footer, "4.1.1.0.4"), (size_t)number_at(footer, "4.1.1.0.5")};
    hw_view bounds = {file + number_at(footer, "4.1.1.0.6"), (size_t)number_at(footer, "4.1.1.0.7")};

    int64_t dictionary_at = number_at(footer, "4.1.1.0.3.11");
    hw_view head = {file + dictionary_at, 64};
    assert_int_equal(number_at(head, "1"), 2);
    assert_int_equal(number_at(head, "7.1"), 3);
    const char *plain = thrift_find(head, "").bytes.data + thrift_find(head, "").bytes.size;
    assert_row_bytes("dictionary", plain, 26, "\5\0\0\0delta\5\0\0\0alpha\4\0\0\0beta", 26);

    for (size_t page = 0, row = 0; page < 3; page++) {
        row += words_page_decodes(file, index, bounds, page, row);
    }
    job_close(&job);
}

static void a_file_without_rows_is_a_file(void **state) {
    (void)state;
    struct hw_field field = {"n", {.kind = HW_KIND_NULL}, false};
    struct hw_schema schema = {&field, 1};
    struct hw_file_pair pairs[] = {{HW_VIEW_INIT("k"), HW_VIEW_INIT("v"), true}};
    struct hw_parquet_options options = {.level = HW_LEVEL_DEFAULT, .pairs = {pairs, 1, false}};
    struct hw_error err = HW_ERROR_INIT;
    struct job job;

    assert_ok(job_open(&job, &schema, &options, &err), err);
    assert_ok(job_append(&job, &err), err); /* a piece without rows leaves nothing */
    assert_ok(job.writer->ops->finish(job.writer, &err), err);
    hw_view footer = footer_of(&job);
    assert_int_equal(number_at(footer, "3"), 0);
    assert_int_equal(number_at(footer, "4"), 0);
    assert_true(hw_view_equal(thrift_find(footer, "5.0.1").bytes, HW_VIEW("k")));
    assert_true(hw_view_equal(thrift_find(footer, "5.0.2").bytes, HW_VIEW("v")));
    job_close(&job);
}

static void a_null_in_a_required_column_names_it(void **state) {
    (void)state;
    struct hw_field fields[2] = {{"id", {.kind = HW_KIND_INT64}, true}, {"price", {.kind = HW_KIND_DOUBLE}, true}};
    struct hw_schema schema = {fields, 2};
    uint64_t values[3 + HW_BATCH_PADDING / 8] = {0};
    uint8_t validity = 0x5;
    struct hw_column columns[2] = {{.values = values}, {.null_count = 1, .validity = &validity, .values = values}};
    struct hw_batch batch = {&schema, 3, columns};
    struct hw_error err = HW_ERROR_INIT;
    struct job job;

    assert_ok(job_open(&job, &schema, &plain_options, &err), err);
    assert_int_equal(job.encoder->ops->add(job.encoder, &batch, &err), HW_EDATA);
    assert_string_equal(err.column, "price");
    assert_row_says("message", err.message, "a null in a column that is required");
    job.encoder->ops->reset(job.encoder);
    assert_int_equal(job.encoder->rows, 0);
    columns[1].null_count = 0;
    columns[1].validity = NULL;
    assert_ok(job.encoder->ops->add(job.encoder, &batch, &err), err);
    assert_ok(job_append(&job, &err), err);
    assert_int_equal(job.writer->rows, 3); /* nothing of the first try is left */
    job_close(&job);
}

static const struct {
    const char *name;
    struct hw_parquet_options options;
    const char *says;
} bad_options[] = {
    {"deflate", {.codec = HW_CODEC_DEFLATE, .level = HW_LEVEL_DEFAULT}, "no codec deflate"},
    {"a level that zstd lacks", {.codec = HW_CODEC_ZSTD, .level = 99}, "99"},
};

/* The defaults are those that options.h names. */
static void options_of_zero_are_the_defaults(void **state) {
    (void)state;
    enum { KB = 1 << 10, MB = 1 << 20 };
    static const struct {
        const char *name;
        struct hw_parquet_options given;
        size_t page_bytes, long_page_bytes, page_rows, split_page_rows, dictionary_bytes, large_dictionary_bytes;
    } rows[] = {
        {"none", {0}, MB, 4 * MB, 20000, 128 * KB, MB, 2 * MB},
        {"page_bytes", {.page_bytes = KB}, KB, KB, 20000, 128 * KB, MB, 2 * MB},
        {"page_rows", {.page_rows = 500}, MB, 4 * MB, 500, 500, MB, 2 * MB},
        {"dictionary_bytes", {.dictionary_bytes = KB}, MB, 4 * MB, 20000, 128 * KB, KB, KB},
        {"large_dictionary_bytes", {.large_dictionary_bytes = 8 * MB}, MB, 4 * MB, 20000, 128 * KB, MB, 8 * MB},
        {"large is less", {.large_dictionary_bytes = KB}, MB, 4 * MB, 20000, 128 * KB, MB, MB},
        {"too large",
         {.dictionary_bytes = SIZE_MAX, .large_dictionary_bytes = SIZE_MAX},
         MB,
         4 * MB,
         20000,
         128 * KB,
         256 * MB,
         256 * MB},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_parquet_options options, given = rows[i].given;
        struct hw_error err = HW_ERROR_INIT;
        given.level = HW_LEVEL_DEFAULT;
        assert_ok(hw_parquet_options_fill(&given, &options, &err), err);
        assert_row_int(rows[i].name, options.page_bytes, rows[i].page_bytes);
        assert_row_int(rows[i].name, options.long_page_bytes, rows[i].long_page_bytes);
        assert_row_int(rows[i].name, options.page_rows, rows[i].page_rows);
        assert_row_int(rows[i].name, options.split_page_rows, rows[i].split_page_rows);
        assert_row_int(rows[i].name, options.dictionary_bytes, rows[i].dictionary_bytes);
        assert_row_int(rows[i].name, options.large_dictionary_bytes, rows[i].large_dictionary_bytes);
    }
}

static void unusable_options_are_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad_options); i++) {
        struct hw_schema schema = {NULL, 0};
        struct memory_sink sink = memory_sink(0);
        struct hw_table_writer *writer = NULL;
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(bad_options[i].name,
                       hw_parquet_writer_new(&schema, &bad_options[i].options, &sink.base, &writer, &err), HW_EUSAGE);
        assert_row_says(bad_options[i].name, err.message, bad_options[i].says);
        assert_null(writer);
    }
}

/* Three columns, some pages, two row groups: every path that allocates or writes. */
enum { MIXED_ROWS = 3000 };

struct mixed {
    struct hw_field fields[4];
    struct hw_schema schema;
    int64_t numbers[MIXED_ROWS + HW_BATCH_PADDING];
    double doubles[MIXED_ROWS + HW_BATCH_PADDING];
    int32_t offsets[MIXED_ROWS + 1];
    char data[MIXED_ROWS * 16];
    uint8_t validity[MIXED_ROWS / 8 + 1];
    struct hw_column columns[4];
    struct hw_batch batch;
};

static void mixed_fill(struct mixed *mixed) {
    uint64_t random = 12;
    size_t nulls = 0;

    memset(mixed, 0, sizeof(*mixed));
    for (size_t i = 0; i < MIXED_ROWS; i++) {
        mixed->numbers[i] = (int64_t)(i * 5 + test_random(&random) % 3);
        mixed->doubles[i] = (double)(test_random(&random) % 1000000) / 100;
        bool valid = test_random(&random) % 4 != 0;
        mixed->validity[i / 8] |= (uint8_t)(valid << i % 8);
        nulls += !valid;
        size_t size =
            valid ? (size_t)snprintf(mixed->data + mixed->offsets[i], 15, "w%d", (int)(test_random(&random) % 700)) : 0;
        mixed->offsets[i + 1] = mixed->offsets[i] + (int32_t)size;
    }
    mixed->fields[0] = (struct hw_field){"n", {.kind = HW_KIND_INT64}, true};
    mixed->fields[1] = (struct hw_field){"d", {.kind = HW_KIND_DOUBLE}, false};
    mixed->fields[2] = (struct hw_field){"t", {.kind = HW_KIND_TEXT}, false};
    mixed->fields[3] = (struct hw_field){"z", {.kind = HW_KIND_NULL}, false};
    mixed->schema = (struct hw_schema){mixed->fields, 4};
    mixed->columns[0] = (struct hw_column){.values = mixed->numbers};
    mixed->columns[1] = (struct hw_column){.values = mixed->doubles};
    mixed->columns[2] = (struct hw_column){
        .null_count = nulls, .validity = mixed->validity, .offsets = mixed->offsets, .data = mixed->data};
    mixed->columns[3] = (struct hw_column){.null_count = MIXED_ROWS};
    mixed->batch = (struct hw_batch){&mixed->schema, MIXED_ROWS, mixed->columns};
}

static enum hw_status mixed_write(struct job *job, const struct mixed *mixed, int fail_on_write, struct hw_error *err) {
    struct hw_parquet_options options = {
        .codec = HW_CODEC_SNAPPY, .level = HW_LEVEL_DEFAULT, .page_rows = 500, .dictionary_bytes = 3000};
    HW_TRY(job_open(job, &mixed->schema, &options, err));
    job->sink.fail_on_write = fail_on_write;
    for (int group = 0; group < 2; group++) {
        HW_TRY(job->encoder->ops->add(job->encoder, &mixed->batch, err));
        HW_TRY(job_append(job, err));
    }
    return job->writer->ops->finish(job->writer, err);
}

/* A file of pieces from another writer's encoder has the bytes of one that its own encoder made. */
static void siblings_take_the_pieces(void **state) {
    (void)state;
    enum { FILES = 2 };
    static struct mixed mixed;
    struct hw_error err = HW_ERROR_INIT;
    struct job alone;
    struct hw_table_writer *prototype;
    struct hw_encoder *encoder;
    mixed_fill(&mixed);
    assert_ok(mixed_write(&alone, &mixed, 0, &err), err);
    for (int small = 0; small < 2; small++) {
        const struct hw_parquet_options options = {.codec = HW_CODEC_SNAPPY,
                                                   .level = HW_LEVEL_DEFAULT,
                                                   .page_rows = 500,
                                                   .dictionary_bytes = 3000,
                                                   .many_small = small};
        assert_ok(hw_parquet_writer_new(&mixed.schema, &options, NULL, &prototype, &err), err);
        assert_ok(prototype->ops->encoder_new(prototype, &encoder, &err), err);
        for (int file = 0; file < FILES; file++) {
            struct memory_sink sink = memory_sink(0);
            struct hw_table_writer *writer;
            assert_ok(prototype->ops->sibling(prototype, &sink.base, &writer, &err), err);
            for (int group = 0; group < 2; group++) {
                struct hw_encoded *encoded;
                assert_ok(encoder->ops->add(encoder, &mixed.batch, &err), err);
                assert_ok(encoder->ops->take(encoder, &encoded, &err), err);
                uint64_t most = sink.bytes.size + writer->held_bytes + encoded->file_bytes;
                assert_true(!small || encoded->held_bytes < 64 << 10);
                assert_ok(writer->ops->append(writer, encoded, &err), err);
                assert_true(group == 0 || sink.bytes.size + writer->held_bytes / 2 < most);
            }
            assert_ok(writer->ops->finish(writer, &err), err);
            assert_int_equal(writer->rows, 2 * MIXED_ROWS);
            writer->ops->free(writer);
            assert_row_bytes("file", sink.bytes.data, sink.bytes.size, alone.sink.bytes.data, alone.sink.bytes.size);
            hw_buf_release(&sink.bytes);
        }
        encoder->ops->free(encoder);
        prototype->ops->free(prototype);
    }
    job_close(&alone);
}

/*
 * Fails the n-th request for memory, for every n: each time the job reports it and leaves nothing
 * behind.
 */
static void every_allocation_may_fail(void **state) {
    (void)state;
    static struct mixed mixed;
    enum hw_status status = HW_ENOMEM;
    size_t n;

    mixed_fill(&mixed);
    for (n = 1; status != HW_OK; n++) {
        struct faulty_alloc faulty = {.fail_at = n};
        struct hw_allocator allocator = {faulty_resize, &faulty};
        struct hw_error err = HW_ERROR_INIT;
        struct job job;

        hw_allocator_set(&allocator);
        status = mixed_write(&job, &mixed, 0, &err);
        job_close(&job);
        hw_allocator_set(NULL);
        assert_int_equal(faulty.held, 0);
        if (status != HW_OK) {
            assert_int_equal(status, HW_ENOMEM);
            assert_row_says("message", err.message, "out of memory");
        }
    }
    assert_in_range(n, 30, 100000);
}

static void every_write_may_fail(void **state) {
    (void)state;
    static struct mixed mixed;
    struct hw_error err = HW_ERROR_INIT;
    struct job job;

    mixed_fill(&mixed);
    assert_ok(mixed_write(&job, &mixed, 0, &err), err);
    int writes = job.sink.writes;
    job_close(&job);
    assert_in_range(writes, 1, 3); /* what is small is gathered */
    for (int n = 1; n <= writes; n++) {
        assert_int_equal(mixed_write(&job, &mixed, n, &err), HW_EIO);
        assert_row_says("message", err.message, "injected");
        job_close(&job);
    }
}

/* A failing sink makes append fail, which takes the piece all the same. */
static void append_takes_the_piece_when_it_fails(void **state) {
    (void)state;
    enum { ROWS = 200000 };
    struct hw_field field = {"n", {.kind = HW_KIND_INT64}, true};
    struct hw_schema schema = {&field, 1};
    uint64_t random = 13;
    uint64_t *values = hw_alloc(ROWS * 8 + HW_BATCH_PADDING);
    struct hw_error err = HW_ERROR_INIT;
    struct job job;

    for (size_t i = 0; i < ROWS; i++) {
        values[i] = test_random(&random);
    }
    struct hw_column column = {.values = values};
    struct hw_batch batch = {&schema, ROWS, &column};
    assert_ok(job_open(&job, &schema, &plain_options, &err), err);
    job.sink.fail_on_write = 1;
    assert_ok(job.encoder->ops->add(job.encoder, &batch, &err), err);
    assert_true(job.encoder->held_bytes > ROWS * 8);
    assert_int_equal(job_append(&job, &err), HW_EIO);
    assert_int_equal(job.writer->rows, 0);
    job_close(&job);
    hw_free(values);
}

/* The bytes do not depend on how rows come in batches, nor on what the encoder did before. */
static void the_same_rows_make_the_same_bytes(void **state) {
    (void)state;
    static struct mixed mixed;
    struct hw_parquet_options options = {.codec = HW_CODEC_ZSTD, .level = HW_LEVEL_DEFAULT, .page_rows = 1000};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_buf first = {0};
    mixed_fill(&mixed);

    for (size_t step = MIXED_ROWS; step >= 8; step = step == MIXED_ROWS ? 1504 : step == 1504 ? 24 : 0) {
        struct job job;
        assert_ok(job_open(&job, &mixed.schema, &options, &err), err);
        assert_ok(job.encoder->ops->add(job.encoder, &mixed.batch, &err), err);
        job.encoder->ops->reset(job.encoder);
        for (size_t row = 0; row < MIXED_ROWS; row += step) {
            size_t rows = hw_min_size(step, MIXED_ROWS - row), nulls = 0;
            for (size_t i = row; i < row + rows; i++) {
                nulls += !(mixed.validity[i / 8] >> i % 8 & 1);
            }
            struct hw_column columns[4] = {
                {.values = mixed.numbers + row},
                {.values = mixed.doubles + row},
                {.null_count = nulls,
                 .validity = mixed.validity + row / 8,
                 .offsets = mixed.offsets + row,
                 .data = mixed.data},
                {.null_count = rows},
            };
            struct hw_batch batch = {&mixed.schema, rows, columns};
            assert_ok(job.encoder->ops->add(job.encoder, &batch, &err), err);
        }
        assert_ok(job_append(&job, &err), err);
        assert_ok(job.writer->ops->finish(job.writer, &err), err);
        if (first.size == 0) {
            assert_int_equal(hw_buf_append(&first, job.sink.bytes.data, job.sink.bytes.size, NULL), HW_OK);
        }
        assert_row_bytes("file", job.sink.bytes.data, job.sink.bytes.size, first.data, first.size);
        job_close(&job);
    }
    hw_buf_release(&first);
}

/*
 * After a first row group, further ones like it ask for no memory; held bytes are what the
 * allocator gave.
 */
static void steady_state_allocates_nothing(void **state) {
    (void)state;
    static struct mixed mixed;
    struct faulty_alloc faulty = {0};
    struct hw_allocator allocator = {faulty_resize, &faulty};
    struct hw_parquet_options options = {.codec = HW_CODEC_SNAPPY, .level = HW_LEVEL_DEFAULT, .page_rows = 500};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_encoded *encoded;
    struct job job;
    size_t requests = 0;
    mixed_fill(&mixed);

    hw_allocator_set(&allocator);
    assert_ok(job_open(&job, &mixed.schema, &options, &err), err);
    for (int group = 0; group < 4; group++) {
        assert_ok(job.encoder->ops->add(job.encoder, &mixed.batch, &err), err);
        assert_in_range(job.encoder->held_bytes, faulty.held / 2, faulty.held + 4096);
        assert_ok(job.encoder->ops->take(job.encoder, &encoded, &err), err);
        assert_int_equal(encoded->rows, MIXED_ROWS);
        encoded->ops->free(encoded);
        if (group == 1) {
            requests = faulty.requests;
        }
    }
    assert_int_equal(faulty.requests, requests);
    job_close(&job);
    hw_allocator_set(NULL);
    assert_int_equal(faulty.held, 0);
}

/* Thousands of columns: pages are ended early rather than held. */
static void wide_tables_stay_small(void **state) {
    (void)state;
    enum { COLUMNS = 3000, ROWS = 2000 };
    struct hw_field *fields = hw_alloc(COLUMNS * sizeof(*fields));
    struct hw_column *columns = hw_alloc_zero(COLUMNS, sizeof(*columns));
    uint64_t *values = hw_alloc(ROWS * 8 + HW_BATCH_PADDING);
    struct hw_error err = HW_ERROR_INIT;
    uint64_t random = 14;
    struct job job;

    for (size_t i = 0; i < ROWS; i++) {
        values[i] = test_random(&random);
    }
    for (size_t i = 0; i < COLUMNS; i++) {
        fields[i] = (struct hw_field){"c", {.kind = HW_KIND_INT64}, false};
        columns[i].values = values;
    }
    struct hw_schema schema = {fields, COLUMNS};
    struct hw_batch batch = {&schema, 200, columns};
    assert_ok(job_open(&job, &schema, &plain_options, &err), err);
    size_t stored = 0;
    for (size_t row = 0; row < ROWS; row += 200) {
        assert_ok(job.encoder->ops->add(job.encoder, &batch, &err), err);
        stored += COLUMNS * 200 * 8;
        assert_in_range(job.encoder->held_bytes, stored, stored + (48 << 20));
    }
    assert_ok(job_append(&job, &err), err);
    assert_ok(job.writer->ops->finish(job.writer, &err), err);
    assert_int_equal(number_at(footer_of(&job), "4.0.1"), COLUMNS);
    job_close(&job);
    hw_free(fields);
    hw_free(columns);
    hw_free(values);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tiny_file_is_as_the_format_says),
        cmocka_unit_test(a_dictionary_with_nulls_decodes),
        cmocka_unit_test(a_file_without_rows_is_a_file),
        cmocka_unit_test(a_null_in_a_required_column_names_it),
        cmocka_unit_test(options_of_zero_are_the_defaults),
        cmocka_unit_test(unusable_options_are_refused),
        cmocka_unit_test(siblings_take_the_pieces),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(every_write_may_fail),
        cmocka_unit_test(append_takes_the_piece_when_it_fails),
        cmocka_unit_test(the_same_rows_make_the_same_bytes),
        cmocka_unit_test(steady_state_allocates_nothing),
        cmocka_unit_test(wide_tables_stay_small),
    };
    return cmocka_run_group_tests_name("parquet/writer", tests, NULL, NULL);
}
