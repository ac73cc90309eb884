/* SPDX-License-Identifier: Apache-2.0 */
#include "support/http_server.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/rows.h"

enum { CONNECTIONS_MAX = 64, REQUESTS_MAX = 4096 };

struct request {
    char *head; /* with the empty line's first CRLF, ended with NUL */
    char *body;
    size_t body_bytes;
};

struct connection {
    int fd;
    char *data;
    size_t size;
    size_t capacity;
};

struct http_server {
    const struct http_reply *replies;
    size_t replies_count;
    int *used;
    int listener;
    int wake[2];
    char url[64];
    pthread_t thread;
    struct connection connections[CONNECTIONS_MAX];
    size_t connections_count;
    pthread_mutex_t lock;
    struct request requests[REQUESTS_MAX];
    size_t requests_count;
};

static void *server_run(void *arg);
static bool connection_read(struct http_server *server, struct connection *connection);
static bool request_take(struct http_server *server, struct connection *connection);
static const struct http_reply *reply_find(struct http_server *server, const char *head);
static bool range_send(int fd, const struct http_reply *reply, const char *range);
static bool reply_send(int fd, const struct http_reply *reply, bool head_only);

struct http_server *http_server_start(const struct http_reply *replies, size_t replies_count) {
    return http_server_start_at("127.0.0.1", 0, replies, replies_count);
}

