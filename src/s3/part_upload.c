/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/part_upload.h"

#include <stdatomic.h>
#include <stdio.h>

#include "codec/checksum.h"
#include "core/alloc.h"
#include "core/limits.h"
#include "s3/object.h"
#include "s3/uploads.h"

/* A part that was at the service when an upload was taken up. */
struct left_part {
    uint64_t size;
    char etag[HW_S3_ETAG_BYTES];
    struct hw_checksum checksum;
};

struct hw_s3_part_upload {
    struct hw_s3_upload upload;
    char *key;
    char *if_match;
    bool create_only;
    bool keep;
    /* The kind of the checksums that are sent. */
    enum hw_checksum_kind kind;
    uint64_t size;
    uint64_t part_bytes;
    /* Each part is written by the thread that sends it. */
    struct hw_s3_part *parts;
    size_t parts_count;
    atomic_size_t parts_sent;
    atomic_uint_fast64_t bytes_sent;
    /* The parts that were there, by number; NULL if the upload is a new one. */
    struct left_part *left;
    struct hw_s3_older_parts older;
    /* The CRC-64/NVME of each part of an upload over an older version; else NULL. */
    uint64_t *crcs;
    /* True if the upload has no checksums, because the service tells none of copied parts. */
    bool unsummed;
    /* The content type that the object has to have in the end. */
    char *content_type;
    /* True if a part was given up on its way. */
    atomic_bool parts_cut;
};

static enum hw_status upload_find(struct hw_s3_part_upload *upload, struct hw_error *err);
static enum hw_status upload_create(struct hw_s3_part_upload *upload, const struct hw_s3_part_upload_params *params,
                                    enum hw_checksum_kind kind, struct hw_error *err);
static enum hw_status older_begin(struct hw_s3_part_upload *upload, const struct hw_s3_part_upload_params *params,
                                  struct hw_error *err);

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
    upload->keep = params->keep;
    upload->kind = params->create.checksum;
    upload->key = hw_strdup(params->create.key);
    upload->if_match = params->if_match ? hw_strdup(params->if_match) : NULL;
    upload->parts = hw_alloc_zero(count, sizeof(*upload->parts));
    upload->upload = (struct hw_s3_upload){.client = client, .key = upload->key};
    const char *type = params->create.content_type ? params->create.content_type : "application/octet-stream";
    upload->content_type = hw_strdup(type);
    const bool made = upload->key && upload->parts && upload->content_type && (upload->if_match || !params->if_match);
    enum hw_status status = made ? HW_OK : hw_fail_nomem(err, count * sizeof(*upload->parts));
    /* What else describes the object was said when the upload was created, and is not told. */
    const bool plain = !params->create.headers || params->create.headers->count == 0;
    /*
     * A condition is for the object that is made, and would meet what this upload has made of it.
     */
    const bool conditional = params->create_only || params->if_match;
    if (status == HW_OK && params->resume && plain && !conditional) {
        status = upload_find(upload, err);
    }
    if (status == HW_OK && !upload->left) {
        const bool by_etag = params->older && params->older->by_etag;
        status = upload_create(upload, params, by_etag ? HW_CHECKSUM_MD5 : params->create.checksum, err);
    }
    if (status == HW_OK && params->older) {
        status = older_begin(upload, params, err);
    }
    if (status) {
        hw_s3_part_upload_free(upload);
        return status;
    }
    *part_bytes = bytes;
    *out_upload = upload;
    return HW_OK;
}

/* ------ an upload that was left open */

struct open_upload {
    const char *key;
    char id[HW_S3_UPLOAD_ID_BYTES];
    int64_t initiated_us;
};

static enum hw_status open_upload_look(void *ctx, const struct hw_s3_open_upload *found, struct hw_error *err) {
    struct open_upload *newest = ctx;
    (void)err;
    if (strcmp(found->key, newest->key) == 0 && found->initiated_us >= newest->initiated_us &&
        strlen(found->id) < sizeof(newest->id)) {
        snprintf(newest->id, sizeof(newest->id), "%s", found->id);
        newest->initiated_us = found->initiated_us;
    }
    return HW_OK;
}

