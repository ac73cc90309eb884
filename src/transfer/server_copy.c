/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/server_copy.h"

#include <stdio.h>

#include "codec/checksum.h"
#include "core/alloc.h"
#include "core/limits.h"
#include "s3/copy.h"
#include "s3/object.h"
#include "s3/write_headers.h"
#include "s3/described.h"
#include "transfer/facts_hold.h"
#include "transfer/kept.h"

enum {
    /* An object that is replaced while it is copied is begun so often. */
    TRIES_MAX = 3,
    HTTP_BAD_REQUEST = 400,
};
/* Larger objects are copied in parts of this size, which takes less time. */
#define SINGLE_BYTES_MAX HW_MIB(256)
#define COPY_PART_BYTES HW_MIB(64)

/* One try to copy an object. */
struct attempt {
    struct hw_server_copy *copy;
    /* Size, ETag and checksum of the source as far as they are known. */
    struct hw_s3_object source;
    struct hw_described described;
    struct hw_kept kept;
    struct hw_s3_headers headers;
    /* The headers have tags, which the copy gets in the place of the source's. */
    bool replaces_tags;

    /* An upload, if the object is copied in parts. */
    struct hw_s3_upload upload;
    /* The kind of the checksums that the parts get. */
    enum hw_checksum_kind kind;
    uint64_t part_bytes;
    struct hw_s3_part *parts;
    size_t parts_count;
};

static enum hw_status attempt_run(struct attempt *attempt, struct hw_error *err);
static enum hw_status copy_single(struct attempt *attempt, struct hw_error *err);
static enum hw_status copy_parts(struct attempt *attempt, struct hw_error *err);
static enum hw_status upload_run(struct attempt *attempt, struct hw_error *err);
static enum hw_status parts_complete(struct attempt *attempt, struct hw_error *err);

