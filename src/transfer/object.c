/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/object.h"

#include "core/arena.h"
#include "core/alloc.h"
#include "core/clock.h"
#include "objects/content_type.h"
#include "s3/facts.h"
#include "s3/fault.h"
#include "store/store.h"
#include "store/store_s3.h"
#include "transfer/content.h"
#include "s3/described.h"
#include "transfer/facts_hold.h"
#include "transfer/kept.h"
#include "transfer/server_copy.h"
#include "transfer/stream.h"

struct object {
    struct hw_engine_task task;
    struct hw_transfer_job job;
    struct hw_object_info known;
    struct hw_object_info there;
    struct hw_arena texts;
    int64_t started_us;
    /* A small local file, which waits for its name together with others; its sink is NULL else. */
    struct hw_publication publication;
    /* What is told of it. */
    struct hw_transfer_object told;
};

/* The version of the source that was moved. */
struct version {
    uint64_t size;
    /* 0 if it is not known. */
    int64_t mtime_us;
    char etag[HW_ETAG_BYTES];
};

static void object_run(struct hw_engine_task *task);
static void object_end(void *ctx, enum hw_status status, const struct hw_error *error);
static enum hw_status object_move(struct object *object, struct hw_error *err);
static enum hw_status skip_find(struct object *object, enum hw_transfer_reason *out_reason, struct hw_error *err);
static enum hw_status bytes_move(struct object *object, struct version *out_version, struct hw_error *err);
static bool server_copies(const struct hw_transfer_job *job);
static enum hw_status source_remove(const struct object *object, const struct version *version, struct hw_error *err);

static void object_free(struct object *object) {
    hw_arena_release(&object->texts);
    hw_free(object);
}

enum hw_status hw_transfer_object_add(const struct hw_transfer_job *job, struct hw_error *err) {
    struct object *object = hw_alloc_zero(1, sizeof(*object));
    if (!object) {
        return hw_fail_nomem(err, sizeof(*object));
    }
    struct hw_arena *texts = &object->texts;
    object->task.run = object_run;
    object->job = *job;
    object->job.source_key = hw_arena_strdup(texts, job->source_key);
    object->job.target_key = hw_arena_strdup(texts, job->target_key);
    object->told = (struct hw_transfer_object){
        .op = job->run->options->move ? HW_TRANSFER_MOVE : HW_TRANSFER_COPY,
        .source = hw_arena_join(texts, job->source_store->root, job->source_key),
        .path = hw_arena_join(texts, job->target_store->root, job->target_key),
        .size = job->known ? job->known->size : 0,
    };
    bool made = object->job.source_key && object->job.target_key && object->told.source && object->told.path;
    if (job->known) {
        object->known = *job->known;
        object->known.key = object->job.source_key;
        object->known.etag = hw_arena_strdup(texts, job->known->etag);
        object->job.known = &object->known;
        made = made && object->known.etag;
    }
    if (job->there) {
        object->there = *job->there;
        object->there.key = object->job.target_key;
        object->there.etag = hw_arena_strdup(texts, job->there->etag);
        object->job.there = &object->there;
        made = made && object->there.etag;
    }
    enum hw_status status = made ? HW_OK : hw_fail_nomem(err, sizeof(*object));
    status = status ? status : hw_engine_add(job->run->engine, &object->task, &job->run->ticker, err);
    if (status) {
        object_free(object);
        return status;
    }
    return HW_OK;
}

static void object_run(struct hw_engine_task *task) {
    struct object *object = (struct object *)task;
    struct hw_transfer_run *run = object->job.run;
    struct hw_error error = HW_ERROR_INIT;
    if (hw_transfer_run_stopped(run)) {
        hw_transfer_run_left(run);
        object_free(object);
        return;
    }
    object->started_us = hw_clock_monotonic_us();
    const enum hw_status status = object_move(object, &error);
    if (object->publication.sink) {
        hw_publisher_add(run->publisher, &object->publication);
        return;
    }
    object_end(object, status, &error);
}

/* Counts an object that the service has copied, or would: then a listing tells its size. */
static void copy_count(const struct object *object) {
    const struct hw_transfer_job *job = &object->job;
    const uint64_t bytes = object->told.size;
    const bool done = object->told.outcome == HW_TRANSFER_DONE && object->told.way == HW_TRANSFER_ON_SERVER;
    const bool planned = object->told.outcome == HW_TRANSFER_PLANNED && job->known && server_copies(job);
    if (done || planned) {
        hw_transfer_run_copied(job->run, hw_store_s3_client(job->source_store), hw_store_s3_client(job->target_store),
                               bytes, planned ? hw_server_copy_requests(bytes) : 0);
    }
}

