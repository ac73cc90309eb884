/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/deletion.h"

#include "core/alloc.h"
#include "core/arena.h"
#include "core/buf.h"
#include "s3/delete.h"
#include "store/store.h"
#include "store/store_s3.h"

/* The most objects of one batch, which is one request where the service can. */
enum { BATCH_OBJECTS = 1000 };

struct hw_deletion_batch {
    struct hw_engine_task task;
    struct hw_transfer_run *run;
    struct hw_store *store;
    size_t kept_bytes;
    struct hw_s3_doomed objects[BATCH_OBJECTS];
    uint64_t sizes[BATCH_OBJECTS];
    /* True once the outcome of an object was told. */
    bool told[BATCH_OBJECTS];
    size_t count;
    struct hw_arena texts;
};

static void batch_run(struct hw_engine_task *task);
static enum hw_status object_deleted(void *ctx, const struct hw_s3_doomed *object, enum hw_status status,
                                     const struct hw_error *error, struct hw_error *err);
static void one_tell(struct hw_deletion_batch *batch, size_t i, enum hw_transfer_outcome outcome,
                     const struct hw_error *error);

static void batch_free(struct hw_deletion_batch *batch) {
    if (batch) {
        hw_arena_release(&batch->texts);
        hw_free(batch);
    }
}

enum hw_status hw_deletion_add(struct hw_deletion *deletion, const char *key, const char *version_id, uint64_t size,
                               struct hw_error *err) {
    if (!deletion->batch) {
        deletion->batch = hw_alloc_zero(1, sizeof(*deletion->batch));
        if (!deletion->batch) {
            return hw_fail_nomem(err, sizeof(*deletion->batch));
        }
        deletion->batch->task.run = batch_run;
        deletion->batch->run = deletion->run;
        deletion->batch->store = deletion->store;
        deletion->batch->kept_bytes = deletion->kept_bytes;
    }
    struct hw_deletion_batch *batch = deletion->batch;
    const struct hw_s3_doomed copy = {
        .key = hw_arena_strdup(&batch->texts, key),
        .version_id = version_id ? hw_arena_strdup(&batch->texts, version_id) : NULL,
    };
    if (!copy.key || (version_id && !copy.version_id)) {
        return hw_fail_nomem(err, strlen(key) + 1);
    }
    batch->objects[batch->count] = copy;
    batch->sizes[batch->count++] = size;
    return batch->count == BATCH_OBJECTS ? hw_deletion_flush(deletion, err) : HW_OK;
}

enum hw_status hw_deletion_flush(struct hw_deletion *deletion, struct hw_error *err) {
    if (!deletion->batch) {
        return HW_OK;
    }
    HW_TRY(hw_engine_add(deletion->run->engine, &deletion->batch->task, &deletion->run->ticker, err));
    deletion->batch = NULL;
    return HW_OK;
}

void hw_deletion_release(struct hw_deletion *deletion) {
    batch_free(deletion->batch);
    deletion->batch = NULL;
}

/* ------ on a thread of the engine */

/* Removes objects of a store that has no request for many of them. */
static void remove_each(struct hw_deletion_batch *batch) {
    for (size_t i = 0; i < batch->count && !hw_transfer_run_stopped(batch->run); i++) {
        struct hw_error error = HW_ERROR_INIT;
        const enum hw_status status =
            hw_store_remove_within(batch->store, batch->objects[i].key, batch->kept_bytes, &error);
        one_tell(batch, i, status ? HW_TRANSFER_FAILED : HW_TRANSFER_DONE, status ? &error : NULL);
    }
}

/* A failure of a whole request is that of each object of which nothing was told. */
static void remove_many(struct hw_deletion_batch *batch, struct hw_s3_client *client) {
    struct hw_error error = HW_ERROR_INIT;
    const enum hw_status status =
        hw_s3_delete_many(client, batch->objects, batch->count, object_deleted, batch, &error);
    for (size_t i = 0; status != HW_OK && i < batch->count; i++) {
        if (!batch->told[i]) {
            one_tell(batch, i, HW_TRANSFER_FAILED, &error);
        }
    }
}

static void batch_run(struct hw_engine_task *task) {
    struct hw_deletion_batch *batch = (struct hw_deletion_batch *)task;
    struct hw_s3_client *client = hw_store_s3_client(batch->store);
    const bool dry_run = batch->run->options->dry_run;
    for (size_t i = 0; dry_run && i < batch->count; i++) {
        one_tell(batch, i, HW_TRANSFER_PLANNED, NULL);
    }
    if (!dry_run && client && !hw_transfer_run_stopped(batch->run)) {
        remove_many(batch, client);
    } else if (!dry_run && !client) {
        remove_each(batch);
    }
    for (size_t i = 0; i < batch->count; i++) {
        if (!batch->told[i]) {
            hw_transfer_run_left(batch->run);
        }
    }
    batch_free(batch);
}

static enum hw_status object_deleted(void *ctx, const struct hw_s3_doomed *object, enum hw_status status,
                                     const struct hw_error *error, struct hw_error *err) {
    struct hw_deletion_batch *batch = ctx;
    (void)err;
    one_tell(batch, (size_t)(object - batch->objects), status ? HW_TRANSFER_FAILED : HW_TRANSFER_DONE,
             status ? error : NULL);
    return HW_OK;
}

static void one_tell(struct hw_deletion_batch *batch, size_t i, enum hw_transfer_outcome outcome,
                     const struct hw_error *error) {
    HW_AUTO(hw_buf) path = {0};
    const bool named = hw_buf_printf(&path, NULL, "%s%s", batch->store->root, batch->objects[i].key) == HW_OK;
    const struct hw_transfer_object told = {
        .op = HW_TRANSFER_REMOVE,
        .source = "",
        .path = named ? (const char *)path.data : batch->objects[i].key,
        .size = batch->sizes[i],
        .outcome = outcome,
        .error = error,
        .version_id = batch->objects[i].version_id,
    };
    batch->told[i] = true;
    hw_transfer_run_tell(batch->run, &told);
}
