/* SPDX-License-Identifier: Apache-2.0 */
/* The facts that are told of the columns of a file that was optimised. */
#ifndef HW_PIPELINE_OPTIMIZE_COLUMNS_H
#define HW_PIPELINE_OPTIMIZE_COLUMNS_H

#include <hawser/optimize.h>

#include "optimize/file_plan.h"
#include "optimize/file_rewrite.h"
#include "pipeline/optimize_survey.h"

struct hw_optimize_columns_of {
    const struct hw_read_file *file;
    const struct hw_file_plan *plan;
    /* The sums of the new columns; NULL: the columns stay as they are. */
    const struct hw_rewritten_column *made;
    /* The decisions for the leaves of the file; NULL: nothing was asked for. */
    const struct hw_optimize_decision *decisions;
    enum hw_codec codec;
};

/* Describes all columns of the plan in `arena`. */
HW_NODISCARD enum hw_status hw_optimize_columns_tell(const struct hw_optimize_columns_of *of, struct hw_arena *arena,
                                                     const struct hw_optimized_column **out_columns,
                                                     struct hw_error *err);

#endif