/* Tells how the object has ended; the `done` of its publication. */
static void object_end(void *ctx, enum hw_status status, const struct hw_error *error) {
    struct object *object = ctx;
    if (status == HW_EEXISTS && object->job.run->options->no_clobber) {
        /* It came there after the look at it. */
        object->told.outcome = HW_TRANSFER_SKIPPED;
        object->told.reason = HW_TRANSFER_EXISTS;
    } else if (status) {
        object->told.outcome = HW_TRANSFER_FAILED;
        object->told.error = error;
    }
    object->told.seconds = (double)(hw_clock_monotonic_us() - object->started_us) / 1e6;
    copy_count(object);
    hw_transfer_run_tell(object->job.run, &object->told);
    object_free(object);
}

/* Both sides are as the plan says that the object was made for. */
static enum hw_status plan_hold(const struct hw_transfer_job *job, struct hw_error *err) {
    HW_TRY(hw_facts_hold(job->source_store, job->source_key, job->known, "source", err));
    return hw_facts_hold(job->target_store, job->target_key, job->there, "target", err);
}

static enum hw_status object_move(struct object *object, struct hw_error *err) {
    const struct hw_transfer_job *job = &object->job;
    const struct hw_transfer_options *options = job->run->options;
    struct hw_transfer_object *told = &object->told;
    HW_TRY(skip_find(object, &told->reason, err));
    if (told->reason != HW_TRANSFER_NO_REASON) {
        told->outcome = HW_TRANSFER_SKIPPED;
        return HW_OK;
    }
    if (options->dry_run) {
        told->outcome = HW_TRANSFER_PLANNED;
        return job->run->planned ? job->run->planned(job->run->planned_ctx, job, err) : HW_OK;
    }
    HW_TRY(job->as_planned ? plan_hold(job, err) : HW_OK);
    struct version version = {0};
    enum hw_status status = bytes_move(object, &version, err);
    told->size = status ? told->size : version.size;
    if (status == HW_ENOTFOUND && !job->known && strcmp(err->object, told->source) == 0) {
        /* It is the source that is missing, and the command line that has named it. */
        hw_store_missing_explain(job->source_store, job->source_key, err);
    }
    HW_TRY(status);
    told->outcome = HW_TRANSFER_DONE;
    return options->move ? source_remove(object, &version, err) : HW_OK;
}

/* ------ the ways */

/* An object that is replaced between its description and its bytes is begun so often. */
enum { DESCRIPTIONS_MAX = 3 };

/* Moves the bytes; `write` says how they are kept. */
static enum hw_status stream_bytes(struct object *object, const struct hw_write_options *write,
                                   struct version *out_version, struct hw_error *err) {
    const struct hw_transfer_job *job = &object->job;
    const struct hw_transfer_options *options = job->run->options;
    struct hw_stream stream = {
        .run = job->run,
        .source_store = job->source_store,
        .source_key = job->source_key,
        .source_version = job->run->options->version_id,
        .known = job->known,
        .as_planned = job->as_planned,
        .target_store = job->target_store,
        .target_key = job->target_key,
        .sink = {.content_type = hw_content_type(job->target_key),
                 .write = write,
                 .create_only = options->no_clobber || (job->as_planned && !job->there),
                 .if_match = job->as_planned && job->there && job->there->etag[0] ? job->there->etag : NULL,
                 .links_refused = true,
                 .keep_partial = options->keep_partial,
                 .kept_bytes = job->kept_bytes},
        /* A source that is to be removed goes once its target has its name, on this thread. */
        .publisher = options->move ? NULL : job->run->publisher,
    };
    HW_TRY(hw_stream_run(&stream, err));
    object->publication = (struct hw_publication){.sink = stream.settled, .done = object_end, .ctx = object};
    object->told.way = HW_TRANSFER_THROUGH;
    object->told.proved_by = stream.proved_by;
    object->told.delta = stream.delta;
    object->told.bytes_sent = stream.bytes_sent;
    object->told.bytes_copied = stream.bytes_copied;
    *out_version = (struct version){.size = stream.size, .mtime_us = stream.mtime_us};
    hw_s3_etag_bare(stream.etag, out_version->etag);
    return HW_OK;
}

