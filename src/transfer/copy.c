/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copies and moves: finds the objects that the sources name, and adds each to the work of the run.
 */
#include <hawser/objects.h>
#include <hawser/transfer.h>

#include "core/alloc.h"
#include "core/arena.h"
#include "core/clock.h"
#include "core/io.h"
#include "objects/expand.h"
#include "objects/same_object.h"
#include "store/file_case.h"
#include "store/path_list.h"
#include "transfer/names.h"
#include "transfer/object.h"
#include "transfer/options.h"
#include "transfer/pipe_in.h"
#include "transfer/target.h"

/* One call. */
struct copy {
    const struct hw_transfer_options *options;
    struct hw_transfer_run run;
    struct hw_expand *sources;
    size_t sources_count;
    struct hw_target target;
    struct hw_transfer_names names;
    struct hw_filter filter;
    /* The source whose objects are being found. */
    const struct hw_expand *source;
};

static enum hw_status copy_run(struct copy *copy, const char *const *sources, const char *destination,
                               struct hw_error *err);
static enum hw_status sources_open(struct copy *copy, const char *const *sources, struct hw_error *err);
static enum hw_status source_add(struct copy *copy, const struct hw_expand *source, struct hw_error *err);
static enum hw_status found_add(void *ctx, const struct hw_expanded *found, struct hw_error *err);
static enum hw_status named_add(struct copy *copy, const char *source_key, const char *name,
                                const struct hw_object_info *known, struct hw_error *err);
static enum hw_status list_add(struct copy *copy, struct hw_error *err);
static void failed_tell(struct copy *copy, const char *source, const struct hw_error *error);

enum hw_status hw_copy(const char *const *sources, size_t sources_count, const char *destination,
                       const struct hw_transfer_options *options, struct hw_transfer_result *out_result,
                       struct hw_error *err) {
    struct hw_transfer_options taken;
    if (out_result) {
        *out_result = (struct hw_transfer_result){0};
    }
    HW_TRY(hw_transfer_options_take(options, &taken, err));
    if (sources_count == 0 && !taken.files_from) {
        return hw_fail(err, HW_EUSAGE, "a source is missing");
    }
    struct copy copy = {
        .options = &taken,
        .sources_count = sources_count,
        .names = {.several = sources_count > 1, .unordered = taken.flatten || taken.files_from},
        .filter = hw_transfer_options_filter(&taken),
    };
    enum hw_status status = hw_transfer_run_start(&copy.run, &taken, err);
    if (status == HW_OK) {
        status = copy_run(&copy, sources, destination, err);
        status = hw_transfer_run_finish(&copy.run, status, out_result, err);
    }
    for (size_t i = 0; copy.sources && i < sources_count; i++) {
        hw_expand_release(&copy.sources[i]);
    }
    hw_free(copy.sources);
    hw_target_release(&copy.target);
    hw_transfer_names_release(&copy.names);
    hw_transfer_run_release(&copy.run);
    return status;
}

static bool is_standard(const char *path) {
    return strcmp(path, "-") == 0;
}

static enum hw_status bytes_out(void *ctx, const void *data, size_t bytes, struct hw_error *err) {
    struct copy *copy = ctx;
    const struct hw_io_stop stop = {copy->options->cancelled, copy->options->ctx};
    HW_TRY(hw_io_write_until(copy->options->output_fd, data, bytes, &stop, err));
    hw_transfer_run_moved(&copy->run, bytes);
    return HW_OK;
}

/* Writes objects to standard output, one after the other. */
static enum hw_status copy_out(struct copy *copy, const char *const *sources, struct hw_error *err) {
    const struct hw_objects_options options = {.size = sizeof(options),
                                               .store = copy->run.source_options,
                                               .raw = copy->options->raw,
                                               .version_id = copy->options->version_id};
    if (copy->options->move) {
        return hw_fail(err, HW_EUSAGE, "what was written to standard output is nowhere, so its source stays: use cp");
    }
    for (size_t i = 0; i < copy->sources_count; i++) {
        struct hw_error fault = HW_ERROR_INIT;
        const uint64_t before = atomic_load(&copy->run.bytes_moved);
        const int64_t started_us = hw_clock_monotonic_us();
        const enum hw_status status =
            copy->options->dry_run ? HW_OK : hw_objects_read(sources[i], &options, bytes_out, copy, &fault);
        const enum hw_transfer_outcome good = copy->options->dry_run ? HW_TRANSFER_PLANNED : HW_TRANSFER_DONE;
        const struct hw_transfer_object told = {
            .source = sources[i],
            .path = "-",
            .size = atomic_load(&copy->run.bytes_moved) - before,
            .outcome = status ? HW_TRANSFER_FAILED : good,
            .seconds = (double)(hw_clock_monotonic_us() - started_us) / 1e6,
            .error = status ? &fault : NULL,
        };
        hw_transfer_run_found(&copy->run, 0);
        hw_transfer_run_tell(&copy->run, &told);
    }
    return HW_OK;
}

