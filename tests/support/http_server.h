/* SPDX-License-Identifier: Apache-2.0 */
/* An HTTP server on loopback that answers from a script, faults included, and remembers what it was asked. */
#ifndef HW_TESTS_HTTP_SERVER_H
#define HW_TESTS_HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>

/* A request gets the first reply of the script that matches and is not used up; where there is none, a 599. */
struct http_reply {
    const char *match; /* found in "PUT /path?query"; NULL: in any */
    int times;         /* 0: once; -1: for ever */
    int status;
    const char
        *headers;     /* lines that end in \r\n; NULL: none. Content-Length is added unless `unframed` or named there */
    const char *body; /* NULL: empty; not sent to a HEAD */
    size_t body_bytes;   /* 0: up to its NUL */
    bool ranged;         /* `body` is a whole object: a request with a Range gets that part, as 206 */
    size_t filler_bytes; /* so many bytes of senseless headers */
    bool unframed;       /* no Content-Length */
    bool cut;            /* the connection ends after `cut_after` bytes of the body */
    size_t cut_after;
    bool reset;        /* ended by RST instead of FIN; with no status before a reply at all */
    unsigned delay_ms; /* the reply, and every other one meanwhile, comes so late */
    unsigned drip_ms;  /* the body comes a byte at a time, so long apart */
    bool stall;        /* goes silent after `cut_after` bytes of the body, before any reply without a status */
};

struct http_server;

/* Borrows the script. Fails the test where there is no socket. */
struct http_server *http_server_start(const struct http_reply *replies, size_t replies_count);
/* The same at another address of loopback, and at a port; 0 is any that is free. */
struct http_server *http_server_start_at(const char *address, unsigned port, const struct http_reply *replies,
                                         size_t replies_count);
void http_server_stop(struct http_server *server);
/* "http://127.0.0.1:12345" */
const char *http_server_url(const struct http_server *server);
/* How many requests had `part` in their first line. */
size_t http_server_count(struct http_server *server, const char *part);
/* The head of the n-th request (from 0) with `part` in its first line, or NULL. Lives until the server is stopped. */
const char *http_server_head(struct http_server *server, const char *part, size_t n);
/* Its body, ended with NUL. */
const char *http_server_body(struct http_server *server, const char *part, size_t n, size_t *out_bytes);

#endif
