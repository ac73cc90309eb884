/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http_exchange.h"

#include <stdio.h>
#include <strings.h>

#include "core/alloc.h"
#include "core/count.h"
#include "core/limits.h"

enum {
    CONNECT_TIMEOUT_MS = 10 * 1000,
    /*
     * libcurl sends a body from memory in one piece with the headers, unless it is longer than
     * this.
     */
    BODY_WITH_HEADERS_BYTES = 64 * 1024,
    /* A body has at least so many times the size of a buffer that was made larger for it. */
    RECEIVE_BUFFERS_A_BODY = 16,
};

/* ------ the request */

struct layout {
    size_t nodes_count;
    size_t texts_bytes;
    bool typed;
};

static enum hw_status layout_make(const struct hw_http_request *request, struct layout *out_layout,
                                  struct hw_error *err);
static void texts_copy(struct hw_http_exchange *exchange, const struct hw_http_request *request,
                       const struct layout *layout);

enum hw_status hw_http_exchange_new(const struct hw_http_request *request, struct hw_http_exchange **out_exchange,
                                    struct hw_error *err) {
    struct layout layout;
    HW_TRY(layout_make(request, &layout, err));
    struct hw_http_exchange *exchange = hw_alloc_zero(1, sizeof(*exchange));
    const size_t block_bytes = layout.nodes_count * sizeof(struct curl_slist) + layout.texts_bytes;
    void *block = exchange ? hw_alloc(block_bytes) : NULL;
    if (!block) {
        hw_free(exchange);
        return hw_fail_nomem(err, sizeof(*exchange) + block_bytes);
    }
    exchange->block = block;
    texts_copy(exchange, request, &layout);
    exchange->body = request->body;
    exchange->pull = request->pull ? *request->pull : (struct hw_http_pull){0};
    exchange->body_bytes = request->pull ? request->pull->bytes : request->body_bytes;
    exchange->into = request->into;
    exchange->into_bytes = request->into_bytes;
    exchange->take = request->take;
    exchange->take_ctx = request->take_ctx;
    exchange->slow_windows = request->slow_windows;
    exchange->resends = request->resends;
    exchange->figures = request->figures;
    exchange->cancelled = request->cancelled;
    exchange->cancelled_ctx = request->cancelled_ctx;
    exchange->ended = request->ended;
    exchange->ended_ctx = request->ended_ctx;
    exchange->response.headers.limit = HW_HTTP_HEADER_BYTES_MAX;
    exchange->fault = (struct hw_error)HW_ERROR_INIT;
    exchange->started_us = hw_loop_now_us();
    *out_exchange = exchange;
    return HW_OK;
}

/* Counts what the texts of a request take, and looks whether they may be sent. */
static enum hw_status layout_make(const struct hw_http_request *request, struct layout *out_layout,
                                  struct hw_error *err) {
    *out_layout = (struct layout){
        .nodes_count = request->headers_count + 2,
        .texts_bytes = strlen(request->method) + strlen(request->url) + 2,
    };
    for (size_t i = 0; i < request->headers_count; i++) {
        const struct hw_http_header *header = &request->headers[i];
        for (const char *at = header->value; *at; at++) {
            if ((unsigned char)*at < 0x20 || *at == 0x7f) {
                char quoted[HW_QUOTE_BYTES];
                return hw_fail(err, HW_EUSAGE, "a control character cannot be sent in the header %s",
                               hw_quote(header->name, strlen(header->name), quoted, sizeof(quoted)));
            }
        }
        out_layout->typed = out_layout->typed || strcasecmp(header->name, "Content-Type") == 0;
        out_layout->texts_bytes += strlen(header->name) + strlen(header->value) + sizeof(": ");
    }
    return HW_OK;
}

static char *text_put(char *at, const char *text) {
    const size_t bytes = strlen(text) + 1;
    memcpy(at, text, bytes);
    return at + bytes;
}

/*
 * Copies the texts of the request behind the nodes of the list that curl gets of its headers. curl
 * reads such a list and neither changes nor frees it.
 */
static void texts_copy(struct hw_http_exchange *exchange, const struct hw_http_request *request,
                       const struct layout *layout) {
    /* A name with a colon and nothing after it takes curl's own header away. */
    static char no_expect[] = "Expect:";
    static char no_type[] = "Content-Type:";
    struct curl_slist *nodes = exchange->block;
    char *at = (char *)(nodes + layout->nodes_count);
    exchange->method = at;
    at = text_put(at, request->method);
    exchange->url = at;
    at = text_put(at, request->url);
    size_t count = 0;
    for (size_t i = 0; i < request->headers_count; i++) {
        const struct hw_http_header *header = &request->headers[i];
        nodes[count++].data = at;
        at = text_put(at, header->name) - 1;
        /* "Name;" is curl's way to send a header without a value. */
        at = text_put(at, header->value[0] ? ": " : ";");
        at = header->value[0] ? text_put(at - 1, header->value) : at;
    }
    nodes[count++].data = no_expect;
    if (!layout->typed) {
        nodes[count++].data = no_type;
    }
    for (size_t i = 0; i < count; i++) {
        nodes[i].next = i + 1 < count ? &nodes[i + 1] : NULL;
    }
    exchange->headers = nodes;
}

