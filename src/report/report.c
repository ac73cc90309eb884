/* SPDX-License-Identifier: Apache-2.0 */
#include "report/report.h"

#include "core/alloc.h"
#include "core/clock.h"
#include "report/error.h"

struct hw_report {
    struct hw_sink *sink;
    struct hw_buf text;
    struct hw_json_writer json;
    struct hw_buf warnings; /* texts, each ended with NUL */
    uint64_t warnings_count;
};

enum hw_status hw_report_new(struct hw_sink *sink, int64_t started_us, struct hw_report **out_report,
                             struct hw_error *err) {
    char started[HW_CLOCK_TEXT_BYTES];
    struct hw_report *report = hw_alloc_zero(1, sizeof(*report));
    if (!report) {
        sink->ops->free(sink);
        return hw_fail_nomem(err, sizeof(*report));
    }
    report->sink = sink;
    report->json = (struct hw_json_writer){.out = &report->text, .sink = sink};
    hw_clock_format(started_us, started);
    hw_json_object_begin(&report->json, NULL);
    hw_json_text(&report->json, "hawser", HW_VERSION);
    hw_json_text(&report->json, "started", started);
    hw_json_list_begin(&report->json, "objects");
    *out_report = report;
    return HW_OK;
}

void hw_report_free(struct hw_report *report) {
    if (report) {
        report->sink->ops->free(report->sink);
        hw_buf_release(&report->text);
        hw_buf_release(&report->warnings);
        hw_free(report);
    }
}

static enum hw_status report_status(const struct hw_report *report, struct hw_error *err) {
    if (report->json.status != HW_OK && err) {
        *err = report->json.error;
    }
    return report->json.status;
}

enum hw_status hw_report_add(struct hw_report *report, hw_report_write_fn *write, const void *what,
                             struct hw_error *err) {
    write(&report->json, what);
    return report_status(report, err);
}

enum hw_status hw_report_warn(struct hw_report *report, const struct hw_error *warning, struct hw_error *err) {
    char line[HW_REPORT_ERROR_BYTES];
    report->warnings_count++;
    if (report->warnings_count > HW_REPORT_WARNINGS_MAX) {
        return HW_OK;
    }
    hw_error_format(warning, line, sizeof(line));
    return hw_buf_append(&report->warnings, line, strlen(line) + 1, err);
}

enum hw_status hw_report_finish(struct hw_report *report, hw_report_write_fn *write_sums, const void *what,
                                struct hw_error *err) {
    struct hw_json_writer *json = &report->json;
    hw_json_list_end(json);
    if (report->warnings_count > 0) {
        const char *at = (const char *)report->warnings.data;
        const char *end = at + report->warnings.size;
        hw_json_count(json, "warnings_total", report->warnings_count);
        hw_json_list_begin(json, "warnings");
        for (; at < end; at += strlen(at) + 1) {
            hw_json_text(json, NULL, at);
        }
        hw_json_list_end(json);
    }
    write_sums(json, what);
    hw_json_object_end(json);
    HW_TRY(hw_json_end_text(json, err));
    return report->sink->ops->finish(report->sink, err);
}
