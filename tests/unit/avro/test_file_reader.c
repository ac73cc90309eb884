/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/file_reader.h"

#include "core/limits.h"
#include "support/alloc_fault.h"
#include "support/avro_file.h"
#include "support/memory_io.h"
#include "support/rows.h"
#include "support/schema_text.h"
#include "support/slot_text.h"

#define RECORD(fields) "{\"type\":\"record\",\"name\":\"r\",\"fields\":[" fields "]}"
#define TWO_FIELDS RECORD("{\"name\":\"a\",\"type\":\"int\"},{\"name\":\"b\",\"type\":\"string\"}")

/* Appends all rows, "1 'a'|2 'b'", with / between batches, and gives back the status of the end. */
static enum hw_status stream_text(struct hw_batch_stream *stream, struct hw_buf *out, struct hw_error *err) {
    for (;;) {
        struct hw_batch batch;
        bool more = false;
        const enum hw_status status = stream->next(stream, &batch, &more, err);
        if (status != HW_OK || !more) {
            assert_int_equal(hw_buf_end_text(out, NULL), HW_OK);
            return status;
        }
        assert_int_equal(hw_buf_append_text(out, out->size > 0 ? "/" : "", NULL), HW_OK);
        for (size_t row = 0; row < batch.rows; row++) {
            assert_int_equal(hw_buf_append_text(out, row > 0 ? "|" : "", NULL), HW_OK);
            for (size_t i = 0; i < batch.schema->count; i++) {
                assert_int_equal(hw_buf_append_text(out, i > 0 ? " " : "", NULL), HW_OK);
                slot_text(&batch.schema->fields[i], &batch.columns[i], row, out);
            }
        }
        hw_batch_release(&batch);
    }
}

static enum hw_status file_text(hw_view bytes, const struct hw_avro_reader_options *options, struct hw_buf *out,
                                struct hw_error *err) {
    struct memory_source source = memory_source(bytes, 0);
    HW_AUTO(hw_avro_container) file = {0};
    struct hw_batch_stream *stream;
    HW_TRY(hw_avro_container_open(&file, &source.base, err));
    HW_TRY(hw_avro_reader_new(&file, options, &stream, err));
    const enum hw_status status = stream_text(stream, out, err);
    stream->free(stream);
    return status;
}

/* Blocks of 2, 0, 3 and 1 rows. */
static void file_make(struct hw_buf *out) {
    avro_file_begin(out, TWO_FIELDS, NULL);
    avro_file_block(out, 2,
                    HW_VIEW("\x02\x02"
                            "a"
                            "\x04\x02"
                            "b"));
    avro_file_block(out, 0, HW_VIEW(""));
    avro_file_block(out, 3,
                    HW_VIEW("\x06\x02"
                            "c"
                            "\x08\x02"
                            "d"
                            "\x0a\x02"
                            "e"));
    avro_file_block(out, 1,
                    HW_VIEW("\x0c\x02"
                            "f"));
}

static const struct {
    const char *name;
    struct hw_avro_reader_options options;
    const char *want;
} rows[] = {
    {"all", {0}, "1 'a'|2 'b'|3 'c'|4 'd'|5 'e'|6 'f'"},
    {"several threads", {.threads = 3}, "1 'a'|2 'b'|3 'c'|4 'd'|5 'e'|6 'f'"},
    {"batches of four rows", {.batch_rows = 4}, "1 'a'|2 'b'|3 'c'|4 'd'/5 'e'|6 'f'"},
    {"one column", {.columns = "b"}, "'a'|'b'|'c'|'d'|'e'|'f'"},
    {"columns in another order", {.columns = "b,a"}, "'a' 1|'b' 2|'c' 3|'d' 4|'e' 5|'f' 6"},
    {"rows are left out", {.skip = 1}, "2 'b'|3 'c'|4 'd'|5 'e'|6 'f'"},
    {"a block is left out", {.skip = 2}, "3 'c'|4 'd'|5 'e'|6 'f'"},
    {"more than a block is left out", {.skip = 4}, "5 'e'|6 'f'"},
    {"all are left out", {.skip = 6}, ""},
    {"more than all are left out", {.skip = UINT64_MAX, .limit = 2}, ""},
    {"the first row", {.limit = 1}, "1 'a'"},
    {"the first three rows", {.limit = 3}, "1 'a'|2 'b'|3 'c'"},
    {"rows in the middle", {.skip = 1, .limit = 3}, "2 'b'|3 'c'|4 'd'"},
    {"rows in the middle, by single batches", {.skip = 1, .limit = 3, .batch_rows = 1}, "2 'b'/3 'c'/4 'd'"},
    {"the last rows", {.skip = 5, .limit = 100}, "6 'f'"},
    {"another schema",
     {.reader_schema = HW_VIEW_INIT(RECORD("{\"name\":\"c\",\"type\":\"int\",\"default\":7},"
                                           "{\"name\":\"a\",\"type\":\"long\"}"))},
     "7 1|7 2|7 3|7 4|7 5|7 6"},
    {"columns of another schema",
     {.columns = "a",
      .reader_schema = HW_VIEW_INIT(RECORD("{\"name\":\"c\",\"type\":\"int\",\"default\":7},"
                                           "{\"name\":\"a\",\"type\":\"long\"}"))},
     "1|2|3|4|5|6"},
};

