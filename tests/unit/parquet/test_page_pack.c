/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/page_pack.h"

#include "unit/parquet/decode.h"
#include "unit/parquet/values_make.h"

enum { PAGE_BYTES = 64 << 10, VALUES = 1000 };

static const struct hw_field texts = {"t", {.kind = HW_KIND_TEXT}, true};

/* Fills the page in work: bytes by chance, which nothing shortens, or the same word again. */
static void page_fill(struct hw_scratch *scratch, size_t noise, size_t words) {
    uint64_t random = 3;
    hw_buf_clear(&scratch->page);
    for (size_t i = 0; i < noise; i++) {
        assert_int_equal(hw_buf_append_byte(&scratch->page, (uint8_t)test_random(&random), NULL), HW_OK);
    }
    for (size_t i = 0; i < words; i += 4) {
        assert_int_equal(hw_buf_append(&scratch->page, "word", 4, NULL), HW_OK);
    }
}

/* Sizes are far from the border, which is 98 % of the bytes of page and dictionary together. */
static const struct {
    const char *name;
    enum hw_codec codec;
    enum hw_packing packing;
    size_t noise, words, values, keys_bytes;
    bool packs;
    enum hw_packing want;
} settlings[] = {
    {"no codec", HW_CODEC_NONE, HW_PACKING_ON, 0, PAGE_BYTES, VALUES, 0, false, HW_PACKING_ON},
    {"the choice says no", HW_CODEC_ZSTD, HW_PACKING_OFF, 0, PAGE_BYTES, VALUES, 0, false, HW_PACKING_OFF},
    {"the choice says yes", HW_CODEC_ZSTD, HW_PACKING_ON, PAGE_BYTES, 0, VALUES, 0, true, HW_PACKING_ON},
    {"open, and it gains", HW_CODEC_ZSTD, HW_PACKING_OPEN, 0, PAGE_BYTES, VALUES, 0, true, HW_PACKING_ON},
    {"open, and it gains nothing", HW_CODEC_ZSTD, HW_PACKING_OPEN, PAGE_BYTES, 0, VALUES, 0, false, HW_PACKING_OFF},
    {"open, a page of nulls", HW_CODEC_ZSTD, HW_PACKING_OPEN, 0, 8, 0, 0, true, HW_PACKING_OPEN},
    {"open, the dictionary gains", HW_CODEC_ZSTD, HW_PACKING_OPEN, PAGE_BYTES, 0, VALUES, 8 * PAGE_BYTES, true,
     HW_PACKING_ON},
};

static void the_first_page_settles_what_is_open(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(settlings); i++) {
        const struct hw_parquet_options options = {
            .codec = settlings[i].codec, .level = HW_LEVEL_DEFAULT, .page_bytes = 1 << 20, .long_page_bytes = 1 << 20};
        struct hw_leaf leaf;
        struct hw_scratch scratch;
        struct hw_page_packer packer = {0};
        struct hw_choice choice = {.packing = settlings[i].packing, .dictionary_rate = 0.5};
        struct hw_error err = HW_ERROR_INIT;
        hw_leaf_init(&leaf, &texts);
        assert_ok(hw_scratch_init(&scratch, &options, &err), err);
        page_fill(&scratch, settlings[i].noise, settlings[i].words);
        const struct hw_page_pack_job job = {
            .options = &options, .leaf = &leaf, .values = settlings[i].values, .keys_bytes = settlings[i].keys_bytes};
        assert_ok(hw_page_pack(&packer, &job, &choice, &scratch, &err), err);
        assert_row_int(settlings[i].name, hw_page_packs(&choice, &scratch), settlings[i].packs);
        assert_row_int(settlings[i].name, choice.packing, settlings[i].want);
        /* A dictionary that is not compressed has the bytes that it has. */
        const bool turned_off = settlings[i].packing == HW_PACKING_OPEN && settlings[i].want == HW_PACKING_OFF;
        assert_row_int(settlings[i].name, choice.dictionary_rate == 1, turned_off);
        hw_scratch_release(&scratch);
    }
}

