/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/copy.h"

#include "core/clock.h"
#include "s3/object.h"

/*
 * The most that the clocks of a service and of a signer differ. An object that was changed so long
 * before a request is not of that request.
 */
#define CLOCKS_APART_US (INT64_C(15) * 60 * 1000000)

static enum hw_status copy_check(void *ctx, const struct hw_http_response *response, struct hw_error *err);

/*
 * Returns whether the object that is there has the bytes of the source and may be as new as the
 * request, and so is the copy.
 */
static bool copy_is_there(const struct hw_s3_object *source, const struct hw_s3_description *there,
                          int64_t started_us) {
    struct hw_checksum ours;
    struct hw_checksum theirs;
    if (source->size != there->object.size || there->object.mtime_us < started_us - CLOCKS_APART_US) {
        return false;
    }
    if (source->checksum.kind != HW_CHECKSUM_NONE && source->checksum.kind == there->object.checksum.kind) {
        return hw_checksum_equal(&source->checksum, &there->object.checksum);
    }
    return hw_s3_etag_md5(source->etag, &ours) && hw_s3_description_md5(there, &theirs) &&
           hw_checksum_equal(&ours, &theirs);
}

/*
 * Looks at the object after a reply that tells nothing for certain. HW_OK means that it is the
 * copy, HW_ECHANGED that it is another one, HW_ENOTFOUND that there is none.
 */
static enum hw_status copy_look(struct hw_s3_client *client, const struct hw_s3_copy_params *params,
                                const struct hw_s3_object *source, int64_t started_us, struct hw_s3_made *made) {
    HW_AUTO(hw_s3_description) there = {0};
    HW_TRY(hw_s3_object_describe(client, params->key, NULL, &there, NULL));
    if (!copy_is_there(source, &there, started_us)) {
        return HW_ECHANGED;
    }
    memcpy(made->etag, there.object.etag, sizeof(made->etag));
    made->checksum = there.object.checksum;
    return HW_OK;
}

enum hw_status hw_s3_object_copy(struct hw_s3_client *client, const struct hw_s3_copy_params *params,
                                 const struct hw_s3_object *source, struct hw_s3_made *out_made, struct hw_error *err) {
    HW_AUTO(hw_s3_call) call = {0};
    HW_AUTO(hw_http_response) response = {0};
    struct hw_s3_made made = {0};
    const int64_t started_us = hw_clock_now_us();
    HW_TRY(hw_s3_request_copy(&call.request, params, err));
    call.request.check = copy_check;
    call.request.check_ctx = &made;
    enum hw_status status = hw_s3_call_perform(client, &call, &response, err);
    if (hw_s3_outcome_unclear(status)) {
        const enum hw_status found = copy_look(client, params, source, started_us, &made);
        if (found == HW_ENOTFOUND && status == HW_EEXISTS) {
            return hw_fail(err, HW_ECHANGED, "CopyObject: the source was replaced before it was copied");
        }
        status = found == HW_OK ? HW_OK : status;
    }
    HW_TRY(status);
    *out_made = made;
    return HW_OK;
}

static enum hw_status made_read(struct hw_s3_made *made, const struct hw_http_response *response, const char *operation,
                                struct hw_error *err) {
    enum hw_status status = hw_s3_made_read(response, made, err);
    if (status) {
        hw_error_prefix(err, "%s", operation);
    }
    return status;
}

static enum hw_status copy_check(void *ctx, const struct hw_http_response *response, struct hw_error *err) {
    return made_read(ctx, response, "CopyObject", err);
}

static enum hw_status part_check(void *ctx, const struct hw_http_response *response, struct hw_error *err) {
    return made_read(ctx, response, "UploadPartCopy", err);
}

enum hw_status hw_s3_part_copy(const struct hw_s3_upload *upload, const struct hw_s3_copy_part_params *params,
                               struct hw_s3_part *out_part, struct hw_error *err) {
    HW_AUTO(hw_s3_call) call = {0};
    HW_AUTO(hw_http_response) response = {0};
    struct hw_s3_copy_part_params whole = *params;
    struct hw_s3_made made = {0};
    whole.key = upload->key;
    whole.upload_id = upload->id;
    HW_TRY(hw_s3_request_copy_part(&call.request, &whole, err));
    call.request.check = part_check;
    call.request.check_ctx = &made;
    HW_TRY(hw_s3_call_perform(upload->client, &call, &response, err));
    memcpy(out_part->etag, made.etag, sizeof(out_part->etag));
    out_part->checksum = made.checksum;
    return HW_OK;
}
