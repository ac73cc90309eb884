/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/publish.h"

#include "core/count.h"

static enum hw_status rows_check(const struct hw_conversion *conversion, struct hw_error *err);
static enum hw_status objects_settle(struct hw_conversion *conversion, struct hw_error *err);

enum hw_status hw_publish_settle(struct hw_conversion *conversion, struct hw_error *err) {
    struct hw_table_reader *reader = conversion->reader;
    HW_TRY(hw_queue_status(&conversion->queue, err));
    HW_TRY(rows_check(conversion, err));
    HW_TRY(reader->ops->end(reader, err));
    hw_workbenches_drop(&conversion->benches);
    return objects_settle(conversion, err);
}

static enum hw_status rows_check(const struct hw_conversion *conversion, struct hw_error *err) {
    const struct hw_table_reader *reader = conversion->reader;
    if (reader->records != reader->rows + reader->rejected) {
        return hw_fail(err, HW_EFAILED,
                       "read %s, made %s and rejected %" PRIu64
                       ": this is a fault of the program, nothing is published",
                       HW_COUNT(reader->records, "record"), HW_COUNT(reader->rows, "row"), reader->rejected);
    }
    for (size_t i = 0; i < conversion->output_plan->count; i++) {
        const uint64_t written = conversion->outputs.formats[i].rows;
        if (written != reader->rows) {
            return hw_fail(err, HW_EFAILED, "read %s, wrote %" PRIu64, HW_COUNT(reader->rows, "row"), written);
        }
    }
    return HW_OK;
}

static enum hw_status objects_settle(struct hw_conversion *conversion, struct hw_error *err) {
    struct hw_sink *rejects = conversion->rejects.sink;
    HW_TRY(hw_outputs_close(&conversion->outputs, err));
    hw_outputs_trim(&conversion->outputs);
    return rejects ? rejects->ops->settle(rejects, err) : HW_OK;
}

/*
 * Returns true where there is a rejects file of an earlier run. What cannot be looked at counts as
 * not there.
 */
static bool rejects_there(const struct hw_conversion *conversion) {
    const struct hw_output_plan *output_plan = conversion->output_plan;
    struct hw_object_info info;
    char etag[128];
    return output_plan->rejects_expected &&
           output_plan->store->ops->stat(output_plan->store, output_plan->rejects_key, &info, etag, NULL) == HW_OK;
}

static void object_unpublish(const struct hw_output_plan *output_plan, const char *key) {
    /* The fault that led here is the one to tell. */
    enum hw_status ignored = output_plan->store->ops->remove(output_plan->store, key, NULL);
    (void)ignored;
}

/*
 * The outputs are there, so it is too late to fail: rejects that tell of the rows before are told
 * of.
 */
static void rejects_remove(struct hw_conversion *conversion) {
    const struct hw_output_plan *output_plan = conversion->output_plan;
    struct hw_store *store = output_plan->store;
    struct hw_error fault = HW_ERROR_INIT;
    HW_AUTO(hw_arena) arena = {0};
    if (!output_plan->rejects_ours) {
        hw_error_set(&fault, HW_EEXISTS,
                     "this file of an earlier run may tell of other rows, and stays; --bad-rows reject replaces or "
                     "removes it");
    } else if (store->ops->remove(store, output_plan->rejects_key, &fault) != HW_OK) {
        hw_error_prefix(&fault, "cannot remove the rejects file of an earlier run");
    } else {
        return;
    }
    hw_error_object(&fault, hw_arena_join(&arena, store->root, output_plan->rejects_key));
    hw_warn_tell(&conversion->run->warn, &fault);
}

enum hw_status hw_publish_none_good(struct hw_conversion *conversion, struct hw_error *err) {
    struct hw_error fault = HW_ERROR_INIT;
    const enum hw_status status = hw_rejects_check_all(conversion->reader, &fault);
    if (status == HW_OK) {
        return HW_OK;
    }
    HW_TRY(hw_rejects_publish(&conversion->rejects, err));
    return hw_error_pass(err, status, &fault);
}

/*
 * Warns of bytes behind packed ones, which were too few to be rows and were left out. What is
 * published is whole.
 */
static void garbage_tell(const struct hw_conversion *conversion) {
    const struct hw_table_reader *reader = conversion->reader;
    const size_t count = reader->ops->inputs_count(reader);
    for (size_t i = 0; i < count; i++) {
        const struct hw_table_input input = reader->ops->input(reader, i);
        struct hw_error warning = HW_ERROR_INIT;
        if (input.garbage_bytes > 0) {
            hw_error_set(&warning, HW_EDATA,
                         "left out what follows the packed bytes, which is too short to be packed: %s",
                         HW_COUNT(input.garbage_bytes, "byte"));
            hw_error_object(&warning, input.name);
            hw_warn_tell(&conversion->run->warn, &warning);
        }
    }
}

enum hw_status hw_publish(struct hw_conversion *conversion, struct hw_error *err) {
    const struct hw_output_plan *output_plan = conversion->output_plan;
    struct hw_sink *rejects = conversion->rejects.sink;
    const bool stale = rejects_there(conversion);
    HW_TRY(hw_rejects_publish(&conversion->rejects, err));
    enum hw_status status = hw_outputs_publish(&conversion->outputs, err);
    if (status == HW_OK) {
        if (stale && !rejects) {
            rejects_remove(conversion);
        }
        garbage_tell(conversion);
        return HW_OK;
    }
    if (rejects && !stale) {
        object_unpublish(output_plan, output_plan->rejects_key);
    }
    return status;
}
