/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <strings.h>
#include <time.h>

#include <curl/curl.h>

#include "core/alloc.h"
#include "core/count.h"
#include "core/limits.h"
#include "net/pace.h"

enum {
    TIMEOUT_DEFAULT_MS = 60 * 1000,
    CONNECT_TIMEOUT_MS = 10 * 1000,
    CANCEL_ASK_MS = 100,
    /* The longest wait of the network thread. curl knows its own timers and wakes it earlier. */
    POLL_MS = 1000,
    BUFFER_BYTES_DEFAULT = 512 * 1024,
    /* The longest wait while exchanges are under way, because their pace is to be looked at. */
    LOOK_MS = 250,
};

struct hw_http {
    /* Set by hw_http_new, then constant. */
    /* NULL means the system's bundle. */
    char *ca_bundle;
    uint32_t connections_max;
    long buffer_bytes;
    int64_t timeout_ms;
    bool (*cancelled)(void *ctx);
    void *cancelled_ctx;
    CURLM *multi;
    pthread_t thread;

    struct { /* touched by the network thread only */
        struct hw_http_exchange *active;
        uint32_t active_count;
        /* The handles to use again, with room for connections_max. */
        CURL **idle;
        uint32_t idle_count;
    } net_thread;

    struct {
        pthread_mutex_t lock;
        struct hw_http_exchange *first_queued;
        struct hw_http_exchange *last_queued;
        bool some_cancelled;
        bool stopping;
    } synced;
};

struct hw_http_exchange {
    struct hw_http *http;
    /* The next one in the queue, or among the active ones. */
    struct hw_http_exchange *next;

    /* Set by hw_http_start, then constant. */
    char *method;
    char *url;
    struct curl_slist *headers;
    const void *body;
    size_t body_bytes;
    uint8_t *into;
    size_t into_bytes;
    bool (*take)(void *ctx, const struct hw_http_response *head, const void *data, size_t bytes);
    void *take_ctx;
    unsigned slow_windows;
    unsigned *resends;
    /* NULL means that it is never cancelled. */
    bool (*cancelled)(void *ctx);
    void *cancelled_ctx;

    /* The network thread's until `ended`, then the waiter's. */
    CURL *easy;
    struct hw_pace pace;
    /* The bytes that came, headers included. */
    uint64_t received_bytes;
    bool was_sent;
    CURLcode result;
    char curl_text[CURL_ERROR_SIZE];
    /* An error that is not of curl: a limit, out of memory, cancelled. */
    struct hw_error fault;
    struct hw_http_response response;

    struct { /* under http->synced.lock */
        pthread_cond_t changed;
        bool cancelled;
        bool ended;
    } synced;
};

static enum hw_status http_start_thread(struct hw_http *http, struct hw_error *err);
static void *net_thread_run(void *arg);
static bool queue_take(struct hw_http *http);
static void exchange_activate(struct hw_http *http, struct hw_http_exchange *exchange);
static CURLcode exchange_set_up(struct hw_http_exchange *exchange);
static CURLcode exchange_set_method(struct hw_http_exchange *exchange);
static int request_leaves(void *ctx, char *remote_ip, char *local_ip, int remote_port, int local_port);
static size_t header_arrived(char *line, size_t size, size_t count, void *ctx);
static size_t body_arrived(char *data, size_t size, size_t count, void *ctx);
static void cancelled_end(struct hw_http *http);
static void slow_end(struct hw_http *http);
static bool finished_end(struct hw_http *http);
static void exchange_end(struct hw_http *http, struct hw_http_exchange *exchange, CURLcode result);
static enum hw_status exchange_copy(struct hw_http_exchange *exchange, const struct hw_http_request *request,
                                    struct hw_error *err);
static void exchange_free(struct hw_http_exchange *exchange);
static void exchange_await(struct hw_http_exchange *exchange, bool ask);
static enum hw_status exchange_outcome(const struct hw_http_exchange *exchange, struct hw_error *err);

/* The network's own time, whatever clock the program is given. */
static int64_t now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

