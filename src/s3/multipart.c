/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/multipart.h"

#include "codec/checksum.h"
#include "core/clock.h"
#include "core/limits.h"
#include "s3/kept_checksums.h"
#include "s3/object.h"

enum { PARTS_OF_ONE_SIZE = 1000, ABORTS_MAX = 5 };

struct complete {
    /* The checksum of the whole as we know it. */
    const struct hw_checksum *sent;
    struct hw_s3_made result;
};

static enum hw_status complete_check(void *ctx, const struct hw_http_response *response, struct hw_error *err);

static enum hw_status create_check(void *ctx, const struct hw_http_response *response, struct hw_error *err) {
    return hw_s3_upload_id_read(response, ctx, err);
}

static enum hw_status create_once(struct hw_s3_upload *upload, const struct hw_s3_create_params *params,
                                  struct hw_error *err) {
    HW_AUTO(hw_s3_call) call = {0};
    HW_AUTO(hw_http_response) response = {0};
    HW_TRY(hw_s3_request_create_upload(&call.request, params, err));
    call.request.check = create_check;
    call.request.check_ctx = upload->id;
    return hw_s3_call_perform(upload->client, &call, &response, err);
}

enum hw_status hw_s3_upload_create(struct hw_s3_upload *upload, const struct hw_s3_create_params *params,
                                   struct hw_error *err) {
    struct hw_s3_create_params sent = *params;
    struct hw_error fault = HW_ERROR_INIT;
    sent.key = upload->key;
    if (hw_s3_client_checksums(upload->client) == HW_S3_CHECKSUMS_REFUSED) {
        sent.checksum = HW_CHECKSUM_NONE;
    }
    enum hw_status status = create_once(upload, &sent, &fault);
    if (status != HW_OK && hw_s3_checksum_refused(upload->client, sent.checksum, false, &fault)) {
        sent.checksum = HW_CHECKSUM_NONE;
        status = create_once(upload, &sent, &fault);
        if (status == HW_OK) {
            hw_s3_client_checksums_learn(upload->client, HW_S3_CHECKSUMS_REFUSED);
        }
    }
    return status ? hw_error_pass(err, status, &fault) : HW_OK;
}

enum hw_status hw_s3_upload_prove(struct hw_s3_client *client, const struct hw_s3_create_params *params,
                                  struct hw_error *err) {
    struct hw_s3_upload upload = {.client = client, .key = params->key};
    HW_TRY(hw_s3_upload_create(&upload, params, err));
    hw_s3_upload_abort(&upload, false);
    return HW_OK;
}

enum hw_status hw_s3_upload_part_start(const struct hw_s3_upload *upload, struct hw_s3_call *call,
                                       const struct hw_s3_part_params *params, struct hw_error *err) {
    struct hw_s3_part_params whole = *params;
    whole.key = upload->key;
    whole.upload_id = upload->id;
    whole.checksum = hw_s3_checksum_settle(upload->client, &params->checksum, params->body, params->body_bytes);
    HW_TRY(hw_s3_request_part(&call->request, &whole, err));
    return hw_s3_call_start(upload->client, call, err);
}

enum hw_status hw_s3_upload_part_wait(struct hw_s3_call *call, char out_etag[HW_S3_ETAG_BYTES], struct hw_error *err) {
    HW_AUTO(hw_http_response) response = {0};
    struct hw_s3_object object = {0};
    enum hw_status status = hw_s3_call_wait(call, &response, err);
    status = status ? status : hw_s3_object_read(&response, &object, err);
    if (status == HW_OK) {
        hw_s3_checksum_answered(call->client, &call->request, &response);
    }
    hw_s3_call_release(call);
    if (status == HW_OK) {
        memcpy(out_etag, object.etag, HW_S3_ETAG_BYTES);
    }
    return status;
}

/*
 * Makes the ETag that S3 gives to an object of these parts. Returns NULL if theirs tell nothing of
 * it.
 */
static const char *parts_etag(const struct hw_s3_upload_sum *sum, char out[HW_S3_ETAG_BYTES]) {
    struct hw_checksum_run run;
    hw_checksum_run_init(&run, HW_CHECKSUM_MD5);
    for (size_t i = 0; i < sum->parts_count; i++) {
        if (!hw_s3_etag_compose_add(&run, sum->parts[i].etag)) {
            return NULL;
        }
    }
    hw_s3_etag_compose(&run, sum->parts_count, out);
    return out;
}

/* Returns whether the service knows a checksum of the whole. */
static bool checksums_used(const struct hw_s3_upload *upload, const struct hw_s3_upload_sum *sum) {
    return hw_s3_checksum_new(sum->checksum.kind) && hw_s3_client_checksums(upload->client) != HW_S3_CHECKSUMS_REFUSED;
}

