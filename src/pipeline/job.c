/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/job.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/clock.h"
#include "pipeline/overlap.h"
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
    hw_buf_release(&job->stale);
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
        job->files = (struct hw_job_files){0};
        hw_buf_clear(&job->stale);
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
        if (!base) {
            return hw_fail(err, HW_ENOMEM, "out of memory for a name");
        }
        HW_TRY(hw_plan_claim(job->shared->plan, base, job->name, err));
    }
    *out_base = base;
    return HW_OK;
}

/* Of a single object's key: where the number of one of many files goes. */
static size_t stem_bytes(const char *key, const char *extension) {
    if (hw_view_ends(hw_view_of(key), hw_view_of(extension))) {
        return strlen(key) - strlen(extension);
    }
    const char *slash = strrchr(key, '/');
    const char *name = slash ? slash + 1 : key;
    const char *dot = strrchr(name, '.');
    return dot && dot > name ? (size_t)(dot - key) : strlen(key);
}

/* What the files of a format are called. */
static enum hw_status names_make(struct hw_job *job, const char *base, const char *extension,
                                 struct hw_output_names *out_names, struct hw_error *err) {
    const struct hw_plan *plan = job->shared->plan;
    if (!plan->target_key) {
        *out_names = (struct hw_output_names){plan->target_prefix, base, extension};
        return HW_OK;
    }
    size_t bytes = job->targets.many ? stem_bytes(plan->target_key, extension) : strlen(plan->target_key);
    *out_names = (struct hw_output_names){"", hw_arena_strndup(&job->arena, plan->target_key, bytes),
                                          plan->target_key + bytes};
    return out_names->stem ? HW_OK : hw_fail(err, HW_ENOMEM, "out of memory for a name");
}

static enum hw_status file_allowed(void *ctx, const char *key, struct hw_error *err) {
    const struct hw_job *job = ctx;
    return hw_overlap_refuse(job->shared->plan, key, err);
}

static enum hw_status targets_make(struct hw_job *job, const char *base, struct hw_error *err) {
    const struct hw_plan *plan = job->shared->plan;
    const struct hw_convert_options *options = job->shared->conversion->options;
    struct hw_targets *targets = &job->targets;
    *targets = (struct hw_targets){
        .store = plan->target,
        .many = options->max_file_bytes > 0 || options->partition_by_count > 0,
        .partitioned = options->partition_by_count > 0,
        .create_only = options->overwrite == HW_OVERWRITE_FAIL,
        .look = options->overwrite != HW_OVERWRITE_REPLACE || !plan->target->remote,
        .may_open = file_allowed,
        .ctx = job,
    };
    /* Which names there will be, nobody knows: what stands there and is not known is never replaced. */
    targets->create_only |= targets->many && options->overwrite == HW_OVERWRITE_SKIP;
    if (plan->target_key && job->zip && members_wanted(job) > 1) {
        return hw_fail(err, HW_EUSAGE, "a ZIP with several members needs a folder as destination");
    }
    for (const struct hw_output_format *format = hw_output_formats; format->name; format++) {
        if (job->shared->formats & format->flag) {
            const char *extension = format->naming(&job->shared->conversion->output).extension;
            HW_TRY(names_make(job, base, extension, &targets->names[targets->count], err));
            targets->formats[targets->count++] = format;
        }
    }
    targets->rejects_key = plan->target_key ? text_format(&job->arena, plan->target_key, ".rejects.jsonl", "", "")
                                            : text_format(&job->arena, plan->target_prefix, base, ".rejects.jsonl", "");
    return targets->rejects_key ? HW_OK : hw_fail(err, HW_ENOMEM, "out of memory for a name");
}

/* True where the output there was made from this very source with these options. */
static bool entry_current(const struct hw_job *job, const struct hw_manifest_entry *entry) {
    return strcmp(entry->source, job->name) == 0 && entry->source_bytes == job->source->size &&
           entry->source_mtime_us == job->source->mtime_us && strcmp(entry->source_etag, job->source->etag) == 0 &&
           strcmp(entry->options, job->shared->options_digest) == 0;
}

