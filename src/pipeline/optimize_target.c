/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/optimize_target.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "pipeline/source_guard.h"
#include "store/location.h"
#include "store/store.h"

static enum hw_status same_object(const struct hw_optimize_target *target, const char *output, const char *source,
                                  const struct hw_optimize_options *options, bool *out_same, struct hw_error *err);
static enum hw_status location_take(struct hw_optimize_target *target, const char *destination, bool several,
                                    const struct hw_location *location, struct hw_error *err);

enum hw_status hw_optimize_target_open(struct hw_optimize_target *target, const char *destination, bool several,
                                       const struct hw_optimize_options *options, struct hw_error *err) {
    struct hw_location location = {0};
    target->options = &options->target_store;
    if (!destination) {
        return HW_OK;
    }
    if (strcmp(destination, "-") == 0) {
        return hw_fail(err, HW_EUSAGE, "an optimised file cannot be written to standard output: name a file");
    }
    HW_TRY(hw_location_parse(destination, target->options, &location, err));
    enum hw_status status = hw_location_check_writable(&location, err);
    status = status ? status : location_take(target, destination, several, &location, err);
    status = status ? status : hw_store_open(&location, target->options, &target->store, err);
    hw_location_release(&location);
    return status ? status : hw_kept_options_take(options->write, target->store, &target->kept, err);
}

static enum hw_status location_take(struct hw_optimize_target *target, const char *destination, bool several,
                                    const struct hw_location *location, struct hw_error *err) {
    const size_t bytes = strlen(location->key);
    const bool ends = bytes == 0 || location->key[bytes - 1] == '/';
    const bool folder = ends || hw_location_folder_there(location);
    const char *key = hw_arena_join(&target->arena, location->key, folder && !ends ? "/" : "");
    if (!key) {
        return hw_fail_nomem(err, bytes);
    }
    if (several && !folder) {
        return hw_fail(err, HW_EUSAGE, "several sources need a folder as destination: end \"%.200s\" with '/'",
                       destination);
    }
    target->prefix = folder ? key : NULL;
    target->key = folder ? NULL : key;
    return HW_OK;
}

void hw_optimize_target_release(struct hw_optimize_target *target) {
    hw_store_close(target->store);
    hw_arena_release(&target->arena);
}

/* Finds where a symbolic link leads to; one that leads nowhere is none. */
static enum hw_status link_follow(const char *path, struct hw_arena *arena, const char **out_path,
                                  struct hw_error *err) {
    char one;
    if (readlink(path, &one, sizeof(one)) < 0) {
        return HW_OK;
    }
    char real[PATH_MAX];
    if (!realpath(path, real)) {
        return HW_OK;
    }
    *out_path = hw_arena_strdup(arena, real);
    return *out_path ? HW_OK : hw_fail_nomem(err, strlen(path));
}

enum hw_status hw_optimize_place_find(const struct hw_optimize_target *target, const struct hw_source_place *source,
                                      const char *key, const struct hw_optimize_options *options,
                                      struct hw_arena *arena, struct hw_optimize_place *out_place,
                                      struct hw_error *err) {
    struct hw_optimize_place place = {.source = hw_arena_join(arena, source->store->root, key)};
    if (place.source && target->store) {
        place.key = target->key ? target->key : hw_arena_join(arena, target->prefix, key + source->base_at);
        place.output = place.key ? hw_arena_join(arena, target->store->root, place.key) : NULL;
    }
    if (!place.source || (target->store && !place.output)) {
        return hw_fail_nomem(err, strlen(key));
    }
    if (place.output) {
        HW_TRY(target->store->files ? link_follow(place.output, arena, &place.linked, err) : HW_OK);
        const char *output = place.linked ? place.linked : place.output;
        HW_TRY(same_object(target, output, place.source, options, &place.in_place, err));
        /* A link to another file is itself the place of an output. */
        place.linked = place.in_place ? place.linked : NULL;
    }
    *out_place = place;
    return HW_OK;
}

/* Whether an output would be what is at the path of a source. */
static enum hw_status same_object(const struct hw_optimize_target *target, const char *output, const char *source,
                                  const struct hw_optimize_options *options, bool *out_same, struct hw_error *err) {
    const struct hw_source_guard_place from = {"source", source, &options->source_store};
    const struct hw_source_guard_place to = {"output", output, target->options};
    struct hw_error fault = HW_ERROR_INIT;
    const enum hw_status status = hw_source_guard_two(&to, &from, &fault);
    *out_same = status == HW_EUSAGE;
    return status && status != HW_EUSAGE ? hw_error_pass(err, status, &fault) : HW_OK;
}

enum hw_status hw_optimize_place_taken(const struct hw_optimize_target *target, const struct hw_optimize_place *place,
                                       enum hw_overwrite overwrite, bool *out_skipped, struct hw_error *err) {
    struct hw_object_info info;
    char etag[HW_ETAG_BYTES];
    *out_skipped = false;
    if (!place->output || place->in_place || (overwrite != HW_OVERWRITE_SKIP && overwrite != HW_OVERWRITE_FAIL)) {
        return HW_OK;
    }
    const enum hw_status status = hw_store_look(target->store, place->key, &info, etag, err);
    if (status == HW_OK && overwrite == HW_OVERWRITE_FAIL) {
        enum hw_status exists = hw_fail(err, HW_EEXISTS, "exists already");
        hw_error_object(err, place->output);
        return exists;
    }
    *out_skipped = status == HW_OK;
    return status == HW_ENOTFOUND ? HW_OK : status;
}

enum hw_status hw_optimize_place_folder(const struct hw_optimize_target *target, const struct hw_optimize_place *place,
                                        struct hw_arena *arena, const char **out_folder, struct hw_error *err) {
    const char *path = place->linked ? place->linked : place->output;
    *out_folder = NULL;
    if (!path || !target->store->files) {
        return HW_OK;
    }
    const char *slash = strrchr(path, '/');
    const size_t bytes = slash ? (size_t)(slash - path) + (slash == path) : 0;
    *out_folder = slash ? hw_arena_strndup(arena, path, bytes) : ".";
    return *out_folder ? HW_OK : hw_fail_nomem(err, bytes);
}

enum hw_status hw_optimize_place_check(const struct hw_optimize_target *target, const struct hw_optimize_place *place,
                                       const struct hw_optimize_options *options, struct hw_error *err) {
    if (!options->report_path) {
        return HW_OK;
    }
    const struct hw_source_guard_place report = {"report", options->report_path, &options->target_store};
    const struct hw_source_guard_place source = {"source", place->source, &options->source_store};
    HW_TRY(hw_source_guard_two(&report, &source, err));
    const struct hw_source_guard_place output = {"output", place->output, target->options};
    return place->output ? hw_source_guard_two(&report, &output, err) : HW_OK;
}

enum hw_status hw_optimize_left_out(const struct hw_optimize_target *target, const struct hw_source_place *source,
                                    const char *key, const struct hw_optimize_options *options, bool *out_left,
                                    struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    const size_t bytes = target->prefix ? strlen(target->prefix) : 0;
    *out_left = false;
    if (!source->several || bytes <= source->base_at || strncmp(key, target->prefix, bytes) != 0 ||
        strcmp(target->store->root, source->store->root) != 0) {
        return HW_OK;
    }
    /* Buckets of two services may have one name. */
    const char *path = hw_arena_join(&arena, target->store->root, key);
    return path ? same_object(target, path, path, options, out_left, err) : hw_fail_nomem(err, strlen(key));
}