/* Returns whether the object is the one that the upload makes. */
static bool upload_is_there(const struct hw_s3_upload *upload, const struct hw_s3_upload_sum *sum,
                            struct hw_s3_made *made) {
    char etag[HW_S3_ETAG_BYTES];
    struct hw_s3_object object;
    struct hw_s3_written written = {.size = sum->object_bytes, .etag = parts_etag(sum, etag)};
    if (checksums_used(upload, sum)) {
        written.checksum = sum->checksum;
    }
    if (!hw_s3_object_is(upload->client, upload->key, &written, &object)) {
        return false;
    }
    memcpy(made->etag, object.etag, sizeof(made->etag));
    return true;
}

enum hw_status hw_s3_upload_complete(struct hw_s3_upload *upload, const struct hw_s3_upload_sum *sum,
                                     char out_etag[HW_S3_ETAG_BYTES], struct hw_error *err) {
    HW_AUTO(hw_s3_call) call = {0};
    HW_AUTO(hw_http_response) response = {0};
    struct complete complete = {.sent = &sum->checksum};
    const struct hw_s3_complete_params params = {
        .key = upload->key,
        .upload_id = upload->id,
        .parts = sum->parts,
        .parts_count = sum->parts_count,
        .object_bytes = sum->object_bytes,
        .checksum = sum->checksum,
        .no_checksums = hw_s3_client_checksums(upload->client) == HW_S3_CHECKSUMS_REFUSED,
        .create_only = sum->create_only,
        .if_match = sum->if_match,
    };
    HW_TRY(hw_s3_request_complete(&call.request, &params, err));
    call.request.check = complete_check;
    call.request.check_ctx = &complete;
    enum hw_status status = hw_s3_call_perform(upload->client, &call, &response, err);

    /* An upload that is gone, or a reply that never came, may mean that the object is there. */
    bool unclear = status == HW_ENOTFOUND || hw_s3_outcome_unclear(status);
    if (unclear && upload_is_there(upload, sum, &complete.result)) {
        status = HW_OK;
    }
    if (status) {
        return status;
    }
    upload->id[0] = '\0';
    memcpy(out_etag, complete.result.etag, HW_S3_ETAG_BYTES);
    return HW_OK;
}

static enum hw_status complete_check(void *ctx, const struct hw_http_response *response, struct hw_error *err) {
    struct complete *complete = ctx;
    enum hw_status status = hw_s3_made_read(response, &complete->result, err);
    if (status) {
        hw_error_prefix(err, "CompleteMultipartUpload");
        return status;
    }
    return hw_s3_sent_compare(complete->sent, &complete->result.checksum, "CompleteMultipartUpload", err);
}

static enum hw_status abort_once(const struct hw_s3_upload *upload, struct hw_error *err) {
    HW_AUTO(hw_s3_call) call = {0};
    HW_AUTO(hw_http_response) response = {0};
    HW_TRY(hw_s3_request_abort(&call.request, upload->key, upload->id, err));
    return hw_s3_call_perform(upload->client, &call, &response, err);
}

void hw_s3_upload_abort(struct hw_s3_upload *upload, bool parts_cut) {
    /* The pause is doubled each time. */
    const int64_t pause_ms = 10;
    if (upload->id[0] == '\0') {
        return;
    }
    /*
     * Whoever aborts is failing already; an upload that stays is what `uploads` and lifecycle rules
     * are for.
     */
    enum hw_status status = abort_once(upload, NULL);
    for (unsigned i = 1; parts_cut && status == HW_OK && i < ABORTS_MAX; i++) {
        hw_clock_sleep_ms(pause_ms << i);
        /* HW_ENOTFOUND means that nothing of the upload is there any more. */
        status = abort_once(upload, NULL);
    }
    upload->id[0] = '\0';
}

uint64_t hw_s3_part_bytes(uint64_t part_bytes, uint64_t size_hint, unsigned number) {
    uint64_t needed = size_hint / HW_S3_PARTS_MAX + (size_hint % HW_S3_PARTS_MAX != 0);
    uint64_t bytes = part_bytes > needed ? part_bytes : needed;
    bytes = bytes > HW_S3_PART_BYTES_MIN ? bytes : HW_S3_PART_BYTES_MIN;
    bool planned = number <= size_hint / bytes + (size_hint % bytes != 0);
    for (unsigned i = PARTS_OF_ONE_SIZE; !planned && i < number && bytes < HW_S3_PART_BYTES_MAX;
         i += PARTS_OF_ONE_SIZE) {
        bytes *= 2;
    }
    return bytes < HW_S3_PART_BYTES_MAX ? bytes : HW_S3_PART_BYTES_MAX;
}
