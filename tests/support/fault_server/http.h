/* SPDX-License-Identifier: Apache-2.0 */
/* Requests of HTTP/1.1: the head, and the framing of the body. */
#ifndef FAULT_SERVER_HTTP_H
#define FAULT_SERVER_HTTP_H

#include "support/fault_server/wire.h"

struct field {
    char *name;
    char *value;
};

/* Names and values in their order. */
struct fields {
    struct field *items;
    size_t count;
};

struct http_request {
    char *method;
    char *target;          /* as it came */
    char *path;            /* decoded */
    struct fields headers; /* names in lower case, values without the blanks around them */
    struct fields query;   /* decoded */
};

enum http_outcome {
    HTTP_OK,
    HTTP_CLOSED,    /* the peer closed before a request began */
    HTTP_MALFORMED, /* it is no request; 400 */
    HTTP_TOO_LARGE, /* more headers than S3 allows; 400 */
};

void fields_add(struct fields *fields, const char *name, const char *value);
/* Returns the value of a name in any case, NULL where there is none. */
const char *fields_get(const struct fields *fields, const char *name);
/* Removes every field of a name. Returns whether there was one. */
bool fields_drop(struct fields *fields, const char *name);
/* Sets the value of a name: one field of it is left. */
void fields_set(struct fields *fields, const char *name, const char *value);
void fields_copy(struct fields *to, const struct fields *from);
void fields_release(struct fields *fields);

/* Reads the head of a request. Whatever comes back, `out` is released by http_request_release. */
enum http_outcome http_request_read(struct wire *wire, struct http_request *out);
void http_request_release(struct http_request *request);

/* The body of a request as the framing of HTTP carries it. */
struct http_body {
    struct wire *wire;
    bool chunked;
    uint64_t left; /* of the body, or of the chunk */
    bool ended;
    uint64_t taken;
};

/* Finds out how the body comes. False where the headers contradict each other. */
bool http_body_begin(struct http_body *body, struct wire *wire, const struct http_request *request);
/* Reads a piece of it. Returns 0 at its end, and -1 where it ends early or is malformed. */
ssize_t http_body_read(struct http_body *body, void *out, size_t capacity);

#endif