/* Finds out which names cannot be together at the destination. A dry run makes no file to try. */
static enum hw_status names_prepare(struct copy *copy, struct hw_error *err) {
    const struct hw_target *target = &copy->target;
    HW_AUTO(hw_buf) path = {0};
    copy->names.flat = !target->store->files;
    if (target->store->files && target->folder && !copy->options->dry_run) {
        HW_TRY(hw_buf_printf(&path, err, "%s%s", target->store->root, target->key));
        if (hw_file_case_folded((const char *)path.data)) {
            hw_transfer_names_fold(&copy->names);
        }
    }
    return HW_OK;
}

/* A version is that of one object, which stays where it is. */
static enum hw_status version_check(const struct copy *copy, struct hw_error *err) {
    const struct hw_transfer_options *options = copy->options;
    if (!options->version_id) {
        return HW_OK;
    }
    if (options->move || options->files_from || copy->sources_count != 1) {
        return hw_fail(err, HW_EUSAGE, "a version is copied of one object, and stays: it is not for %s",
                       options->move ? "moves" : "several");
    }
    return copy->sources[0].store ? hw_expand_version(&copy->sources[0], err) : HW_OK;
}

static enum hw_status copy_run(struct copy *copy, const char *const *sources, const char *destination,
                               struct hw_error *err) {
    struct hw_transfer_run *run = &copy->run;
    const bool input = copy->sources_count == 1 && is_standard(sources[0]);
    if ((is_standard(destination) || input) && copy->options->sidecar) {
        return hw_fail(err, HW_EUSAGE, "what comes or goes through a pipe cannot be compared with a sidecar");
    }
    if ((is_standard(destination) || input) && copy->options->delta) {
        return hw_fail(err, HW_EUSAGE, "what comes or goes through a pipe has no older version: leave delta out");
    }
    if (is_standard(destination)) {
        return copy->options->files_from
                   ? hw_fail(err, HW_EUSAGE, "the objects of a list do not go to standard output: use cat")
                   : copy_out(copy, sources, err);
    }
    HW_TRY(sources_open(copy, sources, err));
    bool several = copy->sources_count > 1 || copy->options->files_from;
    for (size_t i = 0; i < copy->sources_count; i++) {
        several = several || copy->sources[i].several;
    }
    HW_TRY(version_check(copy, err));
    HW_TRY(hw_target_open(&copy->target, destination, several, &run->targets, err));
    HW_TRY(hw_target_delta_check(&copy->target, copy->options->delta, err));
    if (input && copy->target.folder) {
        enum hw_status status = hw_fail(err, HW_EUSAGE, "is a folder, but standard input becomes one object");
        hw_error_object(err, destination);
        return status;
    }
    if (input) {
        hw_transfer_run_found(run, 0);
        hw_transfer_pipe_in(run, &copy->target);
        return HW_OK;
    }
    HW_TRY(names_prepare(copy, err));
    hw_transfer_run_listing(run, several);
    if (copy->options->files_from) {
        HW_TRY(list_add(copy, err));
    }
    for (size_t i = 0; !copy->options->files_from && i < copy->sources_count && !hw_transfer_run_stopped(run); i++) {
        HW_TRY(source_add(copy, &copy->sources[i], err));
    }
    hw_transfer_run_listing(run, false);
    hw_transfer_run_links_tell(run);
    return HW_OK;
}

