/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The end of a conversion. Its objects, outputs of each format and the rejects, belong together: all of them are brought to where they stay before
 * the first becomes visible, and where one of them cannot become visible, those that were not there before disappear again.
 */
#include "pipeline/bench.h"

static enum hw_status rows_check(const struct hw_conversion *conversion, struct hw_error *err);
static enum hw_status objects_settle(struct hw_conversion *conversion, struct hw_error *err);

enum hw_status hw_conversion_settle(struct hw_conversion *conversion, struct hw_error *err) {
    if (conversion->shared_state.status != HW_OK) {
        return hw_error_pass(err, conversion->shared_state.status, &conversion->shared_state.error);
    }
    HW_TRY(rows_check(conversion, err));
    for (size_t i = 0; i < conversion->texts->count; i++) {
        HW_TRY(hw_text_prove(&conversion->texts->items[i], err));
    }
    hw_benches_free(conversion);
    return objects_settle(conversion, err);
}

static enum hw_status rows_check(const struct hw_conversion *conversion, struct hw_error *err) {
    uint64_t rows = conversion->shared_state.rows;
    uint64_t records = conversion->shared_state.records;
    uint64_t rejected = conversion->shared_state.rejected;
    if (records != rows + rejected) {
        return hw_fail(err, HW_EFAILED,
                       "read %" PRIu64 " records, made %" PRIu64 " rows and rejected %" PRIu64
                       ": this is a fault of the program, nothing is published",
                       records, rows, rejected);
    }
    for (size_t i = 0; i < conversion->targets->count; i++) {
        uint64_t written = conversion->outputs.formats[i].rows;
        if (written != rows) {
            return hw_fail(err, HW_EFAILED, "read %" PRIu64 " rows, wrote %" PRIu64, rows, written);
        }
    }
    return HW_OK;
}

static enum hw_status objects_settle(struct hw_conversion *conversion, struct hw_error *err) {
    HW_TRY(hw_outputs_close(&conversion->outputs, err));
    hw_outputs_trim(&conversion->outputs);
    return conversion->rejects ? conversion->rejects->ops->settle(conversion->rejects, err) : HW_OK;
}

/* A rejects file of an earlier run. What cannot be looked at counts as not there. */
static bool rejects_there(const struct hw_conversion *conversion) {
    const struct hw_targets *targets = conversion->targets;
    struct hw_object_info info;
    char etag[128];
    return conversion->shared->options->csv.bad_rows_reject &&
           targets->store->ops->stat(targets->store, targets->rejects_key, &info, etag, NULL) == HW_OK;
}

static void object_unpublish(const struct hw_targets *targets, const char *key) {
    enum hw_status ignored =
        targets->store->ops->remove(targets->store, key, NULL); /* the fault that led here is the one to tell */
    (void)ignored;
}

/* The outputs are there, so it is too late to fail: rejects that tell of the rows before are told of. */
static void rejects_remove(struct hw_conversion *conversion) {
    const struct hw_targets *targets = conversion->targets;
    struct hw_error fault = HW_ERROR_INIT;
    if (targets->store->ops->remove(targets->store, targets->rejects_key, &fault) != HW_OK) {
        hw_error_prefix(&fault, "cannot remove the rejects file of an earlier run");
        hw_error_object(&fault, targets->rejects_key);
        hw_warn_tell(&conversion->shared->warn, &fault);
    }
}

enum hw_status hw_conversion_publish(struct hw_conversion *conversion, struct hw_error *err) {
    const struct hw_targets *targets = conversion->targets;
    bool stale = rejects_there(conversion);

    if (conversion->rejects) {
        HW_TRY(conversion->rejects->ops->finish(conversion->rejects, err));
    }
    enum hw_status status = hw_outputs_publish(&conversion->outputs, err);
    if (status == HW_OK) {
        if (stale && !conversion->rejects) {
            rejects_remove(conversion);
        }
        return HW_OK;
    }
    if (conversion->rejects && !stale) {
        object_unpublish(targets, targets->rejects_key);
    }
    return status;
}
