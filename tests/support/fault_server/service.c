/* SPDX-License-Identifier: Apache-2.0 */
#include "support/fault_server/service.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/fault_server/faults.h"
#include "support/fault_server/operations.h"

enum { BACKLOG = 1024, STACK_BYTES = 2 * 1024 * 1024, LOG_BYTES_MAX = 64 * 1024 * 1024 };
#define DOCUMENT_BYTES_MAX ((uint64_t)8 * 1024 * 1024)
#define DATA_BYTES_MAX ((uint64_t)5 * 1024 * 1024 * 1024)

/* Whether the host is "bucket.domain", and its bucket. */
static bool host_bucket(const struct call *call, char **out) {
    const char *domain = call->server->settings.domain, *host = call_header(call, "host");
    size_t size = host ? strcspn(host, ":") : 0, domain_bytes = domain ? strlen(domain) : 0;
    if (!domain || size <= domain_bytes + 1 || strncmp(host + size - domain_bytes, domain, domain_bytes) != 0 ||
        host[size - domain_bytes - 1] != '.') {
        return false;
    }
    *out = must_copy(host);
    (*out)[size - domain_bytes - 1] = '\0';
    return true;
}

static void names_read(struct call *call) {
    const char *path = call->request.path + 1;
    if (host_bucket(call, &call->bucket_name)) {
        call->key = must_copy(path);
        return;
    }
    size_t size = strcspn(path, "/");
    call->bucket_name = must_copy(path);
    call->bucket_name[size] = '\0';
    call->key = must_copy(path[size] ? path + size + 1 : "");
}

/* Counts the request and finds what is to be played. */
static void call_begin(struct call *call) {
    struct server *server = call->server;
    pthread_mutex_lock(&server->lock);
    /* An odd factor, so that no two are alike and none has many zeros. */
    unsigned long long id = ++server->request_ids * 0x9e3779b97f4a7c15ULL >> 8;
    snprintf(call->request_id, sizeof(call->request_id), "FA%014llX", id);
    server->counters.requests[operation_number(call->operation)]++;
    call->fault = script_play(&server->script, call->operation ? call->operation->name : "Unknown", call->key);
    call->reply.delay_ms = server->delay_ms;
    pthread_mutex_unlock(&server->lock);
}

