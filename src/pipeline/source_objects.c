/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/source_objects.h"

#include "core/object_name.h"
#include "parquet/file_tail.h"
#include "pipeline/pipe.h"
#include "store/source_end.h"

static const char *object_name(const struct hw_table_objects *base, size_t number);
static enum hw_status object_open(const struct hw_table_objects *base, size_t number, struct hw_source **out_source,
                                  struct hw_error *err);

static bool object_once(const struct hw_table_objects *base, size_t number);

static const struct hw_table_objects_ops objects_ops = {object_name, object_open, object_once};

void hw_source_objects_init(struct hw_source_objects *objects, const struct hw_convert_options *options,
                            const struct hw_plan_object *single, const struct hw_object_list *merged) {
    *objects = (struct hw_source_objects){
        .base = {.ops = &objects_ops, .count = merged ? merged->count : 1, .batches = single ? single->batches : NULL},
        .options = options,
        .single = single,
        .merged = merged,
        .pinned = merged || options->one_schema,
    };
}

struct hw_plan_object hw_source_objects_at(const struct hw_source_objects *objects, size_t number) {
    return objects->merged ? hw_object_list_at(objects->merged, number) : *objects->single;
}

static const char *object_name(const struct hw_table_objects *base, size_t number) {
    return hw_source_objects_at((const struct hw_source_objects *)base, number).name;
}

/* Standard input does not come a second time. */
static bool object_once(const struct hw_table_objects *base, size_t number) {
    return !hw_source_objects_at((const struct hw_source_objects *)base, number).store;
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
    /* A web server need not tell the size before the end. */
    const bool same_size = source->size == planned->bytes || (source->remote && planned->bytes == 0);
    const bool same = same_size && (named ? strcmp(source->etag, planned->etag) == 0 : same_time);
    return same ? HW_OK : hw_fail(err, HW_ECHANGED, "the object was changed while it was read");
}

/* Parquet is read from its end: on S3 that saves a request, and a window at the start. */
static enum hw_status stored_open(const struct hw_plan_object *planned, struct hw_source **out_source,
                                  struct hw_error *err) {
    const struct hw_object_info known = {
        .key = planned->key, .size = planned->bytes, .mtime_us = planned->mtime_us, .etag = planned->etag};
    if (hw_name_look(planned->key).format == HW_NAME_PARQUET) {
        return hw_source_end_open(planned->store, planned->key, planned->listed ? &known : NULL, HW_PARQUET_TAIL_BYTES,
                                  out_source, err);
    }
    return planned->store->ops->source_open(planned->store, planned->key, &known, out_source, err);
}

static enum hw_status object_open(const struct hw_table_objects *base, size_t number, struct hw_source **out_source,
                                  struct hw_error *err) {
    const struct hw_source_objects *objects = (const struct hw_source_objects *)base;
    const struct hw_plan_object planned = hw_source_objects_at(objects, number);
    struct hw_source *source;
    if (!planned.store) {
        const struct hw_io_stop stop = {objects->options->cancelled, objects->options->ctx};
        return hw_pipe_source_open(objects->options->input_fd, &stop, out_source, err);
    }
    HW_TRY(stored_open(&planned, &source, err));
    enum hw_status status = objects->pinned ? version_check(&planned, source, err) : HW_OK;
    if (status != HW_OK) {
        source->ops->close(source);
        return status;
    }
    *out_source = source;
    return HW_OK;
}
