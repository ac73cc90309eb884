/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/line_report.h"

#include "pipeline/pipe.h"
#include "store/location.h"

/* The bytes that are gathered before the sink sees them. */
enum { LINES_BYTES = 256 << 10 };

enum hw_status hw_line_report_open(struct hw_line_report *report, const char *path,
                                   const struct hw_store_options *options, struct hw_error *err) {
    const struct hw_io_stop stop = {options->cancelled, options->cancelled_ctx};
    if (!path) {
        return HW_OK;
    }
    if (strcmp(path, "-") != 0) {
        return hw_store_sink_at(path, options, "application/x-ndjson", &report->store, &report->sink, err);
    }
    HW_TRY(hw_pipe_store_open(hw_pipe_output_fd(0), &stop, &report->store, err));
    return report->store->ops->sink_open(report->store, "-", NULL, &report->sink, err);
}

void hw_line_report_release(struct hw_line_report *report) {
    if (report->sink) {
        report->sink->ops->free(report->sink);
    }
    if (report->store) {
        hw_store_close(report->store);
    }
    hw_buf_release(&report->lines);
}

static enum hw_status lines_write(struct hw_line_report *report, size_t least, struct hw_error *err) {
    if (!report->sink) {
        hw_buf_clear(&report->lines);
    }
    if (report->lines.size < least) {
        return HW_OK;
    }
    HW_TRY(report->sink->ops->write(report->sink, report->lines.data, report->lines.size, err));
    hw_buf_clear(&report->lines);
    return HW_OK;
}

struct hw_json_writer hw_line_report_begin(struct hw_line_report *report) {
    struct hw_json_writer json = {.out = &report->lines, .style = HW_JSON_COMPACT};
    hw_json_object_begin(&json, NULL);
    return json;
}

enum hw_status hw_line_report_end(struct hw_line_report *report, struct hw_json_writer *json, struct hw_error *err) {
    hw_json_object_end(json);
    HW_TRY(hw_json_end_text(json, err));
    return lines_write(report, LINES_BYTES, err);
}

enum hw_status hw_line_report_finish(struct hw_line_report *report, struct hw_error *err) {
    HW_TRY(lines_write(report, 1, err));
    return report->sink ? report->sink->ops->finish(report->sink, err) : HW_OK;
}
