/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/decompression.h"

#include <stdio.h>
#include <stdlib.h>

#include "faulty_alloc.h"
#include "support/rows.h"

/* What all of the blocks below decompress to. */
#define TEXT "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbb0123456789"
#define HALF_1 "aaaaaaaaaaaaaaaa"

enum { TEXT_BYTES = sizeof(TEXT) - 1, ROOM = 64 };

/*
 * Blocks that others have made of TEXT: pyarrow 26 (Codec.compress), CPython's gzip and zlib, or
 * cramjam 2.14 (lz4.compress_block), of which two blocks have the first 20 bytes and the rest.
 */
#define SNAPPY "\x2a\x00\x61\x3a\x01\x00\x00\x62\x3a\x01\x00\x24\x30\x31\x32\x33\x34\x35\x36\x37\x38\x39"
#define GZIP                                                                                               \
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x4b\x4c\x44\x05\x49\x68\xc0\xc0\xd0\xc8\xd8\xc4\xd4\xcc\xdc" \
    "\xc2\x12\x00\x94\xea\x27\x01\x2a\x00\x00\x00"
#define GZIP_1 "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x4b\x4c\x44\x05\x00\xd5\x68\xd6\xcf\x10\x00\x00\x00"
#define GZIP_2                                                                                             \
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x4b\x4a\x42\x05\x06\x86\x46\xc6\x26\xa6\x66\xe6\x16\x96\x00" \
    "\x79\xba\x86\x0b\x1a\x00\x00\x00"
#define ZLIB "\x78\x9c\x4b\x4c\x44\x05\x49\x68\xc0\xc0\xd0\xc8\xd8\xc4\xd4\xcc\xdc\xc2\x12\x00\x4d\xa6\x0e\x3e"
#define DEFLATE "\x4b\x4c\x44\x05\x49\x68\xc0\xc0\xd0\xc8\xd8\xc4\xd4\xcc\xdc\xc2\x12\x00"
#define BROTLI "\x1b\x29\x00\x00\x44\x07\x87\xa8\x3b\x5d\xc3\x4a\x25\x94\x11\x28\x90\x3a\xfd\x80\x72\x64\xf5\x2c"
#define ZSTD                                                                                               \
    "\x28\xb5\x2f\xfd\x20\x2a\xad\x00\x00\x68\x61\x61\x62\x30\x31\x32\x33\x34\x35\x36\x37\x38\x39\x02\x00" \
    "\xa0\x13\x32\xc0\x02"
/* RFC 8878: a frame with a raw block of 16 bytes, its size in the header, and a skippable frame. */
#define ZSTD_1 "\x28\xb5\x2f\xfd\x20\x10\x81\x00\x00" HALF_1
#define ZSTD_2                             \
    "\x28\xb5\x2f\xfd\x20\x1a\xd1\x00\x00" \
    "bbbbbbbbbbbbbbbb0123456789"
#define ZSTD_SKIPPED                   \
    "\x50\x2a\x4d\x18\x03\x00\x00\x00" \
    "abc"
#define LZ4 "\x1b\x61\x01\x00\x1b\x62\x01\x00\xa0\x30\x31\x32\x33\x34\x35\x36\x37\x38\x39"
#define LZ4_1 "\x1a\x61\x01\x00\x50\x61\x62\x62\x62\x62"
#define LZ4_2 "\x17\x62\x01\x00\xa0\x30\x31\x32\x33\x34\x35\x36\x37\x38\x39"
#define LZ4_FRAME "\x04\x22\x4d\x18\x60\x40\x82\x13\x00\x00\x00" LZ4 "\x00\x00\x00\x00"

/* The row of the table for what Parquet calls LZ4. */
#define LZ4_ANY HW_CODEC_COUNT

