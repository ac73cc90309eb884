/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which columns of a call become of a narrower type. A column is decided once for all files of the
 * call, known by its path: what fits in all of them but one stays in all.
 */
#ifndef HW_PIPELINE_OPTIMIZE_SURVEY_H
#define HW_PIPELINE_OPTIMIZE_SURVEY_H

#include <hawser/optimize.h>

#include "core/crew.h"
#include "optimize/column_read.h"
#include "optimize/narrowing.h"

/* Start it zeroed but for the choice. */
struct hw_optimize_survey {
    struct hw_narrow_choice choice;
    struct hw_arena arena;
    /* The columns, each a struct of its own, in the order in which they were met. */
    struct hw_buf columns;
};

void hw_optimize_survey_release(struct hw_optimize_survey *survey);

/*
 * Looks at all values of a file in columns that may become narrower. Errors name the file, the row
 * group and the column.
 */
HW_NODISCARD enum hw_status hw_optimize_survey_file(struct hw_optimize_survey *survey, const struct hw_read_file *file,
                                                    struct hw_crew *crew, size_t memory_bytes, size_t page_bytes_max,
                                                    struct hw_error *err);

/* The decision for a leaf, and its reason in words; "" where there is nothing to say. */
struct hw_optimize_decision {
    struct hw_narrowing narrowing;
    const char *reason;
};

/*
 * Decides for each leaf of a file, in `arena`. Leaves whose column was not surveyed stay, and so do
 * leaves at or below an element of `kept`: it has an entry for each element of the schema, or is
 * NULL.
 */
HW_NODISCARD enum hw_status hw_optimize_survey_decide(const struct hw_optimize_survey *survey,
                                                      const struct hw_read_file *file, const bool *kept,
                                                      struct hw_arena *arena,
                                                      const struct hw_optimize_decision **out_decisions,
                                                      struct hw_error *err);

/*
 * Says in words what a column's values would allow, or why they stay what they are; "" where there
 * is nothing to say. In `arena`; NULL when out of memory.
 */
const char *hw_narrow_reason(const struct hw_narrow_survey *survey, const struct hw_narrow_choice *choice,
                             struct hw_arena *arena);

#endif