enum hw_status hw_http_new(const struct hw_http_options *options, struct hw_http **out_http, struct hw_error *err) {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return hw_fail(err, HW_EFAILED, "libcurl does not start");
    }
    struct hw_http *http = hw_alloc_zero(1, sizeof(*http));
    if (!http) {
        curl_global_cleanup();
        return hw_fail_nomem(err, sizeof(*http));
    }
    int64_t timeout_ms = options->timeout_ms > 0 ? options->timeout_ms : TIMEOUT_DEFAULT_MS;
    http->connections_max = options->connections_max > 0 ? options->connections_max : HW_HTTP_CONNECTIONS;
    http->buffer_bytes = options->buffer_bytes > 0 ? (long)options->buffer_bytes : BUFFER_BYTES_DEFAULT;
    http->timeout_ms = timeout_ms;
    http->cancelled = options->cancelled;
    http->cancelled_ctx = options->cancelled_ctx;
    pthread_mutex_init(&http->synced.lock, NULL);

    enum hw_status status = HW_OK;
    bool wants_bundle = options->ca_bundle && options->ca_bundle[0];
    http->ca_bundle = wants_bundle ? hw_strdup(options->ca_bundle) : NULL;
    http->net_thread.idle = hw_alloc_zero(http->connections_max, sizeof(*http->net_thread.idle));
    http->multi = curl_multi_init();
    if ((wants_bundle && !http->ca_bundle) || !http->net_thread.idle || !http->multi) {
        status = hw_fail_nomem(err, http->connections_max * sizeof(*http->net_thread.idle));
    } else {
        status = http_start_thread(http, err);
    }
    if (status) {
        /* There is no thread to stop. */
        http->synced.stopping = true;
        hw_http_free(http);
        return status;
    }
    *out_http = http;
    return HW_OK;
}

static enum hw_status http_start_thread(struct hw_http *http, struct hw_error *err) {
    curl_multi_setopt(http->multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
    curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, (long)http->connections_max);

    /*
     * Signals are for the program's own threads; a broken connection must not raise SIGPIPE here.
     */
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int errnum = pthread_create(&http->thread, NULL, net_thread_run, http);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return errnum == 0 ? HW_OK : hw_fail_errno(err, errnum, "cannot start the network thread");
}

void hw_http_free(struct hw_http *http) {
    if (!http) {
        return;
    }
    pthread_mutex_lock(&http->synced.lock);
    bool running = !http->synced.stopping;
    http->synced.stopping = true;
    pthread_mutex_unlock(&http->synced.lock);
    if (running) {
        curl_multi_wakeup(http->multi);
        pthread_join(http->thread, NULL);
    }
    assert(!http->net_thread.active && !http->synced.first_queued);
    for (uint32_t i = 0; i < http->net_thread.idle_count; i++) {
        curl_easy_cleanup(http->net_thread.idle[i]);
    }
    curl_multi_cleanup(http->multi);
    pthread_mutex_destroy(&http->synced.lock);
    hw_free(http->net_thread.idle);
    hw_free(http->ca_bundle);
    hw_free(http);
    curl_global_cleanup();
}

enum hw_status hw_http_perform(struct hw_http *http, const struct hw_http_request *request,
                               struct hw_http_response *out_response, struct hw_error *err) {
    struct hw_http_exchange *exchange;
    HW_TRY(hw_http_start(http, request, &exchange, err));
    return hw_http_wait(exchange, out_response, err);
}

enum hw_status hw_http_start(struct hw_http *http, const struct hw_http_request *request,
                             struct hw_http_exchange **out_exchange, struct hw_error *err) {
    struct hw_http_exchange *exchange = hw_alloc_zero(1, sizeof(*exchange));
    if (!exchange) {
        return hw_fail_nomem(err, sizeof(*exchange));
    }
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&exchange->synced.changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    exchange->http = http;

    enum hw_status status = exchange_copy(exchange, request, err);
    if (status) {
        exchange_free(exchange);
        return status;
    }
    pthread_mutex_lock(&http->synced.lock);
    if (http->synced.last_queued) {
        http->synced.last_queued->next = exchange;
    } else {
        http->synced.first_queued = exchange;
    }
    http->synced.last_queued = exchange;
    pthread_mutex_unlock(&http->synced.lock);
    curl_multi_wakeup(http->multi);
    *out_exchange = exchange;
    return HW_OK;
}

