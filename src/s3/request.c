/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/request.h"

#include <stdarg.h>
#include <stdio.h>

#include "codec/checksum.h"
#include "core/alloc.h"
#include "core/limits.h"
#include "net/uri.h"
#include "net/xml.h"
#include "s3/reply.h"

/*
 * A service that puts parts together sends a blank now and then until it is done, which may take
 * minutes. It may be slow for so many timeouts.
 */
enum { COMPLETE_WINDOWS = 10 };

static enum hw_status request_begin(struct hw_s3_request *request, enum hw_s3_operation operation, const char *method,
                                    const char *key, struct hw_error *err);
static enum hw_status query_add(struct hw_s3_request *request, const char *name, const char *value,
                                struct hw_error *err);
static enum hw_status header_add(struct hw_s3_request *request, struct hw_error *err, const char *name,
                                 const char *format, ...) HW_PRINTF(4, 5);
static enum hw_status crc_header_add(struct hw_s3_request *request, uint64_t crc64nvme, struct hw_error *err);
static enum hw_status condition_add(struct hw_s3_request *request, bool create_only, const char *if_match,
                                    struct hw_error *err);
static enum hw_status complete_body_write(const struct hw_s3_complete_params *params, struct hw_buf *out,
                                          struct hw_error *err);

void hw_s3_request_release(struct hw_s3_request *request) {
    hw_buf_release(&request->path);
    hw_buf_release(&request->query);
    hw_buf_release(&request->own_body);
    hw_arena_release(&request->texts);
    hw_free(request->key);
    *request = (struct hw_s3_request){0};
}

enum hw_status hw_s3_request_list(struct hw_s3_request *request, const struct hw_s3_list_params *params,
                                  struct hw_error *err) {
    HW_TRY(request_begin(request, HW_S3_LIST_OBJECTS, "GET", NULL, err));
    HW_TRY(query_add(request, "list-type", "2", err));
    /* Keys may hold bytes that XML cannot. */
    HW_TRY(query_add(request, "encoding-type", "url", err));
    if (params->keys_max > 0) {
        char count[16];
        snprintf(count, sizeof(count), "%u", params->keys_max);
        HW_TRY(query_add(request, "max-keys", count, err));
    }
    if (params->prefix && params->prefix[0]) {
        HW_TRY(query_add(request, "prefix", params->prefix, err));
    }
    return params->token ? query_add(request, "continuation-token", params->token, err) : HW_OK;
}

enum hw_status hw_s3_request_head(struct hw_s3_request *request, const char *key, struct hw_error *err) {
    HW_TRY(request_begin(request, HW_S3_HEAD_OBJECT, "HEAD", key, err));
    return header_add(request, err, "x-amz-checksum-mode", "ENABLED");
}

enum hw_status hw_s3_request_get(struct hw_s3_request *request, const char *key, const struct hw_s3_range *range,
                                 struct hw_error *err) {
    uint64_t end;
    assert(range->bytes > 0);
    if (!hw_add(range->offset, range->bytes, &end)) {
        return hw_fail(err, HW_EUSAGE, "a range of %" PRIu64 " bytes from offset %" PRIu64 " does not fit",
                       range->bytes, range->offset);
    }
    HW_TRY(request_begin(request, HW_S3_GET_OBJECT, "GET", key, err));
    request->on_precondition = HW_ECHANGED;
    HW_TRY(header_add(request, err, "Range", "bytes=%" PRIu64 "-%" PRIu64, range->offset, end - 1));
    if (range->etag && range->etag[0]) {
        HW_TRY(header_add(request, err, "If-Match", "%s", range->etag));
    }
    return header_add(request, err, "x-amz-checksum-mode", "ENABLED");
}

enum hw_status hw_s3_request_put(struct hw_s3_request *request, const struct hw_s3_put_params *params,
                                 struct hw_error *err) {
    HW_TRY(request_begin(request, HW_S3_PUT_OBJECT, "PUT", params->key, err));
    request->body = params->body;
    request->body_bytes = params->body_bytes;
    HW_TRY(header_add(request, err, "Content-Type", "%s",
                      params->content_type ? params->content_type : "application/octet-stream"));
    HW_TRY(crc_header_add(request, params->crc64nvme, err));
    return condition_add(request, params->create_only, params->if_match, err);
}

enum hw_status hw_s3_request_create_upload(struct hw_s3_request *request, const char *key, const char *content_type,
                                           struct hw_error *err) {
    HW_TRY(request_begin(request, HW_S3_CREATE_UPLOAD, "POST", key, err));
    /* Without its id, an upload that was created could not be aborted. */
    request->must_end = true;
    HW_TRY(query_add(request, "uploads", "", err));
    HW_TRY(header_add(request, err, "Content-Type", "%s", content_type ? content_type : "application/octet-stream"));
    HW_TRY(header_add(request, err, "x-amz-checksum-algorithm", "CRC64NVME"));
    return header_add(request, err, "x-amz-checksum-type", "FULL_OBJECT");
}

enum hw_status hw_s3_request_part(struct hw_s3_request *request, const struct hw_s3_part_params *params,
                                  struct hw_error *err) {
    char number[16];
    assert(params->number >= 1 && params->number <= HW_S3_PARTS_MAX);
    snprintf(number, sizeof(number), "%u", params->number);
    HW_TRY(request_begin(request, HW_S3_UPLOAD_PART, "PUT", params->key, err));
    HW_TRY(query_add(request, "partNumber", number, err));
    HW_TRY(query_add(request, "uploadId", params->upload_id, err));
    request->body = params->body;
    request->body_bytes = params->body_bytes;
    return crc_header_add(request, params->crc64nvme, err);
}

