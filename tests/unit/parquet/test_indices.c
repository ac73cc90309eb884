/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/indices.h"

#include "unit/parquet/decode.h"
#include "unit/parquet/values_make.h"

enum { COUNT = 8000 };

/* By Encodings.md: the width, then one packed run of 8 values (header 3), the first one lowest. */
static const struct {
    const char *name;
    size_t keys;
    bool whole;
    hw_view want;
} layouts[] = {
    {"3 bits", 5, false, HW_VIEW_INIT("\3\3\x88\x46\x00")},
    {"a byte", 5, true, HW_VIEW_INIT("\x08\3\0\1\2\3\4\0\0\0")},
    {"9 bits", 257, false, HW_VIEW_INIT("\x09\3\0\2\x08\x18\x40\0\0\0\0")},
    {"two bytes", 257, true, HW_VIEW_INIT("\x10\3\0\0\1\0\2\0\3\0\4\0\0\0\0\0\0\0")},
    {"17 bits are three bytes", 65537, true, HW_VIEW_INIT("\x18\3\0\0\0\1\0\0\2\0\0\3\0\0\4\0\0\0\0\0\0\0\0\0\0\0")},
};

static void widths_are_of_bits_or_bytes(void **state) {
    (void)state;
    static const uint32_t values[8] = {0, 1, 2, 3, 4};
    for (size_t i = 0; i < COUNT_OF(layouts); i++) {
        const struct hw_indices indices = {values, COUNT_OF(values), layouts[i].keys};
        HW_AUTO(hw_buf) out = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_indices_encode(&indices, layouts[i].whole, &out, &err), err);
        assert_row_bytes(layouts[i].name, out.data, out.size, layouts[i].want.data, layouts[i].want.size);
    }
}

/* Each twelfth of the values is half as frequent as the one before; or all are even. */
static void fill_uneven(uint32_t *values, uint32_t keys) {
    uint64_t random = 7;
    for (size_t i = 0; i < COUNT; i++) {
        const uint64_t drawn = (uint64_t)test_random(&random) >> 8 | UINT64_C(1) << 40;
        const uint32_t twelfth = keys / 12;
        values[i] = ((uint32_t)__builtin_ctzll(drawn) * twelfth + (uint32_t)(drawn >> 20) % twelfth) % keys;
    }
}

/* Numbers of 14 bits, of which those of few bits are as frequent as those of many. */
static void fill_mostly_low(uint32_t *values, uint32_t keys) {
    uint64_t random = 7;
    for (size_t i = 0; i < COUNT; i++) {
        const uint64_t drawn = (uint64_t)test_random(&random) >> 8;
        values[i] = (uint32_t)(drawn % 16384 >> (drawn >> 20) % 15) % keys;
    }
}

static void fill_even(uint32_t *values, uint32_t keys) {
    uint64_t random = 7;
    for (size_t i = 0; i < COUNT; i++) {
        values[i] = (uint32_t)((uint64_t)test_random(&random) >> 8) % keys;
    }
}

static const struct {
    const char *name;
    void (*fill)(uint32_t *values, uint32_t keys);
    uint32_t keys;
    enum hw_codec codec;
    bool packs;
    unsigned want_width;
} choices[] = {
    {"uneven values", fill_uneven, 12, HW_CODEC_ZSTD, true, 8},
    {"a codec without codes for bytes", fill_uneven, 12, HW_CODEC_SNAPPY, true, 4},
    {"uneven values, not compressed", fill_uneven, 12, HW_CODEC_ZSTD, false, 4},
    {"uneven values of 14 bits", fill_mostly_low, 16384, HW_CODEC_ZSTD, true, 16},
    /* A code has one bit at least, so the upper bytes cost more than the bits between. */
    {"uneven values of nine bits", fill_uneven, 300, HW_CODEC_ZSTD, true, 9},
    {"even values fill their bits", fill_even, 16, HW_CODEC_ZSTD, true, 4},
    {"eight bits are a byte", fill_uneven, 200, HW_CODEC_ZSTD, true, 8},
    {"one value", fill_even, 1, HW_CODEC_ZSTD, true, 0},
};

static void the_width_that_is_smaller_is_taken(void **state) {
    (void)state;
    static uint32_t values[COUNT], again[COUNT];
    for (size_t i = 0; i < COUNT_OF(choices); i++) {
        const struct hw_parquet_options options = {.codec = choices[i].codec, .level = HW_LEVEL_DEFAULT};
        const struct hw_indices indices = {values, COUNT, choices[i].keys};
        struct hw_index_widths widths = {0};
        struct hw_scratch scratch;
        struct hw_error err = HW_ERROR_INIT;
        bool whole = false;
        choices[i].fill(values, choices[i].keys);
        assert_ok(hw_scratch_init(&scratch, &options, &err), err);
        assert_ok(hw_indices_put(&widths, &indices, &scratch, choices[i].packs, &whole, &err), err);
        const uint8_t *page = scratch.page.data;
        assert_row_int(choices[i].name, page[0], choices[i].want_width);
        assert_row_int(choices[i].name, whole, page[0] > 0 && page[0] % 8 == 0 && choices[i].keys != 200);
        decode_rle(&(struct decoder){page + 1, page + scratch.page.size}, page[0], COUNT, again);
        assert_row_bytes(choices[i].name, again, sizeof(again), values, sizeof(values));
        hw_scratch_release(&scratch);
    }
}

/* What the first page has found holds for others of as many bytes, whatever these have. */
static void later_pages_follow_the_first(void **state) {
    (void)state;
    static uint32_t values[COUNT];
    static const struct {
        uint32_t keys;
        bool even;
        unsigned want_width;
    } turns[] = {{12, false, 8}, {16, true, 8}, {256, true, 8}, {1024, true, 10}, {512, false, 9}, {12, false, 8}};
    const struct hw_parquet_options options = {.codec = HW_CODEC_ZSTD, .level = HW_LEVEL_DEFAULT};
    struct hw_index_widths widths = {0};
    struct hw_scratch scratch;
    struct hw_error err = HW_ERROR_INIT;
    bool whole;
    assert_ok(hw_scratch_init(&scratch, &options, &err), err);
    for (size_t i = 0; i < COUNT_OF(turns); i++) {
        const struct hw_indices indices = {values, COUNT, turns[i].keys};
        (turns[i].even ? fill_even : fill_uneven)(values, turns[i].keys);
        hw_buf_clear(&scratch.page);
        assert_ok(hw_indices_put(&widths, &indices, &scratch, true, &whole, &err), err);
        assert_int_equal(scratch.page.data[0], turns[i].want_width);
    }
    hw_scratch_release(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(widths_are_of_bits_or_bytes),
        cmocka_unit_test(the_width_that_is_smaller_is_taken),
        cmocka_unit_test(later_pages_follow_the_first),
    };
    return cmocka_run_group_tests_name("parquet/indices", tests, NULL, NULL);
}