void hw_http_exchange_free(struct hw_http_exchange *exchange) {
    hw_http_response_release(&exchange->response);
    hw_free(exchange->block);
    hw_free(exchange);
}

/* ------ the handle */

static int request_leaves(void *ctx, char *remote_ip, char *local_ip, int remote_port, int local_port);
static size_t header_arrived(char *line, size_t size, size_t count, void *ctx);
static size_t body_arrived(char *data, size_t size, size_t count, void *ctx);
static size_t body_wanted(char *data, size_t size, size_t count, void *ctx);
static int body_rewound(void *ctx, curl_off_t offset, int origin);
static CURLcode method_set(struct hw_http_exchange *exchange);

/* Sets an option unless an earlier one has failed: `code` keeps the first failure. */
#define SET(option, value) (code = code == CURLE_OK ? curl_easy_setopt(easy, option, value) : code)

CURL *hw_http_handle_new(const struct hw_http_handle_options *options) {
    CURL *easy = curl_easy_init();
    CURLcode code = easy ? CURLE_OK : CURLE_OUT_OF_MEMORY;
    SET(CURLOPT_USERAGENT, "hawser/" HW_VERSION);
    SET(CURLOPT_HEADERFUNCTION, header_arrived);
    SET(CURLOPT_WRITEFUNCTION, body_arrived);
    SET(CURLOPT_READFUNCTION, body_wanted);
    SET(CURLOPT_SEEKFUNCTION, body_rewound);
    SET(CURLOPT_PREREQFUNCTION, request_leaves);
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
    if (options->ca_bundle) {
        SET(CURLOPT_CAINFO, options->ca_bundle);
    }
    if (options->direct) {
        SET(CURLOPT_NOPROXY, "*");
    }
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_TCP_NODELAY, 1L);
    SET(CURLOPT_TCP_KEEPALIVE, 1L);
    /*
     * A large service tells some of its many addresses at each look-up. Each new connection looks
     * anew and begins with any of them, so that all of them share the load.
     */
    SET(CURLOPT_DNS_SHUFFLE_ADDRESSES, 1L);
    SET(CURLOPT_DNS_CACHE_TIMEOUT, 0L);
    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)hw_clamp((uint64_t)options->timeout_ms, 1, CONNECT_TIMEOUT_MS));
    SET(CURLOPT_BUFFERSIZE, options->buffer_bytes);
    SET(CURLOPT_UPLOAD_BUFFERSIZE, options->buffer_bytes);
    if (code != CURLE_OK) {
        curl_easy_cleanup(easy);
        return NULL;
    }
    return easy;
}

long hw_http_receive_bytes(size_t into_bytes, const struct hw_http_handle_options *options) {
    const long share = (long)(into_bytes / RECEIVE_BUFFERS_A_BODY);
    const long least = options->buffer_bytes;
    const long most = options->receive_bytes_max;
    return share <= least ? least : share < most ? share : most;
}

CURLcode hw_http_exchange_set_up(struct hw_http_exchange *exchange, const struct hw_http_handle_options *options) {
    CURL *easy = exchange->easy;
    CURLcode code = CURLE_OK;
    /*
     * Curl refuses another size where the last exchange, which found no server, has left the handle
     * with its buffer. That one is used again.
     */
    (void)curl_easy_setopt(easy, CURLOPT_BUFFERSIZE,
                           hw_http_receive_bytes(exchange->into ? exchange->into_bytes : 0, options));
    SET(CURLOPT_PRIVATE, exchange);
    SET(CURLOPT_ERRORBUFFER, exchange->curl_text);
    SET(CURLOPT_URL, exchange->url);
    SET(CURLOPT_HTTPHEADER, exchange->headers);
    SET(CURLOPT_HEADERDATA, exchange);
    SET(CURLOPT_WRITEDATA, exchange);
    SET(CURLOPT_READDATA, exchange);
    SET(CURLOPT_SEEKDATA, exchange);
    SET(CURLOPT_PREREQDATA, exchange);
    return code == CURLE_OK ? method_set(exchange) : code;
}

