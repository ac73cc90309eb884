/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/job.h"

#include <inttypes.h>
#include <stdio.h>

#include "codec/checksum.h"
#include "codec/checksum_sha256.h"
#include "core/alloc.h"
#include "core/bytes_text.h"
#include "core/clock.h"
#include "pipeline/digest.h"
#include "pipeline/gather.h"
#include "pipeline/outcome.h"
#include "pipeline/publish.h"
#include "pipeline/stale.h"
#include "pipeline/worker.h"

/* ------ states */

enum hw_job_state hw_job_state_next(enum hw_job_state state, enum hw_job_event event) {
    enum { NONE = HW_JOB_STATE_COUNT };
    static const uint8_t next[HW_JOB_STATE_COUNT][HW_JOB_EVENT_COUNT] = {
        /* done, misfit, spilled, no memory, table end, no table */
        [HW_JOB_OPEN] = {HW_JOB_SAMPLE, NONE, NONE, NONE, HW_JOB_OPEN, HW_JOB_ENDED},
        [HW_JOB_SAMPLE] = {HW_JOB_ADMIT, NONE, NONE, NONE, HW_JOB_OPEN, NONE},
        [HW_JOB_ADMIT] = {HW_JOB_READ, NONE, NONE, HW_JOB_OPEN, HW_JOB_OPEN, NONE},
        [HW_JOB_READ] = {HW_JOB_PUBLISH, HW_JOB_REDO, HW_JOB_GATHER, NONE, HW_JOB_OPEN, NONE},
        [HW_JOB_REDO] = {HW_JOB_READ, NONE, NONE, NONE, HW_JOB_OPEN, NONE},
        [HW_JOB_GATHER] = {HW_JOB_PUBLISH, NONE, NONE, NONE, HW_JOB_OPEN, NONE},
        [HW_JOB_PUBLISH] = {NONE, NONE, NONE, NONE, HW_JOB_OPEN, NONE},
        [HW_JOB_ENDED] = {NONE, NONE, NONE, NONE, NONE, NONE},
    };
    return (enum hw_job_state)next[state][event];
}

/* What a state does: on success it tells what it has come to. */
typedef enum hw_status (*state_fn)(struct hw_job *job, enum hw_job_event *out_event, struct hw_error *err);

static enum hw_status table_open(struct hw_job *job, enum hw_job_event *out_event, struct hw_error *err);
static enum hw_status table_sampled(struct hw_job *job, enum hw_job_event *out_event, struct hw_error *err);
static enum hw_status table_admit(struct hw_job *job, enum hw_job_event *out_event, struct hw_error *err);
static enum hw_status table_read(struct hw_job *job, enum hw_job_event *out_event, struct hw_error *err);
static enum hw_status table_redo(struct hw_job *job, enum hw_job_event *out_event, struct hw_error *err);
static enum hw_status table_gathered(struct hw_job *job, enum hw_job_event *out_event, struct hw_error *err);
static enum hw_status table_publish(struct hw_job *job, enum hw_job_event *out_event, struct hw_error *err);
static void outcome_tell(struct hw_job *job);
static void table_drop(struct hw_job *job);

/* Ends the table with an outcome, which is still to be told. */
static void table_end(struct hw_job *job, enum hw_convert_outcome outcome, enum hw_job_event *out_event) {
    job->outcome = outcome;
    job->outcome_due = true;
    *out_event = HW_JOB_TABLE_END;
}

/* Ends the table where a survey has nothing to tell, or has told of its failure already. */
static void table_leave(struct hw_job *job, enum hw_job_event *out_event) {
    job->outcome_due = false;
    *out_event = HW_JOB_TABLE_END;
}

