/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The body of a request on its way into a blob: its framing (of HTTP and aws-chunked) is taken off,
 * and everything that the client said of it is proved: lengths, x-amz-content-sha256, Content-MD5,
 * x-amz-checksum-..., chunk signatures, trailers.
 */
#ifndef FAULT_SERVER_PAYLOAD_H
#define FAULT_SERVER_PAYLOAD_H

#include "support/fault_server/blob.h"
#include "support/fault_server/http.h"
#include "support/fault_server/sigv4.h"

enum payload_end {
    PAYLOAD_DONE,
    PAYLOAD_REFUSED, /* status, code and message say why; the body was read to its end */
    PAYLOAD_LOST,    /* the peer ended early, or its framing is broken: nothing can follow */
    PAYLOAD_CUT      /* as many bytes have come as the fault wanted */
};

struct payload_job {
    struct wire *wire;
    const struct http_request *request;
    struct sigv4_outcome *signature;
    bool forgets;       /* the bytes are counted only */
    bool checks;        /* what the client says of the body is proved */
    bool of_object;     /* x-amz-checksum- headers are about an object, not the body: a Complete */
    uint64_t bytes_max; /* EntityTooLarge beyond it */
    int64_t cut_after;  /* a fault: bytes after which it ends; negative: none */
    int64_t flip_at;    /* a fault: the byte of which a bit flips on the way; negative: none */
    uint64_t rate;      /* a fault: bytes a second that are read; 0: as fast as they come */
};

struct payload {
    struct blob *blob;
    uint8_t md5[DIGEST_BYTES_MAX];
    enum digest_kind kind; /* of the checksum that the client gave, CRC64NVME where it gave none */
    bool given;            /* whether the client gave it */
    uint8_t checksum[DIGEST_BYTES_MAX];
    int status;
    const char *code;
    const char *message;
};

/* Whether the headers allow the body to come, before it does. False: status, code and message say why. */
bool payload_allowed(const struct payload_job *job, struct payload *out);
/* Reads the body. `out` is released by payload_release whatever comes back. */
enum payload_end payload_take(const struct payload_job *job, struct payload *out);
void payload_release(struct payload *payload);
/* Reads the body and forgets it. False where the peer ended early. */
bool payload_skip(struct wire *wire, const struct http_request *request);

#endif
