/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/parquet_choices.h"

#include "support/rows.h"

static void choices_are_those_of_the_writer(void **state) {
    (void)state;
    static const struct {
        enum hw_encodings encodings;
        enum hw_effort effort;
        enum hw_parquet_encodings want;
        enum hw_codec_effort want_effort;
    } rows[] = {
        {HW_ENCODINGS_COMPACT, HW_EFFORT_NORMAL, HW_PARQUET_COMPACT, HW_CODEC_NORMAL},
        {HW_ENCODINGS_COMPAT, HW_EFFORT_FAST, HW_PARQUET_COMPAT, HW_CODEC_FAST},
        {HW_ENCODINGS_MAX, HW_EFFORT_BEST, HW_PARQUET_MAX, HW_CODEC_BEST},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_parquet_options options = {.codec = HW_CODEC_ZSTD};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_parquet_encodings_choose(rows[i].encodings, &options, &err), err);
        assert_ok(hw_parquet_effort_choose(rows[i].effort, &options, &err), err);
        assert_int_equal(options.encodings, rows[i].want);
        assert_int_equal(options.effort, rows[i].want_effort);
    }
}

static void others_are_refused(void **state) {
    (void)state;
    struct hw_parquet_options options = {.encodings = HW_PARQUET_MAX, .effort = HW_CODEC_BEST};
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_parquet_encodings_choose((enum hw_encodings)3, &options, &err), HW_EUSAGE);
    assert_row_text("encodings", err.message, "there are no encodings 3");
    assert_int_equal(hw_parquet_effort_choose((enum hw_effort)3, &options, &err), HW_EUSAGE);
    assert_row_text("effort", err.message, "there is no effort 3");
    assert_int_equal(options.encodings, HW_PARQUET_MAX);
    assert_int_equal(options.effort, HW_CODEC_BEST);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(choices_are_those_of_the_writer),
        cmocka_unit_test(others_are_refused),
    };
    return cmocka_run_group_tests_name("pipeline/parquet_choices", tests, NULL, NULL);
}
