/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The report of a run, JSON: what was done with every object, then the sums. It goes to its sink as
 * it comes, so that it takes little memory however many objects there are.
 */
#ifndef HW_REPORT_REPORT_H
#define HW_REPORT_REPORT_H

#include <hawser/io.h>

#include "core/error.h"
#include "core/json_write.h"

enum { HW_REPORT_WARNINGS_MAX = 1000 /* so many are kept; the others are counted */ };

struct hw_report;

/* Begins a report in `sink`, which it takes, also on failure. `started_us` since 1970. */
HW_NODISCARD enum hw_status hw_report_new(struct hw_sink *sink, int64_t started_us, struct hw_report **out_report,
                                          struct hw_error *err);
/* Writes what became of an object, one JSON value, or the sums of a run, as keys. */
typedef void hw_report_write_fn(struct hw_json_writer *json, const void *what);

/*
 * Adds an object's outcome. After a failure only hw_report_free may be called, as with
 * hw_report_finish.
 */
HW_NODISCARD enum hw_status hw_report_add(struct hw_report *report, hw_report_write_fn *write, const void *what,
                                          struct hw_error *err);
/* Adds a warning, which comes after the objects. */
HW_NODISCARD enum hw_status hw_report_warn(struct hw_report *report, const struct hw_error *warning,
                                           struct hw_error *err);
/* Writes the sums and how the run has ended, by `write_sums`, and publishes the report. */
HW_NODISCARD enum hw_status hw_report_finish(struct hw_report *report, hw_report_write_fn *write_sums, const void *what,
                                             struct hw_error *err);
/* Without hw_report_finish nothing of the report stays. Accepts NULL. */
void hw_report_free(struct hw_report *report);

#endif
