/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON of findings, files and sums: keys in their order, and what is not known is left out. */
#include "report/verify.h"

#include "core/buf.h"
#include "support/rows.h"

/* What is written into one object. */
typedef void write_fn(struct hw_json_writer *json, const void *of);

static void check(const char *name, write_fn *write, const void *of, const char *want) {
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) out = {0};
    struct hw_json_writer json = {.out = &out, .style = HW_JSON_COMPACT};
    hw_json_object_begin(&json, NULL);
    write(&json, of);
    hw_json_object_end(&json);
    assert_ok(hw_json_end_text(&json, &err), err);
    assert_ok(hw_buf_append_byte(&out, '\0', &err), err);
    assert_row_text(name, (const char *)out.data, want);
}

static void finding_write(struct hw_json_writer *json, const void *of) {
    hw_report_finding(json, "x", of);
}

static void file_write(struct hw_json_writer *json, const void *of) {
    hw_report_verified(json, of);
}

static void sums_write(struct hw_json_writer *json, const void *of) {
    hw_report_verify_sums(json, of);
}

static void findings_are_objects(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_finding finding;
        const char *want;
    } rows[] = {
        {"all places",
         {HW_VERIFY_VALUES, HW_SEVERITY_ERROR, "stats.min", "it \"is\" bad", 0, "a.b", 0, 0},
         "{\"type\":\"finding\",\"path\":\"x\",\"level\":\"values\",\"severity\":\"error\",\"code\":\"stats.min\","
         "\"message\":\"it \\\"is\\\" bad\",\"row_group\":0,\"column\":\"a.b\",\"page\":0,\"offset\":0}\n"},
        {"no place",
         {HW_VERIFY_FOOTER, HW_SEVERITY_WARNING, "group.size", "m", -1, NULL, -1, -1},
         "{\"type\":\"finding\",\"path\":\"x\",\"level\":\"footer\",\"severity\":\"warning\","
         "\"code\":\"group.size\",\"message\":\"m\"}\n"},
        {"an info",
         {HW_VERIFY_PAGES, HW_SEVERITY_INFO, "file.gap", "m", -1, NULL, -1, 7},
         "{\"type\":\"finding\",\"path\":\"x\",\"level\":\"pages\",\"severity\":\"info\",\"code\":\"file.gap\","
         "\"message\":\"m\",\"offset\":7}\n"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        check(rows[i].name, finding_write, &rows[i].finding, rows[i].want);
    }
}

static void files_are_objects(void **state) {
    (void)state;
    struct hw_error error = HW_ERROR_INIT;
    error.status = HW_ENOTFOUND;
    static const char *const outcomes[] = {"ok", "invalid", "unsupported", "failed"};
    struct hw_verified file = {.path = "x",
                               .format = "avro",
                               .level = HW_VERIFY_FOOTER,
                               .errors = 1,
                               .warnings = 2,
                               .infos = 3,
                               .size = 4,
                               .rows = 0,
                               .pages = 6,
                               .pages_without_crc = 5,
                               .bytes_read = 7,
                               .requests = 8,
                               .took_us = 250000};
    for (size_t i = 0; i < COUNT_OF(outcomes); i++) {
        HW_AUTO(hw_buf) want = {0};
        struct hw_error err = HW_ERROR_INIT;
        file.outcome = (enum hw_verify_outcome)i;
        assert_ok(hw_buf_printf(&want, &err,
                                "{\"type\":\"file\",\"path\":\"x\",\"format\":\"avro\",\"level\":\"footer\","
                                "\"status\":\"%s\",\"errors\":1,\"warnings\":2,\"size\":4,\"rows\":0,\"pages\":6,"
                                "\"pages_without_crc\":5,\"bytes_read\":7,\"requests\":8,\"seconds\":0.25,"
                                "\"error\":null}\n",
                                outcomes[i]),
                  err);
        check(outcomes[i], file_write, &file, (const char *)want.data);
    }
    const struct hw_verified unknown = {.path = "x",
                                        .level = HW_VERIFY_PAGES,
                                        .outcome = HW_VERIFY_FAILED,
                                        .status = HW_ENOTFOUND,
                                        .error = &error,
                                        .rows = -1};
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) out = {0};
    struct hw_json_writer json = {.out = &out, .style = HW_JSON_COMPACT};
    hw_json_object_begin(&json, NULL);
    hw_report_verified(&json, &unknown);
    hw_json_object_end(&json);
    assert_ok(hw_json_end_text(&json, &err), err);
    static const char begin[] =
        "{\"type\":\"file\",\"path\":\"x\",\"level\":\"pages\",\"status\":\"failed\","
        "\"errors\":0,\"warnings\":0,\"size\":0,\"pages\":0,\"pages_without_crc\":0,"
        "\"bytes_read\":0,\"requests\":0,\"seconds\":0.0,\"error\":{\"status\":\"HW_ENOTFOUND\"";
    assert_ok(hw_buf_append_byte(&out, '\0', &err), err);
    assert_row_says("unknown", (const char *)out.data, begin);
}

static void sums_are_an_object(void **state) {
    (void)state;
    const struct hw_verify_sums sums = {.files = 10,
                                        .ok = 1,
                                        .invalid = 2,
                                        .unsupported = 3,
                                        .failed = 4,
                                        .errors = 5,
                                        .warnings = 6,
                                        .rows = 7,
                                        .bytes_read = UINT64_C(9000000000)};
    check("sums", sums_write, &sums,
          "{\"type\":\"summary\",\"files\":10,\"ok\":1,\"invalid\":2,\"unsupported\":3,\"failed\":4,\"errors\":5,"
          "\"warnings\":6,\"rows\":7,\"bytes_read\":9000000000}\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_are_objects),
        cmocka_unit_test(files_are_objects),
        cmocka_unit_test(sums_are_an_object),
    };
    return cmocka_run_group_tests_name("report/verify", tests, NULL, NULL);
}
