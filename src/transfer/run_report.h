/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The report of one call, or of several that write it together: what became of each object, the
 * warnings, and the sums of all (report/report.h). Any thread may add to it.
 */
#ifndef HW_TRANSFER_RUN_REPORT_H
#define HW_TRANSFER_RUN_REPORT_H

#include <hawser/transfer.h>

#include "core/error.h"
#include "report/costs.h"

/* Begins a report at a path, by the options of the store that it is in. */
HW_NODISCARD enum hw_status hw_run_report_new(const char *path, const struct hw_store_options *store,
                                              struct hw_transfer_report **out_report, struct hw_error *err);
/*
 * Adds what became of an object, or the sums of a call. A report of NULL takes nothing. Failures to
 * write are told by hw_transfer_report_finish.
 */
void hw_run_report_object(struct hw_transfer_report *report, const struct hw_transfer_object *object);
void hw_run_report_sums(struct hw_transfer_report *report, const struct hw_transfer_result *result);
/* Finishes a report as hw_transfer_report_finish does, with what it has cost; NULL: untold. */
HW_NODISCARD enum hw_status hw_run_report_finish(struct hw_transfer_report *report, enum hw_status status,
                                                 const struct hw_costs *costs, struct hw_error *err);

#endif