/*
 * From bucket to bucket, an object keeps its description: that of the version whose bytes it gets.
 */
static enum hw_status stream_described(struct object *object, struct version *out_version, struct hw_error *err) {
    const struct hw_transfer_job *job = &object->job;
    struct hw_s3_client *client = hw_store_s3_client(job->source_store);
    for (unsigned tries = 0; tries < DESCRIPTIONS_MAX; tries++) {
        HW_AUTO(hw_described) described = {0};
        char etag[HW_S3_ETAG_BYTES];
        HW_TRY(hw_described_load(&described, client, job->source_key, job->run->options->version_id,
                                 job->run->options->write, err));
        HW_TRY(stream_bytes(object, &described.options, out_version, err));
        hw_s3_etag_bare(described.source.object.etag, etag);
        if (strcmp(etag, out_version->etag) == 0) {
            return HW_OK;
        }
    }
    return hw_fail(err, HW_ECHANGED, "the object is replaced all the time");
}

static enum hw_status stream(struct object *object, struct version *out_version, struct hw_error *err) {
    const struct hw_transfer_job *job = &object->job;
    const bool buckets = hw_store_s3_client(job->source_store) && hw_store_s3_client(job->target_store);
    return buckets ? stream_described(object, out_version, err)
                   : stream_bytes(object, job->run->options->write, out_version, err);
}

static enum hw_status server_copy(struct object *object, struct version *out_version, struct hw_error *err) {
    const struct hw_transfer_job *job = &object->job;
    struct hw_server_copy copy = {
        .run = job->run,
        .source = hw_store_s3_client(job->source_store),
        .source_key = job->source_key,
        .source_version = job->run->options->version_id,
        .known = job->known,
        .target = hw_store_s3_client(job->target_store),
        .target_key = job->target_key,
        .write = job->run->options->write,
        .create_only = job->run->options->no_clobber || (job->as_planned && !job->there),
        .as_planned = job->as_planned,
    };
    HW_TRY(hw_server_copy_run(&copy, err));
    object->told.way = HW_TRANSFER_ON_SERVER;
    object->told.proved_by = copy.proved_by;
    *out_version = (struct version){.size = copy.size};
    memcpy(out_version->etag, copy.etag, sizeof(out_version->etag));
    return HW_OK;
}

/* Returns whether the service is asked to copy the object by itself. */
static bool server_copies(const struct hw_transfer_job *job) {
    struct hw_transfer_run *run = job->run;
    const enum hw_transfer_mode mode = run->options->mode;
    const bool buckets = hw_store_s3_client(job->source_store) && hw_store_s3_client(job->target_store);
    /* A service compares nothing with a sidecar. */
    if (!buckets || mode == HW_TRANSFER_TRADITIONAL || run->options->sidecar) {
        return false;
    }
    if (mode == HW_TRANSFER_DIRECT) {
        return true;
    }
    const bool refused = mode == HW_TRANSFER_AUTO && atomic_load(&run->copies_refused);
    return !refused && hw_server_copy_possible(&run->source_options, &run->target_options);
}

/* Returns whether a service does not copy what this process may move. */
static bool copy_refused(const struct hw_error *fault) {
    const bool refused = fault->status == HW_EAUTH || hw_s3_operation_missing(fault);
    return refused && !hw_transfer_run_shares(fault);
}

static enum hw_status bytes_move(struct object *object, struct version *out_version, struct hw_error *err) {
    struct hw_transfer_run *run = object->job.run;
    struct hw_error fault = HW_ERROR_INIT;
    if (!server_copies(&object->job)) {
        return stream(object, out_version, err);
    }
    enum hw_status status = server_copy(object, out_version, &fault);
    if (status == HW_OK || !copy_refused(&fault) || run->options->mode == HW_TRANSFER_DIRECT) {
        return status ? hw_error_pass(err, status, &fault) : HW_OK;
    }
    HW_TRY(stream(object, out_version, err));
    if (!atomic_exchange(&run->copies_refused, true)) {
        hw_error_prefix(&fault, "the service does not copy it by itself, so objects go through this machine");
        hw_transfer_run_warn(run, &fault);
    }
    return HW_OK;
}

/* ------ what is there already */

