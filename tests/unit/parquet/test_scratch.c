/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/scratch.h"

#include <zstd.h>

#include "unit/codec/faulty_alloc.h"
#include "unit/parquet/values_make.h"

enum { MIB = 1 << 20, KEEP_BYTES = 4 * MIB };

static const struct {
    const char *name;
    enum hw_codec codec;
    int level;
    enum hw_status want;
    bool has_compressor;
} codecs[] = {
    {"none", HW_CODEC_NONE, HW_LEVEL_DEFAULT, HW_OK, false},
    {"zstd", HW_CODEC_ZSTD, HW_LEVEL_DEFAULT, HW_OK, true},
    {"snappy", HW_CODEC_SNAPPY, HW_LEVEL_DEFAULT, HW_OK, true},
    {"a level that zstd lacks", HW_CODEC_ZSTD, 99, HW_EUSAGE, false},
};

static const struct hw_parquet_options uncompressed = {.codec = HW_CODEC_NONE, .level = HW_LEVEL_DEFAULT};

static void a_codec_has_a_compressor(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(codecs); i++) {
        struct hw_scratch scratch;
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_parquet_options options = {.codec = codecs[i].codec, .level = codecs[i].level};
        assert_row_int(codecs[i].name, hw_scratch_init(&scratch, &options, &err), codecs[i].want);
        assert_row_int(codecs[i].name, scratch.compressors[0] != NULL, codecs[i].has_compressor);
        assert_row_int(codecs[i].name, hw_scratch_held(&scratch) > 0, codecs[i].has_compressor);
        hw_scratch_release(&scratch);
        assert_row_int(codecs[i].name, hw_scratch_held(&scratch), 0);
    }
}

/*
 * Each step is the library's level, whatever was compressed before. A level is made when it is
 * first used, and its memory counts.
 */
static void packed_bytes_are_the_level_s(void **state) {
    (void)state;
    static const struct hw_parquet_options best = {
        .codec = HW_CODEC_ZSTD, .level = HW_LEVEL_DEFAULT, .effort = HW_CODEC_BEST};
    /* Those with a name are the library's in pages of no more than 256 KiB, but for two. */
    static const int levels[] = {1, HW_LEVEL_NUMBERS, HW_LEVEL_ENTROPY, 3, 9, 16};
    enum { PAGE_BYTES = 100000, WHOLE_BYTES = 1 << 20 };
    struct hw_scratch scratch;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) page = {0};
    static char want[2 * PAGE_BYTES];
    size_t held = 0;
    assert_ok(hw_scratch_init(&scratch, &best, &err), err);
    assert_int_equal(scratch.steps.count, COUNT_OF(levels));
    for (int i = 0; page.size < PAGE_BYTES; i++) {
        assert_ok(hw_buf_printf(&page, &err, "%d,", i * i % 7919), err);
    }
    for (size_t step = 0; step < COUNT_OF(levels); step++) {
        for (int turn = 0; turn < 2; turn++) {
            assert_ok(hw_scratch_pack(&scratch, hw_buf_view(&page), step, &err), err);
            if (levels[step] > HW_LEVEL_OPTIMAL) {
                size_t bytes = ZSTD_compress(want, sizeof(want), page.data, page.size, levels[step]);
                assert_row_bytes("page", scratch.packed.data, scratch.packed.size, want, bytes);
            }
            assert_ok(hw_scratch_pack_sample(&scratch, hw_buf_view(&page), WHOLE_BYTES, step, &err), err);
        }
        assert_true(hw_scratch_held(&scratch) > held);
        held = hw_scratch_held(&scratch);
    }
    hw_scratch_release(&scratch);
}

