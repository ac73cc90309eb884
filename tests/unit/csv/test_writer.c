/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/writer.h"

#include <libdeflate.h>
#include <math.h>
#include <stdio.h>
#include <zstd.h>

#include "csv/layout.h"
#include "csv/parser.h"
#include "support/alloc_fault.h"
#include "support/memory_io.h"
#include "support/rows.h"
#include "unit/csv/field.h"
#include "unit/csv/plain_reader.h"
#include "unit/csv/sheet.h"

/* Adds the batch `times` times, a piece every `piece_adds`. */
static enum hw_status sheet_write(const struct hw_batch *batch, size_t times, size_t piece_adds,
                                  const struct hw_csv_writer_options *options, struct hw_sink *sink,
                                  struct hw_error *err) {
    struct hw_table_writer *writer;
    struct hw_encoder *encoder = NULL;
    struct hw_encoded *piece;

    enum hw_status status = hw_csv_writer_new(batch->schema, options, sink, &writer, err);
    if (status != HW_OK) {
        return status;
    }
    status = writer->ops->encoder_new(writer, &encoder, err);
    for (size_t i = 1; status == HW_OK && i <= times; i++) {
        status = encoder->ops->add(encoder, batch, err);
        if (status == HW_OK && (i % piece_adds == 0 || i == times)) {
            status = encoder->ops->take(encoder, &piece, err);
            if (status == HW_OK) {
                status = writer->ops->append(writer, piece, err);
            }
        }
    }
    if (status == HW_OK) {
        status = writer->ops->finish(writer, err);
        assert_int_equal(writer->rows, times * batch->rows);
    }
    if (encoder) {
        encoder->ops->free(encoder);
    }
    writer->ops->free(writer);
    return status;
}

/* ids and notes: row r is r and null where r % 3 is 0, else r % 20 times '#'. */
enum { SMALL_ROWS = 1000 };

static struct hw_batch small_make(struct sheet *sheet) {
    static const char note[] = "####################";
    size_t id = sheet_column(sheet, "id", (struct hw_type){.kind = HW_KIND_INT64});
    size_t text = sheet_column(sheet, "note", (struct hw_type){.kind = HW_KIND_TEXT});
    for (int64_t row = 0; row < SMALL_ROWS; row++) {
        sheet_put(sheet, id, &row, 0);
        sheet_put(sheet, text, row % 3 ? note : NULL, (size_t)row % 20);
    }
    return sheet_batch(sheet, '"');
}

/* What that table is as text, made by printf. */
static void small_print(struct hw_buf *out, size_t times, const char *end) {
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_printf(out, &err, "id,note%s", end), err);
    for (size_t i = 0; i < times * SMALL_ROWS; i++) {
        size_t row = i % SMALL_ROWS;
        const char *quotes = row % 3 && row % 20 == 0 ? "\"\"" : "";
        assert_ok(hw_buf_printf(out, &err, "%zu,%.*s%s%s", row, row % 3 ? (int)(row % 20) : 0, "####################",
                                quotes, end),
                  err);
    }
}

/* Unpacks a run of gzip members, one after the other. */
static size_t gzip_unpack(hw_view packed, struct hw_buf *out) {
    struct libdeflate_decompressor *inflater = libdeflate_alloc_decompressor();
    struct hw_error err = HW_ERROR_INIT;
    size_t members = 0;
    while (packed.size > 0) {
        size_t used;
        size_t got;
        assert_ok(hw_buf_reserve(out, HW_MIB(8), &err), err);
        assert_int_equal(libdeflate_gzip_decompress_ex(inflater, packed.data, packed.size, out->data + out->size,
                                                       HW_MIB(8), &used, &got),
                         LIBDEFLATE_SUCCESS);
        assert_true(got > 0);
        out->size += got;
        packed = (hw_view){packed.data + used, packed.size - used};
        members++;
    }
    libdeflate_free_decompressor(inflater);
    return members;
}

