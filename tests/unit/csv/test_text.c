/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/text.h"

#include <stdio.h>

#include "codec/unpack_zip.h"
#include "support/alloc_fault.h"
#include "unit/csv/memory_object.h"
#include "unit/csv/packed.h"

#define MIB UINT64_C(1048576)

static hw_view view_of(const struct hw_buf *buf) {
    return hw_buf_view(buf);
}

/* An object, and its source. */
struct opened {
    struct memory_object object;
    struct hw_source *source;
};

static void opened_release(struct opened *opened) {
    opened->source->ops->close(opened->source);
}

static void open_bytes(struct opened *opened, hw_view bytes) {
    struct hw_error err = HW_ERROR_INIT;
    memory_object_init(&opened->object, "memory", bytes);
    assert_ok(memory_object_open(&opened->object.base, 0, &opened->source, &err), err);
}

static struct hw_csv_text text_of(struct hw_source *source, enum hw_packing packing, struct hw_zip *zip, size_t member,
                                  const char *encoding) {
    return hw_csv_text_of(source, &(struct hw_csv_wrapping){.packing = packing}, zip, member, encoding);
}

/* ------ packing */

#define ZSTD "\x28\xb5\x2f\xfd"

static void a_packing_is_known_by_its_first_bytes(void **state) {
    (void)state;
    /* A window log of 24 is 14 << 3 in a frame's descriptor (RFC 8878, 3.1.1.1.2). */
    static const struct {
        const char *name;
        hw_view head;
        size_t size; /* of the object, 'x' behind its head; 0: the head's */
        enum hw_packing want;
        uint64_t window;
    } rows[] = {
        {"nothing", {"", 0}, 0, HW_PACKING_NONE, 0},
        {"a byte", {"a", 1}, 0, HW_PACKING_NONE, 0},
        {"text", {"id,note\n1,a\n", 12}, 0, HW_PACKING_NONE, 0},
        {"gzip", {"\x1f\x8b\x08\0\0\0\0\0\0\xff", 10}, 0, HW_PACKING_GZIP, 0},
        {"a ZIP", {"PK\3\4abcd", 8}, 0, HW_PACKING_ZIP, 0},
        {"a ZIP without files", {"PK\5\6abcd", 8}, 0, HW_PACKING_ZIP, 0},
        {"zstd, its window larger than what the bytes can fill", {ZSTD "\0\x70", 6}, 0, HW_PACKING_ZSTD, 16 * MIB},
        {"zstd, 6 bytes fill 1,536", {ZSTD "\0\0", 6}, 0, HW_PACKING_ZSTD, 2048},
        {"zstd, 100 bytes fill 25,600", {ZSTD "\0\0", 6}, 100, HW_PACKING_ZSTD, 32768},
        {"zstd, 128 bytes fill 32,768", {ZSTD "\0\0", 6}, 128, HW_PACKING_ZSTD, 32768},
        {"zstd, a byte below what fills 8 MiB", {ZSTD "\0\0", 6}, 32767, HW_PACKING_ZSTD, 8 * MIB},
        {"zstd, 8 MiB for any size", {ZSTD "\0\0", 6}, 1 << 20, HW_PACKING_ZSTD, 8 * MIB},
        {"zstd, the frame's window for any size", {ZSTD "\0\x78", 6}, 1 << 20, HW_PACKING_ZSTD, 32 * MIB},
        {"zstd, a frame of one segment that claims all there can be",
         {ZSTD "\xe0\xff\xff\xff\xff\xff\xff\xff\xff", 13},
         0,
         HW_PACKING_ZSTD,
         256 * MIB}, /* twice the 128 MiB that a window may have: it is refused when it is opened */
        {"zstd, a frame of one segment that claims 200 MiB",
         {ZSTD "\xa0\x00\x00\x80\x0c", 9},
         0,
         HW_PACKING_ZSTD,
         256 * MIB},
        {"bzip2 takes the same for any file", {"BZh11AY&SY1234", 14}, 0, HW_PACKING_BZIP2, 4 * MIB},
        {"lz4 takes the same for any file", {"\x04\x22\x4d\x18\x60\x70\x73", 7}, 0, HW_PACKING_LZ4, 9 * MIB},
        {"xz without the header of a block", {"\xfd\x37zXZ\0\0\x04\xe6\xd6\xb4\x46", 12}, 0, HW_PACKING_XZ, 0},
        {"a skippable frame tells no window", {"\x50\x2a\x4d\x18\0\0\0\0", 8}, 0, HW_PACKING_ZSTD, 2048},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(opened) opened = {0};
        HW_AUTO(hw_buf) bytes = {0};
        struct hw_csv_wrapping wrapping;
        packed_put(&bytes, rows[i].head.data, rows[i].head.size);
        while (bytes.size < rows[i].size) {
            packed_put(&bytes, "x", 1);
        }
        open_bytes(&opened, view_of(&bytes));
        assert_ok(hw_csv_text_look(opened.source, &wrapping, &err), err);
        assert_row_int(rows[i].name, wrapping.packing, rows[i].want);
        assert_row_int(rows[i].name, wrapping.window_bytes, rows[i].window);
        assert_row_int(rows[i].name, wrapping.mark.bytes, 0);
    }
}

