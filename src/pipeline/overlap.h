/* SPDX-License-Identifier: Apache-2.0 */
/* Sources that outputs would take the place of: a run must neither lose its source nor read what it has written. */
#ifndef HW_PIPELINE_OVERLAP_H
#define HW_PIPELINE_OVERLAP_H

#include "pipeline/output.h"
#include "pipeline/plan.h"

/*
 * Where CSV is written to a folder inside one that was listed, what lies in it already is no source: it is, or could be,
 * what an earlier run has written. Takes it out of the plan; HW_ENOTFOUND where nothing stays.
 */
HW_NODISCARD enum hw_status hw_overlap_leave_out(struct hw_plan *plan, const struct hw_convert_options *options,
                                                 struct hw_error *err);

/*
 * HW_EUSAGE where an output of the plan, in any of `formats`, is one of its sources: the same file by whatever path, or
 * the same key in a bucket of the same service. Names of ZIP members are not known yet: their outputs are not looked at.
 */
HW_NODISCARD enum hw_status hw_overlap_check(struct hw_plan *plan, unsigned formats,
                                             const struct hw_output_options *output,
                                             const struct hw_convert_options *options, struct hw_error *err);

/*
 * HW_EUSAGE where a file of many that is to be made, `key`, is a source. After hw_overlap_check; any thread. `plan` keeps what it takes to know.
 */
HW_NODISCARD enum hw_status hw_overlap_refuse(const struct hw_plan *plan, const char *key, struct hw_error *err);

#endif
