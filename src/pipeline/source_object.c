/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/source_object.h"

#include "pipeline/spool.h"

static enum hw_status object_open(const struct hw_table_object *base, struct hw_source **out_source,
                                  struct hw_error *err);

static const struct hw_table_object_ops object_ops = {object_open};

void hw_source_object_init(struct hw_source_object *object, const struct hw_plan_object *planned,
                           const struct hw_convert_options *options, bool pinned) {
    *object = (struct hw_source_object){
        .base = {.ops = &object_ops, .name = planned->name, .batches = planned->batches, .once = !planned->store},
        .planned = planned,
        .options = options,
        .pinned = pinned && planned->store,
    };
}

/*
 * Stores have a version's name, or size and time of change, which services tell to the second in
 * some replies.
 */
static enum hw_status version_check(const struct hw_plan_object *planned, const struct hw_source *source,
                                    struct hw_error *err) {
    const bool named = planned->etag[0] != '\0' && source->etag[0] != '\0';
    const int64_t unit_us = source->remote ? 1000000 : 1;
    const bool same_time = source->mtime_us / unit_us == planned->mtime_us / unit_us;
    const bool same = source->size == planned->bytes && (named ? strcmp(source->etag, planned->etag) == 0 : same_time);
    return same ? HW_OK : hw_fail(err, HW_ECHANGED, "the object was changed while it was read");
}

static enum hw_status object_open(const struct hw_table_object *base, struct hw_source **out_source,
                                  struct hw_error *err) {
    const struct hw_source_object *object = (const struct hw_source_object *)base;
    const struct hw_plan_object *planned = object->planned;
    struct hw_source *source;
    if (!planned->store) {
        const struct hw_io_stop stop = {object->options->cancelled, object->options->ctx};
        return hw_spool_source_open(object->options->input_fd, &stop, out_source, err);
    }
    const struct hw_object_info known = {
        .key = planned->key, .size = planned->bytes, .mtime_us = planned->mtime_us, .etag = planned->etag};
    HW_TRY(planned->store->ops->source_open(planned->store, planned->key, &known, &source, err));
    enum hw_status status = object->pinned ? version_check(planned, source, err) : HW_OK;
    if (status != HW_OK) {
        source->ops->close(source);
        return status;
    }
    *out_source = source;
    return HW_OK;
}
