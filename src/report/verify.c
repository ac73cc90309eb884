/* SPDX-License-Identifier: Apache-2.0 */
#include "report/verify.h"

#include "report/error.h"

static const char *const levels[] = {
    [HW_VERIFY_FOOTER] = "footer", [HW_VERIFY_PAGES] = "pages", [HW_VERIFY_VALUES] = "values"};
static const char *const severities[] = {
    [HW_SEVERITY_ERROR] = "error", [HW_SEVERITY_WARNING] = "warning", [HW_SEVERITY_INFO] = "info"};
static const char *const outcomes[] = {[HW_VERIFY_OK] = "ok",
                                       [HW_VERIFY_INVALID] = "invalid",
                                       [HW_VERIFY_UNSUPPORTED] = "unsupported",
                                       [HW_VERIFY_FAILED] = "failed"};

static void known_number(struct hw_json_writer *json, const char *key, int64_t number) {
    if (number >= 0) {
        hw_json_number(json, key, number);
    }
}

void hw_report_finding(struct hw_json_writer *json, const char *path, const struct hw_finding *finding) {
    hw_json_text(json, "type", "finding");
    hw_json_text(json, "path", path);
    hw_json_text(json, "level", levels[finding->level]);
    hw_json_text(json, "severity", severities[finding->severity]);
    hw_json_text(json, "code", finding->code);
    hw_json_text(json, "message", finding->message);
    known_number(json, "row_group", finding->row_group);
    if (finding->column) {
        hw_json_text(json, "column", finding->column);
    }
    known_number(json, "page", finding->page);
    known_number(json, "offset", finding->offset);
}

void hw_report_verified(struct hw_json_writer *json, const struct hw_verified *file) {
    hw_json_text(json, "type", "file");
    hw_json_text(json, "path", file->path);
    if (file->format) {
        hw_json_text(json, "format", file->format);
    }
    hw_json_text(json, "level", levels[file->level]);
    hw_json_text(json, "status", outcomes[file->outcome]);
    hw_json_count(json, "errors", file->errors);
    hw_json_count(json, "warnings", file->warnings);
    hw_json_count(json, "size", file->size);
    known_number(json, "rows", file->rows);
    hw_json_count(json, "pages", file->pages);
    hw_json_count(json, "pages_without_crc", file->pages_without_crc);
    hw_json_count(json, "bytes_read", file->bytes_read);
    hw_json_count(json, "requests", file->requests);
    hw_json_real(json, "seconds", (double)file->took_us / 1e6);
    hw_report_error(json, file->error);
}

void hw_report_verify_sums(struct hw_json_writer *json, const struct hw_verify_sums *sums) {
    hw_json_text(json, "type", "summary");
    hw_json_count(json, "files", sums->files);
    hw_json_count(json, "ok", sums->ok);
    hw_json_count(json, "invalid", sums->invalid);
    hw_json_count(json, "unsupported", sums->unsupported);
    hw_json_count(json, "failed", sums->failed);
    hw_json_count(json, "errors", sums->errors);
    hw_json_count(json, "warnings", sums->warnings);
    hw_json_count(json, "rows", sums->rows);
    hw_json_count(json, "bytes_read", sums->bytes_read);
}
