/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/compression.h"

#include <brotli/decode.h>
#include <libdeflate.h>
#include <lz4.h>
#include <snappy-c.h>
#include <stdio.h>
#include <stdlib.h>
#define ZSTD_STATIC_LINKING_ONLY /* for ZSTD_getCParams */
#include <zstd.h>

#include "core/buf.h"
#include "faulty_alloc.h"
#include "support/rows.h"

#define NONE HW_LEVEL_DEFAULT
#define ENTROPY HW_LEVEL_ENTROPY

static const struct {
    const char *text;
    enum hw_codec codec;
    int level;
} parse_rows[] = {
    {"none", HW_CODEC_NONE, NONE},      {"uncompressed", HW_CODEC_NONE, NONE}, {"null", HW_CODEC_NONE, NONE},
    {"snappy", HW_CODEC_SNAPPY, NONE},  {"zstd", HW_CODEC_ZSTD, NONE},         {"zstandard", HW_CODEC_ZSTD, NONE},
    {"zstd:3", HW_CODEC_ZSTD, 3},       {"zstd:-5", HW_CODEC_ZSTD, -5},        {"zstd:19", HW_CODEC_ZSTD, 19},
    {"zstd:0", HW_CODEC_ZSTD, 0},       {"zstandard:07", HW_CODEC_ZSTD, 7},    {"gzip", HW_CODEC_GZIP, NONE},
    {"gzip:0", HW_CODEC_GZIP, 0},       {"gzip:12", HW_CODEC_GZIP, 12},        {"deflate:9", HW_CODEC_DEFLATE, 9},
    {"lz4", HW_CODEC_LZ4_RAW, NONE},    {"lz4_raw:12", HW_CODEC_LZ4_RAW, 12},  {"brotli", HW_CODEC_BROTLI, NONE},
    {"brotli:11", HW_CODEC_BROTLI, 11},
};

static void names_and_levels_are_known(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(parse_rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        enum hw_codec codec = HW_CODEC_DEFAULT;
        int level = 99;
        assert_ok(hw_codec_parse(parse_rows[i].text, &codec, &level, &err), err);
        assert_row_int(parse_rows[i].text, codec, parse_rows[i].codec);
        assert_row_int(parse_rows[i].text, level, parse_rows[i].level);
    }
}

static const struct {
    const char *text;
    const char *says;
} wrong_rows[] = {
    {"zst", "unknown codec \"zst\", did you mean zstd?"},
    {"ZSTD", "unknown codec \"ZSTD\", did you mean zstd?"},
    {"zst:3", "did you mean zstd?"},
    {"uncompresed", "did you mean uncompressed?"},
    {"lzma", "unknown codec \"lzma\", known are none, snappy, zstd, gzip, deflate, lz4_raw, brotli"},
    {"", "unknown codec \"\", known are none"},
    {"default", "unknown codec \"default\", known are none"},
    {"zstdzstdzstdzstdzstdzstdzstdzstdzstdzstdzstdzstdzstdzstdzstdzstdzstdzstdzstd", "known are none"},
    {"snappy:1", "snappy takes no level"},
    {"none:0", "none takes no level"},
    {"zstd:20", "zstd takes levels from -5 to 19, not \"20\""},
    {"zstd:-6", "zstd takes levels from -5 to 19, not \"-6\""},
    {"zstd:", "zstd takes levels from -5 to 19, not \"\""},
    {"zstd:-", "not \"-\""},
    {"zstd:+3", "not \"+3\""},
    {"zstd: 3", "not \" 3\""},
    {"zstd:3 ", "not \"3 \""},
    {"zstd:3:4", "not \"3:4\""},
    {"zstd:4294967299", "not \"4294967299\""},
    {"gzip:13", "gzip takes levels from 0 to 12"},
    {"deflate:-1", "deflate takes levels from 0 to 12"},
    {"lz4:0", "lz4_raw takes levels from 1 to 12"},
    {"brotli:12", "brotli takes levels from 0 to 11"},
};

