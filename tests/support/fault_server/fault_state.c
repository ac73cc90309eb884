/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/fault_server/description.h"
#include "support/fault_server/faults.h"

/* The name of an object: that of the source where the request is a copy. */
static struct object *object_meant(struct call *call, struct bucket **out_bucket, char **out_key) {
    const char *source = call_header(call, "x-amz-copy-source");
    char *name = must_copy(source ? source : ""), *bucket = name + (*name == '/'), *key = strchr(bucket, '/');
    char *version = strstr(name, "?versionId=");
    if (version) {
        *version = '\0';
    }
    *out_bucket = store_bucket(&call->server->store, call->bucket_name);
    *out_key = must_copy(call->key);
    if (key && percent_decode(key, false)) {
        *key++ = '\0';
        free(*out_key);
        *out_bucket = store_bucket(&call->server->store, bucket);
        *out_key = must_copy(key);
    }
    free(name);
    return *out_bucket ? object_find(*out_bucket, *out_key, NULL) : NULL;
}

/* Bytes with a bit of the middle changed. */
static struct blob *blob_other(const struct blob *blob) {
    size_t size = blob_size(blob);
    char *bytes = must_resize(NULL, size + 1);
    blob_read(blob, 0, bytes, size);
    bytes[size / 2] ^= 1;
    struct blob *other = blob_of_bytes(bytes, size);
    free(bytes);
    return other;
}

static void object_digest(struct call *call, struct object *object) {
    uint8_t digest[DIGEST_BYTES_MAX];
    blob_digest(object->blob, DIGEST_MD5, digest);
    etag_set(call, digest, object->etag);
    if (object->kind != DIGEST_NONE) {
        blob_digest(object->blob, object->kind, digest);
        object_set_checksum(object, object->kind, digest);
    }
}

/* Somebody puts another object of the same size in the place of the one that the request means. */
void state_replace(struct call *call, const char *a, const char *b) {
    (void)a;
    (void)b;
    struct bucket *bucket = NULL;
    char *key = NULL;
    const struct object *old = object_meant(call, &bucket, &key);
    if (old && old->blob) {
        struct object *object = must_zero(sizeof(*object));
        object->key = key;
        object->blob = blob_other(old->blob);
        object->kind = old->kind;
        object->modified_ms = server_now_ms(call->server);
        description_copy(&object->fields, &old->fields);
        object_digest(call, object);
        object_add(&call->server->store, bucket, object);
    } else {
        free(key);
    }
}

void state_delete(struct call *call, const char *a, const char *b) {
    (void)a;
    (void)b;
    struct bucket *bucket = NULL;
    char *key = NULL;
    if (object_meant(call, &bucket, &key)) {
        object_remove(bucket, key, NULL);
    }
    free(key);
}

/* Somebody, or a rule of the bucket, ends the upload. */
void state_upload_vanishes(struct call *call, const char *a, const char *b) {
    (void)a;
    (void)b;
    const char *id = call_query(call, "uploadId");
    struct upload *upload = id ? upload_find(&call->server->store, call->bucket_name, call->key, id) : NULL;
    if (upload) {
        upload_remove(&call->server->store, upload);
    }
}

static void reply_tells(struct call *call, enum digest_kind kind, const char *etag, const char *checksum) {
    reply_header(&call->reply, "ETag", "\"%s\"", etag);
    if (kind != DIGEST_NONE) {
        char name[64];
        snprintf(name, sizeof(name), "x-amz-checksum-%s", digest_facts(kind)->name);
        fields_set(&call->reply.headers, name, checksum);
    }
}

static void part_store_other(struct call *call, const char *id) {
    struct upload *upload = upload_find(&call->server->store, call->bucket_name, call->key, id);
    uint64_t number = 0;
    char checksum[DIGEST_TEXT_MAX];
    if (!upload || !number_read(call_query(call, "partNumber"), &number)) {
        return;
    }
    for (size_t i = 0; i < upload->parts_count; i++) {
        struct part *part = &upload->parts[i];
        if (part->number == number) {
            struct blob *other = blob_other(part->blob);
            enum digest_kind kind = upload->kind == DIGEST_NONE ? DIGEST_CRC64NVME : upload->kind;
            blob_drop(part->blob);
            part->blob = other;
            blob_digest(other, DIGEST_MD5, part->md5);
            blob_digest(other, kind, part->checksum);
            etag_set(call, part->md5, part->etag);
            base64_text(part->checksum, digest_facts(kind)->bytes, checksum);
            reply_tells(call, kind, part->etag, checksum);
        }
    }
}

/* A bit flips behind the server's checks, and it tells the checksum of what it keeps. */
void state_store_other(struct call *call, const char *a, const char *b) {
    (void)a;
    (void)b;
    const char *id = call_query(call, "uploadId");
    struct bucket *bucket = store_bucket(&call->server->store, call->bucket_name);
    struct object *object = bucket ? object_find(bucket, call->key, NULL) : NULL;
    if (id) {
        part_store_other(call, id);
    } else if (object && object->blob) {
        struct blob *other = blob_other(object->blob);
        blob_drop(object->blob);
        object->blob = other;
        object_digest(call, object);
        reply_tells(call, object->kind, object->etag, object->checksum);
    }
}

/* The server takes no notice of headers of the request: names with "," between them. */
void state_forget_header(struct call *call, const char *a, const char *b) {
    (void)b;
    char *names = must_copy(fault_text(call->fault, "name", a)), *rest = names;
    while (rest) {
        fields_drop(&call->request.headers, strsep(&rest, ","));
    }
    free(names);
}

void state_forget_query(struct call *call, const char *a, const char *b) {
    (void)b;
    fields_drop(&call->request.query, fault_text(call->fault, "name", a));
}
