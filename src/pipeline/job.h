/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A job: from opening to lines in manifest and report. It makes one table after the other of one
 * source object, one for each member of a ZIP that is asked for; or a single table of all objects
 * of the plan, where they are merged.
 */
#ifndef HW_PIPELINE_JOB_H
#define HW_PIPELINE_JOB_H

#include "pipeline/conversion.h"
#include "pipeline/input_format.h"
#include "pipeline/sampling.h"
#include "pipeline/source_objects.h"

/* The state of the table in work. */
enum hw_job_state {
    HW_JOB_OPEN,    /* the next table is found, and where its outputs go */
    HW_JOB_SAMPLE,  /* workers look at its objects */
    HW_JOB_ADMIT,   /* its columns are decided, and it takes the memory that they ask for */
    HW_JOB_READ,    /* workers read its parts */
    HW_JOB_REDO,    /* a type must widen: its outputs are dropped, and made again */
    HW_JOB_GATHER,  /* workers encode the rows that were put aside, one partition after the other */
    HW_JOB_PUBLISH, /* its outputs become visible */
    HW_JOB_ENDED,   /* no table is left: the job can be freed */
    HW_JOB_STATE_COUNT,
};

/* The event that a state has come to. */
enum hw_job_event {
    HW_JOB_DONE,      /* what the state is for */
    HW_JOB_MISFIT,    /* a value did not fit its column */
    HW_JOB_SPILLED,   /* rows were put aside */
    HW_JOB_NO_MEMORY, /* the table has to wait for memory, and has let go of everything */
    HW_JOB_TABLE_END, /* the table's outcome is known */
    HW_JOB_NO_TABLE,  /* no table is left */
    HW_JOB_EVENT_COUNT,
};

/* Returns the state that follows, or HW_JOB_STATE_COUNT where that event cannot be. */
enum hw_job_state hw_job_state_next(enum hw_job_state state, enum hw_job_event event);

/* The run's next step with a job that has gone on. */
enum hw_job_next {
    HW_JOB_WORK, /* parts can be claimed */
    /* its table is to be published, which waits for disks and services: it goes on at any time */
    HW_JOB_ENDING,
    /* it needs more memory than is free: it goes on once it has been given `work_bytes` */
    HW_JOB_WAIT,
    HW_JOB_TURN, /* of a dry run: it has an outcome to tell once it is the oldest job in work */
    HW_JOB_FREE, /* all outcomes are told */
};

struct hw_job {
    struct hw_job *next; /* in a list of the run's */
    struct hw_run_context *run;
    enum hw_job_state state;

    struct hw_source_objects sources;
    /* The only object of a job that merges nothing: it is freed with the job. */
    struct hw_plan_object *own;
    bool merged;
    struct hw_table_set *tables; /* NULL: not made yet */
    size_t table;                /* number of the next one, or of the one in work */
    /* The plan knows already where the outputs of the table in work go. */
    bool table_claimed;
    /* of the run's memory for work: that it has taken, or, where it waits, needs */
    uint64_t work_bytes;

    /* The rest is of the table in work, and is dropped with it. */
    struct hw_arena arena;
    const char *name; /* for messages: of its input, or of all of them */
    uint64_t source_bytes;
    int64_t source_mtime_us; /* the latest */
    const char *source_etag; /* of a merge: a digest of what is known of all objects */
    int64_t started_us;
    char *options_digest; /* with a survey: of the options and its types */
    struct hw_output_plan_source targets_source;
    struct hw_output_plan output_plan;
    struct hw_table_reader *reader;
    struct hw_sampling sampling;
    struct hw_conversion conversion;
    enum hw_convert_outcome outcome;              /* once the table has ended */
    struct hw_error error;                        /* of an outcome that is HW_CONVERT_FAILED */
    const struct hw_convert_column *column_facts; /* once converted, where a report is wanted */
    struct hw_output_files files;                 /* once converted */

    bool reads; /* A table of it is read, or was. */

    /* The run's, under its lock. */
    bool outcome_due; /* The outcome of the table is still to be told. */
    bool turn_due;    /* Its outcome waits for its turn. Only the oldest job goes on then. */
    /* A worker takes it to another state: nobody else may touch it. */
    bool advancing;
    bool ending;    /* Its table is being published, or that comes next. */
    size_t running; /* workers in a part: they come back to the job, which may not end before */
};

/* Returns the memory for work that a job of these objects takes before it begins. */
uint64_t hw_job_work_bytes(const struct hw_run_context *run, const struct hw_lister_work *work);
/*
 * Makes a job of objects. Those that are merged are borrowed; a single one is the job's from now
 * on. The caller has taken hw_job_work_bytes for it, which
 * hw_job_free gives back. NULL where there is no memory: then nothing has changed hands.
 */
HW_NODISCARD struct hw_job *hw_job_new(struct hw_run_context *run, const struct hw_lister_work *work);
void hw_job_free(struct hw_job *job);

/*
 * Goes from state to state until there are parts to claim, its table is to be published, or there
 * is another reason to stop. No worker is in a part. `oldest`: no job in work is older than it.
 */
enum hw_job_next hw_job_advance(struct hw_job *job, bool oldest);

/*
 * Claims a part of its work, an object to look at or a part to read. Returns false where there is
 * none. Any thread.
 */
bool hw_job_claim(struct hw_job *job, struct hw_queue_claim *out_claim);
/* Does a claimed part. Any thread. */
void hw_job_run(struct hw_job *job, const struct hw_queue_claim *claim);
/* Returns true once nothing is left to claim or running in this state. */
bool hw_job_rests(struct hw_job *job);

#endif
