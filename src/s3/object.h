/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operations on one object: reading its facts and its tags, reading ranges of one version of
 * it, putting it with one request, deleting it.
 */
#ifndef HW_S3_OBJECT_H
#define HW_S3_OBJECT_H

#include "s3/client.h"
#include "s3/description.h"
#include "s3/request_read.h"
#include "s3/request_write.h"

/*
 * Asks for the facts of an object, or of one version of it, among which size and ETag are always
 * known. `version_id` NULL means the newest version, here and below. HW_ENOTFOUND means that there
 * is no such object.
 */
HW_NODISCARD enum hw_status hw_s3_object_head(struct hw_s3_client *client, const char *key, const char *version_id,
                                              struct hw_s3_object *out_object, struct hw_error *err);
/*
 * Asks for all that is known of an object. `out_description` is zeroed or holds an earlier one,
 * which is released.
 */
HW_NODISCARD enum hw_status hw_s3_object_describe(struct hw_s3_client *client, const char *key, const char *version_id,
                                                  struct hw_s3_description *out_description, struct hw_error *err);
/*
 * Asks for the size of the first part of an object that was uploaded in parts. `out_part` has the
 * ETag of the whole object. A service that knows no parts tells the size of the whole.
 */
HW_NODISCARD enum hw_status hw_s3_object_first_part(struct hw_s3_client *client, const char *key,
                                                    struct hw_s3_object *out_part, struct hw_error *err);
/* Deletes an object. S3 itself reports success also if there is none. */
HW_NODISCARD enum hw_status hw_s3_object_delete(struct hw_s3_client *client, const char *key, struct hw_error *err);
/* Deletes one version of an object for good. */
HW_NODISCARD enum hw_status hw_s3_version_delete(struct hw_s3_client *client, const char *key, const char *version_id,
                                                 struct hw_error *err);

/*
 * Asks for the tags of an object, which are appended as "name=value&name2=value2" (s3/tagging.h).
 */
HW_NODISCARD enum hw_status hw_s3_object_tags(struct hw_s3_client *client, const char *key, const char *version_id,
                                              struct hw_buf *out_tagging, struct hw_error *err);
/* Replaces the tags of an object. "" takes all of them away. */
HW_NODISCARD enum hw_status hw_s3_object_tag(struct hw_s3_client *client, const char *key, const char *version_id,
                                             const char *tagging, struct hw_error *err);

/*
 * Writes an object with one PUT. `out_etag` is the ETag as the service gave it. HW_EEXISTS means
 * that `create_only` met an object. If the reply is lost or not to be believed, a look at the
 * object tells: one with our size and checksum is ours. The same is done after a 412, because the
 * HTTP client or a proxy may have sent the request twice. Where the service refuses the headers of
 * checksums, Content-MD5 goes in their place (s3/kept_checksums.h).
 */
HW_NODISCARD enum hw_status hw_s3_object_put(struct hw_s3_client *client, const struct hw_s3_put_params *params,
                                             char out_etag[HW_S3_ETAG_BYTES], struct hw_error *err);
/*
 * Compares the checksum that was sent with the one that the service says it keeps, if that is of
 * the same kind, and of the bytes or of the parts as well. A difference is HW_ECHECKSUM.
 */
HW_NODISCARD enum hw_status hw_s3_sent_compare(const struct hw_checksum *sent, const struct hw_checksum *kept,
                                               const char *operation, struct hw_error *err);
/*
 * Returns whether, after this status, only a look at the object can tell whether a request has
 * written it.
 */
bool hw_s3_outcome_unclear(enum hw_status status);
/* An object that was written, to tell it from others. */
struct hw_s3_written {
    uint64_t size;
    /* HW_CHECKSUM_MD5 is compared with the ETag. */
    struct hw_checksum checksum;
    /*
     * The ETag that it must have, where there is no checksum or the service keeps none. NULL means
     * that nothing is known.
     */
    const char *etag;
};
/*
 * Returns whether the object has this size and this checksum or ETag, and so is the one that was
 * written. One request.
 */
bool hw_s3_object_is(struct hw_s3_client *client, const char *key, const struct hw_s3_written *written,
                     struct hw_s3_object *out_object);

/* The first range of an object, which tells what the object is. */
struct hw_s3_first {
    const char *key;
    /* The memory for the range, of `bytes` bytes. */
    void *data;
    size_t bytes;
    /* The size and ETag (or "") that HEAD or a listing has told. NULL if nothing is known. */
    const struct hw_s3_object *known;
    /* NULL means the newest version. */
    const char *version_id;
    /* The range is at the end of the object. */
    bool from_end;
};
/*
 * Reads the object's first bytes, or its last ones, to `first->data`: as many as there is room for,
 * or the whole object if it is smaller. `*out_bytes` is their number, and `*out_object` the version
 * that later ranges ask for. If the object came whole it is compared with its checksum. A reply
 * that contradicts `known` is believed only if another HEAD says the same, so that the object must
 * have been replaced meanwhile; else it is HW_EPROTOCOL.
 */
HW_NODISCARD enum hw_status hw_s3_object_discover(struct hw_s3_client *client, const struct hw_s3_first *first,
                                                  struct hw_s3_object *out_object, size_t *out_bytes,
                                                  struct hw_error *err);

/*
 * Returns whether HEAD is to be asked for the checksum of an object that came without one: after a
 * range always, after the whole object as far as its service may tell more by HEAD.
 */
bool hw_s3_checksum_untold(const struct hw_s3_client *client, const struct hw_s3_object *object);
/* Remembers what HEAD has told then: the kind of the checksum, or that there is none. */
void hw_s3_checksum_told(struct hw_s3_client *client, const struct hw_s3_object *object, enum hw_checksum_kind told);

/* A later range, which may be under way. Start `call` zeroed; it must not move while it is. */
struct hw_s3_get {
    struct hw_s3_call call;
    /* The version of the object to read, borrowed. */
    const struct hw_s3_object *object;
    uint64_t offset;
    size_t bytes;
    /* NULL means the newest version, which `object` then is. */
    const char *version_id;
};
/* Asks for the range. `data` is borrowed until it has come or was released. */
HW_NODISCARD enum hw_status hw_s3_get_start(struct hw_s3_get *get, struct hw_s3_client *client, const char *key,
                                            void *data, struct hw_error *err);
/*
 * Waits until all bytes of the range have come. HW_ECHANGED means that the object was replaced by
 * another version.
 */
HW_NODISCARD enum hw_status hw_s3_get_wait(struct hw_s3_get *get, struct hw_error *err);
/* Releases the range, and gives it up if it is under way; `data` is not written to any more. */
void hw_s3_get_release(struct hw_s3_get *get);

#endif
