/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/fault_server/operations.h"

enum { PAGE_MAX = 1000 };

/* A page of a listing while it is written. */
struct page {
    const char *prefix;
    const char *delimiter; /* NULL: none */
    bool encoded;
    bool owner;
    uint64_t max;
    uint64_t count;
    char after[KEY_BYTES_MAX + 2]; /* what the page begins behind; a prefix with its end is skipped whole */
    char last[KEY_BYTES_MAX + 2];  /* what the next page begins behind */
    bool truncated;
};

/* A key as XML has it: encoding-type=url writes a space as "+", and leaves "/" and "*" as they are. */
static void key_element(struct call *call, const struct page *page, const char *name, const char *key) {
    if (!page->encoded) {
        xml_element(call, name, key);
        return;
    }
    struct text encoded = {0};
    text_percent(&encoded, key, "/*");
    for (char *at = encoded.data; at && (at = strstr(at, "%20"));) {
        size_t offset = (size_t)(at - encoded.data);
        text_splice(&encoded, offset, 3, "+", 1);
        at = encoded.data + offset;
    }
    xml_element(call, name, text_of(&encoded));
    text_release(&encoded);
}

static void entry_tell(struct call *call, const struct page *page, const char *key, const struct object *object) {
    char time[32], etag[ETAG_CAPACITY + 2];
    const char *storage = fields_get(&object->fields, "x-amz-storage-class");
    uint64_t size = object->blob ? blob_size(object->blob) : call->bucket->made_bytes;
    time_iso(object->modified_ms, time);
    etag_quote(object->etag, etag);
    key_element(call, page, "Key", key);
    xml_element(call, "LastModified", time);
    xml_element(call, "ETag", etag);
    if (object->kind != DIGEST_NONE) {
        xml_element(call, "ChecksumAlgorithm", digest_facts(object->kind)->upper);
        xml_element(call, "ChecksumType", object->composite ? "COMPOSITE" : "FULL_OBJECT");
    }
    xml_printf(call, "Size", "%llu", (unsigned long long)size);
    if (page->owner) {
        text_printf(&call->reply.body, "<Owner><ID>%s</ID></Owner>", call->bucket->owner);
    }
    xml_element(call, "StorageClass", storage ? storage : "STANDARD");
}

/* The common prefix of a key, which `out` gets. False where it has none. */
static bool common_prefix(const struct page *page, const char *key, char out[KEY_BYTES_MAX + 2]) {
    const char *found = page->delimiter ? strstr(key + strlen(page->prefix), page->delimiter) : NULL;
    if (found) {
        snprintf(out, KEY_BYTES_MAX + 2, "%.*s", (int)(found + strlen(page->delimiter) - key), key);
    }
    return found;
}

/* The first number behind all keys that begin with a prefix. */
static uint64_t prefix_end(const struct bucket *bucket, const char *prefix) {
    char next[KEY_BYTES_MAX + 2];
    snprintf(next, sizeof(next), "%s", prefix);
    for (size_t size = strlen(next); size > 0; size--) {
        unsigned char last = (unsigned char)next[size - 1];
        if (last < 255) {
            next[size - 1] = (char)(last + 1);
            next[size] = '\0';
            return bucket_find(bucket, next);
        }
    }
    return bucket_keys(bucket);
}

/* The number that the page begins with. */
static uint64_t page_first(const struct call *call, const struct page *page) {
    const struct bucket *bucket = call->bucket;
    char prefix[KEY_BYTES_MAX + 2], room[KEY_BYTES_MAX + 1];
    uint64_t first = bucket_find(bucket, page->prefix);
    if (!*page->after) {
        return first;
    }
    uint64_t after = bucket_find(bucket, page->after);
    size_t prefix_bytes = strlen(page->prefix);
    if (strncmp(page->after, page->prefix, prefix_bytes) == 0 && common_prefix(page, page->after, prefix) &&
        strcmp(prefix, page->after) == 0) {
        after = prefix_end(bucket, prefix);
    } else if (after < bucket_keys(bucket) && strcmp(bucket_key(bucket, after, room), page->after) == 0) {
        after++;
    }
    return after > first ? after : first;
}