static void a_packing_that_cannot_be_read_is_told(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(opened) opened = {0};
    struct hw_csv_wrapping wrapping = {.packing = HW_PACKING_ZIP, .window_bytes = 77};
    open_bytes(&opened, (hw_view){"abc", 3});
    opened.object.fail_on_read = 1;
    assert_int_equal(hw_csv_text_look(opened.source, &wrapping, &err), HW_EIO);
    assert_string_equal(err.message, "injected read");
    /* It is untouched on failure. */
    assert_true(wrapping.packing == HW_PACKING_ZIP && wrapping.window_bytes == 77);
}

static void only_plain_utf8_can_be_cut(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_csv_wrapping wrapping;
        const char *encoding;
        bool want;
    } rows[] = {
        {"plain", {0}, NULL, true},
        {"asked for", {0}, "UTF8", true},
        {"latin1", {0}, "latin1", false},
        {"utf-16", {0}, "utf-16", false},
        {"a mark of UTF-8", {.mark = {3, HW_CSV_CODING_UTF8}}, NULL, true},
        {"a mark of UTF-8 counts more", {.mark = {3, HW_CSV_CODING_UTF8}}, "latin1", true},
        {"a mark of UTF-16", {.mark = {2, HW_CSV_CODING_UTF16LE}}, NULL, false},
        {"a mark of UTF-16 counts more", {.mark = {2, HW_CSV_CODING_UTF16BE}}, "utf-8", false},
        {"a mark of another order, which is an error", {.mark = {2, HW_CSV_CODING_UTF16BE}}, "utf-16le", false},
        {"gzip", {.packing = HW_PACKING_GZIP}, NULL, false},
        {"zstd", {.packing = HW_PACKING_ZSTD}, NULL, false},
        {"bzip2", {.packing = HW_PACKING_BZIP2}, NULL, false},
        {"zip", {.packing = HW_PACKING_ZIP}, NULL, false},
        {"gzip of latin1", {.packing = HW_PACKING_GZIP}, "latin1", false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_csv_text text = hw_csv_text_of(NULL, &rows[i].wrapping, NULL, 3, rows[i].encoding);
        assert_row_int(rows[i].name, text.cuttable, rows[i].want);
        assert_row_int(rows[i].name, text.wrapping.packing, rows[i].wrapping.packing);
        assert_row_int(rows[i].name, text.encoding == rows[i].encoding, true);
        assert_row_int(rows[i].name, text.member, 3);
    }
}

/* ------ streams */

enum { PLAIN_BYTES = 200000 }; /* three stored blocks of gzip */

/* Bytes below 0x80 that do not repeat soon. */
static void plain_fill(struct hw_buf *out) {
    for (uint32_t i = 0; i < PLAIN_BYTES; i++) {
        const char byte = (char)('!' + i * 2654435761u % 90);
        packed_put(out, &byte, 1);
    }
}

/* How a text is written, and what must come of it: PLAIN_BYTES of ASCII and e acute. */
struct text_row {
    const char *name;
    enum hw_packing packing;
    const char *encoding;
    int orders; /* calls of in_order a stream */
};

