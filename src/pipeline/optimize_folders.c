/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/optimize_folders.h"

#include <stdlib.h>

#include "pipeline/source_filter.h"
#include "store/store.h"

static enum hw_status folder_find(struct hw_optimize_folders *folders, struct hw_optimize_source *source,
                                  struct hw_error *err);

void hw_optimize_folders_release(struct hw_optimize_folders *folders) {
    hw_buf_release(&folders->sources);
    hw_buf_release(&folders->others);
    hw_name_set_release(&folders->seen);
    hw_arena_release(&folders->arena);
}

/* ------ sources that are found */

static enum hw_status source_copy(struct hw_optimize_folders *folders, const struct hw_source_place *place,
                                  const char *key, const struct hw_object_info *info,
                                  struct hw_optimize_source **out_source, struct hw_error *err) {
    struct hw_arena *arena = &folders->arena;
    struct hw_optimize_source *source = hw_arena_alloc(arena, sizeof(*source));
    const char *copy = hw_arena_strdup(arena, key);
    const char *etag = info ? hw_arena_strdup(arena, info->etag) : "";
    if (!source || !copy || !etag) {
        return hw_fail_nomem(err, sizeof(*source));
    }
    *source = (struct hw_optimize_source){.at = place, .key = copy};
    if (info) {
        source->known = *info;
        source->known.key = copy;
        source->known.etag = etag;
    }
    *out_source = source;
    return HW_OK;
}

enum hw_status hw_optimize_folders_add(struct hw_optimize_folders *folders, const struct hw_source_place *place,
                                       const char *key, const struct hw_object_info *info, struct hw_error *err) {
    const struct hw_optimize_work *work = folders->work;
    struct hw_optimize_source *source;
    bool is_new;
    HW_TRY(source_copy(folders, place, key, info, &source, err));
    HW_TRY(
        hw_optimize_place_find(work->target, place, source->key, work->options, &folders->arena, &source->place, err));
    HW_TRY(hw_optimize_place_check(work->target, &source->place, work->options, err));
    if (source->place.in_place) {
        return hw_fail(err, HW_EUSAGE,
                       "%.200s cannot be joined or divided in place: a reader would find rows twice, or not at all; "
                       "name another place, and switch to it",
                       source->place.source);
    }
    HW_TRY(hw_name_set_add(&folders->seen, hw_view_of(source->place.source), NULL, &is_new, err));
    if (!is_new) {
        return hw_fail(err, HW_EUSAGE, "%.200s is named twice, so that its rows would be there twice",
                       source->place.source);
    }
    HW_TRY(folder_find(folders, source, err));
    folders->sources.limit = SIZE_MAX;
    return hw_buf_append(&folders->sources, &source, sizeof(source), err);
}

/* Where nothing is written, the folder of the source stands for that of its output. */
static enum hw_status folder_find(struct hw_optimize_folders *folders, struct hw_optimize_source *source,
                                  struct hw_error *err) {
    const char *path = source->place.key ? source->place.key : source->place.source;
    const char *slash = strrchr(path, '/');
    source->folder = hw_arena_strndup(&folders->arena, path, slash ? (size_t)(slash - path) + 1 : 0);
    return source->folder ? HW_OK : hw_fail_nomem(err, strlen(path));
}

/* ------ doing them */

static enum hw_status others_find(struct hw_optimize_folders *folders, struct hw_error *err);
static enum hw_status folder_do(struct hw_optimize_folders *folders, size_t first, size_t count,
                                const struct hw_optimize_folders_listener *listener, struct hw_error *err);

static const struct hw_optimize_source **sources_of(const struct hw_optimize_folders *folders) {
    return (const struct hw_optimize_source **)(void *)folders->sources.data;
}

/* Sources of one folder stay in the order in which they were found. */
struct placed {
    const struct hw_optimize_source *source;
    size_t number;
};

static int placed_compare(const void *left, const void *right) {
    const struct placed *a = left, *b = right;
    const int order = strcmp(a->source->folder, b->source->folder);
    return order != 0 ? order : (a->number > b->number) - (a->number < b->number);
}

