/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sources that outputs would take the place of: a run must neither lose its source nor read what it
 * has written.
 */
#ifndef HW_PIPELINE_SOURCE_GUARD_H
#define HW_PIPELINE_SOURCE_GUARD_H

#include "manifest/manifest.h"
#include "pipeline/output.h"
#include "pipeline/plan.h"

/*
 * Learns what the run itself reads and writes besides its objects: schema file and report.
 * HW_EUSAGE where they are one.
 */
HW_NODISCARD enum hw_status hw_source_guard_open(struct hw_plan *plan, struct hw_error *err);

/*
 * True where something that the run writes could be one of its sources, so that all of them must be
 * known before anything is written: both are local files, or objects of one bucket.
 */
bool hw_source_guard_possible(const struct hw_plan *plan);

/*
 * `*out_left` is true for an object that is no source, though it was found in a folder: where CSV
 * is written to a folder inside that one, what lies in it already is, or could be, what an earlier
 * run has written. In the folder itself that is what `before`, the manifest that is there, tells to
 * be made of its sources. `before` is NULL where there is none. Any thread.
 */
HW_NODISCARD enum hw_status hw_source_guard_left_out(const struct hw_plan *plan, const struct hw_plan_object *object,
                                                     const struct hw_manifest *before, bool *out_left,
                                                     struct hw_error *err);

/*
 * Keeps what the object is, whatever its path: from now on nothing may take its place. Any thread.
 */
HW_NODISCARD enum hw_status hw_source_guard_keep(struct hw_plan *plan, const struct hw_plan_object *object,
                                                 struct hw_error *err);

/*
 * HW_EUSAGE where report or manifest would take the place of a source. The same object is the same
 * file by whatever path, or the same key in a bucket of the same service. Once all sources are kept
 * that these could be.
 */
HW_NODISCARD enum hw_status hw_source_guard_check_own(struct hw_plan *plan, struct hw_error *err);

/* The outputs that a run writes of each object. */
struct hw_source_guard_outputs {
    unsigned formats; /* of enum hw_format */
    const struct hw_output_options *output;
};
/*
 * HW_EUSAGE where an output of the object, or of a merge that begins with it, or its rejects file
 * would take the place of a source, the schema file or the report. Names of ZIP members and of many
 * files are not known yet: they are looked at by hw_source_guard_refuse; but numbered CSV files may
 * not go to the folder that was listed.
 */
HW_NODISCARD enum hw_status hw_source_guard_check(struct hw_plan *plan, const struct hw_plan_object *object,
                                                  const struct hw_source_guard_outputs *outputs, struct hw_error *err);

/*
 * HW_EUSAGE where `key` of the target, which is to be written or removed, is a source, the schema
 * file or the report. `role` is what would be written, "output". Any thread.
 */
HW_NODISCARD enum hw_status hw_source_guard_refuse(struct hw_plan *plan, const char *role, const char *key,
                                                   struct hw_error *err);

/* One path of the command line and how its store is reached. */
struct hw_source_guard_place {
    const char *role; /* "schema file", for messages */
    const char *path;
    const struct hw_store_options *options;
};
/*
 * HW_EUSAGE where `output` would take the place of `source`: the same file by whatever path, or the
 * same key.
 */
HW_NODISCARD enum hw_status hw_source_guard_two(const struct hw_source_guard_place *output,
                                                const struct hw_source_guard_place *source, struct hw_error *err);

#endif
