/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/request_bucket.h"

#include <stdio.h>

#include "codec/checksum.h"
#include "core/limits.h"
#include "net/xml.h"

#define NAMESPACE "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\""

/* Adds a parameter that has a value. */
static enum hw_status given_add(struct hw_s3_request *request, const char *name, const char *value,
                                struct hw_error *err) {
    return value && value[0] ? hw_s3_request_query(request, name, value, err) : HW_OK;
}

static enum hw_status number_add(struct hw_s3_request *request, const char *name, unsigned number,
                                 struct hw_error *err) {
    char text[16];
    snprintf(text, sizeof(text), "%u", number);
    return number > 0 ? hw_s3_request_query(request, name, text, err) : HW_OK;
}

/* The body is built already. */
static void body_set(struct hw_s3_request *request) {
    request->body = request->own_body.data;
    request->body_bytes = request->own_body.size;
}

enum hw_status hw_s3_request_list(struct hw_s3_request *request, const struct hw_s3_list_params *params,
                                  struct hw_error *err) {
    HW_TRY(hw_s3_request_begin(request, HW_S3_LIST_OBJECTS, "GET", NULL, err));
    HW_TRY(hw_s3_request_query(request, "list-type", "2", err));
    /* Keys may hold bytes that XML cannot. */
    HW_TRY(hw_s3_request_query(request, "encoding-type", "url", err));
    HW_TRY(number_add(request, "max-keys", params->keys_max, err));
    HW_TRY(given_add(request, "prefix", params->prefix, err));
    HW_TRY(given_add(request, "delimiter", params->delimiter, err));
    HW_TRY(given_add(request, "start-after", params->start_after, err));
    return given_add(request, "continuation-token", params->token, err);
}

/* `what` is the parameter without a value that stands for the operation. */
static enum hw_status markers_build(struct hw_s3_request *request, enum hw_s3_operation operation, const char *what,
                                    const struct hw_s3_marker_params *params, struct hw_error *err) {
    HW_TRY(hw_s3_request_begin(request, operation, "GET", NULL, err));
    HW_TRY(hw_s3_request_query(request, what, "", err));
    HW_TRY(hw_s3_request_query(request, "encoding-type", "url", err));
    HW_TRY(given_add(request, "prefix", params->prefix, err));
    HW_TRY(given_add(request, "delimiter", params->delimiter, err));
    return given_add(request, "key-marker", params->key_marker, err);
}

enum hw_status hw_s3_request_versions(struct hw_s3_request *request, const struct hw_s3_marker_params *params,
                                      struct hw_error *err) {
    HW_TRY(markers_build(request, HW_S3_LIST_VERSIONS, "versions", params, err));
    return given_add(request, "version-id-marker", params->id_marker, err);
}

enum hw_status hw_s3_request_uploads(struct hw_s3_request *request, const struct hw_s3_marker_params *params,
                                     struct hw_error *err) {
    HW_TRY(markers_build(request, HW_S3_LIST_UPLOADS, "uploads", params, err));
    return given_add(request, "upload-id-marker", params->id_marker, err);
}

enum hw_status hw_s3_request_parts(struct hw_s3_request *request, const char *key, const char *upload_id,
                                   unsigned after, struct hw_error *err) {
    HW_TRY(hw_s3_request_begin(request, HW_S3_LIST_PARTS, "GET", key, err));
    HW_TRY(hw_s3_request_query(request, "uploadId", upload_id, err));
    return number_add(request, "part-number-marker", after, err);
}

enum hw_status hw_s3_request_buckets(struct hw_s3_request *request, const char *token, struct hw_error *err) {
    HW_TRY(hw_s3_request_begin(request, HW_S3_LIST_BUCKETS, "GET", NULL, err));
    return given_add(request, "continuation-token", token, err);
}

enum hw_status hw_s3_request_create_bucket(struct hw_s3_request *request, const char *region, struct hw_error *err) {
    HW_TRY(hw_s3_request_begin(request, HW_S3_CREATE_BUCKET, "PUT", NULL, err));
    request->control = true;
    if (strcmp(region, "us-east-1") == 0) {
        return HW_OK;
    }
    HW_TRY(hw_buf_printf(&request->own_body, err,
                         "<CreateBucketConfiguration " NAMESPACE "><LocationConstraint>%s</LocationConstraint>"
                         "</CreateBucketConfiguration>",
                         region));
    body_set(request);
    return hw_s3_headers_add(&request->headers, err, "Content-Type", "application/xml");
}

/* The id of an availability zone is like "use1-az4", that of a local zone like "usw2-lax1-az1". */
enum hw_status hw_s3_request_create_directory(struct hw_s3_request *request, hw_view zone, struct hw_error *err) {
    const char *dash = memchr(zone.data, '-', zone.size);
    const size_t behind = dash ? zone.size - (size_t)(dash - zone.data) - 1 : 0;
    const char *type = behind > 0 && memchr(dash + 1, '-', behind) ? "LocalZone" : "AvailabilityZone";
    HW_TRY(hw_s3_request_begin(request, HW_S3_CREATE_BUCKET, "PUT", NULL, err));
    request->control = true;
    HW_TRY(hw_buf_printf(&request->own_body, err,
                         "<CreateBucketConfiguration " NAMESPACE
                         "><Location><Type>%s</Type><Name>%.*s</Name></Location>"
                         "<Bucket><DataRedundancy>Single%s</DataRedundancy><Type>Directory</Type></Bucket>"
                         "</CreateBucketConfiguration>",
                         type, (int)zone.size, zone.data, type));
    body_set(request);
    return hw_s3_headers_add(&request->headers, err, "Content-Type", "application/xml");
}

enum hw_status hw_s3_request_delete_bucket(struct hw_s3_request *request, struct hw_error *err) {
    request->control = true;
    return hw_s3_request_begin(request, HW_S3_DELETE_BUCKET, "DELETE", NULL, err);
}

static enum hw_status element_append(struct hw_buf *body, const char *begin, const char *text, const char *end,
                                     struct hw_error *err) {
    HW_TRY(hw_buf_append_text(body, begin, err));
    HW_TRY(hw_xml_escape(hw_view_of(text), body, err));
    return hw_buf_append_text(body, end, err);
}

enum hw_status hw_s3_request_delete_many(struct hw_s3_request *request, const struct hw_s3_doomed *objects,
                                         size_t count, struct hw_error *err) {
    struct hw_buf *body = &request->own_body;
    assert(count > 0 && count <= HW_S3_DELETE_KEYS_MAX);
    HW_TRY(hw_s3_request_begin(request, HW_S3_DELETE_OBJECTS, "POST", NULL, err));
    HW_TRY(hw_s3_request_query(request, "delete", "", err));
    HW_TRY(hw_buf_append_text(body, "<Delete " NAMESPACE ">", err));
    for (size_t i = 0; i < count; i++) {
        HW_TRY(element_append(body, "<Object><Key>", objects[i].key, "</Key>", err));
        if (objects[i].version_id) {
            HW_TRY(element_append(body, "<VersionId>", objects[i].version_id, "</VersionId>", err));
        }
        HW_TRY(hw_buf_append_text(body, "</Object>", err));
    }
    HW_TRY(hw_buf_append_text(body, "</Delete>", err));
    body_set(request);
    HW_TRY(hw_s3_headers_add(&request->headers, err, "Content-Type", "application/xml"));
    /* MD5 is the one checksum of a body that every service knows, and S3 demands one. */
    const struct hw_checksum sum = hw_checksum_of(HW_CHECKSUM_MD5, request->body, request->body_bytes);
    return hw_s3_request_checksum(request, &sum, err);
}