/* What stands at a key; `*out_there` false: nothing. */
static enum hw_status key_look(const struct hw_targets *targets, const char *key, bool *out_there, uint64_t *out_bytes,
                               struct hw_error *err) {
    struct hw_object_info info = {0};
    struct hw_error stat_err = HW_ERROR_INIT;
    char etag[128];
    enum hw_status status = targets->store->ops->stat(targets->store, key, &info, etag, &stat_err);
    if (status != HW_OK && status != HW_ENOTFOUND) {
        if (err) {
            *err = stat_err;
        }
        return status;
    }
    *out_there = status == HW_OK;
    *out_bytes = info.size;
    return HW_OK;
}

/* Whether output `i` is to be left alone, by the overwrite rule. */
static enum hw_status single_look(struct hw_job *job, size_t i, bool *out_keep, struct hw_error *err);
static enum hw_status many_look(struct hw_job *job, size_t i, bool *out_keep, struct hw_error *err);

/* Leaves only the targets that are to be written. */
static enum hw_status targets_choose(struct hw_job *job, struct hw_error *err) {
    enum hw_overwrite overwrite = job->shared->conversion->options->overwrite;
    struct hw_targets *targets = &job->targets;
    size_t kept = 0;
    if (job->shared->plan->target_pipe || (overwrite == HW_OVERWRITE_REPLACE && targets->store->remote)) {
        return HW_OK;
    }
    for (size_t i = 0; i < targets->count; i++) {
        bool keep = false;
        HW_TRY(targets->many ? many_look(job, i, &keep, err) : single_look(job, i, &keep, err));
        if (!keep) {
            targets->fresh[kept] = targets->fresh[i];
            targets->formats[kept] = targets->formats[i];
            targets->names[kept++] = targets->names[i];
        }
    }
    targets->count = kept;
    return HW_OK;
}

/* The key of an output's only file, or of its first. */
static char *first_key(struct hw_job *job, size_t i) {
    const struct hw_output_names *names = &job->targets.names[i];
    const char *stem = text_format(&job->arena, names->stem, job->targets.many ? "-00000" : "", "", "");
    return stem ? text_format(&job->arena, names->folder, stem, names->extension, "") : NULL;
}

static enum hw_status single_look(struct hw_job *job, size_t i, bool *out_keep, struct hw_error *err) {
    enum hw_overwrite overwrite = job->shared->conversion->options->overwrite;
    struct hw_targets *targets = &job->targets;
    const char *prefix = job->shared->plan->target_prefix;
    const char *key = first_key(job, i);
    bool there = false;
    uint64_t bytes = 0;
    if (!key) {
        return hw_fail(err, HW_ENOMEM, "out of memory for a name");
    }
    HW_TRY(key_look(targets, key, &there, &bytes, err));
    if (there && overwrite == HW_OVERWRITE_FAIL) {
        return hw_fail(err, HW_EEXISTS, "%.300s%.100s is there already", targets->store->root, key);
    }
    const struct hw_manifest_entry *entry =
        job->shared->before && prefix ? hw_manifest_find(job->shared->before, key + strlen(prefix)) : NULL;
    bool current = overwrite == HW_OVERWRITE_SKIP || (overwrite == HW_OVERWRITE_AUTO && entry &&
                                                      entry->bytes == bytes && entry_current(job, entry));
    targets->fresh[i] = !there;
    *out_keep = there && current;
    return HW_OK;
}

static enum hw_status entry_there(struct hw_job *job, const struct hw_manifest_entry *entry, bool *out_there,
                                  struct hw_error *err);