static const struct text_row text_rows[] = {
    {"plain", HW_PACKING_NONE, NULL, 0},
    {"latin1", HW_PACKING_NONE, "latin1", 1},
    {"utf-16", HW_PACKING_NONE, "utf-16", 1},
    {"gzip", HW_PACKING_GZIP, NULL, 1},
    {"zstd", HW_PACKING_ZSTD, NULL, 1},
    {"zip", HW_PACKING_ZIP, NULL, 1},
    {"zstd latin1", HW_PACKING_ZSTD, "latin1", 1},
    {"zip utf-16", HW_PACKING_ZIP, "utf-16", 1},
};

static bool is(const char *encoding, const char *name) {
    return encoding && strcmp(encoding, name) == 0;
}

static void row_encode(const struct text_row *row, hw_view plain, struct hw_buf *out) {
    for (size_t i = 0; i < plain.size && is(row->encoding, "utf-16"); i++) {
        packed_put_le(out, (uint8_t)plain.data[i], 2);
    }
    if (!is(row->encoding, "utf-16")) {
        packed_put(out, plain.data, plain.size);
    }
    packed_put(out, !row->encoding ? "\xc3\xa9" : "\xe9\0", is(row->encoding, "latin1") ? 1 : 2);
}

static void row_pack(const struct text_row *row, hw_view plain, struct hw_buf *out) {
    HW_AUTO(hw_buf) encoded = {0};
    row_encode(row, plain, &encoded);
    const struct packed_member members[] = {{"a", {"other", 5}, false}, {"b", view_of(&encoded), false}};
    switch (row->packing) {
    case HW_PACKING_GZIP:
        packed_gzip(view_of(&encoded), out);
        break;
    case HW_PACKING_ZSTD:
        packed_zstd(view_of(&encoded), 10, out);
        break;
    case HW_PACKING_ZIP:
        packed_zip(members, 2, out);
        break;
    default:
        packed_put(out, encoded.data, encoded.size);
        break;
    }
}

/*
 * Reads `bytes` at a time: every read is full until the text ends, and only a read that wants more
 * knows the end.
 */
static void stream_compare(const char *name, const struct hw_csv_text *text, hw_view want, size_t bytes) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_csv_stream stream;
    HW_AUTO(hw_buf) got = {0};
    bool end = false;
    assert_ok(hw_csv_stream_open(text, &stream, &err), err);
    assert_ok(hw_csv_stream_read(&stream, 0, &got, &end, &err), err);
    assert_row_int(name, end, false);
    while (!end) {
        const size_t before = got.size;
        assert_ok(hw_csv_stream_read(&stream, bytes, &got, &end, &err), err);
        assert_row_int(name, got.size, hw_min_size(before + bytes, want.size));
        assert_row_int(name, end, before + bytes > want.size);
    }
    assert_row_bytes(name, got.data, got.size, want.data, want.size);
    assert_ok(hw_csv_stream_read(&stream, bytes, &got, &end, &err), err);
    assert_row_int(name, end, true);
    assert_row_int(name, got.size, want.size);
    hw_csv_stream_release(&stream);
    assert_row_int(name, stream.text == NULL && stream.layers_count == 0, true);
}

static void a_text_comes_as_utf8_however_it_is_written(void **state) {
    (void)state;
    static const size_t reads[] = {999, PLAIN_BYTES / 2 + 1, PLAIN_BYTES + 2, 3 << 20};
    HW_AUTO(hw_buf) want = {0};
    plain_fill(&want);
    for (size_t i = 0; i < COUNT_OF(text_rows); i++) {
        const struct text_row *row = &text_rows[i];
        struct hw_error err = HW_ERROR_INIT;
        struct hw_zip *zip = NULL;
        HW_AUTO(hw_buf) bytes = {0};
        HW_AUTO(opened) opened = {0};
        want.size = PLAIN_BYTES;
        row_pack(row, view_of(&want), &bytes);
        packed_put(&want, "\xc3\xa9", 2);
        open_bytes(&opened, view_of(&bytes));
        if (row->packing == HW_PACKING_ZIP) {
            assert_ok(hw_zip_open(opened.source, &zip, &err), err);
        }
        const struct hw_csv_text text = text_of(opened.source, row->packing, zip, zip ? 1 : 0, row->encoding);
        for (size_t k = 0; k < COUNT_OF(reads); k++) { /* as often as it is opened */
            stream_compare(row->name, &text, view_of(&want), reads[k]);
        }
        assert_row_int(row->name, opened.object.orders, row->orders * (int)COUNT_OF(reads));
        hw_zip_close(zip);
    }
}

