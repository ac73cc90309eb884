/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials_container.h"

#include "unit/aws/request.h"

enum { ENV_MAX = 4 };
#define KEYS                                                                              \
    "{\"RoleArn\": \"arn:r\", \"AccessKeyId\": \"AK\", \"SecretAccessKey\": \"sesame\", " \
    "\"Token\": \"T\", \"Expiration\": \"2015-08-30T13:36:00Z\"}"

static const struct {
    const char *url;
    const char *says; /* NULL: it may be asked */
} urls[] = {
    {"https://example.com/keys?id=1", NULL},
    {"http://127.0.0.1:8080/", NULL},
    {"http://127.9.9.9/x", NULL},
    {"http://localhost/x", NULL},
    {"http://[::1]:80/x", NULL},
    {"http://[fd00:ec2::23]/v1/credentials", NULL},
    {"http://[FD00:EC2:0::23]/v1/credentials", NULL},
    {"http://169.254.170.2/v2/credentials/1?x=y", NULL},
    {"http://169.254.170.23/v1/credentials", NULL},
    {"http://169.254.169.254/latest", "its host is 169.254.169.254, but without TLS"},
    {"http://169.254.170.2.example.com/", "its host is 169.254.170.2.example.com"},
    {"http://example.com/", "its host is example.com"},
    {"http://[fe80::1]/", "its host is [fe80::1]"},
    {"http://[fd00:ec2::254]/", "its host is [fd00:ec2::254]"},
    {"http://169.254.170.2@example.com/", "user"},
    {"http://localhost/x#y", "fragment"},
    {"http://localhost/x?a b", "its query has a byte that no URL can have"},
    {"http://localhost/x?a#b", "its query has a byte that no URL can have"},
    {"ftp://localhost/", "http"},
    {"localhost", "http"},
};

static void only_agents_are_asked(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(urls); i++) {
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(urls[i].url, hw_container_url_check(urls[i].url, &err), urls[i].says ? HW_ECONFIG : HW_OK);
        assert_row_says(urls[i].url, err.message, urls[i].says ? urls[i].says : "");
    }
}

