/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON of what a verification finds, as the report and the lines of --json have it. */
#ifndef HW_REPORT_VERIFY_H
#define HW_REPORT_VERIFY_H

#include <hawser/verify.h>

#include "core/json_write.h"

/* Each writes members of an object that has been begun. What is not known is left out. */
void hw_report_finding(struct hw_json_writer *json, const char *path, const struct hw_finding *finding);
void hw_report_verified(struct hw_json_writer *json, const struct hw_verified *file);
void hw_report_verify_sums(struct hw_json_writer *json, const struct hw_verify_sums *sums);

#endif
