/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the reply of each operation must be before anything in it is believed, in one table. A
 * proxy's page, an error inside a 200 or a reply without an ETag is none of them. Pure functions.
 */
#ifndef HW_S3_REPLY_H
#define HW_S3_REPLY_H

#include "s3/response.h"

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
};

enum hw_s3_body {
    HW_S3_BODY_NONE,   /* Nothing but white space may come. */
    HW_S3_BODY_OBJECT, /* Bytes of an object, which may be anything. */
    HW_S3_BODY_XML,    /* One document; its root element is named. */
};

struct hw_s3_reply_rule {
    const char *operation; /* "GetObject", for messages */
    const char *root;      /* of an XML body; else "" */
    enum hw_s3_body body;
    int statuses[2]; /* The only good ones; the second may be 0. */
    bool etag;       /* A header ETag that is not empty must be there. */
    /* An <Error> inside a good HTTP status is documented, and is any error of the service. */
    bool errors_inside;
};
/* One row an operation. */
extern const struct hw_s3_reply_rule hw_s3_reply_rules[];

/*
 * Compares a reply with its operation's rule. `body` is what came, wherever it was put. After
 * anything but HW_OK the fault says what may be done about it: HW_EPROTOCOL is worth another try.
 * `on_precondition` is the status of a 412.
 */
HW_NODISCARD enum hw_status hw_s3_reply_check(const struct hw_s3_reply_rule *rule,
                                              const struct hw_http_response *response, hw_view body,
                                              enum hw_status on_precondition, struct hw_s3_fault *out_fault,
                                              struct hw_error *err);

#endif