static size_t zstd_unpack(hw_view packed, struct hw_buf *out) {
    struct hw_error err = HW_ERROR_INIT;
    size_t frames = 0;
    while (packed.size > 0) {
        size_t used = ZSTD_findFrameCompressedSize(packed.data, packed.size);
        assert_false(ZSTD_isError(used));
        assert_ok(hw_buf_reserve(out, HW_MIB(8), &err), err);
        size_t got = ZSTD_decompress(out->data + out->size, HW_MIB(8), packed.data, used);
        assert_false(ZSTD_isError(got));
        assert_true(got > 0);
        out->size += got;
        packed = (hw_view){packed.data + used, packed.size - used};
        frames++;
    }
    return frames;
}

static size_t nothing_unpack(hw_view packed, struct hw_buf *out) {
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_append(out, packed.data, packed.size, &err), err);
    return 1;
}

static void files_have_the_text(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_csv_writer_options options;
        size_t times, piece_adds;
        size_t (*unpack)(hw_view packed, struct hw_buf *out);
        size_t members;
        const char *end;
    } rows[] = {
        {"defaults", {.codec = HW_CODEC_DEFAULT}, 30, 7, nothing_unpack, 1, "\n"},
        {"none", {.codec = HW_CODEC_NONE}, 1, 1, nothing_unpack, 1, "\n"},
        {"none, a piece that is many segments", {.codec = HW_CODEC_NONE}, 300, 300, nothing_unpack, 1, "\n"},
        {"CRLF", {.crlf = true}, 2, 1, nothing_unpack, 1, "\r\n"},
        {"no rows", {0}, 0, 1, nothing_unpack, 1, "\n"},
        {"gzip", {.codec = HW_CODEC_GZIP, .level = HW_LEVEL_DEFAULT}, 30, 7, gzip_unpack, 1 + 5, "\n"},
        {"gzip, small members",
         {.codec = HW_CODEC_GZIP, .level = 9, .block_bytes = 3000},
         1,
         1,
         gzip_unpack,
         1 + 4,
         "\n"},
        {"gzip, no rows", {.codec = HW_CODEC_GZIP, .level = HW_LEVEL_DEFAULT}, 0, 1, gzip_unpack, 1, "\n"},
        {"gzip, large members",
         {.codec = HW_CODEC_GZIP, .level = HW_LEVEL_DEFAULT},
         1000,
         1000,
         gzip_unpack,
         1 + 3, /* 11 MB */
         "\n"},
        {"zstd", {.codec = HW_CODEC_ZSTD, .level = 3}, 30, 10, zstd_unpack, 1 + 3, "\n"},
        {"zstd, no rows", {.codec = HW_CODEC_ZSTD, .level = HW_LEVEL_DEFAULT}, 0, 1, zstd_unpack, 1, "\n"},
    };
    struct sheet sheet = {0};
    struct hw_batch batch = small_make(&sheet);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct memory_sink sink = memory_sink(0);
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) got = {0};
        HW_AUTO(hw_buf) want = {0};
        assert_ok(sheet_write(&batch, rows[i].times, rows[i].piece_adds, &rows[i].options, &sink.base, &err), err);
        assert_row_int(rows[i].name, rows[i].unpack(hw_buf_view(&sink.bytes), &got), rows[i].members);
        small_print(&want, rows[i].times, rows[i].end);
        assert_row_bytes(rows[i].name, got.data, got.size, want.data, want.size);
        /* publishing is the caller's */
        assert_row_int(rows[i].name, sink.finished || sink.freed, false);
        hw_buf_release(&sink.bytes);
    }
    sheet_release(&sheet);
}

static void options_reach_the_records(void **state) {
    (void)state;
    struct sheet sheet = {0};
    struct memory_sink sink = memory_sink(0);
    struct hw_error err = HW_ERROR_INIT;
    sheet_text(&sheet, sheet_column(&sheet, "=a", (struct hw_type){.kind = HW_KIND_TEXT}), "+1;2");
    sheet_text(&sheet, sheet_column(&sheet, "b", (struct hw_type){.kind = HW_KIND_TEXT}), "x,y");
    struct hw_batch batch = sheet_batch(&sheet, 'x');
    const struct hw_csv_writer_options options = {.delimiter = ';', .crlf = true, .formula_guard = true};
    assert_ok(sheet_write(&batch, 1, 1, &options, &sink.base, &err), err);
    static const char want[] = "'=a;b\r\n\"'+1;2\";x,y\r\n";
    assert_row_bytes("file", sink.bytes.data, sink.bytes.size, want, sizeof(want) - 1);
    hw_buf_release(&sink.bytes);
    sheet_release(&sheet);
}

