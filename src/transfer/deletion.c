/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/deletion.h"

#include "core/alloc.h"
#include "core/arena.h"
#include "core/buf.h"
#include "s3/delete.h"
#include "s3/keys_find.h"
#include "store/store.h"
#include "store/store_s3.h"

enum {
    /* The most objects of one batch, which is one request where the service can. */
    BATCH_OBJECTS = 1000,
    /* So many objects at least that have to be there are looked for in a listing first. */
    LISTED_LEAST = 16,
};

struct hw_deletion_batch {
    struct hw_engine_task task;
    struct hw_transfer_run *run;
    struct hw_store *store;
    /* The texts of the objects lie in `texts`. */
    struct hw_deletion_object objects[BATCH_OBJECTS];
    /* What the service is asked to remove, each at the place of its object. */
    struct hw_s3_doomed doomed[BATCH_OBJECTS];
    /* True once the outcome of an object was told. */
    bool told[BATCH_OBJECTS];
    size_t count;
    /* The objects that have to be there and are not known to be, by their places. */
    size_t asked[BATCH_OBJECTS];
    size_t asked_count;
    struct hw_arena texts;
};

static void batch_run(struct hw_engine_task *task);
static enum hw_status object_deleted(void *ctx, const struct hw_s3_doomed *doomed, enum hw_status status,
                                     const struct hw_error *error, struct hw_error *err);
static void tell(struct hw_deletion_batch *batch, size_t i, const char *path, enum hw_transfer_outcome outcome,
                 const struct hw_error *error);
static void one_tell(struct hw_deletion_batch *batch, size_t i, enum hw_transfer_outcome outcome,
                     const struct hw_error *error);

static void batch_free(struct hw_deletion_batch *batch) {
    if (batch) {
        hw_arena_release(&batch->texts);
        hw_free(batch);
    }
}

static struct hw_deletion_batch *batch_new(const struct hw_deletion *deletion) {
    struct hw_deletion_batch *batch = hw_alloc_zero(1, sizeof(*batch));
    if (batch) {
        batch->task.run = batch_run;
        batch->run = deletion->run;
        batch->store = deletion->store;
    }
    return batch;
}

/* Copies a text that may be NULL. */
static enum hw_status text_copy(struct hw_deletion_batch *batch, const char **text, struct hw_error *err) {
    const char *copy = *text ? hw_arena_strdup(&batch->texts, *text) : NULL;
    if (*text && !copy) {
        return hw_fail_nomem(err, strlen(*text) + 1);
    }
    *text = copy;
    return HW_OK;
}

enum hw_status hw_deletion_add(struct hw_deletion *deletion, const struct hw_deletion_object *object,
                               struct hw_error *err) {
    struct hw_deletion_batch *batch = deletion->batch ? deletion->batch : batch_new(deletion);
    struct hw_deletion_object copy = *object;
    if (!batch) {
        return hw_fail_nomem(err, sizeof(*batch));
    }
    deletion->batch = batch;
    HW_TRY(text_copy(batch, &copy.key, err));
    HW_TRY(text_copy(batch, &copy.version_id, err));
    HW_TRY(text_copy(batch, &copy.named, err));
    if (copy.named) {
        batch->asked[batch->asked_count++] = batch->count;
    }
    batch->objects[batch->count++] = copy;
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

/* ------ on threads of the engine */

static void named_fail(struct hw_deletion_batch *batch, size_t i, const struct hw_error *error) {
    tell(batch, i, batch->objects[i].named, HW_TRANSFER_FAILED, error);
}

/* Asks whether an object that was named is there. */
static enum hw_status named_look(void *ctx, uint64_t number, struct hw_error *err) {
    struct hw_deletion_batch *batch = ctx;
    const size_t i = batch->asked[number];
    struct hw_deletion_object *object = &batch->objects[i];
    struct hw_object_info info;
    struct hw_error error = HW_ERROR_INIT;
    char etag[HW_ETAG_BYTES];
    if (hw_transfer_run_stopped(batch->run)) {
        return HW_OK;
    }
    const enum hw_status status = hw_store_stat(batch->store, object->key, &info, etag, &error);
    if (status) {
        named_fail(batch, i, &error);
        return hw_error_pass(err, status, &error);
    }
    object->size = info.size;
    return HW_OK;
}

/*
 * Looks in a listing for the objects that have to be there, and leaves the others to be asked for.
 * A failure that all of them would share is that of one.
 */
static void named_find(struct hw_deletion_batch *batch, struct hw_s3_client *client) {
    const size_t count = batch->asked_count;
    struct hw_s3_sought *sought = hw_alloc_zero(count, sizeof(*sought));
    struct hw_error error = HW_ERROR_INIT;
    if (!sought) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        sought[i] = (struct hw_s3_sought){.key = batch->objects[batch->asked[i]].key, .number = batch->asked[i]};
    }
    if (hw_s3_keys_find(client, sought, count, &error) != HW_OK && hw_transfer_run_shares(&error)) {
        named_fail(batch, sought[0].number, &error);
    }
    batch->asked_count = 0;
    for (size_t i = 0; i < count; i++) {
        const size_t place = sought[i].number;
        batch->objects[place].size = sought[i].size;
        if (!sought[i].found && !batch->told[place]) {
            batch->asked[batch->asked_count++] = place;
        }
    }
    hw_free(sought);
}

