/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/encoder.h"

#include "parquet/writer.h"
#include "support/rows.h"
#include "support/same_file.h"

#define NONE HW_LEVEL_DEFAULT

static enum hw_status parquet_new(const struct hw_schema *schema, const void *options, struct hw_sink *sink,
                                  struct hw_table_writer **out_writer, struct hw_error *err) {
    return hw_parquet_writer_new(schema, options, sink, out_writer, err);
}

static const struct {
    const char *name;
    struct hw_parquet_options options;
    size_t piece_rows;
} same_rows[] = {
    {"defaults", {.codec = HW_CODEC_DEFAULT, .level = NONE}, 10100},
    {"none", {.codec = HW_CODEC_NONE, .level = NONE}, 1200},
    {"snappy", {.codec = HW_CODEC_SNAPPY, .level = NONE}, 1200},
    {"gzip", {.codec = HW_CODEC_GZIP, .level = NONE}, 1200},
    {"gzip:6", {.codec = HW_CODEC_GZIP, .level = 6}, 1200},
    {"lz4_raw", {.codec = HW_CODEC_LZ4_RAW, .level = NONE}, 1200},
    {"lz4_raw:9", {.codec = HW_CODEC_LZ4_RAW, .level = 9}, 1200},
    {"brotli", {.codec = HW_CODEC_BROTLI, .level = NONE}, 1200},
    {"zstd:3, with less effort for numbers", {.codec = HW_CODEC_ZSTD, .level = 3}, 1200},
    {"zstd:9", {.codec = HW_CODEC_ZSTD, .level = 9}, 1200},
    {"compatible encodings", {.level = NONE, .encodings = HW_PARQUET_COMPAT}, 1200},
    {"pages of few rows", {.level = NONE, .page_rows = 100}, 1200},
    {"pages of few bytes", {.level = NONE, .page_bytes = 3000}, 1200},
    {"pages end early", {.level = NONE, .pending_bytes = 10000}, 1200},
    {"pages end early, of few bytes", {.codec = HW_CODEC_NONE, .pending_bytes = 6000, .page_bytes = 3000}, 1200},
    {"small dictionaries", {.level = NONE, .page_rows = 500, .dictionary_bytes = 2000}, 1200},
    {"many small", {.level = NONE, .many_small = true}, 200},
};

static void a_row_group_rests_on_its_rows_alone(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(same_rows); i++) {
        same_file_check(same_rows[i].name, parquet_new, &same_rows[i].options, same_rows[i].piece_rows);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_row_group_rests_on_its_rows_alone)};
    return cmocka_run_group_tests_name("parquet/encoder", tests, NULL, NULL);
}