/* Two rows of id and p? {q, r? {b}}: in the second p is null. Each is added twice. */
static void structs_become_columns_where_that_is_asked_for(void **state) {
    (void)state;
    static const int32_t numbers[] = {1, 2, 3, 4};
    static const int32_t offsets[] = {0, 2, 4};
    static const uint8_t p_valid[] = {1};
    static const struct hw_field b_field = {.name = "b", .type = {.kind = HW_KIND_BINARY}};
    static const struct hw_field p_fields[] = {
        {.name = "q", .type = {.kind = HW_KIND_INT32}},
        {.name = "r", .type = {.kind = HW_KIND_STRUCT}, .children = &b_field, .children_count = 1},
    };
    static struct hw_field fields[] = {
        {.name = "id", .type = {.kind = HW_KIND_INT32}},
        {.name = "p", .type = {.kind = HW_KIND_STRUCT}, .children = p_fields, .children_count = 2},
    };
    const struct hw_column b_column = {.offsets = offsets, .data = "\x01\xab\x02\xff", .length = 2};
    const struct hw_column p_columns[] = {{.values = numbers + 2, .length = 2}, {.children = &b_column, .length = 2}};
    const struct hw_column columns[] = {
        {.values = numbers, .length = 2},
        {.validity = p_valid, .null_count = 1, .children = p_columns, .length = 2},
    };
    static const struct hw_schema schema = {fields, 2};
    const struct hw_batch batch = {&schema, 2, columns, NULL};
    static const struct {
        const char *name;
        struct hw_csv_writer_options options;
        const char *want;
    } rows[] = {
        {"JSON", {.binary = HW_BINARY_HEX}, "id,p\n1,\"{\"\"q\"\":3,\"\"r\"\":{\"\"b\"\":\"\"01ab\"\"}}\"\n2,\n"},
        {"columns", {.flatten = true}, "id,p.q,p.r.b\n1,3,Aas=\n2,,\n"},
        {"columns, hex", {.flatten = true, .binary = HW_BINARY_HEX}, "id,p.q,p.r.b\n1,3,01ab\n2,,\n"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct memory_sink sink = memory_sink(0);
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) want = {0};
        assert_ok(sheet_write(&batch, 2, 1, &rows[i].options, &sink.base, &err), err);
        assert_ok(hw_buf_printf(&want, &err, "%s%s", rows[i].want, strchr(rows[i].want, '\n') + 1), err);
        assert_row_bytes(rows[i].name, sink.bytes.data, sink.bytes.size, want.data, want.size);
        hw_buf_release(&sink.bytes);
    }
    struct hw_table_writer *writer = NULL;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_field twins[] = {fields[1], {.name = "p.q", .type = {.kind = HW_KIND_INT32}}};
    const struct hw_csv_writer_options flat = {.flatten = true};
    assert_int_equal(hw_csv_writer_new(&(struct hw_schema){twins, 2}, &flat, NULL, &writer, &err), HW_EDATA);
    assert_null(writer);
}

static void options_are_checked(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_csv_writer_options options;
        const char *says;
    } rows[] = {
        {"deflate", {.codec = HW_CODEC_DEFLATE}, "CSV has no codec \"deflate\"; it takes none, gzip and zstd"},
        {"snappy", {.codec = HW_CODEC_SNAPPY}, "CSV has no codec \"snappy\""},
        {"brotli", {.codec = HW_CODEC_BROTLI}, "CSV has no codec \"brotli\""},
        {"level of gzip", {.codec = HW_CODEC_GZIP, .level = 13}, "gzip takes levels from 0 to 12, not 13"},
        {"level of zstd", {.codec = HW_CODEC_ZSTD, .level = 99}, "zstd takes levels from -5 to 19, not 99"},
        {"delimiter", {.delimiter = '"'}, "cannot separate fields"},
    };
    struct sheet sheet = {0};
    struct hw_batch batch = small_make(&sheet);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct memory_sink sink = memory_sink(0);
        struct hw_error err = HW_ERROR_INIT;
        struct hw_table_writer *writer = NULL;
        assert_row_int(rows[i].name, hw_csv_writer_new(batch.schema, &rows[i].options, &sink.base, &writer, &err),
                       HW_EUSAGE);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_null(writer);
        assert_row_int(rows[i].name, sink.writes, 0);
    }
    sheet_release(&sheet);
}