static enum hw_status header_add(struct hw_http_exchange *exchange, const char *name, const char *value,
                                 struct hw_error *err) {
    for (const char *at = value; *at; at++) {
        if ((unsigned char)*at < 0x20 || *at == 0x7f) {
            char quoted[HW_QUOTE_BYTES];
            return hw_fail(err, HW_EUSAGE, "a control character cannot be sent in the header %s",
                           hw_quote(name, strlen(name), quoted, sizeof(quoted)));
        }
    }
    HW_AUTO(hw_buf) line = {0};
    /* "Name;" is curl's way to send a header without a value. */
    HW_TRY(hw_buf_printf(&line, err, value[0] ? "%s: %s" : "%s;", name, value));
    struct curl_slist *longer = curl_slist_append(exchange->headers, (const char *)line.data);
    if (!longer) {
        return hw_fail_nomem(err, line.size);
    }
    exchange->headers = longer;
    return HW_OK;
}

static enum hw_status exchange_copy(struct hw_http_exchange *exchange, const struct hw_http_request *request,
                                    struct hw_error *err) {
    exchange->body = request->body;
    exchange->body_bytes = request->body_bytes;
    exchange->into = request->into;
    exchange->into_bytes = request->into_bytes;
    exchange->take = request->take;
    exchange->take_ctx = request->take_ctx;
    exchange->slow_windows = request->slow_windows;
    exchange->resends = request->resends;
    exchange->cancelled = request->cancelled ? request->cancelled : exchange->http->cancelled;
    exchange->cancelled_ctx = request->cancelled ? request->cancelled_ctx : exchange->http->cancelled_ctx;
    exchange->response.headers.limit = HW_HTTP_HEADER_BYTES_MAX;
    exchange->method = hw_strdup(request->method);
    exchange->url = hw_strdup(request->url);
    if (!exchange->method || !exchange->url) {
        return hw_fail_nomem(err, strlen(request->url));
    }
    bool typed = false;
    for (size_t i = 0; i < request->headers_count; i++) {
        typed = typed || strcasecmp(request->headers[i].name, "Content-Type") == 0;
        HW_TRY(header_add(exchange, request->headers[i].name, request->headers[i].value, err));
    }
    /* A name with a colon and nothing after it takes curl's own header away. */
    struct curl_slist *longer = curl_slist_append(exchange->headers, "Expect:");
    exchange->headers = longer ? longer : exchange->headers;
    if (longer && !typed) {
        longer = curl_slist_append(exchange->headers, "Content-Type:");
    }
    return longer ? HW_OK : hw_fail_nomem(err, sizeof(*longer));
}

static void exchange_free(struct hw_http_exchange *exchange) {
    hw_http_response_release(&exchange->response);
    curl_slist_free_all(exchange->headers);
    pthread_cond_destroy(&exchange->synced.changed);
    hw_free(exchange->method);
    hw_free(exchange->url);
    hw_free(exchange);
}

enum hw_status hw_http_wait(struct hw_http_exchange *exchange, struct hw_http_response *out_response,
                            struct hw_error *err) {
    exchange_await(exchange, exchange->cancelled != NULL);
    enum hw_status status = exchange_outcome(exchange, err);
    if (status == HW_OK) {
        *out_response = exchange->response;
        exchange->response = (struct hw_http_response){0};
    }
    exchange_free(exchange);
    return status;
}

void hw_http_discard(struct hw_http_exchange *exchange) {
    if (!exchange) {
        return;
    }
    struct hw_http *http = exchange->http;
    pthread_mutex_lock(&http->synced.lock);
    exchange->synced.cancelled = true;
    http->synced.some_cancelled = true;
    pthread_mutex_unlock(&http->synced.lock);
    curl_multi_wakeup(http->multi);
    exchange_await(exchange, false);
    exchange_free(exchange);
}

