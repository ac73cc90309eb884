/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/trial.h"

#include <stdio.h>

#include "core/alloc.h"
#include "unit/parquet/decode.h"
#include "unit/parquet/values_make.h"

#define COMPACT HW_PARQUET_COMPACT
#define COMPAT HW_PARQUET_COMPAT
#define MAX HW_PARQUET_MAX

enum { VALUES = 20000 };

static struct hw_field int64 = {"int64", {.kind = HW_KIND_INT64}, false};
static struct hw_field doubles = {"double", {.kind = HW_KIND_DOUBLE}, false};
static struct hw_field text = {"text", {.kind = HW_KIND_TEXT}, false};
static struct hw_field boolean = {"bool", {.kind = HW_KIND_BOOL}, false};
static struct hw_field uuid = {"uuid", {.kind = HW_KIND_UUID}, false};

typedef void make_fn(struct hw_values *values, size_t i, uint64_t random);

static void put_int(struct hw_values *values, int64_t value) {
    values_put(values, &value, 8);
}

static void make_rising(struct hw_values *values, size_t i, uint64_t random) {
    put_int(values, (int64_t)(i * 1000 + random % 10));
}

static void make_few(struct hw_values *values, size_t i, uint64_t random) {
    (void)i;
    put_int(values, (int64_t)(random % 20 * 1000000007));
}

static void make_noise(struct hw_values *values, size_t i, uint64_t random) {
    (void)i;
    put_int(values, (int64_t)random);
}

/* New values keep coming, 50 rows each: more than the page shows. */
static void make_clustered(struct hw_values *values, size_t i, uint64_t random) {
    (void)random;
    uint64_t state = i / 50;
    put_int(values, (int64_t)test_random(&state));
}

static void make_smooth(struct hw_values *values, size_t i, uint64_t random) {
    double value = 1000.0 + (double)i * 0.001 + (double)(random % 1000) * 1e-9;
    values_put(values, &value, 8);
}

static void make_names(struct hw_values *values, size_t i, uint64_t random) {
    char name[32];
    (void)i;
    values_put_text(values, name, (size_t)snprintf(name, sizeof(name), "Customer number %d", (int)(random % 300)));
}

static void make_sentences(struct hw_values *values, size_t i, uint64_t random) {
    char name[80];
    (void)i;
    values_put_text(values, name,
                    (size_t)snprintf(name, sizeof(name), "%" PRIx64 " sleeps above the ironic deposits", random));
}

static void make_mostly_true(struct hw_values *values, size_t i, uint64_t random) {
    (void)random;
    values_put(values, i % 5000 == 0 ? "\0" : "\1", 1);
}

static void make_coins(struct hw_values *values, size_t i, uint64_t random) {
    (void)i;
    values_put(values, random % 2 ? "\1" : "\0", 1);
}

static void make_uuid(struct hw_values *values, size_t i, uint64_t random) {
    uint64_t words[2] = {random, random * 31 + i};
    values_put(values, words, 16);
}

static void make_noise40(struct hw_values *values, size_t i, uint64_t random) {
    (void)i;
    put_int(values, (int64_t)(random >> 20 & ((UINT64_C(1) << 40) - 1)));
}

static void make_paths(struct hw_values *values, size_t i, uint64_t random) {
    char name[80];
    const int folder = (int)i / 1000;
    const int bytes =
        snprintf(name, sizeof(name), "/data/lake/table-%02d/part-%08zu-%04x", folder, i * 7, (unsigned)random & 0xffff);
    values_put_text(values, name, (size_t)bytes);
}