static void encoders_are_independent_and_reusable(void **state) {
    (void)state;
    struct sheet sheet = {0};
    struct hw_batch batch = small_make(&sheet);
    struct memory_sink sink = memory_sink(0);
    struct hw_error err = HW_ERROR_INIT;
    struct hw_table_writer *writer;
    struct hw_encoder *one;
    struct hw_encoder *two;
    struct hw_encoded *pieces[4];
    HW_AUTO(hw_buf) want = {0};
    assert_ok(hw_csv_writer_new(batch.schema, NULL, &sink.base, &writer, &err), err);
    assert_ok(writer->ops->encoder_new(writer, &one, &err), err);
    assert_ok(writer->ops->encoder_new(writer, &two, &err), err);

    assert_ok(two->ops->add(two, &batch, &err), err);
    assert_ok(one->ops->add(one, &batch, &err), err);
    assert_ok(one->ops->take(one, &pieces[0], &err), err);
    assert_ok(one->ops->add(one, &batch, &err), err);
    assert_int_equal(one->rows, SMALL_ROWS);
    one->ops->reset(one);
    assert_int_equal(one->rows, 0);
    assert_ok(one->ops->add(one, &batch, &err), err);
    assert_ok(two->ops->take(two, &pieces[1], &err), err);
    assert_ok(one->ops->take(one, &pieces[2], &err), err);
    assert_ok(one->ops->take(one, &pieces[3], &err), err); /* nothing since */
    assert_int_equal(pieces[1]->rows, SMALL_ROWS);
    assert_int_equal(pieces[3]->rows, 0);
    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        assert_ok(writer->ops->append(writer, pieces[i], &err), err);
    }
    one->ops->free(one);
    two->ops->free(two);
    assert_ok(writer->ops->finish(writer, &err), err);
    assert_int_equal(writer->rows, 3 * SMALL_ROWS);
    writer->ops->free(writer);

    small_print(&want, 3, "\n");
    assert_row_bytes("file", sink.bytes.data, sink.bytes.size, want.data, want.size);
    hw_buf_release(&sink.bytes);
    sheet_release(&sheet);
}

/*
 * Pieces of one writer's encoder go to its siblings: each file has the header and its rows, packed
 * or not.
 */
