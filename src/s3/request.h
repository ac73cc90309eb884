/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Builds S3 requests: method, path below the endpoint, query, headers, body. The client adds host,
 * date and signature when it sends a request, anew for each try. Pure functions.
 *
 * Each builder takes a zeroed request. The parameters are copied, but for bodies, which are
 * borrowed until the request has ended. After a failure a request can only be released. HW_EUSAGE
 * and HW_ELIMIT mean that a key is empty or too long, or that a range does not fit in 64 bits.
 */
#ifndef HW_S3_REQUEST_H
#define HW_S3_REQUEST_H

#include "aws/sigv4.h"
#include "core/arena.h"
#include "core/buf.h"
#include "net/http_response.h"
#include "s3/facts.h"

enum { HW_S3_HEADERS_MAX = 12 };

struct hw_s3_reply_rule;

/*
 * Looks at a reply that has passed the rule of its operation (s3/reply.h). HW_EPROTOCOL and any
 * retryable status make the client send the request again.
 */
typedef enum hw_status hw_s3_check_fn(void *ctx, const struct hw_http_response *response, struct hw_error *err);

struct hw_s3_request {
    /* The rule that the reply must obey (s3/reply.h), which also names the operation. */
    const struct hw_s3_reply_rule *rule;
    const char *method;
    /* The key for messages; NULL if the request is about the bucket. */
    char *key;
    /* The path: "", or "/" and the percent-encoded key; a NUL ends it. */
    struct hw_buf path;
    /* The query, percent-encoded; a NUL ends it. */
    struct hw_buf query;
    /* The headers, whose values are in `texts`. */
    struct hw_sigv4_header headers[HW_S3_HEADERS_MAX];
    size_t headers_count;
    /* The body: the caller's, or `own_body`. */
    const void *body;
    size_t body_bytes;
    struct hw_buf own_body;
    /* The memory that takes the body of a good reply, borrowed until the request has ended. */
    void *into;
    size_t into_bytes;
    /* The status of a 412. */
    enum hw_status on_precondition;
    /* As in net/http.h. */
    unsigned slow_windows;
    /* True if the request goes on for HW_S3_GRACE_MS after the client was cancelled. */
    bool must_end;
    /* One more look at the reply. May be NULL. */
    hw_s3_check_fn *check;
    void *check_ctx;
    struct hw_arena texts;
};
void hw_s3_request_release(struct hw_s3_request *request);

struct hw_s3_list_params {
    const char *prefix;
    /* The token of the page before; NULL for the first page. */
    const char *token;
    /* The most keys that the page may have; 0 leaves it to the service. */
    unsigned keys_max;
};
HW_NODISCARD enum hw_status hw_s3_request_list(struct hw_s3_request *request, const struct hw_s3_list_params *params,
                                               struct hw_error *err);

HW_NODISCARD enum hw_status hw_s3_request_head(struct hw_s3_request *request, const char *key, struct hw_error *err);

struct hw_s3_range {
    uint64_t offset;
    /* The length of the range, which must not be 0. */
    uint64_t bytes;
    /*
     * The ETag that the object must have, as the service gave it, with its quotes. If it has
     * another one the reply is HW_ECHANGED. NULL or "" means that any version will do.
     */
    const char *etag;
};
HW_NODISCARD enum hw_status hw_s3_request_get(struct hw_s3_request *request, const char *key,
                                              const struct hw_s3_range *range, struct hw_error *err);

struct hw_s3_put_params {
    const char *key;
    const void *body;
    size_t body_bytes;
    /* The CRC64NVME of the body, which the service compares. */
    uint64_t crc64nvme;
    /* NULL means application/octet-stream. */
    const char *content_type;
    /* True if an object that is there already is HW_EEXISTS. */
    bool create_only;
    /*
     * The ETag, with its quotes, that the object there must have; another one is HW_ECHANGED. NULL
     * means that it may have any.
     */
    const char *if_match;
};
HW_NODISCARD enum hw_status hw_s3_request_put(struct hw_s3_request *request, const struct hw_s3_put_params *params,
                                              struct hw_error *err);

HW_NODISCARD enum hw_status hw_s3_request_create_upload(struct hw_s3_request *request, const char *key,
                                                        const char *content_type, struct hw_error *err);

struct hw_s3_part_params {
    const char *key;
    const char *upload_id;
    /* From 1 to HW_S3_PARTS_MAX. */
    unsigned number;
    const void *body;
    size_t body_bytes;
    /* The CRC64NVME of the body, which the service compares. */
    uint64_t crc64nvme;
};
HW_NODISCARD enum hw_status hw_s3_request_part(struct hw_s3_request *request, const struct hw_s3_part_params *params,
                                               struct hw_error *err);

/* A part that is at the service. */
struct hw_s3_part {
    /* The ETag as the service gave it. */
    char etag[HW_S3_ETAG_BYTES];
    uint64_t crc64nvme;
};
struct hw_s3_complete_params {
    const char *key;
    const char *upload_id;
    /* All parts, beginning with number 1. */
    const struct hw_s3_part *parts;
    size_t parts_count;
    uint64_t object_bytes;
    /* The CRC64NVME of the whole object, which the service compares. */
    uint64_t crc64nvme;
    /* Both as in hw_s3_put_params. */
    bool create_only;
    const char *if_match;
};
HW_NODISCARD enum hw_status hw_s3_request_complete(struct hw_s3_request *request,
                                                   const struct hw_s3_complete_params *params, struct hw_error *err);

HW_NODISCARD enum hw_status hw_s3_request_abort(struct hw_s3_request *request, const char *key, const char *upload_id,
                                                struct hw_error *err);
/* A session of a directory bucket: for reading alone, or for writing too. */
HW_NODISCARD enum hw_status hw_s3_request_create_session(struct hw_s3_request *request, bool read_only,
                                                         struct hw_error *err);
HW_NODISCARD enum hw_status hw_s3_request_delete(struct hw_s3_request *request, const char *key, struct hw_error *err);

#endif
