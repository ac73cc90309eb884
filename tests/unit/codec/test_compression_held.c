/* SPDX-License-Identifier: Apache-2.0 */
/* What hw_compressor_held_max says before there is a compressor, against what one comes to hold. */
#include <stdio.h>
#include <stdlib.h>

#include "codec/compression.h"
#include "core/error.h"
#include "support/rows.h"

#define NONE HW_LEVEL_DEFAULT

/* Sanitizers see nothing more in larger blocks: they are not in the libraries of the codecs. */
#ifdef HW_SANITIZED
enum { BLOCK_BYTES_MAX = HW_MIB(1) };
#else
enum { BLOCK_BYTES_MAX = HW_MIB(4) };
#endif

/* Text, random bytes and zeros in turns, of runs that grow. */
static void mixed_fill(uint8_t *out, size_t bytes) {
    uint64_t seed = 1;
    size_t run = 1000, left = run;
    unsigned kind = 0;
    for (size_t i = 0; i < bytes; i++, left--) {
        if (left == 0) {
            kind = (kind + 1) % 3;
            left = run += run / 4;
        }
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        out[i] = kind == 0 ? (uint8_t)("0123,.;\n"[seed >> 61]) : kind == 1 ? (uint8_t)(seed >> 56) : 0;
    }
}

static const struct {
    enum hw_codec codec;
    int levels[16]; /* up to one that is INT32_MAX */
} held_rows[] = {
    {HW_CODEC_NONE, {NONE, INT32_MAX}},
    {HW_CODEC_SNAPPY, {NONE, INT32_MAX}},
    {HW_CODEC_ZSTD,
     {NONE, HW_LEVEL_ENTROPY, HW_LEVEL_NUMBERS, HW_LEVEL_TEXT, HW_LEVEL_OPTIMAL, 1, 3, 6, 9, 12, 15, 19, INT32_MAX}},
    {HW_CODEC_GZIP, {NONE, 1, 6, 9, 12, INT32_MAX}},
    {HW_CODEC_DEFLATE, {NONE, 1, 6, 9, 12, INT32_MAX}},
    {HW_CODEC_LZ4_RAW, {NONE, 1, 12, INT32_MAX}},
    {HW_CODEC_BROTLI, {NONE, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, INT32_MAX}},
};

/*
 * A compressor of blocks of up to one size holds no more than was said, and of much not far less.
 */
static void held_max_check(enum hw_codec codec, int level, size_t block_bytes, const uint8_t *block, uint8_t *out) {
    static const size_t eighths[] = {8, 1, 5, 8};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_compressor *compressor = NULL;
    const bool slow = level > (codec == HW_CODEC_BROTLI ? 6 : 9);
    size_t held = 0;
    char name[96];
    assert_ok(hw_compressor_new(codec, level, &compressor, &err), err);
    for (size_t i = 0; i < (slow ? 1 : COUNT_OF(eighths)); i++) {
        size_t got, bytes = block_bytes / 8 * eighths[i];
        assert_ok(hw_compressor_run(compressor, block, bytes, out, hw_compressor_bound(compressor, bytes), &got, &err),
                  err);
        held = hw_max_size(held, hw_compressor_held(compressor));
    }
    hw_compressor_free(compressor);
    size_t most = hw_compressor_held_max(codec, level, block_bytes);
    snprintf(name, sizeof(name), "%s:%d, blocks of %zu: %zu held, %zu said", hw_codec_name(codec), level, block_bytes,
             held, most);
    assert_row_int(name, held <= most, true);
    assert_row_int(name, most <= HW_MIB(9) || block_bytes < HW_MIB(4) || 2 * most <= 5 * held, true);
}

static void no_more_is_held_than_was_said(void **state) {
    (void)state;
    static const size_t blocks[] = {HW_KIB(64), HW_MIB(1), HW_MIB(4)};
    uint8_t *block = malloc(BLOCK_BYTES_MAX), *out = malloc(BLOCK_BYTES_MAX + BLOCK_BYTES_MAX / 2);
    assert_true(block && out);
    mixed_fill(block, BLOCK_BYTES_MAX);
    for (size_t row = 0; row < COUNT_OF(held_rows); row++) {
        for (size_t i = 0; held_rows[row].levels[i] != INT32_MAX; i++) {
            for (size_t k = 0; k < COUNT_OF(blocks) && blocks[k] <= BLOCK_BYTES_MAX; k++) {
                held_max_check(held_rows[row].codec, held_rows[row].levels[i], blocks[k], block, out);
            }
        }
    }
    free(block);
    free(out);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_more_is_held_than_was_said)};
    return cmocka_run_group_tests_name("codec/compression_held", tests, NULL, NULL);
}