static void siblings_take_the_pieces(void **state) {
    (void)state;
    enum { FILES = 3 }; /* of one, two and no pieces */
    static const size_t pieces[FILES] = {1, 2, 0};
    struct sheet sheet = {0};
    struct hw_batch batch = small_make(&sheet);
    struct hw_error err = HW_ERROR_INIT;
    struct hw_table_writer *prototype;
    struct hw_encoder *encoder;
    assert_ok(hw_csv_writer_new(batch.schema, NULL, NULL, &prototype, &err), err);
    assert_ok(prototype->ops->encoder_new(prototype, &encoder, &err), err);
    for (size_t i = 0; i < FILES; i++) {
        HW_AUTO(hw_buf) want = {0};
        struct memory_sink sink = memory_sink(0);
        struct hw_table_writer *writer;
        assert_ok(prototype->ops->sibling(prototype, &sink.base, &writer, &err), err);
        for (size_t piece = 0; piece < pieces[i]; piece++) {
            struct hw_encoded *encoded;
            assert_ok(encoder->ops->add(encoder, &batch, &err), err);
            assert_ok(encoder->ops->take(encoder, &encoded, &err), err);
            assert_ok(writer->ops->append(writer, encoded, &err), err);
        }
        assert_ok(writer->ops->finish(writer, &err), err);
        assert_int_equal(writer->rows, pieces[i] * SMALL_ROWS);
        writer->ops->free(writer);
        small_print(&want, pieces[i], "\n");
        assert_row_bytes("file", sink.bytes.data, sink.bytes.size, want.data, want.size);
        hw_buf_release(&sink.bytes);
    }
    encoder->ops->free(encoder);
    prototype->ops->free(prototype);
    sheet_release(&sheet);
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
    struct sheet sheet = {0};
    struct hw_batch batch = small_make(&sheet);
    struct memory_sink sink = memory_sink(0);
    struct hw_error err = HW_ERROR_INIT;
    struct hw_table_writer *writer;
    struct hw_encoder *encoder;
    struct hw_encoded *piece;
    hw_allocator_set(&counting);
    assert_ok(hw_csv_writer_new(batch.schema, NULL, &sink.base, &writer, &err), err);
    size_t before = held_now;
    assert_ok(writer->ops->encoder_new(writer, &encoder, &err), err);
    for (int i = 0; i < 200; i++) {
        assert_ok(encoder->ops->add(encoder, &batch, &err), err);
        assert_int_equal(encoder->held_bytes, held_now - before);
    }
    assert_true(encoder->held_bytes > 2 << 20); /* 200 times about 12 kB */
    assert_ok(encoder->ops->take(encoder, &piece, &err), err);
    assert_int_equal(encoder->held_bytes + piece->held_bytes, held_now - before);
    assert_true(piece->held_bytes > encoder->held_bytes);
    /* The next piece takes the memory of the one that was written. */
    const size_t held_by_both = held_now;
    piece->ops->free(piece);
    for (int i = 0; i < 200; i++) {
        assert_ok(encoder->ops->add(encoder, &batch, &err), err);
    }
    assert_ok(encoder->ops->take(encoder, &piece, &err), err);
    assert_int_equal(held_now, held_by_both);
    piece->ops->free(piece);
    encoder->ops->free(encoder);
    writer->ops->free(writer);
    assert_int_equal(held_now, 0);
    hw_allocator_set(NULL);
    sheet_release(&sheet);
}

