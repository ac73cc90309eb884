/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/source.h"

#include <stdio.h>

#include "core/io_ops.h"
#include "store/store_s3.h"
#include "transfer/parts_sum.h"

static enum hw_status s3_open(struct hw_transfer_source *source, const struct hw_object_info *known,
                              const struct hw_buffer *first, size_t *out_bytes, struct hw_error *err);
static enum hw_status other_open(struct hw_transfer_source *source, struct hw_store *store,
                                 const struct hw_object_info *known, const struct hw_buffer *first, size_t *out_bytes,
                                 struct hw_error *err);

enum hw_status hw_transfer_source_open(struct hw_transfer_source *source, struct hw_store *store, const char *key,
                                       const struct hw_object_info *known, const struct hw_buffer *first,
                                       size_t *out_bytes, struct hw_error *err) {
    *source = (struct hw_transfer_source){
        .version_id = source->version_id, .client = hw_store_s3_client(store), .key = key, .etag = ""};
    if (source->client) {
        return s3_open(source, known, first, out_bytes, err);
    }
    return other_open(source, store, known, first, out_bytes, err);
}

static enum hw_status s3_open(struct hw_transfer_source *source, const struct hw_object_info *known,
                              const struct hw_buffer *first, size_t *out_bytes, struct hw_error *err) {
    struct hw_s3_object facts = {.size = known ? known->size : 0};
    const struct hw_s3_first range = {
        .key = source->key,
        .data = first->data,
        .bytes = first->bytes,
        .known = known ? &facts : NULL,
        .version_id = source->version_id,
    };
    snprintf(facts.etag, sizeof(facts.etag), "%s", known ? known->etag : "");
    HW_TRY(hw_s3_object_discover(source->client, &range, &source->object, out_bytes, err));
    source->size = source->object.size;
    source->mtime_us = source->object.mtime_us;
    source->etag = source->object.etag;
    source->proved = source->object.checksum;
    return HW_OK;
}

static enum hw_status other_open(struct hw_transfer_source *source, struct hw_store *store,
                                 const struct hw_object_info *known, const struct hw_buffer *first, size_t *out_bytes,
                                 struct hw_error *err) {
    HW_TRY(store->ops->source_open(store, source->key, known, &source->source, err));
    source->size = source->source->size;
    source->mtime_us = source->source->mtime_us;
    source->etag = source->source->etag;
    source->in_order = source->source->remote;
    if (source->in_order) {
        hw_source_in_order(source->source);
    }
    const size_t bytes = source->size < first->bytes ? (size_t)source->size : first->bytes;
    enum hw_status status =
        bytes > 0 ? source->source->ops->read_at(source->source, 0, first->data, bytes, err) : HW_OK;
    if (status) {
        hw_transfer_source_release(source);
        return status;
    }
    *out_bytes = bytes;
    return HW_OK;
}

enum hw_status hw_transfer_source_read(struct hw_transfer_source *source, const struct hw_transfer_reads *reads,
                                       uint64_t offset, struct hw_buffer *buffer, struct hw_error *err) {
    if (!source->client) {
        return source->source->ops->read_at(source->source, offset, buffer->data, buffer->bytes, err);
    }
    const struct hw_hedge_range range = {source->client, source->key, &source->object, offset, source->version_id};
    return hw_hedge_get(reads->hedge, &range, reads->buffers, buffer, err);
}

enum hw_status hw_transfer_source_prove(struct hw_transfer_source *source, const void *data, size_t bytes,
                                        struct hw_error *err) {
    struct hw_checksum md5;
    struct hw_checksum wanted;
    if (!source->client) {
        return hw_store_whole_prove(source->source, (hw_view){data, bytes}, &source->proved.kind, err);
    }
    if (source->proved.kind != HW_CHECKSUM_NONE) {
        return HW_OK;
    }
    if (hw_s3_etag_md5(source->etag, &md5)) {
        const struct hw_checksum got = hw_checksum_of(HW_CHECKSUM_MD5, data, bytes);
        if (hw_checksum_equal(&got, &md5)) {
            source->proved = md5;
            return HW_OK;
        }
    } else if (!hw_s3_checksum_untold(source->client, &source->object)) {
        return HW_OK;
    }
    /* The ETag of an object that is encrypted, or that came in parts, is no MD5 of it. */
    HW_TRY(hw_transfer_source_checksum(source, &wanted, err));
    const struct hw_checksum sum = hw_checksum_of(wanted.kind, data, bytes);
    HW_TRY(hw_checksums_compare(&sum, &wanted, err));
    source->proved = wanted;
    return HW_OK;
}

enum hw_status hw_transfer_source_checksum(struct hw_transfer_source *source, struct hw_checksum *out_checksum,
                                           struct hw_error *err) {
    HW_AUTO(hw_s3_description) now = {0};
    if (!source->client) {
        const struct hw_source_ops *ops = source->source->ops;
        struct hw_checksum kept = {0};
        if (ops->checksum) {
            HW_TRY(ops->checksum(source->source, &kept, err));
        }
        /* A checksum of the parts' checksums says nothing of the bytes. */
        *out_checksum = kept.parts == 0 ? kept : (struct hw_checksum){0};
        return HW_OK;
    }
    HW_TRY(hw_s3_object_describe(source->client, source->key, source->version_id, &now, err));
    if (now.object.size != source->size || strcmp(now.object.etag, source->object.etag) != 0) {
        return hw_fail(err, HW_ECHANGED, "HeadObject: the object was replaced while it was read");
    }
    hw_s3_checksum_told(source->client, &source->object, now.object.checksum.kind);
    if (now.object.checksum.kind != HW_CHECKSUM_NONE || !hw_s3_description_md5(&now, out_checksum)) {
        *out_checksum = now.object.checksum;
    }
    return HW_OK;
}

void hw_transfer_source_release(struct hw_transfer_source *source) {
    if (source->source) {
        source->source->ops->close(source->source);
    }
    *source = (struct hw_transfer_source){.etag = ""};
}
