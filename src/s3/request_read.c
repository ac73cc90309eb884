/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/request_read.h"

#include <stdio.h>

enum hw_status hw_s3_request_head(struct hw_s3_request *request, const char *key, const char *version_id,
                                  struct hw_error *err) {
    HW_TRY(hw_s3_request_begin(request, HW_S3_HEAD_OBJECT, "HEAD", key, err));
    HW_TRY(hw_s3_request_version(request, version_id, err));
    return hw_s3_headers_add(&request->headers, err, "x-amz-checksum-mode", "ENABLED");
}

enum hw_status hw_s3_request_head_part(struct hw_s3_request *request, const char *key, unsigned part,
                                       struct hw_error *err) {
    char number[16];
    HW_TRY(hw_s3_request_begin(request, HW_S3_HEAD_PART, "HEAD", key, err));
    snprintf(number, sizeof(number), "%u", part);
    return hw_s3_request_query(request, "partNumber", number, err);
}

enum hw_status hw_s3_request_get(struct hw_s3_request *request, const char *key, const struct hw_s3_range *range,
                                 struct hw_error *err) {
    uint64_t end;
    if (!hw_add(range->offset, range->bytes, &end)) {
        return hw_fail(err, HW_EUSAGE, "a range of %" PRIu64 " bytes from offset %" PRIu64 " does not fit",
                       range->bytes, range->offset);
    }
    HW_TRY(hw_s3_request_begin(request, HW_S3_GET_OBJECT, "GET", key, err));
    HW_TRY(hw_s3_request_version(request, range->version_id, err));
    request->on_precondition = HW_ECHANGED;
    if (range->from_end) {
        HW_TRY(hw_s3_headers_add(&request->headers, err, "Range", "bytes=-%" PRIu64, range->bytes));
    } else if (range->bytes > 0) {
        HW_TRY(
            hw_s3_headers_add(&request->headers, err, "Range", "bytes=%" PRIu64 "-%" PRIu64, range->offset, end - 1));
    }
    if (range->etag && range->etag[0]) {
        HW_TRY(hw_s3_headers_add(&request->headers, err, "If-Match", "%s", range->etag));
    }
    return hw_s3_headers_add(&request->headers, err, "x-amz-checksum-mode", "ENABLED");
}

enum hw_status hw_s3_request_get_tagging(struct hw_s3_request *request, const char *key, const char *version_id,
                                         struct hw_error *err) {
    HW_TRY(hw_s3_request_begin(request, HW_S3_GET_TAGGING, "GET", key, err));
    HW_TRY(hw_s3_request_query(request, "tagging", "", err));
    return hw_s3_request_version(request, version_id, err);
}

enum hw_status hw_s3_request_attributes(struct hw_s3_request *request, const struct hw_s3_attributes_params *params,
                                        struct hw_error *err) {
    struct hw_s3_headers *headers = &request->headers;
    HW_TRY(hw_s3_request_begin(request, HW_S3_GET_ATTRIBUTES, "GET", params->key, err));
    HW_TRY(hw_s3_request_query(request, "attributes", "", err));
    HW_TRY(hw_s3_request_version(request, params->version_id, err));
    HW_TRY(hw_s3_headers_add(headers, err, "x-amz-object-attributes", "ETag,Checksum,ObjectParts,ObjectSize"));
    if (params->part_marker > 0) {
        HW_TRY(hw_s3_headers_add(headers, err, "x-amz-part-number-marker", "%u", params->part_marker));
    }
    return HW_OK;
}
