/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The context of a run: what all its objects share. It does not change once the run has begun, but
 * for the budgets and the counters, which any thread may use.
 */
#ifndef HW_PIPELINE_RUN_CONTEXT_H
#define HW_PIPELINE_RUN_CONTEXT_H

#include <stdatomic.h>

#include "core/budget.h"
#include "csv/schema_file.h"
#include "manifest/manifest.h"
#include "pipeline/journal.h"
#include "pipeline/lister.h"
#include "pipeline/output.h"
#include "pipeline/settings.h"
#include "pipeline/output_plan.h"
#include "pipeline/target_keys.h"
#include "pipeline/type_survey.h"
#include "pipeline/warn.h"

struct hw_run_context {
    const struct hw_convert_options *options;
    struct hw_output_options output;
    struct hw_settings settings;
    unsigned formats; /* of enum hw_format */
    const char *options_digest;
    struct hw_plan *plan;
    struct hw_left_out *left_out; /* counts members of ZIPs that are no tables */
    /* gives the objects; it is used under the lock of the run alone */
    struct hw_lister *lister;
    const struct hw_manifest *before; /* of the last run, sealed; NULL where there is none */
    struct hw_journals *journals;     /* of the folder; NULL where there are none */
    struct hw_target_keys target_keys;
    const struct hw_schema_file *given; /* NULL: types are inferred */
    struct hw_type_survey *survey;      /* NULL: each table has the types of its own values */
    struct hw_warn warn;

    bool divided;           /* The budgets are open. */
    struct hw_budget queue; /* of encoded rows that wait for their turn */
    struct hw_budget work;  /* lent to jobs and workers */
    /* of 1: who has it may work on a record that is longer than what workers share */
    struct hw_budget alone;
    sem_t verify_slots; /* of outputs that are read again at once */
    /* of text that was read, none twice however often it is read */
    atomic_uint_fast64_t bytes_done;
    atomic_uint_fast64_t rows_done;
    /* of sources that were not read, because their outputs are there, or because they failed */
    atomic_uint_fast64_t bytes_unread;
    atomic_uint_fast64_t failed; /* outcomes that are HW_CONVERT_FAILED */
    uint64_t not_tried;          /* objects that were not begun, once hw_run has returned */

    bool (*cancelled)(const struct hw_run_context *run);
    /* Tells what became of an object. Any thread; the receiver lets in one at a time. */
    void (*done)(void *ctx, const struct hw_convert_object *object, const struct hw_output_files *files);
    /* Called where new work can be claimed while a part is in work. Not while a lock is held. */
    void (*wake)(void *wake_ctx);
    void *wake_ctx;
    void *ctx;
};

/* Asks the options of the run: for `cancelled`, where nothing else stops it. */
static inline bool hw_run_cancelled(const struct hw_run_context *run) {
    return run->options->cancelled && run->options->cancelled(run->options->ctx);
}

#endif