/* Lets the job's state do what it is for. A failure ends the table, and is its outcome. */
static enum hw_job_event state_run(struct hw_job *job) {
    static const state_fn states[HW_JOB_STATE_COUNT] = {
        [HW_JOB_OPEN] = table_open,       [HW_JOB_SAMPLE] = table_sampled, [HW_JOB_ADMIT] = table_admit,
        [HW_JOB_READ] = table_read,       [HW_JOB_REDO] = table_redo,      [HW_JOB_GATHER] = table_gathered,
        [HW_JOB_PUBLISH] = table_publish,
    };
    struct hw_error err = HW_ERROR_INIT;
    enum hw_job_event event = HW_JOB_DONE;
    if (states[job->state](job, &event, &err) != HW_OK) {
        hw_error_object(&err, job->name);
        hw_type_survey_fail(job->run->survey, job->name);
        job->error = err;
        table_end(job, HW_CONVERT_FAILED, &event);
    }
    return event;
}

enum hw_job_next hw_job_advance(struct hw_job *job, bool oldest) {
    for (;;) {
        const enum hw_job_event event = job->turn_due ? HW_JOB_TABLE_END : state_run(job);
        const enum hw_job_state next = hw_job_state_next(job->state, event);
        const bool told = event == HW_JOB_TABLE_END && job->outcome_due;
        job->turn_due = told && job->run->options->dry_run && !oldest;
        if (job->turn_due) {
            return HW_JOB_TURN;
        }
        if (told) {
            outcome_tell(job);
        }
        if (event == HW_JOB_TABLE_END || event == HW_JOB_NO_MEMORY) {
            table_drop(job);
        }
        if (event == HW_JOB_TABLE_END) {
            job->table++;
            job->table_claimed = false;
        }
        job->state = next;
        if (event == HW_JOB_NO_MEMORY) {
            job->tables->ops->close(job->tables);
            return HW_JOB_WAIT;
        }
        if (next == HW_JOB_ENDED || next == HW_JOB_STATE_COUNT) {
            return HW_JOB_FREE;
        }
        if (next == HW_JOB_SAMPLE || next == HW_JOB_READ || next == HW_JOB_GATHER) {
            return HW_JOB_WORK;
        }
        if (next == HW_JOB_PUBLISH) {
            return HW_JOB_ENDING;
        }
    }
}

bool hw_job_claim(struct hw_job *job, struct hw_queue_claim *out_claim) {
    return job->state == HW_JOB_SAMPLE ? hw_sampling_claim(&job->sampling, &out_claim->slot)
                                       : hw_conversion_claim(&job->conversion, out_claim);
}

void hw_job_run(struct hw_job *job, const struct hw_queue_claim *claim) {
    if (job->state == HW_JOB_SAMPLE) {
        hw_sampling_look(&job->sampling, claim->slot,
                         job->merged ? hw_source_objects_at(&job->sources, claim->slot).name : NULL);
    } else if (job->state == HW_JOB_GATHER) {
        hw_gather_run(&job->conversion, claim);
    } else {
        hw_worker_run(&job->conversion, claim);
    }
}

bool hw_job_rests(struct hw_job *job) {
    return job->state == HW_JOB_SAMPLE ? hw_sampling_over(&job->sampling) : hw_queue_over(&job->conversion.queue);
}

/* ------ life */

/* Returns an object of the job. Its texts live as long as the job. */
static struct hw_plan_object object_at(const struct hw_job *job, size_t number) {
    return hw_source_objects_at(&job->sources, number);
}

uint64_t hw_job_work_bytes(const struct hw_run_context *run, const struct hw_lister_work *work) {
    const struct hw_plan_object first = work->merged ? hw_object_list_at(work->merged, 0) : *work->single;
    const uint64_t bytes = work->merged ? work->merged->bytes : first.bytes;
    /* Nothing is known of standard input. */
    return hw_settings_job_bytes(&run->settings, first.store ? bytes : UINT64_MAX);
}

struct hw_job *hw_job_new(struct hw_run_context *run, const struct hw_lister_work *work) {
    struct hw_job *job = hw_alloc_zero(1, sizeof(*job));
    if (!job) {
        return NULL;
    }
    *job = (struct hw_job){
        .run = run,
        .own = work->single,
        .merged = work->merged != NULL,
        .source_etag = "",
        .error = HW_ERROR_INIT,
        .work_bytes = hw_job_work_bytes(run, work),
        .started_us = hw_clock_monotonic_us(),
    };
    hw_source_objects_init(&job->sources, run->options, work->single, work->merged);
    job->name = object_at(job, 0).name;
    return job;
}

