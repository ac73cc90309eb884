/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/check_report.h"

#include <stdarg.h>
#include <stdio.h>

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
        .page = -1,
        .offset = offset,
    };
    return report->found(report->ctx, &finding, report->err);
}

enum hw_status hw_check_tell_error(struct hw_check_report *report, const char *code, const struct hw_error *error) {
    return hw_check_tell(report, HW_SEVERITY_ERROR, code, error->offset, "%s", error->message);
}
