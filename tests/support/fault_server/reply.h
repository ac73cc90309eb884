/* SPDX-License-Identifier: Apache-2.0 */
/* A reply, and how it is sent. Faults change any of it before it goes. */
#ifndef FAULT_SERVER_REPLY_H
#define FAULT_SERVER_REPLY_H

#include "support/fault_server/blob.h"
#include "support/fault_server/http.h"

enum reply_end {
    REPLY_KEEPS, /* the connection serves another request */
    REPLY_CLOSES,
    REPLY_RESETS,
    REPLY_STALLS /* nothing more comes until the client gives up */
};

/* What goes before the status line. */
enum reply_before {
    BEFORE_NOTHING,
    BEFORE_A_FEW_HINTS,   /* 103, five times */
    BEFORE_HINTS_ENDLESS, /* 300,000 times, then the end */
    BEFORE_HEADERS_ENDLESS,
    BEFORE_OTHER_PROTOCOL /* the greeting of a mail server, then the end */
};

enum { REPLY_NEVER_CUT = INT64_MIN };

struct reply {
    int status;
    struct fields headers;
    struct text body;
    struct blob *blob; /* a share, in place of `body`; NULL for none */
    uint64_t blob_offset;
    uint64_t blob_bytes;
    bool bodiless;     /* a HEAD: the length is told, nothing is sent */
    char *length;      /* what Content-Length says instead; "" for no such header; NULL: the truth */
    bool length_twice; /* a second, other one */
    enum reply_before before;
    int64_t cut; /* bytes of the body after which it ends; REPLY_NEVER_CUT; negative: within the head */
    enum reply_end end;
    uint64_t rate;     /* bytes a second; 0: all at once */
    bool rate_of_head; /* the head comes as slowly */
    int64_t blanks_ms; /* for so long, blanks come before the body in chunks, as of a long Complete */
    int64_t delay_ms;  /* before anything is sent */
    int64_t stall_ms;  /* length of a stall */
};

void reply_init(struct reply *reply);
void reply_release(struct reply *reply);
/* Makes it another one: nothing is left but whether it has a body. */
void reply_become(struct reply *reply, int status);
/* Makes it an error document. */
void reply_error(struct reply *reply, int status, const char *code, const char *message, const char *request_id);
__attribute__((format(printf, 3, 4))) void reply_header(struct reply *reply, const char *name, const char *format, ...);
/* Copies the bytes of the blob to `body`, so that they can be changed. */
void reply_load(struct reply *reply);
/* Returns the number of bytes that the body has. */
uint64_t reply_bytes(const struct reply *reply);
/* Sends it. Returns how the connection goes on. */
enum reply_end reply_send(struct reply *reply, struct wire *wire);
/* Returns the words of a status. */
const char *reply_reason(int status);

#endif
