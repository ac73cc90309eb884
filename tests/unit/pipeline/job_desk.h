/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A run of one job in a folder, from CSV to CSV, that goes on by hand: what each step comes to is
 * kept as text.
 */
#ifndef HW_TESTS_JOB_DESK_H
#define HW_TESTS_JOB_DESK_H

#include <stdio.h>
#include <stdlib.h>

#include "pipeline/job.h"
#include "support/rows.h"
#include "support/scratch.h"

enum { TEXT_BYTES = 4096 };

struct desk {
    struct scratch scratch;
    struct hw_convert_options options;
    struct hw_plan plan;
    struct hw_lister lister;
    struct hw_run_context context;
    struct hw_schema_file given;
    struct hw_job *job;
    /* the state after each advance, and what the run is to do: "SAMPLE READ free" */
    char trace[256];
    char told[TEXT_BYTES];
    char errors[TEXT_BYTES];
    bool cancelled;
    uint64_t others_bytes; /* of the memory for work, that another job has */
    void (*hook)(struct desk *desk);
};

static inline bool desk_cancelled(const struct hw_run_context *context) {
    return ((const struct desk *)context->ctx)->cancelled;
}

static inline void desk_wake(void *ctx) {
    (void)ctx;
}

static inline void text_add(char text[TEXT_BYTES], const char *more) {
    const size_t used = strlen(text);
    snprintf(text + used, TEXT_BYTES - used, "%s%s", used > 0 ? "; " : "", more);
}

/* "converted a.csv 2+0" are two rows and no rejects of a source in the folder. */
static inline void desk_done(void *ctx, const struct hw_convert_object *object, const struct hw_output_files *files) {
    static const char *const outcomes[] = {"converted", "skipped", "planned", "failed"};
    struct desk *desk = ctx;
    const size_t folder = strlen(desk->scratch.folder);
    const bool inside = strncmp(object->source, desk->scratch.folder, folder) == 0;
    char line[1024];
    assert_non_null(files);
    snprintf(line, sizeof(line), "%s %s %" PRIu64 "+%" PRIu64, outcomes[object->outcome],
             object->source + (inside ? folder : 0), object->rows_out, object->rejected);
    text_add(desk->told, line);
    assert_int_equal(object->error != NULL, object->outcome == HW_CONVERT_FAILED);
    if (object->error) {
        const char *at = strrchr(object->error->object, '/');
        snprintf(line, sizeof(line), "%s: %.300s [%s]", hw_status_name(object->error->status), object->error->message,
                 at ? at + 1 : object->error->object);
        text_add(desk->errors, line);
    }
}

/* Files may be written, and options set, between this and desk_plan. */
static inline void desk_open(struct desk *desk) {
    *desk = (struct desk){.scratch = scratch_make()};
    desk->options = (struct hw_convert_options){.formats = HW_FORMAT_CSV, .memory_bytes = HW_MIB(256)};
    desk->options.overwrite = HW_OVERWRITE_REPLACE;
}

/*
 * Plans sources, "a.csv b.csv", and makes a job of all of them, which are to be merged, or of the
 * only one.
 */
static inline void desk_plan(struct desk *desk, const char *sources, const char *destination) {
    char paths[3][600];
    const char *const names[] = {paths[0], paths[1], paths[2]};
    char target[600];
    size_t count = 0;
    struct hw_error err = HW_ERROR_INIT;
    for (const char *name = sources; *name; count++) {
        const size_t bytes = strcspn(name, " ");
        snprintf(paths[count], sizeof(paths[count]), "%s%.*s", desk->scratch.folder, (int)bytes, name);
        name += bytes + (name[bytes] == ' ');
    }
    snprintf(target, sizeof(target), "%s%s", desk->scratch.folder, destination);
    const struct hw_lister_options listing = {.outputs = {HW_FORMAT_CSV, &desk->context.output}};
    struct hw_lister_work work;
    desk->context = (struct hw_run_context){.options = &desk->options};
    desk->lister = (struct hw_lister){0};
    assert_ok(hw_plan_open(&desk->plan, names, count, target, &desk->options, &err), err);
    assert_ok(hw_lister_start(&desk->lister, &desk->plan, &listing, &err), err);
    assert_int_equal(hw_lister_sums(&desk->lister).objects, count);
    assert_int_equal(hw_lister_look(&desk->lister, &work), HW_WINDOW_OBJECT);
    const struct hw_settings_network asked = {0};
    const struct hw_settings_facts facts = {
        .memory_bytes = desk->options.memory_bytes,
        .threads = 1,
        .connections = 1,
        .objects = count,
        .formats = 1,
        .descriptors_max = UINT64_MAX,
        .column_bytes = hw_outputs_column_bytes(HW_FORMAT_CSV),
        .partitioned = desk->options.partition_by_count > 0,
        .network = hw_settings_network(desk->options.memory_bytes, 1, &asked),
    };
    desk->context = (struct hw_run_context){
        .options = &desk->options,
        .formats = HW_FORMAT_CSV,
        .options_digest = "digest",
        .plan = &desk->plan,
        .cancelled = desk_cancelled,
        .done = desk_done,
        .wake = desk_wake,
        .ctx = desk,
    };
    assert_ok(hw_settings_make(&facts, &desk->context.settings, &err), err);
    hw_budget_init(&desk->context.queue, desk->context.settings.queue_bytes);
    hw_budget_init(&desk->context.work, desk->context.settings.work_bytes);
    hw_budget_init(&desk->context.alone, 1);
    assert_true(hw_budget_try(&desk->context.work, hw_job_work_bytes(&desk->context, &work)));
    desk->job = hw_job_new(&desk->context, &work);
    assert_non_null(desk->job);
    hw_lister_take(&desk->lister);
}

