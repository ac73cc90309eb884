/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/reply.h"

#include <stdio.h>

#include "net/xml.h"
#include "s3/facts.h"

const struct hw_s3_reply_rule hw_s3_reply_rules[] = {
    [HW_S3_LIST_OBJECTS] = {"ListObjectsV2", HW_REQUEST_LIST, "ListBucketResult", HW_S3_BODY_XML, {200}, false, false},
    [HW_S3_HEAD_OBJECT] = {"HeadObject", HW_REQUEST_GET, "", HW_S3_BODY_NONE, {200}, true, false},
    [HW_S3_GET_OBJECT] = {"GetObject", HW_REQUEST_GET, "", HW_S3_BODY_OBJECT, {206, 200}, true, false},
    [HW_S3_PUT_OBJECT] = {"PutObject", HW_REQUEST_PUT, "", HW_S3_BODY_NONE, {200}, true, false},
    [HW_S3_DELETE_OBJECT] = {"DeleteObject", HW_REQUEST_DELETE, "", HW_S3_BODY_NONE, {204, 200}, false, false},
    [HW_S3_CREATE_UPLOAD] =
        {"CreateMultipartUpload", HW_REQUEST_PUT, "InitiateMultipartUploadResult", HW_S3_BODY_XML, {200}, false, false},
    [HW_S3_UPLOAD_PART] = {"UploadPart", HW_REQUEST_PUT, "", HW_S3_BODY_NONE, {200}, true, false},
    [HW_S3_COMPLETE_UPLOAD] = {"CompleteMultipartUpload",
                               HW_REQUEST_PUT,
                               "CompleteMultipartUploadResult",
                               HW_S3_BODY_XML,
                               {200},
                               false,
                               true},
    [HW_S3_ABORT_UPLOAD] = {"AbortMultipartUpload", HW_REQUEST_DELETE, "", HW_S3_BODY_NONE, {204, 200}, false, false},
    [HW_S3_LIST_VERSIONS] =
        {"ListObjectVersions", HW_REQUEST_LIST, "ListVersionsResult", HW_S3_BODY_XML, {200}, false, false},
    [HW_S3_LIST_UPLOADS] =
        {"ListMultipartUploads", HW_REQUEST_LIST, "ListMultipartUploadsResult", HW_S3_BODY_XML, {200}, false, false},
    [HW_S3_LIST_PARTS] = {"ListParts", HW_REQUEST_LIST, "ListPartsResult", HW_S3_BODY_XML, {200}, false, false},
    [HW_S3_DELETE_OBJECTS] = {"DeleteObjects", HW_REQUEST_DELETE, "DeleteResult", HW_S3_BODY_XML, {200}, false, true},
    [HW_S3_LIST_BUCKETS] =
        {"ListBuckets", HW_REQUEST_LIST, "ListAllMyBucketsResult", HW_S3_BODY_XML, {200}, false, false},
    [HW_S3_CREATE_BUCKET] = {"CreateBucket", HW_REQUEST_PUT, "", HW_S3_BODY_NONE, {200}, false, false},
    [HW_S3_DELETE_BUCKET] = {"DeleteBucket", HW_REQUEST_DELETE, "", HW_S3_BODY_NONE, {204, 200}, false, false},
    [HW_S3_COPY_OBJECT] = {"CopyObject", HW_REQUEST_PUT, "CopyObjectResult", HW_S3_BODY_XML, {200}, false, true},
    [HW_S3_COPY_PART] = {"UploadPartCopy", HW_REQUEST_PUT, "CopyPartResult", HW_S3_BODY_XML, {200}, false, true},
    [HW_S3_GET_TAGGING] = {"GetObjectTagging", HW_REQUEST_GET, "Tagging", HW_S3_BODY_XML, {200}, false, false},
    [HW_S3_PUT_TAGGING] = {"PutObjectTagging", HW_REQUEST_PUT, "", HW_S3_BODY_NONE, {200, 204}, false, false},
    /* Services that do not know the operation send the object itself: s3/attributes looks. */
    [HW_S3_GET_ATTRIBUTES] = {"GetObjectAttributes", HW_REQUEST_GET, "", HW_S3_BODY_OBJECT, {200}, false, false},
    [HW_S3_CREATE_SESSION] =
        {"CreateSession", HW_REQUEST_GET, "CreateSessionResult", HW_S3_BODY_XML, {200}, false, false, .secret = true},
    /* Services that know no parts of an object tell of the whole. */
    [HW_S3_HEAD_PART] = {"HeadObject", HW_REQUEST_GET, "", HW_S3_BODY_NONE, {206, 200}, true, false},
};

