/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Builds the requests that are about a bucket, about many objects, or about the service itself
 * (s3/request.h says what all builders have in common). Pure functions.
 */
#ifndef HW_S3_REQUEST_BUCKET_H
#define HW_S3_REQUEST_BUCKET_H

#include "s3/request.h"

/* A page of ListObjectsV2. All texts may be NULL. */
struct hw_s3_list_params {
    const char *prefix;
    /* Keys with this text behind the prefix become one common prefix. */
    const char *delimiter;
    /* The listing begins behind this key. */
    const char *start_after;
    /* The token of the page before; NULL for the first page. */
    const char *token;
    /* The most keys that the page may have; 0 leaves it to the service. */
    unsigned keys_max;
};
HW_NODISCARD enum hw_status hw_s3_request_list(struct hw_s3_request *request, const struct hw_s3_list_params *params,
                                               struct hw_error *err);

/* A page of ListObjectVersions or ListMultipartUploads. All texts may be NULL. */
struct hw_s3_marker_params {
    const char *prefix;
    /* As in struct hw_s3_list_params. */
    const char *delimiter;
    /* The key that the page before has ended with, and the id of its version or upload. */
    const char *key_marker;
    const char *id_marker;
};
HW_NODISCARD enum hw_status hw_s3_request_versions(struct hw_s3_request *request,
                                                   const struct hw_s3_marker_params *params, struct hw_error *err);
HW_NODISCARD enum hw_status hw_s3_request_uploads(struct hw_s3_request *request,
                                                  const struct hw_s3_marker_params *params, struct hw_error *err);

/* ListParts: the parts of an upload behind the number `after`, which is 0 for the first page. */
HW_NODISCARD enum hw_status hw_s3_request_parts(struct hw_s3_request *request, const char *key, const char *upload_id,
                                                unsigned after, struct hw_error *err);

/* ListBuckets, for a client of no bucket. `token` is NULL for the first page. */
HW_NODISCARD enum hw_status hw_s3_request_buckets(struct hw_s3_request *request, const char *token,
                                                  struct hw_error *err);
/* CreateBucket. `region` is where the bucket is to be; us-east-1 must not be named. */
HW_NODISCARD enum hw_status hw_s3_request_create_bucket(struct hw_s3_request *request, const char *region,
                                                        struct hw_error *err);
/* CreateBucket, of a directory bucket in a zone, whose id is checked (aws/endpoint_express.h). */
HW_NODISCARD enum hw_status hw_s3_request_create_directory(struct hw_s3_request *request, hw_view zone,
                                                           struct hw_error *err);
HW_NODISCARD enum hw_status hw_s3_request_delete_bucket(struct hw_s3_request *request, struct hw_error *err);

/* An object to delete, or one version of it. */
struct hw_s3_doomed {
    const char *key;
    /* NULL deletes the object; another one deletes that version for good. */
    const char *version_id;
};

/*
 * DeleteObjects, of 1 to HW_S3_DELETE_KEYS_MAX objects. Each key must be a text that XML can hold
 * (s3/delete.h).
 */
HW_NODISCARD enum hw_status hw_s3_request_delete_many(struct hw_s3_request *request, const struct hw_s3_doomed *objects,
                                                      size_t count, struct hw_error *err);

#endif
