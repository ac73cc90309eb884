/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/job.h"

#include <inttypes.h>
#include <stdio.h>

#include "codec/checksum.h"
#include "core/alloc.h"
#include "core/clock.h"
#include "pipeline/stale.h"

uint64_t hw_job_work_bytes(const struct hw_job_shared *shared, const struct hw_plan_object *objects, size_t count) {
    uint64_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        bytes += objects[i].bytes;
    }
    /* Nothing is known of standard input. */
    return hw_settings_job_bytes(&shared->conversion->settings, objects->store ? bytes : UINT64_MAX);
}

struct hw_job *hw_job_new(struct hw_job_shared *shared, const struct hw_plan_object *objects, size_t count) {
    struct hw_job *job = hw_alloc_zero(1, sizeof(*job));
    struct hw_origin *origins = hw_realloc_array(NULL, count, sizeof(*origins));
    if (!job || !origins) {
        hw_free(job);
        hw_free(origins);
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        hw_origin_init(&origins[i], &objects[i]);
    }
    *job = (struct hw_job){
        .shared = shared,
        .objects = objects,
        .origins = origins,
        .origins_count = count,
        .merged = shared->conversion->options->merge,
        .name = objects->name,
        .source_etag = "",
        .work_bytes = hw_job_work_bytes(shared, objects, count),
        .started_us = hw_clock_monotonic_us(),
    };
    return job;
}

void hw_job_free(struct hw_job *job) {
    hw_conversion_release(&job->conversion);
    hw_texts_release(&job->texts);
    if (job->input.source) {
        hw_origin_give(job->origins, &job->input);
    }
    for (size_t i = 0; i < job->origins_count; i++) {
        hw_origin_release(&job->origins[i]);
    }
    hw_budget_give_back(job->shared->conversion->work, job->work_bytes);
    hw_free(job->origins);
    hw_arena_release(&job->arena);
    hw_free(job);
}

bool hw_job_claim(struct hw_job *job, size_t *out_part) {
    return job->stage == HW_JOB_LOOKING ? hw_texts_claim(&job->texts, out_part)
                                        : hw_conversion_claim(&job->conversion, out_part);
}

void hw_job_run(struct hw_job *job, size_t part) {
    if (job->stage == HW_JOB_LOOKING) {
        hw_texts_look(&job->texts, part);
    } else {
        hw_conversion_run(&job->conversion, part);
    }
}

bool hw_job_rests(struct hw_job *job) {
    return job->stage == HW_JOB_LOOKING ? hw_texts_over(&job->texts) : hw_conversion_over(&job->conversion);
}

static enum hw_job_next members_advance(struct hw_job *job);
static enum hw_status merge_advance(struct hw_job *job, enum hw_job_next *out_next, struct hw_error *err);
static bool conversion_goes_on(struct hw_job *job);
static void outcome_tell(struct hw_job *job, enum hw_convert_outcome outcome, const struct hw_error *error);

static void job_fail(struct hw_job *job, struct hw_error *err) {
    hw_error_object(err, job->name);
    outcome_tell(job, HW_CONVERT_FAILED, err);
}

enum hw_job_next hw_job_advance(struct hw_job *job) {
    struct hw_error err = HW_ERROR_INIT;
    enum hw_job_next next = HW_JOB_OVER;
    if (job->stage == HW_JOB_CONVERTING && conversion_goes_on(job)) {
        return HW_JOB_GOES_ON;
    }
    if (!job->merged) {
        return members_advance(job);
    }
    if (job->stage == HW_JOB_CONVERTING) {
        return HW_JOB_OVER;
    }
    if (merge_advance(job, &next, &err) != HW_OK) {
        job_fail(job, &err);
        return HW_JOB_OVER;
    }
    return next;
}

static enum hw_status conversion_finish(struct hw_job *job, struct hw_error *err);

/* At the end of a pass: true where there must be another. */
static bool conversion_goes_on(struct hw_job *job) {
    struct hw_error err = HW_ERROR_INIT;
    enum hw_status status;
    if (hw_conversion_must_restart(&job->conversion)) {
        status = hw_conversion_start(&job->conversion, &job->targets, &err);
        if (status == HW_OK) {
            return true;
        }
    } else {
        status = conversion_finish(job, &err);
    }
    if (status != HW_OK) {
        job_fail(job, &err);
    }
    return false;
}

