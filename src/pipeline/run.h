/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The workers of a run: each takes the oldest work there is, a part of an object in work or an
 * object of the plan.
 */
#ifndef HW_PIPELINE_RUN_H
#define HW_PIPELINE_RUN_H

#include "pipeline/job.h"

struct hw_run_options {
    /* NULL: never; called by the calling thread, a few times a second */
    void (*on_progress)(void *ctx);
    void *ctx;
};

/*
 * Does all objects of the plan; returns when every worker has ended. Outcomes go to context->done.
 */
HW_NODISCARD enum hw_status hw_run(struct hw_run_context *context, const struct hw_run_options *options,
                                   struct hw_error *err);

#endif