static enum hw_status run(struct hw_decompressor *decompressor, int codec, hw_view block, void *out, size_t out_bytes,
                          struct hw_error *err) {
    if (codec == LZ4_ANY) {
        return hw_decompressor_run_lz4_hadoop(decompressor, block, out, out_bytes, err);
    }
    return hw_decompressor_run(decompressor, (enum hw_codec)codec, block, out, out_bytes, err);
}

/* Runs a block that lies in memory of its own size, to memory of its own size. */
static enum hw_status run_exact(struct hw_decompressor *decompressor, int codec, hw_view block, char *out,
                                size_t out_bytes, struct hw_error *err) {
    char *in = malloc(block.size + (block.size == 0));
    char *to = malloc(out_bytes + (out_bytes == 0));
    assert_true(in && to);
    memcpy(in, block.data, block.size);
    enum hw_status status = run(decompressor, codec, (hw_view){in, block.size}, to, out_bytes, err);
    memcpy(out, to, out_bytes);
    free(in);
    free(to);
    return status;
}

static const struct {
    const char *name;
    int codec;
    hw_view block;
} good[] = {
    {"none", HW_CODEC_NONE, HW_VIEW_INIT(TEXT)},
    {"snappy", HW_CODEC_SNAPPY, HW_VIEW_INIT(SNAPPY)},
    {"gzip", HW_CODEC_GZIP, HW_VIEW_INIT(GZIP)},
    {"two members", HW_CODEC_GZIP, HW_VIEW_INIT(GZIP_1 GZIP_2)},
    {"zlib", HW_CODEC_GZIP, HW_VIEW_INIT(ZLIB)},
    {"deflate", HW_CODEC_DEFLATE, HW_VIEW_INIT(DEFLATE)},
    {"brotli", HW_CODEC_BROTLI, HW_VIEW_INIT(BROTLI)},
    {"zstd", HW_CODEC_ZSTD, HW_VIEW_INIT(ZSTD)},
    {"three frames", HW_CODEC_ZSTD, HW_VIEW_INIT(ZSTD_1 ZSTD_SKIPPED ZSTD_2)},
    {"lz4_raw", HW_CODEC_LZ4_RAW, HW_VIEW_INIT(LZ4)},
    {"a bare block", LZ4_ANY, HW_VIEW_INIT(LZ4)},
    {"Hadoop's, one block of one piece", LZ4_ANY, HW_VIEW_INIT("\0\0\0\x2a\0\0\0\x13" LZ4)},
    {"Hadoop's, two blocks", LZ4_ANY, HW_VIEW_INIT("\0\0\0\x14\0\0\0\x0a" LZ4_1 "\0\0\0\x16\0\0\0\x0f" LZ4_2)},
    {"Hadoop's, one block of two pieces", LZ4_ANY, HW_VIEW_INIT("\0\0\0\x2a\0\0\0\x0a" LZ4_1 "\0\0\0\x0f" LZ4_2)},
    {"a frame", LZ4_ANY, HW_VIEW_INIT(LZ4_FRAME)},
};

static void blocks_of_others_are_decompressed(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_decompressor *decompressor = NULL;
    assert_ok(hw_decompressor_new(&decompressor, &err), err);
    for (unsigned time = 0; time < 2; time++) {
        for (size_t i = 0; i < COUNT_OF(good); i++) {
            char out[ROOM] = "";
            assert_ok(run_exact(decompressor, good[i].codec, good[i].block, out, TEXT_BYTES, &err), err);
            assert_row_bytes(good[i].name, out, TEXT_BYTES, TEXT, TEXT_BYTES);
        }
    }
    hw_decompressor_free(decompressor);
}

/* Frames need not be of the same size. */
static void two_frames_of_lz4_are_decompressed(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_decompressor *decompressor = NULL;
    char out[2 * TEXT_BYTES] = "";
    assert_ok(hw_decompressor_new(&decompressor, &err), err);
    assert_ok(run_exact(decompressor, LZ4_ANY, HW_VIEW(LZ4_FRAME LZ4_FRAME), out, sizeof(out), &err), err);
    assert_memory_equal(out, TEXT TEXT, sizeof(out));
    hw_decompressor_free(decompressor);
}