/* A header as a log may have it. */
static bool is_secret(const char *name) {
    static const char *const names[] = {"authorization", "x-amz-security-token",
                                        "x-amz-server-side-encryption-customer-key",
                                        "x-amz-copy-source-server-side-encryption-customer-key"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

static void call_log(struct call *call) {
    struct server *server = call->server;
    struct text line = {0};
    text_printf(&line, "{\"operation\":\"%s\",\"method\":", call->operation ? call->operation->name : "Unknown");
    text_json(&line, call->request.method);
    text_puts(&line, ",\"path\":");
    text_json(&line, call->request.path);
    text_puts(&line, ",\"query\":{");
    for (size_t i = 0; i < call->request.query.count; i++) {
        const struct field *field = &call->request.query.items[i];
        text_puts(&line, i ? "," : "");
        text_json(&line, field->name);
        text_puts(&line, ":");
        text_json(&line, strcmp(field->name, "X-Amz-Signature") == 0 || strcmp(field->name, "X-Amz-Security-Token") == 0
                             ? "***"
                             : field->value);
    }
    text_puts(&line, "},\"headers\":{");
    for (size_t i = 0; i < call->request.headers.count; i++) {
        const struct field *field = &call->request.headers.items[i];
        text_puts(&line, i ? "," : "");
        text_json(&line, field->name);
        text_puts(&line, ":");
        text_json(&line, is_secret(field->name) ? "***" : field->value);
    }
    text_printf(&line, "},\"status\":%d,\"request_id\":\"%s\",\"fault\":\"%s\"}\n", call->reply.status,
                call->request_id, call->fault ? call->fault->kind->name : "");
    pthread_mutex_lock(&server->lock);
    if (server->log.size + line.size < LOG_BYTES_MAX) {
        text_add(&server->log, line.data, line.size);
    }
    pthread_mutex_unlock(&server->lock);
    text_release(&line);
}

/* Adds what S3 tells of a signature that differs: it helps to find out why, and tells no secret. */
static void signature_tell(struct call *call, const char *region) {
    struct text more = {0};
    if (call->signature.string_to_sign.size > 0) {
        text_puts(&more, "<StringToSign>");
        text_xml(&more, text_of(&call->signature.string_to_sign));
        text_puts(&more, "</StringToSign><CanonicalRequest>");
        text_xml(&more, text_of(&call->signature.canonical));
        text_puts(&more, "</CanonicalRequest>");
    }
    if (strcmp(call->signature.code, "AuthorizationHeaderMalformed") == 0) {
        text_printf(&more, "<Region>%s</Region>", region);
        reply_header(&call->reply, "x-amz-bucket-region", "%s", region);
    }
    text_puts(&more, "</Error>");
    text_splice(&call->reply.body, call->reply.body.size - strlen("</Error>"), strlen("</Error>"), more.data,
                more.size);
    text_release(&more);
}

static bool call_verify(struct call *call) {
    struct server *server = call->server;
    pthread_mutex_lock(&server->lock);
    const struct bucket *bucket = store_bucket(&server->store, call->bucket_name);
    const char *region = bucket && bucket->region ? bucket->region : server->settings.region;
    struct sigv4_rules rules = {.accounts = server->accounts,
                                .accounts_count = server->accounts_count,
                                .region = region,
                                .now = server_now_ms(server) / 1000,
                                .unsigned_allowed = server->settings.unsigned_allowed || call->wire->tls};
    bool good = sigv4_verify(&call->request, &rules, &call->signature);
    if (!good) {
        call_refuse(call, call->signature.status, call->signature.code, call->signature.message);
        signature_tell(call, region);
    }
    pthread_mutex_unlock(&server->lock);
    return good;
}

static bool expects_continue(const struct call *call) {
    const char *expect = call_header(call, "expect");
    return expect && strcasecmp(expect, "100-continue") == 0;
}

/* The client waits for a word before it sends the body. */
static bool continue_send(struct call *call) {
    static const char word[] = "HTTP/1.1 100 Continue\r\n\r\n";
    return !expects_continue(call) || (call->fault && call->fault->kind->no_continue) ||
           wire_send(call->wire, word, sizeof(word) - 1, false);
}

static void payload_job_make(struct call *call, struct payload_job *job) {
    const struct settings *settings = &call->server->settings;
    bool data = call->operation && call->operation->stores;
    *job = (struct payload_job){.wire = call->wire,
                                .request = &call->request,
                                .signature = &call->signature,
                                .forgets = data && settings->forgets,
                                .checks = settings->checks || !data,
                                .of_object = call->operation && call->operation->run == run_complete_upload,
                                .bytes_max = data ? DATA_BYTES_MAX : DOCUMENT_BYTES_MAX,
                                .cut_after = -1,
                                .flip_at = -1};
    if (call->fault && call->fault->kind->intake) {
        call->fault->kind->intake(call->fault, job);
    }
}

static bool has_body(const struct call *call) {
    const char *length = call_header(call, "content-length");
    return (length && strcmp(length, "0") != 0) || call_header(call, "transfer-encoding") ||
           (call->operation && call->operation->stores);
}

/* What comes of a request's body. */
enum body_outcome {
    BODY_GOOD,
    BODY_REFUSED, /* the reply is an error */
    BODY_LOST,    /* the connection is of no more use */
    BODY_CUT      /* the fault ends the connection */
};

static enum body_outcome body_take(struct call *call) {
    struct payload_job job;
    payload_job_make(call, &job);
    if (!has_body(call)) {
        return BODY_GOOD;
    }
    if (expects_continue(call) && !payload_allowed(&job, &call->payload)) {
        call->reply.end = REPLY_CLOSES;
        call_refuse(call, call->payload.status, call->payload.code, call->payload.message);
        call->reply.end = REPLY_CLOSES;
        return BODY_REFUSED;
    }
    if (!continue_send(call)) {
        return BODY_LOST;
    }
    switch (payload_take(&job, &call->payload)) {
    case PAYLOAD_DONE:
        return BODY_GOOD;
    case PAYLOAD_REFUSED:
        call_refuse(call, call->payload.status, call->payload.code, call->payload.message);
        return BODY_REFUSED;
    case PAYLOAD_CUT:
        return BODY_CUT;
    case PAYLOAD_LOST:
        break;
    }
    return BODY_LOST;
}

/* The body of a request that is refused: it is read, or the client is spared sending it. */
static bool body_skip(struct call *call) {
    if (expects_continue(call)) {
        call->reply.end = REPLY_CLOSES;
        return true;
    }
    return !has_body(call) || payload_skip(call->wire, &call->request);
}

static void call_work(struct call *call) {
    const struct fault *fault = call->fault;
    struct server *server = call->server;
    pthread_mutex_lock(&server->lock);
    if (fault && fault->kind->before) {
        fault->kind->before(call, fault->kind->a, fault->kind->b);
    }
    operation_run(call);
    pthread_mutex_unlock(&server->lock);
}

static void fault_change(struct call *call) {
    if (call->fault && call->fault->kind->change) {
        pthread_mutex_lock(&call->server->lock);
        call->fault->kind->change(call, call->fault->kind->a, call->fault->kind->b);
        pthread_mutex_unlock(&call->server->lock);
    }
}

/* Fills the reply. False where the connection is of no more use. */
static bool call_perform(struct call *call) {
    if (call->fault && !call->fault->works_first) {
        bool expects = expects_continue(call);
        if (expects && !continue_send(call)) {
            return false;
        }
        bool read = !has_body(call) || payload_skip(call->wire, &call->request);
        fault_change(call);
        return read;
    }
    if (!call_verify(call)) {
        return body_skip(call);
    }
    if (!call->operation) {
        call_refuse(call, 405, "MethodNotAllowed", "The specified method is not allowed against this resource.");
        return body_skip(call);
    }
    enum body_outcome body = body_take(call);
    if (body == BODY_GOOD) {
        call_work(call);
    }
    if (body == BODY_LOST) {
        return false;
    }
    fault_change(call);
    return true;
}

static enum reply_end call_answer(struct call *call) {
    char date[32];
    time_http(server_now_ms(call->server), date);
    fields_set(&call->reply.headers, "Date", date);
    fields_set(&call->reply.headers, "Server", "hawser-fault-server");
    if (!fields_get(&call->reply.headers, "x-amz-request-id")) {
        fields_set(&call->reply.headers, "x-amz-request-id", call->request_id);
    }
    const char *wish = call_header(call, "connection");
    if (wish && strcasecmp(wish, "close") == 0 && call->reply.end == REPLY_KEEPS) {
        call->reply.end = REPLY_CLOSES;
    }
    call_log(call);
    return reply_send(&call->reply, call->wire);
}

static void call_release(struct call *call) {
    http_request_release(&call->request);
    sigv4_release(&call->signature);
    payload_release(&call->payload);
    reply_release(&call->reply);
    free(call->bucket_name);
    free(call->key);
    free(call);
}

/* Serves a request. REPLY_KEEPS: another one may follow. */
static enum reply_end call_serve(struct server *server, struct wire *wire) {
    struct call *call = must_zero(sizeof(*call));
    enum reply_end end = REPLY_CLOSES;
    call->server = server;
    call->wire = wire;
    reply_init(&call->reply);
    enum http_outcome outcome = http_request_read(wire, &call->request);
    if (outcome == HTTP_OK) {
        names_read(call);
        call->operation = operation_find(&call->request, call->bucket_name, call->key);
        call->reply.bodiless = strcmp(call->request.method, "HEAD") == 0;
        call_begin(call);
        end = call_perform(call) ? call_answer(call) : REPLY_CLOSES;
    } else if (outcome != HTTP_CLOSED) {
        call_refuse(call, 400, outcome == HTTP_TOO_LARGE ? "RequestHeaderSectionTooLarge" : "BadRequest",
                    "This is no request");
        reply_send(&call->reply, wire);
    }
    int64_t stall_ms = call->reply.stall_ms;
    wire->abrupt = call->reply.cut != REPLY_NEVER_CUT;
    call_release(call);
    if (end == REPLY_STALLS) {
        wire_stall(wire, stall_ms);
    } else if (end == REPLY_RESETS) {
        wire_make_reset(wire);
    }
    return end;
}

void serve_s3(struct server *server, struct wire *wire) {
    while (call_serve(server, wire) == REPLY_KEEPS) {
    }
}

void serve_trap(struct server *server, struct wire *wire) {
    struct http_request request;
    struct reply reply;
    reply_init(&reply);
    atomic_fetch_add(&server->counters.trapped, 1);
    if (http_request_read(wire, &request) == HTTP_OK &&
        (fields_get(&request.headers, "authorization") || fields_get(&request.headers, "x-amz-security-token") ||
         fields_get(&request.query, "X-Amz-Signature"))) {
        atomic_fetch_add(&server->counters.trapped_secrets, 1);
    }
    http_request_release(&request);
    text_puts(&reply.body, "you should not be here\n");
    reply.end = REPLY_CLOSES;
    reply_send(&reply, wire);
    reply_release(&reply);
}

struct listener {
    struct server *server;
    int fd;
    bool tls;
    connection_fn *serve;
};

struct connection {
    struct listener *listener;
    struct wire wire;
};

static void *connection_run(void *argument) {
    struct connection *connection = argument;
    struct server *server = connection->listener->server;
    struct wire *wire = &connection->wire;
    bool ready = true;
    if (connection->listener->tls) {
        wire->tls = SSL_new(server->tls);
        SSL_set_fd(wire->tls, wire->fd);
        ready = SSL_accept(wire->tls) == 1;
    }
    if (ready) {
        connection->listener->serve(server, wire);
    }
    wire_close(wire);
    if (connection->listener->serve == serve_s3) {
        atomic_fetch_sub(&server->counters.connections_open, 1);
    }
    free(connection);
    return NULL;
}

static void connection_start(struct listener *listener, int fd) {
    struct connection *connection = must_resize(NULL, sizeof(*connection));
    pthread_attr_t attributes;
    pthread_t thread;
    int one = 1;
    memset(connection, 0, offsetof(struct connection, wire.buffer));
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    connection->listener = listener;
    connection->wire.fd = fd;
    connection->wire.bytes_in = &listener->server->counters.bytes_in;
    connection->wire.bytes_out = &listener->server->counters.bytes_out;
    if (listener->serve == serve_s3) {
        atomic_fetch_add(&listener->server->counters.connections, 1);
        atomic_fetch_add(&listener->server->counters.connections_open, 1);
    }
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (pthread_create(&thread, &attributes, connection_run, connection) != 0) {
        close(fd);
        free(connection);
    }
    pthread_attr_destroy(&attributes);
}

static void *listener_run(void *argument) {
    struct listener *listener = argument;
    for (;;) {
        int fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC);
        if (fd >= 0) {
            connection_start(listener, fd);
        } else {
            usleep(10000); /* too many open files: some will be closed */
        }
    }
    return NULL;
}

unsigned service_listen(struct server *server, unsigned port, bool tls, connection_fn *serve) {
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t bytes = sizeof(address);
    pthread_t thread;
    int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, bytes) != 0 || listen(fd, BACKLOG) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &bytes) != 0) {
        return 0;
    }
    struct listener *listener = must_zero(sizeof(*listener));
    *listener = (struct listener){server, fd, tls, serve};
    return pthread_create(&thread, NULL, listener_run, listener) == 0 ? ntohs(address.sin_port) : 0;
}
