/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes a folder or prefix like another one: hw_sync of hawser/transfer.h. Both are listed in the
 * order of names, side by side, so that memory does not grow with them. What is only at the
 * destination is noted in a file, and removed at the very end, if all else has gone well.
 */
#include <hawser/transfer.h>

#include <errno.h>

#include "core/alloc.h"
#include "core/arena.h"
#include "core/count.h"
#include "core/record_file.h"
#include "objects/expand.h"
#include "store/file_case.h"
#include "objects/same_object.h"
#include "transfer/deletion.h"
#include "transfer/listing.h"
#include "transfer/names.h"
#include "transfer/object.h"
#include "transfer/options.h"
#include "transfer/sync_apply.h"
#include "transfer/target.h"

/* So many bytes of names that are to be removed stay in memory. */
enum { EXTRA_MEMORY_BYTES = 1 << 20, EXTRA_BLOCK_BYTES = 64 * 1024 };

/* One call. */
struct sync {
    const struct hw_sync_options *options;
    struct hw_transfer_run run;
    struct hw_filter filter;
    struct hw_expand source;
    /* The destination, as what is written and as what is listed. */
    struct hw_target target;
    struct hw_expand there;
    struct hw_transfer_names names;
    /* The name that the destination has below the source, or the other way round, if it has one. */
    struct hw_buf target_name;
    struct hw_buf source_name;
    bool target_below;
    bool source_below;
    /* The objects that only the destination has: an 8-byte size and the key. */
    struct hw_record_file extra;
    uint64_t extra_count;
    /* The plan that is being made; NULL: what is to be done is done. */
    struct hw_plan_writer *plan;
};

static enum hw_status sync_run(struct sync *sync, const char *source, const char *destination, struct hw_error *err);
static enum hw_status sides_open(struct sync *sync, const char *source, const char *destination, struct hw_error *err);
static enum hw_status nesting_find(struct sync *sync, struct hw_error *err);
static enum hw_status sides_compare(struct sync *sync, struct hw_error *err);
static enum hw_status merge(struct sync *sync, struct hw_listing *source, struct hw_listing *there,
                            struct hw_error *err);
static enum hw_status both_look(struct sync *sync, const struct hw_expanded *source, const struct hw_expanded *there,
                                struct hw_error *err);
/* How an object is copied: when it is left as it is, and the one that is there, or NULL. */
struct way {
    enum hw_transfer_unless unless;
    const struct hw_object_info *there;
};

static enum hw_status object_copy(struct sync *sync, const struct hw_expanded *source, struct way way,
                                  struct hw_error *err);
static enum hw_status extra_note(struct sync *sync, const struct hw_expanded *there, struct hw_error *err);
static enum hw_status extra_remove(struct sync *sync, struct hw_error *err);
static enum hw_status copy_plan(void *ctx, const struct hw_transfer_job *job, struct hw_error *err);

enum hw_status hw_sync(const char *source, const char *destination, const struct hw_sync_options *options,
                       struct hw_transfer_result *out_result, struct hw_error *err) {
    struct hw_sync_options taken;
    if (out_result) {
        *out_result = (struct hw_transfer_result){0};
    }
    HW_TRY(hw_sync_options_take(options, &taken, err));
    const struct hw_transfer_options *transfer = &taken.transfer;
    if (transfer->move) {
        return hw_fail(err, HW_EUSAGE, "option transfer.move is not for hw_sync");
    }
    if (transfer->flatten || transfer->files_from || transfer->version_id) {
        return hw_fail(err, HW_EUSAGE, "options flatten, files_from and version_id are not for hw_sync");
    }
    bool applies = false;
    HW_TRY(hw_plan_there(taken.plan_path, &taken.transfer.target_store, &applies, err));
    /* Making a plan is a dry run, and so is a dry run of a plan that is there. */
    taken.transfer.dry_run = taken.transfer.dry_run || (taken.plan_path && !applies);
    struct sync sync = {
        .options = &taken,
        .filter = hw_transfer_options_filter(&taken.transfer),
        .extra = {.memory_bytes = EXTRA_MEMORY_BYTES},
    };
    enum hw_status status = hw_transfer_run_start(&sync.run, &taken.transfer, err);
    status = status ? status : sync_run(&sync, source, destination, err);
    if (sync.run.engine) {
        status = hw_transfer_run_finish(&sync.run, status, out_result, err);
    }
    hw_expand_release(&sync.source);
    hw_expand_release(&sync.there);
    hw_target_release(&sync.target);
    hw_transfer_names_release(&sync.names);
    hw_buf_release(&sync.target_name);
    hw_buf_release(&sync.source_name);
    hw_record_file_release(&sync.extra);
    hw_transfer_run_release(&sync.run);
    return status;
}

