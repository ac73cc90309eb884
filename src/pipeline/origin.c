/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/origin.h"

#include <fnmatch.h>

#include "core/alloc.h"
#include "pipeline/spool.h"

void hw_origin_init(struct hw_origin *origin, const struct hw_plan_object *object) {
    *origin = (struct hw_origin){.object = object};
    pthread_mutex_init(&origin->shared.lock, NULL);
}

static void origin_close_locked(struct hw_origin *origin) {
    while (origin->shared.zips_count > 0) {
        hw_zip_close(origin->shared.zips[--origin->shared.zips_count]);
    }
    if (origin->shared.source) {
        origin->shared.source->ops->close(origin->shared.source);
    }
    origin->shared.source = NULL;
}

void hw_origin_release(struct hw_origin *origin) {
    origin_close_locked(origin);
    hw_free(origin->shared.zips);
    pthread_mutex_destroy(&origin->shared.lock);
}

static enum hw_status origin_open_locked(struct hw_origin *origin, const struct hw_convert_options *options,
                                         bool pinned, struct hw_error *err);
static enum hw_status zip_take_locked(struct hw_origin *origin, struct hw_zip **out_zip, struct hw_error *err);

enum hw_status hw_origin_take(struct hw_origin *origin, const struct hw_convert_options *options, bool pinned,
                              struct hw_input *out_input, struct hw_error *err) {
    enum hw_status status = HW_OK;
    struct hw_zip *zip = NULL;
    pthread_mutex_lock(&origin->shared.lock);
    if (!origin->shared.source) {
        status = origin_open_locked(origin, options, pinned, err);
    }
    if (status == HW_OK && origin->shared.packing == HW_PACKING_ZIP) {
        status = zip_take_locked(origin, &zip, err);
    }
    if (status == HW_OK) {
        origin->shared.users++;
        *out_input = hw_input_of(origin->shared.source, origin->shared.packing, zip, 0, options->csv.encoding);
        out_input->window_bytes = origin->shared.window_bytes;
    } else if (origin->shared.users == 0) {
        origin_close_locked(origin);
    }
    pthread_mutex_unlock(&origin->shared.lock);
    return status;
}

void hw_origin_give(struct hw_origin *origin, const struct hw_input *input) {
    pthread_mutex_lock(&origin->shared.lock);
    if (input->zip) {
        origin->shared.zips[origin->shared.zips_count++] = input->zip; /* it was taken with room for it */
    }
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

/* Stores have a version's name, or size and time of change, which services tell to the second in some replies. */
static enum hw_status version_check(const struct hw_plan_object *object, const struct hw_source *source,
                                    struct hw_error *err) {
    bool named = object->etag[0] != '\0' && source->etag[0] != '\0';
    int64_t unit_us = source->remote ? 1000000 : 1;
    bool same = source->size == object->bytes && (named ? strcmp(source->etag, object->etag) == 0
                                                        : source->mtime_us / unit_us == object->mtime_us / unit_us);
    return same ? HW_OK : hw_fail(err, HW_ECHANGED, "the object was changed while it was read");
}

static enum hw_status origin_open_locked(struct hw_origin *origin, const struct hw_convert_options *options,
                                         bool pinned, struct hw_error *err) {
    const struct hw_plan_object *object = origin->object;
    struct hw_source **source = &origin->shared.source;
    if (object->store) {
        const struct hw_object_info known = {
            .key = object->key, .size = object->bytes, .mtime_us = object->mtime_us, .etag = object->etag};
        HW_TRY(object->store->ops->source_open(object->store, object->key, &known, source, err));
    } else {
        const struct hw_io_stop stop = {options->cancelled, options->ctx};
        HW_TRY(hw_spool_source_open(options->input_fd, &stop, source, err));
    }
    if (pinned && object->store) {
        HW_TRY(version_check(object, *source, err));
    }
    origin->bytes = (*source)->size;
    origin->members = 1;
    return hw_input_packing(*source, &origin->shared.packing, &origin->shared.window_bytes, err);
}

/* Room for as many as there are users. */
static enum hw_status zips_reserve(struct hw_origin *origin, struct hw_error *err) {
    size_t capacity = (size_t)origin->shared.users + 1;
    if (capacity <= origin->shared.zips_capacity) {
        return HW_OK;
    }
    struct hw_zip **zips = hw_realloc_array(origin->shared.zips, capacity, sizeof(struct hw_zip *));
    if (!zips) {
        return hw_fail_nomem(err, capacity * sizeof(struct hw_zip *));
    }
    origin->shared.zips = zips;
    origin->shared.zips_capacity = capacity;
    return HW_OK;
}

static enum hw_status zip_take_locked(struct hw_origin *origin, struct hw_zip **out_zip, struct hw_error *err) {
    struct hw_zip *zip;
    HW_TRY(zips_reserve(origin, err));
    if (origin->shared.zips_count > 0) {
        *out_zip = origin->shared.zips[--origin->shared.zips_count];
        return HW_OK;
    }
    HW_TRY(hw_zip_open(origin->shared.source, &zip, err));
    origin->members = hw_zip_count(zip);
    if (origin->members == 0) {
        hw_zip_close(zip);
        return hw_fail(err, HW_EDATA, "a ZIP without files");
    }
    *out_zip = zip;
    return HW_OK;
}

bool hw_origin_wants(const struct hw_input *input, size_t member, const struct hw_csv_options *csv) {
    return !input->zip || !csv->zip_member || fnmatch(csv->zip_member, hw_zip_member(input->zip, member)->name, 0) == 0;
}

enum hw_status hw_origin_wanted(const struct hw_input *input, const struct hw_csv_options *csv, size_t *out_count,
                                struct hw_error *err) {
    const size_t members = input->zip ? hw_zip_count(input->zip) : 1;
    size_t wanted = 0;
    for (size_t i = 0; i < members; i++) {
        wanted += hw_origin_wants(input, i, csv);
    }
    if (wanted == 0) {
        return hw_fail(err, HW_EDATA, "%s",
                       members > 0 ? "the ZIP has no member of the names asked for" : "a ZIP without files");
    }
    *out_count = wanted;
    return HW_OK;
}
