/* SPDX-License-Identifier: Apache-2.0 */
#include "support/fault_server/description.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "support/fault_server/operations.h"

enum { METADATA_BYTES_MAX = 2048 };

#define META "x-amz-meta-"
#define SSE "x-amz-server-side-encryption"
#define SSE_C SSE "-customer-"

/* Headers that are kept with an object. */
static const char *const kept[] = {"content-type",
                                   "cache-control",
                                   "content-disposition",
                                   "content-encoding",
                                   "content-language",
                                   "expires",
                                   "x-amz-storage-class",
                                   "x-amz-website-redirect-location",
                                   SSE,
                                   SSE "-aws-kms-key-id",
                                   SSE "-bucket-key-enabled",
                                   SSE_C "algorithm",
                                   SSE_C "key-md5"};

static bool is_kept(const char *name) {
    for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++) {
        if (strcasecmp(name, kept[i]) == 0) {
            return true;
        }
    }
    return strncasecmp(name, META, strlen(META)) == 0;
}

/* "aws-chunked" is how the body came, not what the object is. */
static void encoding_add(struct fields *fields, const char *value) {
    struct text rest = {0};
    char *copy = must_copy(value), *at = copy;
    while (at) {
        char *item = strsep(&at, ",");
        item += strspn(item, " ");
        if (*item && strcasecmp(item, "aws-chunked") != 0) {
            text_printf(&rest, "%s%s", rest.size ? "," : "", item);
        }
    }
    if (rest.size > 0) {
        fields_add(fields, "content-encoding", rest.data);
    }
    free(copy);
    text_release(&rest);
}

/* A header with a value that S3 has a list of. */
static const struct {
    const char *name;
    const char *code;
    const char *values;
} lists[] = {
    {"x-amz-storage-class", "InvalidStorageClass",
     ";STANDARD;REDUCED_REDUNDANCY;STANDARD_IA;ONEZONE_IA;INTELLIGENT_TIERING;GLACIER;DEEP_ARCHIVE;GLACIER_IR;"},
    {"x-amz-acl", "InvalidArgument",
     ";private;public-read;public-read-write;authenticated-read;aws-exec-read;bucket-owner-read;bucket-owner-full-control;"},
    {SSE, "InvalidArgument", ";AES256;aws:kms;aws:kms:dsse;"},
    {SSE_C "algorithm", "InvalidEncryptionAlgorithmError", ";AES256;"},
    {"x-amz-checksum-type", "InvalidRequest", ";COMPOSITE;FULL_OBJECT;"},
    {"x-amz-metadata-directive", "InvalidArgument", ";COPY;REPLACE;"},
    {"x-amz-tagging-directive", "InvalidArgument", ";COPY;REPLACE;"},
    {"x-amz-request-payer", "InvalidArgument", ";requester;"},
};

static bool lists_allow(struct call *call) {
    for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
        const char *value = call_header(call, lists[i].name);
        char item[128];
        if (value) {
            snprintf(item, sizeof(item), ";%s;", value);
            if (!strstr(lists[i].values, item)) {
                return call_refuse(call, 400, lists[i].code, "The value of a header is none of those that it can have");
            }
        }
    }
    const char *algorithm = call_header(call, "x-amz-checksum-algorithm");
    if (algorithm && digest_find(algorithm) == DIGEST_NONE) {
        return call_refuse(call, 400, "InvalidRequest", "Checksum algorithm provided is unsupported.");
    }
    return true;
}

/* An SSE-C key comes with its MD5, and over TLS alone in S3. */
static bool customer_key_good(struct call *call) {
    const char *key = call_header(call, SSE_C "key"), *md5 = call_header(call, SSE_C "key-md5");
    uint8_t bytes[DIGEST_BYTES_MAX], digest[DIGEST_BYTES_MAX], wanted[DIGEST_BYTES_MAX];
    if (!key && !md5 && !call_header(call, SSE_C "algorithm")) {
        return true;
    }
    if (!key || !md5 || !call_header(call, SSE_C "algorithm") || base64_bytes(key, bytes, sizeof(bytes)) != 32 ||
        base64_bytes(md5, wanted, sizeof(wanted)) != 16) {
        return call_refuse(call, 400, "InvalidArgument", "The secret key was invalid for the specified algorithm.");
    }
    digest_of(DIGEST_MD5, bytes, 32, digest);
    return memcmp(digest, wanted, 16) == 0 ||
           call_refuse(call, 400, "InvalidArgument",
                       "The calculated MD5 hash of the key did not match the hash that was provided.");
}

