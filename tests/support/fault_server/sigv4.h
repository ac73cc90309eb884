/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verifies Signature Version 4 as S3 does: in the Authorization header, in a presigned address, and
 * of the chunks of a streamed body. It is stricter than S3 nowhere but in UNSIGNED-PAYLOAD, which
 * it takes over TLS alone unless it is told otherwise.
 */
#ifndef FAULT_SERVER_SIGV4_H
#define FAULT_SERVER_SIGV4_H

#include "support/fault_server/http.h"
#include "support/fault_server/text.h"

enum { SIGV4_SKEW_SECONDS_MAX = 15 * 60, SIGV4_SIGNATURE_BYTES = 65, SIGV4_SECONDS_MAX = 7 * 24 * 60 * 60 };

#define PAYLOAD_UNSIGNED "UNSIGNED-PAYLOAD"
#define PAYLOAD_UNSIGNED_TRAILER "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
#define PAYLOAD_SIGNED "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
#define PAYLOAD_SIGNED_TRAILER "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"

/* A key pair, and the session token that goes with it where it has one. */
struct account {
    char *id;
    char *secret;
    char *token; /* NULL: a key of its own */
    bool expired;
};

struct sigv4_rules {
    struct account *const *accounts;
    size_t accounts_count;
    const char *region;
    int64_t now; /* seconds since 1970 */
    bool unsigned_allowed;
};

/* What a verified request was signed with, for the chunks of its body. */
struct sigv4_chain {
    uint8_t key[32];
    char signature[SIGV4_SIGNATURE_BYTES]; /* of the chunk before */
    char stamp[17];
    char scope[128];
};

struct sigv4_outcome {
    const struct account *account; /* NULL: an anonymous request */
    int status;                    /* 0: it is good */
    const char *code;
    const char *message;
    struct text canonical;      /* set where the signature differs */
    struct text string_to_sign; /* likewise */
    char payload[128];          /* the x-amz-content-sha256; PAYLOAD_UNSIGNED of a presigned one */
    struct sigv4_chain chain;
};

/* Verifies a request. `out` is released by sigv4_release whatever comes back: true where good. */
bool sigv4_verify(const struct http_request *request, const struct sigv4_rules *rules, struct sigv4_outcome *out);
void sigv4_release(struct sigv4_outcome *outcome);

/*
 * Verifies the signature of a chunk, or of the trailer, against the one before it, which it takes
 * the place of. `sha256` is that of the chunk's data in hex, or of the trailer's lines.
 */
bool sigv4_chunk_verify(struct sigv4_chain *chain, bool trailer, const char *sha256, const char *signature);

#endif
