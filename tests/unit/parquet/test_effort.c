/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/effort.h"

#define ZSTD_STATIC_LINKING_ONLY /* for ZSTD_c_literalCompressionMode */
#include <zstd.h>

#include "core/alloc.h"
#include "unit/parquet/decode.h"

enum {
    PAGE_BYTES = 1 << 20,
    LONGER_TIMES = 4,
    NONE = HW_LEVEL_DEFAULT,
    ENTROPY = HW_LEVEL_ENTROPY,
    NUMBERS = HW_LEVEL_NUMBERS,
    TEXT = HW_LEVEL_TEXT,
    OPTIMAL = HW_LEVEL_OPTIMAL
};

typedef void fill_fn(uint8_t *page, size_t bytes, uint64_t seed);

static void fill_hex(uint8_t *page, size_t bytes, uint64_t seed) {
    for (size_t i = 0; i < bytes; i++) {
        page[i] = (uint8_t) "0123456789abcdef"[test_random(&seed) % 16];
    }
}

/*
 * Each of 500 words is followed by one of 6: the better a level's matches, the longer they are, so
 * every level gains.
 */
static void fill_words(uint8_t *page, size_t bytes, uint64_t seed) {
    uint64_t word = 0;
    for (size_t i = 0; i < bytes;) {
        word = (word * 7 + (uint64_t)test_random(&seed) % 6 * 61 + 1) % 500;
        uint64_t letters = word * 2654435761u % 1000003 + 11;
        size_t length = 3 + letters % 6;
        for (size_t k = 0; k < length && i < bytes; k++, letters = letters * 31 % 1000003 + k) {
            page[i++] = (uint8_t)('a' + letters % 26);
        }
        if (i < bytes) {
            page[i++] = ' ';
        }
    }
}

/* Digits by chance, as lengths stand before texts, and then words: what these gain decides. */
static void fill_lengths(uint8_t *page, size_t bytes, uint64_t seed) {
    enum { LENGTHS = 70000 };
    fill_hex(page, LENGTHS, seed);
    fill_words(page + LENGTHS, bytes - LENGTHS, seed);
}

static void fill_again(uint8_t *page, size_t bytes, uint64_t seed, size_t after) {
    fill_hex(page, hw_min_size(bytes, after), seed);
    for (size_t i = after; i < bytes; i++) {
        page[i] = page[i - after];
    }
}

/* Texts that come again after 400 KB, so only long pages have both. */
static void fill_far(uint8_t *page, size_t bytes, uint64_t seed) {
    fill_again(page, bytes, seed, 400000);
}

/* The same after 20 KB: half a page of 32 KiB has nothing twice. */
static void fill_near(uint8_t *page, size_t bytes, uint64_t seed) {
    fill_again(page, bytes, seed, 20000);
}

/* Doubles that are prices: their lower bytes are of a hundred kinds, and seldom come in a row. */
static void fill_prices(uint8_t *page, size_t bytes, uint64_t seed) {
    for (size_t i = 0; i + sizeof(double) <= bytes; i += sizeof(double)) {
        const double price = (double)(test_random(&seed) % 10000000) / 100;
        memcpy(page + i, &price, sizeof(price));
    }
}

