/* SPDX-License-Identifier: Apache-2.0 */
/* What the threads of the server share, and a request on its way through it. */
#ifndef FAULT_SERVER_SERVER_H
#define FAULT_SERVER_SERVER_H

#include <openssl/ssl.h>
#include <pthread.h>

#include "support/fault_server/payload.h"
#include "support/fault_server/reply.h"
#include "support/fault_server/script.h"
#include "support/fault_server/store.h"

enum { OPERATIONS_MAX = 48, REQUEST_ID_CAPACITY = 20 };

struct settings {
    const char *region;
    const char *domain; /* of names as bucket.domain; NULL: paths alone */
    bool unsigned_allowed;
    bool forgets;     /* bodies are counted and forgotten, and objects have made-up bytes */
    bool checks;      /* bodies are proved */
    bool no_encoding; /* encoding-type is ignored, as some services do */
    uint64_t copy_bytes_max;
    uint64_t part_bytes_min;
    uint64_t page_max;
};

/* What the control interface tells. */
struct counters {
    atomic_ullong bytes_in;
    atomic_ullong bytes_out;
    atomic_ullong connections;
    atomic_ullong connections_open;
    atomic_ullong trapped;                 /* connections to the port that nobody should call */
    atomic_ullong trapped_secrets;         /* of these, requests with a credential */
    uint64_t requests[OPERATIONS_MAX + 1]; /* by the row of the operation; the last one: none of them */
};

struct server {
    pthread_mutex_t lock; /* of everything below but atomics and settings */
    struct settings settings;
    SSL_CTX *tls;
    struct store store;
    struct account **accounts;
    size_t accounts_count;
    struct counters counters;
    struct script script;
    struct text log; /* a JSON object a line */
    uint64_t request_ids;
    int64_t clock_offset_ms;
    int64_t delay_ms; /* before each reply */
    unsigned trap_port;
    unsigned port;
};

struct operation;

/* A request while it is served. */
struct call {
    struct server *server;
    struct wire *wire;
    struct http_request request;
    struct sigv4_outcome signature;
    struct payload payload;
    struct reply reply;
    const struct operation *operation; /* NULL: there is none such */
    char *bucket_name;                 /* "" for none */
    char *key;                         /* "" for none */
    struct bucket *bucket;             /* set while the lock is held */
    const struct fault *fault;         /* NULL: none */
    char request_id[REQUEST_ID_CAPACITY];
};

/* Adds an account, or gives one another secret and token. `token` may be NULL. */
void server_account(struct server *server, const char *id, const char *secret, const char *token, bool expired);
/* Returns milliseconds since 1970, by the clock that tests can move. */
int64_t server_now_ms(const struct server *server);
/* Writes a time as ISO 8601 has it, and as HTTP has it. */
void time_iso(int64_t ms, char out[32]);
void time_http(int64_t ms, char out[32]);
/* Reads a time of HTTP. False where it is none. */
bool time_http_read(const char *text, int64_t *out_seconds);

/* Makes the reply an error document. Returns false, so that a caller can return it. */
bool call_refuse(struct call *call, int status, const char *code, const char *message);
/* Returns a header or a query parameter of the request; NULL where there is none. */
const char *call_header(const struct call *call, const char *name);
const char *call_query(const struct call *call, const char *name);

#endif