bool description_take(struct call *call, struct fields *fields, char **tags) {
    size_t metadata_bytes = 0;
    if (!lists_allow(call) || !customer_key_good(call)) {
        return false;
    }
    for (size_t i = 0; i < call->request.headers.count; i++) {
        const struct field *field = &call->request.headers.items[i];
        if (strcmp(field->name, "content-encoding") == 0) {
            encoding_add(fields, field->value);
        } else if (is_kept(field->name) && strcmp(field->value, "STANDARD") != 0) {
            fields_add(fields, field->name, field->value);
        }
        if (strncmp(field->name, META, strlen(META)) == 0) {
            metadata_bytes += strlen(field->name) - strlen(META) + strlen(field->value);
        }
    }
    if (metadata_bytes > METADATA_BYTES_MAX) {
        return call_refuse(call, 400, "MetadataTooLarge",
                           "Your metadata headers exceed the maximum allowed metadata size");
    }
    const char *tagging = call_header(call, "x-amz-tagging");
    *tags = tagging ? must_copy(tagging) : NULL;
    return true;
}

void description_copy(struct fields *to, const struct fields *from) {
    for (size_t i = 0; i < from->count; i++) {
        const char *name = from->items[i].name;
        if (strncmp(name, SSE, strlen(SSE)) != 0 && strcmp(name, "x-amz-storage-class") != 0) {
            fields_add(to, name, from->items[i].value);
        }
    }
}

void checksum_tell(struct call *call, enum digest_kind kind, const char *checksum, bool composite) {
    if (kind != DIGEST_NONE) {
        char name[64];
        snprintf(name, sizeof(name), "x-amz-checksum-%s", digest_facts(kind)->name);
        reply_header(&call->reply, name, "%s", checksum);
        reply_header(&call->reply, "x-amz-checksum-type", composite ? "COMPOSITE" : "FULL_OBJECT");
    }
}

void version_tell(struct call *call, const struct object *object) {
    if (call->bucket->versioning != VERSIONING_NEVER) {
        reply_header(&call->reply, "x-amz-version-id", "%s", object->version);
    }
}

/* What "a=b&c=d" counts. */
static unsigned tags_count(const char *tags) {
    unsigned count = tags && *tags ? 1 : 0;
    for (const char *at = tags; at && *at; at++) {
        count += *at == '&';
    }
    return count;
}

/* A GET may say with which headers the object shall come. */
static void overrides_tell(struct call *call) {
    static const char *const names[] = {"content-type",  "content-language",    "expires",
                                        "cache-control", "content-disposition", "content-encoding"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        char parameter[64];
        snprintf(parameter, sizeof(parameter), "response-%s", names[i]);
        const char *value = call_query(call, parameter);
        if (value) {
            fields_set(&call->reply.headers, names[i], value);
        }
    }
}

void description_tell(struct call *call, const struct object *object) {
    char etag[ETAG_CAPACITY + 2], time[32];
    time_http(object->modified_ms, time);
    etag_quote(object->etag, etag);
    fields_set(&call->reply.headers, "ETag", etag);
    fields_set(&call->reply.headers, "Last-Modified", time);
    fields_set(&call->reply.headers, "Accept-Ranges", "bytes");
    fields_set(&call->reply.headers, "Content-Type", "binary/octet-stream");
    for (size_t i = 0; i < object->fields.count; i++) {
        fields_set(&call->reply.headers, object->fields.items[i].name, object->fields.items[i].value);
    }
    unsigned tags = tags_count(object->tags);
    if (tags > 0) {
        reply_header(&call->reply, "x-amz-tagging-count", "%u", tags);
    }
    version_tell(call, object);
    overrides_tell(call);
}

bool customer_key_fits(struct call *call, const struct fields *fields) {
    const char *wanted = fields_get(fields, SSE_C "key-md5"), *given = call_header(call, SSE_C "key-md5");
    if (!customer_key_good(call)) {
        return false;
    }
    if (!wanted || !given) {
        return !wanted == !given ||
               call_refuse(call, 400, "InvalidRequest",
                           wanted
                               ? "The object was stored using a form of Server Side Encryption. The correct parameters "
                                 "must be provided to retrieve the object."
                               : "The encryption parameters are not applicable to this object.");
    }
    return strcmp(wanted, given) == 0 || call_refuse(call, 403, "AccessDenied", "Access Denied");
}

