/* SPDX-License-Identifier: Apache-2.0 */
/*
 * S3 requests, built by pure functions: method, path below the endpoint, query, headers, body.
 * Host, date and signature are added by the client when a request is sent, and again for each try.
 * A builder takes a zeroed request; after a failure it can only be released.
 */
#ifndef HW_S3_REQUEST_H
#define HW_S3_REQUEST_H

#include "aws/sigv4.h"
#include "core/arena.h"
#include "core/buf.h"
#include "net/http.h"

enum { HW_S3_HEADERS_MAX = 12, HW_S3_ETAG_BYTES = 128, HW_S3_UPLOAD_ID_BYTES = 1024 };

/*
 * Looks at a reply that is what its operation's must be (s3/reply.h). HW_EPROTOCOL and any
 * retryable status make the client send the request again.
 */
typedef enum hw_status hw_s3_check_fn(void *ctx, const struct hw_http_response *response, struct hw_error *err);

struct hw_s3_request {
    /* names the operation, and says what its reply must be (s3/reply.h) */
    const struct hw_s3_reply_rule *rule;
    const char *method;
    char *key;           /* for messages; NULL at bucket level */
    struct hw_buf path;  /* "" or "/" and the percent-encoded key, ended with NUL */
    struct hw_buf query; /* percent-encoded, ended with NUL */
    struct hw_sigv4_header headers[HW_S3_HEADERS_MAX];
    size_t headers_count;
    const void *body; /* borrowed until the request has ended */
    size_t body_bytes;
    struct hw_buf own_body;
    void *into; /* takes the body of a reply; borrowed until the request has ended */
    size_t into_bytes;
    enum hw_status on_precondition; /* what 412 says about the object */
    unsigned slow_windows;          /* as in net/http.h */
    bool must_end;                  /* goes on for a while when the client is cancelled */
    hw_s3_check_fn *check;          /* NULL: there is nothing more to look at */
    void *check_ctx;
    struct hw_arena texts; /* values of the headers */
};
void hw_s3_request_release(struct hw_s3_request *request);

struct hw_s3_list_params {
    const char *prefix;
    const char *token; /* NULL: the first page */
    unsigned keys_max; /* 0: as many as the service likes */
};
HW_NODISCARD enum hw_status hw_s3_request_list(struct hw_s3_request *request, const struct hw_s3_list_params *params,
                                               struct hw_error *err);

HW_NODISCARD enum hw_status hw_s3_request_head(struct hw_s3_request *request, const char *key, struct hw_error *err);

struct hw_s3_range {
    uint64_t offset;
    uint64_t bytes;   /* > 0 */
    const char *etag; /* as the service gave it, quotes included; NULL or "": not pinned */
};
HW_NODISCARD enum hw_status hw_s3_request_get(struct hw_s3_request *request, const char *key,
                                              const struct hw_s3_range *range, struct hw_error *err);

struct hw_s3_put_params {
    const char *key;
    const void *body; /* borrowed */
    size_t body_bytes;
    uint64_t crc64nvme;       /* of the body */
    const char *content_type; /* NULL: application/octet-stream */
    bool create_only;
    /* HW_ECHANGED where the object there has another ETag, with its quotes. NULL: not asked */
    const char *if_match;
};
HW_NODISCARD enum hw_status hw_s3_request_put(struct hw_s3_request *request, const struct hw_s3_put_params *params,
                                              struct hw_error *err);

HW_NODISCARD enum hw_status hw_s3_request_create_upload(struct hw_s3_request *request, const char *key,
                                                        const char *content_type, struct hw_error *err);

struct hw_s3_part_params {
    const char *key;
    const char *upload_id;
    unsigned number;  /* 1 to HW_S3_PARTS_MAX */
    const void *body; /* borrowed */
    size_t body_bytes;
    uint64_t crc64nvme; /* of the body */
};
HW_NODISCARD enum hw_status hw_s3_request_part(struct hw_s3_request *request, const struct hw_s3_part_params *params,
                                               struct hw_error *err);

struct hw_s3_part {
    char etag[HW_S3_ETAG_BYTES]; /* as the service gave it */
    uint64_t crc64nvme;
};
struct hw_s3_complete_params {
    const char *key;
    const char *upload_id;
    const struct hw_s3_part *parts; /* part 1 first */
    size_t parts_count;
    uint64_t object_bytes;
    uint64_t crc64nvme; /* of the whole object */
    bool create_only;
    const char *if_match; /* as with hw_s3_put_params */
};
HW_NODISCARD enum hw_status hw_s3_request_complete(struct hw_s3_request *request,
                                                   const struct hw_s3_complete_params *params, struct hw_error *err);

HW_NODISCARD enum hw_status hw_s3_request_abort(struct hw_s3_request *request, const char *key, const char *upload_id,
                                                struct hw_error *err);
HW_NODISCARD enum hw_status hw_s3_request_delete(struct hw_s3_request *request, const char *key, struct hw_error *err);

#endif