/* Forgets the table in work. */
static void table_drop(struct hw_job *job) {
    hw_conversion_release(&job->conversion);
    hw_sampling_release(&job->sampling);
    if (job->reader) {
        job->reader->ops->free(job->reader);
        job->reader = NULL;
    }
    hw_arena_release(&job->arena);
    job->column_facts = NULL;
    job->files = (struct hw_output_files){0};
    job->name = object_at(job, 0).name;
}

void hw_job_free(struct hw_job *job) {
    if (!job->reads) {
        atomic_fetch_add(&job->run->bytes_unread, job->own ? job->own->bytes : job->source_bytes);
    }
    table_drop(job);
    if (job->tables) {
        job->tables->ops->free(job->tables);
    }
    hw_budget_give_back(&job->run->work, job->work_bytes);
    hw_free(job->own);
    hw_free(job);
}

/* ------ OPEN */

enum { TABLE_NONE = SIZE_MAX / 2 };

static enum hw_status tables_make(struct hw_job *job, struct hw_error *err);
static enum hw_status table_find(struct hw_job *job, bool *out_found, struct hw_error *err);
static enum hw_status table_name(struct hw_job *job, struct hw_error *err);
static enum hw_status table_base(struct hw_job *job, const char **out_base, struct hw_error *err);
static enum hw_status merge_describe(struct hw_job *job, struct hw_error *err);
static enum hw_status outputs_choose(struct hw_job *job, enum hw_job_event *out_event, struct hw_error *err);
static enum hw_status targets_find(struct hw_job *job, const char *base, struct hw_error *err);
static enum hw_status reader_make(struct hw_job *job, struct hw_error *err);

static enum hw_status table_open(struct hw_job *job, enum hw_job_event *out_event, struct hw_error *err) {
    struct hw_type_survey *survey = job->run->survey;
    bool found = false;
    HW_TRY(table_find(job, &found, err));
    if (!found) {
        *out_event = HW_JOB_NO_TABLE;
        return HW_OK;
    }
    HW_TRY(job->merged ? merge_describe(job, err) : table_name(job, err));
    if (hw_type_survey_failed(survey, job->name)) {
        table_leave(job, out_event);
        return HW_OK;
    }
    /* With a survey, what is to be made depends on the types. */
    HW_TRY(survey ? HW_OK : outputs_choose(job, out_event, err));
    return *out_event == HW_JOB_TABLE_END ? HW_OK : reader_make(job, err);
}

/* Finds where the outputs go. Where what would be made is there already, the table ends. */
static enum hw_status outputs_choose(struct hw_job *job, enum hw_job_event *out_event, struct hw_error *err) {
    const char *base = job->run->plan->merge_base;
    HW_TRY(job->merged ? HW_OK : table_base(job, &base, err));
    HW_TRY(targets_find(job, base, err));
    if (job->output_plan.count == 0) {
        table_end(job, HW_SKIPPED, out_event);
    }
    return HW_OK;
}

static enum hw_status tables_make(struct hw_job *job, struct hw_error *err) {
    const struct hw_plan_object first = object_at(job, 0);
    const struct hw_input_format *format;
    HW_TRY(hw_input_format_find(job->run, &job->sources.base, &first, &format, err));
    return format->tables_new(job->run, &job->sources.base, &job->tables, err);
}

/*
 * Opens the object, where that is still to be done. It is not opened where another one has its
 * output.
 */
static enum hw_status tables_open(struct hw_job *job, struct hw_error *err) {
    HW_TRY(job->merged ? HW_OK : hw_plan_check_dispute(job->run->plan, job->own, err));
    HW_TRY(job->tables ? HW_OK : tables_make(job, err));
    if (job->merged || job->tables->opened) {
        return HW_OK;
    }
    HW_TRY(job->tables->ops->open(job->tables, err));
    job->source_bytes = job->tables->bytes;
    job->source_mtime_us = job->tables->mtime_us;
    job->source_etag = job->tables->etag;
    return HW_OK;
}