static inline void desk_close(struct desk *desk) {
    if (desk->job) {
        hw_job_free(desk->job);
    }
    hw_budget_give_back(&desk->context.work, desk->others_bytes);
    assert_int_equal(hw_budget_held(&desk->context.work), 0);
    assert_int_equal(hw_budget_held(&desk->context.queue), 0);
    hw_budget_release(&desk->context.queue);
    hw_budget_release(&desk->context.work);
    hw_budget_release(&desk->context.alone);
    hw_lister_release(&desk->lister);
    hw_plan_release(&desk->plan);
    scratch_remove(&desk->scratch);
}

/* Does all work of a state. */
static inline void desk_work(struct desk *desk) {
    struct hw_queue_claim claim = {0};
    while (hw_job_claim(desk->job, &claim)) {
        assert_false(hw_job_rests(desk->job));
        hw_job_run(desk->job, &claim);
    }
    assert_true(hw_job_rests(desk->job));
}

/*
 * Where a job waits, the other one gives its memory back, and this one is given what it has asked
 * for.
 */
static inline void desk_wait(struct desk *desk) {
    /* it has let go of everything */
    assert_int_equal(hw_budget_held(&desk->context.work), desk->others_bytes);
    assert_int_equal(desk->job->state, HW_JOB_OPEN);
    assert_null(desk->job->reader);
    assert_false(desk->job->tables->opened);
    hw_budget_give_back(&desk->context.work, desk->others_bytes);
    desk->others_bytes = 0;
    assert_true(hw_budget_try(&desk->context.work, desk->job->work_bytes));
}

/*
 * Takes the job from state to state until it is to be freed. The hook is called before each step.
 */
static inline void desk_run(struct desk *desk) {
    static const char *const names[] = {"OPEN", "SAMPLE", "ADMIT", "READ", "REDO", "GATHER", "PUBLISH", "ENDED"};
    enum hw_job_next next = HW_JOB_WORK;
    while (next != HW_JOB_FREE) {
        if (desk->hook && desk->job->state != HW_JOB_PUBLISH) {
            desk->hook(desk);
        }
        next = hw_job_advance(desk->job, true);
        if (next == HW_JOB_ENDING) {
            assert_int_equal(desk->job->state, HW_JOB_PUBLISH);
            continue;
        }
        const size_t used = strlen(desk->trace);
        assert_true(used + 16 < sizeof(desk->trace));
        snprintf(desk->trace + used, sizeof(desk->trace) - used, "%s%s%s", used > 0 ? " " : "", names[desk->job->state],
                 next == HW_JOB_WAIT ? " wait" : "");
        if (next == HW_JOB_WORK) {
            assert_int_equal(hw_budget_held(&desk->context.work), desk->job->work_bytes + desk->others_bytes);
            desk_work(desk);
        } else if (next == HW_JOB_WAIT) {
            desk_wait(desk);
        }
    }
    assert_int_equal(desk->job->state, HW_JOB_ENDED);
    assert_null(desk->job->reader);
}

/* ------ what happens meanwhile */

/* Another job has taken all that was free, just before this one learns what it needs. */
static inline void memory_is_taken(struct desk *desk) {
    if (desk->job->state == HW_JOB_SAMPLE && strlen(desk->trace) == strlen("SAMPLE")) {
        desk->others_bytes = desk->context.settings.work_bytes - hw_budget_held(&desk->context.work);
        assert_true(hw_budget_try(&desk->context.work, desk->others_bytes));
    }
}

/* A folder that another program has put where an output goes. */
static inline void output_is_in_the_way(struct desk *desk) {
    if (desk->job->state == HW_JOB_READ) {
        scratch_write(&desk->scratch, "out/a.csv/file", "", 0);
    }
}

/* The encoders of a column hold far more than there is. */
static inline void columns_hold_much(struct desk *desk) {
    desk->context.settings.facts.column_bytes = HW_MIB(1024);
}

/* They hold a little more: 328 MiB, of which 128 are part of a piece, where 192 are for work. */
static inline void columns_hold_a_little_more(struct desk *desk) {
    desk->context.settings.facts.column_bytes = HW_MIB(164);
}

/* The source was larger when it was planned. */
static inline void source_was_larger(struct desk *desk) {
    if (desk->job->state == HW_JOB_OPEN && desk->trace[0] == '\0') {
        assert_true(hw_budget_try(&desk->context.work, HW_MIB(64)));
        desk->job->work_bytes += HW_MIB(64);
    }
}

static inline void destination_is_a_file(struct desk *desk) {
    if (desk->job->state == HW_JOB_SAMPLE) {
        scratch_write(&desk->scratch, "out", "", 0);
    }
}

/* The destination has become a file. */
static inline void destination_is_gone(struct desk *desk) {
    if (desk->job->state == HW_JOB_READ && desk->job->conversion.pass == 1) {
        char folder[600], moved[600];
        snprintf(folder, sizeof(folder), "%s", scratch_path(&desk->scratch, "out"));
        snprintf(moved, sizeof(moved), "%s", scratch_path(&desk->scratch, "moved"));
        assert_int_equal(rename(folder, moved), 0);
        scratch_write(&desk->scratch, "out", "", 0);
    }
}

static inline void source_is_gone(struct desk *desk) {
    remove(scratch_path(&desk->scratch, "a.csv"));
}

static inline void run_is_stopped(struct desk *desk) {
    desk->cancelled = desk->job->state == HW_JOB_READ;
}

#endif