/* A stream of 'x' that hands out a byte at a time. */
struct drip {
    struct hw_stream base;
    size_t left;
};

static enum hw_status drip_read(struct hw_stream *base, void *data, size_t bytes, size_t *out_bytes,
                                struct hw_error *err) {
    struct drip *drip = (struct drip *)base;
    (void)err;
    *out_bytes = bytes > 0 && drip->left > 0;
    drip->left -= *out_bytes;
    memset(data, 'x', *out_bytes);
    return HW_OK;
}

static void a_short_read_is_no_end(void **state) {
    (void)state;
    static const struct hw_stream_ops ops = {drip_read, NULL};
    struct hw_error err = HW_ERROR_INIT;
    struct drip drip = {{&ops}, 10};
    struct hw_csv_stream stream = {.text = &drip.base};
    HW_AUTO(hw_buf) got = {0};
    bool end = true;
    assert_ok(hw_csv_stream_read(&stream, 8, &got, &end, &err), err);
    assert_int_equal(got.size, 8);
    assert_false(end);
    assert_ok(hw_csv_stream_read(&stream, 8, &got, &end, &err), err);
    assert_int_equal(got.size, 10);
    assert_true(end);
}

static void an_empty_text_ends_at_once(void **state) {
    (void)state;
    HW_AUTO(opened) opened = {0};
    struct hw_csv_stream none = {0};
    open_bytes(&opened, (hw_view){"", 0});
    const struct hw_csv_text text = hw_csv_text_of(opened.source, &(struct hw_csv_wrapping){0}, NULL, 0, NULL);
    stream_compare("empty", &text, (hw_view){"", 0}, 100);
    assert_int_equal(opened.object.reads, 0); /* no byte is asked of an empty source */
    hw_csv_stream_release(&none);
}

/* ------ packed more than once, marks, what is left out */

/* Packs a text by gzip and zstd in turn. */
static void packed_times(hw_view text, unsigned times, struct hw_buf *out) {
    HW_AUTO(hw_buf) inner = {0};
    packed_put(out, text.data, text.size);
    for (unsigned i = 0; i < times; i++) {
        hw_buf_clear(&inner);
        packed_put(&inner, out->data, out->size);
        hw_buf_clear(out);
        if (i % 2 == 0) {
            packed_gzip(hw_buf_view(&inner), out);
        } else {
            packed_zstd(hw_buf_view(&inner), 10, out);
        }
    }
}

/* Reads the text of an object, or of the only member of a ZIP, as its first bytes show it. */
static enum hw_status object_read(hw_view bytes, const char *encoding, struct hw_buf *out, size_t *out_garbage,
                                  struct hw_error *err) {
    HW_AUTO(opened) opened = {0};
    struct hw_csv_wrapping wrapping;
    struct hw_csv_stream stream = {0};
    struct hw_zip *zip = NULL;
    bool end;
    open_bytes(&opened, bytes);
    HW_TRY(hw_csv_text_look(opened.source, &wrapping, err));
    if (wrapping.packing == HW_PACKING_ZIP) {
        assert_ok(hw_zip_open(opened.source, &zip, err), *err);
    }
    const struct hw_csv_text text = hw_csv_text_of(opened.source, &wrapping, zip, 0, encoding);
    enum hw_status status = hw_csv_stream_open(&text, &stream, err);
    status = status == HW_OK ? hw_csv_stream_read(&stream, 1 << 20, out, &end, err) : status;
    *out_garbage = hw_csv_stream_garbage_bytes(&stream);
    hw_csv_stream_release(&stream);
    hw_zip_close(zip);
    return status;
}

static void a_text_may_be_packed_up_to_three_times(void **state) {
    (void)state;
    const hw_view plain = {"a,b\n1,2\n", 8};
    for (unsigned times = 1; times <= 4; times++) {
        for (int zipped = 0; zipped <= 1; zipped++) {
            char name[32];
            struct hw_error err = HW_ERROR_INIT;
            HW_AUTO(hw_buf) packed = {0};
            HW_AUTO(hw_buf) zip = {0};
            HW_AUTO(hw_buf) got = {0};
            size_t garbage;
            const bool fits = times + (unsigned)zipped <= 3;
            packed_times(plain, times, &packed);
            packed_zip(&(struct packed_member){"a.csv", view_of(&packed), false}, 1, &zip);
            snprintf(name, sizeof(name), "%u times%s", times, zipped ? " in a ZIP" : "");
            enum hw_status status = object_read(view_of(zipped ? &zip : &packed), NULL, &got, &garbage, &err);
            assert_row_int(name, status, fits ? HW_OK : HW_ELIMIT);
            assert_row_says(name, err.message, fits ? "" : "packed more than 3 times: unpack the file first");
            assert_row_bytes(name, got.data, got.size, plain.data, fits ? plain.size : 0);
        }
    }
}

