/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/writer.h"
#include "support/rows.h"
#include "support/same_file.h"

#define NONE HW_LEVEL_DEFAULT

static enum hw_status csv_new(const struct hw_schema *schema, const void *options, struct hw_sink *sink,
                              struct hw_table_writer **out_writer, struct hw_error *err) {
    return hw_csv_writer_new(schema, options, sink, out_writer, err);
}

static const struct {
    const char *name;
    struct hw_csv_writer_options options;
} same_rows[] = {
    {"defaults", {.codec = HW_CODEC_DEFAULT, .level = NONE}},
    {"gzip", {.codec = HW_CODEC_GZIP, .level = NONE}},
    {"gzip:6", {.codec = HW_CODEC_GZIP, .level = 6}},
    {"zstd", {.codec = HW_CODEC_ZSTD, .level = NONE}},
    {"zstd:3", {.codec = HW_CODEC_ZSTD, .level = 3}},
    {"small members", {.codec = HW_CODEC_GZIP, .level = NONE, .block_bytes = 5000}},
    {"small frames", {.codec = HW_CODEC_ZSTD, .level = NONE, .block_bytes = 5000}},
};

static void members_rest_on_their_rows_alone(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(same_rows); i++) {
        same_file_check(same_rows[i].name, csv_new, &same_rows[i].options, 2000);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(members_rest_on_their_rows_alone)};
    return cmocka_run_group_tests_name("csv/writer_same", tests, NULL, NULL);
}
