/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/column_hash.h"

#include "unit/optimize/levels_make.h"

enum { ENTRIES_MAX = 8, MANY = 3000 };

/* Entries of a column: a digit for the levels of each, and a text for each that has a value. */
struct entries {
    const char *defs;
    const char *reps;
    const char *values[ENTRIES_MAX];
};

/* Fills in `count` entries from `from` on. A repetition level of 0 begins a row. */
static void rows_fill(struct hw_leaf_rows *rows, const struct entries *entries, size_t width, size_t from,
                      size_t count) {
    size_t value = 0;
    assert_int_equal(hw_leaf_rows_clear(rows, width, NULL), HW_OK);
    rows->entries = count;
    levels_put(&rows->defs, entries->defs + from, count);
    levels_put(&rows->reps, entries->reps + from, count);
    for (size_t i = 0; i < from + count; i++) {
        const bool has = entries->defs[i] == '2';
        const bool taken = i >= from;
        rows->rows += taken && entries->reps[i] == '0';
        if (has && taken && width == 0) {
            assert_int_equal(hw_leaf_rows_text(rows, hw_view_of(entries->values[value]), NULL), HW_OK);
        } else if (has && taken) {
            assert_int_equal(hw_buf_append(&rows->values, entries->values[value], width, NULL), HW_OK);
            rows->count++;
        }
        value += has;
    }
}

/* Returns the digest of entries that come in portions of `step`. */
static struct hw_column_digest digest_of(const struct entries *entries, size_t width, size_t step) {
    static struct hw_column_hash hash;
    struct hw_leaf_rows rows = {0};
    const size_t all = strlen(entries->defs);
    hw_column_hash_begin(&hash, 2);
    for (size_t at = 0; at < all; at += step) {
        rows_fill(&rows, entries, width, at, hw_min_size(step, all - at));
        hw_column_hash_add(&hash, &rows);
    }
    hw_leaf_rows_release(&rows);
    return hw_column_hash_end(&hash);
}

static const struct entries texts = {"2212022", "0001100", {"ab", "", "c", "de", "f"}};
static const struct entries words = {"2212022", "0001100", {"aaaa", "bbbb", "cccc", "dddd", "eeee"}};

static void where_rows_are_cut_does_not_matter(void **state) {
    (void)state;
    for (size_t step = 1; step < 7; step++) {
        const struct hw_column_digest all = digest_of(&texts, 0, 7), cut = digest_of(&texts, 0, step);
        assert_null(hw_column_digest_differs(&all, &cut));
        const struct hw_column_digest all_words = digest_of(&words, 4, 7), cut_words = digest_of(&words, 4, step);
        assert_null(hw_column_digest_differs(&all_words, &cut_words));
        assert_non_null(hw_column_digest_differs(&all, &cut_words));
    }
}

static void streams_are_those_of_levels_lengths_and_bytes(void **state) {
    (void)state;
    static const uint32_t lengths[] = {2, 0, 1, 2, 1};
    const struct hw_column_digest digest = digest_of(&texts, 0, 3);
    const struct {
        enum hw_column_stream stream;
        XXH128_hash_t want;
    } rows[] = {
        {HW_STREAM_DEFS, XXH3_128bits("\2\2\1\2\0\2\2", 7)},
        {HW_STREAM_REPS, XXH3_128bits("\0\0\0\1\1\0\0", 7)},
        {HW_STREAM_LENGTHS, XXH3_128bits(lengths, sizeof(lengths))},
        {HW_STREAM_VALUES, XXH3_128bits("abcdef", 6)},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_true(XXH128_isEqual(digest.streams[rows[i].stream], rows[i].want));
    }
    assert_int_equal(digest.rows, 5);
    assert_int_equal(digest.entries, 7);
    assert_int_equal(digest.values, 5);
}

static const struct {
    const char *name;
    struct entries entries;
    const char *differs;
} texts_changed[] = {
    {"a value", {"2212022", "0001100", {"ab", "", "c", "dE", "f"}}, "the values"},
    {"the border between two texts", {"2212022", "0001100", {"a", "b", "c", "de", "f"}}, "the lengths of texts"},
    {"an empty text that moves", {"2212022", "0001100", {"", "ab", "c", "de", "f"}}, "the lengths of texts"},
    {"a null for an empty list", {"2202022", "0001100", {"ab", "", "c", "de", "f"}}, "the definition levels"},
    {"a null that moves", {"2122022", "0001100", {"ab", "", "c", "de", "f"}}, "the definition levels"},
    {"the border between two rows", {"2212022", "0001010", {"ab", "", "c", "de", "f"}}, "the repetition levels"},
    {"one more row", {"2212022", "0001000", {"ab", "", "c", "de", "f"}}, "the numbers of rows, entries or values"},
    {"one more null", {"22120221", "00011000", {"ab", "", "c", "de", "f"}}, "the numbers of rows, entries or values"},
    {"one value less", {"2212012", "0001100", {"ab", "", "c", "def"}}, "the numbers of rows, entries or values"},
    {"the order of rows", {"2212022", "0001100", {"", "ab", "c", "de", "f"}}, "the lengths of texts"},
    {"the order of rows of one length", {"2212022", "0001100", {"ab", "", "f", "de", "c"}}, "the values"},
};

