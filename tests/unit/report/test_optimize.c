/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON of files that were optimised, and of their sums: keys in their order. */
#include "report/optimize.h"

#include "core/buf.h"
#include "support/rows.h"

static const char *const words[] = {"rewritten", "kept", "already", "planned", "skipped", "failed"};

/* What is written into one object. */
typedef void write_fn(struct hw_json_writer *json, const void *of);

static void json_make(write_fn *write, const void *of, struct hw_buf *out) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_json_writer json = {.out = out, .style = HW_JSON_COMPACT};
    hw_json_object_begin(&json, NULL);
    write(&json, of);
    hw_json_object_end(&json);
    assert_ok(hw_json_end_text(&json, &err), err);
    assert_ok(hw_buf_append_byte(out, '\0', &err), err);
}

static void file_write(struct hw_json_writer *json, const void *of) {
    hw_report_optimized(json, of);
}

static void sums_write(struct hw_json_writer *json, const void *of) {
    hw_report_optimize_sums(json, of);
}

static void outcomes_have_words(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        assert_string_equal(hw_optimize_outcome_word((enum hw_optimize_outcome)i), words[i]);
    }
    assert_int_equal(COUNT_OF(words), HW_OPTIMIZE_FAILED + 1);
}

static void files_are_objects(void **state) {
    (void)state;
    static const struct hw_optimized_column columns[] = {
        {"a.list.element", "int32", "int16", "PLAIN,RLE_DICTIONARY", "RLE_DICTIONARY", "UNCOMPRESSED,SNAPPY", "ZSTD",
         10, UINT64_C(9000000000), ""},
        {"say \"b\"", "text", "text", "PLAIN", "PLAIN", "ZSTD", "ZSTD", 0, 1, "no trial was better"},
    };
    static const char *const sorted[] = {"a", "b.c:desc"};
    static const char *const notes[] = {"geo is left out", "so is \"b\""};
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        HW_AUTO(hw_buf) out = {0};
        HW_AUTO(hw_buf) want = {0};
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_optimized file = {
            .source = "x",
            .output = i % 2 ? NULL : "y",
            .outcome = (enum hw_optimize_outcome)i,
            .rows = 3,
            .row_groups_before = 4,
            .row_groups_after = 5,
            .bytes_before = 6,
            .bytes_after = 7,
            .proved = i % 2 == 0,
            .took_us = 250000,
            .columns = columns,
            .columns_count = i < 1 ? COUNT_OF(columns) : 0,
            .sorted = sorted,
            .sorted_count = i == 2 ? COUNT_OF(sorted) : 0,
            .notes = notes,
            .notes_count = i == 1 ? COUNT_OF(notes) : 0,
        };
        assert_ok(
            hw_buf_printf(
                &want, &err,
                "{\"type\":\"object\",\"source\":\"x\",%s\"outcome\":\"%s\",\"rows\":3,"
                "\"row_groups_before\":4,\"row_groups_after\":5,\"bytes_before\":6,\"bytes_after\":7,"
                "\"seconds\":0.25,\"proof\":%s,\"sorted\":[%s],\"columns\":[%s],\"notes\":[%s],\"error\":null}\n%c",
                i % 2 ? "" : "\"output\":\"y\",", words[i], i % 2 ? "false" : "true",
                i == 2 ? "\"a\",\"b.c:desc\"" : "",
                i < 1 ? "{\"name\":\"a.list.element\",\"type_before\":\"int32\",\"type_after\":\"int16\","
                        "\"encodings_before\":\"PLAIN,RLE_DICTIONARY\","
                        "\"encodings_after\":\"RLE_DICTIONARY\","
                        "\"codec_before\":\"UNCOMPRESSED,SNAPPY\",\"codec_after\":\"ZSTD\","
                        "\"bytes_before\":10,\"bytes_after\":9000000000,\"reason\":\"\"},"
                        "{\"name\":\"say \\\"b\\\"\",\"type_before\":\"text\",\"type_after\":\"text\","
                        "\"encodings_before\":\"PLAIN\",\"encodings_after\":\"PLAIN\","
                        "\"codec_before\":\"ZSTD\",\"codec_after\":\"ZSTD\",\"bytes_before\":0,"
                        "\"bytes_after\":1,\"reason\":\"no trial was better\"}"
                      : "",
                i == 1 ? "\"geo is left out\",\"so is \\\"b\\\"\"" : "", '\0'),
            err);
        json_make(file_write, &file, &out);
        assert_row_text(words[i], (const char *)out.data, (const char *)want.data);
    }
}

/* A file that has rows of one source alone does not list it. */
static void several_sources_are_a_list(void **state) {
    (void)state;
    static const char *const sources[] = {"x", "y \"z\"", "s3://b/k"};
    static const char *const wants[] = {
        "{\"type\":\"object\",\"source\":\"x\",\"output\":\"o\",",
        "{\"type\":\"object\",\"source\":\"x\",\"output\":\"o\",",
        "{\"type\":\"object\",\"source\":\"x\",\"sources\":[\"x\",\"y \\\"z\\\"\"],\"output\":\"o\",",
        "\"sources\":[\"x\",\"y \\\"z\\\"\",\"s3://b/k\"],\"output\":\"o\",",
    };
    for (size_t count = 0; count < COUNT_OF(wants); count++) {
        HW_AUTO(hw_buf) out = {0};
        const struct hw_optimized file = {
            .source = "x", .output = "o", .sources = count ? sources : NULL, .sources_count = count};
        json_make(file_write, &file, &out);
        assert_row_says("sources", (const char *)out.data, wants[count]);
    }
}

static void errors_are_objects(void **state) {
    (void)state;
    HW_AUTO(hw_buf) out = {0};
    struct hw_error error = HW_ERROR_INIT;
    error.status = HW_EDATA;
    const struct hw_optimized file = {
        .source = "x", .outcome = HW_OPTIMIZE_FAILED, .status = HW_EDATA, .error = &error};
    json_make(file_write, &file, &out);
    assert_row_says("an error", (const char *)out.data,
                    "\"outcome\":\"failed\",\"rows\":0,\"row_groups_before\":0,\"row_groups_after\":0,"
                    "\"bytes_before\":0,\"bytes_after\":0,\"seconds\":0.0,\"proof\":false,\"sorted\":[],\"columns\":[],"
                    "\"notes\":[],\"error\":{\"status\":\"HW_EDATA\",");
}

static void sums_are_an_object(void **state) {
    (void)state;
    HW_AUTO(hw_buf) out = {0};
    const struct hw_optimize_sums sums = {
        .files = 21, .outcomes = {1, 2, 3, 4, 5, 6}, .rows = 7, .bytes_before = UINT64_C(9000000000), .bytes_after = 8};
    json_make(sums_write, &sums, &out);
    assert_row_text("sums", (const char *)out.data,
                    "{\"type\":\"summary\",\"files\":21,\"rewritten\":1,\"kept\":2,\"already\":3,\"planned\":4,"
                    "\"skipped\":5,\"failed\":6,\"rows\":7,\"bytes_before\":9000000000,\"bytes_after\":8}\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outcomes_have_words),        cmocka_unit_test(files_are_objects),
        cmocka_unit_test(several_sources_are_a_list), cmocka_unit_test(errors_are_objects),
        cmocka_unit_test(sums_are_an_object),
    };
    return cmocka_run_group_tests_name("report/optimize", tests, NULL, NULL);
}