static void a_zip_within_is_not_read(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) zip = {0};
    HW_AUTO(hw_buf) packed = {0};
    HW_AUTO(hw_buf) got = {0};
    size_t garbage;
    packed_zip(&(struct packed_member){"a.csv", {"a\n1\n", 4}, false}, 1, &zip);
    packed_gzip(view_of(&zip), &packed);
    assert_int_equal(object_read(view_of(&packed), NULL, &got, &garbage, &err), HW_EDATA);
    assert_row_says("a ZIP in gzip", err.message, "there is a ZIP inside of what is packed");
}

static void marks_count_wherever_a_text_lies(void **state) {
    (void)state;
    /* "é,1\n" each time, by the tables of Unicode. */
    static const struct {
        const char *name;
        hw_view text;
        const char *encoding;
        const char *says; /* where it is an error */
    } rows[] = {
        {"UTF-8", HW_VIEW_INIT("\xef\xbb\xbf\xc3\xa9,1\n"), NULL, NULL},
        {"UTF-8, latin1 asked for", HW_VIEW_INIT("\xef\xbb\xbf\xc3\xa9,1\n"), "latin1", NULL},
        {"UTF-8, utf-16le asked for", HW_VIEW_INIT("\xef\xbb\xbf\xc3\xa9,1\n"), "utf-16le", NULL},
        {"UTF-16LE", HW_VIEW_INIT("\xff\xfe\xe9\0,\0001\0\n\0"), NULL, NULL},
        {"UTF-16LE, utf-8 asked for", HW_VIEW_INIT("\xff\xfe\xe9\0,\0001\0\n\0"), "utf-8", NULL},
        {"UTF-16LE, shift-jis asked for", HW_VIEW_INIT("\xff\xfe\xe9\0,\0001\0\n\0"), "shift-jis", NULL},
        {"UTF-16LE, the other order asked for", HW_VIEW_INIT("\xff\xfe\xe9\0,\0001\0\n\0"), "utf-16be",
         "the text begins with the byte order mark of UTF-16LE, and --encoding says utf-16be"},
        {"UTF-16BE", HW_VIEW_INIT("\xfe\xff\0\xe9\0,\0001\0\n"), NULL, NULL},
        {"UTF-16BE, utf-16 asked for", HW_VIEW_INIT("\xfe\xff\0\xe9\0,\0001\0\n"), "UTF_16", NULL},
        {"UTF-16BE, the other order asked for", HW_VIEW_INIT("\xfe\xff\0\xe9\0,\0001\0\n"), "utf-32le",
         "the byte order mark of UTF-16BE"},
        {"UTF-32LE", HW_VIEW_INIT("\xff\xfe\0\0\xe9\0\0\0,\0\0\0001\0\0\0\n\0\0\0"), NULL, NULL},
        {"UTF-32BE", HW_VIEW_INIT("\0\0\xfe\xff\0\0\0\xe9\0\0\0,\0\0\0001\0\0\0\n"), "latin1", NULL},
        {"utf-16be without a mark", HW_VIEW_INIT("\0\xe9\0,\0001\0\n"), "utf-16be", NULL},
    };
    static const char *const ways[] = {"plain", "gzip", "zstd", "ZIP"};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (size_t way = 0; way < COUNT_OF(ways); way++) {
            char name[96];
            struct hw_error err = HW_ERROR_INIT;
            HW_AUTO(hw_buf) packed = {0};
            HW_AUTO(hw_buf) got = {0};
            size_t garbage;
            snprintf(name, sizeof(name), "%s, %s", rows[i].name, ways[way]);
            const struct packed_member member = {"a.csv", rows[i].text, false};
            switch (way) {
            case 0:
                packed_put(&packed, rows[i].text.data, rows[i].text.size);
                break;
            case 1:
                packed_gzip(rows[i].text, &packed);
                break;
            case 2:
                packed_zstd(rows[i].text, 10, &packed);
                break;
            default:
                packed_zip(&member, 1, &packed);
                break;
            }
            enum hw_status status = object_read(view_of(&packed), rows[i].encoding, &got, &garbage, &err);
            assert_row_int(name, status, rows[i].says ? HW_EDATA : HW_OK);
            assert_row_says(name, err.message, rows[i].says ? rows[i].says : "");
            /* The mark of UTF-8 stays: the dialect leaves it out, and offsets count it. */
            const size_t mark = rows[i].text.data[0] == '\xef' && !rows[i].says ? 3 : 0;
            assert_row_bytes(name, got.data + mark, got.size - mark, "\xc3\xa9,1\n", rows[i].says ? 0 : 5);
        }
    }
}

