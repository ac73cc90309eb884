/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The report of a call that tells of one file after the other: lines of JSON, which appear as a
 * whole at its end.
 */
#ifndef HW_PIPELINE_LINE_REPORT_H
#define HW_PIPELINE_LINE_REPORT_H

#include <hawser/store.h>

#include "core/buf.h"
#include "core/json_write.h"

/* Start it zeroed. Without a path nothing is written, whatever is told. */
struct hw_line_report {
    struct hw_store *store;
    struct hw_sink *sink;
    struct hw_buf lines;
};

/* Opens a file or object to be written; `path` may be NULL. Released on failure too. */
HW_NODISCARD enum hw_status hw_line_report_open(struct hw_line_report *report, const char *path,
                                                const struct hw_store_options *options, struct hw_error *err);
/* A report that was not finished leaves no trace. */
void hw_line_report_release(struct hw_line_report *report);
/* Begins a line, an object, whose members the caller writes before hw_line_report_end. */
struct hw_json_writer hw_line_report_begin(struct hw_line_report *report);
HW_NODISCARD enum hw_status hw_line_report_end(struct hw_line_report *report, struct hw_json_writer *json,
                                               struct hw_error *err);
/* Gives the report its name. */
HW_NODISCARD enum hw_status hw_line_report_finish(struct hw_line_report *report, struct hw_error *err);

#endif
