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

/* ETags of the same upload in the same parts are the same too. */
static bool remotes_same(const struct remote *a, const struct remote *b) {
    const struct hw_s3_object *one = &a->description.object;
    const struct hw_s3_object *other = &b->description.object;
    if (one->checksum.kind != HW_CHECKSUM_NONE && one->checksum.kind == other->checksum.kind) {
        return hw_checksum_equal(&one->checksum, &other->checksum);
    }
    return one->size == other->size && strcmp(one->etag, other->etag) == 0;
}

/* Sums all bytes of an object. */
static enum hw_status bytes_sum(struct hw_transfer_run *run, const struct hw_content_place *place,
                                enum hw_checksum_kind kind, struct hw_checksum *out_sum, struct hw_error *err) {
    struct hw_buffers *buffers = hw_engine_buffers(run->engine);
    struct hw_buffer step = {0};
    struct hw_checksum_run sum;
    struct hw_source *source;
    HW_TRY(hw_store_source_open(place->store, place->key, &source, err));
    hw_checksum_run_init(&sum, kind);
    enum hw_status status = hw_buffer_take(buffers, STEP_BYTES, &step, err);
    for (uint64_t at = 0; status == HW_OK && at < source->size;) {
        const size_t bytes = source->size - at < STEP_BYTES ? (size_t)(source->size - at) : STEP_BYTES;
        status = source->ops->read_at(source, at, step.data, bytes, err);
        if (status == HW_OK) {
            hw_checksum_run_add(&sum, step.data, bytes);
        }
        at += bytes;
    }
    hw_checksum_run_final(&sum, out_sum);
    hw_buffer_give_back(buffers, &step);
    source->ops->close(source);
    return status;
}

static enum hw_status remote_compare(struct hw_transfer_run *run, const struct remote *remote,
                                     const struct hw_content_place *other, bool *out_same, struct hw_error *err) {
    const struct hw_checksum *kept = &remote->description.object.checksum;
    const struct hw_checksum *wanted = kept->kind != HW_CHECKSUM_NONE ? kept : &remote->md5;
    struct hw_checksum sum;
    if (kept->kind == HW_CHECKSUM_NONE && !remote->has_md5) {
        *out_same = false;
        return HW_OK;
    }
    HW_TRY(bytes_sum(run, other, wanted->kind, &sum, err));
    *out_same = hw_checksum_equal(&sum, wanted);
    return HW_OK;
}

static enum hw_status others_compare(struct hw_transfer_run *run, const struct hw_content_place *a,
                                     const struct hw_content_place *b, bool *out_same, struct hw_error *err) {
    struct hw_checksum one;
    struct hw_checksum other;
    HW_TRY(bytes_sum(run, a, HW_CHECKSUM_SHA256, &one, err));
    HW_TRY(bytes_sum(run, b, HW_CHECKSUM_SHA256, &other, err));
    *out_same = hw_checksum_equal(&one, &other);
    return HW_OK;
}

enum hw_status hw_content_same(struct hw_transfer_run *run, const struct hw_content_place *a,
                               const struct hw_content_place *b, bool *out_same, struct hw_error *err) {
    struct hw_s3_client *clients[] = {hw_store_s3_client(a->store), hw_store_s3_client(b->store)};
    HW_AUTO(remote) one = {0};
    HW_AUTO(remote) other = {0};
    if (clients[0]) {
        HW_TRY(remote_ask(clients[0], a->key, &one, err));
    }
    if (clients[1]) {
        HW_TRY(remote_ask(clients[1], b->key, &other, err));
    }
    if (clients[0] && clients[1]) {
        *out_same = remotes_same(&one, &other);
        return HW_OK;
    }
    if (clients[0] || clients[1]) {
        return remote_compare(run, clients[0] ? &one : &other, clients[0] ? b : a, out_same, err);
    }
    return others_compare(run, a, b, out_same, err);
}
