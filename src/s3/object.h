/* SPDX-License-Identifier: Apache-2.0 */
/* One object: its facts, ranges of its bytes pinned to one version, one PUT, one DELETE. */
#ifndef HW_S3_OBJECT_H
#define HW_S3_OBJECT_H

#include "s3/client.h"
#include "s3/response.h"

/* HW_ENOTFOUND where there is none. Size and ETag of what there is are always known. */
HW_NODISCARD enum hw_status hw_s3_object_head(struct hw_s3_client *client, const char *key,
                                              struct hw_s3_object *out_object, struct hw_error *err);
HW_NODISCARD enum hw_status hw_s3_object_delete(struct hw_s3_client *client, const char *key, struct hw_error *err);

/*
 * One PUT. `out_etag` as the service gave it. HW_EEXISTS where `create_only` met an object. A reply
 * that was lost or could not be believed is settled by looking at the object: what has our size and
 * checksum is ours. So is what a 412 tells of, because the HTTP client or a proxy may have sent the
 * request twice.
 */
HW_NODISCARD enum hw_status hw_s3_object_put(struct hw_s3_client *client, const struct hw_s3_put_params *params,
                                             char out_etag[HW_S3_ETAG_BYTES], struct hw_error *err);
/* A service that tells which CRC64NVME it keeps must tell the one that was sent; HW_ECHECKSUM. */
HW_NODISCARD enum hw_status hw_s3_sent_compare(uint64_t crc64nvme, const struct hw_checksum *kept,
                                               const char *operation, struct hw_error *err);
/*
 * True where what came of a request that writes an object can only be told by looking at the
 * object.
 */
bool hw_s3_outcome_unclear(enum hw_status status);
/*
 * True where the object has this size and this CRC64NVME: then it is what that request has written.
 */
bool hw_s3_object_is(struct hw_s3_client *client, const char *key, uint64_t size, uint64_t crc64nvme,
                     struct hw_s3_object *out_object);

/* The first range of an object. */
struct hw_s3_first {
    const char *key;
    void *data; /* room for `bytes`, which are asked for */
    size_t bytes;
    const struct hw_s3_object
        *known; /* size and ETag that HEAD or a listing has told, its ETag may be ""; NULL: none */
};
/*
 * Up to `bytes` from the object's start come to `data`; `*out_object` is what the later ranges are
 * pinned to and `*out_bytes` how many came, the whole object where it is not larger. Compared with
 * the object's checksum where it came whole. A reply that differs from what is known is only
 * believed where HEAD, asked once more, says the same: then the object was replaced meanwhile, else
 * it is HW_EPROTOCOL.
 */
HW_NODISCARD enum hw_status hw_s3_object_discover(struct hw_s3_client *client, const struct hw_s3_first *first,
                                                  struct hw_s3_object *out_object, size_t *out_bytes,
                                                  struct hw_error *err);

/*
 * One later range under way: exactly `bytes` from `offset`, of the version `object`, or
 * HW_ECHANGED. Start it zeroed; must not move.
 */
struct hw_s3_get {
    struct hw_s3_call call;
    const struct hw_s3_object *object; /* borrowed */
    uint64_t offset;
    size_t bytes;
};
HW_NODISCARD enum hw_status hw_s3_get_start(struct hw_s3_get *get, struct hw_s3_client *client, const char *key,
                                            void *data, struct hw_error *err);
HW_NODISCARD enum hw_status hw_s3_get_wait(struct hw_s3_get *get, struct hw_error *err);
/* Gives it up; `data` is not written to any more. */
void hw_s3_get_release(struct hw_s3_get *get);

#endif