static void rows_come_as_they_are_asked_for(void **state) {
    (void)state;
    HW_AUTO(hw_buf) bytes = {0};
    file_make(&bytes);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) text = {0};
        const enum hw_status status = file_text(hw_buf_view(&bytes), &rows[i].options, &text, &err);
        assert_row_text(rows[i].name, err.message, "");
        assert_row_int(rows[i].name, status, HW_OK);
        assert_row_text(rows[i].name, (const char *)text.data, rows[i].want);
    }
}

static void blocks_without_items_may_have_no_bytes(void **state) {
    (void)state;
    static const char *const codecs[] = {"null", "deflate", "snappy", "zstandard", "bzip2", "xz"};
    for (size_t i = 0; i < COUNT_OF(codecs); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) bytes = {0};
        HW_AUTO(hw_buf) text = {0};
        avro_file_begin(&bytes, "\"int\"", codecs[i]);
        avro_file_block(&bytes, 0, HW_VIEW(""));
        assert_ok(file_text(hw_buf_view(&bytes), &(struct hw_avro_reader_options){0}, &text, &err), err);
        assert_row_text(codecs[i], (const char *)text.data, "");
    }
}

/* A stream that has each byte once, a few at a time. */
struct bytes_stream {
    struct hw_stream base;
    hw_view left;
};

static enum hw_status bytes_read(struct hw_stream *base, void *data, size_t bytes, size_t *out_bytes,
                                 struct hw_error *err) {
    struct bytes_stream *stream = (struct bytes_stream *)base;
    (void)err;
    *out_bytes = hw_min_size(hw_min_size(bytes, 7), stream->left.size);
    memcpy(data, stream->left.data, *out_bytes);
    stream->left = (hw_view){stream->left.data + *out_bytes, stream->left.size - *out_bytes};
    return HW_OK;
}

static void streams_are_read_too(void **state) {
    (void)state;
    static const struct hw_stream_ops ops = {bytes_read, NULL};
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) bytes = {0};
    HW_AUTO(hw_buf) text = {0};
    HW_AUTO(hw_buf) schema = {0};
    HW_AUTO(hw_avro_container) file = {0};
    struct hw_batch_stream *stream;
    file_make(&bytes);
    struct bytes_stream from = {{&ops}, hw_buf_view(&bytes)};
    assert_ok(hw_avro_container_open_stream(&file, &from.base, "-", &err), err);
    assert_ok(hw_avro_reader_new(&file, &(struct hw_avro_reader_options){.threads = 2}, &stream, &err), err);
    assert_string_equal(schema_text(stream->schema, &schema), "a:int32! b:text!");
    assert_ok(stream_text(stream, &text, &err), err);
    assert_string_equal((const char *)text.data, rows[0].want);
    stream->free(stream);
}

/* 4,000 blocks of 100 rows: batches are the same whatever the number of threads. */
static void threads_change_nothing(void **state) {
    (void)state;
    HW_AUTO(hw_buf) bytes = {0};
    HW_AUTO(hw_buf) one = {0};
    avro_file_begin(&bytes, "\"long\"", NULL);
    for (unsigned block = 0; block < 4000; block++) {
        uint8_t items[200];
        for (unsigned i = 0; i < 100; i++) {
            const unsigned zigzag = (block * 100 + i) % 8000 + 128;
            items[2 * i] = (uint8_t)(zigzag | 0x80);
            items[2 * i + 1] = (uint8_t)(zigzag >> 7);
        }
        avro_file_block(&bytes, 100, (hw_view){(const char *)items, sizeof(items)});
    }
    for (size_t threads = 1; threads <= 4; threads++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) text = {0};
        const struct hw_avro_reader_options options = {
            .threads = threads, .memory_bytes = HW_MIB(4) * threads, .batch_rows = 777};
        assert_ok(file_text(hw_buf_view(&bytes), &options, threads == 1 ? &one : &text, &err), err);
        if (threads > 1) {
            assert_row_bytes("rows", text.data, text.size, one.data, one.size);
        }
    }
    assert_true(one.size > 400000 * 3);
}

