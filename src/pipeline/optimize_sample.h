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
 * Encodes some rows of the files that are looked at, and tells for each file of the lot what its
 * column chunks come to, as a factor of what they take now: 1 for files that are not looked at, and
 * where there are no rows. Files of one codec and of the same encodings have one factor, from four
 * places of all of them. The same files and options give the same factors, whatever the number of
 * threads.
 */
HW_NODISCARD enum hw_status hw_optimize_sample_run(const struct hw_optimize_sample *sample, double *out_factors,
                                                   struct hw_error *err);

#endif