static const struct {
    const char *name;
    fill_fn *fill;
    size_t bytes;
    enum hw_codec codec;
    int level;
    enum hw_codec_effort effort;
    bool lengthen;
    int want_level;
    bool want_longer;
} rows[] = {
    {"digits by chance", fill_hex, PAGE_BYTES, HW_CODEC_ZSTD, NONE, HW_CODEC_NORMAL, true, ENTROPY, false},
    {"digits by chance, fast", fill_hex, PAGE_BYTES, HW_CODEC_ZSTD, NONE, HW_CODEC_FAST, true, ENTROPY, false},
    {"digits by chance, best", fill_hex, PAGE_BYTES, HW_CODEC_ZSTD, NONE, HW_CODEC_BEST, false, ENTROPY, false},
    {"few digits", fill_hex, 2048, HW_CODEC_ZSTD, NONE, HW_CODEC_NORMAL, false, ENTROPY, false},
    {"too few digits", fill_hex, 2047, HW_CODEC_ZSTD, NONE, HW_CODEC_NORMAL, false, NONE, false},
    {"words", fill_words, PAGE_BYTES, HW_CODEC_ZSTD, NONE, HW_CODEC_NORMAL, false, TEXT, false},
    {"lengths, then words", fill_lengths, PAGE_BYTES, HW_CODEC_ZSTD, NONE, HW_CODEC_NORMAL, false, TEXT, false},
    {"words, fast", fill_words, PAGE_BYTES, HW_CODEC_ZSTD, NONE, HW_CODEC_FAST, false, NONE, false},
    {"words, best", fill_words, PAGE_BYTES, HW_CODEC_ZSTD, NONE, HW_CODEC_BEST, false, OPTIMAL, false},
    {"prices", fill_prices, PAGE_BYTES, HW_CODEC_ZSTD, NONE, HW_CODEC_NORMAL, false, NUMBERS, false},
    {"prices, fast", fill_prices, PAGE_BYTES, HW_CODEC_ZSTD, NONE, HW_CODEC_FAST, false, NUMBERS, false},
    {"words, a level", fill_words, PAGE_BYTES, HW_CODEC_ZSTD, 2, HW_CODEC_NORMAL, false, 2, false},
    {"words, no levels", fill_words, PAGE_BYTES, HW_CODEC_SNAPPY, NONE, HW_CODEC_NORMAL, true, NONE, false},
    {"a small page is not tried", fill_words, 16383, HW_CODEC_GZIP, NONE, HW_CODEC_NORMAL, false, NONE, false},
    {"a page large enough", fill_words, 16384, HW_CODEC_GZIP, NONE, HW_CODEC_NORMAL, false, 6, false},
    {"a small page, best", fill_words, 16383, HW_CODEC_GZIP, NONE, HW_CODEC_BEST, false, 12, false},
    {"texts far apart", fill_far, PAGE_BYTES, HW_CODEC_ZSTD, 5, HW_CODEC_NORMAL, true, 5, true},
    {"texts far apart, not asked", fill_far, PAGE_BYTES, HW_CODEC_ZSTD, 5, HW_CODEC_NORMAL, false, 5, false},
    {"texts beyond the window", fill_far, PAGE_BYTES, HW_CODEC_SNAPPY, NONE, HW_CODEC_NORMAL, true, NONE, false},
    {"values near each other, short page", fill_near, 32768, HW_CODEC_ZSTD, 5, HW_CODEC_NORMAL, true, 5, true},
    {"a page too short to tell", fill_near, 32767, HW_CODEC_ZSTD, 5, HW_CODEC_NORMAL, true, 5, false},
};

/* What levels with a name are: one of libzstd, and parameters of large pages or of all. */
static const struct {
    int level;
    int of;
    bool large;
    ZSTD_compressionParameters set;
} named[] = {
    {NONE, 1, true, {.hashLog = 16}},
    {ENTROPY, 1, false, {.minMatch = 7, .targetLength = 64, .strategy = ZSTD_fast}},
    {NUMBERS, 1, false, {.hashLog = 16, .minMatch = 6, .strategy = ZSTD_fast}},
    {TEXT, 3, true, {.hashLog = 18, .chainLog = 17, .minMatch = 6, .strategy = ZSTD_dfast}},
    {OPTIMAL,
     16,
     true,
     {.hashLog = 20, .chainLog = 20, .searchLog = 5, .minMatch = 4, .targetLength = 32, .strategy = ZSTD_btopt}},
};

/* Compresses the page as libzstd does. ENTROPY has Huffman codes for all that is left. */
static size_t pack_alike(char *out, size_t room, const uint8_t *page, size_t bytes, int level) {
    ZSTD_CCtx *context = ZSTD_createCCtx();
    assert_non_null(context);
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level);
    for (size_t i = 0; i < COUNT_OF(named); i++) {
        if (named[i].level != level) {
            continue;
        }
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, named[i].of);
        if (!named[i].large || bytes > 256 << 10) {
            ZSTD_CCtx_setParameter(context, ZSTD_c_hashLog, (int)named[i].set.hashLog);
            ZSTD_CCtx_setParameter(context, ZSTD_c_chainLog, (int)named[i].set.chainLog);
            ZSTD_CCtx_setParameter(context, ZSTD_c_searchLog, (int)named[i].set.searchLog);
            ZSTD_CCtx_setParameter(context, ZSTD_c_minMatch, (int)named[i].set.minMatch);
            ZSTD_CCtx_setParameter(context, ZSTD_c_targetLength, (int)named[i].set.targetLength);
            ZSTD_CCtx_setParameter(context, ZSTD_c_strategy, (int)named[i].set.strategy);
        }
    }
    if (level == ENTROPY) {
        ZSTD_CCtx_setParameter(context, ZSTD_c_literalCompressionMode, ZSTD_ps_enable);
    }
    size_t packed = ZSTD_compress2(context, out, room, page, bytes);
    ZSTD_freeCCtx(context);
    return packed;
}

/*
 * A page of two streams: in the middle digits by chance, and all around it words. A sample of the
 * middle alone would be of digits.
 */
