/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON of files that were optimised, as the report and the lines of --json have it. */
#ifndef HW_REPORT_OPTIMIZE_H
#define HW_REPORT_OPTIMIZE_H

#include <hawser/optimize.h>

#include "core/json_write.h"

/*
 * Returns the word of an outcome: "rewritten", "kept", "already", "planned", "skipped", "failed".
 */
const char *hw_optimize_outcome_word(enum hw_optimize_outcome outcome);

/* Each writes members of an object that has been begun. */
void hw_report_optimized(struct hw_json_writer *json, const struct hw_optimized *file);
void hw_report_optimize_sums(struct hw_json_writer *json, const struct hw_optimize_sums *sums);

#endif
