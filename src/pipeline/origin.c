/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/origin.h"

#include <fnmatch.h>

#include "pipeline/spool.h"

void hw_origin_init(struct hw_origin *origin, const struct hw_plan_object *object) {
    *origin = (struct hw_origin){.object = object};
    pthread_mutex_init(&origin->shared.lock, NULL);
}

static void origin_close_locked(struct hw_origin *origin) {
    if (origin->shared.zip) {
        hw_zip_close(origin->shared.zip);
    }
    if (origin->shared.source) {
        origin->shared.source->ops->close(origin->shared.source);
    }
    origin->shared.zip = NULL;
    origin->shared.source = NULL;
}

void hw_origin_release(struct hw_origin *origin) {
    origin_close_locked(origin);
    pthread_mutex_destroy(&origin->shared.lock);
}

static enum hw_status origin_open_locked(struct hw_origin *origin, const struct hw_convert_options *options,
                                         bool pinned, struct hw_error *err);

enum hw_status hw_origin_take(struct hw_origin *origin, const struct hw_convert_options *options, bool pinned,
                              struct hw_error *err) {
    enum hw_status status = HW_OK;
    pthread_mutex_lock(&origin->shared.lock);
    if (!origin->shared.source) {
        status = origin_open_locked(origin, options, pinned, err);
    }
    if (status == HW_OK) {
        origin->shared.users++;
    } else {
        origin_close_locked(origin);
    }
    pthread_mutex_unlock(&origin->shared.lock);
    return status;
}

void hw_origin_give(struct hw_origin *origin) {
    pthread_mutex_lock(&origin->shared.lock);
    origin->shared.users--;
    if (origin->shared.users == 0 && origin->shared.uses <= 0 && origin->object->store) {
        origin_close_locked(origin);
    }
    pthread_mutex_unlock(&origin->shared.lock);
}

void hw_origin_expect(struct hw_origin *origin, int64_t uses) {
    pthread_mutex_lock(&origin->shared.lock);
    origin->shared.uses += uses;
    pthread_mutex_unlock(&origin->shared.lock);
}

/* Stores have a version's name, or size and time of change. */
static enum hw_status version_check(const struct hw_plan_object *object, const struct hw_source *source,
                                    struct hw_error *err) {
    bool named = object->etag[0] != '\0' && source->etag[0] != '\0';
    bool same = source->size == object->bytes &&
                (named ? strcmp(source->etag, object->etag) == 0 : source->mtime_us == object->mtime_us);
    return same ? HW_OK : hw_fail(err, HW_ECHANGED, "the object was changed while it was read");
}

static enum hw_status origin_open_locked(struct hw_origin *origin, const struct hw_convert_options *options,
                                         bool pinned, struct hw_error *err) {
    const struct hw_plan_object *object = origin->object;
    struct hw_source **source = &origin->shared.source;
    if (object->store) {
        HW_TRY(object->store->ops->source_open(object->store, object->key, source, err));
    } else {
        HW_TRY(hw_spool_source_open(options->input_fd, options->cancelled, options->ctx, source, err));
    }
    if (pinned && object->store) {
        HW_TRY(version_check(object, *source, err));
    }
    origin->bytes = (*source)->size;
    origin->members = 1;
    HW_TRY(hw_input_packing(*source, &origin->shared.packing, err));
    if (origin->shared.packing != HW_PACKING_ZIP) {
        return HW_OK;
    }
    HW_TRY(hw_zip_open(*source, &origin->shared.zip, err));
    origin->members = hw_zip_count(origin->shared.zip);
    return origin->members > 0 ? HW_OK : hw_fail(err, HW_EDATA, "a ZIP without files");
}

bool hw_origin_wants(const struct hw_origin *origin, size_t member, const struct hw_csv_options *csv) {
    struct hw_zip *zip = origin->shared.zip;
    return !zip || !csv->zip_member || fnmatch(csv->zip_member, hw_zip_member(zip, member)->name, 0) == 0;
}

struct hw_input hw_origin_input(const struct hw_origin *origin, size_t member, const struct hw_csv_options *csv) {
    return hw_input_of(origin->shared.source, origin->shared.packing, origin->shared.zip, member, csv->encoding);
}
