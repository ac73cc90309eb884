/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The buckets: objects with their versions, open uploads, who may do what. Whoever calls holds the
 * server's lock; what a reply needs of an object is copied or shared before it is let go.
 */
#ifndef FAULT_SERVER_STORE_H
#define FAULT_SERVER_STORE_H

#include "support/fault_server/blob.h"
#include "support/fault_server/http.h"

enum { ETAG_CAPACITY = 64, CHECKSUM_CAPACITY = DIGEST_TEXT_MAX + 8, VERSION_CAPACITY = 40, KEY_BYTES_MAX = 1024 };

/* A version of an object. */
struct object {
    char *key;
    char version[VERSION_CAPACITY]; /* "null" where the bucket has no versions */
    bool marker;                    /* a delete marker: nothing below counts */
    struct blob *blob;
    char etag[ETAG_CAPACITY]; /* without its quotes */
    int64_t modified_ms;
    enum digest_kind kind; /* of the checksum; DIGEST_NONE: the service keeps none */
    bool composite;
    char checksum[CHECKSUM_CAPACITY]; /* base64, "-N" behind a composite one */
    struct fields fields;             /* headers that come back with it */
    char *tags;                       /* as in x-amz-tagging; NULL for none */
    uint64_t *part_bytes;             /* sizes of its parts; NULL: it was put in one piece */
    char (*part_checksums)[CHECKSUM_CAPACITY];
    unsigned parts_count;
    struct object *older;
};

struct part {
    unsigned number;
    struct blob *blob;
    char etag[ETAG_CAPACITY];
    uint8_t md5[DIGEST_BYTES_MAX];
    uint8_t checksum[DIGEST_BYTES_MAX]; /* of the upload's kind */
    int64_t modified_ms;
};

struct upload {
    char id[VERSION_CAPACITY];
    char *bucket;
    char *key;
    enum digest_kind kind; /* of its checksum; DIGEST_NONE: none was asked for */
    bool composite;
    struct fields fields;
    char *tags;
    int64_t initiated_ms;
    struct part *parts; /* by number */
    size_t parts_count;
};

enum versioning { VERSIONING_NEVER, VERSIONING_ON, VERSIONING_SUSPENDED };

/* What a service says of the checksum of a part that it has copied. */
enum copied_sums {
    COPIED_SUMS_RIGHT,
    COPIED_SUMS_NONE,   /* It tells none. */
    COPIED_SUMS_WHOLE,  /* It tells that of the whole source, where that has one of the upload's kind. */
    COPIED_SUMS_REFUSED /* It has none, and so refuses the part of an upload with checksums. */
};

struct bucket {
    char *name;
    char *owner;   /* key id of the account; "*": all accounts */
    char *region;  /* NULL: the server's */
    char *readers; /* key ids with ';' between them; "*": everybody, anonymous ones too */
    char *writers;
    enum versioning versioning;
    bool requester_pays;
    bool keeps_no_checksums; /* as objects of before 2025 have none */
    enum copied_sums copied_sums;
    int64_t created_ms;
    struct object **objects; /* the newest version of each key, by key */
    size_t objects_count;
    size_t objects_capacity;
    uint64_t made_keys; /* such a bucket has these keys in place of objects */
    uint64_t made_bytes;
};

struct store {
    struct bucket *buckets; /* by name */
    size_t buckets_count;
    struct upload **uploads;
    size_t uploads_count;
    uint64_t ids;
};

struct bucket *store_bucket(struct store *store, const char *name);
struct bucket *store_bucket_add(struct store *store, const char *name, const char *owner, int64_t now_ms);
void store_bucket_remove(struct store *store, const char *name);
/* Makes a name for a version or an upload that no other has. Later ones sort behind. */
void store_id(struct store *store, char out[VERSION_CAPACITY]);

/* Returns the number of keys, made ones too. */
uint64_t bucket_keys(const struct bucket *bucket);
/* Returns the key of a number; `room` holds it where it is a made one. */
const char *bucket_key(const struct bucket *bucket, uint64_t number, char room[KEY_BYTES_MAX + 1]);
/* Returns the number of the first key that is not before `key`. */
uint64_t bucket_find(const struct bucket *bucket, const char *key);
/* Returns the newest version at a number; of a made key, one that `room` is made into. */
struct object *bucket_object(const struct bucket *bucket, uint64_t number, struct object *room);

/* Finds a version of a key, the newest where `version` is NULL. NULL where there is none. */
struct object *object_find(const struct bucket *bucket, const char *key, const char *version);
/* Adds a version, which the bucket owns from now on; sets its name by the bucket's versioning. */
void object_add(struct store *store, struct bucket *bucket, struct object *object);
/* Removes a version. False where there is none. */
bool object_remove(struct bucket *bucket, const char *key, const char *version);
void object_free(struct object *object);

struct upload *upload_add(struct store *store, const char *bucket, const char *key);
struct upload *upload_find(const struct store *store, const char *bucket, const char *key, const char *id);
/* Adds a part, which takes the place of one with its number. */
void upload_add_part(struct upload *upload, const struct part *part);
/* Removes an upload and gives up its parts. */
void upload_remove(struct store *store, struct upload *upload);

#endif