static void nothing_is_set_or_wrong(void **state) {
    (void)state;
    static const struct {
        const char *env[ENV_MAX];
        enum hw_status want;
        const char *says;
    } rows[] = {
        {{NULL}, HW_ENOTFOUND, "neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor"},
        {{"AWS_CONTAINER_CREDENTIALS_FULL_URI="}, HW_ENOTFOUND, "neither"},
        {{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=@example.com/"}, HW_ECONFIG, "does not begin with '/'"},
        {{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/a/../b"}, HW_ECONFIG, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "},
        {{"AWS_CONTAINER_CREDENTIALS_FULL_URI=http://example.com"}, HW_ECONFIG, "AWS_CONTAINER_CREDENTIALS_FULL_URI: "},
        {{"AWS_CONTAINER_CREDENTIALS_FULL_URI=http://localhost:1", "AWS_CONTAINER_AUTHORIZATION_TOKEN=sesame\nX: y"},
         HW_EAUTH,
         "AWS_CONTAINER_AUTHORIZATION_TOKEN: a byte that no header can hold, at position 7 of 11"},
        {{"AWS_CONTAINER_CREDENTIALS_FULL_URI=http://localhost:1",
          "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=/nowhere/sesame"},
         HW_EAUTH,
         "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: cannot open it"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_credentials keys = {.access_key_id = "untouched"};
        home_env_set(rows[i].env, ENV_MAX);
        assert_row_int(rows[i].says, asked_find(&hw_credentials_container, NULL, &keys, &err), rows[i].want);
        assert_row_int(rows[i].says, err.status, rows[i].want);
        assert_row_says(rows[i].says, err.message, rows[i].says);
        assert_null(strstr(err.message, "sesame"));
        assert_row_text(rows[i].says, keys.access_key_id, "untouched");
    }
}

static void the_token_is_read_anew(void **state) {
    (void)state;
    const struct http_reply reply = {.match = "GET /keys?id=1", .status = 200, .body = KEYS, .times = -1};
    struct http_server *server = http_server_start(&reply, 1);
    struct hw_credentials keys = {0};
    struct hw_error err = HW_ERROR_INIT;
    home_env_clear();
    asked_server_set("AWS_CONTAINER_CREDENTIALS_FULL_URI", server, "/keys?id=1");
    assert_ok(asked_find(&hw_credentials_container, NULL, &keys, &err), err);
    assert_string_equal(keys.access_key_id, "AK");
    assert_string_equal(keys.session_token, "T");
    assert_int_equal(keys.expires_us, ASKED_NOW_US + INT64_C(3600) * 1000000);
    assert_null(strstr(http_server_head(server, "GET", 0), "Authorization"));
    setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "Basic abc", 1);
    assert_ok(asked_find(&hw_credentials_container, NULL, &keys, &err), err);
    assert_row_says("by variable", http_server_head(server, "GET", 1), "Authorization: Basic abc\r\n");
    home_write_text("token", "first");
    setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", home_path("token"), 1);
    assert_ok(asked_find(&hw_credentials_container, NULL, &keys, &err), err);
    assert_row_says("by file", http_server_head(server, "GET", 2), "Authorization: first\r\n");
    home_write_text("token", "second");
    assert_ok(asked_find(&hw_credentials_container, NULL, &keys, &err), err);
    assert_row_says("anew", http_server_head(server, "GET", 3), "Authorization: second\r\n");
    assert_row_says("accept", http_server_head(server, "GET", 3), "Accept: application/json\r\n");
    http_server_stop(server);
}

static const struct {
    const char *name;
    struct http_reply reply;
    enum hw_status want;
    const char *says;
} bad_rows[] = {
    {"refused",
     {.status = 403, .body = "{\"code\": \"AccessDenied\", \"message\": \"no sesame-token\"}"},
     HW_EAUTH,
     "the agent of the container refuses to hand out keys: \"AccessDenied\", \"no ***\""},
    {"no token",
     {.status = 200,
      .body = "{\"AccessKeyId\": \"A\", \"SecretAccessKey\": \"sesame\", \"Expiration\": \"2015-08-30T13:36:00Z\"}"},
     HW_EPROTOCOL,
     "the reply of the agent of the container: it has no text Token"},
    {"no object", {.status = 200, .body = "[]"}, HW_EPROTOCOL, "it is JSON, but no object"},
};

static void bad_replies_are_told_without_secrets(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad_rows); i++) {
        struct http_server *server = http_server_start(&bad_rows[i].reply, 1);
        struct hw_credentials keys = {.access_key_id = "untouched"};
        struct hw_error err = HW_ERROR_INIT;
        home_env_clear();
        asked_server_set("AWS_CONTAINER_CREDENTIALS_FULL_URI", server, "/");
        setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "sesame-token", 1);
        assert_row_int(bad_rows[i].name, asked_find(&hw_credentials_container, NULL, &keys, &err), bad_rows[i].want);
        assert_row_says(bad_rows[i].name, err.message, bad_rows[i].says);
        asked_no_secret(bad_rows[i].name, &err);
        assert_row_text(bad_rows[i].name, keys.access_key_id, "untouched");
        http_server_stop(server);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_agents_are_asked),
        cmocka_unit_test_setup_teardown(nothing_is_set_or_wrong, asked_setup, asked_teardown),
        cmocka_unit_test_setup_teardown(the_token_is_read_anew, asked_setup, asked_teardown),
        cmocka_unit_test_setup_teardown(bad_replies_are_told_without_secrets, asked_setup, asked_teardown),
    };
    return cmocka_run_group_tests_name("aws/credentials_container", tests, NULL, NULL);
}
