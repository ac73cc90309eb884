/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/transcode.h"

#include <iconv.h>
#include <stdio.h>

#include "core/buf.h"
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

/* Reads all of `from` as UTF-8, some bytes at a time. */
static enum hw_status all_read(hw_view from, enum hw_csv_encoding encoding, uint64_t seed, size_t fail_at,
                               struct hw_buf *out, struct hw_error *err) {
    struct pieces pieces = {.base = {&pieces_ops}, .bytes = from, .fail_at = fail_at, .dice = {seed}};
    struct hw_stream *stream;
    char data[9];
    size_t got = 1;
    hw_buf_clear(out);
    assert_ok(hw_transcode_open(&pieces.base, encoding, &stream, err), *err);
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
        enum hw_csv_encoding encoding;
        hw_view from;
        hw_view want;
    } rows[] = {
        {"nothing, Latin-1", HW_CSV_LATIN1, HW_VIEW_INIT(""), HW_VIEW_INIT("")},
        {"nothing, UTF-16", HW_CSV_UTF16, HW_VIEW_INIT(""), HW_VIEW_INIT("")},
        {"Latin-1", HW_CSV_LATIN1, HW_VIEW_INIT("caf\xe9\n\x80\xff"), HW_VIEW_INIT("caf\xc3\xa9\n\xc2\x80\xc3\xbf")},
        {"Latin-1 that looks like a mark", HW_CSV_LATIN1, HW_VIEW_INIT("\xff\xfe"), HW_VIEW_INIT("\xc3\xbf\xc3\xbe")},
        {"mark alone", HW_CSV_UTF16, HW_VIEW_INIT("\xff\xfe"), HW_VIEW_INIT("")},
        {"no mark: little-endian", HW_CSV_UTF16, HW_VIEW_INIT("a\0\xac\x20"), HW_VIEW_INIT("a\xe2\x82\xac")},
        {"little-endian mark", HW_CSV_UTF16,
         HW_VIEW_INIT("\xff\xfe"
                      "a\0"),
         HW_VIEW_INIT("a")},
        {"big-endian mark", HW_CSV_UTF16, HW_VIEW_INIT("\xfe\xff\0a\x20\xac"), HW_VIEW_INIT("a\xe2\x82\xac")},
        {"a second mark is a character", HW_CSV_UTF16, HW_VIEW_INIT("\xff\xfe\xff\xfe"), HW_VIEW_INIT("\xef\xbb\xbf")},
        {"pair", HW_CSV_UTF16, HW_VIEW_INIT("\x3d\xd8\x00\xde"), HW_VIEW_INIT("\xf0\x9f\x98\x80")},
        {"big-endian pair", HW_CSV_UTF16, HW_VIEW_INIT("\xfe\xff\xd8\x3d\xde\x00"), HW_VIEW_INIT("\xf0\x9f\x98\x80")},
        {"first pair", HW_CSV_UTF16, HW_VIEW_INIT("\x00\xd8\x00\xdc"), HW_VIEW_INIT("\xf0\x90\x80\x80")},
        {"last pair", HW_CSV_UTF16, HW_VIEW_INIT("\xff\xdb\xff\xdf"), HW_VIEW_INIT("\xf4\x8f\xbf\xbf")},
    };
    (void)state;
    HW_AUTO(hw_buf) out = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (uint64_t seed = 0; seed < 9; seed++) {
            struct hw_error err = HW_ERROR_INIT;
            assert_ok(all_read(rows[i].from, rows[i].encoding, seed, SIZE_MAX, &out, &err), err);
            assert_row_bytes(rows[i].name, out.data, out.size, rows[i].want.data, rows[i].want.size);
        }
    }
}

static void faults_by_rows(void **state) {
    static const struct {
        const char *name;
        hw_view from;
        size_t fail_at;
        enum hw_status want;
        int64_t offset;
        const char *says;
    } rows[] = {
        {"half a unit", HW_VIEW_INIT("a\0b"), SIZE_MAX, HW_EDATA, 2, "the text ends within a UTF-16 character"},
        {"half a unit alone", HW_VIEW_INIT("a"), SIZE_MAX, HW_EDATA, 0, "the text ends within a UTF-16 character"},
        {"second half alone",
         HW_VIEW_INIT("a\0\x00\xde"
                      "b\0"),
         SIZE_MAX, HW_EDATA, 2, "found half a UTF-16 surrogate pair (0xde00)"},
        {"first half alone",
         HW_VIEW_INIT("a\0\x3d\xd8"
                      "b\0"),
         SIZE_MAX, HW_EDATA, 2, "found half a UTF-16 surrogate pair (0xd83d)"},
        {"two first halves", HW_VIEW_INIT("\x3d\xd8\x3e\xd8"), SIZE_MAX, HW_EDATA, 0,
         "found half a UTF-16 surrogate pair (0xd83d)"},
        {"first half last", HW_VIEW_INIT("\xff\xfe\x3d\xd8"), SIZE_MAX, HW_EDATA, 4,
         "the text ends within a UTF-16 character"},
        {"read fails at once", HW_VIEW_INIT("a\0b\0"), 0, HW_EIO, 0, "injected"},
        {"read fails later",
         HW_VIEW_INIT("\xff\xfe"
                      "a\0b\0"),
         3, HW_EIO, -1, "injected"},
    };
    (void)state;
    HW_AUTO(hw_buf) out = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (uint64_t seed = 0; seed < 9; seed++) {
            struct hw_error err = HW_ERROR_INIT;
            assert_row_int(rows[i].name, all_read(rows[i].from, HW_CSV_UTF16, seed, rows[i].fail_at, &out, &err),
                           rows[i].want);
            assert_row_says(rows[i].name, err.message, rows[i].says);
            if (rows[i].offset >= 0) {
                assert_row_int(rows[i].name, err.offset, rows[i].offset);
            }
        }
    }
}