static struct hw_page_packer pack_next(struct hw_page_packer packer, struct hw_scratch *scratch,
                                       const struct hw_page_pack_job *job) {
    struct hw_choice choice = {.packing = HW_PACKING_ON};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_page_pack(&packer, job, &choice, scratch, &err), err);
    return packer;
}

/* What was found of the first page of an encoding stays, whatever comes between. */
static void effort_is_chosen_once_for_an_encoding(void **state) {
    (void)state;
    const struct hw_parquet_options options = {
        .codec = HW_CODEC_GZIP, .level = HW_LEVEL_DEFAULT, .page_bytes = 1 << 20, .long_page_bytes = 4 << 20};
    struct hw_leaf leaf;
    struct hw_scratch scratch;
    struct hw_page_packer packer = {0};
    struct hw_error err = HW_ERROR_INIT;
    hw_leaf_init(&leaf, &texts);
    assert_ok(hw_scratch_init(&scratch, &options, &err), err);
    struct hw_page_pack_job job = {.options = &options, .leaf = &leaf, .encoding = HW_ENCODING_PLAIN};

    page_fill(&scratch, 0, 8);
    packer = pack_next(packer, &scratch, &job);
    assert_false(packer.chosen); /* nulls show nothing */
    job.values = VALUES;
    job.dictionary = true;
    packer = pack_next(packer, &scratch, &job);
    assert_false(packer.chosen);
    job.dictionary = false;
    page_fill(&scratch, PAGE_BYTES, 0);
    packer = pack_next(packer, &scratch, &job);
    assert_true(packer.chosen);
    assert_int_equal(packer.encoding, HW_ENCODING_PLAIN);
    packer.effort.step = 1; /* which no trial of noise finds */
    packer = pack_next(packer, &scratch, &job);
    assert_int_equal(packer.effort.step, 1);
    job.encoding = HW_ENCODING_DELTA_LENGTH_BYTE_ARRAY;
    packer = pack_next(packer, &scratch, &job);
    assert_int_equal(packer.encoding, HW_ENCODING_DELTA_LENGTH_BYTE_ARRAY);
    assert_int_equal(packer.effort.step, 0);
    hw_scratch_release(&scratch);
}

/* A page of more than 1.5 times the bytes may have other parameters, so it is asked again. */
static void a_longer_page_is_a_sample_once_more(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t bytes;
        bool again;
    } rows[] = {{"as long", PAGE_BYTES, false},
                {"half as long again", 3 * PAGE_BYTES / 2, false},
                {"longer", 3 * PAGE_BYTES / 2 + 6, true}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_parquet_options options = {
            .codec = HW_CODEC_GZIP, .level = HW_LEVEL_DEFAULT, .page_bytes = 1 << 20, .long_page_bytes = 4 << 20};
        struct hw_leaf leaf;
        struct hw_scratch scratch;
        struct hw_page_packer packer = {0};
        struct hw_error err = HW_ERROR_INIT;
        hw_leaf_init(&leaf, &texts);
        assert_ok(hw_scratch_init(&scratch, &options, &err), err);
        const struct hw_page_pack_job job = {.options = &options, .leaf = &leaf, .values = VALUES};
        page_fill(&scratch, PAGE_BYTES, 0);
        packer = pack_next(packer, &scratch, &job);
        /* Neither is found of noise. */
        packer.effort = (struct hw_effort){.step = 1, .longer = true};
        page_fill(&scratch, rows[i].bytes, 0);
        packer = pack_next(packer, &scratch, &job);
        assert_row_int(rows[i].name, packer.effort.step, rows[i].again ? 0 : 1);
        assert_row_int(rows[i].name, packer.page_bytes, rows[i].again ? rows[i].bytes : PAGE_BYTES);
        assert_row_int(rows[i].name, packer.effort.longer, true);
        hw_scratch_release(&scratch);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_page_settles_what_is_open),
        cmocka_unit_test(effort_is_chosen_once_for_an_encoding),
        cmocka_unit_test(a_longer_page_is_a_sample_once_more),
    };
    return cmocka_run_group_tests_name("parquet/page_pack", tests, NULL, NULL);
}
