/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/transcode.h"

#include <stdio.h>

#include "core/buf.h"
#include "core/utf8_valid.h"
#include "support/alloc_fault.h"
#include "unit/csv/field.h"

/* A stream that hands out its bytes in pieces of random size, and fails at `fail_at`. */
struct pieces {
    struct hw_stream base;
    hw_view bytes;
    size_t at;
    size_t fail_at; /* SIZE_MAX: never */
    struct dice dice;
};

static enum hw_status pieces_read(struct hw_stream *base, void *data, size_t bytes, size_t *out_bytes,
                                  struct hw_error *err) {
    struct pieces *pieces = (struct pieces *)base;
    if (pieces->at >= pieces->fail_at) {
        return hw_fail_at(err, HW_EIO, pieces->at, "injected");
    }
    size_t left = hw_min_size(pieces->bytes.size - pieces->at, bytes);
    size_t piece = left > 0 ? 1 + dice_roll(&pieces->dice, hw_min_size(left, 7)) : 0;
    memcpy(data, pieces->bytes.data + pieces->at, piece);
    pieces->at += piece;
    *out_bytes = piece;
    return HW_OK;
}

static void pieces_close(struct hw_stream *base) {
    (void)base;
}

static const struct hw_stream_ops pieces_ops = {pieces_read, pieces_close};

/* Reads all of `from` as UTF-8, some bytes at a time, as its mark or the name says. */
static enum hw_status all_read(hw_view from, const char *name, uint64_t seed, size_t fail_at, struct hw_buf *out,
                               struct hw_error *err) {
    struct pieces pieces = {.base = {&pieces_ops}, .bytes = from, .fail_at = fail_at, .dice = {seed}};
    const struct hw_csv_mark mark = hw_csv_mark_find(from.data, from.size);
    struct hw_csv_encoding encoding;
    struct hw_stream *stream;
    char data[9];
    size_t got = 1;
    hw_buf_clear(out);
    assert_ok(hw_csv_encoding_decide(name, mark, &encoding, err), *err);
    assert_ok(hw_transcode_open(&pieces.base, &encoding, mark.bytes, &stream, err), *err);
    enum hw_status status = HW_OK;
    while (status == HW_OK && got > 0) {
        status = stream->ops->read(stream, data, 1 + seed % sizeof(data), &got, err);
        if (status == HW_OK) {
            assert_ok(hw_buf_append(out, data, got, err), *err);
        }
    }
    stream->ops->close(stream);
    return status;
}

