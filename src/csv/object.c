/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/object.h"

#include <fnmatch.h>

#include "codec/unpack_zip.h"
#include "core/alloc.h"

void hw_csv_object_init(struct hw_csv_object *object, const struct hw_table_object *from,
                        enum hw_csv_encoding encoding) {
    *object = (struct hw_csv_object){.from = from, .encoding = encoding};
    pthread_mutex_init(&object->synced.lock, NULL);
}

static void object_close_locked(struct hw_csv_object *object) {
    while (object->synced.zips_count > 0) {
        hw_zip_close(object->synced.zips[--object->synced.zips_count]);
    }
    if (object->synced.source) {
        object->synced.source->ops->close(object->synced.source);
    }
    object->synced.source = NULL;
}

void hw_csv_object_release(struct hw_csv_object *object) {
    object_close_locked(object);
    hw_free(object->synced.zips);
    pthread_mutex_destroy(&object->synced.lock);
}

static enum hw_status object_open_locked(struct hw_csv_object *object, struct hw_error *err);
static enum hw_status zip_take_locked(struct hw_csv_object *object, struct hw_zip **out_zip, struct hw_error *err);

enum hw_status hw_csv_object_take(struct hw_csv_object *object, struct hw_csv_text *out_text, struct hw_error *err) {
    enum hw_status status = HW_OK;
    struct hw_zip *zip = NULL;
    pthread_mutex_lock(&object->synced.lock);
    if (!object->synced.source) {
        status = object_open_locked(object, err);
    }
    if (status == HW_OK && object->synced.packing == HW_PACKING_ZIP) {
        status = zip_take_locked(object, &zip, err);
    }
    if (status == HW_OK) {
        object->synced.users++;
        *out_text = hw_csv_text_of(object->synced.source, object->synced.packing, zip, 0, object->encoding);
        out_text->window_bytes = object->synced.window_bytes;
    } else if (object->synced.users == 0) {
        object_close_locked(object);
    }
    pthread_mutex_unlock(&object->synced.lock);
    return status;
}

void hw_csv_object_give(struct hw_csv_object *object, const struct hw_csv_text *text) {
    pthread_mutex_lock(&object->synced.lock);
    if (text->zip) {
        /* There is room for it, since it was taken. */
        object->synced.zips[object->synced.zips_count++] = text->zip;
    }
    object->synced.users--;
    if (object->synced.users == 0 && object->synced.uses <= 0 && !object->from->once) {
        object_close_locked(object);
    }
    pthread_mutex_unlock(&object->synced.lock);
}

void hw_csv_object_expect(struct hw_csv_object *object, int64_t uses) {
    pthread_mutex_lock(&object->synced.lock);
    object->synced.uses += uses;
    pthread_mutex_unlock(&object->synced.lock);
}

static enum hw_status object_open_locked(struct hw_csv_object *object, struct hw_error *err) {
    struct hw_source **source = &object->synced.source;
    HW_TRY(object->from->ops->open(object->from, source, err));
    object->bytes = (*source)->size;
    object->members = 1;
    return hw_csv_text_packing(*source, &object->synced.packing, &object->synced.window_bytes, err);
}

/* Makes room for as many as there are users. */
static enum hw_status zips_reserve(struct hw_csv_object *object, struct hw_error *err) {
    size_t capacity = (size_t)object->synced.users + 1;
    if (capacity <= object->synced.zips_capacity) {
        return HW_OK;
    }
    struct hw_zip **zips = hw_realloc_array(object->synced.zips, capacity, sizeof(struct hw_zip *));
    if (!zips) {
        return hw_fail_nomem(err, capacity * sizeof(struct hw_zip *));
    }
    object->synced.zips = zips;
    object->synced.zips_capacity = capacity;
    return HW_OK;
}

static enum hw_status zip_take_locked(struct hw_csv_object *object, struct hw_zip **out_zip, struct hw_error *err) {
    struct hw_zip *zip;
    HW_TRY(zips_reserve(object, err));
    if (object->synced.zips_count > 0) {
        *out_zip = object->synced.zips[--object->synced.zips_count];
        return HW_OK;
    }
    HW_TRY(hw_zip_open(object->synced.source, &zip, err));
    object->members = hw_zip_count(zip);
    if (object->members == 0) {
        hw_zip_close(zip);
        return hw_fail(err, HW_EDATA, "a ZIP without files");
    }
    *out_zip = zip;
    return HW_OK;
}

bool hw_csv_member_wanted(const struct hw_csv_text *text, size_t member, const struct hw_csv_options *csv) {
    return !text->zip || !csv->zip_member || fnmatch(csv->zip_member, hw_zip_member(text->zip, member)->name, 0) == 0;
}

enum hw_status hw_csv_members_count(const struct hw_csv_text *text, const struct hw_csv_options *csv, size_t *out_count,
                                    struct hw_error *err) {
    const size_t members = text->zip ? hw_zip_count(text->zip) : 1;
    size_t wanted = 0;
    for (size_t i = 0; i < members; i++) {
        wanted += hw_csv_member_wanted(text, i, csv);
    }
    if (wanted == 0) {
        return hw_fail(err, HW_EDATA, "%s",
                       members > 0 ? "the ZIP has no member of the names asked for" : "a ZIP without files");
    }
    *out_count = wanted;
    return HW_OK;
}
