/* SPDX-License-Identifier: Apache-2.0 */
#include "support/fault_server/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MADE_KEYS_A_FOLDER = 1000 };

static size_t bucket_place(const struct store *store, const char *name) {
    size_t low = 0, high = store->buckets_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(store->buckets[middle].name, name) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

struct bucket *store_bucket(struct store *store, const char *name) {
    size_t at = bucket_place(store, name);
    return at < store->buckets_count && strcmp(store->buckets[at].name, name) == 0 ? &store->buckets[at] : NULL;
}

struct bucket *store_bucket_add(struct store *store, const char *name, const char *owner, int64_t now_ms) {
    size_t at = bucket_place(store, name), after = store->buckets_count - at;
    store->buckets = must_resize(store->buckets, (store->buckets_count + 1) * sizeof(*store->buckets));
    memmove(store->buckets + at + 1, store->buckets + at, after * sizeof(*store->buckets));
    store->buckets_count++;
    store->buckets[at] = (struct bucket){.name = must_copy(name), .owner = must_copy(owner), .created_ms = now_ms};
    return &store->buckets[at];
}

void store_bucket_remove(struct store *store, const char *name) {
    struct bucket *bucket = store_bucket(store, name);
    size_t at = (size_t)(bucket - store->buckets);
    free(bucket->name);
    free(bucket->owner);
    free(bucket->region);
    free(bucket->readers);
    free(bucket->writers);
    free(bucket->objects);
    store->buckets_count--;
    memmove(bucket, bucket + 1, (store->buckets_count - at) * sizeof(*bucket));
}

void store_id(struct store *store, char out[VERSION_CAPACITY]) {
    unsigned long long number = ++store->ids;
    snprintf(out, VERSION_CAPACITY, "%08llx-fault-server-%08llx", number, number * 2654435761U & 0xffffffff);
}

uint64_t bucket_keys(const struct bucket *bucket) {
    return bucket->made_keys ? bucket->made_keys : bucket->objects_count;
}

const char *bucket_key(const struct bucket *bucket, uint64_t number, char room[KEY_BYTES_MAX + 1]) {
    if (!bucket->made_keys) {
        return bucket->objects[number]->key;
    }
    snprintf(room, KEY_BYTES_MAX + 1, "folder-%06llu/object-%09llu.bin",
             (unsigned long long)number / MADE_KEYS_A_FOLDER, (unsigned long long)number);
    return room;
}

uint64_t bucket_find(const struct bucket *bucket, const char *key) {
    char room[KEY_BYTES_MAX + 1];
    uint64_t low = 0, high = bucket_keys(bucket);
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (strcmp(bucket_key(bucket, middle, room), key) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

struct object *bucket_object(const struct bucket *bucket, uint64_t number, struct object *room) {
    if (!bucket->made_keys) {
        return bucket->objects[number];
    }
    *room = (struct object){.kind = DIGEST_NONE, .modified_ms = bucket->created_ms, .version = "null"};
    snprintf(room->etag, sizeof(room->etag), "%032llx-2", (unsigned long long)number);
    return room;
}

struct object *object_find(const struct bucket *bucket, const char *key, const char *version) {
    size_t at = bucket->made_keys ? 0 : bucket_find(bucket, key);
    if (at >= bucket->objects_count || strcmp(bucket->objects[at]->key, key) != 0) {
        return NULL;
    }
    for (struct object *object = bucket->objects[at]; object; object = object->older) {
        if (!version || strcmp(object->version, version) == 0) {
            return object;
        }
    }
    return NULL;
}

static bool unlink_version(struct object **place, const char *version) {
    for (; *place; place = &(*place)->older) {
        if (!version || strcmp((*place)->version, version) == 0) {
            struct object *gone = *place;
            *place = gone->older;
            object_free(gone);
            return true;
        }
    }
    return false;
}

void object_add(struct store *store, struct bucket *bucket, struct object *object) {
    uint64_t at = bucket_find(bucket, object->key);
    bool there = at < bucket->objects_count && strcmp(bucket->objects[at]->key, object->key) == 0;
    if (bucket->versioning == VERSIONING_ON) {
        store_id(store, object->version);
    } else {
        snprintf(object->version, sizeof(object->version), "null");
    }
    if (!there) {
        if (bucket->objects_count == bucket->objects_capacity) {
            bucket->objects_capacity = 2 * bucket->objects_capacity + 16;
            bucket->objects = must_resize(bucket->objects, bucket->objects_capacity * sizeof(struct object *));
        }
        memmove(bucket->objects + at + 1, bucket->objects + at, (bucket->objects_count - at) * sizeof(struct object *));
        bucket->objects_count++;
        bucket->objects[at] = NULL;
    }
    if (bucket->versioning != VERSIONING_ON) {
        unlink_version(&bucket->objects[at], "null");
    }
    object->older = bucket->objects[at];
    bucket->objects[at] = object;
}

bool object_remove(struct bucket *bucket, const char *key, const char *version) {
    if (!object_find(bucket, key, version)) {
        return false;
    }
    uint64_t at = bucket_find(bucket, key);
    unlink_version(&bucket->objects[at], version);
    if (!bucket->objects[at]) {
        bucket->objects_count--;
        memmove(bucket->objects + at, bucket->objects + at + 1, (bucket->objects_count - at) * sizeof(struct object *));
    }
    return true;
}

void object_free(struct object *object) {
    free(object->key);
    blob_drop(object->blob);
    fields_release(&object->fields);
    free(object->tags);
    free(object->part_bytes);
    free(object->part_checksums);
    free(object);
}

struct upload *upload_add(struct store *store, const char *bucket, const char *key) {
    struct upload *upload = must_zero(sizeof(*upload));
    store_id(store, upload->id);
    upload->bucket = must_copy(bucket);
    upload->key = must_copy(key);
    store->uploads = must_resize(store->uploads, (store->uploads_count + 1) * sizeof(struct upload *));
    store->uploads[store->uploads_count++] = upload;
    return upload;
}

struct upload *upload_find(const struct store *store, const char *bucket, const char *key, const char *id) {
    for (size_t i = 0; i < store->uploads_count; i++) {
        struct upload *upload = store->uploads[i];
        if (strcmp(upload->id, id) == 0 && strcmp(upload->bucket, bucket) == 0 && strcmp(upload->key, key) == 0) {
            return upload;
        }
    }
    return NULL;
}

void upload_add_part(struct upload *upload, const struct part *part) {
    size_t at = 0;
    while (at < upload->parts_count && upload->parts[at].number < part->number) {
        at++;
    }
    if (at < upload->parts_count && upload->parts[at].number == part->number) {
        blob_drop(upload->parts[at].blob);
    } else {
        upload->parts = must_resize(upload->parts, (upload->parts_count + 1) * sizeof(*upload->parts));
        memmove(upload->parts + at + 1, upload->parts + at, (upload->parts_count - at) * sizeof(*upload->parts));
        upload->parts_count++;
    }
    upload->parts[at] = *part;
}

void upload_remove(struct store *store, struct upload *upload) {
    for (size_t i = 0; i < upload->parts_count; i++) {
        blob_drop(upload->parts[i].blob);
    }
    free(upload->parts);
    size_t at = 0;
    while (store->uploads[at] != upload) {
        at++;
    }
    memmove(store->uploads + at, store->uploads + at + 1, (--store->uploads_count - at) * sizeof(struct upload *));
    fields_release(&upload->fields);
    free(upload->bucket);
    free(upload->key);
    free(upload->tags);
    free(upload);
}
