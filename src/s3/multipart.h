/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The steps of a multipart upload. s3/writer.h decides what goes into a part and how many of them
 * are under way.
 */
#ifndef HW_S3_MULTIPART_H
#define HW_S3_MULTIPART_H

#include "s3/client.h"
#include "s3/request_multipart.h"

/* An upload. */
struct hw_s3_upload {
    struct hw_s3_client *client;
    /* The key of the object, borrowed. */
    const char *key;
    /* The id that the service gave; "" while there is no upload at the service. */
    char id[HW_S3_UPLOAD_ID_BYTES];
};

/*
 * Creates the upload at the service and fills in `upload->id`. `params->key` is not looked at: the
 * key is that of the upload.
 */
HW_NODISCARD enum hw_status hw_s3_upload_create(struct hw_s3_upload *upload, const struct hw_s3_create_params *params,
                                                struct hw_error *err);
/*
 * Proves that an object may be written so: creates an upload of it and drops it, so that nothing of
 * it stays.
 */
HW_NODISCARD enum hw_status hw_s3_upload_prove(struct hw_s3_client *client, const struct hw_s3_create_params *params,
                                               struct hw_error *err);
/*
 * Starts one part in a zeroed call; its body is borrowed until hw_s3_upload_part_wait or
 * hw_s3_call_release.
 */
HW_NODISCARD enum hw_status hw_s3_upload_part_start(const struct hw_s3_upload *upload, struct hw_s3_call *call,
                                                    const struct hw_s3_part_params *params, struct hw_error *err);
/*
 * Waits until the part is at the service, and releases the call, also on failure. `out_etag` is the
 * ETag as the service gave it.
 */
HW_NODISCARD enum hw_status hw_s3_upload_part_wait(struct hw_s3_call *call, char out_etag[HW_S3_ETAG_BYTES],
                                                   struct hw_error *err);

/* The whole object that the parts make. */
struct hw_s3_upload_sum {
    /* All parts, beginning with number 1. */
    const struct hw_s3_part *parts;
    size_t parts_count;
    uint64_t object_bytes;
    /*
     * The checksum of the whole, as in hw_s3_complete_params. After a lost reply, an object without
     * one is known by the ETag that its parts' ETags make.
     */
    struct hw_checksum checksum;
    /* Both as in hw_s3_put_params. */
    bool create_only;
    const char *if_match;
};
/*
 * Makes the object of its parts; after HW_OK `upload->id` is "". If the reply is lost, a look at
 * the object tells whether the upload was completed.
 */
HW_NODISCARD enum hw_status hw_s3_upload_complete(struct hw_s3_upload *upload, const struct hw_s3_upload_sum *sum,
                                                  char out_etag[HW_S3_ETAG_BYTES], struct hw_error *err);
/*
 * Drops the upload and its parts, none of which may be under way. `parts_cut` says that some were
 * given up on their way: one of them may still arrive after the abort and stay, so the abort is
 * repeated a few times, until the service does not find the upload. Does nothing if `upload->id` is
 * "".
 */
void hw_s3_upload_abort(struct hw_s3_upload *upload, bool parts_cut);

/*
 * Returns the size of part `number` (from 1), which is `part_bytes` if that will do. `size_hint` is
 * the most bytes that the object will have, or 0 if that is not known: parts are as large as it
 * takes for so many bytes to fit in 10,000 parts of one size. Beyond the hint, or without one, the
 * size doubles every 1,000 parts.
 */
uint64_t hw_s3_part_bytes(uint64_t part_bytes, uint64_t size_hint, unsigned number);

#endif
