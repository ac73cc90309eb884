/* SPDX-License-Identifier: Apache-2.0 */
/* Builds the requests of a multipart upload. As s3/request.h says. */
#ifndef HW_S3_REQUEST_MULTIPART_H
#define HW_S3_REQUEST_MULTIPART_H

#include "s3/facts.h"
#include "s3/request_write.h"

struct hw_s3_create_params {
    const char *key;
    /* Both as in hw_s3_put_params. */
    const char *content_type;
    const struct hw_s3_headers *headers;
    /*
     * The kind of the checksums that the parts will have. A CRC becomes one of the whole object,
     * SHA-1 and SHA-256 one of the parts'. HW_CHECKSUM_NONE and HW_CHECKSUM_MD5 name none.
     */
    enum hw_checksum_kind checksum;
};
HW_NODISCARD enum hw_status hw_s3_request_create_upload(struct hw_s3_request *request,
                                                        const struct hw_s3_create_params *params, struct hw_error *err);

struct hw_s3_part_params {
    const char *key;
    const char *upload_id;
    /* From 1 to HW_S3_PARTS_MAX. */
    unsigned number;
    const void *body;
    size_t body_bytes;
    /* The checksum of the body, as in hw_s3_put_params. */
    struct hw_checksum checksum;
};
HW_NODISCARD enum hw_status hw_s3_request_part(struct hw_s3_request *request, const struct hw_s3_part_params *params,
                                               struct hw_error *err);

struct hw_s3_copy_part_params {
    struct hw_s3_copy_source source;
    const char *key;
    const char *upload_id;
    unsigned number;
    /* The range of the source. 0 bytes mean the whole source. */
    uint64_t offset;
    uint64_t bytes;
};
HW_NODISCARD enum hw_status hw_s3_request_copy_part(struct hw_s3_request *request,
                                                    const struct hw_s3_copy_part_params *params, struct hw_error *err);

/* A part that is at the service. */
struct hw_s3_part {
    /* The ETag as the service gave it. */
    char etag[HW_S3_ETAG_BYTES];
    /* The checksum of its bytes; HW_CHECKSUM_NONE if none is known. */
    struct hw_checksum checksum;
};
struct hw_s3_complete_params {
    const char *key;
    const char *upload_id;
    /* All parts, beginning with number 1. */
    const struct hw_s3_part *parts;
    size_t parts_count;
    uint64_t object_bytes;
    /*
     * The checksum of the whole object, which the service compares: of its bytes, or of its parts'
     * checksums. HW_CHECKSUM_NONE and HW_CHECKSUM_MD5 send none.
     */
    struct hw_checksum checksum;
    /* True if the service knows no checksums, so that those of parts are not sent either. */
    bool no_checksums;
    /* Both as in hw_s3_put_params. */
    bool create_only;
    const char *if_match;
};
HW_NODISCARD enum hw_status hw_s3_request_complete(struct hw_s3_request *request,
                                                   const struct hw_s3_complete_params *params, struct hw_error *err);

HW_NODISCARD enum hw_status hw_s3_request_abort(struct hw_s3_request *request, const char *key, const char *upload_id,
                                                struct hw_error *err);

#endif