static void page_write(struct call *call, struct page *page) {
    const struct bucket *bucket = call->bucket;
    struct text prefixes = {0};
    char room[KEY_BYTES_MAX + 1], prefix[KEY_BYTES_MAX + 2];
    uint64_t at = page_first(call, page), keys = bucket_keys(bucket);
    while (at < keys) {
        struct object made;
        const char *key = bucket_key(bucket, at, room);
        const struct object *object = bucket_object(bucket, at, &made);
        if (strncmp(key, page->prefix, strlen(page->prefix)) != 0) {
            break;
        }
        if (object->marker) {
            at++;
            continue;
        }
        if (page->count == page->max) {
            page->truncated = page->max > 0;
            break;
        }
        page->count++;
        if (common_prefix(page, key, prefix)) {
            struct text rest = call->reply.body; /* prefixes come behind the objects */
            call->reply.body = prefixes;
            text_puts(&call->reply.body, "<CommonPrefixes>");
            key_element(call, page, "Prefix", prefix);
            text_puts(&call->reply.body, "</CommonPrefixes>");
            prefixes = call->reply.body;
            call->reply.body = rest;
            snprintf(page->last, sizeof(page->last), "%s", prefix);
            at = prefix_end(bucket, prefix);
        } else {
            text_puts(&call->reply.body, "<Contents>");
            entry_tell(call, page, key, object);
            text_puts(&call->reply.body, "</Contents>");
            snprintf(page->last, sizeof(page->last), "%s", key);
            at++;
        }
    }
    text_add(&call->reply.body, text_of(&prefixes), prefixes.size);
    text_release(&prefixes);
}

/* A token is the hex of the key that the page begins behind, with a mark that nobody guesses. */
static bool token_read(const char *token, char out[KEY_BYTES_MAX + 2]) {
    size_t size = strlen(token);
    if (strncmp(token, "fs1-", 4) != 0 || size % 2 || size > 2 * KEY_BYTES_MAX + 4) {
        return false;
    }
    for (size_t i = 4; i < size; i += 2) {
        char digits[3] = {token[i], token[i + 1], '\0'}, *end = NULL;
        out[i / 2 - 2] = (char)strtoul(digits, &end, 16);
        if (end != digits + 2) {
            return false;
        }
    }
    out[size / 2 - 2] = '\0';
    return true;
}

static void token_tell(struct call *call, const char *last) {
    char hex[2 * KEY_BYTES_MAX + 8];
    hex_text((const uint8_t *)last, strlen(last), hex);
    xml_printf(call, "NextContinuationToken", "fs1-%s", hex);
}

/* What the request asks for. False: the reply is an error. */
static bool page_read(struct call *call, struct page *page, bool second) {
    const char *max = call_query(call, "max-keys"), *encoding = call_query(call, "encoding-type");
    const char *token = second ? call_query(call, "continuation-token") : NULL;
    const char *after = call_query(call, second ? "start-after" : "marker"), *owner = call_query(call, "fetch-owner");
    uint64_t most = call->server->settings.page_max < PAGE_MAX ? call->server->settings.page_max : PAGE_MAX;
    page->prefix = call_query(call, "prefix") ? call_query(call, "prefix") : "";
    page->delimiter = call_query(call, "delimiter");
    page->delimiter = page->delimiter && *page->delimiter ? page->delimiter : NULL;
    page->encoded = encoding && !call->server->settings.no_encoding;
    page->owner = !second || (owner && strcmp(owner, "true") == 0);
    page->max = most;
    if (max && !number_read(max, &page->max)) {
        return call_refuse(call, 400, "InvalidArgument", "Provided max-keys not an integer or within integer range");
    }
    page->max = page->max < most ? page->max : most;
    if (encoding && strcmp(encoding, "url") != 0) {
        return call_refuse(call, 400, "InvalidArgument", "Invalid Encoding Method specified in Request");
    }
    snprintf(page->after, sizeof(page->after), "%s", after ? after : "");
    if (token && !token_read(token, page->after)) {
        return call_refuse(call, 400, "InvalidArgument", "The continuation token provided is incorrect");
    }
    return strlen(page->prefix) <= KEY_BYTES_MAX ||
           call_refuse(call, 400, "KeyTooLongError", "Your prefix is too long");
}