static enum hw_status sources_open(struct copy *copy, const char *const *sources, struct hw_error *err) {
    const struct hw_expand_options options = {.raw = copy->options->raw};
    copy->sources = hw_alloc_zero(copy->sources_count, sizeof(*copy->sources));
    if (!copy->sources) {
        return hw_fail_nomem(err, copy->sources_count * sizeof(*copy->sources));
    }
    for (size_t i = 0; i < copy->sources_count; i++) {
        struct hw_error fault = HW_ERROR_INIT;
        if (is_standard(sources[i])) {
            if (copy->sources_count > 1) {
                return hw_fail(err, HW_EUSAGE, "standard input cannot be one of several sources");
            }
            continue;
        }
        enum hw_status status = hw_expand_open(&copy->sources[i], sources[i], &copy->run.sources, &options, &fault);
        if (status == HW_ENOTFOUND) {
            /* The other sources are not to blame. */
            hw_transfer_run_found(&copy->run, 0);
            failed_tell(copy, sources[i], &fault);
            continue;
        }
        if (status) {
            return hw_error_pass(err, status, &fault);
        }
    }
    return HW_OK;
}

/* ------ a list of sources */

static void failed_count(struct copy *copy, const char *source, const struct hw_error *error) {
    hw_transfer_run_found(&copy->run, 0);
    failed_tell(copy, source, error);
}

/* A path of a list by itself. Only what ends the whole run is a failure. */
static enum hw_status listed_add(struct copy *copy, const char *path, struct hw_error *err) {
    const struct hw_expand_options options = {.raw = true};
    struct hw_expand source = {0};
    struct hw_error fault = HW_ERROR_INIT;
    enum hw_status status = hw_expand_open(&source, path, &copy->run.sources, &options, &fault);
    if (status == HW_OK && source.several) {
        status = hw_fail(&fault, HW_EUSAGE, "is a folder: a list names objects");
    }
    if (status) {
        failed_count(copy, path, &fault);
        hw_expand_release(&source);
        return HW_OK;
    }
    copy->source = &source;
    status = named_add(copy, source.key, source.name, NULL, err);
    copy->source = NULL;
    hw_expand_release(&source);
    return status;
}

/* A path of a list below the one source. */
static enum hw_status listed_below_add(struct copy *copy, const char *path, struct hw_error *err) {
    const struct hw_expand *folder = &copy->sources[0];
    struct hw_error fault = HW_ERROR_INIT;
    char *key = NULL;
    if (!hw_filter_takes(&copy->filter, path)) {
        return HW_OK;
    }
    enum hw_status status = hw_expand_key_below(folder, path, &key, &fault);
    if (status) {
        failed_count(copy, path, &fault);
        return HW_OK;
    }
    copy->source = folder;
    status = named_add(copy, key, key + folder->base_at, NULL, err);
    hw_free(key);
    return status;
}

static enum hw_status list_add(struct copy *copy, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_path_list list = {0};
    const bool below = copy->sources_count == 1;
    if (copy->sources_count > 1 || (below && (!copy->sources[0].several || copy->sources[0].pattern))) {
        return hw_fail(err, HW_EUSAGE,
                       "with a list of sources, SRC is the folder that its paths are below: end it in /");
    }
    HW_TRY(hw_transfer_list_read(&copy->run, &copy->run.source_options, &arena, &list, err));
    enum hw_status status = HW_OK;
    for (size_t i = 0; status == HW_OK && i < list.count && !hw_transfer_run_stopped(&copy->run); i++) {
        status = below ? listed_below_add(copy, list.paths[i], err) : listed_add(copy, list.paths[i], err);
    }
    hw_free(list.paths);
    return status;
}

/* Adds what a source names. Only what ends the whole run is a failure. */
static enum hw_status source_add(struct copy *copy, const struct hw_expand *source, struct hw_error *err) {
    struct hw_error fault = HW_ERROR_INIT;
    if (!source->store) {
        return HW_OK;
    }
    copy->source = source;
    if (!source->several) {
        return named_add(copy, source->key, source->name, NULL, err);
    }
    hw_transfer_names_next(&copy->names);
    enum hw_status status = hw_expand_list(source, &copy->filter, found_add, copy, &fault);
    if (status == HW_OK || hw_transfer_run_stopped(&copy->run)) {
        return HW_OK;
    }
    hw_transfer_run_found(&copy->run, 0);
    failed_tell(copy, source->text, &fault);
    return HW_OK;
}