static void wrong_names_and_levels_say_what_is_right(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong_rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        enum hw_codec codec = HW_CODEC_GZIP;
        int level = 99;
        assert_row_int(wrong_rows[i].text, hw_codec_parse(wrong_rows[i].text, &codec, &level, &err), HW_EUSAGE);
        assert_row_says(wrong_rows[i].text, err.message, wrong_rows[i].says);
        assert_row_int(wrong_rows[i].text, codec, HW_CODEC_GZIP);
        assert_row_int(wrong_rows[i].text, level, 99);
    }
}

static bool none_unpack(const void *data, size_t bytes, void *out, size_t out_bytes) {
    if (bytes == out_bytes) {
        memcpy(out, data, bytes);
    }
    return bytes == out_bytes;
}

static bool snappy_unpack(const void *data, size_t bytes, void *out, size_t out_bytes) {
    size_t got = out_bytes;
    return snappy_uncompress(data, bytes, out, &got) == SNAPPY_OK && got == out_bytes;
}

static bool zstd_unpack(const void *data, size_t bytes, void *out, size_t out_bytes) {
    return ZSTD_getFrameContentSize(data, bytes) == out_bytes &&
           ZSTD_decompress(out, out_bytes, data, bytes) == out_bytes;
}

static bool gzip_unpack(const void *data, size_t bytes, void *out, size_t out_bytes) {
    struct libdeflate_decompressor *decompressor = libdeflate_alloc_decompressor();
    size_t used, got;
    bool ok =
        libdeflate_gzip_decompress_ex(decompressor, data, bytes, out, out_bytes, &used, &got) == LIBDEFLATE_SUCCESS;
    libdeflate_free_decompressor(decompressor);
    return ok && used == bytes && got == out_bytes;
}

static bool deflate_unpack(const void *data, size_t bytes, void *out, size_t out_bytes) {
    struct libdeflate_decompressor *decompressor = libdeflate_alloc_decompressor();
    size_t used, got;
    bool ok =
        libdeflate_deflate_decompress_ex(decompressor, data, bytes, out, out_bytes, &used, &got) == LIBDEFLATE_SUCCESS;
    libdeflate_free_decompressor(decompressor);
    return ok && used == bytes && got == out_bytes;
}

static bool lz4_unpack(const void *data, size_t bytes, void *out, size_t out_bytes) {
    return LZ4_decompress_safe(data, out, (int)bytes, (int)out_bytes) == (int)out_bytes;
}

static bool brotli_unpack(const void *data, size_t bytes, void *out, size_t out_bytes) {
    size_t got = out_bytes;
    return BrotliDecoderDecompress(bytes, data, &got, out) == BROTLI_DECODER_RESULT_SUCCESS && got == out_bytes;
}

static const struct {
    const char *name;
    enum hw_codec codec;
    int level_min;
    int level_max;
    bool (*unpack)(const void *data, size_t bytes, void *out, size_t out_bytes);
    bool packs; /* text becomes smaller */
} codec_rows[] = {
    {"none", HW_CODEC_NONE, NONE, NONE, none_unpack, false},
    {"snappy", HW_CODEC_SNAPPY, NONE, NONE, snappy_unpack, true},
    {"zstd", HW_CODEC_ZSTD, -5, 19, zstd_unpack, true},
    {"gzip", HW_CODEC_GZIP, 0, 12, gzip_unpack, true},
    {"deflate", HW_CODEC_DEFLATE, 0, 12, deflate_unpack, true},
    {"lz4_raw", HW_CODEC_LZ4_RAW, 1, 12, lz4_unpack, true},
    {"brotli", HW_CODEC_BROTLI, 0, 11, brotli_unpack, true},
};

enum { BLOCK_BYTES_MAX = 1300000 };
enum block_kind { BLOCK_TEXT, BLOCK_ZEROS, BLOCK_RANDOM };

static const struct {
    const char *name;
    enum block_kind kind;
    size_t bytes;
} block_rows[] = {
    {"empty", BLOCK_TEXT, 0},
    {"one byte", BLOCK_TEXT, 1},
    {"text", BLOCK_TEXT, 70000},
    {"zeros", BLOCK_ZEROS, 300000},
    {"random", BLOCK_RANDOM, 70000},
    {"a few random", BLOCK_RANDOM, 13},
    {"more random than a window", BLOCK_RANDOM, BLOCK_BYTES_MAX},
};