/* A dry run makes no file to try whether the file system tells upper from lower case. */
static enum hw_status names_prepare(struct sync *sync, struct hw_error *err) {
    const struct hw_target *target = &sync->target;
    HW_AUTO(hw_buf) path = {0};
    if (!target->store->files || sync->options->transfer.dry_run) {
        return HW_OK;
    }
    HW_TRY(hw_buf_printf(&path, err, "%s%s", target->store->root, target->key));
    if (hw_file_case_folded((const char *)path.data)) {
        hw_transfer_names_fold(&sync->names);
    }
    return HW_OK;
}

static enum hw_status sides_sync(struct sync *sync, struct hw_error *err) {
    hw_transfer_run_listing(&sync->run, true);
    HW_TRY(sides_compare(sync, err));
    hw_transfer_run_listing(&sync->run, false);
    hw_transfer_run_links_tell(&sync->run);
    return sync->options->remove_extra ? extra_remove(sync, err) : HW_OK;
}

/* A plan is whole or it is none: an object that cannot be copied leaves nothing of it. */
static enum hw_status plan_make(struct sync *sync, struct hw_sink *sink, const struct hw_plan_head *head,
                                struct hw_error *err) {
    HW_TRY(hw_plan_writer_new(sink, head, &sync->plan, err));
    sync->run.planned = copy_plan;
    sync->run.planned_ctx = sync;
    HW_TRY(sides_sync(sync, err));
    if (hw_transfer_run_failures(&sync->run) > 0 || hw_transfer_run_stopped(&sync->run)) {
        return HW_OK;
    }
    return hw_plan_writer_finish(sync->plan, err);
}

static enum hw_status plan_run(struct sync *sync, const struct hw_plan_head *head, struct hw_error *err) {
    const char *path = sync->options->plan_path;
    struct hw_plan_place place = {0};
    const struct hw_sync_apply apply = {&sync->run, &sync->source, &sync->target, head};
    enum hw_status status = hw_plan_place_open(&place, path, &sync->run.target_options, err);
    if (status == HW_OK && place.source) {
        status = hw_sync_apply(&apply, place.source, err);
    } else if (status == HW_OK) {
        struct hw_sink *sink = place.sink;
        place.sink = NULL;
        status = plan_make(sync, sink, head, err);
        hw_engine_wait(sync->run.engine, &sync->run.ticker);
        hw_plan_writer_free(sync->plan);
    }
    hw_plan_place_release(&place);
    return status;
}

static enum hw_status sync_run(struct sync *sync, const char *source, const char *destination, struct hw_error *err) {
    const struct hw_plan_head head = {source, destination, sync->options};
    HW_TRY(sides_open(sync, source, destination, err));
    HW_TRY(nesting_find(sync, err));
    HW_TRY(names_prepare(sync, err));
    return sync->options->plan_path ? plan_run(sync, &head, err) : sides_sync(sync, err);
}

static enum hw_status sides_open(struct sync *sync, const char *source, const char *destination, struct hw_error *err) {
    const struct hw_expand_options source_options = {.raw = sync->options->transfer.raw, .folder = true};
    const struct hw_expand_options target_options = {.raw = true, .folder = true};
    struct hw_transfer_run *run = &sync->run;
    struct hw_error fault = HW_ERROR_INIT;
    HW_TRY(hw_expand_open(&sync->source, source, &run->sources, &source_options, err));
    if (!sync->source.several) {
        return hw_fail(err, HW_EUSAGE, "\"%.256s\" is one object: sync is for folders and prefixes", source);
    }
    HW_TRY(hw_target_open(&sync->target, destination, true, &run->targets, err));
    HW_TRY(hw_target_delta_check(&sync->target, sync->options->transfer.delta, err));
    enum hw_status status = hw_expand_open(&sync->there, destination, &run->targets, &target_options, &fault);
    /* A folder that is not there has nothing in it. */
    return status == HW_OK || status == HW_ENOTFOUND ? HW_OK : hw_error_pass(err, status, &fault);
}