enum hw_status hw_s3_request_complete(struct hw_s3_request *request, const struct hw_s3_complete_params *params,
                                      struct hw_error *err) {
    HW_TRY(request_begin(request, HW_S3_COMPLETE_UPLOAD, "POST", params->key, err));
    request->slow_windows = COMPLETE_WINDOWS;
    HW_TRY(query_add(request, "uploadId", params->upload_id, err));
    HW_TRY(complete_body_write(params, &request->own_body, err));
    request->body = request->own_body.data;
    request->body_bytes = request->own_body.size;
    HW_TRY(header_add(request, err, "Content-Type", "application/xml"));
    HW_TRY(crc_header_add(request, params->crc64nvme, err));
    HW_TRY(header_add(request, err, "x-amz-checksum-type", "FULL_OBJECT"));
    HW_TRY(header_add(request, err, "x-amz-mp-object-size", "%" PRIu64, params->object_bytes));
    return condition_add(request, params->create_only, params->if_match, err);
}

enum hw_status hw_s3_request_abort(struct hw_s3_request *request, const char *key, const char *upload_id,
                                   struct hw_error *err) {
    HW_TRY(request_begin(request, HW_S3_ABORT_UPLOAD, "DELETE", key, err));
    /* A stopped run must not leave an upload that is paid for. */
    request->must_end = true;
    return query_add(request, "uploadId", upload_id, err);
}

enum hw_status hw_s3_request_create_session(struct hw_s3_request *request, bool read_only, struct hw_error *err) {
    HW_TRY(request_begin(request, HW_S3_CREATE_SESSION, "GET", NULL, err));
    HW_TRY(query_add(request, "session", "", err));
    return header_add(request, err, "x-amz-create-session-mode", "%s", read_only ? "ReadOnly" : "ReadWrite");
}

enum hw_status hw_s3_request_delete(struct hw_s3_request *request, const char *key, struct hw_error *err) {
    return request_begin(request, HW_S3_DELETE_OBJECT, "DELETE", key, err);
}

static enum hw_status request_begin(struct hw_s3_request *request, enum hw_s3_operation operation, const char *method,
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

static enum hw_status query_add(struct hw_s3_request *request, const char *name, const char *value,
                                struct hw_error *err) {
    struct hw_buf *query = &request->query;
    HW_TRY(hw_buf_printf(query, err, "%s%s=", query->size > 0 ? "&" : "", name));
    HW_TRY(hw_uri_encode(hw_view_of(value), false, query, err));
    return hw_buf_end_text(query, err);
}

static enum hw_status header_add(struct hw_s3_request *request, struct hw_error *err, const char *name,
                                 const char *format, ...) {
    va_list args;
    va_start(args, format);
    int bytes = vsnprintf(NULL, 0, format, args);
    va_end(args);
    assert(bytes >= 0 && request->headers_count < HW_S3_HEADERS_MAX);
    char *value = hw_arena_alloc(&request->texts, (size_t)bytes + 1);
    if (!value) {
        return hw_fail_nomem(err, (size_t)bytes + 1);
    }
    va_start(args, format);
    vsnprintf(value, (size_t)bytes + 1, format, args);
    va_end(args);
    request->headers[request->headers_count++] = (struct hw_sigv4_header){name, value};
    return HW_OK;
}

static enum hw_status crc_header_add(struct hw_s3_request *request, uint64_t crc64nvme, struct hw_error *err) {
    char text[HW_CHECKSUM_TEXT_BYTES];
    const struct hw_checksum checksum = {HW_CHECKSUM_CRC64NVME, crc64nvme};
    return header_add(request, err, "x-amz-checksum-crc64nvme", "%s", hw_checksum_text(&checksum, text));
}

static enum hw_status condition_add(struct hw_s3_request *request, bool create_only, const char *if_match,
                                    struct hw_error *err) {
    if (create_only) {
        request->on_precondition = HW_EEXISTS;
        return header_add(request, err, "If-None-Match", "*");
    }
    if (if_match) {
        request->on_precondition = HW_ECHANGED;
        return header_add(request, err, "If-Match", "%s", if_match);
    }
    return HW_OK;
}

static enum hw_status complete_body_write(const struct hw_s3_complete_params *params, struct hw_buf *out,
                                          struct hw_error *err) {
    HW_TRY(hw_buf_append_text(out, "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">", err));
    for (size_t i = 0; i < params->parts_count; i++) {
        char crc[HW_CHECKSUM_TEXT_BYTES];
        const struct hw_checksum checksum = {HW_CHECKSUM_CRC64NVME, params->parts[i].crc64nvme};
        HW_TRY(hw_buf_printf(out, err, "<Part><PartNumber>%zu</PartNumber><ETag>", i + 1));
        HW_TRY(hw_xml_escape(hw_view_of(params->parts[i].etag), out, err));
        HW_TRY(hw_buf_printf(out, err, "</ETag><ChecksumCRC64NVME>%s</ChecksumCRC64NVME></Part>",
                             hw_checksum_text(&checksum, crc)));
    }
    return hw_buf_append_text(out, "</CompleteMultipartUpload>", err);
}
