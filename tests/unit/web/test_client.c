/* SPDX-License-Identifier: Apache-2.0 */
#include "web/client.h"

#include <stdio.h>

#include "core/buf.h"
#include "support/http_server.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

enum { SCRIPT_MAX = 3 };

static enum hw_status any_check(void *ctx, const struct hw_http_response *response, struct hw_error *err) {
    return response->status == 200 ? hw_buf_append(ctx, response->body.data, response->body.size, err)
                                   : hw_fail(err, HW_EPROTOCOL, "HTTP %d", response->status);
}

static void log_keep(void *ctx, const struct hw_log_record *record) {
    struct hw_buf *lines = ctx;
    if (hw_buf_printf(lines, NULL, "%s %s %s %s|", record->event, record->operation, record->object, record->message) !=
        HW_OK) {
        fail_msg("no memory");
    }
}

#define GOOD \
    { .match = "GET /good ", .status = 200, .body = "hello", .times = -1 }

static const struct {
    const char *name;
    struct http_reply script[SCRIPT_MAX];
    enum hw_status want;
    size_t requests;
    const char *says;   /* in the message of a failure */
    const char *logged; /* in the log */
} rows[] = {
    {"good at once", {{.status = 200, .body = "hello"}}, HW_OK, 1, "", "request.done GET http://127.0.0.1:"},
    {"503 once", {{.status = 503}, {.status = 200, .body = "hello"}}, HW_OK, 2, "", "request.retry GET"},
    {"503 for ever", {{.status = 503, .times = -1}}, HW_ESERVER, 3, "3 tries: the server fails", "request.failed GET"},
    {"429 once", {{.status = 429}, {.status = 200, .body = "hello"}}, HW_OK, 2, "", ""},
    {"404", {{.status = 404, .times = -1}}, HW_ENOTFOUND, 1, "no such object", ""},
    {"403", {{.status = 403, .times = -1}}, HW_EAUTH, 1, "the signature may have expired", ""},
    {"206 is not accepted by the check", {{.status = 206, .times = -1}}, HW_EPROTOCOL, 3, "3 tries: HTTP 206", ""},
    {"cut",
     {{.status = 200, .body = "hello", .cut = true, .cut_after = 2}, {.status = 200, .body = "hello"}},
     HW_OK,
     2,
     "",
     ""},
    {"cut for ever",
     {{.status = 200, .body = "hello", .cut = true, .cut_after = 2, .times = -1}},
     HW_ENETWORK,
     3,
     "shorter than it says",
     ""},
    {"reset once", {{.reset = true}, {.status = 200, .body = "hello"}}, HW_OK, 2, "", ""},
    {"redirected", {GOOD, {.status = 302, .headers = "Location: /good\r\n"}}, HW_OK, 2, "", "goes on at \"http://127"},
    {"redirected with a secret",
     {{.match = "GET /good?t=canary ", .status = 200, .body = "hello"},
      {.status = 307, .headers = "Location: /good?t=canary\r\n"}},
     HW_OK,
     2,
     "",
     "/good\"|"},
    {"redirected, and then a fault that passes",
     {{.match = "GET /good ", .status = 503}, GOOD, {.status = 302, .headers = "Location: /good\r\n", .times = -1}},
     HW_OK,
     4,
     "",
     ""},
    {"in circles",
     {{.status = 301, .headers = "Location: /start?s=canary\r\n", .times = -1}},
     HW_EAUTH,
     11,
     "more than 10 redirects",
     ""},
    {"to a file",
     {{.status = 302, .headers = "Location: file:///etc/passwd\r\n", .times = -1}},
     HW_EAUTH,
     1,
     "another scheme",
     ""},
    {"to nowhere", {{.status = 302, .times = -1}}, HW_EPROTOCOL, 3, "does not say where to", ""},
    {"304", {{.status = 304, .times = -1}}, HW_EPROTOCOL, 3, "no object", ""},
};

static void replies_are_followed_repeated_or_told(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t count = 0;
        while (count < SCRIPT_MAX && (rows[i].script[count].status || rows[i].script[count].reset)) {
            count++;
        }
        struct http_server *server = http_server_start(rows[i].script, count);
        HW_AUTO(hw_buf) lines = {0};
        HW_AUTO(hw_buf) body = {0};
        const struct hw_log log = {.size = sizeof(log), .level = HW_LOG_DEBUG, .write = log_keep, .ctx = &lines};
        const struct hw_store_options options = {.attempts_max = 3, .retry_for_ms = 2000, .log = &log};
        struct hw_web_client *client = NULL;
        struct hw_error err = HW_ERROR_INIT;
        char address[128];
        snprintf(address, sizeof(address), "%s/start?s=canary", http_server_url(server));
        assert_ok(hw_web_client_new(&options, &client, &err), err);
        struct hw_web_get get = {.address = address, .check = any_check, .ctx = &body};
        assert_ok(hw_web_get_start(client, &get, &err), err);
        assert_row_int(rows[i].name, hw_web_get_wait(&get, &err), rows[i].want);
        hw_web_get_release(&get);
        assert_row_int(rows[i].name, http_server_count(server, "GET "), rows[i].requests);
        assert_row_text(rows[i].name, body.size > 0 ? "hello" : "", rows[i].want == HW_OK ? "hello" : "");
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_ok(hw_buf_end_text(&lines, &err), err);
        assert_row_says(rows[i].name, (const char *)lines.data, rows[i].logged);
        assert_null(strstr((const char *)lines.data, "canary"));
        assert_null(strstr(err.message, "canary"));
        assert_row_says(rows[i].name, http_server_head(server, "GET /start?s=canary ", 0),
                        "Accept-Encoding: identity\r\n");
        hw_web_client_free(client);
        http_server_stop(server);
    }
}

static void a_get_is_given_up(void **state) {
    (void)state;
    const struct http_reply silent = {.status = 200, .body = "hello", .stall = true, .cut_after = 2};
    struct http_server *server = http_server_start(&silent, 1);
    struct hw_web_client *client = NULL;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) body = {0};
    char address[128];
    snprintf(address, sizeof(address), "%s/a", http_server_url(server));
    assert_ok(hw_web_client_new(&(struct hw_store_options){0}, &client, &err), err);
    struct hw_web_get get = {.address = address, .check = any_check, .ctx = &body};
    assert_ok(hw_web_get_start(client, &get, &err), err);
    hw_web_get_release(&get);
    hw_web_get_release(&get);
    hw_web_client_free(client);
    hw_web_client_free(NULL);
    http_server_stop(server);
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replies_are_followed_repeated_or_told),
        cmocka_unit_test(a_get_is_given_up),
    };
    return cmocka_run_group_tests_name("web/client", tests, environment_set, NULL);
}