/* What wins is plain from how the data are made; the margins are wide. */
static const struct {
    const char *name;
    const struct hw_field *field;
    make_fn *make;
    enum hw_codec codec;
    enum hw_parquet_encodings allowed;
    enum hw_encoding want;
    bool pack;
} rows[] = {
    {"rising integers", &int64, make_rising, HW_CODEC_ZSTD, COMPACT, HW_ENCODING_DELTA_BINARY_PACKED, true},
    {"rising integers, compat", &int64, make_rising, HW_CODEC_ZSTD, COMPAT, HW_ENCODING_PLAIN, true},
    {"few integers", &int64, make_few, HW_CODEC_ZSTD, COMPACT, HW_ENCODING_RLE_DICTIONARY, false},
    {"few integers, no codec", &int64, make_few, HW_CODEC_NONE, COMPACT, HW_ENCODING_RLE_DICTIONARY, false},
    {"noise is left alone", &int64, make_noise, HW_CODEC_ZSTD, COMPACT, HW_ENCODING_PLAIN, false},
    {"clustered integers", &int64, make_clustered, HW_CODEC_NONE, COMPACT, HW_ENCODING_RLE_DICTIONARY, false},
    {"smooth doubles", &doubles, make_smooth, HW_CODEC_ZSTD, COMPACT, HW_ENCODING_BYTE_STREAM_SPLIT, true},
    {"smooth doubles, compat", &doubles, make_smooth, HW_CODEC_ZSTD, COMPAT, HW_ENCODING_PLAIN, true},
    {"names", &text, make_names, HW_CODEC_ZSTD, COMPACT, HW_ENCODING_RLE_DICTIONARY, false},
    {"sentences", &text, make_sentences, HW_CODEC_SNAPPY, COMPACT, HW_ENCODING_DELTA_LENGTH_BYTE_ARRAY, true},
    {"sentences, compat", &text, make_sentences, HW_CODEC_SNAPPY, COMPAT, HW_ENCODING_PLAIN, true},
    {"mostly true", &boolean, make_mostly_true, HW_CODEC_NONE, COMPACT, HW_ENCODING_RLE, false},
    {"mostly true, compat", &boolean, make_mostly_true, HW_CODEC_NONE, COMPAT, HW_ENCODING_PLAIN, false},
    {"coins", &boolean, make_coins, HW_CODEC_NONE, COMPACT, HW_ENCODING_PLAIN, false},
    {"uuids", &uuid, make_uuid, HW_CODEC_ZSTD, COMPACT, HW_ENCODING_PLAIN, false},
    {"noise of 40 bits, max", &int64, make_noise40, HW_CODEC_ZSTD, MAX, HW_ENCODING_BYTE_STREAM_SPLIT, true},
    {"sorted paths, max", &text, make_paths, HW_CODEC_ZSTD, MAX, HW_ENCODING_DELTA_BYTE_ARRAY, true},
};

/*
 * The first bytes of such floats are of few kinds, the others by chance. Streams of 20,000 values
 * show what a page of 131,072 gains; pages of 10,000 have one block for all four streams.
 */
static void long_pages_of_streams_are_foreseen(void **state) {
    (void)state;
    static struct hw_field floats = {"float", {.kind = HW_KIND_FLOAT}, false};
    struct hw_scratch scratch;
    struct hw_values values = {0};
    struct hw_choice choice;
    struct hw_leaf leaf;
    uint64_t random = 11;

    hw_leaf_init(&leaf, &floats);
    const struct hw_parquet_options options = {.codec = HW_CODEC_ZSTD, .level = HW_LEVEL_DEFAULT};
    assert_int_equal(hw_scratch_init(&scratch, &options, NULL), HW_OK);
    for (size_t i = 0; i < VALUES; i++) {
        float sum = -6; /* of twelve even numbers: nearly a normal distribution */
        for (size_t k = 0; k < 12; k++) {
            sum += (float)(test_random(&random) % 1000003) / 1000003;
        }
        values_put(&values, &sum, sizeof(sum));
    }
    const struct hw_trial trial = {
        .leaf = &leaf, .values = &values, .dictionary_bytes = 1 << 20, .more = true, .long_splits = true};
    assert_int_equal(hw_trial_run(&trial, &scratch, &choice, NULL), HW_OK);
    assert_int_equal(choice.encoding, HW_ENCODING_BYTE_STREAM_SPLIT);
    /* Two bytes by chance, 7 bits of the third, and about 3.6 of sign and exponent. */
    assert_in_range((int)(choice.other_rate * 100), 310, 345);
    hw_scratch_release(&scratch);
    hw_values_release(&values);
}

static void look_up(struct hw_trial *trial, struct hw_dictionary *dictionary, uint32_t *indices) {
    for (size_t from = 0; from < VALUES; from += VALUES / 2) {
        struct hw_dictionary_job job = {.leaf = trial->leaf,
                                        .values = trial->values,
                                        .from = from,
                                        .count = VALUES / 2,
                                        .bytes_limit = SIZE_MAX / 4,
                                        .page = 1,
                                        .indices = indices + from};
        size_t done;
        for (size_t i = 0; trial->leaf->lane == HW_LANE_TEXT && i < from; i++) {
            job.text_at += hw_values_lengths(trial->values)[i];
        }
        assert_int_equal(hw_dictionary_add(dictionary, &job, &done, NULL), HW_OK);
        assert_int_equal(done, VALUES / 2);
        if (from == 0) {
            trial->half_count = dictionary->count;
        }
    }
    trial->dictionary = dictionary;
    trial->indices = indices;
}

