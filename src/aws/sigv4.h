/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AWS Signature Version 4, and 4A, which signs in another way (aws/sigv4a.h). Every step is a pure
 * function, so the published vectors test each by itself.
 */
#ifndef HW_AWS_SIGV4_H
#define HW_AWS_SIGV4_H

#include "aws/credentials.h"
#include "aws/sigv4a.h"
#include "core/buf.h"

struct hw_sigv4_header {
    const char *name; /* any case */
    const char *value;
};

struct hw_sigv4_request {
    const char *method;
    const char *path;  /* as it goes on the wire: percent-encoded once */
    const char *query; /* as it goes on the wire, without '?'; "" for none */
    const struct hw_sigv4_header *headers;
    size_t headers_count;
    const char *payload_sha256; /* hex, or UNSIGNED-PAYLOAD */
};

struct hw_sigv4_scope {
    const char *region;
    const char *service;   /* "s3" */
    const char *timestamp; /* 20150830T123600Z */
    /* The rule of every service but S3: dot segments go, and the path is encoded a second time. */
    bool normalise_path;
    /* The request is signed by Signature Version 4A, for the regions in `region`: "*" is all. */
    bool several_regions;
    /* The keys are those of a session of S3 Express, whose token goes by a name of its own. */
    bool session;
};

/* The bytes of a signature in hex, with the NUL: of Version 4A, which has the longer ones. */
enum { HW_SIGV4_SIGNATURE_BYTES = HW_SIGV4A_SIGNATURE_BYTES };
enum { HW_SIGV4_TIMESTAMP_BYTES = 32 };
/* Writes microseconds since 1970 in the form that a scope wants: 20150830T123600Z. */
void hw_sigv4_timestamp(int64_t us, char out[HW_SIGV4_TIMESTAMP_BYTES]);

/*
 * The key that signs all requests of a day, region and service. Making it takes four of the five
 * HMACs of a signature, so it is worth keeping. Start it zeroed; it is as secret as the
 * credentials.
 */
struct hw_sigv4_key {
    /* The day, region and service that it was made for; "" while there is none. */
    char date[9];
    char region[64];
    char service[32];
    bool several_regions;
    uint64_t generation;
    uint8_t bytes[32];
};
/*
 * Makes the key for the day, region and service of `scope`, unless `key` is that one already.
 * `generation` tells one set of credentials from another. Fails as hw_sigv4a_key_derive does.
 */
HW_NODISCARD enum hw_status hw_sigv4_key_for(struct hw_sigv4_key *key, const struct hw_sigv4_scope *scope,
                                             const struct hw_credentials *credentials, uint64_t generation,
                                             struct hw_error *err);
/* Overwrites the key. */
void hw_sigv4_key_wipe(struct hw_sigv4_key *key);

/*
 * Each function sets its buffers, whatever they held; on failure they are as they were. HW_EUSAGE
 * for headers that cannot go on the wire (a name that is no token, a control byte in a value) and
 * for a timestamp of another form, HW_EPROTOCOL for a bad escape in the query.
 */

/*
 * Makes the canonical request, and the list "host;x-amz-date" of signed headers. All given headers
 * are signed.
 */
HW_NODISCARD enum hw_status hw_sigv4_canonical_request(const struct hw_sigv4_request *request,
                                                       const struct hw_sigv4_scope *scope, struct hw_buf *out_text,
                                                       struct hw_buf *out_signed_headers, struct hw_error *err);
/* Makes the string to sign from a canonical request. */
HW_NODISCARD enum hw_status hw_sigv4_string_to_sign(hw_view canonical_request, const struct hw_sigv4_scope *scope,
                                                    struct hw_buf *out_text, struct hw_error *err);
/* Returns the name of the algorithm that a scope is signed by. */
const char *hw_sigv4_algorithm(const struct hw_sigv4_scope *scope);
/* Appends the scope as it stands behind the id of the key: "20150830/us-east-1/s3/aws4_request". */
HW_NODISCARD enum hw_status hw_sigv4_scope_append(const struct hw_sigv4_scope *scope, struct hw_buf *text,
                                                  struct hw_error *err);
/* Signs a string to sign by the key of the scope. */
HW_NODISCARD enum hw_status hw_sigv4_sign(const struct hw_sigv4_scope *scope, const struct hw_sigv4_key *key,
                                          hw_view string_to_sign, char out_signature[HW_SIGV4_SIGNATURE_BYTES],
                                          struct hw_error *err);
/*
 * Makes the value of the Authorization header, not ended with NUL. It is no secret, but it is never
 * logged. The session token is not added: the caller gives it as the header x-amz-security-token,
 * so that it is signed. HW_EAUTH where `credentials` are empty. `key` is that of the scope and the
 * credentials; NULL means that it is made anew.
 */
HW_NODISCARD enum hw_status hw_sigv4_authorization(const struct hw_sigv4_request *request,
                                                   const struct hw_sigv4_scope *scope,
                                                   const struct hw_credentials *credentials,
                                                   const struct hw_sigv4_key *key, struct hw_buf *out_value,
                                                   struct hw_error *err);

#endif
