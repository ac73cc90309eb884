/* SPDX-License-Identifier: Apache-2.0 */
/* The open uploads of hawser/objects.h: their listing, their bytes, and their end. */
#include <hawser/objects.h>

#include "core/alloc.h"
#include "core/arena.h"
#include "core/clock.h"
#include "core/growing.h"
#include "core/ordered_work.h"
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

/* The bytes of an upload. */
struct sum {
    uint64_t bytes;
    enum hw_status status;
    struct hw_error fault;
};

/* The telling of all uploads. */
struct telling {
    const struct uploads *uploads;
    struct failures failures;
    hw_open_upload_fn *each;
    void *ctx;
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

/* Sums the parts of an upload. Those of several uploads are asked for at once. */
static void upload_sum(void *ctx, size_t number, void *outcome) {
    const struct telling *telling = ctx;
    const struct uploads *uploads = telling->uploads;
    const struct hw_s3_open_upload *item = &uploads->items[number];
    struct sum *sum = outcome;
    sum->fault = (struct hw_error)HW_ERROR_INIT;
    sum->status = hw_s3_parts_list(uploads->client, item->key, item->id, part_count, &sum->bytes, &sum->fault);
}

/*
 * Aborts an upload, if that is asked for, then hands it out: whatever is aborted is told of before
 * another one is.
 */
static enum hw_status upload_tell(void *ctx, size_t number, void *outcome, struct hw_error *err) {
    HW_AUTO(hw_buf) path = {0};
    struct telling *telling = ctx;
    const struct uploads *uploads = telling->uploads;
    struct failures *failures = &telling->failures;
    const struct hw_s3_open_upload *item = &uploads->items[number];
    struct sum *sum = outcome;
    struct hw_open_upload upload = {
        .upload_id = item->id, .initiated_us = item->initiated_us, .bytes = sum->bytes, .status = sum->status};
    HW_TRY(hw_objects_place_path(uploads->place, item->key, &path, err));
    upload.path = (const char *)path.data;
    if (upload.status == HW_ENOTFOUND && strcmp(sum->fault.s3_code, "NoSuchBucket") != 0) {
        return HW_OK; /* It has ended since it was listed. */
    }
    if (upload.status == HW_OK && uploads->options.abort) {
        upload.status = hw_s3_upload_end(uploads->client, item->key, item->id, &sum->fault);
        upload.aborted = upload.status == HW_OK;
    }
    if (upload.status == HW_ECANCELLED) {
        return hw_error_pass(err, upload.status, &sum->fault);
    }
    upload.error = upload.status ? &sum->fault : NULL;
    failures->good += upload.status == HW_OK;
    if (upload.status && failures->count++ == 0) {
        failures->first = sum->fault;
    }
    return telling->each(telling->ctx, &upload, err);
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
    struct telling telling = {.uploads = &uploads, .failures.first = HW_ERROR_INIT, .each = each, .ctx = ctx};
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
    const struct hw_ordered_work work = {
        .count = uploads.count,
        .outcome_bytes = sizeof(struct sum),
        .run = upload_sum,
        .take = upload_tell,
        .ctx = &telling,
    };
    HW_TRY(hw_ordered_work_run(&work, err));
    return failures_tell(&telling.failures, err);
}
