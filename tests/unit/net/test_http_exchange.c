/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http_exchange.h"

#include <semaphore.h>
#include <stdio.h>

#include "core/limits.h"
#include "support/http_client.h"
#include "support/http_server.h"
#include "support/rows.h"

static const struct {
    const char *name;
    const char *method;
    struct http_reply reply;
    size_t into_bytes; /* 0: no place for the body */
    enum hw_status want;
    int http_status;
    const char *body; /* or, with a place for it, what comes there */
    const char *says;
} rows[] = {
    {"a body", "GET", {.status = 200, .body = "hello"}, 0, HW_OK, 200, "hello", ""},
    {"no body", "GET", {.status = 204}, 0, HW_OK, 204, "", ""},
    {"a body in its place", "GET", {.status = 206, .body = "hello"}, 5, HW_OK, 206, "hello", ""},
    {"a shorter body in its place", "GET", {.status = 200, .body = "hell"}, 5, HW_OK, 200, "hell", ""},
    {"a longer body than its place",
     "GET",
     {.status = 206, .body = "hello!"},
     5,
     HW_EPROTOCOL,
     0,
     "",
     "longer than the 5 bytes"},
    {"an error's body never takes that place", "GET", {.status = 503, .body = "hello!"}, 5, HW_OK, 503, "hello!", ""},
    {"HEAD", "HEAD", {.status = 200, .headers = "Content-Length: 1234\r\n"}, 0, HW_OK, 200, "", ""},
    {"a redirect is handed back",
     "GET",
     {.status = 302, .headers = "Location: http://127.0.0.1:1/\r\n"},
     0,
     HW_OK,
     302,
     "",
     ""},
    {"end before Content-Length",
     "GET",
     {.status = 200, .body = "hello", .cut = true, .cut_after = 3},
     0,
     HW_ENETWORK,
     0,
     "",
     "shorter than it says"},
    {"reset in the body",
     "GET",
     {.status = 200, .body = "hello", .cut = true, .cut_after = 3, .reset = true},
     0,
     HW_ENETWORK,
     0,
     "",
     "127.0.0.1:"},
    {"end before a reply", "GET", {.cut = true}, 0, HW_ENETWORK, 0, "", "before a reply came"},
    {"reset before a reply", "GET", {.reset = true}, 0, HW_ENETWORK, 0, "", "127.0.0.1:"},
    {"chunks without an end",
     "GET",
     {.status = 200, .headers = "Transfer-Encoding: chunked\r\n", .unframed = true, .body = "5\r\nhello\r\n"},
     0,
     HW_ENETWORK,
     0,
     "",
     "shorter"},
    {"chunks",
     "GET",
     {.status = 200, .headers = "Transfer-Encoding: chunked\r\n", .unframed = true, .body = "5\r\nhello\r\n0\r\n\r\n"},
     0,
     HW_OK,
     200,
     "hello",
     ""},
    {"a bomb of headers",
     "GET",
     {.status = 200, .filler_bytes = 300000},
     0,
     HW_EPROTOCOL,
     0,
     "",
     "headers of the reply are longer than 262144"},
    {"headers within the limit", "GET", {.status = 200, .filler_bytes = 200000, .body = "x"}, 0, HW_OK, 200, "x", ""},
    {"packed bytes stay packed",
     "GET",
     {.status = 200, .headers = "Content-Encoding: gzip\r\n", .body = "\x1f\x8bno"},
     0,
     HW_OK,
     200,
     "\x1f\x8bno",
     ""},
};

