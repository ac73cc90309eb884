/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/writer.h"
#include "support/rows.h"
#include "support/same_file.h"

#define NONE HW_LEVEL_DEFAULT

static enum hw_status avro_new(const struct hw_schema *schema, const void *options, struct hw_sink *sink,
                               struct hw_table_writer **out_writer, struct hw_error *err) {
    return hw_avro_writer_new(schema, options, sink, out_writer, err);
}

static const struct {
    const char *name;
    struct hw_avro_options options;
} same_rows[] = {
    {"defaults", {.codec = HW_CODEC_DEFAULT, .level = NONE}},
    {"none", {.codec = HW_CODEC_NONE, .level = NONE}},
    {"snappy", {.codec = HW_CODEC_SNAPPY, .level = NONE}},
    {"deflate:1", {.codec = HW_CODEC_DEFLATE, .level = 1}},
    {"zstd", {.codec = HW_CODEC_ZSTD, .level = NONE}},
    {"zstd:3", {.codec = HW_CODEC_ZSTD, .level = 3}},
    {"small blocks", {.codec = HW_CODEC_DEFLATE, .level = NONE, .block_bytes = 3000}},
};

static void blocks_rest_on_their_rows_alone(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(same_rows); i++) {
        same_file_check(same_rows[i].name, avro_new, &same_rows[i].options, 2000);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(blocks_rest_on_their_rows_alone)};
    return cmocka_run_group_tests_name("avro/writer_same", tests, NULL, NULL);
}
