/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http.h"

#include <stdio.h>

#include "core/alloc.h"
#include "core/clock.h"
#include "core/limits.h"
#include "support/http_server.h"
#include "support/rows.h"

static struct hw_http *client(const struct hw_http_options *options) {
    struct hw_http *http = NULL;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_http_new(options, &http, &err), err);
    return http;
}

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
        struct hw_http *http = client(&(struct hw_http_options){0});
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
        struct hw_http *http = client(&(struct hw_http_options){0});
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

static void a_redirect_target_sees_nothing(void **state) {
    (void)state;
    const struct http_reply taken = {.status = 200, .times = -1};
    struct http_server *target = http_server_start(&taken, 1);
    char location[128];
    snprintf(location, sizeof(location), "Location: %s/stolen\r\n", http_server_url(target));
    const struct http_reply redirect = {.status = 307, .headers = location};
    struct http_server *server = http_server_start(&redirect, 1);
    struct hw_http *http = client(&(struct hw_http_options){0});
    HW_AUTO(hw_http_response) response = {0};
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_http_header secret = {"Authorization", "secret"};
    const struct hw_http_request request = {
        .method = "GET", .url = http_server_url(server), .headers = &secret, .headers_count = 1};
    assert_ok(hw_http_perform(http, &request, &response, &err), err);
    assert_int_equal(response.status, 307);
    assert_int_equal(http_server_count(target, ""), 0);
    hw_http_free(http);
    http_server_stop(server);
    http_server_stop(target);
}

static void a_put_sends_its_body_and_no_surprises(void **state) {
    (void)state;
    const struct http_reply good = {
        .status = 200, .times = -1, .headers = "X-Twice: one\r\nx-twice: two\r\nETag:   \"abc\" \t\r\n"};
    struct http_server *server = http_server_start(&good, 1);
    struct hw_http *http = client(&(struct hw_http_options){0});
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

static void no_server_is_a_network_error(void **state) {
    (void)state;
    struct hw_http *http = client(&(struct hw_http_options){0});
    HW_AUTO(hw_http_response) response = {0};
    struct hw_error err = HW_ERROR_INIT;
    const struct {
        const char *url;
        enum hw_status want;
        const char *says;
    } places[] = {
        {"http://127.0.0.1:1/secret-key", HW_ENETWORK, "127.0.0.1:1: no connection"},
        {"http://name.invalid/secret-key", HW_ENETWORK, "name.invalid: the name of the host is not known"},
        {"ftp://127.0.0.1/secret-key", HW_ECONFIG, "127.0.0.1: neither http nor https"},
        {"file:///etc/passwd", HW_ECONFIG, "neither http nor https"},
    };
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        assert_row_int(
            places[i].url,
            hw_http_perform(http, &(struct hw_http_request){.method = "GET", .url = places[i].url}, &response, &err),
            places[i].want);
        assert_row_says(places[i].url, err.message, places[i].says);
        assert_null(strstr(err.message, "secret-key"));
    }
    hw_http_free(http);
}

static const struct {
    const char *name;
    struct http_reply reply;
    const char *says;
} slow_rows[] = {
    {"silent in the middle", {.status = 200, .body = "hello", .stall = true, .cut_after = 2}, "no byte for 1 s"},
    {"silent from the start", {.stall = true}, "no byte for 1 s"},
    {"a byte now and then",
     {.status = 200, .body = "0123456789012345678901234567890123456789", .drip_ms = 100},
     "below 1024 bytes a second for 1 s"},
};

static void a_slow_server_is_given_up_in_time(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(slow_rows); i++) {
        struct http_server *server = http_server_start(&slow_rows[i].reply, 1);
        struct hw_http *http = client(&(struct hw_http_options){.timeout_ms = 1000});
        HW_AUTO(hw_http_response) response = {0};
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_http_request request = {.method = "GET", .url = http_server_url(server)};
        int64_t begin_us = hw_clock_monotonic_us();
        assert_row_int(slow_rows[i].name, hw_http_perform(http, &request, &response, &err), HW_ENETWORK);
        int64_t took_us = hw_clock_monotonic_us() - begin_us;
        assert_row_says(slow_rows[i].name, err.message, slow_rows[i].says);
        assert_row_int(slow_rows[i].name, took_us >= 1000000, true);
        assert_row_int(slow_rows[i].name, took_us < 3000000, true);
        hw_http_free(http);
        http_server_stop(server);
    }
}

static void a_patient_request_may_be_slow(void **state) {
    (void)state;
    const struct http_reply reply = {.status = 200, .body = "012345678901234", .drip_ms = 100};
    struct http_server *server = http_server_start(&reply, 1);
    struct hw_http *http = client(&(struct hw_http_options){.timeout_ms = 1000});
    HW_AUTO(hw_http_response) response = {0};
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_http_request request = {.method = "GET", .url = http_server_url(server), .slow_windows = 10};
    assert_ok(hw_http_perform(http, &request, &response, &err), err);
    assert_int_equal(response.body.size, 15);
    hw_http_free(http);
    http_server_stop(server);
}

/*
 * A kept connection that is dead makes libcurl send again; the caller must know, for a PUT may have
 * been done twice.
 */