static enum hw_status object_open(struct hw_job *job, struct hw_error *err);
static enum hw_status member_start(struct hw_job *job, enum hw_job_next *out_next, struct hw_error *err);

/* Forgets the conversion in work. */
static void conversion_drop(struct hw_job *job) {
    hw_conversion_release(&job->conversion);
    hw_texts_release(&job->texts);
    hw_arena_release(&job->arena);
    job->column_facts = NULL;
    job->files = (struct hw_target_files){0};
}

/* Lets go of everything until there is memory for the member in work. */
static void member_put_off(struct hw_job *job) {
    conversion_drop(job);
    hw_origin_give(job->origins, &job->input);
    job->input = (struct hw_input){0};
    job->stage = HW_JOB_START;
}

/* The texts of a single object, each a conversion. */
static enum hw_job_next members_advance(struct hw_job *job) {
    struct hw_error err = HW_ERROR_INIT;
    if (!job->input.source && object_open(job, &err) != HW_OK) {
        job_fail(job, &err);
        return HW_JOB_OVER;
    }
    if (job->stage == HW_JOB_CONVERTING) {
        job->member++;
        job->member_claimed = false;
    }
    job->stage = HW_JOB_START;
    for (; job->member < job->origins->members; job->member++, job->member_claimed = false) {
        enum hw_job_next next = HW_JOB_OVER; /* of this member */
        conversion_drop(job);
        err = (struct hw_error)HW_ERROR_INIT;
        if (member_start(job, &next, &err) != HW_OK) {
            job_fail(job, &err);
        } else if (next == HW_JOB_WAITS) {
            member_put_off(job);
            return next;
        } else if (next == HW_JOB_GOES_ON) {
            job->stage = HW_JOB_CONVERTING;
            return next;
        }
    }
    return HW_JOB_OVER;
}

static enum hw_status object_open(struct hw_job *job, struct hw_error *err) {
    struct hw_origin *origin = job->origins;
    HW_TRY(hw_origin_take(origin, job->shared->conversion->options, false, &job->input, err));
    job->source_bytes = origin->bytes;
    job->source_mtime_us = job->input.source->mtime_us;
    job->source_etag = job->input.source->etag;
    return hw_origin_wanted(&job->input, &job->shared->conversion->options->csv, &job->members_wanted, err);
}

static bool member_wanted(const struct hw_job *job, size_t member) {
    return hw_origin_wants(&job->input, member, &job->shared->conversion->options->csv);
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
    const char *base = job->objects->base;
    job->name = job->objects->name;
    if (job->members_wanted > 1) {
        const char *name = hw_zip_member(job->input.zip, job->member)->name;
        char quoted[HW_QUOTE_BYTES];
        job->name = hw_arena_join(&job->arena, job->objects->name, "#", name);
        if (!member_name_safe(name)) {
            return hw_fail(err, HW_EDATA, "the ZIP's member %s has no name that can be an output's",
                           hw_quote(name, strlen(name), quoted, sizeof(quoted)));
        }
        const char *plain = hw_plan_base(&job->arena, name);
        base = plain ? hw_arena_join(&job->arena, base, "/", plain) : NULL;
        if (!base || !job->name) {
            return hw_fail(err, HW_ENOMEM, "out of memory for a name");
        }
        if (job->shared->conversion->options->partition_by_count > 0) {
            base = hw_plan_flat_base(&job->arena, base);
        }
        if (!base) {
            return hw_fail(err, HW_ENOMEM, "out of memory for a name");
        }
        if (!job->member_claimed) {
            HW_TRY(hw_plan_claim(job->shared->plan, base, job->name, err));
            job->member_claimed = true;
        }
    }
    if (!base_safe(job, base)) {
        return hw_fail(err, HW_EDATA, "its name is none that a file below the destination can have");
    }
    *out_base = base;
    return HW_OK;
}