/* Numbers of 8 bytes have levels of their own, as long as they are not encoded. */
static void numbers_have_their_own_levels(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int level;
        enum hw_lane lane;
        enum hw_encoding encoding;
        size_t first;
        unsigned left_out;
    } rows[] = {
        {"doubles", HW_LEVEL_DEFAULT, HW_LANE_WORD8, HW_ENCODING_PLAIN, 1, 0x01},
        {"doubles, split", HW_LEVEL_DEFAULT, HW_LANE_WORD8, HW_ENCODING_BYTE_STREAM_SPLIT, 0, 0x02},
        {"indices of doubles", HW_LEVEL_DEFAULT, HW_LANE_WORD8, HW_ENCODING_RLE_DICTIONARY, 0, 0x02},
        {"floats", HW_LEVEL_DEFAULT, HW_LANE_WORD4, HW_ENCODING_PLAIN, 0, 0x02},
        {"texts", HW_LEVEL_DEFAULT, HW_LANE_TEXT, HW_ENCODING_PLAIN, 0, 0x02},
        {"doubles, a level", 3, HW_LANE_WORD8, HW_ENCODING_PLAIN, 0, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_parquet_options options = {.codec = HW_CODEC_ZSTD, .level = rows[i].level};
        const struct hw_leaf leaf = {.lane = rows[i].lane};
        struct hw_scratch scratch;
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_scratch_init(&scratch, &options, &err), err);
        const struct hw_scratch_levels levels = hw_scratch_levels_for(&scratch, &leaf, rows[i].encoding);
        assert_row_int(rows[i].name, levels.first, rows[i].first);
        assert_row_int(rows[i].name, levels.left_out, rows[i].left_out);
        hw_scratch_release(&scratch);
    }
}

/* The buffers that one page may make large, by name. */
static const struct {
    const char *name;
    size_t at;
    bool trimmed;
} buffers[] = {
    {"page", offsetof(struct hw_scratch, page), true},
    {"packed", offsetof(struct hw_scratch, packed), true},
    {"indices", offsetof(struct hw_scratch, indices), true},
    {"sample", offsetof(struct hw_scratch, sample.data), true},
    {"trial", offsetof(struct hw_scratch, trial), true},
    {"entries", offsetof(struct hw_scratch, shredder.entries), true},
    {"entries before", offsetof(struct hw_scratch, shredder.other), true},
    {"levels", offsetof(struct hw_scratch, levels), true},
    {"header, which stays small", offsetof(struct hw_scratch, header), false},
    {"indices of the sample, which stay few", offsetof(struct hw_scratch, sample_indices), false},
};

static void trim_frees_what_got_large(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(buffers); i++) {
        struct hw_scratch scratch;
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_scratch_init(&scratch, &uncompressed, &err), err);
        struct hw_buf *buf = (struct hw_buf *)(void *)((char *)&scratch + buffers[i].at);

        assert_ok(hw_buf_reserve(buf, KEEP_BYTES / 2, &err), err);
        size_t held = hw_scratch_held(&scratch);
        assert_row_int(buffers[i].name, held >= KEEP_BYTES / 2, true);
        hw_scratch_trim(&scratch);
        assert_row_int(buffers[i].name, hw_scratch_held(&scratch), held);

        assert_ok(hw_buf_reserve(buf, KEEP_BYTES + 1, &err), err);
        held = hw_scratch_held(&scratch);
        assert_row_int(buffers[i].name, held > KEEP_BYTES, true);
        hw_scratch_trim(&scratch);
        assert_row_int(buffers[i].name, hw_scratch_held(&scratch), buffers[i].trimmed ? 0 : held);
        hw_scratch_release(&scratch);
    }
}

static void dictionary_fill(struct hw_dictionary *dictionary, size_t count) {
    const struct hw_field field = {"n", {.kind = HW_KIND_INT64}, true};
    struct hw_leaf leaf;
    struct hw_values values = {0};
    uint32_t indices[8];
    size_t done;
    hw_leaf_init(&leaf, &field);
    for (uint64_t i = 0; i < count; i++) {
        values_put(&values, &i, sizeof(i));
    }
    const struct hw_dictionary_job job = {
        .leaf = &leaf, .values = &values, .count = count, .bytes_limit = MIB, .page = 1, .indices = indices};
    assert_int_equal(hw_dictionary_add(dictionary, &job, &done, NULL), HW_OK);
    assert_int_equal(done, count);
    hw_values_release(&values);
}