/* The size has to be that of the block: with one byte more or less, it is refused. */
static void sizes_must_be_true(void **state) {
    (void)state;
    struct hw_decompressor *decompressor = NULL;
    assert_int_equal(hw_decompressor_new(&decompressor, NULL), HW_OK);
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        struct hw_error err = HW_ERROR_INIT;
        char out[ROOM];
        assert_row_int(good[i].name, run_exact(decompressor, good[i].codec, good[i].block, out, TEXT_BYTES + 1, &err),
                       HW_EDATA);
        assert_row_says(good[i].name, err.message, "it makes 42 bytes, but 43 are due");
        err = (struct hw_error)HW_ERROR_INIT;
        assert_row_int(good[i].name, run_exact(decompressor, good[i].codec, good[i].block, out, TEXT_BYTES - 1, &err),
                       HW_EDATA);
        assert_row_says(good[i].name, err.message, "it makes more than");
        assert_row_says(good[i].name, err.message, "41 bytes");
    }
    hw_decompressor_free(decompressor);
}

static const struct {
    const char *name;
    int codec;
    hw_view block;
    const char *says;
} bad[] = {
    {"no snappy", HW_CODEC_SNAPPY, HW_VIEW_INIT(""), "snappy: there are no bytes"},
    {"snappy without its size", HW_CODEC_SNAPPY, HW_VIEW_INIT("\xff\xff\xff\xff\xff\xff"),
     "snappy: corrupt: it does not begin with its size"},
    {"snappy that reaches before its begin", HW_CODEC_SNAPPY, HW_VIEW_INIT("\x2a\x00\x61\x3a\x05\x00\x00\x62\x3a\x01"),
     "snappy: corrupt"},
    {"bytes behind snappy", HW_CODEC_SNAPPY, HW_VIEW_INIT(SNAPPY "\x00"), "snappy: corrupt"},
    {"no gzip", HW_CODEC_GZIP, HW_VIEW_INIT(""), "gzip: there are no bytes"},
    {"not gzip", HW_CODEC_GZIP, HW_VIEW_INIT(DEFLATE), "gzip: corrupt, in what begins with byte 0"},
    {"gzip with another CRC", HW_CODEC_GZIP, HW_VIEW_INIT(GZIP_1 "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x4b"),
     "gzip: corrupt, in what begins with byte 23"},
    {"bytes behind gzip", HW_CODEC_GZIP, HW_VIEW_INIT(GZIP "\x00"), "gzip: corrupt, in what begins with byte 36"},
    {"damaged deflate", HW_CODEC_DEFLATE, HW_VIEW_INIT("\xff\xff\xff"), "deflate: corrupt"},
    {"bytes behind deflate", HW_CODEC_DEFLATE, HW_VIEW_INIT(DEFLATE "abc"), "deflate: 3 bytes are left behind its end"},
    {"no brotli", HW_CODEC_BROTLI, HW_VIEW_INIT(""), "brotli: there are no bytes"},
    {"a window that RFC 7932 does not know", HW_CODEC_BROTLI, HW_VIEW_INIT("\x11\x00\x00\x00"), "brotli: corrupt: "},
    {"cut brotli", HW_CODEC_BROTLI, HW_VIEW_INIT("\x1b\x29\x00\x00"), "brotli: it is cut"},
    {"a cut frame", LZ4_ANY, HW_VIEW_INIT("\x04\x22\x4d\x18\x60\x40\x82\x13\x00"), "lz4: a frame is cut"},
    {"bytes behind brotli", HW_CODEC_BROTLI, HW_VIEW_INIT(BROTLI "ab"), "brotli: 2 bytes are left behind its end"},
    {"no zstd", HW_CODEC_ZSTD, HW_VIEW_INIT(""), "zstd: there are no bytes"},
    {"not zstd", HW_CODEC_ZSTD, HW_VIEW_INIT(GZIP), "zstd: corrupt: Unknown frame descriptor"},
    {"bytes behind zstd", HW_CODEC_ZSTD, HW_VIEW_INIT(ZSTD "abc"), "zstd: corrupt: "},
    {"no lz4", HW_CODEC_LZ4_RAW, HW_VIEW_INIT(""), "lz4_raw: there are no bytes"},
    {"lz4 that reaches before its begin", HW_CODEC_LZ4_RAW, HW_VIEW_INIT("\x1b\x61\x02\x00\x1b\x62\x01\x00\xa0"),
     "lz4: corrupt, or it makes more than 42 bytes"},
    {"bytes behind lz4", HW_CODEC_LZ4_RAW, HW_VIEW_INIT(LZ4 "abc"), "lz4: corrupt"},
    {"no lz4 of any kind", LZ4_ANY, HW_VIEW_INIT(""), "lz4: there are no bytes"},
    {"none of the three", LZ4_ANY, HW_VIEW_INIT("\xff\xff\xff\xff"), "with Hadoop's frames and without"},
    {"Hadoop's with a size that is not true", LZ4_ANY, HW_VIEW_INIT("\0\0\0\x29\0\0\0\x13" LZ4),
     "with Hadoop's frames and without"},
    {"Hadoop's with a piece that is not true", LZ4_ANY, HW_VIEW_INIT("\0\0\0\x2a\0\0\0\x14" LZ4), "with Hadoop's"},
    {"Hadoop's with bytes behind", LZ4_ANY, HW_VIEW_INIT("\0\0\0\x2a\0\0\0\x13" LZ4 "\0\0\0"), "with Hadoop's"},
    {"Hadoop's without the second piece", LZ4_ANY, HW_VIEW_INIT("\0\0\0\x2a\0\0\0\x0a" LZ4_1), "with Hadoop's"},
    {"a damaged frame", LZ4_ANY, HW_VIEW_INIT("\x04\x22\x4d\x18\x60\x40\x83\x13\x00\x00\x00" LZ4 "\x00\x00\x00\x00"),
     "lz4: corrupt frame: ERROR_headerChecksum_invalid"},
    {"bytes behind a frame", LZ4_ANY, HW_VIEW_INIT(LZ4_FRAME "abcdefgh"), "lz4: corrupt frame: "},
};