static enum hw_status nesting_find(struct sync *sync, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    const char *key = hw_arena_strndup(&arena, sync->source.key, sync->source.base_at);
    if (!key) {
        return hw_fail_nomem(err, sync->source.base_at + 1);
    }
    const struct hw_folder source = {sync->source.store, key};
    const struct hw_folder target = {sync->target.store, sync->target.key};
    HW_TRY(hw_folder_below(&source, &target, &sync->target_name, &sync->target_below, err));
    HW_TRY(hw_folder_below(&target, &source, &sync->source_name, &sync->source_below, err));
    if (sync->target_below && sync->source_below) {
        enum hw_status status = hw_fail(err, HW_EUSAGE, "source and destination are the same folder");
        hw_error_object(err, sync->source.text);
        return status;
    }
    return HW_OK;
}

/* ------ comparing */

static enum hw_status sides_compare(struct sync *sync, struct hw_error *err) {
    struct hw_listing *source = NULL;
    struct hw_listing *there = NULL;
    enum hw_status status = hw_listing_start(&sync->source, &sync->filter, &source, err);
    if (status == HW_OK && sync->there.store) {
        status = hw_listing_start(&sync->there, &sync->filter, &there, err);
    }
    status = status ? status : merge(sync, source, there, err);
    hw_listing_free(source);
    hw_listing_free(there);
    return status;
}

static enum hw_status next(struct hw_listing *listing, struct hw_expanded *out_object, struct hw_error *err) {
    *out_object = (struct hw_expanded){0};
    return listing ? hw_listing_next(listing, out_object, err) : HW_OK;
}

/* Returns which of two names comes first; one that is NULL is behind all others. */
static int order(const struct hw_expanded *a, const struct hw_expanded *b) {
    if (!a->name || !b->name) {
        return (a->name == NULL) - (b->name == NULL);
    }
    return strcmp(a->name, b->name);
}

static void tell(struct sync *sync, const struct hw_expanded *source, enum hw_transfer_outcome outcome,
                 enum hw_transfer_reason reason, const struct hw_error *error) {
    HW_AUTO(hw_buf) from = {0};
    HW_AUTO(hw_buf) to = {0};
    const bool made =
        hw_buf_printf(&from, NULL, "%s%s", sync->source.store->root, source->info->key) == HW_OK &&
        hw_buf_printf(&to, NULL, "%s%s%s", sync->target.store->root, sync->target.key, source->name) == HW_OK;
    const struct hw_transfer_object told = {
        .source = made ? (const char *)from.data : source->info->key,
        .path = made ? (const char *)to.data : sync->target.text,
        .size = source->info->size,
        .outcome = outcome,
        .reason = reason,
        .error = error,
    };
    hw_transfer_run_tell(&sync->run, &told);
}

/*
 * Returns whether an object of the source lies in the destination, where this run may have put it.
 */
static bool in_target(const struct sync *sync, const struct hw_expanded *source) {
    return sync->target_below && hw_view_starts(hw_view_of(source->name), hw_buf_view(&sync->target_name));
}

static enum hw_status merge(struct sync *sync, struct hw_listing *source, struct hw_listing *there,
                            struct hw_error *err) {
    struct hw_expanded ours;
    struct hw_expanded theirs;
    HW_TRY(next(source, &ours, err));
    HW_TRY(next(there, &theirs, err));
    if (!ours.name && !sync->source.store->files && !hw_listing_some(source)) {
        enum hw_status status = hw_fail(err, HW_ENOTFOUND, "there is no object below this prefix: nothing is done");
        hw_error_object(err, sync->source.text);
        return status;
    }
    while ((ours.name || theirs.name) && !hw_transfer_run_stopped(&sync->run)) {
        if (ours.name && in_target(sync, &ours)) {
            hw_transfer_run_found(&sync->run, 0);
            tell(sync, &ours, HW_TRANSFER_SKIPPED, HW_TRANSFER_BELOW, NULL);
            HW_TRY(next(source, &ours, err));
            continue;
        }
        const int which = order(&ours, &theirs);
        if (which < 0) {
            HW_TRY(object_copy(sync, &ours, (struct way){0}, err));
        } else if (which > 0) {
            HW_TRY(extra_note(sync, &theirs, err));
        } else {
            HW_TRY(both_look(sync, &ours, &theirs, err));
        }
        if (which <= 0) {
            HW_TRY(next(source, &ours, err));
        }
        if (which >= 0) {
            HW_TRY(next(there, &theirs, err));
        }
    }
    return HW_OK;
}

static bool marker(const struct hw_expanded *object) {
    return object->info->size == 0 && hw_view_ends(hw_view_of(object->info->key), HW_VIEW("/"));
}