static enum hw_status left_part_take(void *ctx, const struct hw_s3_listed_part *found, struct hw_error *err) {
    struct hw_s3_part_upload *upload = ctx;
    (void)err;
    if (found->number <= upload->parts_count) {
        struct left_part *left = &upload->left[found->number - 1];
        left->size = found->size;
        left->checksum = found->checksum;
        snprintf(left->etag, sizeof(left->etag), "%s", found->etag);
    }
    return HW_OK;
}

/*
 * Looks for the newest upload of the key that is open, and for its parts. A service that does not
 * tell of them is no fault: then the upload is a new one.
 */
static enum hw_status upload_find(struct hw_s3_part_upload *upload, struct hw_error *err) {
    struct hw_s3_client *client = upload->upload.client;
    struct open_upload newest = {.key = upload->key};
    enum hw_status status = hw_s3_uploads_list(client, upload->key, open_upload_look, &newest, NULL);
    if (status == HW_ECANCELLED) {
        return hw_fail(err, HW_ECANCELLED, "stopped");
    }
    if (status || newest.id[0] == '\0') {
        return HW_OK;
    }
    upload->left = hw_alloc_zero(upload->parts_count, sizeof(*upload->left));
    if (!upload->left) {
        return hw_fail_nomem(err, upload->parts_count * sizeof(*upload->left));
    }
    if (hw_s3_parts_list(client, upload->key, newest.id, left_part_take, upload, NULL) != HW_OK) {
        hw_free(upload->left);
        upload->left = NULL;
        return HW_OK;
    }
    memcpy(upload->upload.id, newest.id, sizeof(newest.id));
    return HW_OK;
}

/* ------ an older version */

/* Creates the upload, with checksums of this kind, in the place of one that is there. */
static enum hw_status upload_create(struct hw_s3_part_upload *upload, const struct hw_s3_part_upload_params *params,
                                    enum hw_checksum_kind kind, struct hw_error *err) {
    struct hw_s3_create_params create = params->create;
    hw_s3_upload_abort(&upload->upload, false);
    create.checksum = kind;
    HW_TRY(hw_s3_upload_create(&upload->upload, &create, err));
    const bool refused = hw_s3_client_checksums(upload->upload.client) == HW_S3_CHECKSUMS_REFUSED;
    upload->kind = refused && params->older ? HW_CHECKSUM_MD5 : kind;
    return HW_OK;
}

static struct hw_s3_part_place range_of(const struct hw_s3_part_upload *upload, uint64_t number) {
    return (struct hw_s3_part_place){number, number * upload->part_bytes, bytes_of_part(upload, number)};
}

/*
 * Finds the first part that is not there, which may be copied. The kind of an upload that was taken
 * up is known by its parts.
 */
static uint64_t first_missing(struct hw_s3_part_upload *upload) {
    uint64_t number = 0;
    while (upload->left && number < upload->parts_count && upload->left[number].etag[0] != '\0') {
        const bool summed = upload->left[number].checksum.kind != HW_CHECKSUM_NONE;
        upload->kind = summed ? upload->kind : HW_CHECKSUM_MD5;
        number++;
    }
    return number;
}

/* Parts of an upload with checksums must have them, so one without takes parts by their ETags. */
static enum hw_status older_by_etag(struct hw_s3_part_upload *upload, const struct hw_s3_part_upload_params *params,
                                    const struct hw_s3_part_place *first, struct hw_error *err) {
    const enum hw_checksum_kind wanted = upload->kind;
    struct hw_error fault = HW_ERROR_INIT;
    if (upload->left || params->older->needs_sums) {
        upload->older.way = HW_S3_OLDER_NONE;
        hw_error_set(&fault, HW_EUNSUPPORTED, "%s",
                     upload->left ? "an upload that was taken up does not take copied parts"
                                  : "it tells no checksums of them, and the object has to get some");
        hw_s3_older_parts_end(&upload->older, &fault);
        return HW_OK;
    }
    HW_TRY(upload_create(upload, params, HW_CHECKSUM_MD5, err));
    HW_TRY(hw_s3_older_parts_begin(&upload->older, upload->kind, first, err));
    upload->unsummed = upload->older.way == HW_S3_OLDER_BY_ETAG;
    return upload->unsummed ? HW_OK : upload_create(upload, params, wanted, err);
}