static void names_what_is_wrong(void **state) {
    (void)state;
    struct hw_decompressor *decompressor = NULL;
    assert_int_equal(hw_decompressor_new(&decompressor, NULL), HW_OK);
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct hw_error err = HW_ERROR_INIT;
        char out[ROOM];
        assert_row_int(bad[i].name, run_exact(decompressor, bad[i].codec, bad[i].block, out, TEXT_BYTES, &err),
                       HW_EDATA);
        assert_row_says(bad[i].name, err.message, bad[i].says);
        assert_ok(run_exact(decompressor, HW_CODEC_NONE, HW_VIEW(TEXT), out, TEXT_BYTES, &err), err);
    }
    hw_decompressor_free(decompressor);
}

/* Every block of the table without its last byte, its last two, and so on. */
static void what_is_cut_is_refused(void **state) {
    (void)state;
    struct hw_decompressor *decompressor = NULL;
    assert_int_equal(hw_decompressor_new(&decompressor, NULL), HW_OK);
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        for (size_t bytes = 0; bytes < good[i].block.size; bytes++) {
            char row[96];
            char out[ROOM];
            const hw_view block = {good[i].block.data, bytes};
            snprintf(row, sizeof(row), "%s, %zu bytes", good[i].name, bytes);
            assert_row_int(row, run_exact(decompressor, good[i].codec, block, out, TEXT_BYTES, NULL), HW_EDATA);
        }
    }
    hw_decompressor_free(decompressor);
}