/*
 * Goes on to the next table that is asked for. An object that cannot be opened has none, and a
 * merge has one.
 */
static enum hw_status table_find(struct hw_job *job, bool *out_found, struct hw_error *err) {
    if (job->table >= TABLE_NONE || hw_type_survey_failed(job->run->survey, object_at(job, 0).name)) {
        return HW_OK;
    }
    enum hw_status status = tables_open(job, err);
    if (status != HW_OK) {
        job->table = TABLE_NONE;
        return status;
    }
    *out_found = job->merged ? job->table == 0 : job->tables->ops->find(job->tables, &job->table);
    return HW_OK;
}

/*
 * A member's name becomes part of a key: it must stay below the folder that is named after its ZIP.
 */
static bool member_name_safe(const char *name) {
    if (name[0] == '/' || name[0] == '\0' || strchr(name, '\\')) {
        return false;
    }
    for (const char *part = name; part; part = strchr(part, '/')) {
        part += *part == '/';
        size_t bytes = strcspn(part, "/");
        if (bytes == 0 || (bytes == 1 && part[0] == '.') || (bytes == 2 && part[0] == '.' && part[1] == '.')) {
            return false;
        }
    }
    for (const char *byte = name; *byte; byte++) {
        if ((unsigned char)*byte < 0x20) {
            return false;
        }
    }
    return true;
}

/*
 * Keys of S3 may have names like "..", which a folder takes for another place: beside the
 * destination, or where another key's output lies. What stands behind the last '/' gets an
 * extension and may be anything.
 */
static bool base_safe(const struct hw_job *job, const char *base) {
    const struct hw_plan *plan = job->run->plan;
    if (plan->target_key || !plan->target->files) {
        return true;
    }
    for (const char *slash; (slash = strchr(base, '/')); base = slash + 1) {
        hw_view part = {base, (size_t)(slash - base)};
        if (part.size == 0 || hw_view_equal(part, HW_VIEW(".")) || hw_view_equal(part, HW_VIEW(".."))) {
            return false;
        }
    }
    return true;
}

/* Names the table in work after its object, and one of several members of a ZIP after both. */
static enum hw_status table_name(struct hw_job *job, struct hw_error *err) {
    if (job->tables->wanted > 1) {
        const char *member = job->tables->ops->name(job->tables, job->table);
        const char *name = hw_arena_join(&job->arena, job->own->name, "#", member);
        if (!name) {
            return hw_fail(err, HW_ENOMEM, "out of memory for a name");
        }
        job->name = name;
    }
    return HW_OK;
}

/* Finds where the outputs of the table in work lie below the target, without extension. */
static enum hw_status table_base(struct hw_job *job, const char **out_base, struct hw_error *err) {
    const char *base = job->own->base;
    if (job->tables->wanted > 1) {
        const char *name = job->tables->ops->name(job->tables, job->table);
        char quoted[HW_QUOTE_BYTES];
        if (!member_name_safe(name)) {
            return hw_fail(err, HW_EDATA, "the ZIP's member %s cannot have an output: its name is unsafe for a file",
                           hw_quote(name, strlen(name), quoted, sizeof(quoted)));
        }
        const char *plain = hw_plan_base(job->run->plan, &job->arena, name);
        base = plain ? hw_arena_join(&job->arena, base, "/", plain) : NULL;
        if (base && job->run->options->partition_by_count > 0) {
            base = hw_plan_flat_base(&job->arena, base);
        }
        if (!base) {
            return hw_fail(err, HW_ENOMEM, "out of memory for a name");
        }
        if (!job->table_claimed) {
            HW_TRY(hw_plan_claim(job->run->plan, base, job->name, err));
            job->table_claimed = true;
        }
    }
    if (!base_safe(job, base)) {
        return hw_fail(err, HW_EDATA,
                       "the name leads out of the destination, or is not one that a local file can have");
    }
    *out_base = base;
    return HW_OK;
}

/* Standard input has no version, and not every object of a web server has one. */
static bool object_versioned(const struct hw_plan_object *object) {
    return object->store && (object->etag[0] != '\0' || object->mtime_us != 0);
}