/* Many files are left alone all together: where every one that an earlier run made from the source is still there. */
static enum hw_status many_look(struct hw_job *job, size_t i, bool *out_keep, struct hw_error *err) {
    enum hw_overwrite overwrite = job->shared->conversion->options->overwrite;
    const struct hw_targets *targets = &job->targets;
    size_t count = 0;
    const struct hw_manifest_entry *const *entries =
        job->shared->before ? hw_manifest_of(job->shared->before, job->name, targets->formats[i]->name, &count) : NULL;
    bool keep = count > 0 && (overwrite == HW_OVERWRITE_AUTO || overwrite == HW_OVERWRITE_SKIP);
    for (size_t k = 0; keep && k < count; k++) {
        bool current = overwrite == HW_OVERWRITE_SKIP || entry_current(job, entries[k]);
        if (!current || entries[k]->file == 0) {
            keep = false;
        } else {
            HW_TRY(entry_there(job, entries[k], &keep, err));
        }
    }
    if (!keep && overwrite == HW_OVERWRITE_SKIP && !targets->partitioned) {
        uint64_t bytes;
        const char *key = first_key(job, i);
        if (!key) {
            return hw_fail(err, HW_ENOMEM, "out of memory for a name");
        }
        HW_TRY(key_look(targets, key, &keep, &bytes, err));
    }
    *out_keep = keep;
    return HW_OK;
}

static enum hw_status entry_there(struct hw_job *job, const struct hw_manifest_entry *entry, bool *out_there,
                                  struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    bool there = false;
    uint64_t bytes = 0;
    const char *key = text_format(&arena, job->shared->plan->target_prefix, entry->path, "", "");
    if (!key) {
        return hw_fail(err, HW_ENOMEM, "out of memory for a name");
    }
    HW_TRY(key_look(&job->targets, key, &there, &bytes, err));
    *out_there = there && bytes == entry->bytes;
    return HW_OK;
}

