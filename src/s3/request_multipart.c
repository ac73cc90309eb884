/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/request_multipart.h"

#include <stdio.h>

#include "core/limits.h"
#include "net/xml.h"

/*
 * A service that puts parts together, or copies one, sends a blank now and then until it is done,
 * which may take minutes. It may be slow for so many timeouts.
 */
enum { COMPLETE_WINDOWS = 10 };

static enum hw_status part_begin(struct hw_s3_request *request, enum hw_s3_operation operation, const char *key,
                                 const char *upload_id, unsigned number, struct hw_error *err);
static enum hw_status complete_body_write(const struct hw_s3_complete_params *params, struct hw_buf *out,
                                          struct hw_error *err);
static enum hw_status complete_checksum_add(struct hw_s3_request *request, const struct hw_checksum *checksum,
                                            struct hw_error *err);

enum hw_status hw_s3_request_create_upload(struct hw_s3_request *request, const struct hw_s3_create_params *params,
                                           struct hw_error *err) {
    HW_TRY(hw_s3_request_begin(request, HW_S3_CREATE_UPLOAD, "POST", params->key, err));
    /* Without its id, an upload that was created could not be aborted. */
    request->must_end = true;
    HW_TRY(hw_s3_request_query(request, "uploads", "", err));
    HW_TRY(hw_s3_request_describe(request, params->headers, params->content_type, err));
    if (hw_checksum_element(params->checksum)[0] == '\0') {
        return HW_OK;
    }
    HW_TRY(hw_s3_headers_add(&request->headers, err, "x-amz-checksum-algorithm", "%s",
                             hw_checksum_algorithm(params->checksum)));
    return hw_s3_headers_add(&request->headers, err, "x-amz-checksum-type",
                             hw_checksum_is_crc(params->checksum) ? "FULL_OBJECT" : "COMPOSITE");
}

enum hw_status hw_s3_request_part(struct hw_s3_request *request, const struct hw_s3_part_params *params,
                                  struct hw_error *err) {
    HW_TRY(part_begin(request, HW_S3_UPLOAD_PART, params->key, params->upload_id, params->number, err));
    request->body = params->body;
    request->body_bytes = params->body_bytes;
    return hw_s3_request_checksum(request, &params->checksum, err);
}

enum hw_status hw_s3_request_copy_part(struct hw_s3_request *request, const struct hw_s3_copy_part_params *params,
                                       struct hw_error *err) {
    uint64_t end;
    if (!hw_add(params->offset, params->bytes, &end)) {
        return hw_fail(err, HW_EUSAGE, "a range of %" PRIu64 " bytes from offset %" PRIu64 " does not fit",
                       params->bytes, params->offset);
    }
    HW_TRY(part_begin(request, HW_S3_COPY_PART, params->key, params->upload_id, params->number, err));
    request->slow_windows = COMPLETE_WINDOWS;
    HW_TRY(hw_s3_request_copy_source(request, &params->source, err));
    if (params->bytes == 0) {
        return HW_OK;
    }
    return hw_s3_headers_add(&request->headers, err, "x-amz-copy-source-range", "bytes=%" PRIu64 "-%" PRIu64,
                             params->offset, end - 1);
}

static enum hw_status part_begin(struct hw_s3_request *request, enum hw_s3_operation operation, const char *key,
                                 const char *upload_id, unsigned number, struct hw_error *err) {
    char text[16];
    assert(number >= 1 && number <= HW_S3_PARTS_MAX);
    snprintf(text, sizeof(text), "%u", number);
    HW_TRY(hw_s3_request_begin(request, operation, "PUT", key, err));
    HW_TRY(hw_s3_request_query(request, "partNumber", text, err));
    return hw_s3_request_query(request, "uploadId", upload_id, err);
}

enum hw_status hw_s3_request_complete(struct hw_s3_request *request, const struct hw_s3_complete_params *params,
                                      struct hw_error *err) {
    HW_TRY(hw_s3_request_begin(request, HW_S3_COMPLETE_UPLOAD, "POST", params->key, err));
    request->slow_windows = COMPLETE_WINDOWS;
    HW_TRY(hw_s3_request_query(request, "uploadId", params->upload_id, err));
    HW_TRY(complete_body_write(params, &request->own_body, err));
    request->body = request->own_body.data;
    request->body_bytes = request->own_body.size;
    HW_TRY(hw_s3_headers_add(&request->headers, err, "Content-Type", "application/xml"));
    HW_TRY(params->no_checksums ? HW_OK : complete_checksum_add(request, &params->checksum, err));
    HW_TRY(hw_s3_headers_add(&request->headers, err, "x-amz-mp-object-size", "%" PRIu64, params->object_bytes));
    return hw_s3_request_condition(request, params->create_only, params->if_match, err);
}

/* The service makes the checksum of the parts' checksums itself, and tells it. */
static enum hw_status complete_checksum_add(struct hw_s3_request *request, const struct hw_checksum *checksum,
                                            struct hw_error *err) {
    if (hw_checksum_element(checksum->kind)[0] == '\0') {
        return HW_OK;
    }
    if (checksum->parts > 0) {
        return hw_s3_headers_add(&request->headers, err, "x-amz-checksum-type", "COMPOSITE");
    }
    HW_TRY(hw_s3_request_checksum(request, checksum, err));
    return hw_s3_headers_add(&request->headers, err, "x-amz-checksum-type", "FULL_OBJECT");
}

enum hw_status hw_s3_request_abort(struct hw_s3_request *request, const char *key, const char *upload_id,
                                   struct hw_error *err) {
    HW_TRY(hw_s3_request_begin(request, HW_S3_ABORT_UPLOAD, "DELETE", key, err));
    /* A stopped run must not leave an upload that is paid for. */
    request->must_end = true;
    return hw_s3_request_query(request, "uploadId", upload_id, err);
}

static enum hw_status complete_body_write(const struct hw_s3_complete_params *params, struct hw_buf *out,
                                          struct hw_error *err) {
    HW_TRY(hw_buf_append_text(out, "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">", err));
    for (size_t i = 0; i < params->parts_count; i++) {
        const struct hw_checksum *checksum = &params->parts[i].checksum;
        const char *element = params->no_checksums ? "" : hw_checksum_element(checksum->kind);
        char text[HW_CHECKSUM_TEXT_BYTES];
        HW_TRY(hw_buf_printf(out, err, "<Part><PartNumber>%zu</PartNumber><ETag>", i + 1));
        HW_TRY(hw_xml_escape(hw_view_of(params->parts[i].etag), out, err));
        HW_TRY(hw_buf_append_text(out, "</ETag>", err));
        if (element[0]) {
            HW_TRY(hw_buf_printf(out, err, "<%s>%s</%s>", element, hw_checksum_text(checksum, text), element));
        }
        HW_TRY(hw_buf_append_text(out, "</Part>", err));
    }
    return hw_buf_append_text(out, "</CompleteMultipartUpload>", err);
}
