/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/output_plan.h"

#include <stdio.h>
#include <stdlib.h>

#include "codec/checksum.h"
#include "core/bytes_text.h"
#include "core/view.h"
#include "pipeline/digest.h"
#include "pipeline/same_output.h"
#include "pipeline/source_guard.h"

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
static enum hw_status names_make(const struct hw_output_plan_source *source, bool many, const char *extension,
                                 struct hw_output_names *out_names, struct hw_error *err) {
    const struct hw_plan *plan = source->plan;
    if (!plan->target_key) {
        *out_names = (struct hw_output_names){plan->target_prefix, source->base, extension};
        return HW_OK;
    }
    size_t bytes = many ? stem_bytes(plan->target_key, extension) : strlen(plan->target_key);
    *out_names = (struct hw_output_names){"", hw_arena_strndup(source->arena, plan->target_key, bytes),
                                          plan->target_key + bytes};
    return out_names->stem ? HW_OK : hw_fail(err, HW_ENOMEM, "out of memory for a name");
}

/* Tells whether the manifest says that an earlier run has rejected records of the source. */
static enum hw_status rejects_told(const struct hw_output_plan_source *source, const char *format, bool *out_told,
                                   struct hw_error *err) {
    HW_AUTO(hw_manifest_cursor) cursor = {0};
    const struct hw_manifest_entry *entry = NULL;
    if (source->before) {
        HW_TRY(hw_manifest_of(source->before, source->name, format, &cursor, err));
        HW_TRY(hw_manifest_next(&cursor, &entry, err));
    }
    *out_told = entry && entry->rejected > 0;
    return HW_OK;
}

/* Finds where the rejects go, and whether some of an earlier run may be there. */
static enum hw_status rejects_find(const struct hw_output_plan_source *source, struct hw_output_plan *output_plan,
                                   struct hw_error *err) {
    const struct hw_plan *plan = source->plan;
    bool ours = source->options->csv.bad_rows_reject;
    for (size_t i = 0; !ours && !plan->target_pipe && i < output_plan->count; i++) {
        HW_TRY(rejects_told(source, output_plan->formats[i]->name, &ours, err));
    }
    output_plan->rejects_ours = ours;
    output_plan->rejects_expected = !plan->target_pipe && (ours || plan->target_key);
    output_plan->rejects_key = hw_plan_rejects_key(plan, source->arena, source->base);
    return output_plan->rejects_key ? HW_OK : hw_fail(err, HW_ENOMEM, "out of memory for a name");
}

static enum hw_status file_allowed(const struct hw_output_plan_source *source, const char *key, struct hw_error *err) {
    return hw_source_guard_refuse(source->plan, "output", key, err);
}

enum hw_status hw_output_plan_make(const struct hw_output_plan_source *source, struct hw_output_plan *output_plan,
                                   struct hw_error *err) {
    const struct hw_plan *plan = source->plan;
    const struct hw_convert_options *options = source->options;
    *output_plan = (struct hw_output_plan){
        .store = plan->target,
        .kept = &plan->kept,
        .many = options->max_file_bytes > 0 || options->partition_by_count > 0,
        .partitioned = options->partition_by_count > 0,
        .create_only = options->overwrite == HW_OVERWRITE_FAIL,
        .look = options->overwrite != HW_OVERWRITE_REPLACE || !plan->target->remote,
        .may_open = file_allowed,
        .source = source,
    };
    /*
     * Which names there will be, nobody knows: what stands there and is not known is never
     * replaced.
     */
    output_plan->create_only |= output_plan->many && options->overwrite == HW_OVERWRITE_SKIP;
    for (const struct hw_output_format *format = hw_output_formats; format->name; format++) {
        if (source->formats & format->flag) {
            const char *extension = format->naming(source->output).extension;
            HW_TRY(names_make(source, output_plan->many, extension, &output_plan->names[output_plan->count], err));
            output_plan->formats[output_plan->count++] = format;
        }
    }
    return rejects_find(source, output_plan, err);
}

/*
 * Compares what an output was made from with what it would be made from now. HW_REASON_CURRENT:
 * this very source, with these options.
 */
static enum hw_convert_reason entry_compare(const struct hw_output_plan_source *source,
                                            const struct hw_manifest_entry *entry) {
    const bool versioned = source->etag[0] != '\0' || source->mtime_us != 0;
    const bool source_same = versioned && strcmp(entry->source, source->name) == 0 &&
                             entry->source_bytes == source->bytes && entry->source_mtime_us == source->mtime_us &&
                             strcmp(entry->source_etag, source->etag) == 0;
    if (!source_same) {
        return HW_REASON_SOURCE;
    }
    if (strcmp(entry->options, source->options_digest) == 0) {
        return HW_REASON_CURRENT;
    }
    return hw_digests_differ_in_types(entry->options, source->options_digest) ? HW_REASON_TYPES : HW_REASON_OPTIONS;
}