static enum hw_status older_begin(struct hw_s3_part_upload *upload, const struct hw_s3_part_upload_params *params,
                                  struct hw_error *err) {
    const uint64_t number = first_missing(upload);
    upload->older.older = params->older;
    upload->older.upload = &upload->upload;
    upload->crcs = hw_alloc_zero(upload->parts_count, sizeof(*upload->crcs));
    if (!upload->crcs) {
        return hw_fail_nomem(err, upload->parts_count * sizeof(*upload->crcs));
    }
    if (number == upload->parts_count) {
        return HW_OK;
    }
    const struct hw_s3_part_place first = range_of(upload, number);
    if (!hw_s3_older_has(params->older, &first)) {
        return HW_OK;
    }
    HW_TRY(hw_s3_older_parts_begin(&upload->older, upload->kind, &first, err));
    const bool summed = upload->kind != HW_CHECKSUM_MD5;
    return summed && upload->older.way == HW_S3_OLDER_BY_ETAG ? older_by_etag(upload, params, &first, err) : HW_OK;
}

void hw_s3_part_upload_shares(const struct hw_s3_part_upload *upload, struct hw_s3_part_shares *out_shares) {
    *out_shares = (struct hw_s3_part_shares){
        .bytes_sent = atomic_load(&upload->bytes_sent),
        .bytes_copied = atomic_load(&upload->older.bytes_copied),
        .way = upload->older.way,
        .unsummed = upload->unsummed,
        .why = upload->older.why,
    };
}

/* ------ parts */

/* Returns whether a part is at the service already, with just these bytes. */
static bool part_left(const struct hw_s3_part_upload *upload, const struct hw_sink_part *part,
                      const struct hw_checksum *sum) {
    const struct left_part *left = upload->left ? &upload->left[part->number] : NULL;
    struct hw_checksum md5;
    if (!left || left->size != part->bytes || left->etag[0] == '\0') {
        return false;
    }
    if (left->checksum.kind != HW_CHECKSUM_NONE) {
        return hw_checksum_equal(&left->checksum, sum);
    }
    const struct hw_checksum ours = hw_checksum_of(HW_CHECKSUM_MD5, part->data, part->bytes);
    return hw_s3_etag_md5(left->etag, &md5) && hw_checksum_equal(&ours, &md5);
}

/*
 * Returns the status of a failure. An upload that was taken up may have ended, or have been begun
 * so that it takes no such parts, and a service may not take parts that it has copied: all is begun
 * anew then.
 */
static enum hw_status failure_status(const struct hw_s3_part_upload *upload, enum hw_status status,
                                     struct hw_error *err) {
    const bool refused = status == HW_ENOTFOUND || status == HW_EFAILED || status == HW_EPROTOCOL ||
                         status == HW_EUNSUPPORTED || status == HW_ECHECKSUM;
    if ((!upload->left && atomic_load(&upload->older.bytes_copied) == 0) || !refused) {
        return status;
    }
    if (err) {
        err->status = HW_ECHANGED;
    }
    return HW_ECHANGED;
}

/*
 * An upload that was taken up may have been begun with another description. One that cannot be read
 * is taken for another one.
 */