static void texts_by_rows(void **state) {
    static const struct {
        const char *name;
        const char *encoding;
        hw_view from;
        hw_view want;
    } rows[] = {
        {"nothing, Latin-1", "latin1", HW_VIEW_INIT(""), HW_VIEW_INIT("")},
        {"nothing, UTF-16", "utf-16", HW_VIEW_INIT(""), HW_VIEW_INIT("")},
        {"Latin-1", "latin1", HW_VIEW_INIT("caf\xe9\n\xa0\xff"), HW_VIEW_INIT("caf\xc3\xa9\n\xc2\xa0\xc3\xbf")},
        {"mark alone", "utf-16", HW_VIEW_INIT("\xff\xfe"), HW_VIEW_INIT("")},
        {"no mark: little-endian", "utf-16", HW_VIEW_INIT("a\0\xac\x20"), HW_VIEW_INIT("a\xe2\x82\xac")},
        {"little-endian mark", "utf-16",
         HW_VIEW_INIT("\xff\xfe"
                      "a\0"),
         HW_VIEW_INIT("a")},
        {"big-endian mark", "utf-16", HW_VIEW_INIT("\xfe\xff\0a\x20\xac"), HW_VIEW_INIT("a\xe2\x82\xac")},
        {"a second mark is a character", "utf-16", HW_VIEW_INIT("\xff\xfe\xff\xfe"), HW_VIEW_INIT("\xef\xbb\xbf")},
        {"pair", "utf-16", HW_VIEW_INIT("\x3d\xd8\x00\xde"), HW_VIEW_INIT("\xf0\x9f\x98\x80")},
        {"big-endian pair", "utf-16", HW_VIEW_INIT("\xfe\xff\xd8\x3d\xde\x00"), HW_VIEW_INIT("\xf0\x9f\x98\x80")},
        {"first pair", "utf-16", HW_VIEW_INIT("\x00\xd8\x00\xdc"), HW_VIEW_INIT("\xf0\x90\x80\x80")},
        {"last pair", "utf-16", HW_VIEW_INIT("\xff\xdb\xff\xdf"), HW_VIEW_INIT("\xf4\x8f\xbf\xbf")},
        {"big-endian by name", "utf-16be", HW_VIEW_INIT("\xd8\x3d\xde\x00"), HW_VIEW_INIT("\xf0\x9f\x98\x80")},
        {"UTF-32LE", "utf-32", HW_VIEW_INIT("\x00\xf6\x01\x00"), HW_VIEW_INIT("\xf0\x9f\x98\x80")},
        {"UTF-32BE", "utf-32be", HW_VIEW_INIT("\x00\x01\xf6\x00"), HW_VIEW_INIT("\xf0\x9f\x98\x80")},
        /* From here on as Python's codecs have them. */
        {"windows-1250", "windows-1250", HW_VIEW_INIT("\xbf\xf3\xb3\x9c"), HW_VIEW_INIT("żółś")},
        {"windows-1251", "windows1251", HW_VIEW_INIT("\xcf\xf0\xe8\xe2\xe5\xf2"), HW_VIEW_INIT("Привет")},
        {"koi8-r", "koi8-r", HW_VIEW_INIT("\xf0\xd2\xc9\xd7\xc5\xd4"), HW_VIEW_INIT("Привет")},
        {"ISO-8859-15", "iso-8859-15", HW_VIEW_INIT("\xa4\xbd"), HW_VIEW_INIT("€œ")},
        {"Shift-JIS", "shift-jis", HW_VIEW_INIT("\x93\xfa\x96\x7b\xb6\x83\x5c"), HW_VIEW_INIT("日本ｶソ")},
        {"what Windows has more", "cp932", HW_VIEW_INIT("\x87\x40\xfb\xfc"), HW_VIEW_INIT("①髙")},
        {"EUC-JP", "euc-jp", HW_VIEW_INIT("\xc6\xfc\xcb\xdc\x8e\xb6"), HW_VIEW_INIT("日本ｶ")},
        {"GBK", "gbk", HW_VIEW_INIT("\xd6\xd0\xb9\xfa\x82\x40"), HW_VIEW_INIT("中国侤")},
        {"GB18030", "gb18030", HW_VIEW_INIT("\xd6\xd0\x94\x39\xda\x33"), HW_VIEW_INIT("中💩")},
        {"Big5", "big5", HW_VIEW_INIT("\xa4\xa4\xb0\xea"), HW_VIEW_INIT("中國")},
        {"EUC-KR", "euc-kr", HW_VIEW_INIT("\xc7\xd1\xb1\xdb"), HW_VIEW_INIT("한글")},
        {"shifted states", "iso-2022-jp", HW_VIEW_INIT("a\x1b$BF|K\\\x1b(Bb"), HW_VIEW_INIT("a日本b")},
        {"a character that waits for the next", "big5-hkscs", HW_VIEW_INIT("\x88\x66"), HW_VIEW_INIT("Ê")},
        {"another that waits", "euc-jisx0213", HW_VIEW_INIT("\xa4\xab"), HW_VIEW_INIT("か")},
        {"one that waits for an accent", "tcvn", HW_VIEW_INIT("xa"), HW_VIEW_INIT("xa")},
    };
    (void)state;
    HW_AUTO(hw_buf) out = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (uint64_t seed = 0; seed < 9; seed++) {
            struct hw_error err = HW_ERROR_INIT;
            assert_row_int(rows[i].name, all_read(rows[i].from, rows[i].encoding, seed, SIZE_MAX, &out, &err), HW_OK);
            assert_row_bytes(rows[i].name, out.data, out.size, rows[i].want.data, rows[i].want.size);
        }
    }
}

