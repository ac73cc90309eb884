/* SPDX-License-Identifier: Apache-2.0 */
#include "support/fault_server/operations.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The first row that fits counts: those with more conditions stand first. */
static const struct operation operations[] = {
    {"ListBuckets", "GET", LEVEL_SERVICE, NULL, NULL, false, false, run_list_buckets},
    {"GetBucketLocation", "GET", LEVEL_BUCKET, "location", NULL, false, false, run_get_location},
    {"GetBucketVersioning", "GET", LEVEL_BUCKET, "versioning", NULL, false, false, run_get_versioning},
    {"PutBucketVersioning", "PUT", LEVEL_BUCKET, "versioning", NULL, true, false, run_put_versioning},
    {"ListObjectVersions", "GET", LEVEL_BUCKET, "versions", NULL, false, false, run_list_versions},
    {"ListMultipartUploads", "GET", LEVEL_BUCKET, "uploads", NULL, false, false, run_list_uploads},
    {"DeleteObjects", "POST", LEVEL_BUCKET, "delete", NULL, true, false, run_delete_objects},
    {"ListObjectsV2", "GET", LEVEL_BUCKET, "list-type", NULL, false, false, run_list_objects},
    {"ListObjects", "GET", LEVEL_BUCKET, NULL, NULL, false, false, run_list_objects},
    {"HeadBucket", "HEAD", LEVEL_BUCKET, NULL, NULL, false, false, run_head_bucket},
    {"CreateBucket", "PUT", LEVEL_BUCKET, NULL, NULL, true, false, run_create_bucket},
    {"DeleteBucket", "DELETE", LEVEL_BUCKET, NULL, NULL, true, false, run_delete_bucket},
    {"GetObjectAttributes", "GET", LEVEL_OBJECT, "attributes", NULL, false, false, run_get_object_attributes},
    {"GetObjectTagging", "GET", LEVEL_OBJECT, "tagging", NULL, false, false, run_get_tagging},
    {"PutObjectTagging", "PUT", LEVEL_OBJECT, "tagging", NULL, true, false, run_put_tagging},
    {"DeleteObjectTagging", "DELETE", LEVEL_OBJECT, "tagging", NULL, true, false, run_delete_tagging},
    {"GetObjectAcl", "GET", LEVEL_OBJECT, "acl", NULL, false, false, run_get_acl},
    {"PutObjectAcl", "PUT", LEVEL_OBJECT, "acl", NULL, true, false, run_put_acl},
    {"ListParts", "GET", LEVEL_OBJECT, "uploadId", NULL, false, false, run_list_parts},
    {"UploadPartCopy", "PUT", LEVEL_OBJECT, "uploadId", "x-amz-copy-source", true, false, run_upload_part_copy},
    {"UploadPart", "PUT", LEVEL_OBJECT, "uploadId", NULL, true, true, run_upload_part},
    {"CreateMultipartUpload", "POST", LEVEL_OBJECT, "uploads", NULL, true, false, run_create_upload},
    {"CompleteMultipartUpload", "POST", LEVEL_OBJECT, "uploadId", NULL, true, false, run_complete_upload},
    {"AbortMultipartUpload", "DELETE", LEVEL_OBJECT, "uploadId", NULL, true, false, run_abort_upload},
    {"CopyObject", "PUT", LEVEL_OBJECT, NULL, "x-amz-copy-source", true, false, run_copy_object},
    {"PutObject", "PUT", LEVEL_OBJECT, NULL, NULL, true, true, run_put_object},
    {"GetObject", "GET", LEVEL_OBJECT, NULL, NULL, false, false, run_get_object},
    {"HeadObject", "HEAD", LEVEL_OBJECT, NULL, NULL, false, false, run_head_object},
    {"DeleteObject", "DELETE", LEVEL_OBJECT, NULL, NULL, true, false, run_delete_object},
};