enum digest_kind checksum_wanted(const struct call *call, enum digest_kind otherwise) {
    const char *name = call_header(call, "x-amz-checksum-algorithm");
    return name ? digest_find(name) : otherwise;
}

void object_set_checksum(struct object *object, enum digest_kind kind, const uint8_t digest[DIGEST_BYTES_MAX]) {
    object->kind = kind;
    object->composite = false;
    base64_text(digest, digest_facts(kind)->bytes, object->checksum);
}

void etag_set(struct call *call, const uint8_t *md5, char out[ETAG_CAPACITY]) {
    if (md5) {
        hex_text(md5, 16, out);
    } else {
        snprintf(out, ETAG_CAPACITY, "%032llx-2", (unsigned long long)++call->server->store.ids);
    }
}

void part_etag_set(struct call *call, bool is_md5, uint8_t md5[DIGEST_BYTES_MAX], char out[ETAG_CAPACITY]) {
    if (!is_md5) {
        uint64_t id = ++call->server->store.ids;
        digest_of(DIGEST_MD5, &id, sizeof(id), md5);
    }
    etag_set(call, md5, out);
}

bool etag_is_md5(const struct call *call, const struct fields *fields) {
    const char *encryption = fields_get(fields, SSE);
    return call->server->settings.checks && !fields_get(fields, SSE_C "algorithm") &&
           !(encryption && strncmp(encryption, "aws:", 4) == 0);
}

/* Whether a list of ETags, with quotes or without, or "*", has this one. */
static bool etags_have(const char *list, const char *etag) {
    char *copy = must_copy(list), *rest = copy;
    bool found = false;
    while (rest && !found) {
        char *item = strsep(&rest, ",");
        item += strspn(item, " \"");
        item[strcspn(item, " \"")] = '\0';
        found = strcmp(item, "*") == 0 || strcmp(item, etag) == 0;
    }
    free(copy);
    return found;
}

bool conditions_read(struct call *call, const struct object *object) {
    const char *match = call_header(call, "if-match"), *none = call_header(call, "if-none-match");
    const char *since = call_header(call, "if-modified-since"), *until = call_header(call, "if-unmodified-since");
    int64_t time = 0, modified = object->modified_ms / 1000;
    if (match ? !etags_have(match, object->etag) : until && time_http_read(until, &time) && modified > time) {
        return call_refuse(call, 412, "PreconditionFailed",
                           "At least one of the pre-conditions you specified did not hold");
    }
    if (none ? etags_have(none, object->etag) : since && time_http_read(since, &time) && modified <= time) {
        call_refuse(call, 304, "NotModified", "");
        char etag[ETAG_CAPACITY + 2];
        etag_quote(object->etag, etag);
        fields_set(&call->reply.headers, "ETag", etag);
        return false;
    }
    return true;
}

bool conditions_write(struct call *call) {
    const struct object *there = object_find(call->bucket, call->key, NULL);
    const char *match = call_header(call, "if-match"), *none = call_header(call, "if-none-match");
    there = there && there->marker ? NULL : there;
    if (none && strcmp(none, "*") != 0) {
        return call_refuse(call, 501, "NotImplemented",
                           "A header you provided implies functionality that is not implemented");
    }
    if (match && !there) {
        return call_refuse(call, 404, "NoSuchKey", "The specified key does not exist.");
    }
    if ((match && !etags_have(match, there->etag)) || (none && there)) {
        return call_refuse(call, 412, "PreconditionFailed",
                           "At least one of the pre-conditions you specified did not hold");
    }
    return true;
}

bool conditions_copy(struct call *call, const struct object *source) {
    const char *match = call_header(call, "x-amz-copy-source-if-match");
    const char *none = call_header(call, "x-amz-copy-source-if-none-match");
    const char *until = call_header(call, "x-amz-copy-source-if-unmodified-since");
    const char *since = call_header(call, "x-amz-copy-source-if-modified-since");
    int64_t time = 0, modified = source->modified_ms / 1000;
    bool good = match ? etags_have(match, source->etag) : !until || !time_http_read(until, &time) || modified <= time;
    good =
        good && (none ? !etags_have(none, source->etag) : !since || !time_http_read(since, &time) || modified > time);
    return good || call_refuse(call, 412, "PreconditionFailed",
                               "At least one of the pre-conditions you specified did not hold");
}
