/* SPDX-License-Identifier: Apache-2.0 */
/* An estimate, from some of their rows, of how large files would become by being optimised. */
#ifndef HW_PIPELINE_OPTIMIZE_SAMPLE_H
#define HW_PIPELINE_OPTIMIZE_SAMPLE_H

#include "pipeline/optimize_alike.h"
#include "pipeline/optimize_output.h"

struct hw_optimize_sample {
    const struct hw_optimize_work *work;
    struct hw_crew *crew;
    const struct hw_optimize_alike *lot;
    /* The files of the lot that are looked at; others count as they are. */
    const bool *looked_at;
};

/*
 * Encodes some rows, taken from four places of the files that are looked at, and tells by how much
 * their column chunks get smaller: a factor of 1 at most, 1 also where there are no rows. The same
 * files and options give the same factor, whatever the number of threads.
 */
HW_NODISCARD enum hw_status hw_optimize_sample_run(const struct hw_optimize_sample *sample, double *out_factor,
                                                   struct hw_error *err);

#endif