/*
 * Sizes, times and a digest of all objects, by which a later run knows them; standard input, and
 * an object without a version, is never known again.
 */
static enum hw_status objects_sum(struct hw_job *job, struct hw_sha256 *sha, struct hw_error *err) {
    HW_AUTO(hw_buf) facts = {0};
    for (size_t i = 0; i < job->sources.base.count; i++) {
        const struct hw_plan_object object = object_at(job, i);
        const int64_t changed_us = object_versioned(&object) ? object.mtime_us : hw_clock_now_us();
        hw_buf_clear(&facts);
        HW_TRY(hw_buf_printf(&facts, err, "%zu %s %" PRIu64 " %" PRIi64 " %s\n", strlen(object.name), object.name,
                             object.bytes, changed_us, object.etag));
        hw_sha256_update(sha, facts.data, facts.size);
        job->source_bytes += object.bytes;
        job->source_mtime_us = changed_us > job->source_mtime_us ? changed_us : job->source_mtime_us;
    }
    return HW_OK;
}

/* Describes the objects of a merge as one source. */
static enum hw_status merge_describe(struct hw_job *job, struct hw_error *err) {
    struct hw_sha256 sha = {0};
    uint8_t digest[HW_SHA256_BYTES];
    char more[64] = "";
    char *etag = hw_arena_alloc(&job->arena, HW_SHA256_HEX_BYTES);
    if (job->sources.base.count > 1) {
        snprintf(more, sizeof(more), " and %zu more", job->sources.base.count - 1);
    }
    const char *name = hw_arena_join(&job->arena, object_at(job, 0).name, more);
    if (!etag || !name || !hw_sha256_init(&sha)) {
        return hw_fail(err, HW_ENOMEM, "out of memory for a name");
    }
    job->name = name;
    enum hw_status status = objects_sum(job, &sha, err);
    hw_sha256_finish(&sha, digest);
    hw_sha256_release(&sha);
    HW_TRY(status);
    hw_hex(digest, sizeof(digest), etag);
    job->source_etag = etag;
    return HW_OK;
}

/* Where there is no version, what is written depends on the bytes alone. */
static bool sources_known(const struct hw_job *job) {
    bool known = true;
    for (size_t i = 0; i < job->sources.base.count; i++) {
        const struct hw_plan_object object = object_at(job, i);
        known &= object_versioned(&object);
    }
    return known;
}

/*
 * Makes what tells the outputs apart: it must not depend on when and where the run is, but on what
 * it is told.
 */
static enum hw_status identity_make(struct hw_job *job, const char *base, struct hw_error *err) {
    const bool known = sources_known(job);
    const bool named = job->source_etag[0] != '\0';
    HW_AUTO(hw_buf) text = {0};
    HW_TRY(hw_buf_printf(&text, err, "%s\n%s\n%" PRIu64 "\n%s\n%" PRIi64 "\n", job->targets_source.options_digest, base,
                         job->source_bytes, known ? job->source_etag : "", known && !named ? job->source_mtime_us : 0));
    HW_TRY(hw_buf_end_text(&text, err));
    job->output_plan.identity = hw_arena_strdup(&job->arena, (const char *)text.data);
    return job->output_plan.identity ? HW_OK : hw_fail_nomem(err, text.size);
}

/*
 * Finds where the outputs go, and what of them is to be written. A merge is known by what it makes.
 */