static bool text_same(const char *a, const char *b) {
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool hw_server_copy_possible(const struct hw_store_options *source, const struct hw_store_options *target) {
    return text_same(source->profile, target->profile) && text_same(source->endpoint_url, target->endpoint_url) &&
           source->no_sign_request == target->no_sign_request && !target->no_sign_request;
}

uint64_t hw_server_copy_requests(uint64_t bytes) {
    const uint64_t part = hw_s3_part_bytes(COPY_PART_BYTES, bytes, 1);
    return bytes <= SINGLE_BYTES_MAX ? 1 : bytes / part + (bytes % part != 0) + 2;
}

/*
 * Returns whether the copy is begun anew: of another version, unless one was planned. A copy that
 * may only be new meets what the service has made wrongly, and would take that for another's
 * object.
 */
static bool worth_another(const struct hw_server_copy *copy, enum hw_status status) {
    return (status == HW_ECHANGED && !copy->as_planned) || (status == HW_ECHECKSUM && !copy->create_only);
}

enum hw_status hw_server_copy_run(struct hw_server_copy *copy, struct hw_error *err) {
    struct hw_error fault = HW_ERROR_INIT;
    enum hw_status status = HW_ECHANGED;
    for (unsigned tries = 0; tries < TRIES_MAX && (tries == 0 || worth_another(copy, status)); tries++) {
        struct attempt attempt = {.copy = copy};
        fault = (struct hw_error)HW_ERROR_INIT;
        status = attempt_run(&attempt, &fault);
        hw_s3_headers_release(&attempt.headers);
        hw_described_release(&attempt.described);
        hw_kept_release(&attempt.kept);
        hw_free(attempt.parts);
        if (!copy->as_planned) {
            /* Another version than the listed one was met. */
            copy->known = NULL;
        }
    }
    return status ? hw_error_pass(err, status, &fault) : HW_OK;
}

/* A listing tells enough of a small object that keeps its description. */
static bool needs_description(const struct hw_server_copy *copy) {
    return !copy->known || copy->known->etag[0] == '\0' || copy->known->size > SINGLE_BYTES_MAX ||
           hw_described_replaces(copy->write);
}

/* The source is described now, and may have been replaced since the plan was made. */
static enum hw_status plan_hold(const struct attempt *attempt, struct hw_error *err) {
    const struct hw_server_copy *copy = attempt->copy;
    char etag[HW_S3_ETAG_BYTES];
    hw_s3_etag_bare(attempt->source.etag, etag);
    const struct hw_object_info now = {
        .size = attempt->source.size, .mtime_us = attempt->source.mtime_us, .etag = etag};
    return copy->as_planned ? hw_facts_compare(copy->known, &now, "source", err) : HW_OK;
}

/* Metadata that the caller has given takes the place of the source's, but not of its file's. */
static enum hw_status file_facts_keep(struct attempt *attempt, struct hw_error *err) {
    const struct hw_s3_description *source = &attempt->described.source;
    const struct hw_file_facts facts = hw_file_facts_of(source->metadata, source->metadata_count);
    const bool keeps = attempt->copy->run->options->preserve && hw_described_replaces(attempt->copy->write);
    return keeps ? hw_kept_facts_add(&attempt->kept, &facts, &attempt->described.options, err) : HW_OK;
}

static enum hw_status attempt_run(struct attempt *attempt, struct hw_error *err) {
    struct hw_server_copy *copy = attempt->copy;
    const struct hw_write_options *write = copy->write;
    if (needs_description(copy)) {
        HW_TRY(hw_described_load(&attempt->described, copy->source, copy->source_key, copy->source_version, copy->write,
                                 err));
        attempt->source = attempt->described.source.object;
        HW_TRY(plan_hold(attempt, err));
        HW_TRY(file_facts_keep(attempt, err));
    } else {
        attempt->source = (struct hw_s3_object){.size = copy->known->size, .mtime_us = copy->known->mtime_us};
        snprintf(attempt->source.etag, sizeof(attempt->source.etag), "\"%s\"", copy->known->etag);
    }
    copy->size = attempt->source.size;
    hw_s3_etag_bare(attempt->source.etag, copy->etag);
    const bool whole = attempt->source.size <= SINGLE_BYTES_MAX;
    if (!whole || hw_described_replaces(copy->write)) {
        write = &attempt->described.options;
    }
    attempt->replaces_tags = write && write->tagging;
    HW_TRY(hw_s3_write_headers_make(write, &attempt->headers, err));
    return whole ? copy_single(attempt, err) : copy_parts(attempt, err);
}

static struct hw_s3_copy_source source_of(const struct attempt *attempt) {
    return (struct hw_s3_copy_source){
        .bucket = hw_s3_client_bucket(attempt->copy->source),
        .key = attempt->copy->source_key,
        .version_id = attempt->copy->source_version,
        .etag = attempt->source.etag,
    };
}

/* Compares the copy with its source, as far as the service tells checksums of both. */
static enum hw_status copy_compare(struct attempt *attempt, const struct hw_checksum *made, struct hw_error *err) {
    const struct hw_checksum *source = &attempt->source.checksum;
    char copied[HW_CHECKSUM_TEXT_BYTES];
    char wanted[HW_CHECKSUM_TEXT_BYTES];
    if (source->kind == HW_CHECKSUM_NONE || made->kind != source->kind || made->parts != source->parts) {
        return HW_OK;
    }
    if (!hw_checksum_equal(made, source)) {
        return hw_fail(err, HW_ECHECKSUM, "the copy has the %s %s, its source has %s", hw_checksum_name(made->kind),
                       hw_checksum_text(made, copied), hw_checksum_text(source, wanted));
    }
    attempt->copy->proved_by = made->kind;
    return HW_OK;
}

static enum hw_status copy_single(struct attempt *attempt, struct hw_error *err) {
    struct hw_server_copy *copy = attempt->copy;
    struct hw_s3_made made;
    const struct hw_s3_copy_params params = {
        .source = source_of(attempt),
        .key = copy->target_key,
        .headers = &attempt->headers,
        .replaces_metadata = hw_described_replaces(copy->write),
        .replaces_tags = attempt->replaces_tags,
        .checksum = copy->write ? copy->write->checksum : HW_CHECKSUM_NONE,
        .create_only = copy->create_only,
    };
    HW_TRY(hw_s3_object_copy(copy->target, &params, &attempt->source, &made, err));
    hw_transfer_run_moved(copy->run, attempt->source.size);
    return copy_compare(attempt, &made.checksum, err);
}

/* ------ parts */

static uint64_t bytes_of_part(const struct attempt *attempt, uint64_t number) {
    const uint64_t left = attempt->source.size - number * attempt->part_bytes;
    return left < attempt->part_bytes ? left : attempt->part_bytes;
}

static enum hw_status part_copy(void *ctx, uint64_t number, struct hw_error *err) {
    struct attempt *attempt = ctx;
    const struct hw_s3_copy_part_params params = {
        .source = source_of(attempt),
        .number = (unsigned)number + 1,
        .offset = number * attempt->part_bytes,
        .bytes = bytes_of_part(attempt, number),
    };
    HW_TRY(hw_s3_part_copy(&attempt->upload, &params, &attempt->parts[number], err));
    hw_transfer_run_moved(attempt->copy->run, params.bytes);
    return HW_OK;
}

/*
 * Returns whether an upload may have failed only because its parts get checksums: some services
 * tell the checksum of the whole source of each part that they copy, others make none of copied
 * parts, and then refuse the parts because they have none.
 */
static bool sums_refused(enum hw_status status, const struct hw_error *fault) {
    return status == HW_ECHECKSUM || (status != HW_OK && fault->http_status == HTTP_BAD_REQUEST);
}

static enum hw_status copy_parts(struct attempt *attempt, struct hw_error *err) {
    struct hw_server_copy *copy = attempt->copy;
    const uint64_t size = attempt->source.size;
    attempt->part_bytes = hw_s3_part_bytes(COPY_PART_BYTES, size, 1);
    attempt->parts_count = size / attempt->part_bytes + (size % attempt->part_bytes != 0);
    attempt->parts = hw_alloc_zero(attempt->parts_count, sizeof(*attempt->parts));
    attempt->upload = (struct hw_s3_upload){.client = copy->target, .key = copy->target_key};
    if (!attempt->parts) {
        return hw_fail_nomem(err, attempt->parts_count * sizeof(*attempt->parts));
    }
    if (attempt->parts_count > HW_S3_PARTS_MAX) {
        return hw_fail(err, HW_ELIMIT, "an object of %" PRIu64 " bytes does not fit in %u parts", size,
                       HW_S3_PARTS_MAX);
    }
    const enum hw_checksum_kind kept = attempt->source.checksum.kind;
    const bool wrong_before = atomic_load(&copy->run->part_sums_wrong);
    attempt->kind = hw_checksum_is_crc(kept) ? kept : HW_CHECKSUM_CRC64NVME;
    attempt->kind = wrong_before ? HW_CHECKSUM_NONE : attempt->kind;
    struct hw_error fault = HW_ERROR_INIT;
    const enum hw_status status = upload_run(attempt, &fault);
    if (attempt->kind == HW_CHECKSUM_NONE || !sums_refused(status, &fault)) {
        return status ? hw_error_pass(err, status, &fault) : HW_OK;
    }
    atomic_store(&copy->run->part_sums_wrong, true);
    attempt->kind = HW_CHECKSUM_NONE;
    return upload_run(attempt, err);
}

/* Copies all parts to a new upload and completes that. */
static enum hw_status upload_run(struct attempt *attempt, struct hw_error *err) {
    const struct hw_s3_create_params create = {.headers = &attempt->headers, .checksum = attempt->kind};
    HW_TRY(hw_s3_upload_create(&attempt->upload, &create, err));
    struct hw_engine_parts parts = {.count = attempt->parts_count, .run = part_copy, .ctx = attempt};
    enum hw_status status = hw_engine_parts_run(attempt->copy->run->engine, &parts, err);
    status = status ? status : parts_complete(attempt, err);
    hw_s3_upload_abort(&attempt->upload, status == HW_ECANCELLED || status == HW_ENETWORK);
    return status;
}

/* Returns the checksum of the whole, if the service tells those of all parts. */
static struct hw_checksum parts_checksum(const struct attempt *attempt) {
    struct hw_checksum whole = attempt->parts[0].checksum;
    for (size_t i = 1; i < attempt->parts_count; i++) {
        const struct hw_checksum *part = &attempt->parts[i].checksum;
        if (part->kind != whole.kind) {
            return (struct hw_checksum){0};
        }
        whole.value = hw_checksum_combine(whole.kind, whole.value, part->value, bytes_of_part(attempt, i));
    }
    return hw_checksum_is_crc(whole.kind) ? whole : (struct hw_checksum){0};
}

/* Compares the copy with its source, and has the service compare it too, as far as both tell. */
static enum hw_status parts_complete(struct attempt *attempt, struct hw_error *err) {
    const bool summed = attempt->kind != HW_CHECKSUM_NONE;
    char etag[HW_S3_ETAG_BYTES];
    struct hw_s3_object made;
    const struct hw_s3_upload_sum sum = {
        .parts = attempt->parts,
        .parts_count = attempt->parts_count,
        .object_bytes = attempt->source.size,
        .checksum = summed ? parts_checksum(attempt) : (struct hw_checksum){0},
        .create_only = attempt->copy->create_only,
    };
    HW_TRY(copy_compare(attempt, &sum.checksum, err));
    HW_TRY(hw_s3_upload_complete(&attempt->upload, &sum, etag, err));
    if (summed) {
        return HW_OK;
    }
    HW_TRY(hw_s3_object_head(attempt->copy->target, attempt->copy->target_key, NULL, &made, err));
    return copy_compare(attempt, &made.checksum, err);
}