static void exchange_ends_whole_or_says_why(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct http_server *server = http_server_start(&rows[i].reply, 1);
        struct hw_http *http = http_client(&(struct hw_http_options){0});
        HW_AUTO(hw_http_response) response = {0};
        struct hw_error err = HW_ERROR_INIT;
        char place[16] = "";
        char url[128];
        snprintf(url, sizeof(url), "%s/a/../b%%20c?x=1", http_server_url(server));
        const struct hw_http_request request = {
            .method = rows[i].method,
            .url = url,
            .into = rows[i].into_bytes > 0 ? place : NULL,
            .into_bytes = rows[i].into_bytes,
        };
        assert_row_int(rows[i].name, hw_http_perform(http, &request, &response, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_int(rows[i].name, response.status, rows[i].http_status);
        if (rows[i].into_bytes > 0 && rows[i].http_status / 100 == 2) {
            assert_row_bytes(rows[i].name, place, response.into_bytes, rows[i].body, strlen(rows[i].body));
        } else {
            assert_row_bytes(rows[i].name, response.body.data, response.body.size, rows[i].body, strlen(rows[i].body));
        }
        assert_row_int(rows[i].name, http_server_count(server, "/a/../b%20c?x=1 HTTP/1.1"), 1);
        hw_http_free(http);
        http_server_stop(server);
    }
}

/* The codes are those of curl/curl.h, whose manual libcurl-errors(3) says what they mean. */
static void ends_of_libcurl_have_statuses(void **state) {
    (void)state;
    static const struct {
        const char *name;
        CURLcode code;
        bool was_sent;
        enum hw_status want;
        const char *says;
    } ends[] = {
        {"a certificate of nobody", CURLE_PEER_FAILED_VERIFICATION, false, HW_EUNTRUSTED, "h:1: the certificate of"},
        {"a file that is no PEM", CURLE_SSL_CACERT_BADFILE, false, HW_ECONFIG, "the file with trusted certificates"},
        {"another scheme", CURLE_UNSUPPORTED_PROTOCOL, false, HW_ECONFIG, "neither http nor https"},
        {"a reply without a status", CURLE_UNSUPPORTED_PROTOCOL, true, HW_EPROTOCOL, "no HTTP reply"},
        {"a strange reply", CURLE_WEIRD_SERVER_REPLY, true, HW_EPROTOCOL, "no HTTP reply"},
        {"no such host", CURLE_COULDNT_RESOLVE_HOST, false, HW_ENETWORK, "the name of the host is not known"},
        {"any other", CURLE_FTP_WEIRD_PASS_REPLY, true, HW_EFAILED, "(curl 11)"},
    };
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        char url[] = "https://h:1/secret-key";
        const struct hw_http_exchange exchange = {
            .url = url, .result = ends[i].code, .response.figures.sends = ends[i].was_sent, .fault = HW_ERROR_INIT};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(ends[i].name, hw_http_exchange_outcome(&exchange, &err), ends[i].want);
        assert_row_says(ends[i].name, err.message, ends[i].says);
        assert_row_int(ends[i].name, strstr(err.message, "secret-key") == NULL, true);
    }
}

static void replies_beyond_a_limit_are_refused(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) long_body = {0};
    assert_ok(hw_buf_resize(&long_body, HW_XML_REPLY_BYTES_MAX + 1, &err), err);
    memset(long_body.data, 'x', long_body.size);
    const struct {
        const char *name;
        int status;
        size_t body_bytes;
        enum hw_status want;
        const char *says;
    } limits[] = {
        {"an error at the limit", 500, HW_HTTP_ERROR_BYTES_MAX, HW_OK, ""},
        {"an error beyond it", 500, HW_HTTP_ERROR_BYTES_MAX + 1, HW_EPROTOCOL, "(HTTP 500) is longer than 1048576"},
        {"a reply at the limit", 200, HW_XML_REPLY_BYTES_MAX, HW_OK, ""},
        {"a reply beyond it", 200, HW_XML_REPLY_BYTES_MAX + 1, HW_EPROTOCOL, "(HTTP 200) is longer than 8388608"},
    };
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        const struct http_reply reply = {
            .status = limits[i].status, .body = (const char *)long_body.data, .body_bytes = limits[i].body_bytes};
        struct http_server *server = http_server_start(&reply, 1);
        struct hw_http *http = http_client(&(struct hw_http_options){0});
        HW_AUTO(hw_http_response) response = {0};
        err = (struct hw_error)HW_ERROR_INIT;
        assert_row_int(limits[i].name,
                       hw_http_perform(http, &(struct hw_http_request){.method = "GET", .url = http_server_url(server)},
                                       &response, &err),
                       limits[i].want);
        assert_row_says(limits[i].name, err.message, limits[i].says);
        hw_http_free(http);
        http_server_stop(server);
    }
}

