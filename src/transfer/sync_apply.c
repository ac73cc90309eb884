/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/sync_apply.h"

#include "core/alloc.h"
#include "core/arena.h"
#include "core/count.h"
#include "store/location.h"
#include "transfer/facts_hold.h"
#include "transfer/object.h"

enum hw_status hw_plan_place_open(struct hw_plan_place *place, const char *path, const struct hw_store_options *options,
                                  struct hw_error *err) {
    HW_AUTO(hw_location) location = {0};
    struct hw_error fault = HW_ERROR_INIT;
    enum hw_status status = hw_location_parse(path, options, &location, err);
    status = status ? status : hw_store_open(&location, options, &place->store, err);
    if (status == HW_OK) {
        status = hw_store_source_open(place->store, location.key, &place->source, &fault);
        status = status && status != HW_ENOTFOUND ? hw_error_pass(err, status, &fault) : HW_OK;
    }
    if (status == HW_OK && !place->source) {
        const struct hw_sink_options sink = {.content_type = "application/x-ndjson", .create_only = true};
        status = place->store->ops->sink_open(place->store, location.key, &sink, &place->sink, err);
    }
    if (status) {
        hw_error_object(err, path);
    }
    return status;
}

void hw_plan_place_release(struct hw_plan_place *place) {
    if (place->source) {
        place->source->ops->close(place->source);
    }
    if (place->sink) {
        place->sink->ops->free(place->sink);
    }
    hw_store_close(place->store);
    *place = (struct hw_plan_place){0};
}

enum hw_status hw_plan_there(const char *path, const struct hw_store_options *options, bool *out_there,
                             struct hw_error *err) {
    HW_AUTO(hw_location) location = {0};
    struct hw_store *store = NULL;
    struct hw_object_info info;
    char etag[HW_ETAG_BYTES];
    struct hw_error fault = HW_ERROR_INIT;
    *out_there = false;
    if (!path) {
        return HW_OK;
    }
    HW_TRY(hw_location_parse(path, options, &location, err));
    HW_TRY(hw_store_open(&location, options, &store, err));
    const enum hw_status status = hw_store_look(store, location.key, &info, etag, &fault);
    hw_store_close(store);
    *out_there = status == HW_OK;
    if (status == HW_OK || status == HW_ENOTFOUND) {
        return HW_OK;
    }
    hw_error_object(&fault, path);
    return hw_error_pass(err, status, &fault);
}

static struct hw_object_info info_of(const struct hw_plan_facts *facts, const char *key) {
    return (struct hw_object_info){.key = key, .size = facts->size, .mtime_us = facts->mtime_us, .etag = facts->etag};
}

static void failed_tell(const struct hw_sync_apply *apply, const struct hw_plan_action *action,
                        const struct hw_error *error) {
    const struct hw_transfer_object told = {
        .op = action->removes ? HW_TRANSFER_REMOVE : HW_TRANSFER_COPY,
        .source = action->removes ? "" : action->name,
        .path = action->name,
        .outcome = HW_TRANSFER_FAILED,
        .error = error,
    };
    hw_transfer_run_tell(apply->run, &told);
}

/* ------ copies */

/* A name in a bucket may end in '/'; below a local folder it must not lead out of that. */
static enum hw_status source_key_make(const struct hw_sync_apply *apply, const char *name, char **out_key,
                                      struct hw_error *err) {
    HW_AUTO(hw_buf) key = {0};
    if (apply->source->store->files) {
        return hw_expand_key_below(apply->source, name, out_key, err);
    }
    HW_TRY(hw_buf_printf(&key, err, "%s%s", apply->source->key, name));
    char *made = hw_strdup((const char *)key.data);
    if (!made) {
        return hw_fail_nomem(err, key.size + 1);
    }
    *out_key = made;
    return HW_OK;
}

static enum hw_status copy_add(const struct hw_sync_apply *apply, const struct hw_plan_action *action,
                               struct hw_error *err) {
    struct hw_error fault = HW_ERROR_INIT;
    char *source_key = NULL;
    char *target_key = NULL;
    hw_transfer_run_found(apply->run, action->source.size);
    enum hw_status status = source_key_make(apply, action->name, &source_key, &fault);
    status = status ? status : hw_target_key(apply->target, action->name, &target_key, &fault);
    if (status) {
        failed_tell(apply, action, &fault);
        hw_free(source_key);
        return HW_OK;
    }
    const struct hw_object_info known = info_of(&action->source, source_key);
    const struct hw_object_info there = info_of(&action->target, target_key);
    const struct hw_transfer_job job = {
        .run = apply->run,
        .source_store = apply->source->store,
        .source_key = source_key,
        .known = &known,
        .target_store = apply->target->store,
        .target_key = target_key,
        .there = action->target.there ? &there : NULL,
        .kept_bytes = apply->target->kept_bytes,
        .as_planned = true,
    };
    status = hw_transfer_object_add(&job, err);
    hw_free(source_key);
    hw_free(target_key);
    return status;
}

/* ------ removals */