/*
 * The code points of the bytes 0x80 to 0x9f, by index-windows-1252.txt of the WHATWG Encoding
 * Standard. The others are their own.
 */
static const uint16_t windows_1252[32] = {
    0x20ac, 0x0081, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008d, 0x017d, 0x008f, 0x0090, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x009d, 0x017e, 0x0178,
};

static void each_byte_of_latin1_is_that_of_windows_1252(void **state) {
    (void)state;
    static const char *const names[] = {"latin1", "ISO-8859-1", "windows-1252", "CP1252"};
    HW_AUTO(hw_buf) got = {0};
    char bytes[256];
    char want[3 * 256];
    size_t size = 0;
    for (unsigned byte = 0; byte < 256; byte++) {
        const uint32_t point = byte >= 0x80 && byte < 0xa0 ? windows_1252[byte - 0x80] : byte;
        bytes[byte] = (char)byte;
        size += hw_utf8_encode(point, want + size);
    }
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(all_read((hw_view){bytes, 256}, names[i], i, SIZE_MAX, &got, &err), err);
        assert_row_bytes(names[i], got.data, got.size, want, size);
    }
}

static void faults_by_rows(void **state) {
    static const struct {
        const char *name;
        const char *encoding;
        hw_view from;
        size_t fail_at;
        enum hw_status want;
        int64_t offset;
        const char *says;
    } rows[] = {
        {"half a unit", "utf-16", HW_VIEW_INIT("a\0b"), SIZE_MAX, HW_EDATA, 2,
         "the text ends within a character of utf-16"},
        {"half a unit alone", "UTF16", HW_VIEW_INIT("a"), SIZE_MAX, HW_EDATA, 0,
         "the text ends within a character of UTF16"},
        {"second half alone", "utf-16",
         HW_VIEW_INIT("a\0\x01\xde"
                      "b\0"),
         SIZE_MAX, HW_EDATA, 2, "the byte 0x01 and those behind it are no character of utf-16"},
        {"first half alone", "utf-16",
         HW_VIEW_INIT("a\0\x3d\xd8"
                      "b\0"),
         SIZE_MAX, HW_EDATA, 2, "the byte 0x3d and those behind it"},
        {"two first halves", "utf-16", HW_VIEW_INIT("\x3d\xd8\x3e\xd8"), SIZE_MAX, HW_EDATA, 0,
         "the byte 0x3d and those behind it"},
        {"first half last", "utf-16", HW_VIEW_INIT("\xff\xfe\x3d\xd8"), SIZE_MAX, HW_EDATA, 2,
         "the text ends within a character of UTF-16LE"},
        {"a surrogate in UTF-32", "utf-32", HW_VIEW_INIT("a\0\0\0\x00\xd8\0\0"), SIZE_MAX, HW_EDATA, 4,
         "no character of utf-32"},
        {"beyond the last code point", "utf-32", HW_VIEW_INIT("\x00\x00\x11\x00"), SIZE_MAX, HW_EDATA, 0,
         "no character of utf-32"},
        {"half a pair of Shift-JIS", "shift-jis", HW_VIEW_INIT("a,\x93"), SIZE_MAX, HW_EDATA, 2,
         "the text ends within a character of shift-jis"},
        {"a byte that Shift-JIS has not", "shift-jis", HW_VIEW_INIT("a,b\n\xff,1\n"), SIZE_MAX, HW_EDATA, 4,
         "the byte 0xff and those behind it are no character of shift-jis: is the text in another encoding?"},
        {"a byte that GBK has not", "gbk", HW_VIEW_INIT("a,b\n\xd6\xd0\xff"), SIZE_MAX, HW_EDATA, 6,
         "the byte 0xff and those"},
        {"a byte that windows-1253 has not", "windows-1253", HW_VIEW_INIT("a\xd2"), SIZE_MAX, HW_EDATA, 1,
         "the byte 0xd2"},
        {"read fails at once", "utf-16", HW_VIEW_INIT("a\0b\0"), 0, HW_EIO, 0, "injected"},
        {"read fails later", "utf-16",
         HW_VIEW_INIT("\xff\xfe"
                      "a\0b\0"),
         3, HW_EIO, -1, "injected"},
    };
    (void)state;
    HW_AUTO(hw_buf) out = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (uint64_t seed = 0; seed < 9; seed++) {
            struct hw_error err = HW_ERROR_INIT;
            assert_row_int(rows[i].name, all_read(rows[i].from, rows[i].encoding, seed, rows[i].fail_at, &out, &err),
                           rows[i].want);
            assert_row_says(rows[i].name, err.message, rows[i].says);
            if (rows[i].offset >= 0) {
                assert_row_int(rows[i].name, err.offset, rows[i].offset);
            }
        }
    }
}

