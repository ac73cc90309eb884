/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What replies of S3 mean: faults, in replies that say so and inside those that say 200, and the
 * facts in headers. Pure functions.
 */
#ifndef HW_S3_RESPONSE_H
#define HW_S3_RESPONSE_H

#include "codec/checksum.h"
#include "net/http.h"
#include "s3/request.h"

/* What may make the same request succeed. */
enum hw_s3_remedy {
    HW_S3_GIVE_UP,
    HW_S3_RETRY,         /* after a short while */
    HW_S3_SLOW_DOWN,     /* after a longer one */
    HW_S3_REFRESH_KEYS,  /* with credentials read again */
    HW_S3_SET_CLOCK,     /* signed with the service's time */
    HW_S3_CHANGE_REGION, /* at the host of `region` */
};

struct hw_s3_fault {
    enum hw_status status;
    enum hw_s3_remedy remedy;
    int http_status;
    char code[64]; /* "NoSuchKey"; "" when the service gave none */
    /* where the bucket is, as the service says; not checked yet; "" when it does not say */
    char region[64];
    char message[256]; /* the service's own words, "" when there are none */
    char request_id[64];
    hw_view alien; /* A body that is no error document, borrowed from the reply. Else empty. */
};

/* HTTP status and request id of any reply; nothing else is known of it yet. */
void hw_s3_fault_begin(const struct hw_http_response *response, struct hw_s3_fault *out_fault);
/*
 * The fault that a reply other than 2xx tells of. `on_precondition` is the status of a 412. A
 * refusal or a "not found" whose body is somebody else's page is HW_EPROTOCOL: it does not come
 * from the service.
 */
void hw_s3_fault_read(const struct hw_http_response *response, enum hw_status on_precondition,
                      struct hw_s3_fault *out_fault);
/* Fails with what the fault says: "GetObject: NoSuchKey: ...". */
HW_NODISCARD enum hw_status hw_s3_fault_fail(const struct hw_s3_fault *fault, const char *operation,
                                             struct hw_error *err);
/* Puts the fault's HTTP status, code and request id into an error. Accepts NULL. */
void hw_s3_fault_name(const struct hw_s3_fault *fault, struct hw_error *err);

/* ------ facts of good replies */
struct hw_s3_object {
    uint64_t size;
    int64_t mtime_us;            /* 0: not known */
    char etag[HW_S3_ETAG_BYTES]; /* as the service gave it, for If-Match; "" when there is none */
    struct hw_checksum checksum; /* of the whole object, the best that is told */
};

/* ETag, Last-Modified and checksum of a reply; HW_EPROTOCOL where the ETag is too long. */
HW_NODISCARD enum hw_status hw_s3_object_read(const struct hw_http_response *response, struct hw_s3_object *out_object,
                                              struct hw_error *err);
/*
 * The name of an XML text's root element, without its namespace; empty where the text does not
 * begin as XML does.
 */
hw_view hw_s3_root_name(hw_view text);
/* A header that holds a number of bytes; false where it is absent or anything else. */
HW_NODISCARD bool hw_s3_bytes_header(const struct hw_http_response *response, const char *name, uint64_t *out_bytes);
/* "bytes 0-99/1234"; false where the header is absent or anything else, or says what cannot be. */
struct hw_s3_content_range {
    uint64_t first;
    uint64_t last;
    uint64_t total;
};
HW_NODISCARD bool hw_s3_content_range_read(const struct hw_http_response *response,
                                           struct hw_s3_content_range *out_range);

/* The reply of CreateMultipartUpload. */
HW_NODISCARD enum hw_status hw_s3_upload_id_read(const struct hw_http_response *response,
                                                 char out_id[HW_S3_UPLOAD_ID_BYTES], struct hw_error *err);

/*
 * The reply of CompleteMultipartUpload, which s3/reply.h has found to be a result. HW_EPROTOCOL
 * without an ETag.
 */
struct hw_s3_completed {
    char etag[HW_S3_ETAG_BYTES];
    struct hw_checksum checksum; /* a CRC64NVME, if any */
};
HW_NODISCARD enum hw_status hw_s3_completed_read(const struct hw_http_response *response,
                                                 struct hw_s3_completed *out_completed, struct hw_error *err);

/* `etag` without the quotes around it, the form that users see. */
void hw_s3_etag_bare(const char *etag, char out[HW_S3_ETAG_BYTES]);

#endif