struct removal {
    struct hw_engine_task task;
    struct hw_transfer_run *run;
    struct hw_store *store;
    struct hw_object_info facts;
    /* The first bytes of its key, which name the destination. */
    size_t kept_bytes;
    struct hw_arena texts;
    const char *path;
};

static enum hw_status removal_do(const struct removal *removal, enum hw_transfer_outcome *out_outcome,
                                 struct hw_error *err) {
    *out_outcome = HW_TRANSFER_PLANNED;
    if (removal->run->options->dry_run) {
        return HW_OK;
    }
    HW_TRY(hw_facts_hold(removal->store, removal->facts.key, &removal->facts, "target", err));
    *out_outcome = HW_TRANSFER_DONE;
    HW_TRY(hw_store_remove_within(removal->store, removal->facts.key, removal->kept_bytes, err));
    if (removal->store->ops->prune) {
        removal->store->ops->prune(removal->store, removal->facts.key, removal->kept_bytes);
    }
    return HW_OK;
}

static void removal_free(struct removal *removal) {
    hw_arena_release(&removal->texts);
    hw_free(removal);
}

static void removal_run(struct hw_engine_task *task) {
    struct removal *removal = (struct removal *)task;
    struct hw_error error = HW_ERROR_INIT;
    struct hw_transfer_object told = {
        .op = HW_TRANSFER_REMOVE, .source = "", .path = removal->path, .size = removal->facts.size};
    if (hw_transfer_run_stopped(removal->run)) {
        hw_transfer_run_left(removal->run);
    } else {
        if (removal_do(removal, &told.outcome, &error) != HW_OK) {
            told.outcome = HW_TRANSFER_FAILED;
            told.error = &error;
        }
        hw_transfer_run_tell(removal->run, &told);
    }
    removal_free(removal);
}

static enum hw_status removal_add(const struct hw_sync_apply *apply, const struct hw_plan_action *action,
                                  struct hw_error *err) {
    struct hw_error fault = HW_ERROR_INIT;
    char *key = NULL;
    hw_transfer_run_found(apply->run, 0);
    if (hw_target_key(apply->target, action->name, &key, &fault) != HW_OK) {
        failed_tell(apply, action, &fault);
        return HW_OK;
    }
    struct removal *removal = hw_alloc_zero(1, sizeof(*removal));
    if (!removal) {
        hw_free(key);
        return hw_fail_nomem(err, sizeof(*removal));
    }
    removal->task.run = removal_run;
    removal->run = apply->run;
    removal->store = apply->target->store;
    removal->kept_bytes = apply->target->kept_bytes;
    removal->facts = info_of(&action->target, hw_arena_strdup(&removal->texts, key));
    removal->facts.etag = hw_arena_strdup(&removal->texts, action->target.etag);
    removal->path = hw_arena_join(&removal->texts, removal->store->root, key);
    hw_free(key);
    const bool made = removal->facts.key && removal->facts.etag && removal->path;
    enum hw_status status = made ? HW_OK : hw_fail_nomem(err, sizeof(*removal));
    status = status ? status : hw_engine_add(apply->run->engine, &removal->task, &apply->run->ticker, err);
    if (status) {
        removal_free(removal);
    }
    return status;
}

/* ------ the plan */

typedef enum hw_status action_fn(const struct hw_sync_apply *apply, const struct hw_plan_action *action,
                                 struct hw_error *err);

/* Goes through all copies, or all removals, and counts them. `each` may be NULL. */
static enum hw_status actions_each(const struct hw_sync_apply *apply, struct hw_source *plan, bool removals,
                                   action_fn *each, uint64_t *out_count, struct hw_error *err) {
    struct hw_plan_reader *reader = NULL;
    struct hw_plan_action action;
    enum hw_status status = hw_plan_reader_new(plan, apply->head, &reader, err);
    *out_count = 0;
    while (status == HW_OK && !hw_transfer_run_stopped(apply->run)) {
        status = hw_plan_reader_next(reader, &action, err);
        if (status || !action.name) {
            break;
        }
        if (action.removes == removals) {
            ++*out_count;
            status = each ? each(apply, &action, err) : HW_OK;
        }
    }
    hw_plan_reader_free(reader);
    return status;
}

enum hw_status hw_sync_apply(const struct hw_sync_apply *apply, struct hw_source *plan, struct hw_error *err) {
    const uint64_t most = apply->head->options->removals_max;
    uint64_t removals;
    uint64_t copies;
    HW_TRY(actions_each(apply, plan, true, NULL, &removals, err));
    if (most > 0 && removals > most) {
        return hw_fail(err, HW_EFAILED, "%s would be removed, %" PRIu64 " are allowed: nothing is done",
                       HW_COUNT(removals, "object"), most);
    }
    HW_TRY(actions_each(apply, plan, false, copy_add, &copies, err));
    if (hw_transfer_run_failures(apply->run) > 0) {
        return removals > 0 ? hw_fail(err, HW_EPARTIAL, "%s not removed, because copies have failed",
                                      HW_COUNT(removals, "object"))
                            : HW_OK;
    }
    return actions_each(apply, plan, true, removal_add, &removals, err);
}