static void bytes_behind_the_packed_ones_are_counted(void **state) {
    (void)state;
    HW_AUTO(hw_buf) packed = {0};
    HW_AUTO(hw_buf) got = {0};
    struct hw_error err = HW_ERROR_INIT;
    size_t garbage;
    packed_times((hw_view){"a,b\n", 4}, 2, &packed);
    assert_ok(object_read(view_of(&packed), NULL, &got, &garbage, &err), err);
    assert_int_equal(garbage, 0);
    packed_put(&packed, "\n", 1);
    hw_buf_clear(&got);
    assert_ok(object_read(view_of(&packed), NULL, &got, &garbage, &err), err);
    assert_row_bytes("text", got.data, got.size, "a,b\n", 4);
    assert_int_equal(garbage, 1);
}

static void other_formats_are_known_in_what_is_packed(void **state) {
    (void)state;
    const hw_view parquet = HW_VIEW("PAR1\x15\x04\x15\x00\x00");
    HW_AUTO(hw_buf) packed = {0};
    HW_AUTO(hw_buf) got = {0};
    size_t garbage;
    packed_gzip(parquet, &packed);
    const hw_view objects[] = {parquet, view_of(&packed)};
    static const char *const encodings[] = {NULL, "shift-jis"};
    for (size_t i = 0; i < COUNT_OF(objects) * COUNT_OF(encodings); i++) {
        struct hw_error err = HW_ERROR_INIT;
        const char *encoding = encodings[i / COUNT_OF(objects)];
        assert_int_equal(object_read(objects[i % COUNT_OF(objects)], encoding, &got, &garbage, &err), HW_EDATA);
        assert_row_says("error", err.message, "this is a Parquet file, expected CSV");
    }
}

/* ------ failures */

