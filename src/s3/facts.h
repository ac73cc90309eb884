/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The facts that good replies of S3 hold: about an object, a range of it, an upload. s3/reply.h
 * checks beforehand that a reply is a good one. Pure functions; results are untouched on failure.
 */
#ifndef HW_S3_FACTS_H
#define HW_S3_FACTS_H

#include "codec/checksum.h"
#include "net/http_response.h"

/* The room for an ETag and for the id of an upload, the NUL at the end included. */
enum { HW_S3_ETAG_BYTES = 128, HW_S3_UPLOAD_ID_BYTES = 1024 };

struct hw_s3_object {
    uint64_t size;
    /* Microseconds since 1970; 0 if the service does not tell. */
    int64_t mtime_us;
    /* The ETag as the service gave it, as If-Match wants it; "" if there is none. */
    char etag[HW_S3_ETAG_BYTES];
    /* The best checksum of the whole object that the service tells. */
    struct hw_checksum checksum;
};

/*
 * Reads ETag, Last-Modified and checksum from the headers of a reply; the size is 0. An ETag that
 * is too long is HW_EPROTOCOL.
 */
HW_NODISCARD enum hw_status hw_s3_object_read(const struct hw_http_response *response, struct hw_s3_object *out_object,
                                              struct hw_error *err);

/*
 * Reads the id of the upload from the reply of CreateMultipartUpload. Without one it is
 * HW_EPROTOCOL.
 */
HW_NODISCARD enum hw_status hw_s3_upload_id_read(const struct hw_http_response *response,
                                                 char out_id[HW_S3_UPLOAD_ID_BYTES], struct hw_error *err);

struct hw_s3_completed {
    char etag[HW_S3_ETAG_BYTES];
    /* The CRC64NVME of the object; its kind is HW_CHECKSUM_NONE if the service does not tell it. */
    struct hw_checksum checksum;
};
/* Reads the reply of CompleteMultipartUpload. Without an ETag it is HW_EPROTOCOL. */
HW_NODISCARD enum hw_status hw_s3_completed_read(const struct hw_http_response *response,
                                                 struct hw_s3_completed *out_completed, struct hw_error *err);

/* Copies `etag` without the quotes around it, which is the form that users see. */
void hw_s3_etag_bare(const char *etag, char out[HW_S3_ETAG_BYTES]);

#endif