static CURLcode method_set(struct hw_http_exchange *exchange) {
    CURL *easy = exchange->easy;
    CURLcode code = CURLE_OK;
    /*
     * These take back what an earlier exchange has set. Where curl has fields it does not rewind
     * another body that it has to send again.
     */
    SET(CURLOPT_POSTFIELDS, NULL);
    SET(CURLOPT_HTTPGET, 1L);
    if (strcmp(exchange->method, "HEAD") == 0) {
        SET(CURLOPT_CUSTOMREQUEST, NULL);
        return SET(CURLOPT_NOBODY, 1L);
    }
    const bool sends = strcmp(exchange->method, "PUT") == 0 || strcmp(exchange->method, "POST") == 0;
    if (sends && !exchange->pull.read && exchange->body_bytes <= BODY_WITH_HEADERS_BYTES) {
        SET(CURLOPT_POST, 1L);
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)exchange->body_bytes);
        SET(CURLOPT_POSTFIELDS, exchange->body_bytes > 0 ? exchange->body : "");
    } else if (sends) {
        SET(CURLOPT_UPLOAD, 1L);
        SET(CURLOPT_INFILESIZE_LARGE, (curl_off_t)exchange->body_bytes);
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
    if (++exchange->response.figures.sends > 1 && exchange->resends) {
        ++*exchange->resends;
    }
    return CURL_PREREQFUNC_OK;
}

/* ------ the body that is sent */

static size_t body_wanted(char *data, size_t size, size_t count, void *ctx) {
    struct hw_http_exchange *exchange = ctx;
    const uint64_t left = exchange->body_bytes - exchange->pulled_bytes;
    size_t bytes = size * count < left ? size * count : (size_t)left;
    if (exchange->paused_us > 0) {
        return CURL_READFUNC_PAUSE;
    }
    if (bytes > 0 && exchange->pull.read) {
        enum hw_http_flow flow =
            exchange->pull.read(exchange->pull.ctx, exchange->pulled_bytes, data, &bytes, &exchange->fault);
        if (flow != HW_HTTP_GO_ON) {
            return flow == HW_HTTP_PAUSE ? CURL_READFUNC_PAUSE : CURL_READFUNC_ABORT;
        }
    } else if (bytes > 0) {
        memcpy(data, (const char *)exchange->body + exchange->pulled_bytes, bytes);
    }
    exchange->pulled_bytes += bytes;
    exchange->moved(exchange, bytes);
    return bytes;
}

static int body_rewound(void *ctx, curl_off_t offset, int origin) {
    struct hw_http_exchange *exchange = ctx;
    if (origin != SEEK_SET || offset < 0 || (uint64_t)offset > exchange->body_bytes) {
        return CURL_SEEKFUNC_FAIL;
    }
    exchange->pulled_bytes = (uint64_t)offset;
    return CURL_SEEKFUNC_OK;
}

/* ------ the reply */

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

/* What curl is told of a piece of a body that was not kept. */
enum { NOT_KEPT = 0 };

static size_t place_put(struct hw_http_exchange *exchange, const char *data, size_t bytes) {
    struct hw_http_response *response = &exchange->response;
    if (bytes > exchange->into_bytes - response->into_bytes) {
        hw_error_set(&exchange->fault, HW_EPROTOCOL, "the reply is longer than the %s asked for",
                     HW_COUNT(exchange->into_bytes, "byte"));
        return NOT_KEPT;
    }
    memcpy(exchange->into + response->into_bytes, data, bytes);
    response->into_bytes += bytes;
    return bytes;
}

static size_t response_put(struct hw_http_exchange *exchange, const char *data, size_t bytes) {
    struct hw_http_response *response = &exchange->response;
    const bool good = response->status >= 200 && response->status < 300;
    response->body.limit = good ? HW_XML_REPLY_BYTES_MAX : HW_HTTP_ERROR_BYTES_MAX;
    if (hw_buf_append(&response->body, data, bytes, &exchange->fault) == HW_OK) {
        return bytes;
    }
    if (exchange->fault.status == HW_ELIMIT) {
        hw_error_set(&exchange->fault, HW_EPROTOCOL, "the body of the reply (HTTP %d) is longer than %zu bytes",
                     response->status, response->body.limit);
    }
    return NOT_KEPT;
}