struct http_server *http_server_start_at(const char *address_text, unsigned port, const struct http_reply *replies,
                                         size_t replies_count) {
    struct http_server *server = calloc(1, sizeof(*server));
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    socklen_t address_bytes = sizeof(address);
    assert_non_null(server);
    assert_int_equal(inet_pton(AF_INET, address_text, &address.sin_addr), 1);
    server->replies = replies;
    server->replies_count = replies_count;
    server->used = calloc(replies_count + 1, sizeof(*server->used));
    assert_non_null(server->used);
    pthread_mutex_init(&server->lock, NULL);
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(server->listener >= 0);
    assert_int_equal(bind(server->listener, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(server->listener, CONNECTIONS_MAX), 0);
    assert_int_equal(getsockname(server->listener, (struct sockaddr *)&address, &address_bytes), 0);
    assert_int_equal(pipe(server->wake), 0);
    snprintf(server->url, sizeof(server->url), "http://%s:%d", address_text, ntohs(address.sin_port));
    assert_int_equal(pthread_create(&server->thread, NULL, server_run, server), 0);
    return server;
}

void http_server_stop(struct http_server *server) {
    close(server->wake[1]);
    pthread_join(server->thread, NULL);
    close(server->wake[0]);
    close(server->listener);
    for (size_t i = 0; i < server->connections_count; i++) {
        close(server->connections[i].fd);
        free(server->connections[i].data);
    }
    for (size_t i = 0; i < server->requests_count; i++) {
        free(server->requests[i].head);
        free(server->requests[i].body);
    }
    pthread_mutex_destroy(&server->lock);
    free(server->used);
    free(server);
}

const char *http_server_url(const struct http_server *server) {
    return server->url;
}

static bool line_has(const char *head, const char *part) {
    const char *found = strstr(head, part);
    return found && found < head + strcspn(head, "\r\n");
}

static const struct request *request_find(struct http_server *server, const char *part, size_t n) {
    const struct request *found = NULL;
    pthread_mutex_lock(&server->lock);
    for (size_t i = 0; i < server->requests_count && !found; i++) {
        if (line_has(server->requests[i].head, part) && n-- == 0) {
            found = &server->requests[i];
        }
    }
    pthread_mutex_unlock(&server->lock);
    return found;
}

size_t http_server_count(struct http_server *server, const char *part) {
    size_t count = 0;
    while (request_find(server, part, count)) {
        count++;
    }
    return count;
}

const char *http_server_head(struct http_server *server, const char *part, size_t n) {
    const struct request *request = request_find(server, part, n);
    return request ? request->head : NULL;
}

const char *http_server_body(struct http_server *server, const char *part, size_t n, size_t *out_bytes) {
    const struct request *request = request_find(server, part, n);
    *out_bytes = request ? request->body_bytes : 0;
    return request ? request->body : NULL;
}

static void *server_run(void *arg) {
    struct http_server *server = arg;
    for (;;) {
        struct pollfd fds[CONNECTIONS_MAX + 2] = {{.fd = server->wake[0], .events = POLLIN},
                                                  {.fd = server->listener, .events = POLLIN}};
        size_t count = server->connections_count;
        for (size_t i = 0; i < count; i++) {
            fds[i + 2] = (struct pollfd){.fd = server->connections[i].fd, .events = POLLIN};
        }
        poll(fds, count + 2, -1);
        if (fds[0].revents) {
            return NULL;
        }
        for (size_t i = count; i-- > 0;) {
            if (fds[i + 2].revents && !connection_read(server, &server->connections[i])) {
                close(server->connections[i].fd);
                free(server->connections[i].data);
                server->connections[i] = server->connections[--server->connections_count];
            }
        }
        if (fds[1].revents && server->connections_count < CONNECTIONS_MAX) {
            int fd = accept(server->listener, NULL, NULL);
            if (fd >= 0) {
                setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
                server->connections[server->connections_count++] = (struct connection){.fd = fd};
            }
        }
    }
}

/* False once the connection is over. */
static bool connection_read(struct http_server *server, struct connection *connection) {
    char block[65536];
    ssize_t got = recv(connection->fd, block, sizeof(block), 0);
    if (got <= 0) {
        return false;
    }
    size_t needed = connection->size + (size_t)got + 1;
    if (needed > connection->capacity) {
        connection->capacity = 2 * needed;
        connection->data = realloc(connection->data, connection->capacity);
    }
    memcpy(connection->data + connection->size, block, (size_t)got);
    connection->size += (size_t)got;
    connection->data[connection->size] = '\0';
    return request_take(server, connection);
}

/* Answers the request that the connection holds, if it is whole by now. */
static bool request_take(struct http_server *server, struct connection *connection) {
    char *head_end = memmem(connection->data, connection->size < 65536 ? connection->size : 65536, "\r\n\r\n", 4);
    if (!head_end) {
        return true;
    }
    size_t head_bytes = (size_t)(head_end - connection->data) + 2;
    struct request request = {.head = strndup(connection->data, head_bytes)};
    const char *length = strcasestr(request.head, "\r\nContent-Length:");
    request.body_bytes = length ? strtoul(length + 17, NULL, 10) : 0;
    if (connection->size < head_bytes + 2 + request.body_bytes) {
        free(request.head);
        return true;
    }
    request.body = calloc(1, request.body_bytes + 1);
    memcpy(request.body, connection->data + head_bytes + 2, request.body_bytes);
    size_t taken = head_bytes + 2 + request.body_bytes;
    memmove(connection->data, connection->data + taken, connection->size - taken);
    connection->size -= taken;

    pthread_mutex_lock(&server->lock);
    const struct http_reply *reply = reply_find(server, request.head);
    bool head_only = strncmp(request.head, "HEAD ", 5) == 0;
    const char *range = strstr(request.head, "\r\nRange: bytes=");
    if (server->requests_count < REQUESTS_MAX) {
        server->requests[server->requests_count++] = request;
    }
    pthread_mutex_unlock(&server->lock);
    return reply->ranged && range ? range_send(connection->fd, reply, range)
                                  : reply_send(connection->fd, reply, head_only);
}

static bool range_send(int fd, const struct http_reply *reply, const char *range) {
    struct http_reply part = *reply;
    size_t first = 0;
    size_t last = 0;
    char headers[1024];
    if (sscanf(range, "\r\nRange: bytes=-%zu", &last) == 1) {
        first = last < reply->body_bytes ? reply->body_bytes - last : 0;
        last = reply->body_bytes;
    } else if (sscanf(range, "\r\nRange: bytes=%zu-%zu", &first, &last) != 2) {
        first = reply->body_bytes;
    }
    if (first >= reply->body_bytes) {
        return reply_send(fd, &(struct http_reply){.status = 416}, false);
    }
    last = last < reply->body_bytes ? last : reply->body_bytes - 1;
    snprintf(headers, sizeof(headers), "%sContent-Range: bytes %zu-%zu/%zu\r\n", reply->headers ? reply->headers : "",
             first, last, reply->body_bytes);
    part.status = 206;
    part.headers = headers;
    part.body = reply->body + first;
    part.body_bytes = last - first + 1;
    return reply_send(fd, &part, false);
}

static const struct http_reply *reply_find(struct http_server *server, const char *head) {
    static const struct http_reply none = {.status = 599, .body = "not in the script"};
    for (size_t i = 0; i < server->replies_count; i++) {
        const struct http_reply *reply = &server->replies[i];
        int times = reply->times == 0 ? 1 : reply->times;
        if ((!reply->match || line_has(head, reply->match)) && (times < 0 || server->used[i] < times)) {
            server->used[i]++;
            return reply;
        }
    }
    return &none;
}

static bool send_all(int fd, const char *data, size_t bytes) {
    while (bytes > 0) {
        ssize_t put = send(fd, data, bytes, MSG_NOSIGNAL);
        if (put <= 0) {
            return false;
        }
        data += put;
        bytes -= (size_t)put;
    }
    return true;
}

/* False where the connection is to be closed. */
static bool reply_send(int fd, const struct http_reply *reply, bool head_only) {
    char head[4096];
    size_t body_bytes = reply->body_bytes > 0 || !reply->body ? reply->body_bytes : strlen(reply->body);
    size_t sent_bytes = (reply->cut || reply->stall) && reply->cut_after < body_bytes ? reply->cut_after : body_bytes;
    bool over = reply->cut || reply->reset || reply->unframed;
    if (reply->reset) {
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger){.l_onoff = 1}, sizeof(struct linger));
    }
    usleep(reply->delay_ms * 1000);
    if (reply->status == 0) {
        return !over;
    }
    int used =
        snprintf(head, sizeof(head), "HTTP/1.1 %d Scripted\r\n%s", reply->status, reply->headers ? reply->headers : "");
    bool framed =
        reply->unframed || (reply->headers && strcasestr(reply->headers, "Content-Length:")) || reply->status == 204;
    bool alive = send_all(fd, head, (size_t)used);
    for (size_t filled = 0; alive && filled < reply->filler_bytes; filled += 1000) {
        memset(head, 'x', 1000);
        memcpy(head, "X-Filler: ", 10);
        memcpy(head + 998, "\r\n", 2);
        alive = send_all(fd, head, 1000);
    }
    used = framed ? snprintf(head, sizeof(head), "\r\n")
                  : snprintf(head, sizeof(head), "Content-Length: %zu\r\n\r\n", body_bytes);
    alive = alive && send_all(fd, head, (size_t)used);
    const size_t step = reply->drip_ms > 0 ? 1 : sent_bytes;
    for (size_t at = 0; alive && !head_only && at < sent_bytes; at += step) {
        usleep(reply->drip_ms * 1000);
        alive = send_all(fd, reply->body + at, step);
    }
    return alive && !over;
}
