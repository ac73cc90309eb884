/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The JSON of one object's outcome, and of the sums of a run. The report and the lines of --json
 * both come from here.
 */
#ifndef HW_REPORT_OBJECT_H
#define HW_REPORT_OBJECT_H

#include <hawser/convert.h>

#include "core/json_write.h"

enum {
    /* So many sources of a merge are listed. */
    HW_OBJECT_SOURCES_MAX = 10000,
    /* The name of a column's type has room. */
    HW_OBJECT_TYPE_BYTES = 64,
};

/* Returns "converted", "skipped", "planned" or "failed". */
const char *hw_object_outcome_name(enum hw_convert_outcome outcome);

/*
 * Writes one JSON object. `type` is the value of its first key, "type"; NULL leaves that out. Every
 * key is there for every object, null where there is nothing to say. Only a merge has the keys on
 * its sources, and only what is known of a column is there. The object is written as it comes:
 * there may be 100,000 outputs.
 */
void hw_object_write(struct hw_json_writer *json, const char *type, const struct hw_convert_object *object);

/* Returns why an object has its outcome, in words for people. */
const char *hw_object_reason_text(enum hw_convert_reason reason);

/* Writes how a run has ended and its sums, as keys of the JSON object that is open. */
void hw_object_sums_write(struct hw_json_writer *json, enum hw_status status, const struct hw_convert_result *result);

/* Both as a report takes them (report/report.h). */
void hw_object_report(struct hw_json_writer *json, const void *object);
/* The sums and the status of a run, for hw_object_sums_report. */
struct hw_object_sums {
    enum hw_status status;
    const struct hw_convert_result *result;
};
void hw_object_sums_report(struct hw_json_writer *json, const void *sums);

#endif
