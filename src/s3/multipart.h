/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Multipart uploads: what the service is told in which order. Who fills parts, and how many are
 * under way, is writer.h's.
 */
#ifndef HW_S3_MULTIPART_H
#define HW_S3_MULTIPART_H

#include "s3/client.h"
#include "s3/response.h"

/* One upload. Not there for the service while `id` is "". */
struct hw_s3_upload {
    struct hw_s3_client *client;
    const char *key; /* borrowed */
    char id[HW_S3_UPLOAD_ID_BYTES];
};

HW_NODISCARD enum hw_status hw_s3_upload_create(struct hw_s3_upload *upload, const char *content_type,
                                                struct hw_error *err);
/*
 * Starts one part in a zeroed call; its body is borrowed until hw_s3_upload_part_wait or
 * hw_s3_call_release.
 */
HW_NODISCARD enum hw_status hw_s3_upload_part_start(const struct hw_s3_upload *upload, struct hw_s3_call *call,
                                                    const struct hw_s3_part_params *params, struct hw_error *err);
/* The part is there; `out_etag` as the service gave it. Releases the call. */
HW_NODISCARD enum hw_status hw_s3_upload_part_wait(struct hw_s3_call *call, char out_etag[HW_S3_ETAG_BYTES],
                                                   struct hw_error *err);

struct hw_s3_upload_sum { /* what the parts amount to */
    const struct hw_s3_part *parts;
    size_t parts_count;
    uint64_t object_bytes;
    uint64_t crc64nvme;
    bool create_only;
    const char *if_match; /* as with hw_s3_put_params */
};
/*
 * Makes the object of its parts; after HW_OK `upload->id` is "". A lost reply is settled by looking
 * at the object itself.
 */
HW_NODISCARD enum hw_status hw_s3_upload_complete(struct hw_s3_upload *upload, const struct hw_s3_upload_sum *sum,
                                                  char out_etag[HW_S3_ETAG_BYTES], struct hw_error *err);
/*
 * Drops the upload and its parts; none may be under way here. `parts_cut`: some were given up while
 * they were, so one may still arrive at the service after the abort and stay: it is repeated, a few
 * times, until the upload is not found. Nothing to do where `upload->id` is "".
 */
void hw_s3_upload_abort(struct hw_s3_upload *upload, bool parts_cut);

/*
 * Bytes of part `number` (from 1) of an upload. `size_hint` bytes at most (0: not known) fit in
 * 10,000 parts, all but the last of one size; where more come than that, or nothing is known, the
 * size doubles every 1,000 parts.
 */
uint64_t hw_s3_part_bytes(uint64_t part_bytes, uint64_t size_hint, unsigned number);

#endif