static void the_smallest_is_chosen(void **state) {
    (void)state;
    uint32_t *indices = hw_alloc(VALUES * sizeof(*indices));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_scratch scratch;
        struct hw_dictionary dictionary = {0};
        struct hw_values values = {0};
        struct hw_choice choice;
        struct hw_leaf leaf;
        uint64_t random = 11;

        hw_leaf_init(&leaf, rows[i].field);
        const struct hw_parquet_options options = {.codec = rows[i].codec, .level = HW_LEVEL_DEFAULT};
        assert_row_int(rows[i].name, hw_scratch_init(&scratch, &options, NULL), HW_OK);
        for (size_t k = 0; k < VALUES; k++) {
            rows[i].make(&values, k, test_random(&random));
        }
        struct hw_trial trial = {
            .leaf = &leaf, .values = &values, .dictionary_bytes = 1 << 20, .allowed = rows[i].allowed, .more = true};
        if (leaf.lane != HW_LANE_BOOL) {
            look_up(&trial, &dictionary, indices);
        }
        assert_row_int(rows[i].name, hw_trial_run(&trial, &scratch, &choice, NULL), HW_OK);
        assert_row_int(rows[i].name, choice.encoding, rows[i].want);
        if (rows[i].want != HW_ENCODING_RLE_DICTIONARY) {
            assert_row_int(rows[i].name, choice.other, rows[i].want);
            assert_row_int(rows[i].name, choice.packing, rows[i].pack ? HW_PACKING_ON : HW_PACKING_OFF);
        }
        trial.has_levels = true;
        assert_row_int(rows[i].name, hw_trial_run(&trial, &scratch, &choice, NULL), HW_OK);
        assert_row_int(rows[i].name, choice.packing == HW_PACKING_OFF, false);
        if (rows[i].want != HW_ENCODING_RLE_DICTIONARY) {
            assert_row_int(rows[i].name, choice.packing, rows[i].pack ? HW_PACKING_ON : HW_PACKING_OPEN);
        }
        trial.must_pack = true;
        assert_row_int(rows[i].name, hw_trial_run(&trial, &scratch, &choice, NULL), HW_OK);
        assert_row_int(rows[i].name, choice.packing, HW_PACKING_ON);
        hw_scratch_release(&scratch);
        hw_dictionary_release(&dictionary);
        hw_values_release(&values);
    }
    hw_free(indices);
}

/* Deltas of a quarter of the bytes leave nothing to try; noise has to be tried. */
static void few_values_need_few_trials(void **state) {
    static const struct {
        const char *name;
        make_fn *make;
        size_t count;
        enum hw_encoding encoding;
        enum hw_packing packing;
    } few_rows[] = {
        {"few rising integers", make_rising, 1000, HW_ENCODING_DELTA_BINARY_PACKED, HW_PACKING_OPEN},
        {"many rising integers", make_rising, VALUES, HW_ENCODING_DELTA_BINARY_PACKED, HW_PACKING_ON},
        {"a little noise", make_noise, 1000, HW_ENCODING_PLAIN, HW_PACKING_OFF},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(few_rows); i++) {
        struct hw_scratch scratch;
        struct hw_values values = {0};
        struct hw_choice choice;
        struct hw_leaf leaf;
        uint64_t random = 11;

        hw_leaf_init(&leaf, &int64);
        const struct hw_parquet_options options = {.level = HW_LEVEL_DEFAULT, .codec = HW_CODEC_ZSTD};
        assert_row_int(few_rows[i].name, hw_scratch_init(&scratch, &options, NULL), HW_OK);
        for (size_t k = 0; k < few_rows[i].count; k++) {
            few_rows[i].make(&values, k, test_random(&random));
        }
        const struct hw_trial trial = {.leaf = &leaf, .values = &values, .dictionary_bytes = 1 << 20};
        assert_row_int(few_rows[i].name, hw_trial_run(&trial, &scratch, &choice, NULL), HW_OK);
        assert_row_int(few_rows[i].name, choice.encoding, few_rows[i].encoding);
        assert_row_int(few_rows[i].name, choice.packing, few_rows[i].packing);
        hw_scratch_release(&scratch);
        hw_values_release(&values);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_smallest_is_chosen),
        cmocka_unit_test(few_values_need_few_trials),
        cmocka_unit_test(long_pages_of_streams_are_foreseen),
    };
    return cmocka_run_group_tests_name("parquet/trial", tests, NULL, NULL);
}
