/* SPDX-License-Identifier: Apache-2.0 */
/* The open uploads of hawser/objects.h: their listing, their bytes, and their end. */
#include <hawser/objects.h>

#include "core/alloc.h"
#include "core/arena.h"
#include "core/clock.h"
#include "core/growing.h"
#include "objects/place.h"
#include "objects/wildcard.h"
#include "s3/uploads.h"

/* The uploads are all listed before the first of them ends, because that would move the pages. */
struct uploads {
    const struct hw_objects_place *place;
    struct hw_s3_client *client;
    struct hw_uploads_options options;
    /* Uploads that were begun later are left out. */
    int64_t latest_us;
    struct hw_s3_open_upload *items;
    size_t count;
    size_t capacity;
    struct hw_arena texts;
};

/* The number of uploads that could not be counted or aborted, and the first reason. */
struct failures {
    uint64_t count;
    uint64_t good;
    struct hw_error first;
};

static void uploads_release(struct uploads *uploads) {
    hw_free(uploads->items);
    hw_arena_release(&uploads->texts);
}

static bool upload_wanted(const struct uploads *uploads, const struct hw_s3_open_upload *upload) {
    const char *pattern = uploads->place->expand.pattern;
    if (pattern && !hw_wildcard_matches(hw_view_of(pattern), hw_view_of(upload->key))) {
        return false;
    }
    /* An upload of unknown age may be one that was begun just now. */
    return uploads->options.older_than_ms == 0 ||
           (upload->initiated_us > 0 && upload->initiated_us <= uploads->latest_us);
}

static enum hw_status upload_keep(void *ctx, const struct hw_s3_open_upload *upload, struct hw_error *err) {
    struct uploads *uploads = ctx;
    if (!upload_wanted(uploads, upload)) {
        return HW_OK;
    }
    if (uploads->count == uploads->capacity) {
        const size_t capacity = uploads->capacity ? 2 * uploads->capacity : 64;
        struct hw_s3_open_upload *items = hw_realloc_array(uploads->items, capacity, sizeof(*items));
        if (!items) {
            return hw_fail_nomem(err, capacity * sizeof(*items));
        }
        uploads->items = items;
        uploads->capacity = capacity;
    }
    struct hw_s3_open_upload kept = {
        .key = hw_arena_strdup(&uploads->texts, upload->key),
        .id = hw_arena_strdup(&uploads->texts, upload->id),
        .initiated_us = upload->initiated_us,
    };
    if (!kept.key || !kept.id) {
        return hw_fail_nomem(err, strlen(upload->key));
    }
    uploads->items[uploads->count++] = kept;
    return HW_OK;
}

static enum hw_status part_count(void *ctx, const struct hw_s3_listed_part *part, struct hw_error *err) {
    uint64_t *bytes = ctx;
    return hw_add(*bytes, part->size, bytes)
               ? HW_OK
               : hw_fail(err, HW_EPROTOCOL, "the parts of an upload are more together than 64 bits hold");
}

/* Counts an upload's bytes and aborts it, if that is asked for, then hands it out. */
static enum hw_status upload_do(const struct uploads *uploads, const struct hw_s3_open_upload *item,
                                struct failures *failures, hw_open_upload_fn *each, void *ctx, struct hw_error *err) {
    HW_AUTO(hw_buf) path = {0};
    struct hw_error fault = HW_ERROR_INIT;
    struct hw_open_upload upload = {.upload_id = item->id, .initiated_us = item->initiated_us};
    HW_TRY(hw_objects_place_path(uploads->place, item->key, &path, err));
    upload.path = (const char *)path.data;
    upload.status = hw_s3_parts_list(uploads->client, item->key, item->id, part_count, &upload.bytes, &fault);
    if (upload.status == HW_ENOTFOUND && strcmp(fault.s3_code, "NoSuchBucket") != 0) {
        return HW_OK; /* It has ended since it was listed. */
    }
    if (upload.status == HW_OK && uploads->options.abort) {
        upload.status = hw_s3_upload_end(uploads->client, item->key, item->id, &fault);
        upload.aborted = upload.status == HW_OK;
    }
    if (upload.status == HW_ECANCELLED) {
        return hw_error_pass(err, upload.status, &fault);
    }
    upload.error = upload.status ? &fault : NULL;
    failures->good += upload.status == HW_OK;
    if (upload.status && failures->count++ == 0) {
        failures->first = fault;
    }
    return each(ctx, &upload, err);
}

static enum hw_status failures_tell(const struct failures *failures, struct hw_error *err) {
    if (failures->count == 0) {
        return HW_OK;
    }
    const enum hw_status status = failures->good > 0 ? HW_EPARTIAL : failures->first.status;
    struct hw_error told = failures->first;
    told.status = status;
    return hw_error_pass(err, status, &told);
}

/* Returns the time before which uploads were begun that are old enough. */
static int64_t latest_of(int64_t older_than_ms) {
    int64_t older_us;
    int64_t latest_us;
    const bool fits = hw_mul(older_than_ms, INT64_C(1000), &older_us) &&
                      !__builtin_sub_overflow(hw_clock_now_us(), older_us, &latest_us);
    return fits ? latest_us : INT64_MIN;
}

enum hw_status hw_uploads_list(const char *path, const struct hw_objects_options *options,
                               const struct hw_uploads_options *uploads_options, hw_open_upload_fn *each, void *ctx,
                               struct hw_error *err) {
    static const struct hw_growing growing = HW_GROWING(hw_uploads_options, older_than_ms);
    HW_AUTO(hw_objects_place) place = {0};
    HW_AUTO(uploads) uploads = {.place = &place};
    struct failures failures = {.first = HW_ERROR_INIT};
    if (uploads_options) {
        HW_TRY(hw_growing_take(&uploads.options, uploads_options, &growing, err));
    }
    if (uploads.options.older_than_ms < 0) {
        return hw_fail(err, HW_EUSAGE, "option older_than_ms is negative");
    }
    HW_TRY(hw_objects_place_open(&place, path, options, err));
    HW_TRY(hw_objects_place_client(&place, &uploads.client, err));
    uploads.latest_us = latest_of(uploads.options.older_than_ms);
    HW_TRY(hw_s3_uploads_list(uploads.client, place.expand.key, upload_keep, &uploads, err));
    for (size_t i = 0; i < uploads.count; i++) {
        HW_TRY(upload_do(&uploads, &uploads.items[i], &failures, each, ctx, err));
    }
    return failures_tell(&failures, err);
}