static void what_differs_is_named(void **state) {
    (void)state;
    const struct hw_column_digest want = digest_of(&texts, 0, 7);
    for (size_t i = 0; i < COUNT_OF(texts_changed); i++) {
        for (size_t step = 1; step < 9; step++) {
            const struct hw_column_digest got = digest_of(&texts_changed[i].entries, 0, step);
            const char *differs = hw_column_digest_differs(&want, &got);
            assert_row_text(texts_changed[i].name, differs ? differs : "", texts_changed[i].differs);
        }
    }
    static const struct entries swapped = {"2212022", "0001100", {"aaaa", "cccc", "bbbb", "dddd", "eeee"}};
    const struct hw_column_digest a = digest_of(&words, 4, 7), b = digest_of(&swapped, 4, 7);
    assert_string_equal(hw_column_digest_differs(&a, &b), "the values");
}

/* A reader leaves levels out that are all the highest; another portion of the column has them. */
static void levels_that_are_left_out_are_the_highest(void **state) {
    (void)state;
    static struct hw_column_hash hash;
    struct hw_leaf_rows rows = {0};
    struct hw_column_digest digests[3];
    for (size_t i = 0; i < COUNT_OF(digests); i++) {
        assert_int_equal(hw_leaf_rows_clear(&rows, 1, NULL), HW_OK);
        rows.rows = rows.entries = rows.count = MANY;
        for (size_t k = 0; k < MANY; k++) {
            assert_int_equal(hw_buf_append_byte(&rows.values, (uint8_t)k, NULL), HW_OK);
            /* Not at all, all of them, and one of them lower. */
            assert_int_equal(i > 0 ? hw_buf_append_byte(&rows.defs, i == 2 && k == MANY - 1 ? 2 : 3, NULL) : HW_OK,
                             HW_OK);
        }
        hw_column_hash_begin(&hash, 3);
        hw_column_hash_add(&hash, &rows);
        digests[i] = hw_column_hash_end(&hash);
    }
    assert_null(hw_column_digest_differs(&digests[0], &digests[1]));
    assert_string_equal(hw_column_digest_differs(&digests[0], &digests[2]), "the definition levels");
    /* Of a leaf that has none, nothing is hashed. */
    hw_buf_clear(&rows.defs);
    hw_column_hash_begin(&hash, 0);
    hw_column_hash_add(&hash, &rows);
    const struct hw_column_digest none = hw_column_hash_end(&hash);
    assert_true(XXH128_isEqual(none.streams[HW_STREAM_DEFS], XXH3_128bits("", 0)));
    hw_leaf_rows_release(&rows);
}

/* Lengths are hashed in steps, which must not be seen. */
static void many_texts_have_all_their_lengths(void **state) {
    (void)state;
    static struct hw_column_hash hash;
    static uint32_t lengths[MANY];
    struct hw_leaf_rows rows = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_leaf_rows_clear(&rows, 0, &err), err);
    rows.rows = rows.entries = MANY;
    for (size_t i = 0; i < MANY; i++) {
        lengths[i] = (uint32_t)(i * 7 % 5);
        assert_ok(hw_leaf_rows_text(&rows, (hw_view){"abcde", lengths[i]}, &err), err);
    }
    hw_column_hash_begin(&hash, 0);
    hw_column_hash_add(&hash, &rows);
    const struct hw_column_digest digest = hw_column_hash_end(&hash);
    assert_true(XXH128_isEqual(digest.streams[HW_STREAM_LENGTHS], XXH3_128bits(lengths, sizeof(lengths))));
    hw_leaf_rows_release(&rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(where_rows_are_cut_does_not_matter),
        cmocka_unit_test(streams_are_those_of_levels_lengths_and_bytes),
        cmocka_unit_test(what_differs_is_named),
        cmocka_unit_test(levels_that_are_left_out_are_the_highest),
        cmocka_unit_test(many_texts_have_all_their_lengths),
    };
    return cmocka_run_group_tests_name("optimize/column_hash", tests, NULL, NULL);
}