/*
 * Returns whether a source may only seem to be newer. S3 keeps times in whole seconds, so an object
 * that was copied in the second in which its source was written looks older: the bytes tell.
 */
static bool times_unsure(const struct hw_expanded *source, const struct hw_expanded *there) {
    const int64_t second_us = 1000 * 1000;
    const int64_t later_us = source->info->mtime_us - there->info->mtime_us;
    return !marker(source) && there->info->mtime_us != 0 && there->info->mtime_us % second_us == 0 && later_us > 0 &&
           later_us < second_us;
}

/* Both sides have the name. */
static enum hw_status both_look(struct sync *sync, const struct hw_expanded *source, const struct hw_expanded *there,
                                struct hw_error *err) {
    const struct hw_sync_options *options = sync->options;
    if (source->info->size != there->info->size) {
        return object_copy(sync, source, (struct way){HW_TRANSFER_UNLESS_NOTHING, there->info}, err);
    }
    if (options->by_content && !marker(source)) {
        return object_copy(sync, source, (struct way){HW_TRANSFER_UNLESS_SAME, there->info}, err);
    }
    if (!options->size_only && options->transfer.preserve && !marker(source)) {
        return object_copy(sync, source, (struct way){HW_TRANSFER_UNLESS_AS_NEW, there->info}, err);
    }
    /* Without a time of the source nothing says that what is there is as new. */
    const bool newer = source->info->mtime_us > there->info->mtime_us || source->info->mtime_us == 0;
    if (!options->size_only && newer) {
        const bool unsure = times_unsure(source, there);
        const enum hw_transfer_unless unless = unsure ? HW_TRANSFER_UNLESS_SAME : HW_TRANSFER_UNLESS_NOTHING;
        return object_copy(sync, source, (struct way){unless, there->info}, err);
    }
    hw_transfer_run_found(&sync->run, 0);
    tell(sync, source, HW_TRANSFER_SKIPPED, options->size_only ? HW_TRANSFER_SAME_SIZE : HW_TRANSFER_NOT_NEWER, NULL);
    return HW_OK;
}

static enum hw_status object_copy(struct sync *sync, const struct hw_expanded *source, struct way way,
                                  struct hw_error *err) {
    const struct hw_target *target = &sync->target;
    struct hw_error fault = HW_ERROR_INIT;
    char *key = NULL;
    hw_transfer_run_found(&sync->run, source->info->size);
    if (target->store->files && marker(source)) {
        tell(sync, source, HW_TRANSFER_SKIPPED, HW_TRANSFER_MARKER, NULL);
        return HW_OK;
    }
    enum hw_status status = hw_target_key(target, source->name, &key, &fault);
    if (status == HW_OK && target->store->files) {
        status = hw_transfer_names_add(&sync->names, source->name, &fault);
    }
    if (status) {
        tell(sync, source, HW_TRANSFER_FAILED, HW_TRANSFER_NO_REASON, &fault);
        hw_free(key);
        return HW_OK;
    }
    const struct hw_transfer_job job = {
        .run = &sync->run,
        .source_store = sync->source.store,
        .source_key = source->info->key,
        .known = source->info,
        .target_store = target->store,
        .target_key = key,
        .kept_bytes = target->kept_bytes,
        .there = way.there,
        .unless = way.unless,
    };
    status = hw_transfer_object_add(&job, err);
    hw_free(key);
    return status;
}

/* ------ removing */

static struct hw_plan_facts facts_of(const struct hw_object_info *info) {
    return (struct hw_plan_facts){true, info->size, info->mtime_us, info->etag};
}

/* An object that a dry run would copy. Any thread. */
static enum hw_status copy_plan(void *ctx, const struct hw_transfer_job *job, struct hw_error *err) {
    struct sync *sync = ctx;
    struct hw_plan_action action = {.name = job->source_key + sync->source.base_at, .source = facts_of(job->known)};
    if (job->there) {
        action.target = facts_of(job->there);
    }
    return hw_plan_writer_add(sync->plan, &action, err);
}

/*
 * Returns whether an object of the destination is one of the source too, because one lies in the
 * other.
 */