/*
 * Whether anything stands at a key; of `entry`, which may be NULL, whether it still is what the
 * manifest says.
 */
static enum hw_status key_look(struct hw_store *store, const char *key, const struct hw_manifest_entry *entry,
                               bool *out_there, bool *out_same, struct hw_error *err) {
    static const struct hw_manifest_entry none = {.etag = ""};
    struct hw_error stat_err = HW_ERROR_INIT;
    bool same = false;
    enum hw_status status = hw_same_output(store, key, entry ? entry : &none, false, &same, &stat_err);
    if (status != HW_OK && status != HW_ENOTFOUND) {
        return hw_error_pass(err, status, &stat_err);
    }
    *out_there = status == HW_OK;
    *out_same = *out_there && entry && same;
    return HW_OK;
}

/* Tell why output `i` is to be written, or left alone. */
static enum hw_status single_look(const struct hw_output_plan_source *source, struct hw_output_plan *output_plan,
                                  size_t i, enum hw_convert_reason *out_reason, struct hw_error *err);
static enum hw_status many_look(const struct hw_output_plan_source *source, struct hw_output_plan *output_plan,
                                size_t i, enum hw_convert_reason *out_reason, struct hw_error *err);

/* Returns whether an output is left alone for this reason, by the overwrite rule. */
static bool reason_keeps(const struct hw_output_plan_source *source, enum hw_convert_reason reason) {
    const bool skips = source->options->overwrite == HW_OVERWRITE_SKIP && reason == HW_REASON_EXISTS;
    return skips || reason == HW_REASON_CURRENT;
}

/* Members of a ZIP have names that nobody has looked at before. */
static enum hw_status names_check(const struct hw_output_plan_source *source, const struct hw_output_plan *output_plan,
                                  struct hw_error *err);
static char *first_key(const struct hw_output_plan_source *source, const struct hw_output_plan *output_plan, size_t i);

enum hw_status hw_output_plan_choose(const struct hw_output_plan_source *source, struct hw_output_plan *output_plan,
                                     struct hw_error *err) {
    enum hw_overwrite overwrite = source->options->overwrite;
    size_t kept = 0;
    HW_TRY(names_check(source, output_plan, err));
    output_plan->reason = source->plan->target_pipe ? HW_REASON_NEW : HW_REASON_REPLACE;
    if (source->plan->target_pipe || (overwrite == HW_OVERWRITE_REPLACE && output_plan->store->remote)) {
        return HW_OK;
    }
    for (size_t i = 0; i < output_plan->count; i++) {
        enum hw_convert_reason reason = HW_REASON_NEW;
        HW_TRY(output_plan->many ? many_look(source, output_plan, i, &reason, err)
                                 : single_look(source, output_plan, i, &reason, err));
        output_plan->reason = kept == 0 ? reason : output_plan->reason;
        if (!reason_keeps(source, reason)) {
            output_plan->fresh[kept] = output_plan->fresh[i];
            output_plan->formats[kept] = output_plan->formats[i];
            output_plan->names[kept++] = output_plan->names[i];
        }
    }
    output_plan->count = kept;
    return HW_OK;
}

static enum hw_status names_check(const struct hw_output_plan_source *source, const struct hw_output_plan *output_plan,
                                  struct hw_error *err) {
    if (source->plan->target_pipe) {
        return HW_OK;
    }
    if (source->options->csv.bad_rows_reject) {
        HW_TRY(hw_source_guard_refuse(source->plan, "rejects file", output_plan->rejects_key, err));
    }
    for (size_t i = 0; !output_plan->many && i < output_plan->count; i++) {
        const char *key = first_key(source, output_plan, i);
        HW_TRY(key ? hw_source_guard_refuse(source->plan, "output", key, err)
                   : hw_fail(err, HW_ENOMEM, "out of memory for a name"));
    }
    return HW_OK;
}

/* A run that did not end with this source: nothing of it counts as done. */
static bool left_unfinished(const struct hw_output_plan_source *source) {
    size_t first;
    return source->journals && hw_journals_of(source->journals, source->name, &first) > 0;
}

/* The key of an output's only file, or of its first. */
static char *first_key(const struct hw_output_plan_source *source, const struct hw_output_plan *output_plan, size_t i) {
    const struct hw_output_names *names = &output_plan->names[i];
    const char *stem = hw_arena_join(source->arena, names->stem, output_plan->many ? "-00000" : "");
    return stem ? hw_arena_join(source->arena, names->folder, stem, names->extension) : NULL;
}