static void sink_faults_come_through(void **state) {
    (void)state;
    struct sheet sheet = {0};
    struct hw_batch batch = small_make(&sheet);
    enum hw_status status = HW_EIO;
    int fail_on = 1;
    for (; status != HW_OK && fail_on < 100; fail_on++) {
        struct memory_sink sink = memory_sink(fail_on);
        struct hw_error err = HW_ERROR_INIT;
        status = sheet_write(&batch, 4, 1, NULL, &sink.base, &err);
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
    assert_int_equal(sheet_write(&batch, 0, 1, NULL, &sink.base, &err),
                     HW_EIO); /* finish writes an empty file's header */
    sheet_release(&sheet);
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    static const enum hw_codec codecs[] = {HW_CODEC_NONE, HW_CODEC_GZIP, HW_CODEC_ZSTD};
    struct sheet sheet = {0};
    struct hw_batch batch = small_make(&sheet);
    for (size_t i = 0; i < COUNT_OF(codecs); i++) {
        const struct hw_csv_writer_options options = {
            .codec = codecs[i], .level = HW_LEVEL_DEFAULT, .block_bytes = 100000};
        bool fired = true;
        size_t successes = 0;
        for (; fired && successes < 200; successes++) {
            struct memory_sink sink = memory_sink(0);
            struct hw_error err = HW_ERROR_INIT;
            struct alloc_fault fault;
            alloc_fault_begin(&fault, successes);
            enum hw_status status = sheet_write(&batch, 10, 10, &options, &sink.base, &err);
            hw_buf_release(&sink.bytes);
            fired = alloc_fault_end(&fault);
            assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
            if (fired) {
                assert_row_says("message", err.message, "out of memory");
            }
        }
        assert_true(!fired && successes > 5);
    }
    sheet_release(&sheet);
}

enum { KINDS = 10 };
static const struct hw_type kinds[KINDS] = {
    {.kind = HW_KIND_BOOL},
    {.kind = HW_KIND_INT64},
    {.kind = HW_KIND_DOUBLE},
    {.kind = HW_KIND_DECIMAL, .precision = 30, .scale = 12},
    {.kind = HW_KIND_DATE},
    {.kind = HW_KIND_TIMESTAMP},
    {.kind = HW_KIND_TIMESTAMP, .utc = true},
    {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_NANOS},
    {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_NANOS, .utc = true},
    {.kind = HW_KIND_TEXT},
};

static void text_random(struct dice *dice, struct sheet *sheet, size_t column) {
    static const char special[] = "\"\",,\n\n\r ;|\t=x";
    char text[80];
    size_t size = dice_roll(dice, dice_roll(dice, 4) == 0 ? sizeof(text) : 12);
    size_t tame = dice_roll(dice, 9);
    for (size_t i = 0; i < size; i++) {
        text[i] = dice_roll(dice, 8) < tame ? 'a' : special[dice_roll(dice, sizeof(special) - 1)];
    }
    sheet_put(sheet, column, text, size);
}

/*
 * A value that asks for its type: a text with letters follows, digits that a double has not, and so
 * on.
 */
static void value_random(struct dice *dice, struct sheet *sheet, size_t column) {
    const int64_t years_micros = INT64_C(315537897600000000); /* 1 to 9999 */
    const struct hw_type type = sheet->fields[column].type;
    bool truth = dice_roll(dice, 2);
    int64_t integer = (int64_t)(dice_u64(dice) >> dice_roll(dice, 64));
    int32_t days = (int32_t)dice_roll(dice, 3652059) - 719162;
    double real = 0;
    __int128 wide = (__int128)(int64_t)dice_u64(dice) * (1 << dice_roll(dice, 30));
    uint64_t bits = dice_u64(dice);
    memcpy(&real, &bits, sizeof(real));
    real = dice_roll(dice, 3) ? (double)integer / 100 : isfinite(real) ? real : -0.0;
    switch (type.kind) {
    case HW_KIND_BOOL:
        sheet_put(sheet, column, &truth, 0);
        break;
    case HW_KIND_INT64:
        sheet_put(sheet, column, &integer, 0);
        break;
    case HW_KIND_DOUBLE:
        sheet_put(sheet, column, &real, 0);
        break;
    case HW_KIND_DECIMAL:
        sheet_put(sheet, column, &wide, 0);
        break;
    case HW_KIND_DATE:
        sheet_put(sheet, column, &days, 0);
        break;
    case HW_KIND_TIMESTAMP:
        integer = (int64_t)bits;
        if (type.unit == HW_UNIT_MICROS) {
            integer = (int64_t)(bits % (uint64_t)years_micros) - INT64_C(62135596800000000);
            integer -= truth ? integer % 1000000 : 0;
        }
        sheet_put(sheet, column, &integer, 0);
        break;
    default:
        text_random(dice, sheet, column);
        break;
    }
}

static struct hw_batch random_make(struct sheet *sheet, struct dice *dice, size_t rows) {
    static const char *const names[KINDS] = {"b", "i", "d", "m", "day", "us", "us z", "ns", "ns z", "t"};
    for (size_t i = 0; i < KINDS; i++) {
        size_t column = sheet_column(sheet, names[i], kinds[i]);
        size_t nulls = dice_roll(dice, 3) * 4;
        for (size_t row = 0; row < rows; row++) {
            if (row > 0 && dice_roll(dice, 10) < nulls) {
                sheet_put(sheet, column, NULL, 0);
            } else {
                value_random(dice, sheet, column);
            }
        }
    }
    /*
     * What the types rest on: digits that only a decimal has, all of them, and a text that is
     * nothing else.
     */
    static const __int128 widest = (__int128)INT64_MAX << 30;
    sheet->fields[3].type.precision = 28; /* 16 digits before the point */
    memcpy(sheet->columns[3].values.data, &widest, sizeof(widest));
    return sheet_batch(sheet, '"');
}

static void expect_same_columns(const struct hw_batch *got, const struct hw_batch *want) {
    assert_int_equal(got->rows, want->rows);
    for (size_t i = 0; i < want->schema->count; i++) {
        const struct hw_column *a = &got->columns[i];
        const struct hw_column *b = &want->columns[i];
        enum hw_kind kind = want->schema->fields[i].type.kind;
        size_t width = hw_kind_bytes(kind);
        for (size_t row = 0; row < want->rows; row++) {
            bool valid = hw_column_valid(b, row);
            assert_row_int(want->schema->fields[i].name, hw_column_valid(a, row), valid);
            const char *a_at = (const char *)a->values + row * width;
            const char *b_at = (const char *)b->values + row * width;
            size_t a_size = width;
            size_t b_size = width;
            uint8_t bits[2];
            if (kind == HW_KIND_TEXT) {
                a_at = a->data + a->offsets[row];
                b_at = b->data + b->offsets[row];
                a_size = (size_t)(a->offsets[row + 1] - a->offsets[row]);
                b_size = (size_t)(b->offsets[row + 1] - b->offsets[row]);
            } else if (kind == HW_KIND_BOOL) {
                bits[0] = ((const uint8_t *)a->values)[row / 8] >> row % 8 & 1;
                bits[1] = ((const uint8_t *)b->values)[row / 8] >> row % 8 & 1;
                a_at = (const char *)&bits[0];
                b_at = (const char *)&bits[1];
                a_size = b_size = 1;
            }
            if (valid) {
                assert_row_bytes(want->schema->fields[i].name, a_at, a_size, b_at, b_size);
            }
        }
    }
}

/* Reads the file as convert does without a schema: delimiter, types and values are found. */
static void expect_read_back(hw_view file, const struct hw_batch *want) {
    const struct hw_csv_options options = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_csv_layout layout;
    struct hw_csv_profile profiles[SHEET_COLUMNS_MAX];
    struct hw_csv_parser *parser;
    struct hw_csv_block block;
    HW_AUTO(hw_arena) arena = {0};
    HW_AUTO(hw_buf) memory = {0};
    assert_ok(hw_buf_resize(&memory, file.size + 2 * HW_CSV_BLOCK_MARGIN, &err), err);
    memset(memory.data, '"', memory.size);
    memcpy(memory.data + HW_CSV_BLOCK_MARGIN, file.data, file.size);
    hw_view text = {(const char *)memory.data + HW_CSV_BLOCK_MARGIN, file.size};

    assert_ok(hw_csv_layout_find(&(struct hw_csv_head){text, true, "x"}, &options, &arena, &layout, &err), err);
    assert_int_equal(layout.dialect.delimiter, ',');
    assert_int_equal(layout.schema.count, want->schema->count);
    for (size_t i = 0; i < layout.schema.count; i++) {
        profiles[i] = (struct hw_csv_profile)HW_CSV_PROFILE_INIT;
        assert_string_equal(layout.schema.fields[i].name, want->schema->fields[i].name);
    }
    hw_view body = {text.data + layout.body_offset, text.size - (size_t)layout.body_offset};
    assert_ok(hw_csv_layout_observe(&layout, &options, body, true, profiles, &err), err);
    hw_csv_layout_types(&layout, &options, profiles);
    for (size_t i = 0; i < layout.schema.count; i++) {
        char got[64];
        char wanted[64];
        hw_type_format(layout.schema.fields[i].type, got, sizeof(got));
        hw_type_format(want->schema->fields[i].type, wanted, sizeof(wanted));
        assert_row_text(want->schema->fields[i].name, got, wanted);
    }
    const struct hw_csv_parser_options parser_options = {.dialect = layout.dialect, .schema = &layout.schema};
    assert_ok(hw_csv_parser_new(&parser_options, &parser, &err), err);
    assert_ok(hw_csv_parser_run(parser, body.data, body.size, true, &block, &err), err);
    assert_false(hw_csv_parser_misfit(parser));
    assert_int_equal(block.bad_count, 0);
    expect_same_columns(&block.batch, want);
    hw_csv_parser_free(parser);
}

/*
 * The same file through the reader of RFC 4180: nulls, texts and doubles as they are, integers by
 * the C library.
 */
static void expect_plain_reader_agrees(hw_view file, const struct hw_batch *want) {
    struct plain_reader reader = {.at = file.data, .end = file.data + file.size};
    for (size_t i = 0; i < want->schema->count; i++) {
        plain_reader_next(&reader);
        assert_row_bytes("name", reader.field, reader.size, want->schema->fields[i].name,
                         strlen(want->schema->fields[i].name));
    }
    for (size_t row = 0; row < want->rows; row++) {
        for (size_t i = 0; i < want->schema->count; i++) {
            const struct hw_column *column = &want->columns[i];
            enum hw_kind kind = want->schema->fields[i].type.kind;
            plain_reader_next(&reader);
            assert_int_equal(reader.last, i + 1 == want->schema->count);
            assert_int_equal(reader.size == 0 && !reader.quoted, !hw_column_valid(column, row));
            if (!hw_column_valid(column, row)) {
                continue;
            }
            assert_true(!reader.quoted || kind == HW_KIND_TEXT);
            reader.field[reader.size] = '\0';
            if (kind == HW_KIND_TEXT) {
                assert_row_bytes("text", reader.field, reader.size, column->data + column->offsets[row],
                                 (size_t)(column->offsets[row + 1] - column->offsets[row]));
            } else if (kind == HW_KIND_DOUBLE) {
                double read = strtod(reader.field, NULL);
                assert_memory_equal(&read, (const double *)column->values + row, sizeof(read));
            } else if (kind == HW_KIND_INT64) {
                assert_true(strtoll(reader.field, NULL, 10) == ((const int64_t *)column->values)[row]);
            }
        }
    }
    assert_ptr_equal(reader.at, reader.end);
}

static void what_is_written_reads_back(void **state) {
    (void)state;
    struct dice dice = {7};
    for (int round = 0; round < 60; round++) {
        struct sheet sheet = {0};
        struct memory_sink sink = memory_sink(0);
        struct hw_error err = HW_ERROR_INIT;
        struct hw_batch batch = random_make(&sheet, &dice, 20 + dice_roll(&dice, 400));
        assert_ok(sheet_write(&batch, 1, 1, NULL, &sink.base, &err), err);
        expect_plain_reader_agrees(hw_buf_view(&sink.bytes), &batch);
        expect_read_back(hw_buf_view(&sink.bytes), &batch);
        hw_buf_release(&sink.bytes);
        sheet_release(&sheet);
    }
}

/*
 * One column of any texts: nulls are empty lines, and no text makes a reader find another
 * delimiter.
 */
static void one_column_reads_back(void **state) {
    (void)state;
    struct dice dice = {8};
    for (int round = 0; round < 200; round++) {
        struct sheet sheet = {0};
        struct memory_sink sink = memory_sink(0);
        struct hw_error err = HW_ERROR_INIT;
        size_t column = sheet_column(&sheet, round % 2 ? "a;b" : "name", (struct hw_type){.kind = HW_KIND_TEXT});
        sheet_text(&sheet, column, "x");
        for (size_t row = 1 + dice_roll(&dice, 30); row > 0; row--) {
            if (dice_roll(&dice, 5) == 0) {
                sheet_put(&sheet, column, NULL, 0);
            } else if (round % 3 == 0) {
                sheet_text(&sheet, column, "p;q;r");
            } else {
                text_random(&dice, &sheet, column);
            }
        }
        struct hw_batch batch = sheet_batch(&sheet, ';');
        assert_ok(sheet_write(&batch, 1, 1, NULL, &sink.base, &err), err);
        expect_read_back(hw_buf_view(&sink.bytes), &batch);
        hw_buf_release(&sink.bytes);
        sheet_release(&sheet);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_have_the_text),
        cmocka_unit_test(options_reach_the_records),
        cmocka_unit_test(structs_become_columns_where_that_is_asked_for),
        cmocka_unit_test(options_are_checked),
        cmocka_unit_test(encoders_are_independent_and_reusable),
        cmocka_unit_test(siblings_take_the_pieces),
        cmocka_unit_test(held_bytes_are_honest),
        cmocka_unit_test(sink_faults_come_through),
        cmocka_unit_test(want_of_memory_is_told),
        cmocka_unit_test(what_is_written_reads_back),
        cmocka_unit_test(one_column_reads_back),
    };
    return cmocka_run_group_tests_name("csv/writer", tests, NULL, NULL);
}