/* After each damage, the decompressor works as before. */
static void what_is_damaged_leaves_no_trace(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_decompressor *decompressor = NULL;
    assert_int_equal(hw_decompressor_new(&decompressor, NULL), HW_OK);
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        for (size_t bit = 0; bit < good[i].block.size * 8; bit++) {
            char block[128];
            char out[ROOM];
            memcpy(block, good[i].block.data, good[i].block.size);
            block[bit / 8] = (char)(block[bit / 8] ^ 1 << bit % 8);
            enum hw_status status =
                run_exact(decompressor, good[i].codec, (hw_view){block, good[i].block.size}, out, TEXT_BYTES, NULL);
            assert_true(status == HW_OK || status == HW_EDATA);
        }
        char out[ROOM];
        assert_ok(run_exact(decompressor, good[i].codec, good[i].block, out, TEXT_BYTES, &err), err);
        assert_row_bytes(good[i].name, out, TEXT_BYTES, TEXT, TEXT_BYTES);
    }
    hw_decompressor_free(decompressor);
}

static const enum hw_codec codecs[] = {HW_CODEC_NONE,    HW_CODEC_SNAPPY,  HW_CODEC_ZSTD,  HW_CODEC_GZIP,
                                       HW_CODEC_DEFLATE, HW_CODEC_LZ4_RAW, HW_CODEC_BROTLI};

/* Compresses bytes of which every second run is the same. */
static void compress(enum hw_codec codec, size_t bytes, struct hw_buf *plain, struct hw_buf *out) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_compressor *compressor = NULL;
    assert_ok(hw_buf_resize(plain, bytes, &err), err);
    for (size_t i = 0; i < bytes; i++) {
        plain->data[i] = (uint8_t)(i / 100 % 2 == 0 ? 7 : i * i >> 5);
    }
    assert_ok(hw_compressor_new(codec, HW_LEVEL_DEFAULT, &compressor, &err), err);
    assert_ok(hw_buf_resize(out, hw_compressor_bound(compressor, bytes), &err), err);
    assert_ok(hw_compressor_run(compressor, plain->data, bytes, out->data, out->size, &out->size, &err), err);
    hw_compressor_free(compressor);
}

static void what_was_compressed_is_decompressed(void **state) {
    (void)state;
    static const size_t sizes[] = {1, 2, 1000, 100000, 3000000};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_decompressor *decompressor = NULL;
    assert_ok(hw_decompressor_new(&decompressor, &err), err);
    for (size_t c = 0; c < COUNT_OF(codecs); c++) {
        for (size_t s = 0; s < COUNT_OF(sizes); s++) {
            HW_AUTO(hw_buf) plain = {0};
            HW_AUTO(hw_buf) packed = {0};
            HW_AUTO(hw_buf) out = {0};
            compress(codecs[c], sizes[s], &plain, &packed);
            assert_ok(hw_buf_resize(&out, sizes[s], &err), err);
            assert_ok(hw_decompressor_run(decompressor, codecs[c], hw_buf_view(&packed), out.data, out.size, &err),
                      err);
            assert_row_bytes(hw_codec_name(codecs[c]), out.data, out.size, plain.data, plain.size);
            if (codecs[c] != HW_CODEC_LZ4_RAW) {
                assert_ok(hw_decompressor_run_unsized(decompressor, codecs[c], hw_buf_view(&packed), &out, &err), err);
                assert_row_bytes(hw_codec_name(codecs[c]), out.data, out.size, plain.data, plain.size);
            }
        }
    }
    hw_decompressor_free(decompressor);
}