/* What iconv(3) makes of the same bytes; false where it refuses them. */
static bool iconv_all(const char *encoding, hw_view from, struct hw_buf *out) {
    struct hw_error err = HW_ERROR_INIT;
    iconv_t coder = iconv_open("UTF-8", encoding);
    assert_true(coder != (iconv_t)-1);
    assert_ok(hw_buf_resize(out, from.size * 4 + 4, &err), err);
    char *bytes = malloc(from.size + 1);
    assert_non_null(bytes);
    memcpy(bytes, from.data, from.size);
    char *in = bytes;
    char *to = (char *)out->data;
    size_t in_left = from.size;
    size_t out_left = out->size;
    bool ok = iconv(coder, &in, &in_left, &to, &out_left) != (size_t)-1 && in_left == 0;
    out->size -= out_left;
    iconv_close(coder);
    free(bytes);
    return ok;
}

static void texts_are_those_of_iconv(void **state) {
    (void)state;
    enum { UNITS_MAX = 300, ROUNDS = 3000 };
    HW_AUTO(hw_buf) got = {0};
    HW_AUTO(hw_buf) want = {0};
    size_t refused = 0;
    for (uint64_t seed = 0; seed < ROUNDS; seed++) {
        struct dice dice = {seed};
        char bytes[2 * UNITS_MAX + 2];
        char name[32];
        size_t units = dice_roll(&dice, UNITS_MAX);
        bool latin = seed % 3 == 0;
        bool big = seed % 3 == 1;
        bool tame = dice_roll(&dice, 2) == 0;
        size_t size = 0;
        snprintf(name, sizeof(name), "seed %" PRIu64, seed);
        if (!latin) {
            memcpy(bytes, big ? "\xfe\xff" : "\xff\xfe", 2);
            size = 2;
        }
        for (size_t i = 0; i < units; i++) {
            uint32_t unit = (uint32_t)dice_roll(&dice, dice_roll(&dice, 2) ? 0x80 : 0x10000);
            unit = tame && unit >= 0xd800 && unit < 0xe000 ? 'x' : unit;
            bytes[size++] = (char)(big ? unit >> 8 : unit);
            if (!latin) {
                bytes[size++] = (char)(big ? unit : unit >> 8);
            }
        }
        struct hw_error err = HW_ERROR_INIT;
        hw_view from = {bytes, size};
        hw_view body = {bytes + (latin ? 0 : 2), size - (latin ? 0 : 2)};
        bool ok = iconv_all(latin ? "ISO-8859-1" : big ? "UTF-16BE" : "UTF-16LE", body, &want);
        enum hw_status status = all_read(from, latin ? HW_CSV_LATIN1 : HW_CSV_UTF16, seed, SIZE_MAX, &got, &err);
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
    assert_ok(all_read(hw_buf_view(&from), HW_CSV_UTF16, 8, SIZE_MAX, &out, &err), err);
    assert_int_equal(out.size, 1 + PAIRS * 4);
    for (size_t i = 0; i < PAIRS; i++) {
        assert_memory_equal(out.data + 1 + i * 4, "\xf0\x9f\x98\x80", 4);
    }
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    struct alloc_fault fault;
    struct hw_error err = HW_ERROR_INIT;
    struct pieces pieces = {.base = {&pieces_ops}};
    struct hw_stream *stream = NULL;
    alloc_fault_begin(&fault, 0);
    enum hw_status status = hw_transcode_open(&pieces.base, HW_CSV_LATIN1, &stream, &err);
    alloc_fault_end(&fault);
    assert_int_equal(status, HW_ENOMEM);
    assert_null(stream);
    assert_row_says("error", err.message, "out of memory asking for ");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_by_rows),
        cmocka_unit_test(faults_by_rows),
        cmocka_unit_test(texts_are_those_of_iconv),
        cmocka_unit_test(long_texts_cross_the_buffer),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("csv/transcode", tests, NULL, NULL);
}
