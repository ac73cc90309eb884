/* SPDX-License-Identifier: Apache-2.0 */
/* A report, line by line; the lines are those of a verification. */
#include "pipeline/line_report.h"

#include <fcntl.h>
#include <hawser/memory.h>
#include <unistd.h>

#include "report/verify.h"
#include "support/rows.h"
#include "support/scratch.h"

static const struct hw_finding finding = {.level = HW_VERIFY_PAGES,
                                          .severity = HW_SEVERITY_ERROR,
                                          .code = "page.crc",
                                          .message = "it is bad",
                                          .row_group = 0,
                                          .column = "a.b",
                                          .page = 1,
                                          .offset = 4};
static const struct hw_verified verified = {.path = "mem://a.parquet",
                                            .format = "parquet",
                                            .level = HW_VERIFY_PAGES,
                                            .outcome = HW_VERIFY_INVALID,
                                            .errors = 1,
                                            .size = 700,
                                            .rows = 3,
                                            .pages = 4,
                                            .pages_without_crc = 2,
                                            .bytes_read = 690,
                                            .requests = 5,
                                            .took_us = 1500000};
static const struct hw_verify_sums sums = {.files = 1, .invalid = 1, .errors = 1, .rows = 3, .bytes_read = 690};

#define FINDING                                                                                      \
    "{\"type\":\"finding\",\"path\":\"mem://a.parquet\",\"level\":\"pages\",\"severity\":\"error\"," \
    "\"code\":\"page.crc\",\"message\":\"it is bad\",\"row_group\":0,\"column\":\"a.b\",\"page\":1,\"offset\":4}\n"
#define WHOLE                                                                                               \
    FINDING                                                                                                 \
    "{\"type\":\"file\",\"path\":\"mem://a.parquet\",\"format\":\"parquet\",\"level\":\"pages\","           \
    "\"status\":\"invalid\",\"errors\":1,\"warnings\":0,\"size\":700,\"rows\":3,\"pages\":4,"               \
    "\"pages_without_crc\":2,\"bytes_read\":690,\"requests\":5,\"seconds\":1.5,\"error\":null}\n"           \
    "{\"type\":\"summary\",\"files\":1,\"ok\":0,\"invalid\":1,\"unsupported\":0,\"failed\":0,\"errors\":1," \
    "\"warnings\":0,\"rows\":3,\"bytes_read\":690}\n"

static enum hw_status finding_tell(struct hw_line_report *report, struct hw_error *err) {
    struct hw_json_writer json = hw_line_report_begin(report);
    hw_report_finding(&json, verified.path, &finding);
    return hw_line_report_end(report, &json, err);
}

static enum hw_status file_tell(struct hw_line_report *report, struct hw_error *err) {
    struct hw_json_writer json = hw_line_report_begin(report);
    hw_report_verified(&json, &verified);
    return hw_line_report_end(report, &json, err);
}

static enum hw_status sums_tell(struct hw_line_report *report, struct hw_error *err) {
    struct hw_json_writer json = hw_line_report_begin(report);
    hw_report_verify_sums(&json, &sums);
    HW_TRY(hw_line_report_end(report, &json, err));
    return hw_line_report_finish(report, err);
}

/* Writes a report of one file to a path. */
static enum hw_status report_write(struct hw_store *store, const char *path, struct hw_error *err) {
    const struct hw_store_options options = {.stores = &store, .stores_count = 1};
    struct hw_line_report report = {0};
    enum hw_status status = hw_line_report_open(&report, path, &options, err);
    status = status ? status : finding_tell(&report, err);
    status = status ? status : file_tell(&report, err);
    status = status ? status : sums_tell(&report, err);
    hw_line_report_release(&report);
    return status;
}

static void a_report_has_a_line_for_each(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_store *store;
    const void *data;
    size_t size;
    assert_ok(hw_memory_store_new("mem://", NULL, &store, &err), err);
    assert_ok(report_write(store, "mem://r.ndjson", &err), err);
    assert_ok(hw_memory_store_get(store, "r.ndjson", &data, &size, &err), err);
    assert_row_bytes("report", data, size, WHOLE, sizeof(WHOLE) - 1);
    assert_ok(report_write(store, NULL, &err), err);
    hw_memory_store_free(store);
}

/* Standard output is a file for once. */
static void standard_output_gets_it_too(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct hw_error err = HW_ERROR_INIT;
    const int kept = dup(STDOUT_FILENO);
    const int file = open(scratch_path(&scratch, "out"), O_CREAT | O_WRONLY, 0600);
    assert_true(kept >= 0 && file >= 0);
    assert_true(dup2(file, STDOUT_FILENO) >= 0);
    const enum hw_status status = report_write(NULL, "-", &err);
    assert_true(dup2(kept, STDOUT_FILENO) >= 0);
    close(kept);
    close(file);
    assert_ok(status, err);
    assert_true(scratch_holds(&scratch, "out", WHOLE, sizeof(WHOLE) - 1));
    scratch_remove(&scratch);
}

/* Lines go on before the end, and leave no trace without it. */
static void much_is_written_on_the_way(void **state) {
    (void)state;
    enum { LINES = 3000 /* of more than 150 bytes: more than are gathered */ };
    struct hw_error err = HW_ERROR_INIT;
    struct hw_line_report report = {0};
    struct hw_store *store;
    const void *data;
    size_t size;
    size_t most = 0;
    assert_ok(hw_memory_store_new("mem://", NULL, &store, &err), err);
    const struct hw_store_options options = {.stores = &store, .stores_count = 1};
    for (int finish = 0; finish < 2; finish++) {
        report = (struct hw_line_report){0};
        assert_ok(hw_line_report_open(&report, "mem://r.ndjson", &options, &err), err);
        for (int i = 0; i < LINES; i++) {
            assert_ok(finding_tell(&report, &err), err);
            most = report.lines.size > most ? report.lines.size : most;
        }
        if (finish) {
            assert_ok(sums_tell(&report, &err), err);
        }
        hw_line_report_release(&report);
        assert_int_equal(hw_memory_store_get(store, "r.ndjson", &data, &size, NULL), finish ? HW_OK : HW_ENOTFOUND);
    }
    assert_true(most < LINES * (sizeof(FINDING) - 1));
    assert_true(size > LINES * (sizeof(FINDING) - 1));
    for (int i = 0; i < LINES; i++) {
        assert_memory_equal((const char *)data + (size_t)i * (sizeof(FINDING) - 1), FINDING, sizeof(FINDING) - 1);
    }
    hw_memory_store_free(store);
}

static void what_cannot_be_written_is_told(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *path;
        enum hw_status want;
    } rows[] = {
        {"no room", "mem://r.ndjson", HW_ELIMIT},
        {"no such store", "nowhere://r.ndjson", HW_EUSAGE},
        {"a store that is only read", "https://example.com/r.ndjson", HW_EUSAGE},
    };
    struct hw_error err = HW_ERROR_INIT;
    struct hw_store *store;
    const struct hw_memory_options little = {.size = sizeof(little), .bytes_max = 100};
    assert_ok(hw_memory_store_new("mem://", &little, &store, &err), err);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_int(rows[i].name, report_write(store, rows[i].path, &err), rows[i].want);
    }
    hw_memory_store_free(store);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_report_has_a_line_for_each),
        cmocka_unit_test(standard_output_gets_it_too),
        cmocka_unit_test(much_is_written_on_the_way),
        cmocka_unit_test(what_cannot_be_written_is_told),
    };
    return cmocka_run_group_tests_name("pipeline/line_report", tests, NULL, NULL);
}
