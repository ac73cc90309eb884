/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/request_write.h"

#include "aws/arn.h"
#include "net/uri.h"
#include "s3/sse_key.h"
#include "s3/tagging.h"

/*
 * A service that copies an object sends a blank now and then until it is done, which may take
 * minutes. It may be slow for so many timeouts.
 */
enum { COPY_WINDOWS = 10 };

enum hw_status hw_s3_request_put(struct hw_s3_request *request, const struct hw_s3_put_params *params,
                                 struct hw_error *err) {
    HW_TRY(hw_s3_request_begin(request, HW_S3_PUT_OBJECT, "PUT", params->key, err));
    request->body = params->body;
    request->body_bytes = params->body_bytes;
    HW_TRY(hw_s3_request_describe(request, params->headers, params->content_type, err));
    HW_TRY(hw_s3_request_checksum(request, &params->checksum, err));
    return hw_s3_request_condition(request, params->create_only, params->if_match, err);
}

enum hw_status hw_s3_request_describe(struct hw_s3_request *request, const struct hw_s3_headers *headers,
                                      const char *content_type, struct hw_error *err) {
    if (!hw_s3_headers_find(headers, "Content-Type")) {
        HW_TRY(hw_s3_headers_add(&request->headers, err, "Content-Type", "%s",
                                 content_type ? content_type : "application/octet-stream"));
    }
    return hw_s3_headers_append(&request->headers, headers, err);
}

enum hw_status hw_s3_request_copy(struct hw_s3_request *request, const struct hw_s3_copy_params *params,
                                  struct hw_error *err) {
    struct hw_s3_headers *headers = &request->headers;
    HW_TRY(hw_s3_request_begin(request, HW_S3_COPY_OBJECT, "PUT", params->key, err));
    request->slow_windows = COPY_WINDOWS;
    HW_TRY(hw_s3_request_copy_source(request, &params->source, err));
    HW_TRY(hw_s3_headers_add(headers, err, "x-amz-metadata-directive", "%s",
                             params->replaces_metadata ? "REPLACE" : "COPY"));
    HW_TRY(
        hw_s3_headers_add(headers, err, "x-amz-tagging-directive", "%s", params->replaces_tags ? "REPLACE" : "COPY"));
    if (params->replaces_metadata) {
        HW_TRY(hw_s3_request_describe(request, params->headers, params->content_type, err));
    } else {
        HW_TRY(hw_s3_headers_append(headers, params->headers, err));
    }
    if (params->checksum != HW_CHECKSUM_NONE) {
        HW_TRY(
            hw_s3_headers_add(headers, err, "x-amz-checksum-algorithm", "%s", hw_checksum_algorithm(params->checksum)));
    }
    return hw_s3_request_condition(request, params->create_only, params->if_match, err);
}

enum hw_status hw_s3_request_copy_source(struct hw_s3_request *request, const struct hw_s3_copy_source *source,
                                         struct hw_error *err) {
    struct hw_s3_headers *headers = &request->headers;
    HW_AUTO(hw_buf) path = {0};
    HW_TRY(hw_uri_encode(hw_view_of(source->bucket), true, &path, err));
    HW_TRY(hw_buf_append_text(&path, hw_arn_like(hw_view_of(source->bucket)) ? "/object/" : "/", err));
    HW_TRY(hw_uri_encode(hw_view_of(source->key), true, &path, err));
    if (source->version_id) {
        HW_TRY(hw_buf_append_text(&path, "?versionId=", err));
        HW_TRY(hw_uri_encode(hw_view_of(source->version_id), false, &path, err));
    }
    HW_TRY(hw_buf_end_text(&path, err));
    HW_TRY(hw_s3_headers_add(headers, err, "x-amz-copy-source", "%s", (const char *)path.data));
    if (source->etag && source->etag[0]) {
        request->on_precondition = HW_ECHANGED;
        HW_TRY(hw_s3_headers_add(headers, err, "x-amz-copy-source-if-match", "%s", source->etag));
    }
    return source->sse_key ? hw_s3_sse_key_add(source->sse_key, true, headers, err) : HW_OK;
}

enum hw_status hw_s3_request_put_tagging(struct hw_s3_request *request, const char *key, const char *version_id,
                                         const char *tagging, struct hw_error *err) {
    HW_TRY(hw_s3_request_begin(request, HW_S3_PUT_TAGGING, "PUT", key, err));
    HW_TRY(hw_s3_request_query(request, "tagging", "", err));
    HW_TRY(hw_s3_request_version(request, version_id, err));
    HW_TRY(hw_s3_tagging_write(tagging, &request->own_body, err));
    request->body = request->own_body.data;
    request->body_bytes = request->own_body.size;
    HW_TRY(hw_s3_headers_add(&request->headers, err, "Content-Type", "application/xml"));
    /* S3 demands a checksum of this body, and every service knows this one. */
    const struct hw_checksum md5 = hw_checksum_of(HW_CHECKSUM_MD5, request->body, request->body_bytes);
    return hw_s3_request_checksum(request, &md5, err);
}

enum hw_status hw_s3_request_delete(struct hw_s3_request *request, const char *key, const char *version_id,
                                    struct hw_error *err) {
    HW_TRY(hw_s3_request_begin(request, HW_S3_DELETE_OBJECT, "DELETE", key, err));
    return hw_s3_request_version(request, version_id, err);
}
