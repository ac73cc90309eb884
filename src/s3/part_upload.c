/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/part_upload.h"

#include <stdatomic.h>

#include "codec/checksum.h"
#include "core/alloc.h"
#include "core/limits.h"

struct hw_s3_part_upload {
    struct hw_s3_upload upload;
    char *key;
    char *if_match;
    bool create_only;
    /* The kind of the checksums that are sent. */
    enum hw_checksum_kind kind;
    uint64_t size;
    uint64_t part_bytes;
    /* Each part is written by the thread that sends it. */
    struct hw_s3_part *parts;
    size_t parts_count;
    atomic_size_t parts_sent;
    /* True if a part was given up on its way. */
    atomic_bool parts_cut;
};

static uint64_t bytes_of_part(const struct hw_s3_part_upload *upload, uint64_t number) {
    const uint64_t offset = number * upload->part_bytes;
    const uint64_t left = upload->size - offset;
    return left < upload->part_bytes ? left : upload->part_bytes;
}

enum hw_status hw_s3_part_upload_begin(struct hw_s3_client *client, const struct hw_s3_part_upload_params *params,
                                       uint64_t *part_bytes, struct hw_s3_part_upload **out_upload,
                                       struct hw_error *err) {
    const uint64_t size = params->size;
    const uint64_t bytes = hw_s3_part_bytes(*part_bytes, size, 1);
    const uint64_t count = size / bytes + (size % bytes != 0);
    if (count > HW_S3_PARTS_MAX) {
        return hw_fail(err, HW_ELIMIT, "an object of %" PRIu64 " bytes does not fit in %u parts of %" PRIu64 " bytes",
                       size, HW_S3_PARTS_MAX, HW_S3_PART_BYTES_MAX);
    }
    struct hw_s3_part_upload *upload = hw_alloc_zero(1, sizeof(*upload));
    if (!upload) {
        return hw_fail_nomem(err, sizeof(*upload));
    }
    upload->size = size;
    upload->part_bytes = bytes;
    upload->parts_count = count;
    upload->create_only = params->create_only;
    upload->kind = params->create.checksum;
    upload->key = hw_strdup(params->create.key);
    upload->if_match = params->if_match ? hw_strdup(params->if_match) : NULL;
    upload->parts = hw_alloc_zero(count, sizeof(*upload->parts));
    upload->upload = (struct hw_s3_upload){.client = client, .key = upload->key};
    const bool made = upload->key && upload->parts && (upload->if_match || !params->if_match);
    enum hw_status status = made ? HW_OK : hw_fail_nomem(err, count * sizeof(*upload->parts));
    status = status ? status : hw_s3_upload_create(&upload->upload, &params->create, err);
    if (status) {
        hw_s3_part_upload_free(upload);
        return status;
    }
    *part_bytes = bytes;
    *out_upload = upload;
    return HW_OK;
}

enum hw_status hw_s3_part_upload_send(struct hw_s3_part_upload *upload, const struct hw_sink_part *part,
                                      struct hw_error *err) {
    HW_AUTO(hw_s3_call) call = {0};
    const bool ours = part->number < upload->parts_count && part->offset == part->number * upload->part_bytes &&
                      part->bytes == bytes_of_part(upload, part->number);
    if (!ours) {
        return hw_fail(err, HW_EIO, "part %" PRIu64 " of %zu bytes at offset %" PRIu64 " is none of this object's",
                       part->number + 1, part->bytes, part->offset);
    }
    struct hw_s3_part *sent = &upload->parts[part->number];
    const bool summed = upload->kind == HW_CHECKSUM_CRC64NVME;
    const struct hw_checksum sum = {.kind = HW_CHECKSUM_CRC64NVME, .value = part->crc64nvme};
    const struct hw_s3_part_params params = {
        .number = (unsigned)part->number + 1,
        .body = part->data,
        .body_bytes = part->bytes,
        .checksum = summed ? sum : hw_checksum_of(upload->kind, part->data, part->bytes),
    };
    enum hw_status status = hw_s3_upload_part_start(&upload->upload, &call, &params, err);
    status = status ? status : hw_s3_upload_part_wait(&call, sent->etag, err);
    if (status) {
        if (status == HW_ECANCELLED || status == HW_ENETWORK) {
            atomic_store(&upload->parts_cut, true);
        }
        hw_error_prefix(err, "part %u", params.number);
        return status;
    }
    sent->checksum = params.checksum;
    atomic_fetch_add(&upload->parts_sent, 1);
    return HW_OK;
}

/* Returns the checksum of the object: a CRC of its bytes, or a digest of its parts' digests. */
static struct hw_checksum whole_checksum(const struct hw_s3_part_upload *upload) {
    struct hw_checksum whole = upload->parts[0].checksum;
    struct hw_checksum_run composed;
    if (hw_checksum_is_crc(upload->kind)) {
        for (size_t i = 1; i < upload->parts_count; i++) {
            whole.value = hw_checksum_combine(upload->kind, whole.value, upload->parts[i].checksum.value,
                                              bytes_of_part(upload, i));
        }
        return whole;
    }
    hw_checksum_run_init(&composed, upload->kind);
    for (size_t i = 0; i < upload->parts_count; i++) {
        hw_checksum_compose_add(&composed, &upload->parts[i].checksum);
    }
    hw_checksum_run_final(&composed, &whole);
    whole.parts = (uint32_t)upload->parts_count;
    return whole;
}

enum hw_status hw_s3_part_upload_finish(struct hw_s3_part_upload *upload, char out_etag[HW_S3_ETAG_BYTES],
                                        struct hw_error *err) {
    const size_t sent = atomic_load(&upload->parts_sent);
    if (sent != upload->parts_count) {
        return hw_fail(err, HW_EIO, "%zu parts of %zu were sent", sent, upload->parts_count);
    }
    const struct hw_s3_upload_sum sum = {
        .parts = upload->parts,
        .parts_count = upload->parts_count,
        .object_bytes = upload->size,
        .checksum = whole_checksum(upload),
        .create_only = upload->create_only,
        .if_match = upload->if_match,
    };
    return hw_s3_upload_complete(&upload->upload, &sum, out_etag, err);
}

void hw_s3_part_upload_free(struct hw_s3_part_upload *upload) {
    if (!upload) {
        return;
    }
    hw_s3_upload_abort(&upload->upload, atomic_load(&upload->parts_cut));
    hw_free(upload->parts);
    hw_free(upload->if_match);
    hw_free(upload->key);
    hw_free(upload);
}