static void block_fill(enum block_kind kind, uint8_t *out, size_t bytes) {
    uint64_t seed = 1;
    for (size_t i = 0; i < bytes; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        out[i] = kind == BLOCK_ZEROS    ? 0
                 : kind == BLOCK_RANDOM ? (uint8_t)(seed >> 56)
                                        : (uint8_t)("0123,.;\n"[seed >> 61]);
    }
}

/*
 * One compressor for all blocks, and each block twice: what it keeps from one to the next must not
 * show.
 */
static void round_trip(size_t row, int level, uint8_t *block, uint8_t *packed, uint8_t *again, uint8_t *unpacked) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_compressor *compressor = NULL;
    char name[64];

    assert_ok(hw_compressor_new(codec_rows[row].codec, level, &compressor, &err), err);
    for (size_t i = 0; i < COUNT_OF(block_rows); i++) {
        size_t bytes = block_rows[i].bytes;
        size_t bound = hw_compressor_bound(compressor, bytes);
        size_t packed_bytes = 0, again_bytes = 0;
        bool slow = (codec_rows[row].codec == HW_CODEC_BROTLI && level > 9) || level > 12;
        if (slow && bytes > 100000) {
            continue;
        }
        snprintf(name, sizeof(name), "%s:%d %s", codec_rows[row].name, level, block_rows[i].name);
        block_fill(block_rows[i].kind, block, bytes);
        const void *data = bytes > 0 ? block : NULL;
        assert_ok(hw_compressor_run(compressor, data, bytes, packed, bound, &packed_bytes, &err), err);
        assert_ok(hw_compressor_run(compressor, data, bytes, again, bound, &again_bytes, &err), err);
        assert_row_int(name, packed_bytes <= bound, true);
        assert_row_bytes(name, again, again_bytes, packed, packed_bytes);
        assert_row_int(name, codec_rows[row].unpack(packed, packed_bytes, unpacked, bytes), true);
        assert_row_bytes(name, unpacked, bytes, block, bytes);
        bool stores =
            level == 0 && (codec_rows[row].codec == HW_CODEC_GZIP || codec_rows[row].codec == HW_CODEC_DEFLATE);
        bool shrinks = codec_rows[row].packs && !stores && block_rows[i].kind != BLOCK_RANDOM && bytes > 1000;
        assert_row_int(name, packed_bytes < bytes, shrinks);
    }
    hw_compressor_free(compressor);
}

static void every_codec_and_level_gives_the_bytes_back(void **state) {
    (void)state;
    size_t room = BLOCK_BYTES_MAX + BLOCK_BYTES_MAX / 4;
    uint8_t *block = malloc(room), *packed = malloc(room), *again = malloc(room), *unpacked = malloc(room);
    for (size_t row = 0; row < COUNT_OF(codec_rows); row++) {
        round_trip(row, HW_LEVEL_DEFAULT, block, packed, again, unpacked);
        for (int level = codec_rows[row].level_min; level != NONE && level <= codec_rows[row].level_max; level++) {
            round_trip(row, level, block, packed, again, unpacked);
        }
    }
    free(block);
    free(packed);
    free(again);
    free(unpacked);
}

/* Every level is the library's own, for blocks of every class of size that zstd knows. */
static void zstd_levels_are_the_library_s(void **state) {
    (void)state;
    enum { BYTES = 300000 };
    static const size_t sizes[] = {9000, 100000, 200000, BYTES};
    uint8_t *block = malloc(BYTES), *ours = malloc(2 * BYTES), *theirs = malloc(2 * BYTES);
    for (int level = -5; level <= 19; level++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_compressor *compressor = NULL;
        if (level == 0) {
            continue;
        }
        assert_ok(hw_compressor_new(HW_CODEC_ZSTD, level, &compressor, &err), err);
        for (size_t i = 0; i < COUNT_OF(sizes); i++) {
            char name[64];
            size_t bytes = 0;
            snprintf(name, sizeof(name), "zstd:%d, %zu bytes", level, sizes[i]);
            block_fill(i % 2 ? BLOCK_RANDOM : BLOCK_TEXT, block, sizes[i]);
            assert_ok(hw_compressor_run(compressor, block, sizes[i], ours, 2 * BYTES, &bytes, &err), err);
            size_t want = ZSTD_compress(theirs, 2 * BYTES, block, sizes[i], level);
            assert_row_bytes(name, ours, bytes, theirs, want);
        }
        hw_compressor_free(compressor);
    }
    free(block);
    free(ours);
    free(theirs);
}