static const struct {
    const char *name;
    const char *codec;
    hw_view block;
    uint64_t count;
    enum hw_status want;
    int64_t offset; /* from where the bytes of the block begin */
    int64_t row;
    const char *column;
    const char *says;
} faults[] = {
    {"a value", NULL,
     HW_VIEW_INIT("\x02\x02"
                  "a"
                  "\x04\x02\xff"),
     2, HW_EDATA, 4, 4, "b", "block 1: a text is not UTF-8"},
    {"too few items", NULL,
     HW_VIEW_INIT("\x02\x02"
                  "a"),
     2, HW_EDATA, 0, -1, "", "block 1: 2 items of at least 2 bytes cannot be in 3 bytes"},
    {"too many bytes", NULL,
     HW_VIEW_INIT("\x02\x02"
                  "abc"),
     1, HW_EDATA, 3, -1, "", "block 1: 2 bytes are left"},
};

static void rows_before_a_fault_come_first(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        for (size_t threads = 1; threads <= 2; threads++) {
            struct hw_error err = HW_ERROR_INIT;
            HW_AUTO(hw_buf) bytes = {0};
            HW_AUTO(hw_buf) text = {0};
            avro_file_begin(&bytes, TWO_FIELDS, faults[i].codec);
            avro_file_block(&bytes, 2,
                            HW_VIEW("\x02\x02"
                                    "a"
                                    "\x04\x02"
                                    "b"));
            const size_t begin = bytes.size + 2;
            avro_file_block(&bytes, faults[i].count, faults[i].block);
            const struct hw_avro_reader_options options = {.threads = threads};
            assert_row_int(faults[i].name, file_text(hw_buf_view(&bytes), &options, &text, &err), faults[i].want);
            assert_row_text(faults[i].name, (const char *)text.data, "1 'a'|2 'b'");
            assert_row_says(faults[i].name, err.message, faults[i].says);
            assert_row_int(faults[i].name, err.offset, (int64_t)begin + faults[i].offset);
            assert_row_int(faults[i].name, err.row, faults[i].row);
            assert_row_text(faults[i].name, err.column, faults[i].column);
        }
    }
}

static void a_file_that_is_cut_fails_behind_its_rows(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) bytes = {0};
    HW_AUTO(hw_buf) text = {0};
    file_make(&bytes);
    const hw_view cut = {(const char *)bytes.data, bytes.size - 1};
    assert_int_equal(file_text(cut, &(struct hw_avro_reader_options){0}, &text, &err), HW_EDATA);
    assert_string_equal((const char *)text.data, "1 'a'|2 'b'|3 'c'|4 'd'|5 'e'");
    assert_non_null(strstr(err.message, "block 3: the file ends within its sync marker"));
}

/* Appends stored blocks of deflate (RFC 1951, 3.2.4). */
static void stored_put(struct hw_buf *out, size_t bytes) {
    static const uint8_t zeros[65535];
    while (bytes > 0) {
        const size_t part = hw_min_size(bytes, sizeof(zeros));
        const uint8_t head[] = {part == bytes, (uint8_t)part, (uint8_t)(part >> 8), (uint8_t)~part,
                                (uint8_t)(~part >> 8)};
        assert_int_equal(hw_buf_append(out, head, sizeof(head), NULL), HW_OK);
        assert_int_equal(hw_buf_append(out, zeros, part, NULL), HW_OK);
        bytes -= part;
    }
}