/*
 * Tells why an output that is there is written again, or left alone. `entry` is what the manifest
 * tells of it, or NULL; `same`: it still is that.
 */
static enum hw_convert_reason there_reason(const struct hw_output_plan_source *source,
                                           const struct hw_manifest_entry *entry, bool same) {
    const enum hw_overwrite overwrite = source->options->overwrite;
    if (overwrite == HW_OVERWRITE_REPLACE) {
        return HW_REASON_REPLACE;
    }
    if (!entry || overwrite == HW_OVERWRITE_SKIP) {
        return HW_REASON_EXISTS;
    }
    if (!same) {
        return HW_REASON_OUTPUT;
    }
    return left_unfinished(source) ? HW_REASON_UNFINISHED : entry_compare(source, entry);
}

static enum hw_status single_look(const struct hw_output_plan_source *source, struct hw_output_plan *output_plan,
                                  size_t i, enum hw_convert_reason *out_reason, struct hw_error *err) {
    enum hw_overwrite overwrite = source->options->overwrite;
    const char *prefix = source->plan->target_prefix;
    const char *key = first_key(source, output_plan, i);
    HW_AUTO(hw_manifest_cursor) cursor = {0};
    const struct hw_manifest_entry *entry = NULL;
    bool there = false;
    bool same = false;
    if (!key) {
        return hw_fail(err, HW_ENOMEM, "out of memory for a name");
    }
    /*
     * An output that would be taken back, because one after it fails, is asked for by itself:
     * another run may have made it since.
     */
    if (i + 1 == output_plan->count && hw_target_keys_free(source->target_keys, key)) {
        output_plan->fresh[i] = true;
        *out_reason = HW_REASON_NEW;
        return HW_OK;
    }
    if (source->before && prefix) {
        HW_TRY(hw_manifest_find(source->before, key + strlen(prefix), &cursor, &entry, err));
    }
    HW_TRY(key_look(source->plan->target, key, entry, &there, &same, err));
    if (there && overwrite == HW_OVERWRITE_FAIL) {
        return hw_fail(err, HW_EEXISTS, "%.300s%.100s is there already", output_plan->store->root, key);
    }
    output_plan->fresh[i] = !there;
    *out_reason = there ? there_reason(source, entry, same) : HW_REASON_NEW;
    return HW_OK;
}

static enum hw_status entries_look(const struct hw_output_plan_source *source, const char *format,
                                   enum hw_convert_reason *out_reason, struct hw_error *err);

/*
 * Many files are left alone all together: where every one that an earlier run made from the source
 * is still there.
 */
static enum hw_status many_look(const struct hw_output_plan_source *source, struct hw_output_plan *output_plan,
                                size_t i, enum hw_convert_reason *out_reason, struct hw_error *err) {
    enum hw_overwrite overwrite = source->options->overwrite;
    const bool unfinished = left_unfinished(source);
    *out_reason = unfinished ? HW_REASON_UNFINISHED : HW_REASON_NEW;
    if (overwrite == HW_OVERWRITE_REPLACE) {
        *out_reason = HW_REASON_REPLACE;
        return HW_OK;
    }
    if (source->before && !unfinished) {
        HW_TRY(entries_look(source, output_plan->formats[i]->name, out_reason, err));
    }
    if (!reason_keeps(source, *out_reason) && overwrite == HW_OVERWRITE_SKIP && !output_plan->partitioned &&
        !unfinished) {
        bool there = false;
        bool same = false;
        const char *key = first_key(source, output_plan, i);
        if (!key) {
            return hw_fail(err, HW_ENOMEM, "out of memory for a name");
        }
        HW_TRY(key_look(source->plan->target, key, NULL, &there, &same, err));
        *out_reason = there ? HW_REASON_EXISTS : *out_reason;
    }
    return HW_OK;
}

/* Tells why one of many files may be left alone, or why all of them are written again. */
static enum hw_status entry_look(const struct hw_output_plan_source *source, const struct hw_manifest_entry *entry,
                                 enum hw_convert_reason *out_reason, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    enum hw_overwrite overwrite = source->options->overwrite;
    const char *key = hw_arena_join(&arena, source->plan->target_prefix, entry->path);
    bool there = false;
    bool same = false;
    if (!key) {
        return hw_fail(err, HW_ENOMEM, "out of memory for a name");
    }
    HW_TRY(key_look(source->plan->target, key, entry, &there, &same, err));
    if (there && overwrite == HW_OVERWRITE_FAIL) {
        return hw_fail(err, HW_EEXISTS, "%.300s%.200s%.200s is there already", source->plan->target->root,
                       source->plan->target_prefix, entry->path);
    }
    /* A file that is gone, and one that was no part of many, is not what these options make. */
    const enum hw_convert_reason missing = entry->file > 0 ? HW_REASON_OUTPUT : HW_REASON_OPTIONS;
    *out_reason = there && entry->file > 0 ? there_reason(source, entry, same) : missing;
    return HW_OK;
}