/*
 * Returns once the network thread is done with the exchange. With `ask` it is given up when it is
 * cancelled.
 */
static void exchange_await(struct hw_http_exchange *exchange, bool ask) {
    struct hw_http *http = exchange->http;
    pthread_mutex_lock(&http->synced.lock);
    while (!exchange->synced.ended) {
        if (!ask) {
            pthread_cond_wait(&exchange->synced.changed, &http->synced.lock);
            continue;
        }
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += CANCEL_ASK_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        if (pthread_cond_timedwait(&exchange->synced.changed, &http->synced.lock, &until) != ETIMEDOUT) {
            continue;
        }
        pthread_mutex_unlock(&http->synced.lock);
        bool give_up = exchange->cancelled(exchange->cancelled_ctx);
        pthread_mutex_lock(&http->synced.lock);
        if (give_up) {
            exchange->synced.cancelled = true;
            http->synced.some_cancelled = true;
            curl_multi_wakeup(http->multi);
            ask = false;
        }
    }
    pthread_mutex_unlock(&http->synced.lock);
}

/* The codes of libcurl, as statuses; any other one is HW_EFAILED. */
static const struct {
    CURLcode code;
    enum hw_status status;
    const char *what;
} curl_rows[] = {
    {CURLE_COULDNT_RESOLVE_HOST, HW_ENETWORK, "the name of the host is not known"},
    {CURLE_COULDNT_RESOLVE_PROXY, HW_ENETWORK, "the name of the proxy is not known"},
    {CURLE_COULDNT_CONNECT, HW_ENETWORK, "no connection"},
    {CURLE_OPERATION_TIMEDOUT, HW_ENETWORK, "timed out"},
    {CURLE_PARTIAL_FILE, HW_ENETWORK, "the reply is shorter than it says"},
    {CURLE_GOT_NOTHING, HW_ENETWORK, "the connection ended before a reply came"},
    {CURLE_SEND_ERROR, HW_ENETWORK, "the connection broke while sending"},
    {CURLE_RECV_ERROR, HW_ENETWORK, "the connection broke while receiving"},
    {CURLE_SSL_CONNECT_ERROR, HW_ENETWORK, "no TLS connection"},
    {CURLE_PROXY, HW_ENETWORK, "the proxy refuses"},
    {CURLE_PEER_FAILED_VERIFICATION, HW_ECONFIG, "the certificate of the server is not trusted"},
    {CURLE_SSL_CACERT_BADFILE, HW_ECONFIG, "the file with trusted certificates cannot be used"},
    {CURLE_URL_MALFORMAT, HW_ECONFIG, "is not a URL"},
    {CURLE_UNSUPPORTED_PROTOCOL, HW_ECONFIG, "neither http nor https"},
    {CURLE_WEIRD_SERVER_REPLY, HW_EPROTOCOL, "no HTTP reply"},
    {CURLE_OUT_OF_MEMORY, HW_ENOMEM, "out of memory"},
};

static enum hw_status exchange_outcome(const struct hw_http_exchange *exchange, struct hw_error *err) {
    if (exchange->fault.status) {
        if (err) {
            *err = exchange->fault;
        }
        return exchange->fault.status;
    }
    if (exchange->result == CURLE_OK || exchange->response.stopped) {
        return HW_OK;
    }
    /* The host tells where; the rest of a URL is for the caller to tell. */
    const char *scheme_end = strstr(exchange->url, "://");
    const char *host = scheme_end ? scheme_end + 3 : exchange->url;
    int host_length = (int)strcspn(host, "/?");
    const char *text = exchange->curl_text[0] ? exchange->curl_text : curl_easy_strerror(exchange->result);
    for (size_t i = 0; i < COUNT_OF(curl_rows); i++) {
        if (curl_rows[i].code == exchange->result) {
            return hw_fail(err, curl_rows[i].status, "%.*s: %s (%s)", host_length, host, curl_rows[i].what, text);
        }
    }
    return hw_fail(err, HW_EFAILED, "%.*s: %s (curl %d)", host_length, host, text, (int)exchange->result);
}

