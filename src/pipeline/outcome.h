/* SPDX-License-Identifier: Apache-2.0 */
/* Outcomes: callers, report and manifest are told what became of a table. */
#ifndef HW_PIPELINE_OUTCOME_H
#define HW_PIPELINE_OUTCOME_H

#include "pipeline/conversion.h"

/* Everything that is known of a table when its outcome is told. All of it is borrowed. */
struct hw_outcome {
    const char *name;
    bool merged;
    size_t objects_count;
    uint64_t source_bytes;
    int64_t started_us;
    /* what it has come to; its `reader` is NULL where it was never open */
    const struct hw_conversion *conversion;
    const struct hw_output_plan *output_plan;
    const struct hw_output_files *files;
    const struct hw_convert_column *column_facts;
    struct hw_arena *arena; /* for texts */
};

/* Tells the run of an outcome. `error` is NULL unless it is HW_CONVERT_FAILED. */
void hw_outcome_tell(const struct hw_run_context *run, const struct hw_outcome *known, enum hw_convert_outcome outcome,
                     const struct hw_error *error);

#endif
