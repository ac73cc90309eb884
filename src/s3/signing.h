/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes of a request what goes on the wire: URL and headers, with a signature as the endpoint asks
 * for. Pure functions.
 */
#ifndef HW_S3_SIGNING_H
#define HW_S3_SIGNING_H

#include "aws/endpoint.h"
#include "net/http_request.h"
#include "s3/access.h"
#include "s3/request.h"

/* The endpoint, keys and time that one try is signed with. They are wiped after use. */
struct hw_s3_signing {
    struct hw_endpoint endpoint;
    /* The header that the token of the keys is sent in. NULL: the request is not signed. */
    const char *token_header;
    struct hw_credentials keys;
    struct hw_sigv4_key key; /* that of the scope and of the keys */
    char timestamp[HW_SIGV4_TIMESTAMP_BYTES];
    /* The headers that every request to the bucket has, borrowed. NULL means none. */
    const struct hw_s3_access_headers *access;
};
/* Overwrites the keys. */
void hw_s3_signing_wipe(struct hw_s3_signing *signing);
/* Returns the scope of signatures, which borrows from `signing`. */
struct hw_sigv4_scope hw_s3_signing_scope(const struct hw_s3_signing *signing);

/* A request as it goes on the wire. Start it zeroed. It borrows from request and signing. */
struct hw_s3_signed {
    struct hw_buf path;
    struct hw_buf url; /* ended with NUL, as the next */
    struct hw_buf authorization;
    struct hw_s3_headers headers;
    /* The headers again, each as a struct hw_http_header. */
    struct hw_buf lines;
    /* The signature in hex, at the end of `authorization`; "" if there is none. */
    const char *signature;
};
void hw_s3_signed_release(struct hw_s3_signed *signed_request);

/*
 * Makes it. `payload_sha256` is the hash of the body in hex, or UNSIGNED-PAYLOAD. Fails as
 * hw_sigv4_authorization does; then it can only be released.
 */
HW_NODISCARD enum hw_status hw_s3_request_sign(const struct hw_s3_request *request, const struct hw_s3_signing *signing,
                                               const char *payload_sha256, struct hw_s3_signed *out_signed,
                                               struct hw_error *err);

#endif