static size_t body_arrived(char *data, size_t size, size_t count, void *ctx) {
    struct hw_http_exchange *exchange = ctx;
    struct hw_http_response *response = &exchange->response;
    const size_t bytes = size * count;
    const bool object = response->status == 200 || response->status == 206;
    size_t kept;
    if (exchange->paused_us > 0) {
        return CURL_WRITEFUNC_PAUSE;
    }
    if (exchange->take && object) {
        enum hw_http_flow flow = exchange->take(exchange->take_ctx, response, data, bytes);
        if (flow == HW_HTTP_PAUSE) {
            return CURL_WRITEFUNC_PAUSE;
        }
        response->stopped = flow == HW_HTTP_STOP;
        kept = response->stopped ? NOT_KEPT : bytes;
    } else {
        kept = exchange->into && object ? place_put(exchange, data, bytes) : response_put(exchange, data, bytes);
    }
    exchange->received_bytes += kept;
    exchange->moved(exchange, kept);
    return kept;
}

/* ------ the end */

static int64_t figure_us(CURL *easy, CURLINFO info) {
    curl_off_t us = 0;
    curl_easy_getinfo(easy, info, &us);
    return us;
}

/* Fills in what curl knows of an exchange that has had a handle. */
static void handle_figures(const struct hw_http_exchange *exchange, struct hw_http_figures *figures) {
    long new_connections = 0;
    curl_easy_getinfo(exchange->easy, CURLINFO_NUM_CONNECTS, &new_connections);
    figures->is_new_connection = new_connections > 0;
    figures->sent_bytes = (uint64_t)figure_us(exchange->easy, CURLINFO_SIZE_UPLOAD_T);
    figures->received_bytes = (uint64_t)figure_us(exchange->easy, CURLINFO_SIZE_DOWNLOAD_T);
    const int64_t secured_us = figure_us(exchange->easy, CURLINFO_APPCONNECT_TIME_T);
    const int64_t connected_us = figure_us(exchange->easy, CURLINFO_CONNECT_TIME_T);
    const int64_t first_byte_us = figure_us(exchange->easy, CURLINFO_STARTTRANSFER_TIME_T);
    figures->connected_us = figures->begun_us + (secured_us > connected_us ? secured_us : connected_us);
    figures->first_byte_us = exchange->received_bytes > 0 ? figures->begun_us + first_byte_us : 0;
}

void hw_http_exchange_figures(struct hw_http_exchange *exchange) {
    struct hw_http_figures *figures = &exchange->response.figures;
    figures->ended_us = hw_loop_now_us() - exchange->started_us;
    if (exchange->easy) {
        handle_figures(exchange, figures);
    }
    if (exchange->figures) {
        *exchange->figures = *figures;
    }
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
    {CURLE_PEER_FAILED_VERIFICATION, HW_EUNTRUSTED, "the certificate of the server is not trusted"},
    {CURLE_SSL_CACERT_BADFILE, HW_ECONFIG, "the file with trusted certificates cannot be used"},
    {CURLE_URL_MALFORMAT, HW_ECONFIG, "is not a URL"},
    {CURLE_UNSUPPORTED_PROTOCOL, HW_ECONFIG, "neither http nor https"},
    {CURLE_WEIRD_SERVER_REPLY, HW_EPROTOCOL, "no HTTP reply"},
    {CURLE_OUT_OF_MEMORY, HW_ENOMEM, "out of memory"},
};

/*
 * Returns the code of libcurl, which has one for an address of another scheme and for a reply that
 * has no line of a status. Only the latter has a request before it.
 */
static CURLcode result_of(const struct hw_http_exchange *exchange) {
    const bool replied = exchange->result == CURLE_UNSUPPORTED_PROTOCOL && exchange->response.figures.sends > 0;
    return replied ? CURLE_WEIRD_SERVER_REPLY : exchange->result;
}

enum hw_status hw_http_exchange_outcome(const struct hw_http_exchange *exchange, struct hw_error *err) {
    const CURLcode result = result_of(exchange);
    if (exchange->fault.status) {
        if (err) {
            *err = exchange->fault;
        }
        return exchange->fault.status;
    }
    if (result == CURLE_OK || exchange->response.stopped) {
        return HW_OK;
    }
    /* The host tells where; the rest of a URL is for the caller to tell. */
    const char *scheme_end = strstr(exchange->url, "://");
    const char *host = scheme_end ? scheme_end + 3 : exchange->url;
    int host_length = (int)strcspn(host, "/?");
    const char *text = exchange->curl_text[0] ? exchange->curl_text : curl_easy_strerror(result);
    for (size_t i = 0; i < COUNT_OF(curl_rows); i++) {
        if (curl_rows[i].code == result) {
            return hw_fail(err, curl_rows[i].status, "%.*s: %s (%s)", host_length, host, curl_rows[i].what, text);
        }
    }
    return hw_fail(err, HW_EFAILED, "%.*s: %s (curl %d)", host_length, host, text, (int)result);
}
