/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/content.h"

#include "codec/checksum.h"
#include "s3/object.h"
#include "store/store_s3.h"

/* A file is read in steps of this size. */
#define STEP_BYTES HW_MIB(1)

/* The facts of an object that is on S3. */
struct remote {
    struct hw_s3_description description;
    struct hw_checksum md5;
    bool has_md5;
};

static void remote_release(struct remote *remote) {
    hw_s3_description_release(&remote->description);
}

static enum hw_status remote_ask(struct hw_s3_client *client, const char *key, struct remote *out_remote,
                                 struct hw_error *err) {
    HW_TRY(hw_s3_object_describe(client, key, NULL, &out_remote->description, err));
    out_remote->has_md5 = hw_s3_description_md5(&out_remote->description, &out_remote->md5);
    return HW_OK;
}

/* ETags that are equal come of the same bytes in the same parts. */
static bool remotes_same(const struct remote *a, const struct remote *b) {
    const struct hw_s3_object *one = &a->description.object;
    const struct hw_s3_object *other = &b->description.object;
    if (one->checksum.kind != HW_CHECKSUM_NONE && one->checksum.kind == other->checksum.kind) {
        return hw_checksum_equal(&one->checksum, &other->checksum);
    }
    return one->size == other->size && strcmp(one->etag, other->etag) == 0;
}

/* Where the bytes of an object go, in order and in pieces. */
typedef void bytes_fn(void *ctx, const uint8_t *data, size_t bytes);

/* Reads an object from its beginning to its end. No piece goes over the end of a part. */
static enum hw_status bytes_read(struct hw_transfer_run *run, const struct hw_content_place *place, uint64_t part_bytes,
                                 bytes_fn *take, void *ctx, struct hw_error *err) {
    struct hw_buffers *buffers = hw_engine_buffers(run->engine);
    struct hw_buffer step = {0};
    struct hw_source *source;
    HW_TRY(hw_store_source_open(place->store, place->key, &source, err));
    enum hw_status status = hw_buffer_take(buffers, STEP_BYTES, &step, err);
    for (uint64_t at = 0; status == HW_OK && at < source->size;) {
        if (hw_transfer_run_cancelled(run)) {
            status = hw_fail(err, HW_ECANCELLED, "stopped");
            break;
        }
        const uint64_t part_left = part_bytes - at % part_bytes;
        const uint64_t left = source->size - at < part_left ? source->size - at : part_left;
        const size_t bytes = left < STEP_BYTES ? (size_t)left : STEP_BYTES;
        status = source->ops->read_at(source, at, step.data, bytes, err);
        if (status == HW_OK) {
            take(ctx, step.data, bytes);
        }
        at += bytes;
    }
    hw_buffer_give_back(buffers, &step);
    source->ops->close(source);
    return status;
}

static void sum_add(void *ctx, const uint8_t *data, size_t bytes) {
    hw_checksum_run_add(ctx, data, bytes);
}

/* Sums all bytes of an object. */
static enum hw_status bytes_sum(struct hw_transfer_run *run, const struct hw_content_place *place,
                                enum hw_checksum_kind kind, struct hw_checksum *out_sum, struct hw_error *err) {
    struct hw_checksum_run sum;
    hw_checksum_run_init(&sum, kind);
    const enum hw_status status = bytes_read(run, place, UINT64_MAX, sum_add, &sum, err);
    hw_checksum_run_final(&sum, out_sum);
    return status;
}

/* ------ ETags of parts */

/* The ETag that an object would have if it were uploaded in parts of this size. */
struct composing {
    uint64_t part_bytes;
    uint64_t in_part;
    struct hw_checksum_run part;
    struct hw_checksum_run whole;
    size_t parts;
};

static void part_end(struct composing *composing) {
    struct hw_checksum md5;
    hw_checksum_run_final(&composing->part, &md5);
    hw_checksum_compose_add(&composing->whole, &md5);
    hw_checksum_run_init(&composing->part, HW_CHECKSUM_MD5);
    composing->parts++;
    composing->in_part = 0;
}

static void part_add(void *ctx, const uint8_t *data, size_t bytes) {
    struct composing *composing = ctx;
    hw_checksum_run_add(&composing->part, data, bytes);
    composing->in_part += bytes;
    if (composing->in_part == composing->part_bytes) {
        part_end(composing);
    }
}

/*
 * Tells the size of the parts that an ETag was made of, which all but the last one have; 0 where
 * that is not known, or is none that makes so many parts.
 */