/*
 * The default is the library's level 1, with 65,536 hashes for blocks of more than 256 KiB,
 * whatever came before. A sample of such a block is compressed so too.
 */
static void zstd_s_default_has_more_hashes(void **state) {
    (void)state;
    enum { LIMIT = 256 << 10, BYTES = 2 << 20, SAMPLE = 100000 };
    static const struct {
        const char *name;
        size_t bytes, whole_bytes;
        int hash_log; /* 0: the level's */
    } rows[] = {
        {"a large block", BYTES, 0, 16},           {"a small block", LIMIT, 0, 0},
        {"the least large one", LIMIT + 1, 0, 16}, {"a smaller block", 9000, 0, 0},
        {"a sample", SAMPLE, BYTES, 16},           {"a sample of a small block", SAMPLE, LIMIT, 0},
        {"a small block again", SAMPLE, 0, 0},
    };
    uint8_t *block = malloc(BYTES), *ours = malloc(2 * BYTES), *theirs = malloc(2 * BYTES);
    struct hw_error err = HW_ERROR_INIT;
    struct hw_compressor *compressor = NULL;
    assert_true(block && ours && theirs);
    block_fill(BLOCK_TEXT, block, BYTES);
    assert_ok(hw_compressor_new(HW_CODEC_ZSTD, NONE, &compressor, &err), err);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t bytes = 0;
        hw_compressor_set_whole(compressor, rows[i].whole_bytes);
        assert_ok(hw_compressor_run(compressor, block, rows[i].bytes, ours, 2 * BYTES, &bytes, &err), err);
        ZSTD_CCtx *context = ZSTD_createCCtx();
        ZSTD_compressionParameters of = {0};
        if (rows[i].whole_bytes > 0) {
            of = ZSTD_getCParams(1, rows[i].whole_bytes, 0);
        }
        of.hashLog = rows[i].hash_log > 0 ? (unsigned)rows[i].hash_log : of.hashLog;
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, 1);
        ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, (int)of.windowLog);
        ZSTD_CCtx_setParameter(context, ZSTD_c_hashLog, (int)of.hashLog);
        ZSTD_CCtx_setParameter(context, ZSTD_c_minMatch, (int)of.minMatch);
        size_t want = ZSTD_compress2(context, theirs, 2 * BYTES, block, rows[i].bytes);
        assert_row_bytes(rows[i].name, ours, bytes, theirs, want);
        ZSTD_freeCCtx(context);
    }
    hw_compressor_free(compressor);
    free(block);
    free(ours);
    free(theirs);
}

/* A sample has the parameters of the whole; afterwards all is as before. */
static void a_sample_is_compressed_as_the_whole(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum hw_codec codec;
        int level;
        bool differs;
    } rows[] = {
        {"zstd", HW_CODEC_ZSTD, NONE, true},
        {"zstd:1", HW_CODEC_ZSTD, 1, true},
        {"zstd:3", HW_CODEC_ZSTD, 3, true},
        {"gzip:4", HW_CODEC_GZIP, 4, false},
        {"snappy", HW_CODEC_SNAPPY, NONE, false},
        {"none", HW_CODEC_NONE, NONE, false},
        {"zstd, entropy", HW_CODEC_ZSTD, ENTROPY, false},
        {"zstd, text", HW_CODEC_ZSTD, HW_LEVEL_TEXT, true},
    };
    enum { BYTES = 60000, WHOLE = 1 << 20, TURNS = 3 };
    static uint8_t block[BYTES], out[TURNS][2 * BYTES];
    block_fill(BLOCK_TEXT, block, BYTES);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_compressor *compressor = NULL;
        size_t bytes[TURNS];
        assert_ok(hw_compressor_new(rows[i].codec, rows[i].level, &compressor, &err), err);
        for (size_t turn = 0; turn < TURNS; turn++) {
            hw_compressor_set_whole(compressor, turn == 1 ? WHOLE : 0);
            assert_ok(hw_compressor_run(compressor, block, BYTES, out[turn], 2 * BYTES, &bytes[turn], &err), err);
        }
        assert_row_bytes(rows[i].name, out[2], bytes[2], out[0], bytes[0]);
        bool differs = bytes[1] != bytes[0] || memcmp(out[1], out[0], bytes[0]) != 0;
        assert_row_int(rows[i].name, differs, rows[i].differs);
        hw_compressor_free(compressor);
    }
}