enum { OPERATIONS = sizeof(operations) / sizeof(*operations) };
_Static_assert((int)OPERATIONS <= (int)OPERATIONS_MAX, "counters have room for every operation");

const struct operation *operation_find(const struct http_request *request, const char *bucket, const char *key) {
    enum operation_level level = *key ? LEVEL_OBJECT : *bucket ? LEVEL_BUCKET : LEVEL_SERVICE;
    for (size_t i = 0; i < OPERATIONS; i++) {
        const struct operation *row = &operations[i];
        if (row->level == level && strcmp(row->method, request->method) == 0 &&
            (!row->query || fields_get(&request->query, row->query)) &&
            (!row->header || fields_get(&request->headers, row->header))) {
            return row;
        }
    }
    return NULL;
}

unsigned operation_number(const struct operation *operation) {
    return operation ? (unsigned)(operation - operations) : OPERATIONS_MAX;
}

const char *operation_name(unsigned number) {
    return number < OPERATIONS ? operations[number].name : NULL;
}

static bool list_has(const char *list, const char *id) {
    size_t size = strlen(id);
    for (const char *at = list; at; at = strchr(at, ';') ? strchr(at, ';') + 1 : NULL) {
        if (*at == '*' || (strncmp(at, id, size) == 0 && (at[size] == ';' || at[size] == '\0'))) {
            return true;
        }
    }
    return false;
}

bool access_allowed(const struct bucket *bucket, const struct account *account, bool writes) {
    const char *id = account ? account->id : "anonymous";
    if (account && list_has(bucket->owner, id)) {
        return true;
    }
    return list_has(writes ? bucket->writers : bucket->readers, id);
}

static bool bucket_allowed(struct call *call) {
    const char *owner = call_header(call, "x-amz-expected-bucket-owner");
    if (!access_allowed(call->bucket, call->signature.account, call->operation->writes) ||
        (owner && strcmp(owner, call->bucket->owner) != 0)) {
        return call_refuse(call, 403, "AccessDenied", "Access Denied");
    }
    if (call->bucket->requester_pays && !call_header(call, "x-amz-request-payer")) {
        return call_refuse(call, 403, "AccessDenied", "The bucket's requester pays, and did not say so");
    }
    return true;
}

void operation_run(struct call *call) {
    const struct operation *operation = call->operation;
    call->bucket = *call->bucket_name ? store_bucket(&call->server->store, call->bucket_name) : NULL;
    if (operation->run == run_create_bucket || operation->level == LEVEL_SERVICE) {
        if (!call->signature.account) {
            call_refuse(call, 403, "AccessDenied", "Access Denied");
            return;
        }
    } else if (!call->bucket) {
        call_refuse(call, 404, "NoSuchBucket", "The specified bucket does not exist");
        return;
    } else if (!bucket_allowed(call)) {
        return;
    }
    if (strlen(call->key) > KEY_BYTES_MAX) {
        call_refuse(call, 400, "KeyTooLongError", "Your key is too long");
        return;
    }
    operation->run(call);
    call->bucket = NULL;
}

void etag_quote(const char *etag, char out[ETAG_CAPACITY + 2]) {
    snprintf(out, ETAG_CAPACITY + 2, "\"%s\"", etag);
}

void xml_begin(struct call *call, const char *root) {
    reply_header(&call->reply, "Content-Type", "application/xml");
    text_printf(&call->reply.body,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<%s xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">",
                root);
}

void xml_end(struct call *call, const char *root) {
    text_printf(&call->reply.body, "</%s>", root);
}

void xml_element(struct call *call, const char *name, const char *value) {
    struct text *body = &call->reply.body;
    text_puts(body, "<");
    text_puts(body, name);
    text_puts(body, ">");
    text_xml(body, value);
    text_puts(body, "</");
    text_puts(body, name);
    text_puts(body, ">");
}

void xml_printf(struct call *call, const char *name, const char *format, ...) {
    char value[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(value, sizeof(value), format, arguments);
    va_end(arguments);
    xml_element(call, name, value);
}