/* The network thread: takes what was queued, lets curl work, hands back what has ended. */
static void *net_thread_run(void *arg) {
    struct hw_http *http = arg;
    int running;
    while (queue_take(http)) {
        cancelled_end(http);
        curl_multi_perform(http->multi, &running);
        if (!finished_end(http)) {
            slow_end(http);
            curl_multi_poll(http->multi, NULL, 0, http->net_thread.active ? LOOK_MS : POLL_MS, NULL);
        }
    }
    return NULL;
}

/*
 * Moves queued exchanges to curl, as many as may run. Returns false once the client is being freed.
 */
static bool queue_take(struct hw_http *http) {
    for (;;) {
        pthread_mutex_lock(&http->synced.lock);
        struct hw_http_exchange *exchange = http->synced.first_queued;
        bool go_on = !http->synced.stopping;
        if (!exchange || http->net_thread.active_count >= http->connections_max) {
            pthread_mutex_unlock(&http->synced.lock);
            return go_on;
        }
        http->synced.first_queued = exchange->next;
        if (!exchange->next) {
            http->synced.last_queued = NULL;
        }
        pthread_mutex_unlock(&http->synced.lock);
        exchange_activate(http, exchange);
    }
}

static void exchange_activate(struct hw_http *http, struct hw_http_exchange *exchange) {
    exchange->next = http->net_thread.active;
    http->net_thread.active = exchange;
    http->net_thread.active_count++;

    hw_pace_start(&exchange->pace, now_us(), http->timeout_ms, exchange->slow_windows, exchange->body_bytes);
    exchange->easy =
        http->net_thread.idle_count > 0 ? http->net_thread.idle[--http->net_thread.idle_count] : curl_easy_init();
    CURLcode code = exchange->easy ? exchange_set_up(exchange) : CURLE_OUT_OF_MEMORY;
    if (code == CURLE_OK && curl_multi_add_handle(http->multi, exchange->easy) != CURLM_OK) {
        code = CURLE_OUT_OF_MEMORY;
    }
    if (code != CURLE_OK) {
        exchange_end(http, exchange, code);
    }
}

/* Sets an option unless an earlier one has failed: `code` keeps the first failure. */
#define SET(option, value) (code = code == CURLE_OK ? curl_easy_setopt(easy, option, value) : code)

static CURLcode exchange_set_up(struct hw_http_exchange *exchange) {
    CURL *easy = exchange->easy;
    CURLcode code = CURLE_OK;

    SET(CURLOPT_PRIVATE, exchange);
    SET(CURLOPT_ERRORBUFFER, exchange->curl_text);
    SET(CURLOPT_URL, exchange->url);
    SET(CURLOPT_HTTPHEADER, exchange->headers);
    SET(CURLOPT_USERAGENT, "hawser/" HW_VERSION);
    SET(CURLOPT_HEADERFUNCTION, header_arrived);
    SET(CURLOPT_HEADERDATA, exchange);
    SET(CURLOPT_WRITEFUNCTION, body_arrived);
    SET(CURLOPT_WRITEDATA, exchange);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_UNRESTRICTED_AUTH, 0L);
    SET(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    SET(CURLOPT_PATH_AS_IS, 1L); /* a key may hold "/../" */
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (exchange->http->ca_bundle) {
        SET(CURLOPT_CAINFO, exchange->http->ca_bundle);
    }
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_TCP_NODELAY, 1L);
    SET(CURLOPT_TCP_KEEPALIVE, 1L);
    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)hw_clamp((uint64_t)exchange->http->timeout_ms, 1, CONNECT_TIMEOUT_MS));
    SET(CURLOPT_PREREQFUNCTION, request_leaves);
    SET(CURLOPT_PREREQDATA, exchange);
    /*
     * curl refuses this while a handle that is used again still holds a buffer, which is as good.
     */
    (void)curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, exchange->http->buffer_bytes);
    return code == CURLE_OK ? exchange_set_method(exchange) : code;
}