static enum hw_status targets_find(struct hw_job *job, const char *base, struct hw_error *err) {
    struct hw_run_context *run = job->run;
    const char *name = job->merged ? hw_arena_join(&job->arena, "merged into ", base) : job->name;
    if (!name) {
        return hw_fail(err, HW_ENOMEM, "out of memory for a name");
    }
    if (run->plan->target_key && !job->merged && job->tables->wanted > 1) {
        return hw_fail(err, HW_EUSAGE, "a ZIP with several members needs a folder as destination");
    }
    job->targets_source = (struct hw_output_plan_source){
        .plan = run->plan,
        .before = run->before,
        .journals = run->journals,
        .target_keys = &run->target_keys,
        .warn = &run->warn,
        .options = run->options,
        .output = &run->output,
        .formats = run->formats,
        .options_digest = run->survey ? job->options_digest : run->options_digest,
        .base = base,
        .name = name,
        .bytes = job->source_bytes,
        .mtime_us = job->source_mtime_us,
        .etag = job->source_etag,
        .arena = &job->arena,
    };
    HW_TRY(hw_output_plan_make(&job->targets_source, &job->output_plan, err));
    HW_TRY(identity_make(job, base, err));
    return hw_output_plan_choose(&job->targets_source, &job->output_plan, err);
}

static enum hw_status reader_make(struct hw_job *job, struct hw_error *err) {
    HW_TRY(job->tables->ops->reader_new(job->tables, job->table, job->name, &job->reader, err));
    hw_sampling_init(&job->sampling, job->reader);
    return HW_OK;
}

/* ------ SAMPLE, ADMIT */

static enum hw_status table_sampled(struct hw_job *job, enum hw_job_event *out_event, struct hw_error *err) {
    (void)out_event;
    return hw_sampling_status(&job->sampling, err);
}

static enum hw_status work_take(struct hw_job *job, bool *out_taken, struct hw_error *err);

/* A survey makes nothing. After it, the types of the table say whether its outputs are current. */
static enum hw_status survey_admit(struct hw_job *job, enum hw_job_event *out_event, struct hw_error *err) {
    const struct hw_run_context *run = job->run;
    if (run->survey->running && job->reader->bytes <= run->survey->bytes_max) {
        return HW_OK;
    }
    if (run->survey->running) {
        table_leave(job, out_event);
        return run->survey->told(run->survey->ctx, job->reader, false, err);
    }
    job->options_digest = hw_arena_alloc(&job->arena, HW_SCHEMA_DIGEST_BYTES);
    if (!job->options_digest) {
        return hw_fail_nomem(err, HW_SCHEMA_DIGEST_BYTES);
    }
    HW_TRY(hw_schema_digest(run->options_digest, job->reader->schema, job->options_digest, err));
    return outputs_choose(job, out_event, err);
}

/*
 * A run that only plans ends here; others begin, or wait, once it is known how much memory the
 * table takes.
 */
static enum hw_status table_admit(struct hw_job *job, enum hw_job_event *out_event, struct hw_error *err) {
    bool taken;
    job->reads = true;
    HW_TRY(job->reader->ops->decide(job->reader, err));
    HW_TRY(job->run->survey ? survey_admit(job, out_event, err) : HW_OK);
    if (*out_event == HW_JOB_TABLE_END) {
        return HW_OK;
    }
    job->source_bytes = job->merged ? job->reader->bytes : job->source_bytes;
    HW_TRY(hw_conversion_open(&job->conversion, job->run, job->reader, err));
    if (job->run->options->dry_run && !hw_type_survey_runs(job->run->survey)) {
        table_end(job, HW_PLANNED, out_event);
        return HW_OK;
    }
    HW_TRY(work_take(job, &taken, err));
    if (!taken) {
        *out_event = HW_JOB_NO_MEMORY;
        return HW_OK;
    }
    return hw_conversion_begin(&job->conversion, &job->output_plan, err);
}

/*
 * Takes what the table needs, now that it is known. Where that is not free, the job keeps nothing,
 * but knows its need.
 */
static enum hw_status work_take(struct hw_job *job, bool *out_taken, struct hw_error *err) {
    struct hw_run_context *run = job->run;
    const struct hw_settings_object object = hw_conversion_object(&job->conversion);
    HW_TRY(hw_settings_check(&run->settings, &object, err));
    uint64_t needed = hw_settings_object_bytes(&run->settings, &object);
    needed = hw_min_size(needed, run->settings.work_bytes);
    *out_taken = needed <= job->work_bytes || hw_budget_try(&run->work, needed - job->work_bytes);
    if (!*out_taken) {
        hw_budget_give_back(&run->work, job->work_bytes);
    }
    job->work_bytes = hw_max_size(needed, *out_taken ? job->work_bytes : 0);
    return HW_OK;
}