/* A sixteenth of where the body goes, from the size of all buffers to the largest. */
static void long_bodies_are_received_through_larger_buffers(void **state) {
    (void)state;
    static const struct {
        const char *name;
        long buffer_bytes;
        long receive_bytes_max;
        size_t into_bytes;
        long want;
    } buffers[] = {
        {"no place of the caller's", 131072, 524288, 0, 131072}, {"a short body", 131072, 524288, 1048576, 131072},
        {"just as large", 131072, 524288, 2097152, 131072},      {"a long body", 131072, 524288, 4194304, 262144},
        {"the largest", 131072, 524288, 8388608, 524288},        {"a longer body", 131072, 524288, 67108864, 524288},
        {"a limit of the rate", 16384, 16384, 8388608, 16384},
    };
    for (size_t i = 0; i < COUNT_OF(buffers); i++) {
        const struct hw_http_handle_options options = {.buffer_bytes = buffers[i].buffer_bytes,
                                                       .receive_bytes_max = buffers[i].receive_bytes_max};
        assert_row_int(buffers[i].name, hw_http_receive_bytes(buffers[i].into_bytes, &options), buffers[i].want);
    }
}

/*
 * The one handle of this client has a buffer of another size for each of these bodies, unless it
 * still has the one of an exchange that found no server.
 */
static void a_handle_serves_long_and_short_bodies_in_turn(void **state) {
    (void)state;
    const size_t sizes[] = {100, 8388608, 5000, 4194304, 8388608, 1};
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) want = {0};
    HW_AUTO(hw_buf) place = {0};
    assert_ok(hw_buf_resize(&want, 8388608, &err), err);
    assert_ok(hw_buf_resize(&place, 8388608, &err), err);
    for (size_t i = 0; i < want.size; i++) {
        want.data[i] = (uint8_t)(i * 7 + i / 1000);
    }
    struct http_reply replies[COUNT_OF(sizes)];
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        replies[i] = (struct http_reply){.status = 200, .body = (const char *)want.data, .body_bytes = sizes[i]};
    }
    struct http_server *server = http_server_start(replies, COUNT_OF(sizes));
    struct hw_http *http = http_client(&(struct hw_http_options){.connections_max = 1, .buffer_bytes = 16384});
    const struct hw_http_request nowhere = {.method = "GET", .url = "http://name.invalid/"};
    HW_AUTO(hw_http_response) none = {0};
    assert_int_equal(hw_http_perform(http, &nowhere, &none, NULL), HW_ENETWORK);
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        HW_AUTO(hw_http_response) response = {0};
        const struct hw_http_request request = {
            .method = "GET", .url = http_server_url(server), .into = place.data, .into_bytes = sizes[i]};
        memset(place.data, 0, place.size);
        assert_ok(hw_http_perform(http, &request, &response, &err), err);
        assert_int_equal(response.into_bytes, sizes[i]);
        assert_memory_equal(place.data, want.data, sizes[i]);
    }
    hw_http_free(http);
    http_server_stop(server);
}

