/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "support/fault_server/description.h"
#include "support/fault_server/operations.h"

/* The object that x-amz-copy-source names: "bucket/key?versionId=...". NULL: the reply is an error. */
static const struct object *source_find(struct call *call) {
    char *name = must_copy(call_header(call, "x-amz-copy-source"));
    char *bucket_name = name + (*name == '/'), *version = strstr(name, "?versionId=");
    const struct object *object = NULL;
    if (version) {
        *version = '\0';
        version += strlen("?versionId=");
    }
    percent_decode(bucket_name, false);
    char *key = strchr(bucket_name, '/');
    if (!key || !key[1]) {
        call_refuse(call, 400, "InvalidArgument",
                    "Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
    } else {
        *key++ = '\0';
        const struct bucket *bucket = store_bucket(&call->server->store, bucket_name);
        if (!bucket) {
            call_refuse(call, 404, "NoSuchBucket", "The specified bucket does not exist");
        } else if (!access_allowed(bucket, call->signature.account, false)) {
            call_refuse(call, 403, "AccessDenied", "Access Denied");
        } else {
            object = object_find(bucket, key, version);
            if (!object || object->marker) {
                call_refuse(call, 404, version ? "NoSuchVersion" : "NoSuchKey", "The specified key does not exist.");
                object = NULL;
            }
        }
    }
    free(name);
    return object && conditions_copy(call, object) ? object : NULL;
}

static bool directive_is(const struct call *call, const char *name, const char *value) {
    const char *directive = call_header(call, name);
    return directive && strcmp(directive, value) == 0;
}

/* What the copy is, from the source and the request. False: the reply is an error. */
static bool copy_describe(struct call *call, const struct object *source, struct object *copy) {
    bool replaces = directive_is(call, "x-amz-metadata-directive", "REPLACE");
    struct fields asked = {0};
    char *tags = NULL;
    if (!description_take(call, &asked, &tags)) {
        return false;
    }
    if (!replaces) {
        description_copy(&copy->fields, &source->fields);
    }
    for (size_t i = 0; i < asked.count; i++) {
        if (replaces || strncmp(asked.items[i].name, "x-amz-s", 7) == 0) { /* encryption and class are the request's */
            fields_set(&copy->fields, asked.items[i].name, asked.items[i].value);
        }
    }
    if (directive_is(call, "x-amz-tagging-directive", "REPLACE")) {
        copy->tags = tags;
        tags = NULL;
    } else {
        copy->tags = source->tags ? must_copy(source->tags) : NULL;
    }
    fields_release(&asked);
    free(tags);
    return true;
}

static void copy_digests(struct call *call, const struct object *source, struct object *copy) {
    uint8_t digest[DIGEST_BYTES_MAX];
    bool md5 = etag_is_md5(call, &copy->fields);
    if (md5) {
        blob_digest(copy->blob, DIGEST_MD5, digest);
    }
    etag_set(call, md5 ? digest : NULL, copy->etag);
    enum digest_kind otherwise =
        source->kind == DIGEST_NONE && !call->bucket->keeps_no_checksums ? DIGEST_CRC64NVME : source->kind;
    enum digest_kind kind = checksum_wanted(call, otherwise);
    copy->kind = DIGEST_NONE;
    if (kind != DIGEST_NONE && call->server->settings.checks) {
        blob_digest(copy->blob, kind, digest);
        object_set_checksum(copy, kind, digest);
    }
}

static void copy_tell(struct call *call, const char *root, const char *etag, int64_t modified_ms) {
    char time[32], quoted[ETAG_CAPACITY + 2];
    time_iso(modified_ms, time);
    etag_quote(etag, quoted);
    xml_begin(call, root);
    xml_element(call, "LastModified", time);
    xml_element(call, "ETag", quoted);
}

void run_copy_object(struct call *call) {
    const struct object *source = source_find(call);
    if (!source) {
        return;
    }
    if (blob_size(source->blob) > call->server->settings.copy_bytes_max) {
        call_refuse(call, 400, "InvalidRequest",
                    "The specified copy source is larger than the maximum allowable size for a copy source");
        return;
    }
    bool same = source == object_find(call->bucket, call->key, NULL);
    if (same && !directive_is(call, "x-amz-metadata-directive", "REPLACE") &&
        !call_header(call, "x-amz-storage-class") && !call_header(call, "x-amz-server-side-encryption")) {
        call_refuse(
            call, 400, "InvalidRequest",
            "This copy request is illegal because it is trying to copy an object to itself without changing anything");
        return;
    }
    struct object *copy = must_zero(sizeof(*copy));
    if (!conditions_write(call) || !copy_describe(call, source, copy)) {
        object_free(copy);
        return;
    }
    copy->key = must_copy(call->key);
    copy->blob = blob_share(source->blob);
    copy->modified_ms = server_now_ms(call->server);
    copy_digests(call, source, copy);
    object_add(&call->server->store, call->bucket, copy); /* the source may be gone from here on */
    version_tell(call, copy);
    copy_tell(call, "CopyObjectResult", copy->etag, copy->modified_ms);
    if (copy->kind != DIGEST_NONE) {
        xml_element(call, digest_facts(copy->kind)->element, copy->checksum);
        xml_element(call, "ChecksumType", "FULL_OBJECT");
    }
    xml_end(call, "CopyObjectResult");
}

/* "bytes=0-99". False: the reply is an error. */
static bool source_range(struct call *call, const struct object *source, uint64_t *out_first, uint64_t *out_bytes) {
    const char *text = call_header(call, "x-amz-copy-source-range");
    char *copy = must_copy(text ? text : "bytes=0"), *dash = strchr(copy, '-');
    uint64_t first = 0, last = 0;
    *out_first = 0;
    *out_bytes = blob_size(source->blob);
    bool good = !text;
    if (text && strncmp(text, "bytes=", 6) == 0 && dash) {
        *dash = '\0';
        good = number_read(copy + 6, &first) && number_read(dash + 1, &last) && first <= last && last < *out_bytes;
        *out_first = first;
        *out_bytes = last + 1 - first;
    }
    free(copy);
    return good ||
           call_refuse(
               call, 400, "InvalidArgument",
               "The x-amz-copy-source-range value must be of the form bytes=first-last and lie within the source");
}

static void part_checksum_tell(struct call *call, const struct upload *upload, const struct object *source,
                               const struct part *part) {
    char checksum[DIGEST_TEXT_MAX];
    const enum copied_sums told = call->bucket->copied_sums;
    if (upload->kind == DIGEST_NONE || told == COPIED_SUMS_NONE) {
        return;
    }
    base64_text(part->checksum, digest_facts(upload->kind)->bytes, checksum);
    bool whole = told == COPIED_SUMS_WHOLE && source->kind == upload->kind;
    xml_element(call, digest_facts(upload->kind)->element, whole ? source->checksum : checksum);
}

void run_upload_part_copy(struct call *call) {
    const char *id = call_query(call, "uploadId");
    struct upload *upload = upload_find(&call->server->store, call->bucket_name, call->key, id);
    struct part part = {.modified_ms = server_now_ms(call->server)};
    uint64_t number = 0, first = 0, bytes = 0;
    if (!upload) {
        call_refuse(call, 404, "NoSuchUpload", "The specified multipart upload does not exist.");
        return;
    }
    const char *text = call_query(call, "partNumber");
    if (!text || !number_read(text, &number) || number < 1 || number > 10000) {
        call_refuse(call, 400, "InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive");
        return;
    }
    const struct object *source = source_find(call);
    if (!source || !source_range(call, source, &first, &bytes)) {
        return;
    }
    if (bytes > call->server->settings.copy_bytes_max) {
        call_refuse(call, 400, "InvalidRequest",
                    "The specified copy source is larger than the maximum allowable size for a copy source");
        return;
    }
    if (upload->kind != DIGEST_NONE && call->bucket->copied_sums == COPIED_SUMS_REFUSED) {
        call_refuse(call, 400, "InvalidArgument", "Invalid arguments provided: checksum missing");
        return;
    }
    enum digest_kind kind = upload->kind == DIGEST_NONE ? DIGEST_CRC64NVME : upload->kind;
    part.number = (unsigned)number;
    part.blob = blob_slice(source->blob, first, bytes);
    if (call->server->settings.checks) {
        blob_digest(part.blob, DIGEST_MD5, part.md5);
        blob_digest(part.blob, kind, part.checksum);
    }
    part_etag_set(call, etag_is_md5(call, &upload->fields), part.md5, part.etag);
    upload_add_part(upload, &part);
    copy_tell(call, "CopyPartResult", part.etag, part.modified_ms);
    part_checksum_tell(call, upload, source, &part);
    xml_end(call, "CopyPartResult");
}