/* ------ READ, REDO, GATHER */

static enum hw_status table_read(struct hw_job *job, enum hw_job_event *out_event, struct hw_error *err) {
    HW_TRY(hw_queue_status(&job->conversion.queue, err));
    if (job->conversion.misfit && !job->conversion.survey) {
        *out_event = HW_JOB_MISFIT;
        return HW_OK;
    }
    bool gathers;
    HW_TRY(hw_conversion_gather(&job->conversion, &gathers, err));
    *out_event = gathers ? HW_JOB_SPILLED : HW_JOB_DONE;
    return HW_OK;
}

static enum hw_status table_gathered(struct hw_job *job, enum hw_job_event *out_event, struct hw_error *err) {
    (void)out_event;
    HW_TRY(hw_queue_status(&job->conversion.queue, err));
    hw_conversion_gathered(&job->conversion);
    return HW_OK;
}

static enum hw_status table_redo(struct hw_job *job, enum hw_job_event *out_event, struct hw_error *err) {
    (void)out_event;
    return hw_conversion_redo(&job->conversion, err);
}

/* ------ PUBLISH */

/*
 * Many files are told of before they are there: no run that is stopped in between leaves files that
 * nobody knows.
 */
static enum hw_status journal_write(struct hw_job *job, struct hw_error *err) {
    const struct hw_output_plan_source *source = &job->targets_source;
    struct hw_output_files *files = &job->files;
    if (!job->output_plan.many || !source->journals || files->count == 0) {
        return HW_OK;
    }
    HW_TRY(hw_journals_write(source->journals, source->name, files->entries, files->count, &files->journal, err));
    files->journalled = true;
    return HW_OK;
}

/* All values of the table were read. */
static enum hw_status survey_end(struct hw_job *job, struct hw_error *err) {
    const struct hw_type_survey *survey = job->run->survey;
    HW_TRY(job->reader->ops->end(job->reader, err));
    return survey->told ? survey->told(survey->ctx, job->reader, true, err) : HW_OK;
}

static enum hw_status table_publish(struct hw_job *job, enum hw_job_event *out_event, struct hw_error *err) {
    struct hw_conversion *conversion = &job->conversion;
    struct hw_output_plan_source *source = &job->targets_source;
    table_end(job, HW_CONVERTED, out_event);
    if (job->run->cancelled(job->run)) { /* the last chance: nothing is published yet */
        return hw_fail(err, HW_ECANCELLED, "stopped before it was done");
    }
    if (conversion->survey) {
        table_leave(job, out_event);
        return survey_end(job, err);
    }
    HW_TRY(hw_conversion_columns(conversion, &job->arena, &job->column_facts, err));
    HW_TRY(hw_publish_settle(conversion, err));
    HW_TRY(hw_publish_none_good(conversion, err));
    source->rows_limit = job->reader->limited ? job->run->options->limit_rows : 0;
    HW_TRY(hw_output_plan_files(source, &conversion->outputs, job->reader->rejected, &job->files, err));
    HW_TRY(journal_write(job, err));
    HW_TRY(hw_publish(conversion, err));
    /* From here on the files are there, and nothing may fail. */
    hw_output_plan_published(&conversion->outputs, &job->files);
    hw_stale_remove(source, &job->output_plan, &job->files);
    return HW_OK;
}

/* ------ outcomes */

static void outcome_tell(struct hw_job *job) {
    const struct hw_outcome known = {
        .name = job->name,
        .merged = job->merged,
        .objects_count = job->sources.base.count,
        .source_bytes = job->source_bytes ? job->source_bytes : object_at(job, 0).bytes,
        .started_us = job->started_us,
        .conversion = &job->conversion,
        .output_plan = &job->output_plan,
        .files = &job->files,
        .column_facts = job->column_facts,
        .arena = &job->arena,
    };
    hw_outcome_tell(job->run, &known, job->outcome, job->outcome == HW_CONVERT_FAILED ? &job->error : NULL);
}
