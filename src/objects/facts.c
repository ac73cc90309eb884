/* SPDX-License-Identifier: Apache-2.0 */
/* The facts of objects, of hawser/objects.h. */
#include <hawser/objects.h>

#include "codec/checksum.h"
#include "objects/place.h"
#include "s3/description.h"
#include "s3/object.h"
#include "store/store_s3.h"

struct facts_call {
    const struct hw_objects_place *place;
    /* NULL where the store is no bucket. */
    struct hw_s3_client *client;
    hw_object_facts_fn *each;
    void *ctx;
};

static enum hw_status names_check(const struct hw_s3_description *description, struct hw_error *err);

static enum hw_status described_tell(const struct facts_call *call, const char *path,
                                     const struct hw_s3_description *description, struct hw_error *err) {
    const struct hw_s3_object *object = &description->object;
    const bool whole = object->checksum.kind != HW_CHECKSUM_NONE;
    const struct hw_checksum *kept = whole ? &object->checksum : &description->composite;
    char etag[HW_S3_ETAG_BYTES];
    char checksum[HW_CHECKSUM_TEXT_BYTES] = "";
    HW_TRY(names_check(description, err));
    hw_s3_etag_bare(object->etag, etag);
    const struct hw_object_facts facts = {
        .path = path,
        .bytes = object->size,
        .mtime_us = object->mtime_us,
        .etag = etag,
        .content_type = description->content_type,
        .content_encoding = description->content_encoding,
        .cache_control = description->cache_control,
        .storage_class = description->storage_class,
        .encryption = description->encryption,
        .version_id = description->version_id,
        .checksum = kept->kind,
        .checksum_text = kept->kind == HW_CHECKSUM_NONE ? "" : hw_checksum_text(kept, checksum),
        .metadata = description->metadata,
        .metadata_count = description->metadata_count,
    };
    return call->each(call->ctx, &facts, err);
}

/* Names of headers have no quotes and no control characters, whatever a service sends. */
static enum hw_status names_check(const struct hw_s3_description *description, struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    for (size_t i = 0; i < description->metadata_count; i++) {
        const char *name = description->metadata[i].name;
        for (const char *at = name; *at; at++) {
            if (*at <= ' ' || *at >= 0x7f || *at == '"' || *at == '\\') {
                return hw_fail(err, HW_EPROTOCOL, "HeadObject: %s is no name of metadata",
                               hw_quote(name, strlen(name), quoted, sizeof(quoted)));
            }
        }
    }
    return HW_OK;
}

static enum hw_status s3_facts(const struct facts_call *call, const char *key, const char *path, struct hw_error *err) {
    HW_AUTO(hw_s3_description) description = {0};
    struct hw_object_info info;
    char etag[HW_ETAG_BYTES];
    const char *version_id = call->place->options.version_id;
    enum hw_status status = hw_s3_object_describe(call->client, key, version_id, &description, err);
    if (status && !version_id && !hw_status_retryable(status) && status != HW_ECANCELLED) {
        /* A reply to HEAD has no code: the store finds out why, if it can. */
        struct hw_error why = HW_ERROR_INIT;
        const enum hw_status explained = hw_store_stat(call->place->expand.store, key, &info, etag, &why);
        return explained ? hw_error_pass(err, explained, &why) : status;
    }
    return status ? status : described_tell(call, path, &description, err);
}

static enum hw_status store_facts(const struct facts_call *call, const char *key, const char *path,
                                  struct hw_error *err) {
    struct hw_object_info info;
    char etag[HW_ETAG_BYTES];
    HW_TRY(hw_store_stat(call->place->expand.store, key, &info, etag, err));
    const struct hw_object_facts facts = {
        .path = path,
        .bytes = info.size,
        .mtime_us = info.mtime_us,
        .etag = info.etag ? info.etag : "",
        .checksum_text = "",
    };
    return call->each(call->ctx, &facts, err);
}

static enum hw_status object_facts(const struct facts_call *call, const char *key, struct hw_error *err) {
    HW_AUTO(hw_buf) path = {0};
    HW_TRY(hw_objects_place_path(call->place, key, &path, err));
    const char *text = (const char *)path.data;
    enum hw_status status = call->client ? s3_facts(call, key, text, err) : store_facts(call, key, text, err);
    if (status) {
        hw_error_object(err, text);
    }
    return status;
}

static enum hw_status listed_facts(void *ctx, const struct hw_expanded *object, struct hw_error *err) {
    return object_facts(ctx, object->info->key, err);
}

enum hw_status hw_objects_facts(const char *path, const struct hw_objects_options *options, hw_object_facts_fn *each,
                                void *ctx, struct hw_error *err) {
    HW_AUTO(hw_objects_place) place = {0};
    HW_TRY(hw_objects_place_open(&place, path, options, err));
    HW_TRY(hw_objects_place_version(&place, err));
    struct facts_call call = {
        .place = &place, .client = hw_store_s3_client(place.expand.store), .each = each, .ctx = ctx};
    return place.expand.several ? hw_expand_list(&place.expand, NULL, listed_facts, &call, err)
                                : object_facts(&call, place.expand.key, err);
}