/* Where the outputs go; what of them is to be written. A merge is known by what it makes, whatever goes into it. */
static enum hw_status job_targets(struct hw_job *job, const char *base, struct hw_error *err) {
    const struct hw_job_shared *shared = job->shared;
    const char *name = job->merged ? hw_arena_join(&job->arena, "merged into ", base) : job->name;
    if (!name) {
        return hw_fail(err, HW_ENOMEM, "out of memory for a name");
    }
    if (shared->plan->target_key && !job->merged && job->members_wanted > 1) {
        return hw_fail(err, HW_EUSAGE, "a ZIP with several members needs a folder as destination");
    }
    job->origin = (struct hw_targets_source){
        .plan = shared->plan,
        .before = shared->before,
        .journals = shared->journals,
        .warn = &shared->conversion->warn,
        .options = shared->conversion->options,
        .output = &shared->conversion->output,
        .formats = shared->formats,
        .options_digest = shared->options_digest,
        .base = base,
        .name = name,
        .bytes = job->source_bytes,
        .mtime_us = job->source_mtime_us,
        .etag = job->source_etag,
        .arena = &job->arena,
    };
    HW_TRY(hw_targets_make(&job->origin, &job->targets, err));
    return hw_targets_choose(&job->origin, &job->targets, err);
}

static enum hw_status conversion_start(struct hw_job *job, enum hw_job_next *out_next, struct hw_error *err);

static enum hw_status member_start(struct hw_job *job, enum hw_job_next *out_next, struct hw_error *err) {
    const struct hw_convert_options *options = job->shared->conversion->options;
    const char *base;
    if (!member_wanted(job, job->member)) {
        return HW_OK;
    }
    HW_TRY(member_base(job, &base, err));
    HW_TRY(job_targets(job, base, err));
    if (job->targets.count == 0) {
        outcome_tell(job, HW_SKIPPED, NULL);
        return HW_OK;
    }
    hw_texts_init(&job->texts, job->origins, 1, options, job->shared->given != NULL);
    job->texts.record_bytes_max = job->shared->conversion->settings.record_bytes_max;
    job->texts.kept_bytes_max = job->shared->conversion->settings.kept_bytes_max;
    job->input.member = job->member;
    HW_TRY(hw_texts_add(&job->texts, 0, &job->input, job->name, err));
    return conversion_start(job, out_next, err);
}

static enum hw_status work_take(struct hw_job *job, bool *out_taken, struct hw_error *err);

/* A run that only plans ends here; others begin, or wait, once it is known how much memory the table takes. */
static enum hw_status conversion_start(struct hw_job *job, enum hw_job_next *out_next, struct hw_error *err) {
    struct hw_conversion_shared *shared = job->shared->conversion;
    bool taken;
    HW_TRY(hw_conversion_open(&job->conversion, shared, &job->texts, job->shared->given, err));
    if (shared->options->dry_run) {
        outcome_tell(job, HW_PLANNED, NULL);
        return HW_OK;
    }
    HW_TRY(work_take(job, &taken, err));
    if (!taken) {
        *out_next = HW_JOB_WAITS;
        return HW_OK;
    }
    HW_TRY(hw_conversion_start(&job->conversion, &job->targets, err));
    *out_next = HW_JOB_GOES_ON;
    return HW_OK;
}

/* Takes what the object needs, now that it is known. Where that is not free, the job keeps nothing, but knows what it needs. */
static enum hw_status work_take(struct hw_job *job, bool *out_taken, struct hw_error *err) {
    struct hw_conversion_shared *shared = job->shared->conversion;
    const struct hw_settings_object object = hw_conversion_object(&job->conversion);
    HW_TRY(hw_settings_check(&shared->settings, &object, err));
    uint64_t needed = hw_settings_object_bytes(&shared->settings, &object);
    needed = hw_min_size(needed, shared->settings.work_bytes);
    *out_taken = needed <= job->work_bytes || hw_budget_try(shared->work, needed - job->work_bytes);
    if (!*out_taken) {
        hw_budget_give_back(shared->work, job->work_bytes);
    }
    job->work_bytes = hw_max_size(needed, *out_taken ? job->work_bytes : 0);
    return HW_OK;
}

static enum hw_status merge_start(struct hw_job *job, enum hw_job_next *out_next, struct hw_error *err);

