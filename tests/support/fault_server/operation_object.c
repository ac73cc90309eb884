/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "support/fault_server/description.h"
#include "support/fault_server/document.h"
#include "support/fault_server/operations.h"

enum { DELETE_OBJECTS_MAX = 1000 };

enum range_outcome { RANGE_NONE, RANGE_GOOD, RANGE_BAD };

static enum range_outcome range_read(const char *text, uint64_t size, uint64_t *out_first, uint64_t *out_bytes) {
    char first[32] = "", last[32] = "";
    uint64_t from = 0, to = size ? size - 1 : 0;
    if (!text || strncmp(text, "bytes=", 6) != 0 || strchr(text, ',')) {
        return RANGE_NONE;
    }
    const char *dash = strchr(text, '-');
    if (!dash || (size_t)(dash - text - 6) >= sizeof(first) || strlen(dash + 1) >= sizeof(last)) {
        return RANGE_NONE;
    }
    memcpy(first, text + 6, (size_t)(dash - text - 6));
    memcpy(last, dash + 1, strlen(dash + 1));
    if (!*first) { /* the last bytes */
        if (!number_read(last, &to) || to == 0 || size == 0) {
            return to == 0 || size == 0 ? RANGE_BAD : RANGE_NONE;
        }
        *out_bytes = to < size ? to : size;
        *out_first = size - *out_bytes;
        return RANGE_GOOD;
    }
    if (!number_read(first, &from) || (*last && (!number_read(last, &to) || to < from))) {
        return RANGE_NONE;
    }
    if (from >= size) {
        return RANGE_BAD;
    }
    *out_first = from;
    *out_bytes = (to < size ? to + 1 : size) - from;
    return RANGE_GOOD;
}

/* The bytes of a part by its number, as partNumber asks for. False: the reply is an error. */
static bool part_range(struct call *call, const struct object *object, uint64_t *out_first, uint64_t *out_bytes) {
    uint64_t number = 0;
    unsigned count = object->parts_count ? object->parts_count : 1;
    if (!number_read(call_query(call, "partNumber"), &number) || number == 0 || number > count) {
        return call_refuse(call, 416, "InvalidPartNumber", "The requested partnumber is not satisfiable");
    }
    *out_first = 0;
    *out_bytes = blob_size(object->blob);
    for (unsigned i = 0; i < number && object->parts_count; i++) {
        *out_first += i ? object->part_bytes[i - 1] : 0;
        *out_bytes = object->part_bytes[i];
    }
    if (object->parts_count) {
        reply_header(&call->reply, "x-amz-mp-parts-count", "%u", object->parts_count);
    }
    return true;
}

/* A key of a bucket of made keys: its bytes are made too. */
static struct object *made_find(const struct call *call) {
    uint64_t number = bucket_find(call->bucket, call->key);
    char room[KEY_BYTES_MAX + 1];
    if (number >= call->bucket->made_keys || strcmp(bucket_key(call->bucket, number, room), call->key) != 0) {
        return NULL;
    }
    struct object *object = must_zero(sizeof(*object));
    bucket_object(call->bucket, number, object);
    object->blob = blob_made(call->bucket->made_bytes);
    return object;
}

static void object_serve(struct call *call, const struct object *object) {
    uint64_t size = blob_size(object->blob), first = 0, bytes = size;
    enum range_outcome range = range_read(call_header(call, "range"), size, &first, &bytes);
    const char *mode = call_header(call, "x-amz-checksum-mode");
    if (!customer_key_fits(call, &object->fields) || !conditions_read(call, object)) {
        return;
    }
    if (range == RANGE_BAD) {
        call_refuse(call, 416, "InvalidRange", "The requested range is not satisfiable");
        reply_header(&call->reply, "Content-Range", "bytes */%llu", (unsigned long long)size);
        return;
    }
    if (call_query(call, "partNumber")) {
        if (!part_range(call, object, &first, &bytes)) {
            return;
        }
        range = size > 0 ? RANGE_GOOD : RANGE_NONE;
    }
    description_tell(call, object);
    if (range == RANGE_GOOD) {
        call->reply.status = 206;
        reply_header(&call->reply, "Content-Range", "bytes %llu-%llu/%llu", (unsigned long long)first,
                     (unsigned long long)(first + bytes - 1), (unsigned long long)size);
    } else if (mode && strcasecmp(mode, "ENABLED") == 0) {
        checksum_tell(call, object->kind, object->checksum, object->composite);
    }
    call->reply.blob = blob_share(object->blob);
    call->reply.blob_offset = first;
    call->reply.blob_bytes = bytes;
}

void run_get_object(struct call *call) {
    const char *version = call_query(call, "versionId");
    struct object *made = call->bucket->made_keys ? made_find(call) : NULL;
    const struct object *object = made ? made : object_find(call->bucket, call->key, version);
    if (!object) {
        call_refuse(call, 404, version ? "NoSuchVersion" : "NoSuchKey", "The specified key does not exist.");
    } else if (object->marker) {
        call_refuse(call, version ? 405 : 404, version ? "MethodNotAllowed" : "NoSuchKey",
                    "The specified key does not exist.");
        reply_header(&call->reply, "x-amz-delete-marker", "true");
        version_tell(call, object);
    } else {
        object_serve(call, object);
    }
    if (made) {
        object_free(made);
    }
}

