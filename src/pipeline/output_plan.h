/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The places of a source's outputs, whether they are there already, and what has become of them:
 * between the plan, the manifest and the outputs.
 */
#ifndef HW_PIPELINE_OUTPUT_PLAN_H
#define HW_PIPELINE_OUTPUT_PLAN_H

#include "manifest/manifest.h"
#include "pipeline/journal.h"
#include "pipeline/output.h"
#include "pipeline/plan.h"
#include "pipeline/target_keys.h"
#include "pipeline/warn.h"

/* One source as its outputs see it. Everything is borrowed. */
struct hw_output_plan_source {
    struct hw_plan *plan;
    const struct hw_manifest *before; /* of the last run, sealed; NULL where there is none */
    struct hw_journals *journals;     /* NULL where there are none */
    const struct hw_target_keys *target_keys;
    const struct hw_warn *warn;
    const struct hw_convert_options *options;
    const struct hw_output_options *output;
    unsigned formats;
    const char *options_digest;
    const char *base; /* where its outputs lie below the destination, without extension */
    const char *name; /* of the source, in the manifest */
    uint64_t bytes;
    int64_t mtime_us;
    const char *etag;
    uint64_t rows_limit;    /* the rows behind which it was left; 0: it was read whole */
    struct hw_arena *arena; /* texts live here */
};

/* Files that were made of a source, and those that went because they were not made again. */
struct hw_output_files {
    struct hw_convert_output *outputs;
    /* of the same files, in byte order of their paths; `order` says which output */
    struct hw_manifest_entry *entries;
    size_t count;
    /* of the last manifest: where the entries of files lie that are there no more */
    uint64_t *gone;
    size_t gone_count;
    const char *source; /* as the manifest names it */
    bool kept;          /* something that should have gone is still there */
    /* of these, what could not be removed: rows that no source has any more are in the folder */
    size_t unremoved;
    bool journalled;
    size_t journal; /* number among our own */
};

/* Names the outputs in every format. `source` must stay as long as `out_targets` is in use. */
HW_NODISCARD enum hw_status hw_output_plan_make(const struct hw_output_plan_source *source,
                                                struct hw_output_plan *out_targets, struct hw_error *err);
/* Leaves only those that are to be written, by the overwrite rule. */
HW_NODISCARD enum hw_status hw_output_plan_choose(const struct hw_output_plan_source *source,
                                                  struct hw_output_plan *output_plan, struct hw_error *err);
/*
 * Describes the files that are closed and about to be published, of a source of which `rejected`
 * records were rejected. Paths are borrowed from `outputs`.
 */
HW_NODISCARD enum hw_status hw_output_plan_files(const struct hw_output_plan_source *source,
                                                 const struct hw_outputs *outputs, uint64_t rejected,
                                                 struct hw_output_files *out_files, struct hw_error *err);
/*
 * Adds what is only known of published files: ETags and times. Cannot fail: the files are there.
 * Sinks that have nothing more to tell go.
 */
void hw_output_plan_published(struct hw_outputs *outputs, struct hw_output_files *files);

#endif
