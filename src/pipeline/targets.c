/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/targets.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/view.h"
#include "pipeline/overlap.h"

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
static enum hw_status names_make(const struct hw_targets_source *source, bool many, const char *extension,
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

static enum hw_status file_allowed(const struct hw_targets_source *source, const char *key, struct hw_error *err) {
    return hw_overlap_refuse(source->plan, key, err);
}

enum hw_status hw_targets_make(const struct hw_targets_source *source, struct hw_targets *targets,
                               struct hw_error *err) {
    const struct hw_plan *plan = source->plan;
    const struct hw_convert_options *options = source->options;
    *targets = (struct hw_targets){
        .store = plan->target,
        .many = options->max_file_bytes > 0 || options->partition_by_count > 0,
        .partitioned = options->partition_by_count > 0,
        .create_only = options->overwrite == HW_OVERWRITE_FAIL,
        .look = options->overwrite != HW_OVERWRITE_REPLACE || !plan->target->remote,
        .may_open = file_allowed,
        .source = source,
    };
    /* Which names there will be, nobody knows: what stands there and is not known is never replaced. */
    targets->create_only |= targets->many && options->overwrite == HW_OVERWRITE_SKIP;
    for (const struct hw_output_format *format = hw_output_formats; format->name; format++) {
        if (source->formats & format->flag) {
            const char *extension = format->naming(source->output).extension;
            HW_TRY(names_make(source, targets->many, extension, &targets->names[targets->count], err));
            targets->formats[targets->count++] = format;
        }
    }
    targets->rejects_key = plan->target_key
                               ? hw_arena_join(source->arena, plan->target_key, ".rejects.jsonl")
                               : hw_arena_join(source->arena, plan->target_prefix, source->base, ".rejects.jsonl");
    return targets->rejects_key ? HW_OK : hw_fail(err, HW_ENOMEM, "out of memory for a name");
}

/* True where the output there was made from this very source with these options. */
static bool entry_current(const struct hw_targets_source *source, const struct hw_manifest_entry *entry) {
    return strcmp(entry->source, source->name) == 0 && entry->source_bytes == source->bytes &&
           entry->source_mtime_us == source->mtime_us && strcmp(entry->source_etag, source->etag) == 0 &&
           strcmp(entry->options, source->options_digest) == 0;
}

/* What stands at a key; `*out_there` false: nothing. */
static enum hw_status key_look(struct hw_store *store, const char *key, bool *out_there, uint64_t *out_bytes,
                               struct hw_error *err) {
    struct hw_object_info info = {0};
    struct hw_error stat_err = HW_ERROR_INIT;
    char etag[128];
    enum hw_status status = store->ops->stat(store, key, &info, etag, &stat_err);
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
static enum hw_status single_look(const struct hw_targets_source *source, struct hw_targets *targets, size_t i,
                                  bool *out_keep, struct hw_error *err);
static enum hw_status many_look(const struct hw_targets_source *source, struct hw_targets *targets, size_t i,
                                bool *out_keep, struct hw_error *err);

/* Leaves only the targets that are to be written. */
enum hw_status hw_targets_choose(const struct hw_targets_source *source, struct hw_targets *targets,
                                 struct hw_error *err) {
    enum hw_overwrite overwrite = source->options->overwrite;
    size_t kept = 0;
    if (source->plan->target_pipe || (overwrite == HW_OVERWRITE_REPLACE && targets->store->remote)) {
        return HW_OK;
    }
    for (size_t i = 0; i < targets->count; i++) {
        bool keep = false;
        HW_TRY(targets->many ? many_look(source, targets, i, &keep, err) : single_look(source, targets, i, &keep, err));
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
static char *first_key(const struct hw_targets_source *source, const struct hw_targets *targets, size_t i) {
    const struct hw_output_names *names = &targets->names[i];
    const char *stem = hw_arena_join(source->arena, names->stem, targets->many ? "-00000" : "");
    return stem ? hw_arena_join(source->arena, names->folder, stem, names->extension) : NULL;
}

static enum hw_status single_look(const struct hw_targets_source *source, struct hw_targets *targets, size_t i,
                                  bool *out_keep, struct hw_error *err) {
    enum hw_overwrite overwrite = source->options->overwrite;
    const char *prefix = source->plan->target_prefix;
    const char *key = first_key(source, targets, i);
    bool there = false;
    uint64_t bytes = 0;
    if (!key) {
        return hw_fail(err, HW_ENOMEM, "out of memory for a name");
    }
    HW_TRY(key_look(source->plan->target, key, &there, &bytes, err));
    if (there && overwrite == HW_OVERWRITE_FAIL) {
        return hw_fail(err, HW_EEXISTS, "%.300s%.100s is there already", targets->store->root, key);
    }
    const struct hw_manifest_entry *entry =
        source->before && prefix ? hw_manifest_find(source->before, key + strlen(prefix)) : NULL;
    bool current = overwrite == HW_OVERWRITE_SKIP ||
                   (overwrite == HW_OVERWRITE_AUTO && entry && entry->bytes == bytes && entry_current(source, entry));
    targets->fresh[i] = !there;
    *out_keep = there && current;
    return HW_OK;
}

static enum hw_status entry_look(const struct hw_targets_source *source, const struct hw_manifest_entry *entry,
                                 bool *out_there, bool *out_same_size, struct hw_error *err);

/* Many files are left alone all together: where every one that an earlier run made from the source is still there. */
static enum hw_status many_look(const struct hw_targets_source *source, struct hw_targets *targets, size_t i,
                                bool *out_keep, struct hw_error *err) {
    enum hw_overwrite overwrite = source->options->overwrite;
    size_t count = 0;
    const struct hw_manifest_entry *const *entries =
        source->before ? hw_manifest_of(source->before, source->name, targets->formats[i]->name, &count) : NULL;
    bool keep = count > 0 && overwrite != HW_OVERWRITE_REPLACE;
    for (size_t k = 0; keep && k < count; k++) {
        bool same_size = false;
        HW_TRY(entry_look(source, entries[k], &keep, &same_size, err));
        if (keep && overwrite == HW_OVERWRITE_FAIL) {
            return hw_fail(err, HW_EEXISTS, "%.300s%.200s%.200s is there already", source->plan->target->root,
                           source->plan->target_prefix, entries[k]->path);
        }
        bool current = overwrite == HW_OVERWRITE_SKIP || (same_size && entry_current(source, entries[k]));
        keep = keep && current && entries[k]->file > 0;
    }
    if (!keep && overwrite == HW_OVERWRITE_SKIP && !targets->partitioned) {
        uint64_t bytes;
        const char *key = first_key(source, targets, i);
        if (!key) {
            return hw_fail(err, HW_ENOMEM, "out of memory for a name");
        }
        HW_TRY(key_look(source->plan->target, key, &keep, &bytes, err));
    }
    *out_keep = keep;
    return HW_OK;
}

static enum hw_status entry_look(const struct hw_targets_source *source, const struct hw_manifest_entry *entry,
                                 bool *out_there, bool *out_same_size, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    uint64_t bytes = 0;
    const char *key = hw_arena_join(&arena, source->plan->target_prefix, entry->path);
    if (!key) {
        return hw_fail(err, HW_ENOMEM, "out of memory for a name");
    }
    HW_TRY(key_look(source->plan->target, key, out_there, &bytes, err));
    *out_same_size = *out_there && bytes == entry->bytes;
    return HW_OK;
}

/* Facts of a published file, for report and manifest. */
static enum hw_status file_describe(const struct hw_targets_source *source, const struct hw_output_file *file,
                                    struct hw_convert_output *out_output, struct hw_manifest_entry *out_entry,
                                    struct hw_error *err) {
    const struct hw_plan *plan = source->plan;
    const char *path = hw_arena_join(source->arena, plan->target->root, plan->target_pipe ? "" : file->key);
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
        .source = source->name,
        .source_bytes = source->bytes,
        .source_etag = source->etag,
        .source_mtime_us = source->mtime_us,
        .options = source->options_digest,
    };
    return HW_OK;
}

static int entries_compare(const void *a, const void *b) {
    return strcmp(((const struct hw_manifest_entry *)a)->path, ((const struct hw_manifest_entry *)b)->path);
}

enum hw_status hw_targets_files(const struct hw_targets_source *source, const struct hw_outputs *outputs,
                                uint64_t rejected, struct hw_target_files *files, struct hw_error *err) {
    const struct hw_targets *targets = outputs->targets;
    size_t count = 0;
    for (size_t i = 0; i < targets->count; i++) {
        count += outputs->formats[i].files_count;
    }
    *files = (struct hw_target_files){0};
    files->outputs = hw_arena_alloc(source->arena, count * sizeof(*files->outputs));
    files->entries = hw_arena_alloc(source->arena, count * sizeof(*files->entries));
    if (!files->outputs || !files->entries) {
        return hw_fail_nomem(err, count * sizeof(*files->entries));
    }
    for (size_t i = 0; i < targets->count; i++) {
        const struct hw_output *output = &outputs->formats[i];
        for (size_t k = 0; k < output->files_count; k++, files->count++) {
            struct hw_manifest_entry *entry = &files->entries[files->count];
            HW_TRY(file_describe(source, output->files[k], &files->outputs[files->count], entry, err));
            entry->rejected = rejected;
            entry->file = targets->many ? k + 1 : 0;
        }
    }
    if (files->count > 1) {
        qsort(files->entries, files->count, sizeof(*files->entries), entries_compare);
    }
    return HW_OK;
}

static int paths_compare(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The paths of all files that were published, in byte order as their entries are. */
static const char **paths_sorted(const struct hw_targets_source *source, const struct hw_target_files *files) {
    const char **paths = hw_arena_alloc(source->arena, files->count * sizeof(*paths));
    for (size_t i = 0; paths && i < files->count; i++) {
        paths[i] = files->entries[i].path;
    }
    return paths;
}

/* Paths come from a file: none may lead out of the folder. */
static bool path_safe(const char *path) {
    for (const char *name = path; *name != '\0' || name == path;) {
        size_t bytes = strcspn(name, "/");
        bool dots = (bytes == 1 && name[0] == '.') || (bytes == 2 && name[0] == '.' && name[1] == '.');
        if (bytes == 0 || dots) {
            return false;
        }
        name += bytes + (name[bytes] == '/');
    }
    return true;
}

static enum hw_status format_stale_remove(const struct hw_targets_source *source, const char *format,
                                          const char **paths, bool many, struct hw_target_files *files,
                                          struct hw_error *err);

enum hw_status hw_targets_stale_remove(const struct hw_targets_source *source, const struct hw_targets *targets,
                                       struct hw_target_files *files, struct hw_error *err) {
    const char **paths = paths_sorted(source, files);
    if (!paths) {
        return hw_fail(err, HW_ENOMEM, "out of memory for names");
    }
    for (size_t i = 0; source->before && i < targets->count; i++) {
        HW_TRY(format_stale_remove(source, targets->formats[i]->name, paths, targets->many, files, err));
    }
    return HW_OK;
}

static enum hw_status stale_remove(const struct hw_targets_source *source, const char *path, bool *out_removed,
                                   struct hw_error *err);

static enum hw_status format_stale_remove(const struct hw_targets_source *source, const char *format,
                                          const char **paths, bool many, struct hw_target_files *files,
                                          struct hw_error *err) {
    size_t count;
    const struct hw_manifest_entry *const *entries = hw_manifest_of(source->before, source->name, format, &count);
    const char **stale = hw_arena_alloc(source->arena, (files->stale_count + count) * sizeof(*stale));
    if (!stale) {
        return hw_fail_nomem(err, count * sizeof(*stale));
    }
    for (size_t i = 0; i < files->stale_count; i++) {
        stale[i] = files->stale[i];
    }
    files->stale = stale;
    for (size_t i = 0; i < count; i++) {
        const char *path = entries[i]->path;
        bool wanted = bsearch(&path, paths, files->count, sizeof(path), paths_compare) != NULL;
        if (!wanted && (many || entries[i]->file > 0) && path_safe(path)) {
            bool removed = false;
            HW_TRY(stale_remove(source, path, &removed, err));
            files->stale[files->stale_count] = path;
            files->stale_count += removed;
        }
    }
    return HW_OK;
}

/* A source is never taken away, whatever the manifest says of it. */
static enum hw_status stale_remove(const struct hw_targets_source *source, const char *path, bool *out_removed,
                                   struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_store *store = source->plan->target;
    const char *key = hw_arena_join(&arena, source->plan->target_prefix, path);
    if (!key) {
        return hw_fail(err, HW_ENOMEM, "out of memory for a name");
    }
    if (hw_overlap_refuse(source->plan, key, NULL) != HW_OK) {
        return HW_OK;
    }
    HW_TRY(store->ops->remove(store, key, err));
    *out_removed = true;
    if (store->ops->prune) {
        store->ops->prune(store, key, strlen(source->plan->target_prefix));
    }
    return HW_OK;
}