static enum hw_status error_inside(const struct hw_s3_reply_rule *rule, struct hw_s3_fault *fault,
                                   struct hw_error *err);
static enum hw_status reply_fail(const struct hw_s3_reply_rule *rule, struct hw_s3_fault *fault, hw_view body,
                                 const char *what, struct hw_error *err);

static bool status_good(const struct hw_s3_reply_rule *rule, int status) {
    return status == rule->statuses[0] || (rule->statuses[1] > 0 && status == rule->statuses[1]);
}

static bool etag_there(const struct hw_http_response *response) {
    char bare[HW_S3_ETAG_BYTES];
    struct hw_s3_object object;
    if (hw_s3_object_read(response, &object, NULL) != HW_OK) {
        /* The ETag is too long. Its reader will refuse it with better words. */
        return true;
    }
    hw_s3_etag_bare(object.etag, bare);
    return bare[0] != '\0';
}

enum hw_status hw_s3_reply_check(const struct hw_s3_reply_rule *rule, const struct hw_http_response *response,
                                 hw_view body, enum hw_status on_precondition, struct hw_s3_fault *out_fault,
                                 struct hw_error *err) {
    if (response->status < 200 || response->status > 299) {
        hw_s3_fault_read(response, on_precondition, out_fault);
        return hw_s3_fault_fail(out_fault, rule->operation, err);
    }
    hw_view root = rule->body == HW_S3_BODY_OBJECT ? HW_VIEW("") : hw_xml_root_name(body);
    if (hw_view_equal(root, HW_VIEW("Error"))) {
        hw_s3_fault_read(response, on_precondition, out_fault);
        return error_inside(rule, out_fault, err);
    }
    hw_s3_fault_begin(response, out_fault);
    if (!status_good(rule, response->status)) {
        return reply_fail(rule, out_fault, body, "is not the HTTP status of success", err);
    }
    if (rule->etag && !etag_there(response)) {
        return reply_fail(rule, out_fault, body, "has no ETag", err);
    }
    if (rule->body == HW_S3_BODY_NONE && hw_view_trim(body).size > 0) {
        return reply_fail(rule, out_fault, body, "has a body, which should be empty", err);
    }
    if (rule->body == HW_S3_BODY_XML && !hw_view_equal(root, hw_view_of(rule->root))) {
        char what[96];
        snprintf(what, sizeof(what), "has no root element %s", rule->root);
        return reply_fail(rule, out_fault, body, what, err);
    }
    return HW_OK;
}

/*
 * Fails with an error that is inside a 2xx. An error that may pass by itself is believed. A refusal
 * or a "not found" is believed only if S3 documents that errors of this operation come so.
 */
static enum hw_status error_inside(const struct hw_s3_reply_rule *rule, struct hw_s3_fault *fault,
                                   struct hw_error *err) {
    bool known = fault->code[0] != '\0' && fault->status != HW_EFAILED;
    bool believed = known && (rule->errors_inside || hw_status_retryable(fault->status));
    if (!believed) {
        fault->status = HW_EPROTOCOL;
        fault->remedy = HW_S3_RETRY;
    }
    char operation_inside[80];
    snprintf(operation_inside, sizeof(operation_inside), "%s: an <Error> inside HTTP %d", rule->operation,
             fault->http_status);
    return hw_s3_fault_fail(fault, operation_inside, err);
}

static enum hw_status reply_fail(const struct hw_s3_reply_rule *rule, struct hw_s3_fault *fault, hw_view body,
                                 const char *what, struct hw_error *err) {
    char begin[HW_QUOTE_BYTES];
    hw_view text = rule->secret ? HW_VIEW("") : hw_view_trim(body);
    fault->status = HW_EPROTOCOL;
    fault->remedy = HW_S3_RETRY;
    hw_error_set(err, HW_EPROTOCOL, "%s: unexpected reply: HTTP %d %s%s%s", rule->operation, fault->http_status, what,
                 text.size > 0 ? "; its body begins with " : "",
                 text.size > 0 ? hw_quote(text.data, text.size, begin, sizeof(begin)) : "");
    hw_s3_fault_name(fault, err);
    return HW_EPROTOCOL;
}