static CURLcode exchange_set_method(struct hw_http_exchange *exchange) {
    CURL *easy = exchange->easy;
    CURLcode code = CURLE_OK;
    if (strcmp(exchange->method, "HEAD") == 0) {
        return SET(CURLOPT_NOBODY, 1L);
    }
    if (strcmp(exchange->method, "PUT") == 0 || strcmp(exchange->method, "POST") == 0) {
        /* A body in memory can be sent again when a kept connection turns out to be dead. */
        SET(CURLOPT_POST, 1L);
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)exchange->body_bytes);
        SET(CURLOPT_POSTFIELDS, exchange->body_bytes > 0 ? exchange->body : "");
        SET(CURLOPT_UPLOAD_BUFFERSIZE, exchange->http->buffer_bytes);
    }
    return SET(CURLOPT_CUSTOMREQUEST, exchange->method);
}

#undef SET

/*
 * Counts requests that curl sends again by itself, because a kept connection turned out to be dead
 * before a reply began.
 */
static int request_leaves(void *ctx, char *remote_ip, char *local_ip, int remote_port, int local_port) {
    struct hw_http_exchange *exchange = ctx;
    (void)remote_ip, (void)local_ip, (void)remote_port, (void)local_port;
    if (exchange->was_sent && exchange->resends) {
        ++*exchange->resends;
    }
    exchange->was_sent = true;
    return CURL_PREREQFUNC_OK;
}

static size_t header_arrived(char *line, size_t size, size_t count, void *ctx) {
    struct hw_http_exchange *exchange = ctx;
    struct hw_buf *headers = &exchange->response.headers;
    size_t bytes = size * count;
    exchange->received_bytes += bytes;
    if (bytes >= 5 && memcmp(line, "HTTP/", 5) == 0) {
        /* The headers before were those of a 1xx. */
        hw_buf_clear(headers);
        long status = 0;
        curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &status);
        exchange->response.status = (int)status;
        return bytes;
    }
    if (hw_buf_append(headers, line, bytes, &exchange->fault) == HW_OK) {
        return bytes;
    }
    if (exchange->fault.status == HW_ELIMIT) {
        hw_error_set(&exchange->fault, HW_EPROTOCOL, "the headers of the reply are longer than %zu bytes",
                     headers->limit);
    }
    return 0;
}

static size_t body_arrived(char *data, size_t size, size_t count, void *ctx) {
    struct hw_http_exchange *exchange = ctx;
    struct hw_http_response *response = &exchange->response;
    size_t bytes = size * count;
    bool good = response->status >= 200 && response->status < 300;
    exchange->received_bytes += bytes;

    const bool object = response->status == 200 || response->status == 206;
    if (exchange->take && object) {
        response->stopped = !exchange->take(exchange->take_ctx, response, data, bytes);
        return response->stopped ? 0 : bytes;
    }
    if (exchange->into && object) {
        if (bytes > exchange->into_bytes - response->into_bytes) {
            hw_error_set(&exchange->fault, HW_EPROTOCOL, "the reply is longer than the %s asked for",
                         HW_COUNT(exchange->into_bytes, "byte"));
            return 0;
        }
        memcpy(exchange->into + response->into_bytes, data, bytes);
        response->into_bytes += bytes;
        return bytes;
    }
    response->body.limit = good ? HW_XML_REPLY_BYTES_MAX : HW_HTTP_ERROR_BYTES_MAX;
    if (hw_buf_append(&response->body, data, bytes, &exchange->fault) == HW_OK) {
        return bytes;
    }
    if (exchange->fault.status == HW_ELIMIT) {
        hw_error_set(&exchange->fault, HW_EPROTOCOL, "the body of the reply (HTTP %d) is longer than %zu bytes",
                     response->status, response->body.limit);
    }
    return 0;
}