static void every_stream_has_its_part_of_the_sample(void **state) {
    (void)state;
    enum { STREAM = 256 << 10 };
    static uint8_t page[2 * STREAM];
    const struct hw_parquet_options options = {.codec = HW_CODEC_ZSTD, .level = NONE};
    for (size_t streams = 0; streams < 3; streams += 2) {
        struct hw_scratch scratch;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_effort effort;
        assert_ok(hw_scratch_init(&scratch, &options, &err), err);
        fill_words(page, sizeof(page), 5);
        fill_hex(page + STREAM - STREAM / 3, 2 * STREAM / 3, 5);
        const struct hw_leaf leaf = {.lane = HW_LANE_WORD8};
        const struct hw_effort_trial trial = {
            .page = {(const char *)page, sizeof(page)},
            .streams = streams,
            .levels = hw_scratch_levels_for(&scratch, &leaf, HW_ENCODING_BYTE_STREAM_SPLIT),
        };
        assert_ok(hw_effort_pack(&trial, &scratch, &effort, &err), err);
        assert_int_equal(scratch.steps.levels[effort.step], streams == 0 ? ENTROPY : TEXT);
        hw_scratch_release(&scratch);
    }
}

/* The middle half of the sample is one byte again and again, by which no level gains. */
static void a_sample_has_128_kib(void **state) {
    (void)state;
    enum { BYTES = 512 << 10, SAMPLE = 128 << 10 };
    static uint8_t page[BYTES];
    const struct hw_parquet_options options = {.codec = HW_CODEC_ZSTD, .level = NONE};
    const struct hw_leaf leaf = {.lane = HW_LANE_TEXT};
    struct hw_scratch scratch;
    struct hw_effort effort;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_scratch_init(&scratch, &options, &err), err);
    fill_words(page, sizeof(page), 5);
    memset(page + (BYTES - SAMPLE / 2) / 2, 'a', SAMPLE / 2);
    const struct hw_effort_trial trial = {
        .page = {(const char *)page, sizeof(page)},
        .levels = hw_scratch_levels_for(&scratch, &leaf, HW_ENCODING_PLAIN),
    };
    assert_ok(hw_effort_pack(&trial, &scratch, &effort, &err), err);
    assert_int_equal(scratch.steps.levels[effort.step], TEXT);
    hw_scratch_release(&scratch);
}

static void the_page_says_what_it_gains(void **state) {
    (void)state;
    uint8_t *page = hw_alloc(PAGE_BYTES);
    char *want = hw_alloc(2 * PAGE_BYTES);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_parquet_options options = {
            .codec = rows[i].codec, .level = rows[i].level, .effort = rows[i].effort};
        struct hw_scratch scratch;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_effort effort;
        assert_ok(hw_scratch_init(&scratch, &options, &err), err);
        rows[i].fill(page, rows[i].bytes, 5);
        const struct hw_leaf leaf = {.lane = rows[i].fill == fill_prices ? HW_LANE_WORD8 : HW_LANE_TEXT};
        const struct hw_effort_trial trial = {.page = {(const char *)page, rows[i].bytes},
                                              .effort = rows[i].effort,
                                              .levels = hw_scratch_levels_for(&scratch, &leaf, HW_ENCODING_PLAIN),
                                              .longer_times = rows[i].lengthen ? LONGER_TIMES : 1};
        assert_ok(hw_effort_pack(&trial, &scratch, &effort, &err), err);
        assert_row_int(rows[i].name, scratch.steps.levels[effort.step], rows[i].want_level);
        assert_row_int(rows[i].name, effort.longer, rows[i].want_longer);
        if (rows[i].codec == HW_CODEC_ZSTD) {
            /* The page is packed as chosen, whichever trial came last. */
            size_t bytes = pack_alike(want, 2 * PAGE_BYTES, page, rows[i].bytes, rows[i].want_level);
            assert_row_bytes(rows[i].name, scratch.packed.data, scratch.packed.size, want, bytes);
            /* A level that was chosen pays on the whole page too, or nearly so. */
            size_t lowest = pack_alike(want, 2 * PAGE_BYTES, page, rows[i].bytes, NONE);
            const double worth = rows[i].want_level == ENTROPY ? 1 : 0.96;
            assert_row_int(rows[i].name,
                           scratch.steps.levels[effort.step] == NONE || scratch.steps.count == 1 ||
                               (double)bytes <= worth * (double)lowest,
                           true);
        }
        hw_scratch_release(&scratch);
    }
    hw_free(page);
    hw_free(want);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sample_has_128_kib),
        cmocka_unit_test(the_page_says_what_it_gains),
        cmocka_unit_test(every_stream_has_its_part_of_the_sample),
    };
    return cmocka_run_group_tests_name("parquet/effort", tests, NULL, NULL);
}
