/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/outcome.h"

#include <jansson.h>

#include "support/rows.h"

/* The line read back by the JSON library; exactly one line. */
static json_t *line_load(struct hw_buf *line) {
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_end_text(line, &err), err);
    const char *text = (const char *)line->data;
    assert_ptr_equal(strchr(text, '\n'), text + line->size - 1);
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    return root;
}

static void an_object_is_one_line(void **state) {
    (void)state;
    struct hw_field fields[] = {{.name = "id", .type = {.kind = HW_KIND_INT64}}};
    const struct hw_schema schema = {fields, 1};
    const struct hw_convert_output output = {
        .path = "out/a\nb.parquet", .format = "parquet", .bytes = 77, .sha256 = "aa", .crc64nvme = "bb", .etag = ""};
    const struct hw_convert_object object = {.source = "in/a\nb.csv",
                                             .outcome = HW_CONVERTED,
                                             .source_bytes = UINT64_C(5000000000),
                                             .source_checksum = "crc32c",
                                             .rows_in = 3,
                                             .rows_out = 2,
                                             .rejected = 1,
                                             .columns = 1,
                                             .seconds = 0.25,
                                             .schema = &schema,
                                             .outputs = &output,
                                             .outputs_count = 1,
                                             .rejects_path = "out/a.rejects.csv",
                                             .rejects = &(struct hw_convert_reject){"below_min", 1},
                                             .rejects_count = 1};
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) line = {0};
    assert_ok(hw_outcome_json(&line, NULL, &object, &err), err);
    json_t *root = line_load(&line);
    assert_string_equal(json_string_value(json_object_get(root, "type")), "object");
    assert_string_equal(json_string_value(json_object_get(root, "outcome")), "converted");
    assert_string_equal(json_string_value(json_object_get(root, "source")), "in/a\nb.csv");
    assert_int_equal(json_integer_value(json_object_get(root, "source_bytes")), 5000000000);
    assert_string_equal(json_string_value(json_object_get(root, "source_checksum")), "crc32c");
    assert_int_equal(json_integer_value(json_object_get(root, "rows_in")), 3);
    assert_int_equal(json_integer_value(json_object_get(root, "rows_out")), 2);
    assert_int_equal(json_integer_value(json_object_get(root, "rejected")), 1);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(root, "rejected_by_reason"), "below_min")), 1);
    assert_true(json_real_value(json_object_get(root, "seconds")) == 0.25);
    assert_string_equal(json_string_value(json_object_get(root, "rejects_path")), "out/a.rejects.csv");
    assert_true(json_is_null(json_object_get(root, "error")));
    json_t *got = json_array_get(json_object_get(root, "outputs"), 0);
    assert_string_equal(json_string_value(json_object_get(got, "path")), "out/a\nb.parquet");
    assert_string_equal(json_string_value(json_object_get(got, "sha256")), "aa");
    assert_true(json_is_null(json_object_get(got, "etag")));
    json_t *field = json_array_get(json_object_get(root, "schema"), 0);
    assert_string_equal(json_string_value(json_object_get(field, "name")), "id");
    assert_string_equal(json_string_value(json_object_get(field, "type")), "int64");
    json_decref(root);
}

static void a_failure_says_where(void **state) {
    (void)state;
    struct hw_error error = HW_ERROR_INIT;
    error.status = HW_EDATA;
    error.line = 8;
    memcpy(error.message, "ragged", sizeof("ragged"));
    const struct hw_convert_object object = {.source = "caf\xe9.csv", .outcome = HW_CONVERT_FAILED, .error = &error};
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) line = {0};
    assert_ok(hw_outcome_json(&line, NULL, &object, &err), err);
    json_t *root = line_load(&line);
    json_t *got = json_object_get(root, "error");
    assert_string_equal(json_string_value(json_object_get(root, "source")), "caf\xef\xbf\xbd.csv"); /* U+FFFD */
    assert_string_equal(json_string_value(json_object_get(root, "outcome")), "failed");
    assert_true(json_is_null(json_object_get(root, "schema")));
    assert_string_equal(json_string_value(json_object_get(got, "status")), "HW_EDATA");
    assert_string_equal(json_string_value(json_object_get(got, "message")), "ragged");
    assert_int_equal(json_integer_value(json_object_get(got, "line")), 8);
    assert_true(json_is_null(json_object_get(got, "offset")));
    json_decref(root);
}

static void the_run_is_the_last_line(void **state) {
    (void)state;
    const struct hw_convert_result result = {.objects = 3,
                                             .converted = 1,
                                             .skipped = 1,
                                             .failed = 1,
                                             .bytes_in = 10,
                                             .bytes_out = 4,
                                             .rows_in = 6,
                                             .rows_out = 5,
                                             .rejected = 1,
                                             .seconds = 1.5};
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) line = {0};
    assert_ok(hw_outcome_summary_json(&line, &result, HW_EPARTIAL, &err), err);
    json_t *root = line_load(&line);
    static const struct {
        const char *key;
        json_int_t want;
    } numbers[] = {{"objects", 3},   {"converted", 1}, {"skipped", 1},  {"failed", 1},  {"bytes_in", 10},
                   {"bytes_out", 4}, {"rows_in", 6},   {"rows_out", 5}, {"rejected", 1}};
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        assert_row_int(numbers[i].key, json_integer_value(json_object_get(root, numbers[i].key)), numbers[i].want);
    }
    assert_string_equal(json_string_value(json_object_get(root, "type")), "summary");
    assert_string_equal(json_string_value(json_object_get(root, "status")), "HW_EPARTIAL");
    json_decref(root);
}

static void people_get_one_line(void **state) {
    (void)state;
    static const struct {
        struct hw_convert_result result;
        const char *want;
        bool dry_run;
    } rows[] = {
        {{.objects = 1}, "1 object would be converted", true},
        {{.objects = 4, .skipped = 1, .failed = 1}, "2 objects would be converted (skipped: 1, failed: 1)", true},
        {{.objects = 1, .rows_out = 30, .bytes_in = 1200000, .bytes_out = 345000, .seconds = 0.3},
         "1 object, 30 rows, 1.2 MB -> 345 kB, 4.0 MB/s, 0.3 s",
         false},
        {{.objects = 2, .skipped = 2}, "2 objects, 0 rows, 0 B -> 0 B, 0 B/s, 0.0 s (skipped: 2)", false},
        {{.objects = 5, .skipped = 1, .failed = 2, .rejected = 3, .seconds = 1},
         "5 objects, 0 rows, 0 B -> 0 B, 0 B/s, 1.0 s (skipped: 1, failed: 2, rejected rows: 3)",
         false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char out[HW_OUTCOME_TEXT_BYTES];
        assert_row_text(rows[i].want, hw_outcome_summary_text(&rows[i].result, rows[i].dry_run, out), rows[i].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_object_is_one_line),
        cmocka_unit_test(a_failure_says_where),
        cmocka_unit_test(the_run_is_the_last_line),
        cmocka_unit_test(people_get_one_line),
    };
    return cmocka_run_group_tests_name("cli/outcome", tests, NULL, NULL);
}
