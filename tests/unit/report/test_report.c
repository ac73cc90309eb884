/* SPDX-License-Identifier: Apache-2.0 */
#include "report/report.h"

#include <hawser/hawser.h>
#include <jansson.h>

#include "report/object.h"
#include "support/alloc_fault.h"
#include "support/memory_io.h"
#include "support/rows.h"

static struct hw_field fields[] = {
    {.name = "id", .type = {.kind = HW_KIND_INT64}},
    {.name = "pr\xc3\xa4is", .type = {.kind = HW_KIND_DECIMAL, .precision = 12, .scale = 2}}};
static const struct hw_schema schema = {fields, COUNT_OF(fields)};
static const struct hw_convert_output outputs[] = {
    {.path = "out/a.parquet", .format = "parquet", .bytes = 100, .sha256 = "ab", .crc64nvme = "cd", .etag = "e"},
    {.path = "out/a.avro", .format = "avro", .bytes = 50, .sha256 = "12", .crc64nvme = "34", .etag = ""},
};

static const struct hw_convert_object converted = {
    .source = "in/a\xff.csv",
    .outcome = HW_CONVERTED,
    .source_bytes = 1000,
    .rows_in = 10,
    .rows_out = 9,
    .rejected = 1,
    .columns = 2,
    .seconds = 0.5,
    .restarted = true,
    .schema = &schema,
    .outputs = outputs,
    .outputs_count = COUNT_OF(outputs),
    .rejects_path = "out/a.rejects.jsonl",
    .source_checksum = "crc64nvme",
};

static const struct hw_error bad_row = {.status = HW_EDATA,
                                        .line = 3,
                                        .offset = 17,
                                        .row = HW_NO_POSITION,
                                        .object = "in/b.csv",
                                        .message = "found 1 field, expected 2"};
static const struct hw_convert_object failed = {.source = "in/b.csv", .outcome = HW_CONVERT_FAILED, .error = &bad_row};
static const struct hw_convert_result result = {.objects = 2,
                                                .converted = 1,
                                                .failed = 1,
                                                .bytes_in = 1000,
                                                .bytes_out = 150,
                                                .rows_in = 10,
                                                .rows_out = 9,
                                                .rejected = 1,
                                                .seconds = 0.75};

static enum hw_status report_make(int fail_on_write, struct hw_buf *out, struct hw_error *err) {
    struct memory_sink sink = memory_sink(fail_on_write);
    struct hw_report *report;
    const struct hw_error warning = {.status = HW_EFAILED,
                                     .line = HW_NO_POSITION,
                                     .offset = HW_NO_POSITION,
                                     .row = HW_NO_POSITION,
                                     .object = "out/b.csv",
                                     .message = "is left where it is"};
    /* 2023-11-14T22:13:20Z */
    HW_TRY(hw_report_new(&sink.base, INT64_C(1700000000000000), &report, err));
    enum hw_status status = hw_report_add(report, hw_object_report, &converted, err);
    if (status == HW_OK) {
        status = hw_report_add(report, hw_object_report, &failed, err);
    }
    for (int i = 0; status == HW_OK && i < 1001; i++) {
        status = hw_report_warn(report, &warning, err);
    }
    if (status == HW_OK) {
        status = hw_report_finish(report, hw_object_sums_report, &(const struct hw_object_sums){HW_OK, &result}, err);
        assert_int_equal(sink.finished, status == HW_OK);
    }
    hw_report_free(report);
    assert_true(sink.freed);
    *out = sink.bytes;
    return status;
}

static const char *text_of(json_t *json, const char *key) {
    return json_string_value(json_object_get(json, key));
}

static int64_t number_of(json_t *json, const char *key) {
    return json_integer_value(json_object_get(json, key));
}

static void a_report_tells_all(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) text = {0};
    assert_ok(report_make(0, &text, &err), err);
    json_t *json = json_loadb((const char *)text.data, text.size, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(json);
    assert_string_equal(text_of(json, "hawser"), hw_version());
    assert_non_null(strstr(text_of(json, "started"), "2023-11-14T22:13:20"));
    static const struct {
        const char *key;
        int64_t want;
    } sums[] = {{"objects_total", 2}, {"converted", 1}, {"skipped", 0},     {"failed", 1},
                {"not_tried", 0},     {"restarted", 0}, {"bytes_in", 1000}, {"bytes_out", 150},
                {"rows_in", 10},      {"rows_out", 9},  {"rejected", 1}};
    for (size_t i = 0; i < COUNT_OF(sums); i++) {
        assert_row_int(sums[i].key, number_of(json, sums[i].key), sums[i].want);
    }
    assert_int_equal(number_of(json, "warnings_total"), 1001);
    assert_int_equal(json_array_size(json_object_get(json, "warnings")), 1000);
    assert_string_equal(json_string_value(json_array_get(json_object_get(json, "warnings"), 999)),
                        "out/b.csv: is left where it is");
    json_t *objects = json_object_get(json, "objects");
    assert_int_equal(json_array_size(objects), 2);
    json_t *first = json_array_get(objects, 0);
    assert_string_equal(text_of(first, "source"), "in/a\\xff.csv");
    assert_string_equal(text_of(first, "outcome"), "converted");
    assert_string_equal(text_of(first, "rejects_path"), "out/a.rejects.jsonl");
    assert_int_equal(number_of(first, "rows_in"), number_of(first, "rows_out") + number_of(first, "rejected"));
    assert_true(json_is_true(json_object_get(first, "restarted")));
    assert_string_equal(text_of(first, "source_checksum"), "crc64nvme");
    assert_true(json_is_null(json_object_get(json_array_get(objects, 1), "source_checksum")));
    json_t *column = json_array_get(json_object_get(first, "columns"), 1);
    assert_string_equal(text_of(column, "name"), "pr\xc3\xa4is");
    assert_string_equal(text_of(column, "type"), "decimal(12,2)");
    json_t *output = json_array_get(json_object_get(first, "outputs"), 1);
    assert_string_equal(text_of(output, "path"), "out/a.avro");
    assert_string_equal(text_of(output, "sha256"), "12");
    assert_int_equal(number_of(output, "bytes"), 50);
    assert_true(json_is_null(json_object_get(first, "error")));

    json_t *second = json_array_get(objects, 1);
    json_t *error = json_object_get(second, "error");
    assert_string_equal(text_of(second, "outcome"), "failed");
    assert_string_equal(text_of(error, "status"), "HW_EDATA");
    assert_string_equal(text_of(error, "message"), "found 1 field, expected 2");
    assert_string_equal(text_of(error, "text"), "in/b.csv: line 3: found 1 field, expected 2 (byte offset 17)");
    assert_int_equal(number_of(error, "line"), 3);
    assert_int_equal(number_of(error, "offset"), 17);
    json_decref(json);
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    bool fired = true;
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_buf text = {0};
        alloc_fault_begin(&fault, successes);
        enum hw_status status = report_make(0, &text, &err);
        hw_buf_release(&text);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
}

static void a_full_disk_is_told(void **state) {
    (void)state;
    HW_AUTO(hw_buf) text = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(report_make(1, &text, &err), HW_EIO);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_disk_is_told),
        cmocka_unit_test(a_report_tells_all),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
