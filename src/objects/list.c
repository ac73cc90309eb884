/* SPDX-License-Identifier: Apache-2.0 */
/* The listings of hawser/objects.h: of one level, flat, of versions and of buckets. */
#include <hawser/objects.h>

#include "objects/place.h"
#include "objects/wildcard.h"
#include "s3/bucket.h"
#include "s3/facts.h"
#include "s3/list.h"
#include "s3/versions.h"
#include "store/store_s3.h"

/* A listing under way. */
struct listing {
    const struct hw_objects_place *place;
    /*
     * All keys begin with it. Of those that go on with a '/' behind it, the part up to there is a
     * prefix, unless the listing is flat.
     */
    const char *prefix;
    bool flat;
    hw_listed_fn *each;
    void *ctx;
    /* The prefix that was handed out last. */
    struct hw_buf last_prefix;
    struct hw_buf path;
    bool some;
};

static enum hw_status listing_run(struct listing *listing, struct hw_error *err);
static enum hw_status found_check(const struct listing *listing, struct hw_error *err);
static enum hw_status buckets_list(const struct hw_objects_options *options, hw_listed_fn *each, void *ctx,
                                   struct hw_error *err);

enum hw_status hw_objects_list(const char *path, const struct hw_objects_options *options, hw_listed_fn *each,
                               void *ctx, struct hw_error *err) {
    HW_AUTO(hw_objects_place) place = {0};
    if (!path) {
        return buckets_list(options, each, ctx, err);
    }
    HW_TRY(hw_objects_place_open(&place, path, options, err));
    struct listing listing = {
        .place = &place,
        .prefix = place.expand.key,
        .flat = place.expand.pattern != NULL,
        .each = each,
        .ctx = ctx,
    };
    enum hw_status status = listing_run(&listing, err);
    status = status ? status : found_check(&listing, err);
    hw_buf_release(&listing.last_prefix);
    hw_buf_release(&listing.path);
    if (status) {
        hw_error_object(err, path);
    }
    return status;
}

static enum hw_status found_check(const struct listing *listing, struct hw_error *err) {
    const struct hw_objects_place *place = listing->place;
    const bool folder = place->expand.store->files && place->expand.several && !place->expand.pattern;
    if (listing->some || folder || hw_objects_place_whole(place)) {
        return HW_OK;
    }
    return hw_fail(err, HW_ENOTFOUND, "%s",
                   place->expand.pattern ? "nothing matches" : "there is nothing whose name begins so");
}

/* ------ handing out */

static enum hw_status listed_tell(struct listing *listing, struct hw_listed *listed, const char *key,
                                  struct hw_error *err) {
    const size_t base_at = listing->place->expand.base_at;
    HW_TRY(hw_objects_place_path(listing->place, key, &listing->path, err));
    listed->path = (const char *)listing->path.data;
    /* The marker of the folder itself has no name below it. */
    listed->name = key[base_at] ? key + base_at : key;
    listing->some = true;
    return listing->each(listing->ctx, listed, err);
}

/* Hands out the first `bytes` bytes of a key as a prefix, unless that was done. */
static enum hw_status prefix_tell(struct listing *listing, const char *key, size_t bytes, struct hw_error *err) {
    const hw_view prefix = {key, bytes};
    struct hw_listed listed = {.kind = HW_LISTED_PREFIX, .etag = "", .version_id = ""};
    if (hw_view_equal(hw_buf_view(&listing->last_prefix), prefix)) {
        return HW_OK;
    }
    hw_buf_clear(&listing->last_prefix);
    HW_TRY(hw_buf_append(&listing->last_prefix, key, bytes, err));
    HW_TRY(hw_buf_end_text(&listing->last_prefix, err));
    return listed_tell(listing, &listed, (const char *)listing->last_prefix.data, err);
}

/* An entry comes, in order. What lies deeper than the level becomes its prefix. */
static enum hw_status entry_take(struct listing *listing, struct hw_listed *listed, const char *key,
                                 struct hw_error *err) {
    const char *pattern = listing->place->expand.pattern;
    const size_t prefix_bytes = strlen(listing->prefix);
    const char *slash = listing->flat ? NULL : strchr(key + prefix_bytes, '/');
    if (pattern && !hw_wildcard_matches(hw_view_of(pattern), hw_view_of(key))) {
        return HW_OK;
    }
    return slash ? prefix_tell(listing, key, (size_t)(slash - key) + 1, err) : listed_tell(listing, listed, key, err);
}

