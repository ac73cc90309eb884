/* SPDX-License-Identifier: Apache-2.0 */
/* Lists the multipart uploads of a bucket that are open, and the parts of one. */
#ifndef HW_S3_UPLOADS_H
#define HW_S3_UPLOADS_H

#include "codec/checksum.h"
#include "s3/page.h"

/* An upload that was created, and neither completed nor aborted. */
struct hw_s3_open_upload {
    const char *key;
    const char *id;
    /* The time when it was created, microseconds since 1970; 0 if the service does not tell. */
    int64_t initiated_us;
};
/* Takes an upload, whose texts are there for the call. Any status but HW_OK ends the listing. */
typedef enum hw_status hw_s3_open_upload_fn(void *ctx, const struct hw_s3_open_upload *upload, struct hw_error *err);

/*
 * Calls `each` for every open upload whose key begins with `prefix`. HW_EPROTOCOL means that a key
 * begins with anything else, or that the pages do not come to an end. An upload may end while the
 * listing is read.
 */
HW_NODISCARD enum hw_status hw_s3_uploads_list(struct hw_s3_client *client, const char *prefix,
                                               hw_s3_open_upload_fn *each, void *ctx, struct hw_error *err);

/*
 * Aborts an upload, and makes sure that it is gone: a part that is under way may arrive after the
 * abort and stay. HW_OK also if it was gone before. HW_EFAILED means that it is there however often
 * it was aborted.
 */
HW_NODISCARD enum hw_status hw_s3_upload_end(struct hw_s3_client *client, const char *key, const char *upload_id,
                                             struct hw_error *err);

/* A part that is at the service. */
struct hw_s3_listed_part {
    /* From 1 to HW_S3_PARTS_MAX. */
    unsigned number;
    uint64_t size;
    /* The ETag as the service gave it; "" if it told none. */
    const char *etag;
    /* The best checksum of the part's bytes that the service tells. */
    struct hw_checksum checksum;
};
typedef enum hw_status hw_s3_listed_part_fn(void *ctx, const struct hw_s3_listed_part *part, struct hw_error *err);

/*
 * Calls `each` for every part of an upload, by number. HW_ENOTFOUND means that the upload is not
 * open any more, HW_EPROTOCOL that numbers do not rise or are none.
 */
HW_NODISCARD enum hw_status hw_s3_parts_list(struct hw_s3_client *client, const char *key, const char *upload_id,
                                             hw_s3_listed_part_fn *each, void *ctx, struct hw_error *err);

#endif
