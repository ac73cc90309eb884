/* SPDX-License-Identifier: Apache-2.0 */
#include "core/nearest.h"

#include "support/rows.h"

static const char *const known[] = {"none", "snappy", "zstd", "gzip", "deflate", "lz4_raw", "lz4", "brotli"};

/* Distances counted by hand. */
static const struct {
    const char *name;
    const char *word;
    const char *want; /* "" for none */
} rows[] = {
    {"exact", "zstd", "zstd"},
    {"case does not count", "ZSTD", "zstd"},
    {"one missing", "zst", "zstd"},
    {"one too many", "snapppy", "snappy"},
    {"one replaced", "gzib", "gzip"},
    {"two swapped are one edit", "zsdt", "zstd"},
    {"swapped and missing are two", "nsapy", "snappy"},
    {"two edits of five bytes", "sanpy", "snappy"},
    {"two edits of four bytes are too many", "lzma", ""},
    {"the first of two as near", "lz4_r", "lz4_raw"},
    {"the nearer one, not the first", "lz4_", "lz4"},
    {"one edit of two bytes", "lz", "lz4"},
    {"one byte has no neighbour", "l", ""},
    {"empty", "", ""},
    {"nothing like it", "parquet", ""},
    {"as long as may be, nothing near", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ""},
    {"longer than may be", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ""},
};

static void finds_the_word_that_was_meant(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *got = hw_nearest(rows[i].word, known, COUNT_OF(known));
        assert_row_text(rows[i].name, got ? got : "", rows[i].want);
    }
}

static void a_long_known_word_is_passed_over(void **state) {
    (void)state;
    static const char *const words[] = {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "aaab"};
    assert_string_equal(hw_nearest("aaaa", words, COUNT_OF(words)), "aaab");
    assert_null(hw_nearest("aaaa", words, 0));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_word_that_was_meant),
        cmocka_unit_test(a_long_known_word_is_passed_over),
    };
    return cmocka_run_group_tests_name("core/nearest", tests, NULL, NULL);
}
