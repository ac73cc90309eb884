/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From opening to lines in manifest and report: one source object, which is one conversion, or one for each member of a ZIP; or all objects of the plan, merged to one conversion: then
 * workers first look at all of them.
 */
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
    struct hw_journals *journals;       /* of the folder; NULL where there are none */
    const struct hw_schema_file *given; /* NULL: inferred */
    const char *options_digest;
    unsigned formats;
    void (*done)(void *ctx, const struct hw_convert_object *object, const struct hw_target_files *files);
    void *ctx;
};

enum hw_job_stage { HW_JOB_START, HW_JOB_LOOKING, HW_JOB_CONVERTING };

enum hw_job_next {
    HW_JOB_GOES_ON, /* parts can be claimed */
    HW_JOB_OVER,    /* its outcomes are told: free it */
    HW_JOB_WAITS, /* it needs more memory than is free: it has let go of what it held, and goes on once it has `work_bytes` */
};

struct hw_job {
    struct hw_job *next;
    struct hw_job_shared *shared;
    const struct hw_plan_object *objects;
    struct hw_origin *origins; /* one an object */
    size_t origins_count;
    bool merged;
    struct hw_input input; /* where it is a single one: taken until the job ends */
    enum hw_job_stage stage;
    size_t member;         /* next or in work, of a single one */
    bool member_claimed;   /* the plan knows already where the outputs of the member in work go */
    uint64_t work_bytes;   /* of the run's memory for work, that it has taken, or needs to go on */
    size_t members_wanted; /* of a single one that is open */
    struct hw_texts texts;
    struct hw_conversion conversion;
    struct hw_targets targets;
    struct hw_targets_source origin;              /* of the conversion in work, as its targets see it */
    struct hw_target_files files;                 /* once converted */
    struct hw_arena arena;                        /* of the conversion in work */
    const char *name;                             /* for messages: of the text, or of all of them */
    const struct hw_convert_column *column_facts; /* once converted, where a report is wanted */
    uint64_t source_bytes;                        /* of the object, or all of them */
    int64_t source_mtime_us;                      /* the latest */
    const char *source_etag;                      /* of a merge: a digest of all objects' facts */
    int64_t started_us;
    bool advancing; /* a worker takes it to its next stage: nobody else may touch it */
    size_t running; /* workers in a part: they come back to the job, so it may not end meanwhile */
};

/* Returns the memory for work that a job of these objects takes before it begins. */
uint64_t hw_job_work_bytes(const struct hw_job_shared *shared, const struct hw_plan_object *objects, size_t count);
/*
 * A job of `count` objects that follow each other in the plan: more than one to be merged. The caller has taken
 * hw_job_work_bytes for it, which hw_job_free gives back.
 */
HW_NODISCARD struct hw_job *hw_job_new(struct hw_job_shared *shared, const struct hw_plan_object *objects,
                                       size_t count);
/* Goes on until parts can be claimed, the job is over, or it has to wait for memory. */
enum hw_job_next hw_job_advance(struct hw_job *job);
void hw_job_free(struct hw_job *job);

/* A part of its work, an object to look at or a span; false where there is none at present. Any thread. */
bool hw_job_claim(struct hw_job *job, size_t *out_part);
/* Does a claimed part. Any thread. */
void hw_job_run(struct hw_job *job, size_t part);
/* True once nothing is left to claim or running at this stage. */
bool hw_job_rests(struct hw_job *job);

#endif