static void an_effort_has_levels(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum hw_codec codec;
        int level;
        enum hw_codec_effort effort;
        struct hw_codec_levels want;
    } rows[] = {
        {"zstd",
         HW_CODEC_ZSTD,
         NONE,
         HW_CODEC_NORMAL,
         {4, {NONE, HW_LEVEL_NUMBERS, ENTROPY, HW_LEVEL_TEXT}, 2, 0x02, 0x01}},
        {"zstd, fast", HW_CODEC_ZSTD, NONE, HW_CODEC_FAST, {3, {NONE, HW_LEVEL_NUMBERS, ENTROPY}, 2, 0x02, 0x01}},
        {"zstd, best",
         HW_CODEC_ZSTD,
         NONE,
         HW_CODEC_BEST,
         {6, {NONE, HW_LEVEL_NUMBERS, ENTROPY, HW_LEVEL_TEXT, 9, HW_LEVEL_OPTIMAL}, 2, 0x02, 0x01}},
        {"zstd with a level", HW_CODEC_ZSTD, 7, HW_CODEC_BEST, {1, {7}}},
        {"gzip, fast", HW_CODEC_GZIP, NONE, HW_CODEC_FAST, {1, {NONE}}},
        {"gzip, best", HW_CODEC_GZIP, NONE, HW_CODEC_BEST, {3, {NONE, 6, 12}}},
        {"brotli with a level", HW_CODEC_BROTLI, 0, HW_CODEC_NORMAL, {1, {0}}},
        {"lz4_raw", HW_CODEC_LZ4_RAW, NONE, HW_CODEC_NORMAL, {1, {1}}},
        {"snappy", HW_CODEC_SNAPPY, NONE, HW_CODEC_BEST, {1, {NONE}}},
        {"none", HW_CODEC_NONE, NONE, HW_CODEC_BEST, {1, {NONE}}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_codec_levels got = hw_codec_levels(rows[i].codec, rows[i].level, rows[i].effort);
        assert_row_int(rows[i].name, got.count, rows[i].want.count);
        assert_row_int(rows[i].name, got.entropy, rows[i].want.entropy);
        assert_row_int(rows[i].name, got.numbers, rows[i].want.numbers);
        assert_row_int(rows[i].name, got.others, rows[i].want.others);
        for (size_t k = 0; k < got.count; k++) {
            assert_row_int(rows[i].name, got.levels[k], rows[i].want.levels[k]);
        }
    }
    /* Every level of every effort can be used. */
    for (int codec = HW_CODEC_NONE; codec < HW_CODEC_COUNT; codec++) {
        for (int effort = 0; effort < HW_CODEC_EFFORT_COUNT; effort++) {
            struct hw_codec_levels levels =
                hw_codec_levels((enum hw_codec)codec, HW_LEVEL_DEFAULT, (enum hw_codec_effort)effort);
            for (size_t k = 0; k < levels.count; k++) {
                struct hw_error err = HW_ERROR_INIT;
                struct hw_compressor *compressor = NULL;
                assert_ok(hw_compressor_new((enum hw_codec)codec, levels.levels[k], &compressor, &err), err);
                hw_compressor_free(compressor);
            }
        }
    }
}

static void the_default_levels(void **state) {
    (void)state;
    static const struct {
        enum hw_codec codec;
        int level;
    } rows[] = {{HW_CODEC_ZSTD, 1}, {HW_CODEC_LZ4_RAW, 1}, {HW_CODEC_BROTLI, 4}};
    enum { BYTES = 50000 };
    static uint8_t block[BYTES], packed[2][2 * BYTES];
    block_fill(BLOCK_TEXT, block, BYTES);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        size_t bytes[2] = {0};
        for (size_t side = 0; side < 2; side++) {
            struct hw_compressor *compressor = NULL;
            assert_ok(hw_compressor_new(rows[i].codec, side ? rows[i].level : NONE, &compressor, &err), err);
            assert_ok(hw_compressor_run(compressor, block, BYTES, packed[side], 2 * BYTES, &bytes[side], &err), err);
            hw_compressor_free(compressor);
        }
        assert_row_bytes(hw_codec_name(rows[i].codec), packed[0], bytes[0], packed[1], bytes[1]);
    }
    assert_string_equal(hw_codec_name(HW_CODEC_DEFAULT), "default");
}

