/* SPDX-License-Identifier: Apache-2.0 */
/* Removes the objects that paths name: hw_remove of hawser/transfer.h. */
#include <hawser/transfer.h>

#include "core/alloc.h"
#include "core/arena.h"
#include "objects/expand.h"
#include "s3/object.h"
#include "s3/versions.h"
#include "store/store_s3.h"
#include "transfer/deletion.h"
#include "transfer/options.h"

/* The reply to a HEAD of the marker of an object that was deleted. */
enum { HTTP_NOT_ALLOWED = 405 };

/* One call. */
struct removal {
    struct hw_transfer_run run;
    struct hw_filter filter;
    /* The batches of the store whose objects are being found. Those of the next path may join. */
    struct hw_deletion deletion;
    /* The path whose objects are being found. */
    const struct hw_expand *path;
    /* Whether it has had a version. */
    bool some;
};

static enum hw_status path_remove(struct removal *removal, const char *path, struct hw_error *err);
static enum hw_status list_remove(struct removal *removal, const char *const *paths, size_t paths_count,
                                  struct hw_error *err);

enum hw_status hw_remove(const char *const *paths, size_t paths_count, const struct hw_transfer_options *options,
                         struct hw_transfer_result *out_result, struct hw_error *err) {
    struct hw_transfer_options taken;
    if (out_result) {
        *out_result = (struct hw_transfer_result){0};
    }
    HW_TRY(hw_transfer_options_take(options, &taken, err));
    if (paths_count == 0 && !taken.files_from) {
        return hw_fail(err, HW_EUSAGE, "a path is missing");
    }
    if (taken.version_id && (taken.all_versions || taken.files_from || paths_count > 1)) {
        return hw_fail(err, HW_EUSAGE, "a version is that of one object: name one path, and not all versions");
    }
    struct removal removal = {.filter = hw_transfer_options_filter(&taken)};
    enum hw_status status = hw_transfer_run_start(&removal.run, &taken, err);
    if (status == HW_OK && taken.files_from) {
        status = list_remove(&removal, paths, paths_count, err);
    }
    for (size_t i = 0;
         status == HW_OK && !taken.files_from && i < paths_count && !hw_transfer_run_stopped(&removal.run); i++) {
        status = path_remove(&removal, paths[i], err);
    }
    /* What was found before a failure was meant all the same. */
    const enum hw_status flushed = hw_deletion_flush(&removal.deletion, status ? NULL : err);
    status = status ? status : flushed;
    hw_deletion_release(&removal.deletion);
    if (removal.run.engine) {
        status = hw_transfer_run_finish(&removal.run, status, out_result, err);
    }
    hw_transfer_run_release(&removal.run);
    return status;
}

/* Objects go in batches as long as they are in one store: another one begins a batch of its own. */
static enum hw_status object_add(struct removal *removal, struct hw_store *store,
                                 const struct hw_deletion_object *object, struct hw_error *err) {
    struct hw_deletion *deletion = &removal->deletion;
    if (deletion->store != store) {
        HW_TRY(hw_deletion_flush(deletion, err));
        *deletion = (struct hw_deletion){.run = &removal->run, .store = store};
    }
    hw_transfer_run_found(&removal->run, object->size);
    return hw_deletion_add(deletion, object, err);
}

static enum hw_status found_add(void *ctx, const struct hw_expanded *found, struct hw_error *err) {
    struct removal *removal = ctx;
    const struct hw_expand *expand = removal->path;
    if (hw_transfer_run_stopped(&removal->run)) {
        return hw_fail(err, HW_ECANCELLED, "stopped");
    }
    const struct hw_deletion_object object = {
        .key = found->info->key, .size = found->info->size, .kept_bytes = expand->base_at, .there = true};
    return object_add(removal, expand->store, &object, err);
}

/* One object must be there, which the batch asks for. */
static enum hw_status single_add(struct removal *removal, const struct hw_expand *expand, struct hw_error *err) {
    const struct hw_deletion_object object = {.key = expand->key, .kept_bytes = expand->base_at, .named = expand->text};
    return object_add(removal, expand->store, &object, err);
}

static void failed_tell(struct removal *removal, const char *path, const struct hw_error *error) {
    const struct hw_transfer_object told = {
        .op = HW_TRANSFER_REMOVE, .source = "", .path = path, .outcome = HW_TRANSFER_FAILED, .error = error};
    hw_transfer_run_found(&removal->run, 0);
    hw_transfer_run_tell(&removal->run, &told);
}

/* ------ versions */

/* The marker of an object that was deleted is a version too, of which a HEAD tells nothing. */
static enum hw_status version_add(struct removal *removal, const struct hw_expand *expand, struct hw_error *err) {
    const char *version_id = removal->run.options->version_id;
    struct hw_s3_object object = {0};
    struct hw_error fault = HW_ERROR_INIT;
    HW_TRY(hw_expand_version(expand, err));
    enum hw_status status =
        hw_s3_object_head(hw_store_s3_client(expand->store), expand->key, version_id, &object, &fault);
    if (status && fault.http_status != HTTP_NOT_ALLOWED) {
        return hw_error_pass(err, status, &fault);
    }
    const struct hw_deletion_object doomed = {.key = expand->key, .version_id = version_id, .size = object.size};
    return object_add(removal, expand->store, &doomed, err);
}

