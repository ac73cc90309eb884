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
 * HW_EUSAGE where something that the run writes is one of its sources or the schema file, or two of these would be one:
 * outputs in any of `formats`, rejects files, manifest and report. The same object is the same file by whatever path, or
 * the same key in a bucket of the same service. Names of ZIP members and of many files are not known yet: they are
 * looked at by hw_overlap_refuse.
 */
HW_NODISCARD enum hw_status hw_overlap_check(struct hw_plan *plan, unsigned formats,
                                             const struct hw_output_options *output,
                                             const struct hw_convert_options *options, struct hw_error *err);

/*
 * HW_EUSAGE where `key` of the target, which is to be written or removed, is a source, the schema file or the report.
 * `role` is what would be written, "output". After hw_overlap_check, whose knowledge the plan keeps; any thread.
 */
HW_NODISCARD enum hw_status hw_overlap_refuse(const struct hw_plan *plan, const char *role, const char *key,
                                              struct hw_error *err);

/* One path of the command line and how its store is reached. */
struct hw_overlap_place {
    const char *role; /* "schema file", for messages */
    const char *path;
    const struct hw_store_options *options;
};
/* HW_EUSAGE where `output` would take the place of `source`: the same file by whatever path, or the same key. */
HW_NODISCARD enum hw_status hw_overlap_two(const struct hw_overlap_place *output, const struct hw_overlap_place *source,
                                           struct hw_error *err);

#endif