static enum hw_status folders_sort(struct hw_optimize_folders *folders, size_t count, struct hw_error *err) {
    const struct hw_optimize_source **sources = sources_of(folders);
    struct placed *placed = hw_arena_alloc(&folders->arena, count * sizeof(*placed));
    if (!placed) {
        return hw_fail_nomem(err, count * sizeof(*placed));
    }
    for (size_t i = 0; i < count; i++) {
        placed[i] = (struct placed){sources[i], i};
    }
    qsort(placed, count, sizeof(*placed), placed_compare);
    for (size_t i = 0; i < count; i++) {
        sources[i] = placed[i].source;
    }
    return HW_OK;
}

enum hw_status hw_optimize_folders_run(struct hw_optimize_folders *folders,
                                       const struct hw_optimize_folders_listener *listener, struct hw_error *err) {
    const struct hw_optimize_source **sources = sources_of(folders);
    const size_t count = folders->sources.size / sizeof(struct hw_optimize_source *);
    if (count == 0) {
        return HW_OK;
    }
    if (folders->work->options->merge) {
        const struct hw_optimize_join join = {
            .work = folders->work,
            .crew = folders->crew,
            .sources = sources,
            .count = count,
            .listener = &listener->join,
        };
        return hw_optimize_join_all(&join, err);
    }
    HW_TRY(others_find(folders, err));
    HW_TRY(folders_sort(folders, count, err));
    for (size_t first = 0, end; first < count; first = end) {
        end = first + 1;
        while (end < count && strcmp(sources[end]->folder, sources[first]->folder) == 0) {
            end++;
        }
        HW_TRY(folder_do(folders, first, end - first, listener, err));
    }
    return HW_OK;
}

/* ------ the files that the target has */

struct others {
    struct hw_optimize_folders *folders;
    struct hw_source_filter filter;
    size_t prefix_bytes;
};

static enum hw_status other_found(void *ctx, const struct hw_object_info *info, struct hw_error *err) {
    struct others *others = ctx;
    const enum hw_source_choice choice =
        hw_source_filter_choose(&others->filter, info->key + others->prefix_bytes, false);
    if (choice != HW_SOURCE_TAKEN) {
        return HW_OK;
    }
    const char *key = hw_arena_strdup(&others->folders->arena, info->key);
    return key ? hw_buf_append(&others->folders->others, &key, sizeof(key), err)
               : hw_fail_nomem(err, strlen(info->key));
}

static enum hw_status others_find(struct hw_optimize_folders *folders, struct hw_error *err) {
    const struct hw_optimize_target *target = folders->work->target;
    struct others others = {.folders = folders, .filter.formats = HW_FORMAT_PARQUET};
    if (!target->store || folders->work->options->dry_run) {
        return HW_OK;
    }
    others.prefix_bytes = strlen(target->prefix);
    folders->others.limit = SIZE_MAX;
    return target->store->ops->list(target->store, target->prefix, other_found, &others, err);
}

/* Returns whether an object lies in a folder itself, and not in one that is in it. */
static bool lies_in(const char *key, const char *folder) {
    const size_t bytes = strlen(folder);
    return strncmp(key, folder, bytes) == 0 && !strchr(key + bytes, '/');
}

/* ------ one folder */

static enum hw_status folder_do(struct hw_optimize_folders *folders, size_t first, size_t count,
                                const struct hw_optimize_folders_listener *listener, struct hw_error *err) {
    const struct hw_optimize_source **sources = sources_of(folders) + first;
    const char *const *all = (const char *const *)(const void *)folders->others.data;
    const size_t all_count = folders->others.size / sizeof(*all);
    HW_AUTO(hw_arena) arena = {0};
    const char **others = hw_arena_alloc(&arena, all_count * sizeof(*others));
    size_t others_count = 0;
    bool stay;
    if (!others) {
        return hw_fail_nomem(err, all_count * sizeof(*others));
    }
    for (size_t i = 0; i < all_count; i++) {
        if (lies_in(all[i], sources[0]->folder)) {
            others[others_count++] = all[i];
        }
    }
    const struct hw_optimize_join join = {
        .work = folders->work,
        .crew = folders->crew,
        .sources = sources,
        .count = count,
        .others = others,
        .others_count = others_count,
        .listener = &listener->join,
    };
    HW_TRY(hw_optimize_join_folder(&join, folders->work->options->target_bytes, &stay, err));
    for (size_t i = 0; stay && i < count; i++) {
        HW_TRY(listener->alone(listener->join.ctx, sources[i], err));
    }
    return HW_OK;
}