static enum hw_status version_found(void *ctx, const struct hw_s3_entry *entry, struct hw_error *err) {
    struct removal *removal = ctx;
    const struct hw_expand *expand = removal->path;
    const bool left_out = expand->several && !hw_filter_takes(&removal->filter, entry->key + expand->base_at);
    if (hw_transfer_run_stopped(&removal->run)) {
        return hw_fail(err, HW_ECANCELLED, "stopped");
    }
    if (!hw_expand_names(expand, entry->key)) {
        return HW_OK;
    }
    removal->some = true;
    if (left_out) {
        return HW_OK;
    }
    if (entry->version_id[0] == '\0') {
        return hw_fail(err, HW_EPROTOCOL, "ListObjectVersions: a version has no id");
    }
    const struct hw_deletion_object doomed = {.key = entry->key, .version_id = entry->version_id, .size = entry->size};
    return object_add(removal, expand->store, &doomed, err);
}

static enum hw_status versions_add(struct removal *removal, const struct hw_expand *expand, struct hw_error *err) {
    struct hw_s3_client *client = hw_store_s3_client(expand->store);
    if (!client) {
        return hw_fail(err, HW_EUSAGE, "only objects of S3 have versions: s3://bucket/key");
    }
    removal->some = false;
    HW_TRY(hw_s3_versions_list(client, expand->key, NULL, version_found, removal, err));
    return removal->some ? HW_OK : hw_fail(err, HW_ENOTFOUND, "there is no version of any such object");
}

static enum hw_status path_add(struct removal *removal, const struct hw_expand *expand, struct hw_error *err) {
    const struct hw_transfer_options *options = removal->run.options;
    removal->path = expand;
    if (options->version_id) {
        return version_add(removal, expand, err);
    }
    if (options->all_versions) {
        return versions_add(removal, expand, err);
    }
    return expand->several ? hw_expand_list(expand, &removal->filter, found_add, removal, err)
                           : single_add(removal, expand, err);
}

/* Only what ends the whole run is a failure. */
static enum hw_status path_remove(struct removal *removal, const char *path, struct hw_error *err) {
    const struct hw_expand_options options = {.raw = removal->run.options->raw};
    struct hw_expand expand = {0};
    struct hw_error fault = HW_ERROR_INIT;
    enum hw_status status = hw_expand_open(&expand, path, &removal->run.targets, &options, &fault);
    if (status && status != HW_ENOTFOUND) {
        return hw_error_pass(err, status, &fault);
    }
    if (status == HW_OK) {
        status = path_add(removal, &expand, &fault);
    }
    if (status && !hw_transfer_run_stopped(&removal->run)) {
        failed_tell(removal, path, &fault);
    }
    removal->path = NULL;
    hw_expand_release(&expand);
    return HW_OK;
}

/* ------ a list of paths */

/*
 * A list does not say whether its objects are there. In a local folder that is looked at, so that
 * no folder goes that was empty before.
 */
static enum hw_status below_add(struct removal *removal, const struct hw_expand *folder, const char *key,
                                struct hw_error *err) {
    struct hw_object_info info;
    char etag[HW_ETAG_BYTES];
    const bool there = folder->store->files && hw_store_look(folder->store, key, &info, etag, NULL) == HW_OK;
    const struct hw_deletion_object object = {.key = key, .kept_bytes = folder->base_at, .there = there};
    return object_add(removal, folder->store, &object, err);
}

/* Only what ends the whole run is a failure. */
static enum hw_status listed_remove(struct removal *removal, const struct hw_expand *folder, const char *path,
                                    struct hw_error *err) {
    const struct hw_expand_options options = {.raw = true};
    struct hw_expand single = {0};
    struct hw_error fault = HW_ERROR_INIT;
    char *key = NULL;
    if (folder && !hw_filter_takes(&removal->filter, path)) {
        return HW_OK;
    }
    enum hw_status status = folder ? hw_expand_key_below(folder, path, &key, &fault)
                                   : hw_expand_open(&single, path, &removal->run.targets, &options, &fault);
    if (status == HW_OK && single.several) {
        status = hw_fail(&fault, HW_EUSAGE, "is a folder: a list names objects");
    }
    if (status) {
        failed_tell(removal, path, &fault);
        status = HW_OK;
    } else if (folder) {
        status = below_add(removal, folder, key, err);
    } else {
        const struct hw_deletion_object object = {.key = single.key};
        status = object_add(removal, single.store, &object, err);
    }
    hw_free(key);
    hw_expand_release(&single);
    return status;
}

static enum hw_status paths_remove(struct removal *removal, const struct hw_expand *folder, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_path_list list = {0};
    HW_TRY(hw_transfer_list_read(&removal->run, &removal->run.target_options, &arena, &list, err));
    enum hw_status status = HW_OK;
    for (size_t i = 0; status == HW_OK && i < list.count && !hw_transfer_run_stopped(&removal->run); i++) {
        status = listed_remove(removal, folder, list.paths[i], err);
    }
    hw_free(list.paths);
    return status;
}

static enum hw_status list_remove(struct removal *removal, const char *const *paths, size_t paths_count,
                                  struct hw_error *err) {
    HW_AUTO(hw_expand) folder = {0};
    if (removal->run.options->all_versions) {
        return hw_fail(err, HW_EUSAGE, "all versions of a list are not removed: name the paths");
    }
    if (paths_count == 1) {
        HW_TRY(hw_expand_open(&folder, paths[0], &removal->run.targets, NULL, err));
    }
    if (paths_count > 1 || (paths_count == 1 && (!folder.several || folder.pattern))) {
        return hw_fail(err, HW_EUSAGE, "with a list of paths, PATH is the folder that they are below: end it in /");
    }
    return paths_remove(removal, paths_count == 1 ? &folder : NULL, err);
}
