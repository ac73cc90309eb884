/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials_http.h"

#include "core/limits.h"
#include "unit/aws/request.h"

enum { TRIES = 3, REPLIES_MAX = 3 };

static char long_body[70000];

static const struct {
    const char *name;
    struct http_reply replies[REPLIES_MAX];
    enum hw_status want;
    int want_status;
    const char *says;
    size_t requests;
} rows[] = {
    {"good", {{.status = 200, .body = "{\"a\": \"b\"}"}}, HW_OK, 200, "", 1},
    {"after faults that pass",
     {{.status = 500}, {.status = 0, .reset = true}, {.status = 200, .body = "{\"a\": \"b\"}"}},
     HW_OK,
     200,
     "",
     3},
    {"asked to slow down", {{.status = 429, .times = -1}}, HW_ETHROTTLED, 0, "a service: asked to slow down", 3},
    {"down", {{.status = 502, .times = -1}}, HW_ESERVER, 0, "a service: server error", 3},
    {"silent", {{.times = -1, .reset = true}}, HW_ENETWORK, 0, "a service: ", 3},
    {"refused",
     {{.status = 401, .body = "{\"code\": \"Bad\", \"text\": \"go\\naway\"}"}},
     HW_EAUTH,
     401,
     "a service refuses to hand out keys: \"Bad\", \"go\\x0aaway\"",
     1},
    {"refused without words",
     {{.status = 404, .body = "<html>"}},
     HW_EAUTH,
     404,
     "a service refuses to hand out keys",
     1},
    {"a redirect is not followed",
     {{.status = 301, .headers = "Location: /other\r\n"}},
     HW_EPROTOCOL,
     301,
     "a service sent a reply of another kind",
     1},
    {"no JSON", {{.status = 200, .body = "<html>"}}, HW_EPROTOCOL, 200, "the reply of a service: it is no JSON", 1},
    {"too long", {{.status = 200, .body = long_body}}, HW_EPROTOCOL, 0, "a service: ", 1},
};

static void replies_are_told_apart(void **state) {
    (void)state;
    static const struct hw_refusal_names names = {"code", "text"};
    memset(long_body, ' ', sizeof(long_body) - 1);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct http_server *server = http_server_start(rows[i].replies, REPLIES_MAX);
        const struct hw_credentials_http_options options = {
            .service = "a service", .timeout_ms = 2000, .attempts_max = TRIES, .direct = true};
        const struct hw_http_request get = {.method = "GET", .url = http_server_url(server)};
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_credentials_http) http = {0};
        HW_AUTO(hw_secret_json) json = {0};
        int status = -1;
        assert_ok(hw_credentials_http_init(&http, &options, &err), err);
        assert_row_int(rows[i].name, hw_credentials_http_json(&http, &get, &names, &status, &json, &err), rows[i].want);
        assert_row_int(rows[i].name, status, rows[i].want_status);
        if (rows[i].want) {
            assert_row_int(rows[i].name, err.status, rows[i].want);
            assert_row_says(rows[i].name, err.message, rows[i].says);
        }
        assert_row_int(rows[i].name, http_server_count(server, "GET"), rows[i].requests);
        assert_row_int(rows[i].name, http_server_count(server, "/other"), 0);
        assert_row_int(rows[i].name, hw_secret_json_text(json.object, "a").size, rows[i].want == HW_OK);
        http_server_stop(server);
    }
}

static void no_proxy_where_none_is_wanted(void **state) {
    (void)state;
    const struct http_reply reply = {.status = 200, .body = "{}", .times = -1};
    struct http_server *service = http_server_start(&reply, 1);
    struct http_server *proxy = http_server_start(&reply, 1);
    setenv("http_proxy", http_server_url(proxy), 1);
    for (int direct = 0; direct < 2; direct++) {
        const struct hw_credentials_http_options options = {
            .service = "a service", .timeout_ms = 2000, .attempts_max = 1, .direct = direct};
        const struct hw_http_request get = {.method = "GET", .url = http_server_url(service)};
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_credentials_http) http = {0};
        HW_AUTO(hw_credentials_reply) taken = {0};
        assert_ok(hw_credentials_http_init(&http, &options, &err), err);
        assert_ok(hw_credentials_http_send(&http, &get, &taken, &err), err);
        assert_int_equal(http_server_count(proxy, "GET"), 1);
        assert_int_equal(http_server_count(service, "GET"), direct);
    }
    unsetenv("http_proxy");
    http_server_stop(proxy);
    http_server_stop(service);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(replies_are_told_apart, asked_setup, asked_teardown),
        cmocka_unit_test_setup_teardown(no_proxy_where_none_is_wanted, asked_setup, asked_teardown),
    };
    return cmocka_run_group_tests_name("aws/credentials_http", tests, NULL, NULL);
}