/* Decodes units as RFC 2781 says; false at the first half of a pair that stands alone. */
static bool units_decode(const uint16_t *units, size_t count, struct hw_buf *out) {
    for (size_t i = 0; i < count; i++) {
        struct hw_error err = HW_ERROR_INIT;
        char text[4];
        uint32_t point = units[i];
        if (point >= 0xdc00 && point < 0xe000) {
            return false;
        }
        if (point >= 0xd800 && point < 0xdc00) {
            if (++i == count || units[i] < 0xdc00 || units[i] >= 0xe000) {
                return false;
            }
            point = 0x10000 + ((point & 0x3ff) << 10 | (units[i] & 0x3ff));
        }
        assert_ok(hw_buf_append(out, text, hw_utf8_encode(point, text), &err), err);
    }
    return true;
}

static void units_are_decoded_as_the_rfc_says(void **state) {
    (void)state;
    enum { UNITS_MAX = 300, ROUNDS = 2000 };
    HW_AUTO(hw_buf) got = {0};
    HW_AUTO(hw_buf) want = {0};
    size_t refused = 0;
    for (uint64_t seed = 0; seed < ROUNDS; seed++) {
        struct dice dice = {seed};
        struct hw_error err = HW_ERROR_INIT;
        uint16_t units[UNITS_MAX];
        char bytes[2 * UNITS_MAX + 2] = "\xfe\xff";
        char name[32];
        const size_t count = dice_roll(&dice, UNITS_MAX);
        const bool big = seed % 2 == 0;
        const bool tame = dice_roll(&dice, 2) == 0;
        memcpy(bytes, big ? "\xfe\xff" : "\xff\xfe", 2);
        for (size_t i = 0; i < count; i++) {
            const uint32_t unit = (uint32_t)dice_roll(&dice, dice_roll(&dice, 2) ? 0x80 : 0x10000);
            units[i] = (uint16_t)(tame && unit >= 0xd800 && unit < 0xe000 ? 'x' : unit);
            /* A NUL behind the mark would make it that of UTF-32. */
            units[i] = i == 0 && unit == 0 ? 'x' : units[i];
            bytes[2 + 2 * i] = (char)(big ? units[i] >> 8 : units[i]);
            bytes[3 + 2 * i] = (char)(big ? units[i] : units[i] >> 8);
        }
        snprintf(name, sizeof(name), "seed %" PRIu64, seed);
        hw_buf_clear(&want);
        const bool ok = units_decode(units, count, &want);
        enum hw_status status = all_read((hw_view){bytes, 2 + 2 * count}, NULL, seed, SIZE_MAX, &got, &err);
        assert_row_int(name, status, ok ? HW_OK : HW_EDATA);
        refused += !ok;
        if (ok) {
            assert_row_bytes(name, got.data, got.size, want.data, want.size);
        }
    }
    assert_true(refused > 100 && refused < ROUNDS - 100);
}