void run_head_object(struct call *call) {
    run_get_object(call);
    call->reply.bodiless = true;
}

void run_put_object(struct call *call) {
    struct object *object = must_zero(sizeof(*object));
    struct payload *payload = &call->payload;
    char etag[ETAG_CAPACITY + 2];
    if (!conditions_write(call) || !description_take(call, &object->fields, &object->tags)) {
        object_free(object);
        return;
    }
    object->key = must_copy(call->key);
    object->blob = blob_share(payload->blob);
    object->modified_ms = server_now_ms(call->server);
    object->kind = DIGEST_NONE;
    if (call->server->settings.checks && (payload->given || !call->bucket->keeps_no_checksums)) {
        object_set_checksum(object, payload->kind, payload->checksum);
    }
    etag_set(call, etag_is_md5(call, &object->fields) ? payload->md5 : NULL, object->etag);
    object_add(&call->server->store, call->bucket, object);
    etag_quote(object->etag, etag);
    fields_set(&call->reply.headers, "ETag", etag);
    checksum_tell(call, object->kind, object->checksum, false);
    version_tell(call, object);
}

/* Deletes a key or one of its versions. Returns the version that it made or removed, "" for none. */
static void key_delete(struct call *call, const char *key, const char *version, char out_version[VERSION_CAPACITY],
                       bool *out_marker) {
    struct bucket *bucket = call->bucket;
    *out_version = '\0';
    *out_marker = false;
    if (version || bucket->versioning == VERSIONING_NEVER) {
        const struct object *found = object_find(bucket, key, version);
        *out_marker = found && found->marker;
        snprintf(out_version, VERSION_CAPACITY, "%s", version ? version : "");
        object_remove(bucket, key, version);
        return;
    }
    struct object *marker = must_zero(sizeof(*marker));
    marker->marker = *out_marker = true;
    marker->kind = DIGEST_NONE;
    marker->key = must_copy(key);
    marker->modified_ms = server_now_ms(call->server);
    object_add(&call->server->store, bucket, marker);
    snprintf(out_version, VERSION_CAPACITY, "%s", marker->version);
}

void run_delete_object(struct call *call) {
    char version[VERSION_CAPACITY];
    bool marker = false;
    if (call_header(call, "if-match")) {
        if (!conditions_write(call)) {
            return;
        }
    }
    key_delete(call, call->key, call_query(call, "versionId"), version, &marker);
    call->reply.status = 204;
    if (*version) {
        reply_header(&call->reply, "x-amz-version-id", "%s", version);
    }
    if (marker) {
        reply_header(&call->reply, "x-amz-delete-marker", "true");
    }
}

static void one_of_many_delete(struct call *call, const char *inside, bool quiet) {
    struct text key = {0}, version = {0};
    char done[VERSION_CAPACITY];
    bool marker = false, versioned = element_text(inside, "VersionId", &version);
    element_text(inside, "Key", &key);
    const char *refused = call->fault ? fault_text(call->fault, "keys", NULL) : NULL;
    if (refused && strstr(text_of(&key), refused)) {
        text_puts(&call->reply.body, "<Error>");
        xml_element(call, "Key", text_of(&key));
        xml_element(call, "Code", fault_text(call->fault, "code", "AccessDenied"));
        xml_element(call, "Message", "this one cannot be deleted");
        text_puts(&call->reply.body, "</Error>");
    } else {
        key_delete(call, text_of(&key), versioned ? text_of(&version) : NULL, done, &marker);
        if (!quiet) {
            text_puts(&call->reply.body, "<Deleted>");
            xml_element(call, "Key", text_of(&key));
            if (*done) {
                xml_element(call, marker && !versioned ? "DeleteMarkerVersionId" : "VersionId", done);
            }
            text_puts(&call->reply.body, marker ? "<DeleteMarker>true</DeleteMarker></Deleted>" : "</Deleted>");
        }
    }
    text_release(&key);
    text_release(&version);
}

static unsigned elements_count(const char *at, const char *name) {
    struct text inside = {0};
    unsigned count = 0;
    while (element_next(&at, name, &inside)) {
        count++;
    }
    text_release(&inside);
    return count;
}

void run_delete_objects(struct call *call) {
    struct text body = {0}, inside = {0}, quiet = {0};
    const char *at = document_text(call->payload.blob, &body);
    unsigned count = elements_count(at, "Object");
    if (!call_header(call, "content-md5") && !call->payload.given) {
        call_refuse(call, 400, "InvalidRequest",
                    "Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
    } else if (count == 0 || count > DELETE_OBJECTS_MAX || strncmp(at + strspn(at, " \r\n"), "<", 1) != 0) {
        call_refuse(call, 400, "MalformedXML",
                    "The XML you provided was not well-formed or did not validate against our published schema");
    } else {
        element_text(at, "Quiet", &quiet);
        xml_begin(call, "DeleteResult");
        while (element_next(&at, "Object", &inside)) {
            one_of_many_delete(call, text_of(&inside), strcmp(text_of(&quiet), "true") == 0);
        }
        xml_end(call, "DeleteResult");
    }
    text_release(&body);
    text_release(&inside);
    text_release(&quiet);
}
