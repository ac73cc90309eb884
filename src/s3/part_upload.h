/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Uploads an object of known size in parts, which come in any order and from several threads at
 * once. s3/writer.h is for bytes that come one after the other.
 */
#ifndef HW_S3_PART_UPLOAD_H
#define HW_S3_PART_UPLOAD_H

#include <hawser/io.h>

#include "s3/older_parts.h"

struct hw_s3_part_upload;

/* The texts are borrowed for the call. */
struct hw_s3_part_upload_params {
    struct hw_s3_create_params create;
    /* Both as in hw_s3_put_params. */
    bool create_only;
    const char *if_match;
    /* The size of the object in bytes, which is not 0. */
    uint64_t size;
    /*
     * True if an upload of the same key may be taken up that is open at the service, because a run
     * was killed. Its parts are believed as far as their checksums, or ETags that are MD5s, prove
     * them. None is taken up where a condition or headers say more of the object.
     */
    bool resume;
    /* True if the upload stays open where it is not finished, so that it can be taken up later. */
    bool keep;
    /*
     * The version that is there, whose parts the service copies where they are as ours
     * (s3/older_parts.h). Borrowed for as long as the upload. NULL: all parts are sent.
     */
    const struct hw_s3_older *older;
};
/*
 * Creates an upload in parts of `*part_bytes` each but for the last. That comes in as the least
 * that the caller would like, and may be made larger (hw_s3_part_bytes).
 */
HW_NODISCARD enum hw_status hw_s3_part_upload_begin(struct hw_s3_client *client,
                                                    const struct hw_s3_part_upload_params *params, uint64_t *part_bytes,
                                                    struct hw_s3_part_upload **out_upload, struct hw_error *err);

/*
 * Sends a part and waits until it is there. The data is borrowed for the call. HW_EIO means that
 * the part is none of this object's, HW_ECHANGED that an upload which was taken up does not take
 * it. Any thread; no part twice.
 */
HW_NODISCARD enum hw_status hw_s3_part_upload_send(struct hw_s3_part_upload *upload, const struct hw_sink_part *part,
                                                   struct hw_error *err);
/*
 * Publishes the object. HW_EIO means that parts are missing, HW_ECHANGED that an upload which was
 * taken up has ended or makes another object meanwhile, or that the service does not take parts
 * that it has copied, so that all is to be begun anew. `out_etag` is the ETag as the service gave
 * it.
 */
HW_NODISCARD enum hw_status hw_s3_part_upload_finish(struct hw_s3_part_upload *upload, char out_etag[HW_S3_ETAG_BYTES],
                                                     struct hw_error *err);
/* The ways on which the parts of an upload have come to the service. */
struct hw_s3_part_shares {
    uint64_t bytes_sent;
    /* Copied from the older version. What an earlier run has left is neither. */
    uint64_t bytes_copied;
    enum hw_s3_older_way way;
    /* True if the object gets no checksums, because the service tells none of copied parts. */
    bool unsummed;
    /* The reason why parts were not copied any more; HW_OK: there is none. */
    struct hw_error why;
};
/* Tells how the parts have come. None may be under way. */
void hw_s3_part_upload_shares(const struct hw_s3_part_upload *upload, struct hw_s3_part_shares *out_shares);
/*
 * Frees the upload, none of whose parts may be under way. Unless it was finished, or is to be kept,
 * it is aborted, so that nothing of it stays at the service. Accepts NULL.
 */
void hw_s3_part_upload_free(struct hw_s3_part_upload *upload);

#endif