/* Longer than the coder's own buffer, a pair across its border. */
static void long_texts_cross_the_buffer(void **state) {
    (void)state;
    enum { PAIRS = 50000 };
    HW_AUTO(hw_buf) from = {0};
    HW_AUTO(hw_buf) out = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_append(&from, "x\0", 2, &err), err);
    for (size_t i = 0; i < PAIRS; i++) {
        assert_ok(hw_buf_append(&from, "\x3d\xd8\x00\xde", 4, &err), err);
    }
    assert_ok(all_read(hw_buf_view(&from), "utf-16", 8, SIZE_MAX, &out, &err), err);
    assert_int_equal(out.size, 1 + PAIRS * 4);
    for (size_t i = 0; i < PAIRS; i++) {
        assert_memory_equal(out.data + 1 + i * 4, "\xf0\x9f\x98\x80", 4);
    }
}

/* A character that a border of the coder's buffer cuts is read whole, at each of its bytes. */
static void characters_cross_the_buffer(void **state) {
    (void)state;
    static const char *const encodings[] = {"gb18030", "shift-jis"};
    static const hw_view characters[] = {HW_VIEW_INIT("\x94\x39\xda\x33"), HW_VIEW_INIT("\x93\xfa")};
    static const hw_view wants[] = {HW_VIEW_INIT("💩"), HW_VIEW_INIT("日")};
    enum { BORDER = 64 << 10, AROUND = 70 };
    HW_AUTO(hw_buf) from = {0};
    HW_AUTO(hw_buf) out = {0};
    for (size_t i = 0; i < COUNT_OF(characters); i++) {
        for (size_t before = BORDER - AROUND; before <= BORDER; before++) {
            struct hw_error err = HW_ERROR_INIT;
            assert_ok(hw_buf_resize(&from, before, &err), err);
            memset(from.data, 'x', before);
            assert_ok(hw_buf_append(&from, characters[i].data, characters[i].size, &err), err);
            assert_ok(hw_buf_append(&from, ",\xff", 2, &err), err);
            assert_row_int(encodings[i], all_read(hw_buf_view(&from), encodings[i], 8, SIZE_MAX, &out, &err), HW_EDATA);
            assert_row_int(encodings[i], err.offset, before + characters[i].size + 1);
            assert_row_int(encodings[i], out.size >= before + wants[i].size, true);
            assert_row_bytes(encodings[i], out.data + before, wants[i].size, wants[i].data, wants[i].size);
        }
    }
}

static void a_name_that_iconv_does_not_know_is_refused(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct pieces pieces = {.base = {&pieces_ops}};
    const struct hw_csv_encoding encoding = hw_csv_encoding_of("klingon");
    struct hw_stream *stream = NULL;
    assert_int_equal(hw_transcode_open(&pieces.base, &encoding, 0, &stream, &err), HW_EUSAGE);
    assert_row_says("name", err.message, "\"klingon\" is the name of no encoding");
    assert_null(stream);
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    struct alloc_fault fault;
    struct hw_error err = HW_ERROR_INIT;
    struct pieces pieces = {.base = {&pieces_ops}};
    const struct hw_csv_encoding encoding = hw_csv_encoding_of("latin1");
    struct hw_stream *stream = NULL;
    alloc_fault_begin(&fault, 0);
    enum hw_status status = hw_transcode_open(&pieces.base, &encoding, 0, &stream, &err);
    alloc_fault_end(&fault);
    assert_int_equal(status, HW_ENOMEM);
    assert_null(stream);
    assert_row_says("error", err.message, "out of memory asking for ");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_by_rows),
        cmocka_unit_test(faults_by_rows),
        cmocka_unit_test(each_byte_of_latin1_is_that_of_windows_1252),
        cmocka_unit_test(units_are_decoded_as_the_rfc_says),
        cmocka_unit_test(characters_cross_the_buffer),
        cmocka_unit_test(a_name_that_iconv_does_not_know_is_refused),
        cmocka_unit_test(long_texts_cross_the_buffer),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("csv/transcode", tests, NULL, NULL);
}
