/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/older_parts.h"

#include "core/limits.h"
#include "s3/copy.h"

enum { HTTP_BAD_REQUEST = 400 };

static enum hw_status range_copy(const struct hw_s3_older_parts *parts, const struct hw_s3_part_place *range,
                                 struct hw_s3_part *out_part, struct hw_error *err);

/* S3 copies ranges only of objects that are larger than the least size of a part. */
bool hw_s3_older_has(const struct hw_s3_older *older, const struct hw_s3_part_place *range) {
    const uint64_t size = older->object.size;
    return size > HW_S3_PART_BYTES_MIN && range->offset <= size && range->bytes <= size - range->offset;
}

/* Some services tell the checksum of the whole source of each part that they copy. */
static bool tells_the_whole(const struct hw_s3_older *older, const struct hw_s3_part_place *range,
                            const struct hw_s3_part *made) {
    return range->bytes < older->object.size && hw_checksum_equal(&made->checksum, &older->object.checksum);
}

enum hw_s3_older_way hw_s3_older_way(const struct hw_s3_older *older, enum hw_checksum_kind kind,
                                     const struct hw_s3_part_place *range, const struct hw_s3_part *made) {
    struct hw_checksum md5;
    const bool summed = kind != HW_CHECKSUM_MD5 && made->checksum.kind == kind && made->checksum.parts == 0;
    if (summed && !tells_the_whole(older, range, made)) {
        return HW_S3_OLDER_BY_SUM;
    }
    return hw_s3_etag_md5(made->etag, &md5) ? HW_S3_OLDER_BY_ETAG : HW_S3_OLDER_NONE;
}

bool hw_s3_older_same(const struct hw_s3_part *made, const struct hw_checksum *ours) {
    struct hw_checksum md5;
    if (ours->kind == HW_CHECKSUM_MD5) {
        return hw_s3_etag_md5(made->etag, &md5) && hw_checksum_equal(&md5, ours);
    }
    return ours->kind != HW_CHECKSUM_NONE && hw_checksum_equal(&made->checksum, ours);
}

static bool ends_the_run(enum hw_status status) {
    return status == HW_ECANCELLED || status == HW_ENOMEM;
}

enum hw_status hw_s3_older_parts_begin(struct hw_s3_older_parts *parts, enum hw_checksum_kind kind,
                                       const struct hw_s3_part_place *first, struct hw_error *err) {
    struct hw_error fault = HW_ERROR_INIT;
    const enum hw_status status = range_copy(parts, first, &parts->first_made, &fault);
    if (ends_the_run(status)) {
        return hw_error_pass(err, status, &fault);
    }
    parts->first = *first;
    parts->way = HW_S3_OLDER_NONE;
    if (status == HW_OK) {
        parts->way = hw_s3_older_way(parts->older, kind, first, &parts->first_made);
    } else if (fault.http_status == HTTP_BAD_REQUEST && kind != HW_CHECKSUM_MD5) {
        /* Some services make no checksums of parts that they copy, and so refuse them. */
        parts->way = HW_S3_OLDER_BY_ETAG;
    }
    if (status == HW_OK && parts->way == HW_S3_OLDER_NONE) {
        hw_error_set(&fault, HW_EUNSUPPORTED, "the service tells neither checksum nor MD5 of a part that it copies");
    }
    if (parts->way == HW_S3_OLDER_NONE) {
        hw_s3_older_parts_end(parts, &fault);
    }
    return HW_OK;
}

enum hw_status hw_s3_older_parts_copy(struct hw_s3_older_parts *parts, const struct hw_s3_part_place *range,
                                      const struct hw_checksum *ours, struct hw_s3_part *out_part, bool *out_same,
                                      struct hw_error *err) {
    struct hw_s3_part made = parts->first_made;
    struct hw_error fault = HW_ERROR_INIT;
    *out_same = false;
    if (parts->way == HW_S3_OLDER_NONE || atomic_load(&parts->ended) || !hw_s3_older_has(parts->older, range)) {
        return HW_OK;
    }
    if (range->number != parts->first.number) {
        const enum hw_status status = range_copy(parts, range, &made, &fault);
        if (ends_the_run(status)) {
            return hw_error_pass(err, status, &fault);
        }
        if (status) {
            hw_s3_older_parts_end(parts, &fault);
            return HW_OK;
        }
    }
    *out_same = hw_s3_older_same(&made, ours);
    if (*out_same) {
        memcpy(out_part->etag, made.etag, sizeof(out_part->etag));
        atomic_fetch_add(&parts->bytes_copied, range->bytes);
    }
    return HW_OK;
}

void hw_s3_older_parts_end(struct hw_s3_older_parts *parts, const struct hw_error *why) {
    if (!atomic_exchange(&parts->ended, true)) {
        parts->why = *why;
    }
}

static enum hw_status range_copy(const struct hw_s3_older_parts *parts, const struct hw_s3_part_place *range,
                                 struct hw_s3_part *out_part, struct hw_error *err) {
    struct hw_s3_client *client = parts->upload->client;
    const struct hw_s3_copy_part_params params = {
        .source = {.bucket = hw_s3_client_bucket(client),
                   .key = parts->upload->key,
                   .version_id = parts->older->version_id,
                   .etag = parts->older->object.etag,
                   .sse_key = hw_s3_client_sse_key(client)},
        .number = (unsigned)range->number + 1,
        .offset = range->offset,
        .bytes = range->bytes,
    };
    return hw_s3_part_copy(parts->upload, &params, out_part, err);
}
