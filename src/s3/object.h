/* SPDX-License-Identifier: Apache-2.0 */
/* One object: its facts, ranges of its bytes pinned to one version, one PUT, one DELETE. */
#ifndef HW_S3_OBJECT_H
#define HW_S3_OBJECT_H

#include "s3/client.h"
#include "s3/response.h"

/* HW_ENOTFOUND where there is none. */
HW_NODISCARD enum hw_status hw_s3_object_head(struct hw_s3_client *client, const char *key,
                                              struct hw_s3_object *out_object, struct hw_error *err);
HW_NODISCARD enum hw_status hw_s3_object_delete(struct hw_s3_client *client, const char *key, struct hw_error *err);

/*
 * One PUT. `out_etag` as the service gave it. HW_EEXISTS where `create_only` met an object; one that is there because
 * an earlier try's reply was lost counts as ours when size and checksum say so.
 */
HW_NODISCARD enum hw_status hw_s3_object_put(struct hw_s3_client *client, const struct hw_s3_put_params *params,
                                             char out_etag[HW_S3_ETAG_BYTES], struct hw_error *err);
/*
 * True where the object has this size and a CRC64NVME that is this: then it is what a request whose reply was lost has
 * written.
 */
bool hw_s3_object_is(struct hw_s3_client *client, const char *key, uint64_t size, uint64_t crc64nvme,
                     struct hw_s3_object *out_object);

/*
 * The first range of an object that nothing is known of yet: up to `bytes` from its start come to `data`;
 * `*out_object` is what the later ranges are pinned to and `*out_bytes` how many came, the whole object where it is
 * not larger. Compared with the object's checksum where it came whole.
 */
HW_NODISCARD enum hw_status hw_s3_object_discover(struct hw_s3_client *client, const char *key, void *data,
                                                  size_t bytes, struct hw_s3_object *out_object, size_t *out_bytes,
                                                  struct hw_error *err);

/*
 * One later range under way: exactly `bytes` from `offset`, of the version `object`, or HW_ECHANGED. Start it zeroed;
 * must not move.
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
