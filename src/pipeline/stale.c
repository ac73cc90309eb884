/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/stale.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/count.h"
#include "core/view.h"
#include "pipeline/source_guard.h"
#include "pipeline/same_output.h"

enum { NUMBER_DIGITS_MIN = 5 };

/* ------ names */

/* "STEM", "STEM-00000" with five digits or more. */
static bool stem_ours(hw_view name, const char *stem, bool numbered) {
    const size_t stem_bytes = strlen(stem);
    if (!hw_view_starts(name, hw_view_of(stem))) {
        return false;
    }
    const hw_view rest = {name.data + stem_bytes, name.size - stem_bytes};
    size_t digits = 0;
    while (rest.size > 1 && digits < rest.size - 1 && rest.data[1 + digits] >= '0' && rest.data[1 + digits] <= '9') {
        digits++;
    }
    return numbered ? rest.size == digits + 1 && rest.data[0] == '-' && digits >= NUMBER_DIGITS_MIN : rest.size == 0;
}

/* The path without its folders, where each of them is one of a partition, "name=value". */
static bool partitions_cut(hw_view *path) {
    for (const char *slash; (slash = memchr(path->data, '/', path->size));) {
        const size_t bytes = (size_t)(slash - path->data);
        const char *equals = memchr(path->data, '=', bytes);
        if (!equals || equals == path->data) {
            return false;
        }
        *path = (hw_view){slash + 1, path->size - bytes - 1};
    }
    return true;
}

