/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/multipart.h"

#include "codec/checksum.h"
#include "core/clock.h"
#include "core/limits.h"
#include "s3/object.h"

enum { PARTS_OF_ONE_SIZE = 1000, ABORTS_MAX = 5 };

struct complete {
    /* The CRC64NVME that was sent. */
    uint64_t crc64nvme;
    struct hw_s3_completed result;
};

static enum hw_status complete_check(void *ctx, const struct hw_http_response *response, struct hw_error *err);

static enum hw_status create_check(void *ctx, const struct hw_http_response *response, struct hw_error *err) {
    return hw_s3_upload_id_read(response, ctx, err);
}

enum hw_status hw_s3_upload_create(struct hw_s3_upload *upload, const char *content_type, struct hw_error *err) {
    HW_AUTO(hw_s3_call) call = {0};
    HW_AUTO(hw_http_response) response = {0};
    HW_TRY(hw_s3_request_create_upload(&call.request, upload->key, content_type, err));
    call.request.check = create_check;
    call.request.check_ctx = upload->id;
    return hw_s3_call_perform(upload->client, &call, &response, err);
}

enum hw_status hw_s3_upload_prove(struct hw_s3_client *client, const char *key, struct hw_error *err) {
    struct hw_s3_upload upload = {.client = client, .key = key};
    HW_TRY(hw_s3_upload_create(&upload, NULL, err));
    hw_s3_upload_abort(&upload, false);
    return HW_OK;
}

enum hw_status hw_s3_upload_part_start(const struct hw_s3_upload *upload, struct hw_s3_call *call,
                                       const struct hw_s3_part_params *params, struct hw_error *err) {
    struct hw_s3_part_params whole = *params;
    whole.key = upload->key;
    whole.upload_id = upload->id;
    HW_TRY(hw_s3_request_part(&call->request, &whole, err));
    return hw_s3_call_start(upload->client, call, err);
}

enum hw_status hw_s3_upload_part_wait(struct hw_s3_call *call, char out_etag[HW_S3_ETAG_BYTES], struct hw_error *err) {
    HW_AUTO(hw_http_response) response = {0};
    struct hw_s3_object object = {0};
    enum hw_status status = hw_s3_call_wait(call, &response, err);
    status = status ? status : hw_s3_object_read(&response, &object, err);
    hw_s3_call_release(call);
    if (status == HW_OK) {
        memcpy(out_etag, object.etag, HW_S3_ETAG_BYTES);
    }
    return status;
}

enum hw_status hw_s3_upload_complete(struct hw_s3_upload *upload, const struct hw_s3_upload_sum *sum,
                                     char out_etag[HW_S3_ETAG_BYTES], struct hw_error *err) {
    HW_AUTO(hw_s3_call) call = {0};
    HW_AUTO(hw_http_response) response = {0};
    struct complete complete = {.crc64nvme = sum->crc64nvme};
    struct hw_s3_object object;
    const struct hw_s3_complete_params params = {
        .key = upload->key,
        .upload_id = upload->id,
        .parts = sum->parts,
        .parts_count = sum->parts_count,
        .object_bytes = sum->object_bytes,
        .crc64nvme = sum->crc64nvme,
        .create_only = sum->create_only,
        .if_match = sum->if_match,
    };
    HW_TRY(hw_s3_request_complete(&call.request, &params, err));
    call.request.check = complete_check;
    call.request.check_ctx = &complete;
    enum hw_status status = hw_s3_call_perform(upload->client, &call, &response, err);

    /* An upload that is gone, or a reply that never came, may mean that the object is there. */
    bool unclear = status == HW_ENOTFOUND || hw_s3_outcome_unclear(status);
    if (unclear && hw_s3_object_is(upload->client, upload->key, sum->object_bytes, sum->crc64nvme, &object)) {
        memcpy(complete.result.etag, object.etag, sizeof(complete.result.etag));
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
    enum hw_status status = hw_s3_completed_read(response, &complete->result, err);
    if (status) {
        hw_error_prefix(err, "CompleteMultipartUpload");
        return status;
    }
    return hw_s3_sent_compare(complete->crc64nvme, &complete->result.checksum, "CompleteMultipartUpload", err);
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
