/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/check_report.h"

#include <stdarg.h>
#include <stdio.h>

struct hw_check_report hw_check_report_new(hw_finding_fn *found, void *ctx, struct hw_error *err) {
    return (struct hw_check_report){
        .found = found, .ctx = ctx, .err = err, .level = HW_VERIFY_FOOTER, .row_group = -1, .page = -1};
}

enum hw_status hw_check_tell(struct hw_check_report *report, enum hw_severity severity, const char *code,
                             int64_t offset, const char *format, ...) {
    char message[sizeof(((struct hw_error *)NULL)->message)];
    char path[HW_CHECK_PATH_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof(message), format, args);
    va_end(args);
    const struct hw_finding finding = {
        .level = report->level,
        .severity = severity,
        .code = code,
        .message = message,
        .row_group = report->row_group,
        .column = report->leaf ? hw_read_leaf_path(report->leaf, path, sizeof(path)) : NULL,
        .page = report->page,
        .offset = offset,
    };
    return report->found(report->ctx, &finding, report->err);
}

enum hw_status hw_check_tell_error(struct hw_check_report *report, const char *code, const struct hw_error *error) {
    return hw_check_tell(report, HW_SEVERITY_ERROR, code, error->offset, "%s", error->message);
}

bool hw_check_is_finding(enum hw_status status) {
    return status == HW_EDATA || status == HW_ECHECKSUM;
}

void hw_check_unread(struct hw_check_report *report, enum hw_status status, const struct hw_error *error) {
    char path[HW_CHECK_PATH_BYTES];
    if (report->unread) {
        return;
    }
    report->unread = status;
    report->unread_error = *error;
    if (report->page >= 0) {
        hw_error_prefix(&report->unread_error, "page %" PRId64, report->page);
    }
    if (report->leaf) {
        hw_error_join(&report->unread_error, report->page >= 0 ? ", " : ": ", "column %s",
                      hw_read_leaf_path(report->leaf, path, sizeof(path)));
    }
    if (report->row_group >= 0) {
        hw_error_join(&report->unread_error, ", ", "row group %" PRId64, report->row_group);
    }
}
