/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/job.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>

#include "core/alloc.h"
#include "core/clock.h"
#include "pipeline/spool.h"

struct hw_job *hw_job_new(struct hw_job_shared *shared, const struct hw_plan_object *object) {
    struct hw_job *job = hw_alloc_zero(1, sizeof(*job));
    if (job) {
        job->shared = shared;
        job->object = object;
        job->name = object->name;
        job->started_us = hw_clock_monotonic_us();
    }
    return job;
}

void hw_job_free(struct hw_job *job) {
    hw_conversion_release(&job->conversion);
    if (job->zip) {
        hw_zip_close(job->zip);
    }
    if (job->source) {
        job->source->ops->close(job->source);
    }
    hw_arena_release(&job->arena);
    hw_free(job);
}

static enum hw_status object_open(struct hw_job *job, struct hw_error *err);
static enum hw_status member_start(struct hw_job *job, bool *out_started, struct hw_error *err);
static enum hw_status member_finish(struct hw_job *job, struct hw_error *err);
static void outcome_tell(struct hw_job *job, enum hw_convert_outcome outcome, const struct hw_error *error);

static void member_fail(struct hw_job *job, struct hw_error *err) {
    hw_error_object(err, job->name);
    outcome_tell(job, HW_CONVERT_FAILED, err);
}

bool hw_job_advance(struct hw_job *job) {
    struct hw_error err = HW_ERROR_INIT;
    if (!job->source && object_open(job, &err) != HW_OK) {
        member_fail(job, &err);
        return false;
    }
    if (job->converting) {
        if (hw_conversion_must_restart(&job->conversion)) {
            if (hw_conversion_start(&job->conversion, &job->targets, &err) == HW_OK) {
                return true;
            }
            member_fail(job, &err);
        } else if (member_finish(job, &err) != HW_OK) {
            member_fail(job, &err);
        }
        job->converting = false;
        job->member++;
    }
    for (; job->member < job->members; job->member++) {
        hw_conversion_release(&job->conversion);
        hw_arena_release(&job->arena);
        job->column_facts = NULL;
        job->files = (struct hw_target_files){0};
        err = (struct hw_error)HW_ERROR_INIT;
        bool started = false;
        if (member_start(job, &started, &err) != HW_OK) {
            member_fail(job, &err);
        } else if (started) {
            job->converting = true;
            return true;
        }
    }
    return false;
}

static enum hw_status object_open(struct hw_job *job, struct hw_error *err) {
    const struct hw_plan_object *object = job->object;
    if (object->store) {
        HW_TRY(object->store->ops->source_open(object->store, object->key, &job->source, err));
    } else {
        const struct hw_conversion_shared *conversion = job->shared->conversion;
        HW_TRY(hw_spool_source_open(conversion->options->input_fd, conversion->cancelled, conversion->cancelled_ctx,
                                    &job->source, err));
    }
    job->source_bytes = job->source->size;
    HW_TRY(hw_input_packing(job->source, &job->packing, err));
    job->members = 1;
    if (job->packing != HW_PACKING_ZIP) {
        return HW_OK;
    }
    HW_TRY(hw_zip_open(job->source, &job->zip, err));
    job->members = hw_zip_count(job->zip);
    if (job->members == 0) {
        return hw_fail(err, HW_EDATA, "a ZIP without files");
    }
    return HW_OK;
}

static bool member_wanted(const struct hw_job *job, size_t member) {
    const char *glob = job->shared->conversion->options->csv.zip_member;
    return !job->zip || !glob || fnmatch(glob, hw_zip_member(job->zip, member)->name, 0) == 0;
}

static size_t members_wanted(const struct hw_job *job) {
    size_t wanted = 0;
    for (size_t i = 0; i < job->members; i++) {
        wanted += member_wanted(job, i);
    }
    return wanted;
}

/* A member's name becomes part of a key: it must stay below the folder that is named after its ZIP. */
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

static char *text_format(struct hw_arena *arena, const char *a, const char *b, const char *c, const char *d) {
    size_t bytes = strlen(a) + strlen(b) + strlen(c) + strlen(d) + 1;
    char *text = hw_arena_alloc(arena, bytes);
    if (text) {
        snprintf(text, bytes, "%s%s%s%s", a, b, c, d);
    }
    return text;
}

/*
 * Keys of S3 may have names like "..", which a folder takes for another place: beside the destination, or where another key's output lies. What
 * stands behind the last '/' gets an extension and may be anything.
 */
