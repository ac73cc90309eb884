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
    /*
     * The best checksum of the object's bytes that the service tells. One of its parts' checksums
     * (COMPOSITE) says nothing of the bytes and does not count.
     */
    struct hw_checksum checksum;
    /* True if it came in reply to a GET without a range, with which services tell checksums. */
    bool came_whole;
};

/*
 * Reads ETag, Last-Modified and checksum from the headers of a reply. The size is 0, and
 * `came_whole` is the caller's to say. An ETag that is too long is HW_EPROTOCOL.
 */
HW_NODISCARD enum hw_status hw_s3_object_read(const struct hw_http_response *response, struct hw_s3_object *out_object,
                                              struct hw_error *err);

/*
 * Reads the id of the upload from the reply of CreateMultipartUpload. Without one it is
 * HW_EPROTOCOL.
 */
HW_NODISCARD enum hw_status hw_s3_upload_id_read(const struct hw_http_response *response,
                                                 char out_id[HW_S3_UPLOAD_ID_BYTES], struct hw_error *err);

/*
 * The best checksum that headers tell, in the order of hw_s3_checksum_order; COMPOSITE ones too, if
 * `composite` is true, and else only those of the object's bytes.
 */
struct hw_checksum hw_s3_checksum_read(const struct hw_http_response *response, bool composite);

/* An object or a part that a service has made of what it has. */
struct hw_s3_made {
    char etag[HW_S3_ETAG_BYTES];
    /*
     * The checksum that the service tells, which may be one of the parts' checksums;
     * HW_CHECKSUM_NONE if it tells none.
     */
    struct hw_checksum checksum;
};
/*
 * Reads the reply of CompleteMultipartUpload, CopyObject or UploadPartCopy. Without an ETag, or
 * with a checksum that is none, it is HW_EPROTOCOL.
 */
HW_NODISCARD enum hw_status hw_s3_made_read(const struct hw_http_response *response, struct hw_s3_made *out_made,
                                            struct hw_error *err);

/* The kinds of checksums that objects have, the best first. */
enum { HW_S3_CHECKSUM_KINDS = 5 };
extern const enum hw_checksum_kind hw_s3_checksum_order[HW_S3_CHECKSUM_KINDS];

/*
 * Takes an ETag for the MD5 of the object's bytes. Returns false if it does not look like one. It
 * is no MD5, whatever it looks like, if the object is encrypted by SSE-KMS or SSE-C.
 */
HW_NODISCARD bool hw_s3_etag_md5(const char *etag, struct hw_checksum *out_md5);
/*
 * Returns of how many parts an ETag is, as S3 makes it of the MD5s of parts: "<MD5>-7". It is 0 if
 * the ETag does not look like that.
 */
unsigned hw_s3_etag_parts(const char *etag);
/*
 * Adds the ETag of one more part to `run`, which is one of HW_CHECKSUM_MD5. Returns false if that
 * ETag is no MD5, so that nothing is known of the ETag of the whole.
 */
HW_NODISCARD bool hw_s3_etag_compose_add(struct hw_checksum_run *run, const char *part_etag);
/*
 * Writes the ETag, with its quotes, that an object of so many parts has on S3. It ends the run.
 */
void hw_s3_etag_compose(struct hw_checksum_run *run, size_t parts, char out[HW_S3_ETAG_BYTES]);

/* Copies `etag` without the quotes around it, which is the form that users see. */
void hw_s3_etag_bare(const char *etag, char out[HW_S3_ETAG_BYTES]);

#endif
