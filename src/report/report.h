/* SPDX-License-Identifier: Apache-2.0 */
/* The report of a run, JSON: what was done with every object, and the sums. */
#ifndef HW_REPORT_REPORT_H
#define HW_REPORT_REPORT_H

#include <hawser/convert.h>

#include "core/buf.h"

enum { HW_REPORT_SOURCES_MAX = 10000 }; /* of a merge so many are listed */

struct hw_report;

HW_NODISCARD enum hw_status hw_report_new(struct hw_report **out_report, struct hw_error *err);
void hw_report_free(struct hw_report *report);
/* Adds an object's outcome. */
HW_NODISCARD enum hw_status hw_report_add(struct hw_report *report, const struct hw_convert_object *object,
                                          struct hw_error *err);
/* The JSON of all that was added. `started_us` since 1970. */
HW_NODISCARD enum hw_status hw_report_write(struct hw_report *report, const struct hw_convert_result *result,
                                            int64_t started_us, struct hw_buf *out, struct hw_error *err);

#endif
