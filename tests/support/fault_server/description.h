/* SPDX-License-Identifier: Apache-2.0 */
/* What headers say of an object: metadata, encryption, checksums, and the conditions of requests. */
#ifndef FAULT_SERVER_DESCRIPTION_H
#define FAULT_SERVER_DESCRIPTION_H

#include "support/fault_server/server.h"

/*
 * Takes what a request says of the object that it makes. False: the reply is an error. `tags` is
 * NULL where it says nothing of tags; the caller frees it.
 */
bool description_take(struct call *call, struct fields *fields, char **tags);
/* Copies the fields that a copy keeps. */
void description_copy(struct fields *to, const struct fields *from);
/* Tells of an object in the reply: everything but its length. */
void description_tell(struct call *call, const struct object *object);
/* Tells the checksum of an object in headers. */
void checksum_tell(struct call *call, enum digest_kind kind, const char *checksum, bool composite);
/* Tells the version, where the bucket has versions. */
void version_tell(struct call *call, const struct object *object);
/* Whether the request's SSE-C key is that of the object. False: the reply is an error. */
bool customer_key_fits(struct call *call, const struct fields *fields);

/* The kind that the request demands by name; `otherwise` where it demands none. */
enum digest_kind checksum_wanted(const struct call *call, enum digest_kind otherwise);
/* Sets an object's checksum of its bytes' digest. */
void object_set_checksum(struct object *object, enum digest_kind kind, const uint8_t digest[DIGEST_BYTES_MAX]);
/* Sets an ETag: that of an MD5; or one that tells nothing, where the digest is NULL. */
void etag_set(struct call *call, const uint8_t *md5, char out[ETAG_CAPACITY]);
/*
 * Sets the ETag of a part, and `md5` to what the object's ETag is made of. Where the part's ETag is
 * not its MD5, both are made up, so that the object's still follows from those of its parts.
 */
void part_etag_set(struct call *call, bool is_md5, uint8_t md5[DIGEST_BYTES_MAX], char out[ETAG_CAPACITY]);
/* Whether ETags tell the MD5 of what such fields describe. */
bool etag_is_md5(const struct call *call, const struct fields *fields);

/* The conditions of a GET or HEAD; of what writes; of the source of a copy. False: the reply says why. */
bool conditions_read(struct call *call, const struct object *object);
bool conditions_write(struct call *call);
bool conditions_copy(struct call *call, const struct object *source);

#endif