static enum hw_status member_start(struct hw_job *job, bool *out_started, struct hw_error *err) {
    const struct hw_convert_options *options = job->shared->conversion->options;
    const char *base;
    if (!member_wanted(job, job->member)) {
        return HW_OK;
    }
    HW_TRY(member_base(job, &base, err));
    HW_TRY(targets_make(job, base, err));
    HW_TRY(targets_choose(job, err));
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

static enum hw_status files_describe(struct hw_job *job, struct hw_error *err);
static enum hw_status stale_remove(struct hw_job *job, struct hw_error *err);

static enum hw_status member_finish(struct hw_job *job, struct hw_error *err) {
    const struct hw_conversion_shared *conversion = job->shared->conversion;
    if (conversion->cancelled(conversion->cancelled_ctx)) {
        return hw_fail(err, HW_ECANCELLED,
                       "stopped before it was done"); /* the last chance: nothing is published yet */
    }
    HW_TRY(hw_conversion_columns(&job->conversion, &job->arena, &job->column_facts, err));
    HW_TRY(hw_conversion_finish(&job->conversion, err));
    HW_TRY(files_describe(job, err));
    HW_TRY(stale_remove(job, err));
    outcome_tell(job, HW_CONVERTED, NULL);
    return HW_OK;
}

/* Facts of a published file, for report and manifest. */
static enum hw_status file_describe(struct hw_job *job, const struct hw_output_file *file,
                                    struct hw_convert_output *out_output, struct hw_manifest_entry *out_entry,
                                    struct hw_error *err) {
    const struct hw_plan *plan = job->shared->plan;
    const char *path = text_format(&job->arena, plan->target->root, plan->target_pipe ? "" : file->key, "", "");
    if (!path) {
        return hw_fail(err, HW_ENOMEM, "out of memory for a name");
    }
    *out_output = (struct hw_convert_output){
        .path = path,
        .format = file->format->name,
        .bytes = file->sums.written,
        .etag = file->sink->etag,
    };
    hw_hex(file->digest, sizeof(file->digest), out_output->sha256);
    snprintf(out_output->crc64nvme, sizeof(out_output->crc64nvme), "%016" PRIx64, file->crc64nvme);
    *out_entry = (struct hw_manifest_entry){
        .path = file->key + (plan->target_prefix ? strlen(plan->target_prefix) : 0),
        .format = file->format->name,
        .bytes = file->sums.written,
        .rows = file->rows,
        .sha256 = out_output->sha256,
        .crc64nvme = out_output->crc64nvme,
        .etag = file->sink->etag,
        .source = job->name,
        .source_bytes = job->source->size,
        .source_etag = job->source->etag,
        .source_mtime_us = job->source->mtime_us,
        .options = job->shared->options_digest,
        .rejected = job->conversion.shared_state.rejected,
    };
    return HW_OK;
}

static enum hw_status files_describe(struct hw_job *job, struct hw_error *err) {
    const struct hw_outputs *outputs = &job->conversion.outputs;
    struct hw_job_files *files = &job->files;
    size_t count = 0;
    for (size_t i = 0; i < job->targets.count; i++) {
        count += outputs->formats[i].files_count;
    }
    *files = (struct hw_job_files){0};
    files->outputs = hw_arena_alloc(&job->arena, count * sizeof(*files->outputs));
    files->entries = hw_arena_alloc(&job->arena, count * sizeof(*files->entries));
    if (!files->outputs || !files->entries) {
        return hw_fail_nomem(err, count * sizeof(*files->entries));
    }
    for (size_t i = 0; i < job->targets.count; i++) {
        const struct hw_output *output = &outputs->formats[i];
        for (size_t k = 0; k < output->files_count; k++, files->count++) {
            struct hw_manifest_entry *entry = &files->entries[files->count];
            HW_TRY(file_describe(job, output->files[k], &files->outputs[files->count], entry, err));
            entry->file = job->targets.many ? k + 1 : 0;
        }
    }
    return HW_OK;
}

static int paths_compare(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The paths of all files that were published, in byte order. */
static const char **paths_sorted(struct hw_job *job) {
    const char **paths = hw_arena_alloc(&job->arena, job->files.count * sizeof(*paths));
    for (size_t i = 0; paths && i < job->files.count; i++) {
        paths[i] = job->files.entries[i].path;
    }
    if (paths && job->files.count > 1) {
        qsort(paths, job->files.count, sizeof(*paths), paths_compare);
    }
    return paths;
}

static enum hw_status stale_remove_format(struct hw_job *job, const char *format, const char *const *paths,
                                          struct hw_error *err);

/*
 * Files that an earlier run made from this source and this one did not make again: whoever reads the folder as a whole would find rows
 * twice. A single output under another name stands for itself and stays.
 */
static enum hw_status stale_remove(struct hw_job *job, struct hw_error *err) {
    const char **paths = paths_sorted(job);
    if (!paths) {
        return hw_fail(err, HW_ENOMEM, "out of memory for names");
    }
    for (size_t i = 0; job->shared->before && i < job->targets.count; i++) {
        HW_TRY(stale_remove_format(job, job->targets.formats[i]->name, paths, err));
    }
    return HW_OK;
}

static enum hw_status stale_remove_format(struct hw_job *job, const char *format, const char *const *paths,
                                          struct hw_error *err) {
    struct hw_store *store = job->targets.store;
    size_t count;
    const struct hw_manifest_entry *const *entries =
        hw_manifest_of(job->shared->before, job->name, format, &count);
    for (size_t i = 0; i < count; i++) {
        const char *path = entries[i]->path;
        if ((!job->targets.many && entries[i]->file == 0) ||
            bsearch(&path, paths, job->files.count, sizeof(path), paths_compare)) {
            continue;
        }
        char *key = text_format(&job->arena, job->shared->plan->target_prefix, path, "", "");
        HW_TRY(key ? store->ops->remove(store, key, err) : hw_fail(err, HW_ENOMEM, "out of memory for a name"));
        HW_TRY(hw_buf_append(&job->stale, &path, sizeof(path), err));
    }
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
    job->files.stale = (const char *const *)(const void *)job->stale.data;
    job->files.stale_count = job->stale.size / sizeof(*job->files.stale);
    job->shared->done(job->shared->ctx, &object, &job->files);
}