/* One that has room for all, and one of a byte less. */
static void sizes_that_are_not_known_have_a_limit(void **state) {
    (void)state;
    enum { BYTES = 100000 };
    struct hw_decompressor *decompressor = NULL;
    assert_int_equal(hw_decompressor_new(&decompressor, NULL), HW_OK);
    for (size_t c = 0; c < COUNT_OF(codecs); c++) {
        if (codecs[c] == HW_CODEC_LZ4_RAW) {
            continue;
        }
        HW_AUTO(hw_buf) plain = {0};
        HW_AUTO(hw_buf) packed = {0};
        HW_AUTO(hw_buf) enough = {.limit = BYTES};
        HW_AUTO(hw_buf) less = {.limit = BYTES - 1};
        struct hw_error err = HW_ERROR_INIT;
        const char *row = hw_codec_name(codecs[c]);

        compress(codecs[c], BYTES, &plain, &packed);
        const hw_view block = hw_buf_view(&packed);
        assert_ok(hw_decompressor_run_unsized(decompressor, codecs[c], block, &enough, &err), err);
        assert_row_bytes(row, enough.data, enough.size, plain.data, plain.size);
        assert_row_int(row, hw_decompressor_run_unsized(decompressor, codecs[c], block, &less, &err), HW_ELIMIT);
        assert_row_says(row, err.message, "it makes more than the 99999 bytes that are allowed");
        assert_row_int(row, less.size, 0);
    }
    hw_decompressor_free(decompressor);
}

static void damage_is_no_matter_of_limits(void **state) {
    (void)state;
    HW_AUTO(hw_buf) out = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_decompressor *decompressor = NULL;
    assert_int_equal(hw_decompressor_new(&decompressor, NULL), HW_OK);
    assert_int_equal(hw_decompressor_run_unsized(decompressor, HW_CODEC_DEFLATE, HW_VIEW(DEFLATE "abc"), &out, &err),
                     HW_EDATA);
    assert_row_says("deflate", err.message, "deflate: 3 bytes are left behind its end");
    assert_int_equal(hw_decompressor_run_unsized(decompressor, HW_CODEC_LZ4_RAW, HW_VIEW(LZ4), &out, &err),
                     HW_EUNSUPPORTED);
    assert_row_says("lz4_raw", err.message, "its blocks can only be read where their size is known");
    hw_decompressor_free(decompressor);
}

static enum hw_status all_made_once(struct hw_error *err) {
    struct hw_decompressor *decompressor = NULL;
    char out[ROOM];
    HW_TRY(hw_decompressor_new(&decompressor, err));
    enum hw_status status = run(decompressor, HW_CODEC_BROTLI, HW_VIEW(BROTLI), out, TEXT_BYTES, err);
    hw_decompressor_free(decompressor);
    return status;
}

/* The n-th request of memory fails, for every n that there is. */
static void lack_of_memory_is_told(void **state) {
    (void)state;
    struct faulty_alloc faulty = {0};
    const struct hw_allocator allocator = {faulty_resize, &faulty};
    enum hw_status status = HW_ENOMEM;
    hw_allocator_set(&allocator);
    while (status != HW_OK) {
        struct hw_error err = HW_ERROR_INIT;
        faulty.fail_at++;
        faulty.requests = 0;
        status = all_made_once(&err);
        assert_true(status == HW_OK || status == HW_ENOMEM);
        assert_true(status == HW_OK || strstr(err.message, "out of memory"));
        assert_int_equal(faulty.held, 0);
    }
    hw_allocator_set(NULL);
    assert_true(faulty.fail_at > 3);
}

static void nothing_is_freed_of_nothing(void **state) {
    (void)state;
    hw_decompressor_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_of_others_are_decompressed),
        cmocka_unit_test(two_frames_of_lz4_are_decompressed),
        cmocka_unit_test(sizes_must_be_true),
        cmocka_unit_test(names_what_is_wrong),
        cmocka_unit_test(what_is_cut_is_refused),
        cmocka_unit_test(what_is_damaged_leaves_no_trace),
        cmocka_unit_test(what_was_compressed_is_decompressed),
        cmocka_unit_test(sizes_that_are_not_known_have_a_limit),
        cmocka_unit_test(damage_is_no_matter_of_limits),
        cmocka_unit_test(lack_of_memory_is_told),
        cmocka_unit_test(nothing_is_freed_of_nothing),
    };
    return cmocka_run_group_tests_name("codec/decompression", tests, NULL, NULL);
}