static enum hw_status description_check(const struct hw_s3_part_upload *upload, struct hw_error *err) {
    HW_AUTO(hw_s3_description) made = {0};
    const enum hw_status status = hw_s3_object_describe(upload->upload.client, upload->key, NULL, &made, err);
    if (status == HW_ECANCELLED) {
        return status;
    }
    const bool same_type = made.content_type && strcmp(made.content_type, upload->content_type) == 0;
    const bool plain = made.metadata_count == 0 && made.metadata_missing == 0 && made.tags_count == 0 &&
                       !made.content_encoding && !made.content_language && !made.content_disposition &&
                       !made.cache_control && !made.expires;
    return same_type && plain ? HW_OK
                              : hw_fail(err, HW_ECHANGED, "the upload was begun with other metadata than are wanted");
}

static void part_count(struct hw_s3_part_upload *upload, const struct hw_sink_part *part,
                       const struct hw_checksum *sum) {
    upload->parts[part->number].checksum = *sum;
    if (upload->crcs) {
        upload->crcs[part->number] = part->crc64nvme;
    }
    atomic_fetch_add(&upload->parts_sent, 1);
}

/*
 * Tells whether a part need not be sent: an earlier run has left it, or the service has copied it.
 */
static enum hw_status part_look(struct hw_s3_part_upload *upload, const struct hw_sink_part *part,
                                const struct hw_checksum *sum, bool *out_there, struct hw_error *err) {
    struct hw_s3_part *there = &upload->parts[part->number];
    const struct hw_s3_part_place range = range_of(upload, part->number);
    *out_there = part_left(upload, part, sum);
    if (*out_there) {
        memcpy(there->etag, upload->left[part->number].etag, sizeof(there->etag));
    } else {
        HW_TRY(hw_s3_older_parts_copy(&upload->older, &range, sum, there, out_there, err));
    }
    if (*out_there) {
        part_count(upload, part, sum);
    }
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
    bool there = false;
    HW_TRY(part_look(upload, part, &params.checksum, &there, err));
    if (there) {
        return HW_OK;
    }
    enum hw_status status = hw_s3_upload_part_start(&upload->upload, &call, &params, err);
    status = status ? status : hw_s3_upload_part_wait(&call, sent->etag, err);
    if (status) {
        if (status == HW_ECANCELLED || status == HW_ENETWORK) {
            atomic_store(&upload->parts_cut, true);
        }
        hw_error_prefix(err, "part %u", params.number);
        return failure_status(upload, status, err);
    }
    part_count(upload, part, &params.checksum);
    atomic_fetch_add(&upload->bytes_sent, part->bytes);
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

/*
 * Compares the CRC of the object that was made with ours, if the service tells it. It has seen no
 * other proof of parts that it has copied than the ETags that it gave them.
 */
static enum hw_status copies_prove(const struct hw_s3_part_upload *upload, struct hw_error *err) {
    struct hw_s3_object made;
    struct hw_checksum ours = {.kind = HW_CHECKSUM_CRC64NVME, .value = upload->crcs[0]};
    for (size_t i = 1; i < upload->parts_count; i++) {
        ours.value = hw_checksum_combine(ours.kind, ours.value, upload->crcs[i], bytes_of_part(upload, i));
    }
    HW_TRY(hw_s3_object_head(upload->upload.client, upload->key, NULL, &made, err));
    return hw_s3_sent_compare(&ours, &made.checksum, "HeadObject", err);
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
    const enum hw_status status = hw_s3_upload_complete(&upload->upload, &sum, out_etag, err);
    if (status) {
        return failure_status(upload, status, err);
    }
    if (upload->older.way == HW_S3_OLDER_BY_ETAG) {
        HW_TRY(copies_prove(upload, err));
    }
    return upload->left ? description_check(upload, err) : HW_OK;
}

void hw_s3_part_upload_free(struct hw_s3_part_upload *upload) {
    if (!upload) {
        return;
    }
    if (!upload->keep || atomic_load(&upload->parts_sent) == 0) {
        hw_s3_upload_abort(&upload->upload, atomic_load(&upload->parts_cut));
    }
    hw_free(upload->parts);
    hw_free(upload->left);
    hw_free(upload->crcs);
    hw_free(upload->content_type);
    hw_free(upload->if_match);
    hw_free(upload->key);
    hw_free(upload);
}