/* What files of a format end in, whatever the options of the run that wrote them. */
static bool extension_cut(const char *format, hw_view *path) {
    static const struct {
        const char *format, *extension;
    } rows[] = {{"parquet", ".parquet"}, {"avro", ".avro"}, {"csv", ".csv"}, {"csv", ".csv.gz"}, {"csv", ".csv.zst"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (strcmp(rows[i].format, format) == 0 && hw_view_ends(*path, hw_view_of(rows[i].extension))) {
            path->size -= strlen(rows[i].extension);
            return true;
        }
    }
    return false;
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

/*
 * True for names that outputs of the source have, now or in a run with other partitions or none:
 * with partitions the folders of a source are part of its name, "a-b-x" for "a/b/x", so names are
 * compared in that form.
 */
static enum hw_status path_ours(const struct hw_output_plan_source *source, const struct hw_manifest_entry *entry,
                                bool *out_ours, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    const char *stem = hw_plan_flat_base(&arena, source->base);
    hw_view path = hw_view_of(entry->path);
    *out_ours = false;
    if (!path_safe(entry->path) || !extension_cut(entry->format, &path)) {
        return HW_OK;
    }
    hw_view rest = path;
    const bool partitioned = partitions_cut(&rest) && rest.size < path.size;
    const hw_view names[2] = {path, rest};
    for (size_t i = 0; i < (partitioned ? 2 : 1); i++) {
        const char *name = hw_arena_strndup(&arena, names[i].data, names[i].size);
        const char *flat = name ? hw_plan_flat_base(&arena, name) : NULL;
        if (!stem || !flat) {
            return hw_fail(err, HW_ENOMEM, "out of memory for a name");
        }
        *out_ours = *out_ours || stem_ours(hw_view_of(flat), stem, entry->file > 0);
    }
    return HW_OK;
}

/* ------ removal */

/* What is known of the source's files: by the manifest, and by each journal that was left. */
struct known {
    const struct hw_output_plan_source *source;
    const struct hw_output_plan *output_plan;
    struct hw_output_files *files;
    struct hw_manifest *journals; /* in the source's arena */
    size_t journals_count;
    size_t first_journal;
    const char **paths; /* of what was published, sorted */
};

static void file_warn(const struct hw_output_plan_source *source, const char *path, enum hw_status status,
                      const char *message) {
    struct hw_error warning = HW_ERROR_INIT;
    HW_AUTO(hw_arena) arena = {0};
    const char *name = hw_arena_join(&arena, source->plan->target->root, source->plan->target_prefix, path);
    hw_error_set(&warning, status, "%s", message);
    hw_error_object(&warning, name ? name : path);
    hw_warn_tell(source->warn, &warning);
}

static void fault_warn(const struct known *known, const char *path, const struct hw_error *fault) {
    char message[sizeof(fault->message)];
    snprintf(message, sizeof(message), "cannot remove what an earlier run made of this source: %.400s", fault->message);
    known->files->unremoved++;
    file_warn(known->source, path, fault->status, message);
}

static int paths_compare(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static enum hw_status known_open(struct known *known, struct hw_error *err) {
    const struct hw_output_plan_source *source = known->source;
    struct hw_output_files *files = known->files;
    known->paths = hw_arena_alloc(source->arena, files->count * sizeof(*known->paths));
    if (!known->paths) {
        return hw_fail_nomem(err, files->count * sizeof(*known->paths));
    }
    for (size_t i = 0; i < files->count; i++) {
        known->paths[i] = files->entries[i].path;
    }
    const size_t count = source->journals ? hw_journals_of(source->journals, source->name, &known->first_journal) : 0;
    known->journals = count > 0 ? hw_arena_alloc(source->arena, count * sizeof(*known->journals)) : NULL;
    if (count > 0 && !known->journals) {
        return hw_fail_nomem(err, count * sizeof(*known->journals));
    }
    for (size_t i = 0; i < count; i++) {
        known->journals[i] = (struct hw_manifest){0};
        known->journals_count = i + 1;
        HW_TRY(hw_journals_load(source->journals, known->first_journal + i, &known->journals[i], err));
    }
    return HW_OK;
}

static void known_release(struct known *known) {
    for (size_t i = 0; i < known->journals_count; i++) {
        hw_manifest_release(&known->journals[i]);
    }
}

/* The manifest, then the journals. */
static const struct hw_manifest *known_at(const struct known *known, size_t i) {
    return i == 0 ? known->source->before : &known->journals[i - 1];
}

/* Finds what the list `i` tells of this path, where it is of our source; NULL: nothing. */
static enum hw_status known_find(const struct known *known, size_t i, const char *path,
                                 struct hw_manifest_cursor *cursor, const struct hw_manifest_entry **out_entry,
                                 struct hw_error *err) {
    const struct hw_manifest *list = known_at(known, i);
    const struct hw_manifest_entry *entry = NULL;
    if (list) {
        HW_TRY(hw_manifest_find(list, path, cursor, &entry, err));
    }
    *out_entry = entry && strcmp(entry->source, known->source->name) == 0 ? entry : NULL;
    return HW_OK;
}

/* Whether the object is what any of the lists tells of it. */
static enum hw_status known_same(const struct known *known, const char *key, const char *path, bool *out_same,
                                 struct hw_error *err) {
    HW_AUTO(hw_manifest_cursor) cursor = {0};
    const struct hw_manifest_entry *entry;
    for (size_t i = 0; !*out_same && i <= known->journals_count; i++) {
        HW_TRY(known_find(known, i, path, &cursor, &entry, err));
        if (entry) {
            HW_TRY(hw_same_output(known->source->plan->target, key, entry, true, out_same, err));
        }
    }
    return HW_OK;
}

enum fate { FATE_GONE /* or never ours: the manifest tells of it no more */, FATE_STAYS };

static enum fate file_remove(const struct known *known, const struct hw_manifest_entry *entry) {
    HW_AUTO(hw_arena) arena = {0};
    const struct hw_output_plan_source *source = known->source;
    struct hw_store *store = source->plan->target;
    const size_t kept_bytes = strlen(source->plan->target_prefix);
    const char *key = hw_arena_join(&arena, source->plan->target_prefix, entry->path);
    struct hw_error fault = HW_ERROR_INIT;
    bool same = false;
    bool reached = true;
    if (!key) {
        hw_error_set(&fault, HW_ENOMEM, "out of memory for a name");
        fault_warn(known, entry->path, &fault);
        return FATE_STAYS;
    }
    enum hw_status status = hw_source_guard_refuse(source->plan, "output", key, &fault);
    if (status == HW_EUSAGE) {
        return FATE_STAYS; /* it is a source by now */
    }
    status = status == HW_OK ? known_same(known, key, entry->path, &same, &fault) : status;
    if (status == HW_ENOTFOUND) {
        return FATE_GONE;
    }
    if (status == HW_OK && !same) {
        file_warn(source, entry->path, HW_ECHANGED,
                  "an earlier run made a file of this source there, but this is another by now: it stays");
        return FATE_GONE;
    }
    if (status == HW_OK && store->ops->reached) {
        status = store->ops->reached(store, key, kept_bytes, &reached, &fault);
    }
    if (status == HW_OK && !reached) {
        file_warn(source, entry->path, HW_EFAILED,
                  "an earlier run made this file of the source, but a link leads to it: it stays");
        return FATE_STAYS;
    }
    if (status == HW_OK) {
        status = store->ops->remove(store, key, &fault);
    }
    if (status != HW_OK) {
        fault_warn(known, entry->path, &fault);
        return FATE_STAYS;
    }
    if (store->ops->prune) {
        store->ops->prune(store, key, kept_bytes);
    }
    return FATE_GONE;
}

/* Whether a list before list `i` tells of the path, too. */
static enum hw_status told_before(const struct known *known, size_t i, const char *path, bool *out_told,
                                  struct hw_error *err) {
    HW_AUTO(hw_manifest_cursor) cursor = {0};
    const struct hw_manifest_entry *entry = NULL;
    for (size_t k = 0; !entry && k < i; k++) {
        HW_TRY(known_find(known, k, path, &cursor, &entry, err));
    }
    *out_told = entry != NULL;
    return HW_OK;
}

/* Whether list `i` is the first that tells of a file of ours, which was not made again. */
static enum hw_status entry_stale(const struct known *known, size_t i, const struct hw_manifest_entry *entry,
                                  bool *out_stale, struct hw_error *err) {
    const char *path = entry->path;
    bool ours;
    bool told;
    HW_TRY(path_ours(known->source, entry, &ours, err));
    HW_TRY(told_before(known, i, path, &told, err));
    *out_stale = (known->output_plan->many || entry->file > 0) && ours && !told &&
                 !bsearch(&path, known->paths, known->files->count, sizeof(path), paths_compare);
    return HW_OK;
}

/* Makes room for one more file that has gone. The list grows by doubling. */
static enum hw_status gone_reserve(const struct known *known, struct hw_error *err) {
    struct hw_output_files *files = known->files;
    const bool full = (files->gone_count & (files->gone_count - 1)) == 0; /* 0 or a power of two */
    if (full) {
        const size_t count = hw_max_size(1, 2 * files->gone_count);
        uint64_t *gone = hw_arena_alloc(known->source->arena, count * sizeof(*gone));
        if (!gone) {
            return hw_fail_nomem(err, count * sizeof(*gone));
        }
        for (size_t i = 0; i < files->gone_count; i++) {
            gone[i] = files->gone[i];
        }
        files->gone = gone;
    }
    return HW_OK;
}

/* Removes what list `i` tells of one format. */
static enum hw_status format_remove(const struct known *known, size_t i, const char *format, struct hw_error *err) {
    HW_AUTO(hw_manifest_cursor) cursor = {0};
    const struct hw_manifest *list = known_at(known, i);
    const struct hw_manifest_entry *entry = NULL;
    if (list) {
        HW_TRY(hw_manifest_of(list, known->source->name, format, &cursor, err));
        HW_TRY(hw_manifest_next(&cursor, &entry, err));
    }
    while (entry) {
        bool stale;
        HW_TRY(entry_stale(known, i, entry, &stale, err));
        HW_TRY(stale && i == 0 ? gone_reserve(known, err) : HW_OK);
        const enum fate fate = stale ? file_remove(known, entry) : FATE_STAYS;
        known->files->kept |= stale && fate == FATE_STAYS;
        if (fate == FATE_GONE && i == 0) {
            known->files->gone[known->files->gone_count++] = cursor.at;
        }
        HW_TRY(hw_manifest_next(&cursor, &entry, err));
    }
    return HW_OK;
}

void hw_stale_remove(const struct hw_output_plan_source *source, const struct hw_output_plan *output_plan,
                     struct hw_output_files *files) {
    struct known known = {.source = source, .output_plan = output_plan, .files = files};
    struct hw_error fault = HW_ERROR_INIT;
    if (!source->plan->target_prefix) {
        return;
    }
    enum hw_status status = known_open(&known, &fault);
    for (size_t i = 0; status == HW_OK && i < output_plan->count; i++) {
        for (size_t k = 0; status == HW_OK && k <= known.journals_count; k++) {
            status = format_remove(&known, k, output_plan->formats[i]->name, &fault);
        }
    }
    if (status != HW_OK) {
        files->kept = true;
        fault_warn(&known, source->base, &fault);
    }
    known_release(&known);
}

/* ------ files that nothing tells of */

struct look {
    struct hw_plan *plan;
    const struct hw_name_set *made; /* paths */
    size_t count;
    struct hw_error first;
};

/*
 * Whether the path, without its extension, is that of a numbered file of one of the plan's sources.
 */
static enum hw_status numbered_ours(struct hw_plan *plan, hw_view path, bool *out_ours, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    hw_view rest = path;
    const hw_view names[2] = {path, partitions_cut(&rest) ? rest : path};
    *out_ours = false;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        size_t digits = 0;
        while (digits < names[i].size && isdigit((unsigned char)names[i].data[names[i].size - 1 - digits])) {
            digits++;
        }
        const size_t bytes = names[i].size - digits;
        if (digits < NUMBER_DIGITS_MIN || bytes < 2 || names[i].data[bytes - 1] != '-') {
            continue;
        }
        const char *base = hw_arena_strndup(&arena, names[i].data, bytes - 1);
        HW_TRY(base ? HW_OK : hw_fail(err, HW_ENOMEM, "out of memory for a name"));
        *out_ours = *out_ours || hw_plan_claimed(plan, base);
    }
    return HW_OK;
}

static enum hw_status look_at(void *ctx, const struct hw_object_info *info, struct hw_error *err) {
    static const char *const formats[] = {"parquet", "avro", "csv"};
    struct look *look = ctx;
    const char *path = info->key + strlen(look->plan->target_prefix);
    hw_view bare = hw_view_of(path);
    bool named = false;
    bool ours = false;
    for (size_t i = 0; i < COUNT_OF(formats) && !named; i++) {
        named = extension_cut(formats[i], &bare);
    }
    if (named && !hw_name_set_has(look->made, hw_view_of(path))) {
        HW_TRY(numbered_ours(look->plan, bare, &ours, err));
    }
    if (ours && look->count++ == 0) {
        hw_error_object(&look->first, info->key);
    }
    return HW_OK;
}

enum hw_status hw_stale_look(struct hw_plan *plan, const struct hw_name_set *made, const struct hw_warn *warn,
                             struct hw_error *err) {
    struct look look = {.plan = plan, .made = made, .first = HW_ERROR_INIT};
    struct hw_error told = HW_ERROR_INIT;
    HW_TRY(plan->target->ops->list(plan->target, plan->target_prefix, look_at, &look, err));
    if (look.count > 0) {
        hw_error_set(&told, HW_EFAILED,
                     "%s here %s named like outputs of these sources, but no manifest told of %s: %s, and whoever "
                     "reads the folder as a whole reads these rows too",
                     HW_COUNT(look.count, "file"), hw_plural(look.count, "is", "are"),
                     hw_plural(look.count, "it", "them"), hw_plural(look.count, "it stays", "they stay"));
        hw_error_object(&told, look.first.object);
        hw_warn_tell(warn, &told);
    }
    return HW_OK;
}
