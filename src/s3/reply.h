/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules, one for each operation, that say which replies are good. Nothing in a reply is believed
 * before it has passed: a proxy's page, an error inside a 200 or a reply without an ETag does not.
 * Pure functions.
 */
#ifndef HW_S3_REPLY_H
#define HW_S3_REPLY_H

#include "core/request_sums.h"
#include "s3/fault.h"

enum hw_s3_operation {
    HW_S3_LIST_OBJECTS,
    HW_S3_HEAD_OBJECT,
    HW_S3_GET_OBJECT,
    HW_S3_PUT_OBJECT,
    HW_S3_DELETE_OBJECT,
    HW_S3_CREATE_UPLOAD,
    HW_S3_UPLOAD_PART,
    HW_S3_COMPLETE_UPLOAD,
    HW_S3_ABORT_UPLOAD,
    HW_S3_LIST_VERSIONS,
    HW_S3_LIST_UPLOADS,
    HW_S3_LIST_PARTS,
    HW_S3_DELETE_OBJECTS,
    HW_S3_LIST_BUCKETS,
    HW_S3_CREATE_BUCKET,
    HW_S3_DELETE_BUCKET,
    HW_S3_COPY_OBJECT,
    HW_S3_COPY_PART,
    HW_S3_GET_TAGGING,
    HW_S3_PUT_TAGGING,
    HW_S3_GET_ATTRIBUTES,
    HW_S3_CREATE_SESSION,
    HW_S3_HEAD_PART,
    HW_S3_OPERATIONS, /* Their number. */
};

enum hw_s3_body {
    HW_S3_BODY_NONE,   /* Nothing but white space may come. */
    HW_S3_BODY_OBJECT, /* The bytes of an object, which may be anything. */
    HW_S3_BODY_XML,    /* One document, whose root element the rule names. */
};

struct hw_s3_reply_rule {
    /* The name of the operation in messages, as "GetObject". */
    const char *operation;
    /* The class by which it is charged for. */
    enum hw_request_class charge;
    /* The name of the root element of an XML body; else "". */
    const char *root;
    enum hw_s3_body body;
    /* The only good HTTP statuses; the second is 0 if there is only one. */
    int statuses[2];
    /* True if there must be a header ETag that is not empty. */
    bool etag;
    /* True if S3 documents that an <Error> of any kind may come inside a good HTTP status. */
    bool errors_inside;
    /* True if the body of a good reply holds keys, so that no error may quote it. */
    bool secret;
};

/* The rules, by operation. */
extern const struct hw_s3_reply_rule hw_s3_reply_rules[];

/*
 * Compares a reply with the rule of its operation. `body` is its body, wherever that was put, and
 * `on_precondition` the status of a 412. On failure the fault says what may be done about it; a
 * reply that breaks the rule is HW_EPROTOCOL and worth another try.
 */
HW_NODISCARD enum hw_status hw_s3_reply_check(const struct hw_s3_reply_rule *rule,
                                              const struct hw_http_response *response, hw_view body,
                                              enum hw_status on_precondition, struct hw_s3_fault *out_fault,
                                              struct hw_error *err);

#endif