/* Ends the exchanges that were given up, queued ones too. */
static void cancelled_end(struct hw_http *http) {
    pthread_mutex_lock(&http->synced.lock);
    if (!http->synced.some_cancelled) {
        pthread_mutex_unlock(&http->synced.lock);
        return;
    }
    http->synced.some_cancelled = false;
    struct hw_http_exchange **link = &http->synced.first_queued;
    http->synced.last_queued = NULL;
    while (*link) {
        struct hw_http_exchange *exchange = *link;
        if (exchange->synced.cancelled) {
            *link = exchange->next;
            /* exchange_end takes it from the active ones. */
            exchange->next = http->net_thread.active;
            http->net_thread.active = exchange;
            http->net_thread.active_count++;
        } else {
            http->synced.last_queued = exchange;
            link = &exchange->next;
        }
    }
    pthread_mutex_unlock(&http->synced.lock);

    for (struct hw_http_exchange *at = http->net_thread.active, *next; at; at = next) {
        next = at->next;
        pthread_mutex_lock(&http->synced.lock);
        bool cancelled = at->synced.cancelled;
        pthread_mutex_unlock(&http->synced.lock);
        if (cancelled) {
            hw_error_set(&at->fault, HW_ECANCELLED, "stopped while waiting for the server");
            exchange_end(http, at, CURLE_ABORTED_BY_CALLBACK);
        }
    }
}

/* Ends the exchanges that make no progress. */
static void slow_end(struct hw_http *http) {
    const int64_t now = now_us();
    for (struct hw_http_exchange *at = http->net_thread.active, *next; at; at = next) {
        next = at->next;
        curl_off_t sent = 0;
        curl_easy_getinfo(at->easy, CURLINFO_SIZE_UPLOAD_T, &sent);
        enum hw_pace_verdict verdict = hw_pace_look(&at->pace, now, (uint64_t)sent, at->received_bytes);
        if (verdict == HW_PACE_GOOD) {
            continue;
        }
        double seconds = (double)http->timeout_ms / 1000;
        if (verdict == HW_PACE_STALLED) {
            snprintf(at->curl_text, sizeof(at->curl_text), "no byte for %g s", seconds);
        } else {
            snprintf(at->curl_text, sizeof(at->curl_text), "below %d bytes a second for %g s", HW_PACE_BYTES_PER_S,
                     seconds * (at->slow_windows > 0 ? at->slow_windows : 1));
        }
        exchange_end(http, at, CURLE_OPERATION_TIMEDOUT);
    }
}

/* Hands back the exchanges that curl has finished. Returns whether there was one. */
static bool finished_end(struct hw_http *http) {
    bool any = false;
    int left;
    for (CURLMsg *message; (message = curl_multi_info_read(http->multi, &left)) != NULL;) {
        char *exchange = NULL;
        if (message->msg == CURLMSG_DONE) {
            /* The message is gone once the handle is removed. */
            CURLcode result = message->data.result;
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &exchange);
            exchange_end(http, (struct hw_http_exchange *)(void *)exchange, result);
            any = true;
        }
    }
    return any;
}

/* Takes an active exchange from curl and gives it to its waiter. */
static void exchange_end(struct hw_http *http, struct hw_http_exchange *exchange, CURLcode result) {
    for (struct hw_http_exchange **link = &http->net_thread.active; *link; link = &(*link)->next) {
        if (*link == exchange) {
            *link = exchange->next;
            http->net_thread.active_count--;
            break;
        }
    }

    exchange->result = result;
    if (exchange->easy) {
        curl_multi_remove_handle(http->multi, exchange->easy);
        curl_easy_reset(exchange->easy);
        if (http->net_thread.idle_count < http->connections_max) {
            http->net_thread.idle[http->net_thread.idle_count++] = exchange->easy;
        } else {
            curl_easy_cleanup(exchange->easy);
        }
        exchange->easy = NULL;
    }
    pthread_mutex_lock(&http->synced.lock);
    exchange->synced.ended = true;
    pthread_cond_signal(&exchange->synced.changed);
    pthread_mutex_unlock(&http->synced.lock);
}
