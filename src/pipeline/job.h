/* SPDX-License-Identifier: Apache-2.0 */
/* One source object from opening to its lines in manifest and report: one conversion, or one for each member of a ZIP. */
#ifndef HW_PIPELINE_JOB_H
#define HW_PIPELINE_JOB_H

#include "manifest/manifest.h"
#include "pipeline/conversion.h"
#include "pipeline/plan.h"
#include "pipeline/targets.h"

/* What all jobs of a run share. Results go to `done`, one call at a time. */
struct hw_job_shared {
    struct hw_conversion_shared *conversion;
    struct hw_plan *plan;
    const struct hw_manifest *before;   /* of the last run, indexed; NULL where there is none */
    const struct hw_schema_file *given; /* NULL: inferred */
    const char *options_digest;
    unsigned formats;
    void (*done)(void *ctx, const struct hw_convert_object *object, const struct hw_target_files *files);
    void *ctx;
};

struct hw_job {
    struct hw_job *next;
    struct hw_job_shared *shared;
    const struct hw_plan_object *object;
    struct hw_source *source;
    struct hw_zip *zip;
    enum hw_packing packing;
    size_t member;
    size_t members;
    struct hw_conversion conversion;
    bool converting; /* the conversion has started: spans can be claimed */
    struct hw_targets targets;
    struct hw_targets_source origin;              /* of the member in work, as its targets see it */
    struct hw_target_files files;                 /* once converted */
    struct hw_arena arena;                        /* of the member in work */
    const char *name;                             /* of the text, for messages */
    const struct hw_convert_column *column_facts; /* once converted, where a report is wanted */
    uint64_t source_bytes;
    int64_t started_us;
    bool advancing; /* a worker is between spans: nobody else may touch it */
    size_t running; /* workers in a span: they come back to the job, so it may not end meanwhile */
};

HW_NODISCARD struct hw_job *hw_job_new(struct hw_job_shared *shared, const struct hw_plan_object *object);
/* Goes on until spans can be claimed or the job is over. True: it goes on; false: it is over, free it. */
bool hw_job_advance(struct hw_job *job);
void hw_job_free(struct hw_job *job);

#endif