/* Drops the objects of which all was told, so that nothing more becomes of them. */
static void told_drop(struct hw_deletion_batch *batch) {
    size_t kept = 0;
    for (size_t i = 0; i < batch->count; i++) {
        if (!batch->told[i]) {
            batch->objects[kept++] = batch->objects[i];
        }
    }
    batch->count = kept;
    memset(batch->told, 0, sizeof(batch->told));
}

/*
 * Of objects that were named, those go that are there. One is asked for before the others, so that
 * a failure that they would share comes once. Then all threads that are free help asking.
 */
static void named_ask(struct hw_deletion_batch *batch, struct hw_s3_client *client) {
    struct hw_error ignored = HW_ERROR_INIT;
    struct hw_engine_parts parts = {.run = named_look, .ctx = batch, .goes_on = true};
    if (client && batch->asked_count >= LISTED_LEAST) {
        named_find(batch, client);
    }
    if (batch->asked_count > 0) {
        /* Each failure was told with its object. */
        parts.count = --batch->asked_count;
        (void)!named_look(batch, batch->asked_count, &ignored);
        (void)!hw_engine_parts_run(batch->run->engine, &parts, &ignored);
    }
    told_drop(batch);
}

static bool folder_same(const char *a, const char *b) {
    const char *slash = strrchr(a, '/');
    const char *other = strrchr(b, '/');
    const size_t bytes = slash ? (size_t)(slash - a) : 0;
    return (other ? (size_t)(other - b) : 0) == bytes && memcmp(a, b, bytes) == 0;
}

/* Removes the folders that may have been left empty by the removal of an object; NULL: of none. */
static void folders_remove(struct hw_store *store, const struct hw_deletion_object *last) {
    if (last && store->ops->prune) {
        store->ops->prune(store, last->key, last->kept_bytes);
    }
}

/*
 * Removes objects of a store that has no request for many of them. Whichever batch removes the last
 * object of a folder finds it empty, and looks once for those that come one after the other.
 */
static void remove_each(struct hw_deletion_batch *batch) {
    const struct hw_deletion_object *last = NULL;
    for (size_t i = 0; i < batch->count && !hw_transfer_run_stopped(batch->run); i++) {
        const struct hw_deletion_object *object = &batch->objects[i];
        struct hw_error error = HW_ERROR_INIT;
        if (last && !folder_same(last->key, object->key)) {
            folders_remove(batch->store, last);
            last = NULL;
        }
        const enum hw_status status = hw_store_remove_within(batch->store, object->key, object->kept_bytes, &error);
        one_tell(batch, i, status ? HW_TRANSFER_FAILED : HW_TRANSFER_DONE, status ? &error : NULL);
        last = status == HW_OK && object->there ? object : last;
    }
    folders_remove(batch->store, last);
}

/* A failure of a whole request is that of each object of which nothing was told. */
static void remove_many(struct hw_deletion_batch *batch, struct hw_s3_client *client) {
    struct hw_error error = HW_ERROR_INIT;
    for (size_t i = 0; i < batch->count; i++) {
        batch->doomed[i] = (struct hw_s3_doomed){batch->objects[i].key, batch->objects[i].version_id};
    }
    const enum hw_status status = hw_s3_delete_many(client, batch->doomed, batch->count, object_deleted, batch, &error);
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
    named_ask(batch, client);
    for (size_t i = 0; dry_run && i < batch->count; i++) {
        one_tell(batch, i, HW_TRANSFER_PLANNED, NULL);
    }
    if (!dry_run && client && batch->count > 0 && !hw_transfer_run_stopped(batch->run)) {
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

static enum hw_status object_deleted(void *ctx, const struct hw_s3_doomed *doomed, enum hw_status status,
                                     const struct hw_error *error, struct hw_error *err) {
    struct hw_deletion_batch *batch = ctx;
    (void)err;
    one_tell(batch, (size_t)(doomed - batch->doomed), status ? HW_TRANSFER_FAILED : HW_TRANSFER_DONE,
             status ? error : NULL);
    return HW_OK;
}

static void tell(struct hw_deletion_batch *batch, size_t i, const char *path, enum hw_transfer_outcome outcome,
                 const struct hw_error *error) {
    const struct hw_transfer_object told = {
        .op = HW_TRANSFER_REMOVE,
        .source = "",
        .path = path,
        .size = batch->objects[i].size,
        .outcome = outcome,
        .error = error,
        .version_id = batch->objects[i].version_id,
    };
    batch->told[i] = true;
    hw_transfer_run_tell(batch->run, &told);
}

static void one_tell(struct hw_deletion_batch *batch, size_t i, enum hw_transfer_outcome outcome,
                     const struct hw_error *error) {
    HW_AUTO(hw_buf) path = {0};
    const char *key = batch->objects[i].key;
    const bool made = hw_buf_printf(&path, NULL, "%s%s", batch->store->root, key) == HW_OK;
    tell(batch, i, made ? (const char *)path.data : key, outcome, error);
}
