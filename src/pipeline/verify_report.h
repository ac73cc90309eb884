/* SPDX-License-Identifier: Apache-2.0 */
/* The report of a verification: lines of JSON, which appear as a whole at its end. */
#ifndef HW_PIPELINE_VERIFY_REPORT_H
#define HW_PIPELINE_VERIFY_REPORT_H

#include <hawser/verify.h>

#include "core/buf.h"

/* Start it zeroed. Without a path nothing is written. */
struct hw_verify_report {
    struct hw_store *store;
    struct hw_sink *sink;
    struct hw_buf lines;
};

/* Opens a file or object to be written; `path` may be NULL. Released on failure too. */
HW_NODISCARD enum hw_status hw_verify_report_open(struct hw_verify_report *report, const char *path,
                                                  const struct hw_store_options *options, struct hw_error *err);
/* A report that was not finished leaves no trace. */
void hw_verify_report_release(struct hw_verify_report *report);
HW_NODISCARD enum hw_status hw_verify_report_finding(struct hw_verify_report *report, const char *path,
                                                     const struct hw_finding *finding, struct hw_error *err);
HW_NODISCARD enum hw_status hw_verify_report_file(struct hw_verify_report *report, const struct hw_verified *file,
                                                  struct hw_error *err);
/* Writes the sums, and gives the report its name. */
HW_NODISCARD enum hw_status hw_verify_report_finish(struct hw_verify_report *report, const struct hw_verify_sums *sums,
                                                    struct hw_error *err);

#endif