static enum hw_status source_facts(const struct object *object, struct hw_object_info *out_info,
                                   char out_etag[HW_ETAG_BYTES], struct hw_error *err) {
    const struct hw_transfer_job *job = &object->job;
    if (job->known) {
        *out_info = *job->known;
        return HW_OK;
    }
    return hw_store_stat(job->source_store, job->source_key, out_info, out_etag, err);
}

static enum hw_status same_find(struct object *object, enum hw_transfer_reason *out_reason, struct hw_error *err) {
    const struct hw_transfer_job *job = &object->job;
    const struct hw_content_place source = {job->source_store, job->source_key};
    const struct hw_content_place target = {job->target_store, job->target_key};
    bool same = false;
    HW_TRY(hw_content_same(job->run, &source, &target, &same, err));
    *out_reason = same ? HW_TRANSFER_SAME : HW_TRANSFER_NO_REASON;
    return HW_OK;
}

/* Returns whether the source is newer, by the times that are kept with objects. */
static enum hw_status newer_find(const struct hw_transfer_job *job, int64_t source_us, int64_t target_us,
                                 bool *out_newer, struct hw_error *err) {
    if (job->run->options->preserve) {
        HW_TRY(hw_kept_mtime_us(job->source_store, job->source_key, source_us, &source_us, err));
        HW_TRY(hw_kept_mtime_us(job->target_store, job->target_key, target_us, &target_us, err));
    }
    *out_newer = source_us > target_us;
    return HW_OK;
}

static enum hw_status as_new_find(struct object *object, enum hw_transfer_reason *out_reason, struct hw_error *err) {
    const struct hw_transfer_job *job = &object->job;
    bool newer = false;
    HW_TRY(newer_find(job, job->known->mtime_us, job->there->mtime_us, &newer, err));
    *out_reason = newer ? HW_TRANSFER_NO_REASON : HW_TRANSFER_NOT_NEWER;
    return HW_OK;
}

static enum hw_status skip_find(struct object *object, enum hw_transfer_reason *out_reason, struct hw_error *err) {
    const struct hw_transfer_job *job = &object->job;
    const struct hw_transfer_options *options = job->run->options;
    struct hw_object_info there;
    struct hw_object_info source;
    char etags[2][HW_ETAG_BYTES];
    if (job->unless == HW_TRANSFER_UNLESS_SAME) {
        return same_find(object, out_reason, err);
    }
    if (job->unless == HW_TRANSFER_UNLESS_AS_NEW) {
        return as_new_find(object, out_reason, err);
    }
    if (!options->no_clobber && !options->if_size_differs && !options->if_source_newer) {
        return HW_OK;
    }
    enum hw_status status = hw_store_look(job->target_store, job->target_key, &there, etags[0], err);
    if (status == HW_ENOTFOUND) {
        return HW_OK;
    }
    HW_TRY(status);
    if (options->no_clobber) {
        *out_reason = HW_TRANSFER_EXISTS;
        return HW_OK;
    }
    HW_TRY(source_facts(object, &source, etags[1], err));
    /* Where both are asked for, either is enough for the object to be moved. */
    const bool differs = options->if_size_differs && source.size != there.size;
    bool newer = false;
    if (options->if_source_newer) {
        HW_TRY(newer_find(job, source.mtime_us, there.mtime_us, &newer, err));
    }
    if (!differs && !newer) {
        *out_reason = options->if_size_differs ? HW_TRANSFER_SAME_SIZE : HW_TRANSFER_NOT_NEWER;
    }
    return HW_OK;
}

/* ------ moving */

/* The source goes only if it still is the version that was moved. */
static enum hw_status source_remove(const struct object *object, const struct version *version, struct hw_error *err) {
    const struct hw_transfer_job *job = &object->job;
    struct hw_object_info now;
    char etag[HW_ETAG_BYTES];
    HW_TRY(hw_store_stat(job->source_store, job->source_key, &now, etag, err));
    const bool same_time = version->etag[0] != '\0' || now.mtime_us == version->mtime_us;
    if (now.size != version->size || strcmp(etag, version->etag) != 0 || !same_time) {
        return hw_fail(err, HW_ECHANGED, "the source was changed after it was read: the copy is there, and it stays");
    }
    HW_TRY(job->source_store->ops->remove(job->source_store, job->source_key, err));
    if (job->source_store->ops->prune) {
        job->source_store->ops->prune(job->source_store, job->source_key, job->source_kept_bytes);
    }
    return HW_OK;
}