static void bad_texts_are_told(void **state) {
    (void)state;
    HW_AUTO(hw_buf) gzip = {0};
    HW_AUTO(hw_buf) zstd = {0};
    HW_AUTO(hw_buf) locked = {0};
    packed_gzip((hw_view){"a,b\n1,2\n", 8}, &gzip);
    packed_zstd((hw_view){"a,b\n1,2\n", 8}, 24, &zstd);
    packed_zip(&(struct packed_member){"a", {"1", 1}, true}, 1, &locked);
    const hw_view half = {(const char *)gzip.data, gzip.size / 2};
    const struct {
        const char *name;
        hw_view bytes;
        enum hw_packing packing;
        const char *encoding;
        int fail_on_read;
        uint64_t window_bytes;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"a read", {"a,b\n", 4}, HW_PACKING_NONE, NULL, 1, 0, HW_EIO, "injected read"},
        {"a read of latin1", {"a,b\n", 4}, HW_PACKING_NONE, "latin1", 1, 0, HW_EIO, "injected read"},
        {"a read of gzip", view_of(&gzip), HW_PACKING_GZIP, NULL, 1, 0, HW_EIO, "injected read"},
        {"half a gzip", half, HW_PACKING_GZIP, NULL, 0, 0, HW_EDATA, "gzip"},
        {"half a character",
         {"a\0b", 3},
         HW_PACKING_NONE,
         "utf-16",
         0,
         0,
         HW_EDATA,
         "the text ends within a character of utf-16"},
        {"a window above 8 MiB", view_of(&zstd), HW_PACKING_ZSTD, NULL, 0, 0, HW_ELIMIT, "window"},
        {"a window above what is given", view_of(&zstd), HW_PACKING_ZSTD, NULL, 0, 16 * MIB - 1, HW_ELIMIT, "window"},
        {"a window that is given", view_of(&zstd), HW_PACKING_ZSTD, NULL, 0, 16 * MIB, HW_OK, ""},
        {"a member with a password", view_of(&locked), HW_PACKING_ZIP, NULL, 0, 0, HW_EDATA, "encrypted"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_csv_stream stream = {0};
        struct hw_zip *zip = NULL;
        HW_AUTO(hw_buf) got = {0};
        HW_AUTO(opened) opened = {0};
        bool end = false;
        open_bytes(&opened, rows[i].bytes);
        if (rows[i].packing == HW_PACKING_ZIP) {
            assert_ok(hw_zip_open(opened.source, &zip, &err), err);
        }
        opened.object.fail_on_read = rows[i].fail_on_read;
        struct hw_csv_text text = text_of(opened.source, rows[i].packing, zip, 0, rows[i].encoding);
        text.wrapping.window_bytes = rows[i].window_bytes;
        enum hw_status status = hw_csv_stream_open(&text, &stream, &err);
        status = status == HW_OK ? hw_csv_stream_read(&stream, 100, &got, &end, &err) : status;
        assert_row_int(rows[i].name, status, rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        hw_csv_stream_release(&stream);
        hw_zip_close(zip);
    }
}

static void what_is_read_has_room_in_its_buffer(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(opened) opened = {0};
    HW_AUTO(hw_csv_stream) stream = {0};
    HW_AUTO(hw_buf) got = {.limit = 3};
    bool end = false;
    open_bytes(&opened, (hw_view){"abcdef", 6});
    const struct hw_csv_text text = hw_csv_text_of(opened.source, &(struct hw_csv_wrapping){0}, NULL, 0, NULL);
    assert_ok(hw_csv_stream_open(&text, &stream, &err), err);
    assert_int_equal(hw_csv_stream_read(&stream, 4, &got, &end, &err), HW_ELIMIT);
}

static enum hw_status text_read(const struct hw_csv_text *text, struct hw_error *err) {
    HW_AUTO(hw_csv_stream) stream = {0};
    HW_AUTO(hw_buf) got = {0};
    bool end;
    HW_TRY(hw_csv_stream_open(text, &stream, err));
    return hw_csv_stream_read(&stream, 1000, &got, &end, err);
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(text_rows); i++) {
        const struct text_row *row = &text_rows[i];
        HW_AUTO(hw_buf) bytes = {0};
        HW_AUTO(opened) opened = {0};
        /* a ZIP has memory of its own before the text is opened */
        bool fired = row->packing != HW_PACKING_ZIP;
        size_t faults = 0;
        row_pack(row, (hw_view){"a,b\n", 4}, &bytes);
        open_bytes(&opened, view_of(&bytes));
        const struct hw_csv_text text = text_of(opened.source, row->packing, NULL, 0, row->encoding);
        for (size_t successes = 0; fired; successes++) {
            struct alloc_fault fault;
            struct hw_error err = HW_ERROR_INIT;
            alloc_fault_begin(&fault, successes);
            enum hw_status status = text_read(&text, &err);
            fired = alloc_fault_end(&fault);
            assert_row_int(row->name, status, fired ? HW_ENOMEM : HW_OK);
            faults += fired;
        }
        assert_row_int(row->name, faults >= 2 || row->packing == HW_PACKING_ZIP, true);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_packing_is_known_by_its_first_bytes),
        cmocka_unit_test(a_packing_that_cannot_be_read_is_told),
        cmocka_unit_test(only_plain_utf8_can_be_cut),
        cmocka_unit_test(a_text_comes_as_utf8_however_it_is_written),
        cmocka_unit_test(a_short_read_is_no_end),
        cmocka_unit_test(an_empty_text_ends_at_once),
        cmocka_unit_test(a_text_may_be_packed_up_to_three_times),
        cmocka_unit_test(a_zip_within_is_not_read),
        cmocka_unit_test(marks_count_wherever_a_text_lies),
        cmocka_unit_test(bytes_behind_the_packed_ones_are_counted),
        cmocka_unit_test(other_formats_are_known_in_what_is_packed),
        cmocka_unit_test(bad_texts_are_told),
        cmocka_unit_test(what_is_read_has_room_in_its_buffer),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
