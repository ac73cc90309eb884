/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/request.h"

#include <stdio.h>

#include "core/alloc.h"
#include "core/limits.h"
#include "net/uri.h"

void hw_s3_request_release(struct hw_s3_request *request) {
    hw_buf_release(&request->path);
    hw_buf_release(&request->query);
    hw_buf_release(&request->own_body);
    hw_s3_headers_release(&request->headers);
    hw_free(request->key);
    *request = (struct hw_s3_request){0};
}

enum hw_status hw_s3_request_begin(struct hw_s3_request *request, enum hw_s3_operation operation, const char *method,
                                   const char *key, struct hw_error *err) {
    request->rule = &hw_s3_reply_rules[operation];
    request->method = method;
    request->on_precondition = HW_EFAILED;
    HW_TRY(hw_buf_end_text(&request->path, err));
    HW_TRY(hw_buf_end_text(&request->query, err));
    if (!key) {
        return HW_OK;
    }
    size_t bytes = strlen(key);
    if (bytes == 0) {
        return hw_fail(err, HW_EUSAGE, "an object needs a name");
    }
    if (bytes > HW_S3_KEY_BYTES_MAX) {
        return hw_fail(err, HW_ELIMIT, "the name of an object has %zu bytes, S3 allows %u", bytes, HW_S3_KEY_BYTES_MAX);
    }
    request->key = hw_strdup(key);
    if (!request->key) {
        return hw_fail_nomem(err, bytes + 1);
    }
    HW_TRY(hw_buf_append_byte(&request->path, '/', err));
    HW_TRY(hw_uri_encode(hw_view_of(key), true, &request->path, err));
    return hw_buf_end_text(&request->path, err);
}

enum hw_status hw_s3_request_query(struct hw_s3_request *request, const char *name, const char *value,
                                   struct hw_error *err) {
    struct hw_buf *query = &request->query;
    HW_TRY(hw_buf_printf(query, err, "%s%s=", query->size > 0 ? "&" : "", name));
    HW_TRY(hw_uri_encode(hw_view_of(value), false, query, err));
    return hw_buf_end_text(query, err);
}

enum hw_status hw_s3_request_version(struct hw_s3_request *request, const char *version_id, struct hw_error *err) {
    return version_id ? hw_s3_request_query(request, "versionId", version_id, err) : HW_OK;
}

enum hw_status hw_s3_request_checksum(struct hw_s3_request *request, const struct hw_checksum *checksum,
                                      struct hw_error *err) {
    char text[HW_CHECKSUM_TEXT_BYTES];
    if (checksum->kind == HW_CHECKSUM_NONE) {
        return HW_OK;
    }
    return hw_s3_headers_add(&request->headers, err, hw_checksum_header(checksum->kind), "%s",
                             hw_checksum_text(checksum, text));
}

enum hw_status hw_s3_request_condition(struct hw_s3_request *request, bool create_only, const char *if_match,
                                       struct hw_error *err) {
    if (create_only) {
        request->on_precondition = HW_EEXISTS;
        return hw_s3_headers_add(&request->headers, err, "If-None-Match", "*");
    }
    if (if_match) {
        request->on_precondition = HW_ECHANGED;
        return hw_s3_headers_add(&request->headers, err, "If-Match", "%s", if_match);
    }
    return HW_OK;
}