static void a_put_sends_its_body_and_no_surprises(void **state) {
    (void)state;
    const struct http_reply good = {
        .status = 200, .times = -1, .headers = "X-Twice: one\r\nx-twice: two\r\nETag:   \"abc\" \t\r\n"};
    struct http_server *server = http_server_start(&good, 1);
    struct hw_http *http = http_client(&(struct hw_http_options){0});
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) body = {0};
    assert_ok(hw_buf_resize(&body, 3000000, &err), err);
    for (size_t i = 0; i < body.size; i++) {
        body.data[i] = (uint8_t)(i * 2654435761u >> 13);
    }
    const struct hw_http_header headers[] = {{"x-amz-date", "20260101T000000Z"}, {"X-Empty", ""}};
    for (size_t turn = 0; turn < 3; turn++) {
        HW_AUTO(hw_http_response) response = {0};
        const struct hw_http_request request = {
            .method = "PUT",
            .url = http_server_url(server),
            .headers = headers,
            .headers_count = turn == 1 ? 0 : 2,
            .body = body.data,
            .body_bytes = turn == 2 ? 0 : body.size,
        };
        assert_ok(hw_http_perform(http, &request, &response, &err), err);
        size_t got_bytes;
        const char *got = http_server_body(server, "PUT", turn, &got_bytes);
        assert_row_bytes("body", got, got_bytes, body.data, request.body_bytes);
        const char *head = http_server_head(server, "PUT / HTTP/1.1", turn);
        assert_non_null(head);
        assert_null(strstr(head, "Expect"));
        assert_null(strstr(head, "Content-Type"));
        assert_null(strstr(head, "Cookie"));
        assert_row_says("agent", head, "User-Agent: hawser/");
        assert_row_says("length", head, turn == 2 ? "Content-Length: 0\r\n" : "Content-Length: 3000000\r\n");
        assert_int_equal(strstr(head, "x-amz-date: 20260101T000000Z\r\nX-Empty:\r\n") != NULL, turn != 1);

        hw_view etag = hw_http_header_find(&response, "etag");
        assert_row_bytes("etag", etag.data, etag.size, "\"abc\"", 5);
        hw_view twice = hw_http_header_find(&response, "X-TWICE");
        assert_row_bytes("the first of two", twice.data, twice.size, "one", 3);
        assert_null(hw_http_header_find(&response, "ETa").data);
        assert_null(hw_http_header_find(&response, "Scripted").data);
    }
    HW_AUTO(hw_http_response) response = {0};
    const struct hw_http_header split = {"X-Split", "a\r\nX-Injected: b"};
    const struct hw_http_request request = {
        .method = "PUT", .url = http_server_url(server), .headers = &split, .headers_count = 1};
    assert_int_equal(hw_http_perform(http, &request, &response, &err), HW_EUSAGE);
    assert_row_says("split", err.message, "control character cannot be sent in the header \"X-Split\"");
    hw_http_free(http);
    http_server_stop(server);
}

/*
 * A long body goes out piece by piece, and begins again from its start on the fresh connection,
 * whatever the handle was used for before.
 */
static void a_long_body_that_is_sent_again_is_whole(void **state) {
    (void)state;
    const struct http_reply script[] = {
        {.match = "POST", .status = 200}, {.match = "PUT", .reset = true}, {.match = "PUT", .status = 200}};
    struct http_server *server = http_server_start(script, COUNT_OF(script));
    struct hw_http *http = http_client(&(struct hw_http_options){.connections_max = 1, .timeout_ms = 3000});
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) body = {0};
    assert_ok(hw_buf_resize(&body, 5000000, &err), err);
    for (size_t i = 0; i < body.size; i++) {
        body.data[i] = (uint8_t)(i * 2654435761u >> 11);
    }
    struct hw_http_request request = {.method = "POST", .url = http_server_url(server), .body = "abc", .body_bytes = 3};
    for (unsigned turn = 0; turn < 2; turn++) {
        HW_AUTO(hw_http_response) response = {0};
        assert_ok(hw_http_perform(http, &request, &response, &err), err);
        request = (struct hw_http_request){
            .method = "PUT", .url = http_server_url(server), .body = body.data, .body_bytes = body.size};
    }
    size_t got_bytes;
    const char *got = http_server_body(server, "PUT", 1, &got_bytes);
    assert_row_bytes("body", got, got_bytes, body.data, body.size);
    hw_http_free(http);
    http_server_stop(server);
}