static enum hw_status merge_advance(struct hw_job *job, enum hw_job_next *out_next, struct hw_error *err) {
    if (job->stage == HW_JOB_START) {
        job->stage = HW_JOB_LOOKING;
        return merge_start(job, out_next, err);
    }
    job->source_bytes = 0;
    for (size_t i = 0; i < job->origins_count; i++) {
        job->source_bytes += job->origins[i].bytes;
    }
    job->stage = HW_JOB_CONVERTING;
    return conversion_start(job, out_next, err);
}

static enum hw_status merge_describe(struct hw_job *job, struct hw_error *err);

/* Sources can be looked at, unless what would be made is there already. */
static enum hw_status merge_start(struct hw_job *job, enum hw_job_next *out_next, struct hw_error *err) {
    HW_TRY(merge_describe(job, err));
    HW_TRY(job_targets(job, job->shared->plan->merge_base, err));
    if (job->targets.count == 0) {
        outcome_tell(job, HW_SKIPPED, NULL);
        return HW_OK;
    }
    hw_texts_init(&job->texts, job->origins, job->origins_count, job->shared->conversion->options,
                  job->shared->given != NULL);
    job->texts.pinned = true;
    job->texts.record_bytes_max = job->shared->conversion->settings.record_bytes_max;
    job->texts.kept_bytes_max = job->shared->conversion->settings.kept_bytes_max;
    *out_next = HW_JOB_GOES_ON;
    return HW_OK;
}

/* Sizes, times and a digest of all objects, by which a later run knows them; standard input is never known again. */
static enum hw_status merge_describe(struct hw_job *job, struct hw_error *err) {
    HW_AUTO(hw_buf) facts = {0};
    uint8_t digest[HW_SHA256_BYTES];
    char more[64] = "";
    char *etag = hw_arena_alloc(&job->arena, HW_SHA256_HEX_BYTES);
    for (size_t i = 0; i < job->origins_count; i++) {
        const struct hw_plan_object *object = &job->objects[i];
        const int64_t changed_us = object->store ? object->mtime_us : hw_clock_now_us();
        HW_TRY(hw_buf_printf(&facts, err, "%zu %s %" PRIu64 " %" PRIi64 " %s\n", strlen(object->name), object->name,
                             object->bytes, changed_us, object->etag));
        job->source_bytes += object->bytes;
        job->source_mtime_us = changed_us > job->source_mtime_us ? changed_us : job->source_mtime_us;
    }
    if (job->origins_count > 1) {
        snprintf(more, sizeof(more), " and %zu more", job->origins_count - 1);
    }
    job->name = hw_arena_join(&job->arena, job->objects->name, more);
    if (!etag || !job->name) {
        return hw_fail(err, HW_ENOMEM, "out of memory for a name");
    }
    hw_sha256_of(facts.data, facts.size, digest);
    hw_hex(digest, sizeof(digest), etag);
    job->source_etag = etag;
    return HW_OK;
}

/* Many files are told of before they are there: no run that is stopped in between leaves files that nobody knows. */
static enum hw_status journal_write(struct hw_job *job, struct hw_error *err) {
    const struct hw_targets_source *origin = &job->origin;
    struct hw_target_files *files = &job->files;
    if (!job->targets.many || !origin->journals || files->count == 0) {
        return HW_OK;
    }
    HW_TRY(hw_journals_write(origin->journals, origin->name, files->entries, files->count, &files->journal, err));
    files->journalled = true;
    return HW_OK;
}