static enum hw_status store_entry(void *ctx, const struct hw_object_info *info, struct hw_error *err) {
    struct hw_listed listed = {
        .kind = HW_LISTED_OBJECT,
        .bytes = info->size,
        .mtime_us = info->mtime_us,
        .etag = info->etag ? info->etag : "",
        .version_id = "",
    };
    return entry_take(ctx, &listed, info->key, err);
}

static enum hw_status s3_entry(void *ctx, const struct hw_s3_entry *entry, struct hw_error *err) {
    static const enum hw_listed_kind kinds[] = {
        [HW_S3_ENTRY_OBJECT] = HW_LISTED_OBJECT,
        [HW_S3_ENTRY_PREFIX] = HW_LISTED_PREFIX,
        [HW_S3_ENTRY_DELETED] = HW_LISTED_DELETED,
    };
    char etag[HW_S3_ETAG_BYTES];
    hw_s3_etag_bare(entry->etag, etag);
    struct hw_listed listed = {
        .kind = kinds[entry->kind],
        .bytes = entry->size,
        .mtime_us = entry->mtime_us,
        .etag = etag,
        .version_id = entry->version_id,
        .latest = entry->latest,
    };
    return entry_take(ctx, &listed, entry->key, err);
}

/* ------ the kinds of listings */

/* A name that is no folder can only be one object, where the store has folders or no listings. */
static enum hw_status single_tell(struct listing *listing, struct hw_error *err) {
    const struct hw_expand *expand = &listing->place->expand;
    struct hw_object_info info;
    char etag[HW_ETAG_BYTES];
    HW_TRY(hw_store_stat(expand->store, expand->key, &info, etag, err));
    listing->flat = true;
    return store_entry(listing, &info, err);
}

static enum hw_status listing_run(struct listing *listing, struct hw_error *err) {
    const struct hw_objects_place *place = listing->place;
    struct hw_store *store = place->expand.store;
    struct hw_s3_client *client = hw_store_s3_client(store);
    const char *delimiter = listing->flat ? NULL : "/";
    if (place->options.all_versions) {
        HW_TRY(hw_objects_place_client(place, &client, err));
        return hw_s3_versions_list(client, listing->prefix, delimiter, s3_entry, listing, err);
    }
    if (client) {
        const struct hw_s3_list_options options = {.prefix = listing->prefix, .delimiter = delimiter};
        return hw_s3_list(client, &options, s3_entry, listing, err);
    }
    const bool single = !place->expand.several && (store->files || place->expand.web);
    return single ? single_tell(listing, err) : store->ops->list(store, listing->prefix, store_entry, listing, err);
}

/* ------ buckets */

struct buckets {
    hw_listed_fn *each;
    void *ctx;
    struct hw_buf path;
};

static enum hw_status bucket_tell(void *ctx, const struct hw_s3_listed_bucket *bucket, struct hw_error *err) {
    struct buckets *buckets = ctx;
    hw_buf_clear(&buckets->path);
    HW_TRY(hw_buf_printf(&buckets->path, err, "s3://%s", bucket->name));
    const struct hw_listed listed = {
        .kind = HW_LISTED_BUCKET,
        .path = (const char *)buckets->path.data,
        .name = bucket->name,
        .mtime_us = bucket->created_us,
        .etag = "",
        .version_id = "",
    };
    return buckets->each(buckets->ctx, &listed, err);
}

static enum hw_status buckets_list(const struct hw_objects_options *options, hw_listed_fn *each, void *ctx,
                                   struct hw_error *err) {
    struct hw_objects_options taken;
    struct hw_s3_client *client;
    struct buckets buckets = {.each = each, .ctx = ctx};
    HW_TRY(hw_objects_options_take(options, &taken, err));
    if (taken.all_versions) {
        return hw_fail(err, HW_EUSAGE, "a bucket has no versions: name the bucket whose objects to list");
    }
    HW_TRY(hw_s3_client_new(&taken.store, "", &client, err));
    enum hw_status status = hw_s3_buckets_list(client, bucket_tell, &buckets, err);
    hw_s3_client_free(client);
    hw_buf_release(&buckets.path);
    return status;
}