/* A body that is made as it is pulled, with a pause in the middle. */
struct pulled {
    struct hw_http *http;
    struct hw_http_exchange *exchange;
    unsigned thread;
    struct hw_timer wake;
    uint64_t bytes;
    uint64_t pause_at;
    uint64_t fail_at; /* 0: nowhere */
    unsigned pauses;
    sem_t ended;
};

static uint8_t pulled_byte(uint64_t offset) {
    return (uint8_t)(offset * 2654435761u >> 9);
}

static void pulled_wake(void *ctx) {
    struct pulled *pulled = ctx;
    hw_http_resume(pulled->exchange);
}

static void pause_begin(struct pulled *pulled) {
    pulled->pauses++;
    pulled->wake = (struct hw_timer){.run = pulled_wake, .ctx = pulled};
    hw_loop_timer_set(hw_http_thread_loop(pulled->http, pulled->thread), &pulled->wake, hw_loop_now_us() + 20000);
}

static enum hw_http_flow pulled_read(void *ctx, uint64_t offset, void *data, size_t *bytes, struct hw_error *err) {
    struct pulled *pulled = ctx;
    if (pulled->fail_at > 0 && offset >= pulled->fail_at) {
        hw_error_set(err, HW_EIO, "cannot be read at %" PRIu64, offset);
        return HW_HTTP_STOP;
    }
    if (offset >= pulled->pause_at && pulled->pauses == 0) {
        pause_begin(pulled);
        return HW_HTTP_PAUSE;
    }
    *bytes = *bytes < 1000 ? *bytes : 1000;
    for (size_t i = 0; i < *bytes; i++) {
        ((uint8_t *)data)[i] = pulled_byte(offset + i);
    }
    return HW_HTTP_GO_ON;
}

static void pulled_ended(void *ctx) {
    sem_post(&((struct pulled *)ctx)->ended);
}

static const struct {
    const char *name;
    uint64_t bytes;
    uint64_t pause_at;
    uint64_t fail_at;
    enum hw_status want;
} pulls[] = {
    {"short", 10, 0, 0, HW_OK},
    {"long, with a pause", 300000, 100000, 0, HW_OK},
    {"empty", 0, 0, 0, HW_OK},
    {"that cannot be read to its end", 300000, UINT64_MAX, 100000, HW_EIO},
};

static void bodies_are_pulled(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(pulls); i++) {
        const struct http_reply reply = {.status = 200};
        struct http_server *server = http_server_start(&reply, 1);
        struct hw_http *http = http_client(&(struct hw_http_options){0});
        struct pulled pulled = {.http = http,
                                .thread = hw_http_thread_pick(http),
                                .bytes = pulls[i].bytes,
                                .pause_at = pulls[i].pause_at,
                                .fail_at = pulls[i].fail_at};
        const struct hw_http_pull pull = {.bytes = pulls[i].bytes, .read = pulled_read, .ctx = &pulled};
        const struct hw_http_request request = {.method = "PUT",
                                                .url = http_server_url(server),
                                                .pull = &pull,
                                                .ended = pulled_ended,
                                                .ended_ctx = &pulled,
                                                .thread = pulled.thread};
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_http_response) response = {0};
        sem_init(&pulled.ended, 0, 0);
        assert_ok(hw_http_start(http, &request, &pulled.exchange, &err), err);
        sem_wait(&pulled.ended);
        assert_row_int(pulls[i].name, hw_http_take(pulled.exchange, &response, &err), pulls[i].want);
        size_t got_bytes;
        const uint8_t *got = (const uint8_t *)http_server_body(server, "PUT", 0, &got_bytes);
        assert_row_int(pulls[i].name, got_bytes, pulls[i].want ? 0 : pulls[i].bytes);
        for (size_t n = 0; n < got_bytes; n++) {
            assert_int_equal(got[n], pulled_byte(n));
        }
        assert_row_int(pulls[i].name, response.figures.sent_bytes, pulls[i].want ? 0 : pulls[i].bytes);
        assert_row_says(pulls[i].name, err.message, pulls[i].want ? "cannot be read at 100000" : "");
        sem_destroy(&pulled.ended);
        hw_http_free(http);
        http_server_stop(server);
    }
}

