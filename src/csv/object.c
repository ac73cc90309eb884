/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/object.h"

#include "codec/unpack_zip.h"
#include "core/alloc.h"
#include "csv/foreign.h"

void hw_csv_object_init(struct hw_csv_object *object, const struct hw_table_objects *from, uint32_t number) {
    *object = (struct hw_csv_object){.from = from, .number = number};
    pthread_spin_init(&object->synced.lock, PTHREAD_PROCESS_PRIVATE);
}

const char *hw_csv_object_name(const struct hw_csv_object *object) {
    return object->from->ops->name(object->from, object->number);
}

static void opened_free(struct hw_csv_opened *opened) {
    if (!opened) {
        return;
    }
    while (opened->zips_count > 0) {
        hw_zip_close(opened->zips[--opened->zips_count]);
    }
    if (opened->source) {
        opened->source->ops->close(opened->source);
    }
    hw_free(opened->zips);
    pthread_mutex_destroy(&opened->lock);
    hw_free(opened);
}

void hw_csv_object_release(struct hw_csv_object *object) {
    opened_free(object->synced.opened);
    pthread_spin_destroy(&object->synced.lock);
}

/* ------ users */

/* Adds a user where the object is open, or where `fresh` is what there is of it from now on. */
static struct hw_csv_opened *user_add(struct hw_csv_object *object, struct hw_csv_opened *fresh) {
    pthread_spin_lock(&object->synced.lock);
    if (!object->synced.opened) {
        object->synced.opened = fresh;
    }
    struct hw_csv_opened *opened = object->synced.opened;
    object->synced.users += opened != NULL;
    pthread_spin_unlock(&object->synced.lock);
    return opened;
}

/* Returns what there is of the object for one more user; NULL when out of memory. */
static struct hw_csv_opened *user_begin(struct hw_csv_object *object) {
    struct hw_csv_opened *opened = user_add(object, NULL);
    if (opened) {
        return opened;
    }
    struct hw_csv_opened *fresh = hw_alloc_zero(1, sizeof(*fresh));
    if (!fresh) {
        return NULL;
    }
    pthread_mutex_init(&fresh->lock, NULL);
    opened = user_add(object, fresh);
    opened_free(opened == fresh ? NULL : fresh); /* Another user came first. */
    return opened;
}

/* Lets go of a user. The last one closes the object, unless it is `kept` for those to come. */
static void user_end(struct hw_csv_object *object, bool opened) {
    const bool once = opened && object->from->ops->once(object->from, object->number);
    struct hw_csv_opened *closed = NULL;
    pthread_spin_lock(&object->synced.lock);
    object->synced.users--;
    const bool kept = once || (opened && object->synced.uses > 0);
    if (object->synced.users == 0 && !kept) {
        closed = object->synced.opened;
        object->synced.opened = NULL;
    }
    pthread_spin_unlock(&object->synced.lock);
    opened_free(closed);
}

static enum hw_status object_open_locked(struct hw_csv_object *object, struct hw_csv_opened *opened,
                                         struct hw_error *err);
static enum hw_status zip_take_locked(struct hw_csv_object *object, struct hw_csv_opened *opened,
                                      struct hw_zip **out_zip, struct hw_error *err);

enum hw_status hw_csv_object_take(struct hw_csv_object *object, const char *encoding, struct hw_csv_text *out_text,
                                  struct hw_error *err) {
    struct hw_csv_opened *opened = user_begin(object);
    enum hw_status status = HW_OK;
    struct hw_zip *zip = NULL;
    if (!opened) {
        return hw_fail_nomem(err, sizeof(*opened));
    }
    pthread_mutex_lock(&opened->lock);
    if (!opened->source) {
        status = object_open_locked(object, opened, err);
    }
    if (status == HW_OK && opened->wrapping.packing == HW_PACKING_ZIP) {
        status = zip_take_locked(object, opened, &zip, err);
    }
    if (status == HW_OK) {
        *out_text = hw_csv_text_of(opened->source, &opened->wrapping, zip, 0, encoding);
    }
    pthread_mutex_unlock(&opened->lock);
    if (status != HW_OK) {
        user_end(object, false);
    }
    return status;
}

void hw_csv_object_give(struct hw_csv_object *object, const struct hw_csv_text *text) {
    struct hw_csv_opened *opened = object->synced.opened; /* It stays: the caller is a user. */
    if (text->zip) {
        pthread_mutex_lock(&opened->lock);
        /* it was taken with room for it */
        opened->zips[opened->zips_count++] = text->zip;
        pthread_mutex_unlock(&opened->lock);
    }
    user_end(object, true);
}

void hw_csv_object_expect(struct hw_csv_object *object, int32_t uses) {
    pthread_spin_lock(&object->synced.lock);
    object->synced.uses += uses;
    pthread_spin_unlock(&object->synced.lock);
}

/* ------ opening */

static enum hw_status object_open_locked(struct hw_csv_object *object, struct hw_csv_opened *opened,
                                         struct hw_error *err) {
    struct hw_source *source;
    HW_TRY(object->from->ops->open(object->from, object->number, &source, err));
    enum hw_status status = hw_csv_text_look(source, &opened->wrapping, err);
    if (status != HW_OK) {
        source->ops->close(source);
        return status;
    }
    object->bytes = source->size;
    object->members = 1;
    opened->source = source;
    return HW_OK;
}

/* Takes one that is free, or makes one, with room for it. */
static enum hw_status zip_take_locked(struct hw_csv_object *object, struct hw_csv_opened *opened,
                                      struct hw_zip **out_zip, struct hw_error *err) {
    struct hw_zip *zip;
    if (opened->zips_count > 0) {
        *out_zip = opened->zips[--opened->zips_count];
        return HW_OK;
    }
    struct hw_zip **zips = hw_realloc_array(opened->zips, opened->zips_capacity + 1, sizeof(struct hw_zip *));
    if (!zips) {
        return hw_fail_nomem(err, (opened->zips_capacity + 1) * sizeof(struct hw_zip *));
    }
    opened->zips = zips;
    HW_TRY(hw_zip_open(opened->source, &zip, err));
    object->members = hw_zip_count(zip);
    enum hw_status status =
        object->members == 0 ? hw_fail(err, HW_EDATA, "a ZIP without files") : hw_csv_foreign_zip(zip, err);
    if (status != HW_OK) {
        hw_zip_close(zip);
        return status;
    }
    opened->zips_capacity++;
    *out_zip = zip;
    return HW_OK;
}