static void requests_that_are_sent_again_are_counted(void **state) {
    (void)state;
    const struct http_reply script[] = {{.status = 200}, {.reset = true}, {.status = 200}};
    struct http_server *server = http_server_start(script, COUNT_OF(script));
    struct hw_http *http = client(&(struct hw_http_options){.connections_max = 1});
    struct hw_error err = HW_ERROR_INIT;
    unsigned resends = 0;
    const struct hw_http_request request = {
        .method = "PUT", .url = http_server_url(server), .body = "abc", .body_bytes = 3, .resends = &resends};
    for (unsigned turn = 0; turn < 2; turn++) {
        HW_AUTO(hw_http_response) response = {0};
        assert_ok(hw_http_perform(http, &request, &response, &err), err);
        assert_int_equal(resends, turn);
    }
    assert_int_equal(http_server_count(server, "PUT"), 3);
    hw_http_free(http);
    http_server_stop(server);
}

static bool always(void *ctx) {
    (*(int *)ctx)++;
    return true;
}

static void a_cancelled_client_stops_soon(void **state) {
    (void)state;
    const struct http_reply silent = {.stall = true, .times = -1};
    struct http_server *server = http_server_start(&silent, 1);
    int asked = 0;
    struct hw_http *http =
        client(&(struct hw_http_options){.connections_max = 1, .cancelled = always, .cancelled_ctx = &asked});
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_http_request request = {.method = "GET", .url = http_server_url(server)};
    struct hw_http_exchange *running;
    struct hw_http_exchange *queued;
    struct hw_http_exchange *dropped;
    assert_ok(hw_http_start(http, &request, &running, &err), err);
    assert_ok(hw_http_start(http, &request, &dropped, &err), err);
    assert_ok(hw_http_start(http, &request, &queued, &err), err);
    hw_http_discard(dropped);
    int64_t begin_us = hw_clock_monotonic_us();
    HW_AUTO(hw_http_response) response = {0};
    assert_int_equal(hw_http_wait(queued, &response, &err), HW_ECANCELLED);
    assert_int_equal(hw_http_wait(running, &response, &err), HW_ECANCELLED);
    assert_row_says("cancelled", err.message, "stopped");
    assert_true(asked >= 2);
    assert_true(hw_clock_monotonic_us() - begin_us < 5 * 1000000);
    hw_http_free(http);
    http_server_stop(server);
}

static bool at_the_third(void *ctx) {
    return ++*(int *)ctx >= 3;
}

static void a_request_may_be_cancelled_by_its_own_rule(void **state) {
    (void)state;
    /* long enough to be asked about */
    const struct http_reply late = {.status = 204, .delay_ms = 300, .times = -1};
    struct http_server *server = http_server_start(&late, 1);
    int asked = 0;
    int own = -1000;
    struct hw_http *http = client(&(struct hw_http_options){.cancelled = always, .cancelled_ctx = &asked});
    HW_AUTO(hw_http_response) response = {0};
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_http_request request = {
        .method = "DELETE", .url = http_server_url(server), .cancelled = at_the_third, .cancelled_ctx = &own};
    assert_ok(hw_http_perform(http, &request, &response, &err), err);
    assert_true(own > -1000);
    own = 2;
    assert_int_equal(hw_http_perform(http, &request, &response, &err), HW_ECANCELLED);
    assert_int_equal(asked, 0);
    hw_http_free(http);
    http_server_stop(server);
}

static void more_exchanges_than_connections_all_end(void **state) {
    (void)state;
    enum { EXCHANGES = 40 };
    const struct http_reply good = {.status = 200, .times = -1, .body = "ok"};
    struct http_server *server = http_server_start(&good, 1);
    struct hw_http *http = client(&(struct hw_http_options){.connections_max = 3});
    struct hw_http_exchange *exchanges[EXCHANGES];
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < EXCHANGES; i++) {
        assert_ok(hw_http_start(http, &(struct hw_http_request){.method = "GET", .url = http_server_url(server)},
                                &exchanges[i], &err),
                  err);
    }
    for (size_t i = 0; i < EXCHANGES; i++) {
        HW_AUTO(hw_http_response) response = {0};
        assert_ok(hw_http_wait(exchanges[i], &response, &err), err);
        assert_row_bytes("body", response.body.data, response.body.size, "ok", 2);
    }
    assert_int_equal(http_server_count(server, "GET"), EXCHANGES);
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

static bool body_take(void *ctx, const struct hw_http_response *head, const void *data, size_t bytes) {
    struct taken *taken = ctx;
    taken->status = head->status;
    if (taken->bytes + bytes > taken->wanted) {
        return false;
    }
    memcpy(taken->text + taken->bytes, data, bytes);
    taken->bytes += bytes;
    return true;
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
        struct hw_http *http = client(&(struct hw_http_options){0});
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exchange_ends_whole_or_says_why),
        cmocka_unit_test(replies_beyond_a_limit_are_refused),
        cmocka_unit_test(a_redirect_target_sees_nothing),
        cmocka_unit_test(a_put_sends_its_body_and_no_surprises),
        cmocka_unit_test(no_server_is_a_network_error),
        cmocka_unit_test(a_slow_server_is_given_up_in_time),
        cmocka_unit_test(a_patient_request_may_be_slow),
        cmocka_unit_test(requests_that_are_sent_again_are_counted),
        cmocka_unit_test(a_cancelled_client_stops_soon),
        cmocka_unit_test(a_request_may_be_cancelled_by_its_own_rule),
        cmocka_unit_test(more_exchanges_than_connections_all_end),
        cmocka_unit_test(bodies_are_taken_piece_by_piece),
    };
    return cmocka_run_group_tests_name("net/http", tests, NULL, NULL);
}