static enum hw_status parts_find(struct hw_s3_client *client, const struct hw_content_place *place,
                                 const struct remote *remote, uint64_t *out_part_bytes, struct hw_error *err) {
    const struct hw_s3_object *object = &remote->description.object;
    const uint64_t parts = hw_s3_etag_parts(object->etag);
    struct hw_s3_object first = {0};
    struct hw_error fault = HW_ERROR_INIT;
    *out_part_bytes = 0;
    if (parts == 0 || !hw_s3_description_etag_of_md5s(&remote->description)) {
        return HW_OK;
    }
    const enum hw_status status = hw_s3_object_first_part(client, place->key, &first, &fault);
    if (status == HW_ECANCELLED) {
        return hw_error_pass(err, status, &fault);
    }
    const bool fits = status == HW_OK && first.size > 0 && strcmp(first.etag, object->etag) == 0 &&
                      object->size / first.size + (object->size % first.size != 0) == parts;
    *out_part_bytes = fits ? first.size : 0;
    return HW_OK;
}

/* Compares an object whose ETag is of MD5s of its parts with the bytes of one of another store. */
static enum hw_status parts_compare(struct hw_transfer_run *run, const struct hw_content_place *place,
                                    const struct remote *remote, const struct hw_content_place *other, bool *out_same,
                                    struct hw_error *err) {
    struct hw_s3_client *client = hw_store_s3_client(place->store);
    struct composing composing = {0};
    char bare[2][HW_S3_ETAG_BYTES];
    char etag[HW_S3_ETAG_BYTES];
    *out_same = false;
    HW_TRY(parts_find(client, place, remote, &composing.part_bytes, err));
    if (composing.part_bytes == 0) {
        return HW_OK;
    }
    hw_checksum_run_init(&composing.part, HW_CHECKSUM_MD5);
    hw_checksum_run_init(&composing.whole, HW_CHECKSUM_MD5);
    enum hw_status status = bytes_read(run, other, composing.part_bytes, part_add, &composing, err);
    if (composing.in_part > 0) {
        part_end(&composing);
    }
    hw_s3_etag_compose(&composing.whole, composing.parts, etag);
    hw_s3_etag_bare(etag, bare[0]);
    hw_s3_etag_bare(remote->description.object.etag, bare[1]);
    *out_same = status == HW_OK && strcmp(bare[0], bare[1]) == 0;
    return status;
}

/* Compares an object of S3 with one of another store. */
static enum hw_status remote_compare(struct hw_transfer_run *run, const struct hw_content_place *place,
                                     const struct remote *remote, const struct hw_content_place *other, bool *out_same,
                                     struct hw_error *err) {
    const struct hw_checksum *kept = &remote->description.object.checksum;
    const struct hw_checksum *wanted = kept->kind != HW_CHECKSUM_NONE ? kept : &remote->md5;
    struct hw_checksum sum;
    if (kept->kind == HW_CHECKSUM_NONE && !remote->has_md5) {
        return parts_compare(run, place, remote, other, out_same, err);
    }
    HW_TRY(bytes_sum(run, other, wanted->kind, &sum, err));
    *out_same = hw_checksum_equal(&sum, wanted);
    return HW_OK;
}

static enum hw_status others_compare(struct hw_transfer_run *run, const struct hw_content_place *source,
                                     const struct hw_content_place *target, bool *out_same, struct hw_error *err) {
    struct hw_checksum one;
    struct hw_checksum other;
    HW_TRY(bytes_sum(run, target, HW_CHECKSUM_SHA256, &other, err));
    HW_TRY(bytes_sum(run, source, HW_CHECKSUM_SHA256, &one, err));
    *out_same = hw_checksum_equal(&one, &other);
    return HW_OK;
}

static enum hw_status content_compare(struct hw_transfer_run *run, const struct hw_content_place *source,
                                      const struct hw_content_place *target, bool *out_same, struct hw_error *err) {
    struct hw_s3_client *source_client = hw_store_s3_client(source->store);
    struct hw_s3_client *target_client = hw_store_s3_client(target->store);
    HW_AUTO(remote) from = {0};
    HW_AUTO(remote) to = {0};
    if (target_client) {
        HW_TRY(remote_ask(target_client, target->key, &to, err));
    }
    if (source_client) {
        HW_TRY(remote_ask(source_client, source->key, &from, err));
    }
    if (source_client && target_client) {
        *out_same = remotes_same(&from, &to);
        return HW_OK;
    }
    if (source_client || target_client) {
        return remote_compare(run, source_client ? source : target, source_client ? &from : &to,
                              source_client ? target : source, out_same, err);
    }
    return others_compare(run, source, target, out_same, err);
}

enum hw_status hw_content_same(struct hw_transfer_run *run, const struct hw_content_place *source,
                               const struct hw_content_place *target, bool *out_same, struct hw_error *err) {
    struct hw_error fault = HW_ERROR_INIT;
    struct hw_object_info info;
    char etag[HW_ETAG_BYTES];
    const enum hw_status status = content_compare(run, source, target, out_same, &fault);
    const bool missing =
        status == HW_ENOTFOUND && hw_store_look(target->store, target->key, &info, etag, NULL) == HW_ENOTFOUND;
    if (missing) {
        *out_same = false;
        return HW_OK;
    }
    return status ? hw_error_pass(err, status, &fault) : HW_OK;
}
