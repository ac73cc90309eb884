/* SPDX-License-Identifier: Apache-2.0 */
/* Removes the objects that paths name: hw_remove of hawser/transfer.h. */
#include <hawser/transfer.h>

#include "objects/expand.h"
#include "transfer/deletion.h"
#include "transfer/options.h"

/* One call. */
struct removal {
    struct hw_transfer_run run;
    struct hw_filter filter;
    /* The batches of the store whose objects are being found. */
    struct hw_deletion deletion;
};

static enum hw_status path_remove(struct removal *removal, const char *path, struct hw_error *err);

enum hw_status hw_remove(const char *const *paths, size_t paths_count, const struct hw_transfer_options *options,
                         struct hw_transfer_result *out_result, struct hw_error *err) {
    struct hw_transfer_options taken;
    if (out_result) {
        *out_result = (struct hw_transfer_result){0};
    }
    HW_TRY(hw_transfer_options_take(options, &taken, err));
    if (paths_count == 0) {
        return hw_fail(err, HW_EUSAGE, "a path is missing");
    }
    struct removal removal = {.filter = hw_transfer_options_filter(&taken)};
    enum hw_status status = hw_transfer_run_start(&removal.run, &taken, err);
    for (size_t i = 0; status == HW_OK && i < paths_count && !hw_transfer_run_stopped(&removal.run); i++) {
        status = path_remove(&removal, paths[i], err);
    }
    if (removal.run.engine) {
        status = hw_transfer_run_finish(&removal.run, status, out_result, err);
    }
    hw_transfer_run_release(&removal.run);
    return status;
}

static enum hw_status found_add(void *ctx, const struct hw_expanded *found, struct hw_error *err) {
    struct removal *removal = ctx;
    if (hw_transfer_run_stopped(&removal->run)) {
        return hw_fail(err, HW_ECANCELLED, "stopped");
    }
    hw_transfer_run_found(&removal->run, found->info->size);
    return hw_deletion_add(&removal->deletion, found->info->key, found->info->size, err);
}

/* One object must be there: a service would say yes to removing nothing. */
static enum hw_status single_add(struct removal *removal, const struct hw_expand *expand, struct hw_error *err) {
    struct hw_object_info info;
    char etag[HW_ETAG_BYTES];
    HW_TRY(hw_store_stat(expand->store, expand->key, &info, etag, err));
    hw_transfer_run_found(&removal->run, info.size);
    return hw_deletion_add(&removal->deletion, expand->key, info.size, err);
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
    removal->deletion = (struct hw_deletion){.run = &removal->run, .store = expand.store, .kept_bytes = expand.base_at};
    if (status == HW_OK) {
        status = expand.several ? hw_expand_list(&expand, &removal->filter, found_add, removal, &fault)
                                : single_add(removal, &expand, &fault);
    }
    if (status && !hw_transfer_run_stopped(&removal->run)) {
        const struct hw_transfer_object told = {
            .op = HW_TRANSFER_REMOVE, .source = "", .path = path, .outcome = HW_TRANSFER_FAILED, .error = &fault};
        hw_transfer_run_found(&removal->run, 0);
        hw_transfer_run_tell(&removal->run, &told);
    }
    /* What was listed before a listing has failed was meant all the same. */
    status = hw_deletion_flush(&removal->deletion, err);
    hw_deletion_release(&removal->deletion);
    hw_expand_release(&expand);
    return status;
}