static const struct {
    const char *name;
    enum hw_codec codec;
    int level;
    const char *says;
} level_rows[] = {
    {"zstd 20", HW_CODEC_ZSTD, 20, "zstd takes levels from -5 to 19, not 20"},
    {"zstd -6", HW_CODEC_ZSTD, -6, "zstd takes levels from -5 to 19, not -6"},
    {"snappy 0", HW_CODEC_SNAPPY, 0, "snappy takes no level"},
};

static void a_level_out_of_range_makes_no_compressor(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(level_rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_compressor *compressor = NULL;
        enum hw_status status = hw_compressor_new(level_rows[i].codec, level_rows[i].level, &compressor, &err);
        assert_row_int(level_rows[i].name, status, HW_EUSAGE);
        assert_row_says(level_rows[i].name, err.message, level_rows[i].says);
        assert_null(compressor);
    }
    hw_compressor_free(NULL);
}

static const struct {
    enum hw_codec codec;
    int level;
    const char *says;
} room_rows[] = {
    {HW_CODEC_NONE, NONE, "50 bytes do not fit in 5"},
    {HW_CODEC_SNAPPY, NONE, "snappy: the room of 5 bytes is too small"},
    {HW_CODEC_ZSTD, NONE, "zstd: Destination buffer is too small"},
    {HW_CODEC_GZIP, NONE, "gzip: the room of 5 bytes is too small"},
    {HW_CODEC_GZIP, 1, "gzip: the room of 5 bytes is too small"},
    {HW_CODEC_DEFLATE, NONE, "deflate: the room of 5 bytes is too small"},
    {HW_CODEC_DEFLATE, 1, "deflate: the room of 5 bytes is too small"},
    {HW_CODEC_LZ4_RAW, NONE, "lz4: the room of 5 bytes is too small"},
    {HW_CODEC_BROTLI, NONE, "brotli: the room of 5 bytes is too small"},
};

static void too_little_room_is_an_error(void **state) {
    (void)state;
    uint8_t block[50], out[5];
    block_fill(BLOCK_RANDOM, block, sizeof(block));
    for (size_t i = 0; i < COUNT_OF(room_rows); i++) {
        const char *name = hw_codec_name(room_rows[i].codec);
        struct hw_error err = HW_ERROR_INIT;
        struct hw_compressor *compressor = NULL;
        size_t got = 77;
        assert_ok(hw_compressor_new(room_rows[i].codec, room_rows[i].level, &compressor, &err), err);
        assert_row_int(name, hw_compressor_run(compressor, block, sizeof(block), out, sizeof(out), &got, &err),
                       HW_EFAILED);
        assert_row_says(name, err.message, room_rows[i].says);
        assert_row_int(name, got, 77);
        hw_compressor_free(compressor);
    }
}