void run_list_objects(struct call *call) {
    bool second = call_query(call, "list-type");
    struct page *page = must_zero(sizeof(*page));
    if (page_read(call, page, second)) {
        xml_begin(call, "ListBucketResult");
        xml_element(call, "Name", call->bucket_name);
        key_element(call, page, "Prefix", page->prefix);
        if (page->delimiter) {
            key_element(call, page, "Delimiter", page->delimiter);
        }
        xml_printf(call, "MaxKeys", "%llu", (unsigned long long)page->max);
        if (page->encoded) {
            xml_element(call, "EncodingType", "url");
        }
        page_write(call, page);
        xml_element(call, "IsTruncated", page->truncated ? "true" : "false");
        if (second) {
            xml_printf(call, "KeyCount", "%llu", (unsigned long long)page->count);
        }
        if (page->truncated && second) {
            token_tell(call, page->last);
        } else if (page->truncated) {
            key_element(call, page, "NextMarker", page->last);
        }
        xml_end(call, "ListBucketResult");
    }
    free(page);
}

/* Where a listing of versions is. */
struct place {
    const char *key;
    const char *version; /* behind which it begins */
};

static void version_entry(struct call *call, const struct page *page, const struct object *object, bool latest) {
    const char *name = object->marker ? "DeleteMarker" : "Version";
    text_printf(&call->reply.body, "<%s>", name);
    xml_element(call, "VersionId", object->version);
    xml_element(call, "IsLatest", latest ? "true" : "false");
    if (object->marker) {
        char time[32];
        time_iso(object->modified_ms, time);
        key_element(call, page, "Key", object->key);
        xml_element(call, "LastModified", time);
    } else {
        entry_tell(call, page, object->key, object);
    }
    text_printf(&call->reply.body, "</%s>", name);
}

/* The versions of a key. False where the page is full. */
static bool versions_write(struct call *call, struct page *page, const struct object *newest, const struct place *from,
                           const struct object **last) {
    bool skips = from->version && strcmp(newest->key, from->key) == 0;
    for (const struct object *object = newest; object; object = object->older) {
        if (skips) {
            skips = strcmp(object->version, from->version) != 0;
            continue;
        }
        if (page->count == page->max) {
            page->truncated = true;
            return false;
        }
        page->count++;
        version_entry(call, page, object, object == newest);
        *last = object;
    }
    return true;
}

void run_list_versions(struct call *call) {
    const struct bucket *bucket = call->bucket;
    struct page *page = must_zero(sizeof(*page));
    struct place from = {call_query(call, "key-marker"), call_query(call, "version-id-marker")};
    const struct object *last = NULL;
    if (!page_read(call, page, true)) {
        free(page);
        return;
    }
    from.version = from.version && *from.version ? from.version : NULL;
    xml_begin(call, "ListVersionsResult");
    xml_element(call, "Name", call->bucket_name);
    if (page->encoded) {
        xml_element(call, "EncodingType", "url");
    }
    for (size_t i = bucket_find(bucket, page->prefix); i < bucket->objects_count; i++) {
        const struct object *newest = bucket->objects[i];
        int order = from.key ? strcmp(newest->key, from.key) : 1;
        if (strncmp(newest->key, page->prefix, strlen(page->prefix)) != 0) {
            break;
        }
        if (order < 0 || (order == 0 && !from.version)) {
            continue;
        }
        if (!versions_write(call, page, newest, &from, &last)) {
            break;
        }
    }
    xml_element(call, "IsTruncated", page->truncated ? "true" : "false");
    if (page->truncated && last) {
        key_element(call, page, "NextKeyMarker", last->key);
        xml_element(call, "NextVersionIdMarker", last->version);
    }
    xml_end(call, "ListVersionsResult");
    free(page);
}