static enum hw_status source_has(const struct sync *sync, const char *name, bool *out_has, struct hw_error *err) {
    HW_AUTO(hw_buf) in_source = {0};
    const hw_view source = hw_buf_view(&sync->source_name);
    *out_has = false;
    if (sync->target_below) {
        HW_TRY(hw_buf_printf(&in_source, err, "%s%s", (const char *)sync->target_name.data, name));
        *out_has = hw_filter_takes(&sync->filter, (const char *)in_source.data);
    } else if (sync->source_below && hw_view_starts(hw_view_of(name), source)) {
        *out_has = hw_filter_takes(&sync->filter, name + source.size);
    }
    return HW_OK;
}

static enum hw_status extra_note(struct sync *sync, const struct hw_expanded *there, struct hw_error *err) {
    HW_AUTO(hw_buf) record = {0};
    const char *key = there->info->key;
    bool in_source;
    if (!sync->options->remove_extra || marker(there)) {
        return HW_OK;
    }
    HW_TRY(source_has(sync, there->name, &in_source, err));
    if (in_source) {
        HW_TRY(hw_buf_printf(&record, err, "%s%s", sync->there.store->root, key));
        enum hw_status status = hw_fail(err, HW_EUSAGE, "it lies in the source too, so nothing is removed");
        hw_error_object(err, (const char *)record.data);
        return status;
    }
    sync->extra_count++;
    if (sync->plan) {
        const struct hw_plan_action action = {.removes = true, .name = there->name, .target = facts_of(there->info)};
        HW_TRY(hw_plan_writer_add(sync->plan, &action, err));
    }
    HW_TRY(hw_buf_append(&record, &there->info->size, sizeof(there->info->size), err));
    HW_TRY(hw_buf_append_text(&record, key, err));
    HW_TRY(hw_buf_append_byte(&record, '\0', err));
    return hw_record_file_put(&sync->extra, hw_buf_view(&record), err);
}

static enum hw_status extra_hand_on(struct sync *sync, struct hw_deletion *deletion, struct hw_error *err) {
    struct hw_record_reader reader = {
        .file = &sync->extra, .end = hw_record_file_end(&sync->extra), .block_bytes = EXTRA_BLOCK_BYTES};
    hw_view record = {"", 0};
    enum hw_status status = hw_record_reader_next(&reader, &record, err);
    while (status == HW_OK && record.data && !hw_transfer_run_stopped(&sync->run)) {
        uint64_t size;
        memcpy(&size, record.data, sizeof(size));
        hw_transfer_run_found(&sync->run, 0);
        const struct hw_deletion_object object = {
            .key = record.data + sizeof(size), .size = size, .kept_bytes = sync->target.kept_bytes, .there = true};
        status = hw_deletion_add(deletion, &object, err);
        status = status ? status : hw_record_reader_next(&reader, &record, err);
    }
    hw_record_reader_release(&reader);
    return status ? status : hw_deletion_flush(deletion, err);
}

/* Returns whether the source is there still: a folder that has gone is listed as an empty one. */
static bool source_there(const struct sync *sync) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_object_info info;
    struct hw_error fault = HW_ERROR_INIT;
    char etag[HW_ETAG_BYTES];
    struct hw_store *store = sync->source.store;
    const char *key = hw_arena_strndup(&arena, sync->source.key, sync->source.base_at);
    return !store->files ||
           (key && store->ops->stat(store, key, &info, etag, &fault) != HW_OK && fault.sys_errno == EISDIR);
}

/* Both listings came whole. What only the destination has goes once all copies have succeeded. */
static enum hw_status extra_remove(struct sync *sync, struct hw_error *err) {
    struct hw_deletion deletion = {.run = &sync->run, .store = sync->target.store};
    const uint64_t most = sync->options->removals_max;
    if (hw_transfer_run_stopped(&sync->run)) {
        return HW_OK;
    }
    if (!source_there(sync)) {
        enum hw_status status =
            hw_fail(err, HW_ECHANGED, "the folder has gone while it was listed: nothing is removed");
        hw_error_object(err, sync->source.text);
        return status;
    }
    if (most > 0 && sync->extra_count > most) {
        return hw_fail(err, HW_EFAILED, "%s would be removed, and %" PRIu64 " at most may be: nothing is removed",
                       HW_COUNT(sync->extra_count, "object"), most);
    }
    if (hw_transfer_run_failures(&sync->run) > 0) {
        return sync->extra_count > 0 ? hw_fail(err, HW_EPARTIAL, "%s not removed, because copies have failed",
                                               HW_COUNT(sync->extra_count, "object"))
                                     : HW_OK;
    }
    enum hw_status status = extra_hand_on(sync, &deletion, err);
    hw_deletion_release(&deletion);
    return status;
}