/* The size alone decides: the bytes are not there. */
static void a_block_beyond_the_format_is_refused(void **state) {
    (void)state;
    static const struct {
        enum hw_codec codec;
        size_t bytes;
        const char *says;
    } rows[] = {
        {HW_CODEC_SNAPPY, (size_t)UINT32_MAX + 1, "snappy cannot hold a block of 4294967296 bytes"},
        {HW_CODEC_GZIP, (size_t)INT32_MAX + 1, "gzip without a level cannot hold a block of 2147483648 bytes"},
        {HW_CODEC_DEFLATE, (size_t)INT32_MAX + 1, "deflate without a level cannot hold a block of 2147483648 bytes"},
        {HW_CODEC_LZ4_RAW, LZ4_MAX_INPUT_SIZE + 1u, "lz4 cannot hold a block of 2113929217 bytes"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *name = hw_codec_name(rows[i].codec);
        struct hw_error err = HW_ERROR_INIT;
        struct hw_compressor *compressor = NULL;
        size_t got = 77;
        uint8_t byte = 0;
        assert_ok(hw_compressor_new(rows[i].codec, NONE, &compressor, &err), err);
        assert_row_int(name, hw_compressor_run(compressor, &byte, rows[i].bytes, &byte, SIZE_MAX, &got, &err),
                       HW_ELIMIT);
        assert_row_says(name, err.message, rows[i].says);
        hw_compressor_free(compressor);
    }
}

static size_t libdeflate_asked;

static void *libdeflate_malloc(size_t bytes) {
    libdeflate_asked += bytes;
    return malloc(bytes);
}

static void held_is_what_libdeflate_asked_for(void **state) {
    (void)state;
    libdeflate_set_memory_allocator(libdeflate_malloc, free);
    for (int level = 0; level <= 12; level++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_compressor *compressor = NULL;
        char name[32];
        snprintf(name, sizeof(name), "level %d", level);
        libdeflate_asked = 0;
        assert_ok(hw_compressor_new(HW_CODEC_GZIP, level, &compressor, &err), err);
        /* wraps when held is less */
        size_t ours = hw_compressor_held(compressor) - libdeflate_asked;
        assert_row_int(name, ours <= 64, true);
        hw_compressor_free(compressor);
    }
    libdeflate_set_memory_allocator(malloc, free);
}

static void gzip_and_deflate_without_a_level_need_no_libdeflate(void **state) {
    (void)state;
    static const enum hw_codec codecs[] = {HW_CODEC_GZIP, HW_CODEC_DEFLATE};
    libdeflate_set_memory_allocator(libdeflate_malloc, free);
    for (size_t i = 0; i < COUNT_OF(codecs); i++) {
        for (int level = 0; level <= 1; level++) {
            struct hw_error err = HW_ERROR_INIT;
            struct hw_compressor *compressor = NULL;
            libdeflate_asked = 0;
            assert_ok(hw_compressor_new(codecs[i], level == 0 ? NONE : level, &compressor, &err), err);
            assert_row_int(hw_codec_name(codecs[i]), libdeflate_asked > 0, level);
            hw_compressor_free(compressor);
        }
    }
    libdeflate_set_memory_allocator(malloc, free);
}

static void held_counts_what_the_codec_allocated(void **state) {
    (void)state;
    enum { BYTES = 400000 };
    uint8_t *block = malloc(BYTES), *out = malloc(2 * BYTES);
    block_fill(BLOCK_TEXT, block, BYTES);
    for (size_t row = 0; row < COUNT_OF(codec_rows); row++) {
        struct faulty_alloc counted = {0};
        const struct hw_allocator allocator = {faulty_resize, &counted};
        const char *name = codec_rows[row].name;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_compressor *compressor = NULL;
        size_t got;

        hw_allocator_set(&allocator);
        assert_ok(hw_compressor_new(codec_rows[row].codec, NONE, &compressor, &err), err);
        for (int i = 0; i < 2; i++) { /* brotli's blocks find their places in the second run */
            assert_ok(hw_compressor_run(compressor, block, BYTES, out, 2 * BYTES, &got, &err), err);
        }
        size_t requests = counted.requests;
        size_t held = hw_compressor_held(compressor);
        assert_row_int(name, held + 16 * requests >= counted.held, true); /* malloc rounds up */
        assert_ok(hw_compressor_run(compressor, block, BYTES, out, 2 * BYTES, &got, &err), err);
        assert_row_int(name, counted.requests, requests); /* all that a block needs is there */
        assert_row_int(name, hw_compressor_held(compressor), held);
        hw_compressor_free(compressor);
        assert_row_int(name, counted.held, 0);
        hw_allocator_set(NULL);
    }
    free(block);
    free(out);
}

static void held_grows_with_zstd_s_level(void **state) {
    (void)state;
    enum { BYTES = 1000000 };
    uint8_t *block = malloc(BYTES), *out = malloc(2 * BYTES);
    size_t held[2] = {0};
    block_fill(BLOCK_TEXT, block, BYTES);
    for (size_t i = 0; i < 2; i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_compressor *compressor = NULL;
        size_t got;
        assert_ok(hw_compressor_new(HW_CODEC_ZSTD, i ? 12 : 1, &compressor, &err), err);
        size_t before = hw_compressor_held(compressor);
        assert_ok(hw_compressor_run(compressor, block, BYTES, out, 2 * BYTES, &got, &err), err);
        held[i] = hw_compressor_held(compressor);
        assert_true(held[i] > before + 65536);
        hw_compressor_free(compressor);
    }
    assert_true(held[1] > 2 * held[0]);
    free(block);
    free(out);
}

/*
 * Blocks that grow: the scratch of the small ones must make way, not stay beside that of the large
 * ones.
 */
static void brotli_s_scratch_stays_small(void **state) {
    (void)state;
    enum { BYTES = 300000 };
    uint8_t *block = malloc(BYTES), *out = malloc(2 * BYTES);
    size_t held[2];
    block_fill(BLOCK_TEXT, block, BYTES);
    for (size_t i = 0; i < 2; i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_compressor *compressor = NULL;
        size_t got;
        assert_ok(hw_compressor_new(HW_CODEC_BROTLI, 9, &compressor, &err), err);
        for (size_t bytes = i ? 1 : BYTES; bytes < BYTES; bytes += bytes / 8 + 1) {
            assert_ok(hw_compressor_run(compressor, block, bytes, out, 2 * BYTES, &got, &err), err);
        }
        assert_ok(hw_compressor_run(compressor, block, BYTES, out, 2 * BYTES, &got, &err), err);
        held[i] = hw_compressor_held(compressor);
        hw_compressor_free(compressor);
    }
    assert_true(held[1] <= held[0] + held[0] / 2);
    free(block);
    free(out);
}

/* Every request of ours that can fail, failing once. */
static void out_of_memory_is_told_and_leaks_nothing(void **state) {
    (void)state;
    enum { BYTES = 100000 };
    static uint8_t block[BYTES], out[2 * BYTES];
    block_fill(BLOCK_TEXT, block, BYTES);
    for (size_t i = 0; i < 2 * COUNT_OF(codec_rows); i++) {
        size_t row = i / 2;
        int level = i % 2 ? codec_rows[row].level_min : NONE;
        enum hw_status status = HW_ENOMEM;
        for (size_t fail_at = 1; status != HW_OK; fail_at++) {
            struct faulty_alloc faulty = {.fail_at = fail_at};
            const struct hw_allocator allocator = {faulty_resize, &faulty};
            struct hw_error err = HW_ERROR_INIT;
            struct hw_compressor *compressor = NULL;
            size_t got;

            hw_allocator_set(&allocator);
            status = hw_compressor_new(codec_rows[row].codec, level, &compressor, &err);
            if (status == HW_OK) {
                status = hw_compressor_run(compressor, block, BYTES, out, sizeof(out), &got, &err);
            }
            hw_compressor_free(compressor);
            hw_allocator_set(NULL);
            assert_row_int(codec_rows[row].name, faulty.held, 0);
            if (status != HW_OK) {
                assert_row_int(codec_rows[row].name, status, HW_ENOMEM);
                assert_row_says(codec_rows[row].name, err.message, "out of memory");
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_levels_are_known),
        cmocka_unit_test(wrong_names_and_levels_say_what_is_right),
        cmocka_unit_test(every_codec_and_level_gives_the_bytes_back),
        cmocka_unit_test(zstd_levels_are_the_library_s),
        cmocka_unit_test(zstd_s_default_has_more_hashes),
        cmocka_unit_test(a_sample_is_compressed_as_the_whole),
        cmocka_unit_test(an_effort_has_levels),
        cmocka_unit_test(the_default_levels),
        cmocka_unit_test(a_level_out_of_range_makes_no_compressor),
        cmocka_unit_test(too_little_room_is_an_error),
        cmocka_unit_test(a_block_beyond_the_format_is_refused),
        cmocka_unit_test(held_is_what_libdeflate_asked_for),
        cmocka_unit_test(gzip_and_deflate_without_a_level_need_no_libdeflate),
        cmocka_unit_test(held_counts_what_the_codec_allocated),
        cmocka_unit_test(held_grows_with_zstd_s_level),
        cmocka_unit_test(brotli_s_scratch_stays_small),
        cmocka_unit_test(out_of_memory_is_told_and_leaks_nothing),
    };
    return cmocka_run_group_tests_name("codec/compression", tests, NULL, NULL);
}