static enum hw_status found_add(void *ctx, const struct hw_expanded *found, struct hw_error *err) {
    struct copy *copy = ctx;
    if (hw_transfer_run_stopped(&copy->run)) {
        return hw_fail(err, HW_ECANCELLED, "stopped");
    }
    return named_add(copy, found->info->key, found->name, found->info, err);
}

/* Returns the name that an object gets below the destination. */
static const char *target_name(const struct copy *copy, const char *name) {
    const char *slash = copy->options->flatten ? strrchr(name, '/') : NULL;
    return slash ? slash + 1 : name;
}

/*
 * Returns why an object of a listing is left out. A key that ends in '/' stands for a folder, which
 * a local folder has no need of; without folders in its name nothing is left of it. Objects below a
 * destination that lies below the source may have come there by this very run.
 */
static enum hw_transfer_reason reason_find(const struct copy *copy, const struct hw_object_info *known) {
    const struct hw_target *target = &copy->target;
    const hw_view key = hw_view_of(known->key);
    const hw_view folder = hw_view_of(target->key);
    const hw_view source = hw_view_of(copy->source->key);
    if (known->size == 0 && hw_view_ends(key, HW_VIEW("/")) && (target->store->files || copy->options->flatten)) {
        return HW_TRANSFER_MARKER;
    }
    const bool below = folder.size > source.size && hw_view_starts(folder, source) && hw_view_starts(key, folder);
    return below && hw_same_store(copy->source->store, target->store) ? HW_TRANSFER_BELOW : HW_TRANSFER_NO_REASON;
}

/* Tells what became of an object that is not begun. */
static void unbegun_tell(struct copy *copy, const char *key, enum hw_transfer_reason reason,
                         const struct hw_error *error) {
    HW_AUTO(hw_arena) arena = {0};
    const char *source = hw_arena_join(&arena, copy->source->store->root, key);
    const struct hw_transfer_object told = {
        .op = copy->options->move ? HW_TRANSFER_MOVE : HW_TRANSFER_COPY,
        .source = source ? source : key,
        .path = copy->target.text,
        .outcome = error ? HW_TRANSFER_FAILED : HW_TRANSFER_SKIPPED,
        .reason = reason,
        .error = error,
    };
    hw_transfer_run_tell(&copy->run, &told);
}

static enum hw_status named_add(struct copy *copy, const char *source_key, const char *name,
                                const struct hw_object_info *known, struct hw_error *err) {
    const struct hw_target *target = &copy->target;
    struct hw_error fault = HW_ERROR_INIT;
    char *key = NULL;
    hw_transfer_run_found(&copy->run, known ? known->size : 0);
    const enum hw_transfer_reason reason = known ? reason_find(copy, known) : HW_TRANSFER_NO_REASON;
    if (reason != HW_TRANSFER_NO_REASON) {
        unbegun_tell(copy, source_key, reason, NULL);
        return HW_OK;
    }
    const char *kept = target_name(copy, name);
    enum hw_status status = hw_target_key(target, kept, &key, &fault);
    /* A copy of an earlier version makes that the newest one again. */
    if (status == HW_OK && !copy->options->version_id &&
        hw_same_object(copy->source->store, source_key, target->store, key)) {
        status = hw_fail(&fault, HW_EUSAGE, "source and destination are the same object");
    }
    if (status == HW_OK && target->folder && (target->store->files || copy->names.several || copy->names.unordered)) {
        status = hw_transfer_names_add(&copy->names, kept, &fault);
    }
    if (status) {
        unbegun_tell(copy, source_key, HW_TRANSFER_NO_REASON, &fault);
        hw_free(key);
        return HW_OK;
    }
    const struct hw_transfer_job job = {
        .run = &copy->run,
        .source_store = copy->source->store,
        .source_key = source_key,
        .known = known,
        .target_store = target->store,
        .target_key = key,
        .kept_bytes = target->kept_bytes,
        .source_kept_bytes = copy->source->base_at,
    };
    status = hw_transfer_object_add(&job, err);
    hw_free(key);
    return status;
}

static void failed_tell(struct copy *copy, const char *source, const struct hw_error *error) {
    const struct hw_transfer_object told = {
        .op = copy->options->move ? HW_TRANSFER_MOVE : HW_TRANSFER_COPY,
        .source = source,
        .path = "",
        .outcome = HW_TRANSFER_FAILED,
        .error = error,
    };
    hw_transfer_run_tell(&copy->run, &told);
}