static void dictionaries_are_used_again_empty(void **state) {
    (void)state;
    struct faulty_alloc faulty = {0};
    struct hw_allocator allocator = {faulty_resize, &faulty};
    struct hw_scratch scratch;
    struct hw_error err = HW_ERROR_INIT;
    hw_allocator_set(&allocator);
    assert_ok(hw_scratch_init(&scratch, &uncompressed, &err), err);
    struct hw_dictionary *first = hw_scratch_take_dictionary(&scratch);
    struct hw_dictionary *second = hw_scratch_take_dictionary(&scratch);
    assert_non_null(first);
    assert_non_null(second);
    assert_ptr_not_equal(first, second);
    dictionary_fill(first, 5);
    dictionary_fill(second, 7);
    assert_int_equal(hw_scratch_held(&scratch), 0); /* both are the caller's */
    hw_scratch_give_dictionary(&scratch, first);
    hw_scratch_give_dictionary(&scratch, second);
    hw_scratch_give_dictionary(&scratch, NULL);
    assert_int_equal(hw_scratch_held(&scratch), hw_dictionary_held(first) + hw_dictionary_held(second));

    size_t requests = faulty.requests;
    for (int i = 0; i < 2; i++) {
        struct hw_dictionary *again = hw_scratch_take_dictionary(&scratch);
        assert_true(again == first || again == second);
        assert_int_equal(again->count, 0);
    }
    assert_int_equal(faulty.requests, requests);
    hw_scratch_give_dictionary(&scratch, first);
    hw_scratch_give_dictionary(&scratch, second);
    hw_scratch_release(&scratch);
    hw_allocator_set(NULL);
    assert_int_equal(faulty.held, 0);
}

static void memory_may_run_out(void **state) {
    (void)state;
    struct faulty_alloc faulty = {.fail_at = 1};
    struct hw_allocator allocator = {faulty_resize, &faulty};
    struct hw_scratch scratch = {0};
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) page = {0};
    assert_ok(hw_buf_append_text(&page, "page", &err), err);

    hw_allocator_set(&allocator);
    assert_null(hw_scratch_take_dictionary(&scratch));
    faulty = (struct faulty_alloc){.fail_at = 1};
    const struct hw_parquet_options gzip = {.codec = HW_CODEC_GZIP, .level = HW_LEVEL_DEFAULT};
    assert_int_equal(hw_scratch_init(&scratch, &gzip, &err), HW_ENOMEM);
    faulty = (struct faulty_alloc){0};
    assert_ok(hw_scratch_init(&scratch, &gzip, &err), err);
    faulty.fail_at = faulty.requests + 1;
    assert_int_equal(hw_scratch_pack(&scratch, hw_buf_view(&page), 0, &err), HW_ENOMEM);
    assert_ok(hw_scratch_pack(&scratch, hw_buf_view(&page), 0, &err), err);
    faulty.fail_at = faulty.requests + 1;
    /* A second level is made when it is used. */
    assert_int_equal(hw_scratch_pack(&scratch, hw_buf_view(&page), 1, &err), HW_ENOMEM);
    assert_ok(hw_scratch_pack(&scratch, hw_buf_view(&page), 1, &err), err);
    hw_scratch_release(&scratch);
    hw_allocator_set(NULL);
    assert_int_equal(faulty.held, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_codec_has_a_compressor),          cmocka_unit_test(packed_bytes_are_the_level_s),
        cmocka_unit_test(numbers_have_their_own_levels),     cmocka_unit_test(trim_frees_what_got_large),
        cmocka_unit_test(dictionaries_are_used_again_empty), cmocka_unit_test(memory_may_run_out),
    };
    return cmocka_run_group_tests_name("parquet/scratch", tests, NULL, NULL);
}