static enum hw_status conversion_finish(struct hw_job *job, struct hw_error *err) {
    const struct hw_conversion_shared *conversion = job->shared->conversion;
    if (conversion->cancelled(conversion->cancelled_ctx)) {
        return hw_fail(err, HW_ECANCELLED,
                       "stopped before it was done"); /* the last chance: nothing is published yet */
    }
    HW_TRY(hw_conversion_columns(&job->conversion, &job->arena, &job->column_facts, err));
    HW_TRY(hw_conversion_settle(&job->conversion, err));
    HW_TRY(hw_targets_files(&job->origin, &job->conversion.outputs, job->conversion.shared_state.rejected, &job->files,
                            err));
    HW_TRY(journal_write(job, err));
    HW_TRY(hw_conversion_publish(&job->conversion, err));
    /* From here on the files are there, and nothing may fail. */
    hw_targets_published(&job->conversion.outputs, &job->files);
    hw_stale_remove(&job->origin, &job->targets, &job->files);
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

static size_t sources_count(const struct hw_job *job) {
    if (!job->merged) {
        return 0;
    }
    return job->texts.count > 0 ? job->texts.count : job->origins_count;
}

/* NULL when out of memory, too: then the count alone tells of them. */
static const struct hw_convert_source *sources_tell(struct hw_job *job) {
    const struct hw_texts *texts = &job->texts;
    struct hw_convert_source *sources = hw_arena_alloc(&job->arena, texts->count * sizeof(*sources));
    for (size_t i = 0; sources && i < texts->count; i++) {
        const struct hw_text *text = &texts->items[i];
        sources[i] = (struct hw_convert_source){text->name, text->origin->bytes, text->done.rows};
    }
    return sources;
}

/* Names the files of a format as far as they are known before they are made: else as a pattern. NULL: no memory. */
static const char *planned_path(struct hw_job *job, const struct hw_output_names *names) {
    const struct hw_plan *plan = job->shared->plan;
    const struct hw_convert_options *options = job->shared->conversion->options;
    const char *folder = plan->target_pipe ? "" : names->folder;
    for (size_t i = 0; folder && i < options->partition_by_count; i++) {
        folder = hw_arena_join(&job->arena, folder, options->partition_by[i], "=*/");
    }
    const char *number = job->targets.many ? "-*" : "";
    const char *stem = hw_arena_join(&job->arena, plan->target_pipe ? "" : names->stem, number, names->extension);
    return folder && stem ? hw_arena_join(&job->arena, plan->target->root, folder, stem) : NULL;
}

/* What would be written; nothing where memory is out, which only the names suffer from. */
static void planned_tell(struct hw_job *job, struct hw_convert_object *object) {
    const struct hw_targets *targets = &job->targets;
    struct hw_convert_output *outputs = hw_arena_alloc(&job->arena, targets->count * sizeof(*outputs));
    for (size_t i = 0; outputs && i < targets->count; i++) {
        outputs[i] = (struct hw_convert_output){.path = planned_path(job, &targets->names[i]),
                                                .format = targets->formats[i]->name,
                                                .sha256 = "",
                                                .crc64nvme = "",
                                                .etag = ""};
        outputs = outputs[i].path ? outputs : NULL;
    }
    object->outputs = outputs;
    object->outputs_count = outputs ? targets->count : 0;
}

/* What all texts from across a network were compared with. NULL: there is none. */
static const char *checksum_tell(const struct hw_texts *texts) {
    const char *told = NULL;
    for (size_t i = 0; i < texts->count; i++) {
        const struct hw_text *text = &texts->items[i];
        const struct hw_store *store = text->origin->object->store;
        if (!store || !store->remote) {
            continue;
        }
        enum hw_checksum_kind kind = text->proved_by != HW_CHECKSUM_NONE ? text->proved_by : text->checksum.kind;
        const char *name = hw_checksum_name(kind);
        if (kind == HW_CHECKSUM_NONE) {
            return name; /* one source without makes the whole one without */
        }
        told = !told || strcmp(told, name) == 0 ? name : "mixed";
    }
    return told;
}

static void outcome_tell(struct hw_job *job, enum hw_convert_outcome outcome, const struct hw_error *error) {
    const struct hw_conversion *conversion = &job->conversion;
    struct hw_convert_reject rejects[HW_CSV_REASON_COUNT];
    struct hw_convert_object object = {
        .source = job->name,
        .outcome = outcome,
        .sources_count = sources_count(job),
        .source_bytes = job->source_bytes ? job->source_bytes : job->objects->bytes,
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
        object.source_checksum = checksum_tell(&job->texts);
        object.outputs = job->files.outputs;
        object.outputs_count = job->files.count;
        object.sources = job->merged ? sources_tell(job) : NULL;
        object.column_facts = job->column_facts;
        object.rejects_path =
            object.rejected > 0 ? hw_arena_join(&job->arena, job->targets.store->root, job->targets.rejects_key) : NULL;
    }
    if (outcome == HW_PLANNED) {
        planned_tell(job, &object);
    }
    job->shared->done(job->shared->ctx, &object, &job->files);
}