static void figures_tell_what_it_took(void **state) {
    (void)state;
    const struct http_reply reply = {.status = 200, .times = -1, .delay_ms = 50, .body = "hello"};
    struct http_server *server = http_server_start(&reply, 1);
    struct hw_http *http = http_client(&(struct hw_http_options){.connections_max = 1});
    struct hw_error err = HW_ERROR_INIT;
    for (int turn = 0; turn < 2; turn++) {
        HW_AUTO(hw_http_response) response = {0};
        struct hw_http_figures told = {0};
        const struct hw_http_request request = {
            .method = "PUT", .url = http_server_url(server), .body = "abc", .body_bytes = 3, .figures = &told};
        assert_ok(hw_http_perform(http, &request, &response, &err), err);
        const struct hw_http_figures *figures = &response.figures;
        assert_int_equal(told.ended_us, figures->ended_us);
        assert_int_equal(told.received_bytes, 5);
        assert_int_equal(told.sends, 1);
        assert_int_equal(figures->is_new_connection, turn == 0);
        assert_int_equal(figures->sent_bytes, 3);
        assert_int_equal(figures->received_bytes, 5);
        assert_true(figures->begun_us <= figures->connected_us);
        assert_true(figures->connected_us <= figures->first_byte_us);
        assert_true(figures->first_byte_us >= 45000);
        assert_true(figures->first_byte_us <= figures->ended_us);
    }
    hw_http_free(http);
    http_server_stop(server);
}

/* Takes the body until there is more than it wants. */
struct taken {
    char text[16];
    size_t bytes;
    size_t wanted;
    int status;
};

static enum hw_http_flow body_take(void *ctx, const struct hw_http_response *head, const void *data, size_t bytes) {
    struct taken *taken = ctx;
    taken->status = head->status;
    if (taken->bytes + bytes > taken->wanted) {
        return HW_HTTP_STOP;
    }
    memcpy(taken->text + taken->bytes, data, bytes);
    taken->bytes += bytes;
    return HW_HTTP_GO_ON;
}

static const struct {
    const char *name;
    struct http_reply reply;
    size_t wanted;
    enum hw_status want;
    bool stopped;
    const char *taken;
    const char *body; /* of the response */
} takes[] = {
    {"all of it", {.status = 200, .body = "hello"}, 15, HW_OK, false, "hello", ""},
    {"of a range", {.status = 206, .body = "hello"}, 15, HW_OK, false, "hello", ""},
    {"nothing", {.status = 200, .body = "hello"}, 0, HW_OK, true, "", ""},
    {"an error's body is not taken", {.status = 503, .body = "hello"}, 15, HW_OK, false, "", "hello"},
    {"a body that is cut",
     {.status = 200, .body = "hello", .cut = true, .cut_after = 3},
     15,
     HW_ENETWORK,
     false,
     "hel",
     ""},
};

