/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An S3 request: method, path below the endpoint, query, headers, body. The client adds host, date
 * and signature when it sends a request, anew for each try. Here are the steps that the builders
 * share, which are those of s3/request_read.h, s3/request_write.h, s3/request_multipart.h and
 * s3/request_bucket.h. Pure functions.
 *
 * Each builder takes a zeroed request. The parameters are copied, but for bodies, which are
 * borrowed until the request has ended. After a failure a request can only be released. HW_EUSAGE
 * and HW_ELIMIT mean that a key is empty or too long, or that a range does not fit in 64 bits.
 */
#ifndef HW_S3_REQUEST_H
#define HW_S3_REQUEST_H

#include "codec/checksum.h"
#include "core/buf.h"
#include "net/http_response.h"
#include "s3/headers.h"
#include "s3/reply.h"

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
    struct hw_s3_headers headers;
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
    /* True if the request makes or removes the bucket (aws/endpoint_target.h). */
    bool control;
    /* True if the request goes on for HW_S3_GRACE_MS after the client was cancelled. */
    bool must_end;
    /* One more look at the reply. May be NULL. */
    hw_s3_check_fn *check;
    void *check_ctx;
};
void hw_s3_request_release(struct hw_s3_request *request);

/*
 * Begins a request: its rule, its method and its path. `key` is NULL if it is about the bucket.
 */
HW_NODISCARD enum hw_status hw_s3_request_begin(struct hw_s3_request *request, enum hw_s3_operation operation,
                                                const char *method, const char *key, struct hw_error *err);
/* Adds a parameter to the query. */
HW_NODISCARD enum hw_status hw_s3_request_query(struct hw_s3_request *request, const char *name, const char *value,
                                                struct hw_error *err);
/* Adds the parameter `versionId`, unless `version_id` is NULL, which means the newest version. */
HW_NODISCARD enum hw_status hw_s3_request_version(struct hw_s3_request *request, const char *version_id,
                                                  struct hw_error *err);
/* Adds the checksum of the body, unless its kind is HW_CHECKSUM_NONE. */
HW_NODISCARD enum hw_status hw_s3_request_checksum(struct hw_s3_request *request, const struct hw_checksum *checksum,
                                                   struct hw_error *err);
/*
 * Adds the condition under which an object is written: with `create_only` that there is none
 * (HW_EEXISTS), with `if_match` that it has this ETag, quotes included (HW_ECHANGED). Neither means
 * that it may have any.
 */
HW_NODISCARD enum hw_status hw_s3_request_condition(struct hw_s3_request *request, bool create_only,
                                                    const char *if_match, struct hw_error *err);

#endif