static enum hw_status large_block_count(size_t bytes, size_t memory, size_t threads, size_t *out_rows,
                                        struct hw_error *err) {
    HW_AUTO(hw_buf) file_bytes = {0};
    HW_AUTO(hw_buf) block = {0};
    HW_AUTO(hw_avro_container) file = {0};
    struct hw_batch_stream *stream;
    bool more = true;
    stored_put(&block, bytes);
    avro_file_begin(&file_bytes, "\"long\"", "deflate");
    for (int i = 0; i < 3; i++) {
        avro_file_block(&file_bytes, bytes, hw_buf_view(&block));
    }
    struct memory_source source = memory_source(hw_buf_view(&file_bytes), 0);
    HW_TRY(hw_avro_container_open(&file, &source.base, err));
    const struct hw_avro_reader_options options = {.threads = threads, .memory_bytes = memory};
    HW_TRY(hw_avro_reader_new(&file, &options, &stream, err));
    enum hw_status status = HW_OK;
    while (status == HW_OK && more) {
        struct hw_batch batch;
        status = stream->next(stream, &batch, &more, err);
        if (status == HW_OK && more) {
            *out_rows += batch.rows;
            hw_batch_release(&batch);
        }
    }
    stream->free(stream);
    return status;
}

/* A block that is larger than the share of a task is decoded alone, and fails beyond the memory. */
static void large_blocks_are_decoded_alone(void **state) {
    (void)state;
    for (size_t threads = 1; threads <= 3; threads++) {
        struct hw_error err = HW_ERROR_INIT;
        size_t count = 0;
        assert_ok(large_block_count(500000, HW_MIB(1), threads, &count, &err), err);
        assert_int_equal(count, 3 * 500000);
        assert_int_equal(large_block_count(600000, HW_MIB(1), threads, &count, &err), HW_ELIMIT);
        assert_non_null(strstr(err.message, "block 0: "));
        assert_non_null(strstr(err.message, "524288 bytes"));
    }
}

static const struct {
    const char *name;
    struct hw_avro_reader_options options;
    enum hw_status want;
    const char *says;
} refusals[] = {
    {"a column that is not there", {.columns = "c"}, HW_EUSAGE, "there is no column \"c\""},
    {"a schema that is none", {.reader_schema = HW_VIEW_INIT("x")}, HW_EDATA, "is no JSON"},
    {"a schema that does not match", {.reader_schema = HW_VIEW_INIT("\"int\"")}, HW_EDATA, "cannot be read as int"},
};

static void what_cannot_be_asked_for_is_refused(void **state) {
    (void)state;
    HW_AUTO(hw_buf) bytes = {0};
    file_make(&bytes);
    for (size_t i = 0; i < COUNT_OF(refusals); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) text = {0};
        assert_row_int(refusals[i].name, file_text(hw_buf_view(&bytes), &refusals[i].options, &text, &err),
                       refusals[i].want);
        assert_row_says(refusals[i].name, err.message, refusals[i].says);
    }
}

static void faults_of_the_source_are_told(void **state) {
    (void)state;
    HW_AUTO(hw_buf) bytes = {0};
    file_make(&bytes);
    struct memory_source source = memory_source(hw_buf_view(&bytes), 1);
    HW_AUTO(hw_avro_container) file = {0};
    assert_int_equal(hw_avro_container_open(&file, &source.base, NULL), HW_EIO);
}

static void no_memory_is_no_rows(void **state) {
    (void)state;
    HW_AUTO(hw_buf) bytes = {0};
    bool fired = true;
    file_make(&bytes);
    for (size_t n = 0; fired; n++) {
        struct alloc_fault fault;
        struct hw_buf text = {0};
        assert_int_equal(hw_buf_reserve(&text, 1024, NULL), HW_OK);
        alloc_fault_begin(&fault, n);
        const enum hw_status status =
            file_text(hw_buf_view(&bytes), &(struct hw_avro_reader_options){.columns = "b"}, &text, NULL);
        fired = alloc_fault_end(&fault);
        hw_buf_release(&text);
        assert_row_int("status", status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_as_they_are_asked_for),
        cmocka_unit_test(blocks_without_items_may_have_no_bytes),
        cmocka_unit_test(streams_are_read_too),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(rows_before_a_fault_come_first),
        cmocka_unit_test(a_file_that_is_cut_fails_behind_its_rows),
        cmocka_unit_test(large_blocks_are_decoded_alone),
        cmocka_unit_test(what_cannot_be_asked_for_is_refused),
        cmocka_unit_test(faults_of_the_source_are_told),
        cmocka_unit_test(no_memory_is_no_rows),
    };
    return cmocka_run_group_tests_name("avro/file_reader", tests, NULL, NULL);
}