static void bodies_are_taken_piece_by_piece(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(takes); i++) {
        struct http_server *server = http_server_start(&takes[i].reply, 1);
        struct hw_http *http = http_client(&(struct hw_http_options){0});
        struct taken taken = {.wanted = takes[i].wanted};
        HW_AUTO(hw_http_response) response = {0};
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_http_request request = {
            .method = "GET", .url = http_server_url(server), .take = body_take, .take_ctx = &taken};
        assert_row_int(takes[i].name, hw_http_perform(http, &request, &response, &err), takes[i].want);
        assert_row_int(takes[i].name, response.stopped, takes[i].stopped);
        assert_row_bytes(takes[i].name, taken.text, taken.bytes, takes[i].taken, strlen(takes[i].taken));
        assert_row_bytes(takes[i].name, response.body.data, response.body.size, takes[i].body, strlen(takes[i].body));
        hw_http_free(http);
        http_server_stop(server);
    }
}

/* Takes a body in two turns: it pauses at the first byte, and answers by `then` once it goes on. */
struct pausing_taker {
    struct pulled pulled; /* the exchange, its timer and its end */
    enum hw_http_flow then;
    size_t bytes;
};

static enum hw_http_flow pausing_take(void *ctx, const struct hw_http_response *head, const void *data, size_t bytes) {
    struct pausing_taker *taker = ctx;
    (void)head, (void)data;
    if (taker->pulled.pauses == 0) {
        pause_begin(&taker->pulled);
        return HW_HTTP_PAUSE;
    }
    taker->bytes += taker->then == HW_HTTP_GO_ON ? bytes : 0;
    return taker->then;
}

static void a_paused_body_goes_on_or_stops(void **state) {
    (void)state;
    for (enum hw_http_flow then = HW_HTTP_GO_ON; then <= HW_HTTP_STOP; then += HW_HTTP_STOP) {
        /* Where it stops, the rest of the body never comes. */
        const struct http_reply reply = {
            .status = 200, .body = "hello, world", .stall = then == HW_HTTP_STOP, .cut_after = 5};
        struct http_server *server = http_server_start(&reply, 1);
        struct hw_http *http = http_client(&(struct hw_http_options){.timeout_ms = 5000});
        struct pausing_taker taker = {.pulled = {.http = http, .thread = hw_http_thread_pick(http)}, .then = then};
        const struct hw_http_request request = {.method = "GET",
                                                .url = http_server_url(server),
                                                .take = pausing_take,
                                                .take_ctx = &taker,
                                                .ended = pulled_ended,
                                                .ended_ctx = &taker.pulled,
                                                .thread = taker.pulled.thread};
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_http_response) response = {0};
        const int64_t begin_us = hw_loop_now_us();
        sem_init(&taker.pulled.ended, 0, 0);
        assert_ok(hw_http_start(http, &request, &taker.pulled.exchange, &err), err);
        sem_wait(&taker.pulled.ended);
        assert_ok(hw_http_take(taker.pulled.exchange, &response, &err), err);
        assert_int_equal(taker.bytes, then == HW_HTTP_STOP ? 0 : strlen("hello, world"));
        assert_int_equal(response.stopped, then == HW_HTTP_STOP);
        assert_in_range(hw_loop_now_us() - begin_us, 20000, 3000000);
        sem_destroy(&taker.pulled.ended);
        hw_http_free(http);
        http_server_stop(server);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exchange_ends_whole_or_says_why),
        cmocka_unit_test(ends_of_libcurl_have_statuses),
        cmocka_unit_test(replies_beyond_a_limit_are_refused),
        cmocka_unit_test(long_bodies_are_received_through_larger_buffers),
        cmocka_unit_test(a_handle_serves_long_and_short_bodies_in_turn),
        cmocka_unit_test(a_put_sends_its_body_and_no_surprises),
        cmocka_unit_test(a_long_body_that_is_sent_again_is_whole),
        cmocka_unit_test(bodies_are_taken_piece_by_piece),
        cmocka_unit_test(bodies_are_pulled),
        cmocka_unit_test(a_paused_body_goes_on_or_stops),
        cmocka_unit_test(figures_tell_what_it_took),
    };
    return cmocka_run_group_tests_name("net/http_exchange", tests, NULL, NULL);
}