/*
 * Tells why the source's files in a format may be left alone, all of them. Leaves the reason as it
 * is where there are none.
 */
static enum hw_status entries_look(const struct hw_output_plan_source *source, const char *format,
                                   enum hw_convert_reason *out_reason, struct hw_error *err) {
    HW_AUTO(hw_manifest_cursor) cursor = {0};
    const struct hw_manifest_entry *entry;
    bool keep = true;
    HW_TRY(hw_manifest_of(source->before, source->name, format, &cursor, err));
    HW_TRY(hw_manifest_next(&cursor, &entry, err));
    while (entry && keep) {
        HW_TRY(entry_look(source, entry, out_reason, err));
        keep = reason_keeps(source, *out_reason);
        HW_TRY(hw_manifest_next(&cursor, &entry, err));
    }
    return HW_OK;
}

/* Facts of a closed file, for report and manifest. */
static void file_describe(const struct hw_output_plan_source *source, const struct hw_output_file *file,
                          struct hw_convert_output *out_output, struct hw_manifest_entry *out_entry) {
    const struct hw_plan *plan = source->plan;
    *out_output = (struct hw_convert_output){
        .path = plan->target_pipe ? plan->target->root : file->path,
        .format = file->format->name,
        .bytes = file->bytes,
        .etag = "",
    };
    hw_hex(file->digest, sizeof(file->digest), out_output->sha256);
    snprintf(out_output->crc64nvme, sizeof(out_output->crc64nvme), "%016" PRIx64, file->crc64nvme);
    *out_entry = (struct hw_manifest_entry){
        .path = file->key + (plan->target_prefix ? strlen(plan->target_prefix) : 0),
        .format = file->format->name,
        .bytes = file->bytes,
        .rows = file->rows,
        .crc64nvme = file->crc64nvme,
        .etag = "",
        .source = source->name,
        .source_bytes = source->bytes,
        .source_etag = source->etag,
        .source_mtime_us = source->mtime_us,
        .options = source->options_digest,
        .rows_limit = source->rows_limit,
    };
    memcpy(out_entry->sha256, file->digest, sizeof(out_entry->sha256));
}

static int entries_compare(const void *a, const void *b) {
    return strcmp(((const struct hw_manifest_entry *)a)->path, ((const struct hw_manifest_entry *)b)->path);
}

enum hw_status hw_output_plan_files(const struct hw_output_plan_source *source, const struct hw_outputs *outputs,
                                    uint64_t rejected, struct hw_output_files *files, struct hw_error *err) {
    const struct hw_output_plan *output_plan = outputs->output_plan;
    const size_t count = hw_outputs_files(outputs);
    *files = (struct hw_output_files){.source = source->name};
    files->outputs = hw_arena_alloc(source->arena, count * sizeof(*files->outputs));
    files->entries = hw_arena_alloc(source->arena, count * sizeof(*files->entries));
    if (!files->outputs || !files->entries) {
        return hw_fail_nomem(err, count * sizeof(*files->entries));
    }
    for (size_t i = 0; i < output_plan->count; i++) {
        const struct hw_output *output = &outputs->formats[i];
        for (size_t k = 0; k < output->files_count; k++, files->count++) {
            struct hw_manifest_entry *entry = &files->entries[files->count];
            file_describe(source, output->files[k], &files->outputs[files->count], entry);
            entry->rejected = rejected;
            entry->file = output_plan->many ? (uint32_t)k + 1 : 0;
            entry->order = (uint32_t)files->count;
        }
    }
    if (files->count > 1) {
        qsort(files->entries, files->count, sizeof(*files->entries), entries_compare);
    }
    return HW_OK;
}

static struct hw_output_file *file_at(const struct hw_outputs *outputs, size_t number) {
    size_t format = 0;
    for (; number >= outputs->formats[format].files_count; format++) {
        number -= outputs->formats[format].files_count;
    }
    return outputs->formats[format].files[number];
}

void hw_output_plan_published(struct hw_outputs *outputs, struct hw_output_files *files) {
    for (size_t i = 0; i < files->count; i++) {
        struct hw_manifest_entry *entry = &files->entries[i];
        struct hw_output_file *file = file_at(outputs, entry->order);
        entry->mtime_us = file->sink->mtime_us;
        if (file->sink->etag[0] != '\0') {
            entry->etag = files->outputs[entry->order].etag = file->sink->etag;
        } else {
            file->sink->ops->free(file->sink); /* there may be very many of them */
            file->sink = NULL;
        }
    }
    hw_outputs_trim(outputs);
}