static bool base_safe(const struct hw_job *job, const char *base) {
    const struct hw_plan *plan = job->shared->plan;
    if (plan->target_key || plan->target->remote) {
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

/* Where the outputs of the member in work lie below the target, without extension. */
static enum hw_status member_base(struct hw_job *job, const char **out_base, struct hw_error *err) {
    const char *base = job->object->base;
    job->name = job->object->name;
    if (job->zip && members_wanted(job) > 1) {
        const char *name = hw_zip_member(job->zip, job->member)->name;
        char quoted[HW_QUOTE_BYTES];
        job->name = text_format(&job->arena, job->object->name, "#", name, "");
        if (!member_name_safe(name)) {
            return hw_fail(err, HW_EDATA, "the ZIP's member %s has no name that can be an output's",
                           hw_quote(name, strlen(name), quoted, sizeof(quoted)));
        }
        const char *plain = hw_plan_base(&job->arena, name);
        base = plain ? text_format(&job->arena, base, "/", plain, "") : NULL;
        if (!base || !job->name) {
            return hw_fail(err, HW_ENOMEM, "out of memory for a name");
        }
        if (job->shared->conversion->options->partition_by_count > 0) {
            base = hw_plan_flat_base(&job->arena, base);
        }
        HW_TRY(base ? hw_plan_claim(job->shared->plan, base, job->name, err)
                    : hw_fail(err, HW_ENOMEM, "out of memory for a name"));
    }
    if (!base_safe(job, base)) {
        return hw_fail(err, HW_EDATA, "its name is none that a file below the destination can have");
    }
    *out_base = base;
    return HW_OK;
}

/* Where the member's outputs go; what of them is to be written. */
static enum hw_status member_targets(struct hw_job *job, const char *base, struct hw_error *err) {
    const struct hw_job_shared *shared = job->shared;
    if (shared->plan->target_key && job->zip && members_wanted(job) > 1) {
        return hw_fail(err, HW_EUSAGE, "a ZIP with several members needs a folder as destination");
    }
    job->origin = (struct hw_targets_source){
        .plan = shared->plan,
        .before = shared->before,
        .options = shared->conversion->options,
        .output = &shared->conversion->output,
        .formats = shared->formats,
        .options_digest = shared->options_digest,
        .base = base,
        .name = job->name,
        .bytes = job->source->size,
        .mtime_us = job->source->mtime_us,
        .etag = job->source->etag,
        .arena = &job->arena,
    };
    HW_TRY(hw_targets_make(&job->origin, &job->targets, err));
    return hw_targets_choose(&job->origin, &job->targets, err);
}

static enum hw_status member_start(struct hw_job *job, bool *out_started, struct hw_error *err) {
    const struct hw_convert_options *options = job->shared->conversion->options;
    const char *base;
    if (!member_wanted(job, job->member)) {
        return HW_OK;
    }
    HW_TRY(member_base(job, &base, err));
    HW_TRY(member_targets(job, base, err));
    if (job->targets.count == 0) {
        outcome_tell(job, HW_SKIPPED, NULL);
        return HW_OK;
    }
    struct hw_input input = hw_input_of(job->source, job->packing, job->zip, job->member, options->csv.encoding);
    HW_TRY(hw_conversion_open(&job->conversion, job->shared->conversion, &input, job->name, job->shared->given, err));
    if (options->dry_run) {
        outcome_tell(job, HW_PLANNED, NULL);
        return HW_OK;
    }
    HW_TRY(hw_conversion_start(&job->conversion, &job->targets, err));
    *out_started = true;
    return HW_OK;
}

static enum hw_status member_finish(struct hw_job *job, struct hw_error *err) {
    const struct hw_conversion_shared *conversion = job->shared->conversion;
    if (conversion->cancelled(conversion->cancelled_ctx)) {
        return hw_fail(err, HW_ECANCELLED,
                       "stopped before it was done"); /* the last chance: nothing is published yet */
    }
    HW_TRY(hw_conversion_columns(&job->conversion, &job->arena, &job->column_facts, err));
    HW_TRY(hw_conversion_finish(&job->conversion, err));
    HW_TRY(hw_targets_files(&job->origin, &job->conversion.outputs, job->conversion.shared_state.rejected, &job->files,
                            err));
    HW_TRY(hw_targets_stale_remove(&job->origin, &job->targets, &job->files, err));
    outcome_tell(job, HW_CONVERTED, NULL);
    return HW_OK;
}

/* The reasons that occurred; returns how many. */
static size_t rejects_tell(const struct hw_conversion *conversion,
                           struct hw_convert_reject rejects[HW_CSV_REASON_COUNT]) {
    size_t count = 0;
    for (size_t i = 0; i < HW_CSV_REASON_COUNT; i++) {
        uint64_t records = conversion->shared_state.rejected_by[i];
        if (records > 0) {
            rejects[count++] = (struct hw_convert_reject){hw_csv_reason_name((enum hw_csv_reason)i), records};
        }
    }
    return count;
}

static void outcome_tell(struct hw_job *job, enum hw_convert_outcome outcome, const struct hw_error *error) {
    const struct hw_conversion *conversion = &job->conversion;
    struct hw_convert_reject rejects[HW_CSV_REASON_COUNT];
    struct hw_convert_object object = {
        .source = job->name,
        .outcome = outcome,
        .source_bytes = job->source_bytes ? job->source_bytes : job->object->bytes,
        .seconds = (double)(hw_clock_monotonic_us() - job->started_us) / 1e6,
        .error = error,
    };
    if (conversion->shared) {
        object.rows_in = conversion->shared_state.records;
        object.rows_out = conversion->shared_state.rows;
        object.rejected = conversion->shared_state.rejected;
        object.columns = conversion->layout.schema.count;
        object.schema = conversion->layout.schema.count > 0 ? &conversion->layout.schema : NULL;
        object.restarted = conversion->pass > 1;
        object.rejects = rejects;
        object.rejects_count = rejects_tell(conversion, rejects);
    }
    if (outcome == HW_CONVERTED) {
        object.outputs = job->files.outputs;
        object.outputs_count = job->files.count;
        object.column_facts = job->column_facts;
        object.rejects_path = object.rejected > 0
                                  ? text_format(&job->arena, job->targets.store->root, job->targets.rejects_key, "", "")
                                  : NULL;
    }
    job->shared->done(job->shared->ctx, &object, &job->files);
}
