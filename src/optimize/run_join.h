/* SPDX-License-Identifier: Apache-2.0 */
/* Makes one run of several (optimize/sort_run.h), where these are too many to be read together. */
#ifndef HW_OPTIMIZE_RUN_JOIN_H
#define HW_OPTIMIZE_RUN_JOIN_H

#include "optimize/run_rows.h"

struct hw_run_join {
    const struct hw_sort_run *runs;
    size_t runs_count;
    /* The one in which they lie, and the one in which the run will. */
    struct hw_sort_spill *from;
    struct hw_sort_spill *to;
    /* The options with which runs are made. */
    const struct hw_sort_run_options *options;
};

/* Makes the run, which is to be released. HW_EIO where there is no room for it. */
HW_NODISCARD enum hw_status hw_run_join(const struct hw_run_join *join, struct hw_sort_run *out_run,
                                        struct hw_error *err);

#endif
