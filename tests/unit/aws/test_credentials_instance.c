/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked, and when IMDSv1 is what is left, follows IMDSFetcher of botocore 1.44.8. */
#include "aws/credentials_instance.h"

#include "unit/aws/request.h"

enum { ENV_MAX = 3, REPLIES_MAX = 4 };
#define ROLES "GET /latest/meta-data/iam/security-credentials/ "
#define ROLE "GET /latest/meta-data/iam/security-credentials/web-role "
#define KEYS_UNTIL(time)                                                                                   \
    "{\"Code\": \"Success\", \"AccessKeyId\": \"AK\", \"SecretAccessKey\": \"sesame\", \"Token\": \"T\", " \
    "\"Expiration\": \"" time "\"}"
#define KEYS KEYS_UNTIL("2015-08-30T13:36:00Z")
#define TOKEN_REPLY \
    { .match = "PUT /latest/api/token ", .status = 200, .body = "TOKEN==" }
#define ROLES_REPLY \
    { .match = ROLES, .status = 200, .body = "web-role" }
#define KEYS_REPLY \
    { .match = ROLE, .status = 200, .body = KEYS }

static const struct {
    const char *name;
    const char *env[ENV_MAX];
    struct http_reply replies[REPLIES_MAX];
    enum hw_status want;
    const char *says;
    const char *token_line; /* of the last request; NULL: it has none, as in IMDSv1 */
    size_t gets;
} rows[] = {
    {"version 2",
     {NULL},
     {TOKEN_REPLY, ROLES_REPLY, KEYS_REPLY},
     HW_OK,
     "",
     "X-aws-ec2-metadata-token: TOKEN==\r\n",
     2},
    {"version 1 where there is no token",
     {NULL},
     {{.match = "PUT", .status = 404}, ROLES_REPLY, KEYS_REPLY},
     HW_OK,
     "",
     NULL,
     2},
    {"version 1 where tokens are forbidden",
     {NULL},
     {{.match = "PUT", .status = 403}, ROLES_REPLY, KEYS_REPLY},
     HW_OK,
     "",
     NULL,
     2},
    {"version 1 where the token does not come",
     {NULL},
     {{.match = "PUT", .reset = true}, ROLES_REPLY, KEYS_REPLY},
     HW_OK,
     "",
     NULL,
     2},
    {"no version 1",
     {"AWS_EC2_METADATA_V1_DISABLED=true"},
     {{.match = "PUT", .status = 404}, ROLES_REPLY, KEYS_REPLY},
     HW_ENOTFOUND,
     "has no token, and IMDSv1 is disabled",
     NULL,
     0},
    {"a bad request is no way to version 1",
     {NULL},
     {{.match = "PUT", .status = 400}, ROLES_REPLY, KEYS_REPLY},
     HW_ENOTFOUND,
     "sent no token",
     NULL,
     0},
    {"a token with a line end",
     {NULL},
     {{.match = "PUT", .status = 200, .body = "a\r\nX: y"}, ROLES_REPLY, KEYS_REPLY},
     HW_ENOTFOUND,
     "sent no token",
     NULL,
     0},
    {"no role",
     {NULL},
     {TOKEN_REPLY, {.match = ROLES, .status = 404}},
     HW_ENOTFOUND,
     "has no keys to give",
     "metadata-token: TOKEN==",
     1},
    {"an empty role",
     {NULL},
     {TOKEN_REPLY, {.match = ROLES, .status = 200}},
     HW_ENOTFOUND,
     "has no keys to give",
     "metadata-token: TOKEN==",
     1},
    {"a role that is a path",
     {NULL},
     {TOKEN_REPLY, {.match = ROLES, .status = 200, .body = "../../user-data"}},
     HW_ENOTFOUND,
     "names no role",
     "metadata-token: TOKEN==",
     1},
    {"a page",
     {NULL},
     {TOKEN_REPLY, {.match = ROLES, .status = 200, .body = "<html>welcome</html>"}},
     HW_ENOTFOUND,
     "names no role",
     "metadata-token: TOKEN==",
     1},
    {"no keys",
     {NULL},
     {TOKEN_REPLY, ROLES_REPLY, {.match = ROLE, .status = 200, .body = "{\"Code\": \"Failed\", \"Message\": \"no\"}"}},
     HW_ENOTFOUND,
     "the keys that the instance metadata service sent",
     "metadata-token: TOKEN==",
     2},
    {"no JSON",
     {NULL},
     {TOKEN_REPLY, ROLES_REPLY, {.match = ROLE, .status = 200, .body = "sesame"}},
     HW_ENOTFOUND,
     "the keys that the instance metadata service sent",
     "metadata-token: TOKEN==",
     2},
    {"another try",
     {"AWS_METADATA_SERVICE_NUM_ATTEMPTS=2"},
     {{.match = "PUT", .status = 500}, TOKEN_REPLY, ROLES_REPLY, KEYS_REPLY},
     HW_OK,
     "",
     "metadata-token: TOKEN==",
     2},
    {"disabled",
     {"AWS_EC2_METADATA_DISABLED=True"},
     {TOKEN_REPLY, ROLES_REPLY, KEYS_REPLY},
     HW_ENOTFOUND,
     "AWS_EC2_METADATA_DISABLED is true",
     NULL,
     0},
};

static void environment_set(const char *const *lines) {
    static const char *const none[] = {NULL};
    home_env_set(lines ? lines : none, lines ? ENV_MAX : 1);
    const char *disabled = getenv("AWS_EC2_METADATA_DISABLED");
    if (disabled && strcmp(disabled, "true") == 0) {
        unsetenv("AWS_EC2_METADATA_DISABLED");
    }
}

static void the_service_is_asked_as_botocore_does(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct http_server *server = http_server_start(rows[i].replies, REPLIES_MAX);
        struct hw_credentials keys = {.access_key_id = "untouched"};
        struct hw_error err = HW_ERROR_INIT;
        environment_set(rows[i].env);
        asked_server_set("AWS_EC2_METADATA_SERVICE_ENDPOINT", server, "/");
        setenv("http_proxy", "http://127.0.0.1:1", 1);
        assert_row_int(rows[i].name, asked_find(&hw_credentials_instance, NULL, &keys, &err), rows[i].want);
        unsetenv("http_proxy");
        if (rows[i].want) {
            assert_row_says(rows[i].name, err.message, rows[i].says);
            asked_no_secret(rows[i].name, &err);
        }
        assert_row_text(rows[i].name, keys.access_key_id, rows[i].want ? "untouched" : "AK");
        assert_row_int(rows[i].name, keys.expires_us, rows[i].want ? 0 : ASKED_NOW_US + INT64_C(3600) * 1000000);
        assert_row_int(rows[i].name, http_server_count(server, "GET"), rows[i].gets);
        if (rows[i].gets > 0) {
            const char *head = http_server_head(server, "GET", rows[i].gets - 1);
            assert_row_says(rows[i].name, head, rows[i].token_line ? rows[i].token_line : "");
            assert_row_int(rows[i].name, strstr(head, "metadata-token") != NULL, rows[i].token_line != NULL);
        }
        const char *put = http_server_head(server, "PUT", 0);
        assert_row_says(rows[i].name, put ? put : "X-aws-ec2-metadata-token-ttl-seconds: 21600\r\n",
                        "X-aws-ec2-metadata-token-ttl-seconds: 21600\r\n");
        http_server_stop(server);
    }
}

static void keys_that_come_late_serve_for_a_while(void **state) {
    (void)state;
    const struct http_reply replies[] = {
        TOKEN_REPLY, ROLES_REPLY, {.match = ROLE, .status = 200, .body = KEYS_UNTIL("2015-08-30T12:35:00Z")}};
    struct http_server *server = http_server_start(replies, COUNT_OF(replies));
    struct hw_credentials keys = {0};
    struct hw_error err = HW_ERROR_INIT;
    environment_set(NULL);
    asked_server_set("AWS_EC2_METADATA_SERVICE_ENDPOINT", server, "");
    assert_ok(asked_find(&hw_credentials_instance, NULL, &keys, &err), err);
    assert_int_equal(keys.expires_us, ASKED_NOW_US + INT64_C(600) * 1000000);
    http_server_stop(server);
}

static void a_service_that_is_not_there_is_told_soon(void **state) {
    (void)state;
    /* Silent for both requests: a second each. */
    const struct http_reply reply = {.stall = true, .times = -1};
    struct http_server *server = http_server_start(&reply, 1);
    struct hw_credentials keys = {0};
    struct hw_error err = HW_ERROR_INIT;
    const int64_t start_us = hw_clock_monotonic_us();
    environment_set(NULL);
    asked_server_set("AWS_EC2_METADATA_SERVICE_ENDPOINT", server, "");
    assert_int_equal(asked_find(&hw_credentials_instance, NULL, &keys, &err), HW_ENOTFOUND);
    assert_true(hw_clock_monotonic_us() - start_us < INT64_C(4000000));
    http_server_stop(server);
}

static const struct {
    const char *env[ENV_MAX];
    const char *says;
} bad_rows[] = {
    {{"AWS_METADATA_SERVICE_TIMEOUT=soon"}, "AWS_METADATA_SERVICE_TIMEOUT is \"soon\", but must be a number from 1 to"},
    {{"AWS_METADATA_SERVICE_NUM_ATTEMPTS=0"}, "AWS_METADATA_SERVICE_NUM_ATTEMPTS is \"0\", but must be a number"},
    {{"AWS_EC2_METADATA_SERVICE_ENDPOINT=imds"}, "AWS_EC2_METADATA_SERVICE_ENDPOINT or ec2_metadata_service_endpoint"},
    {{"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=both"}, "is \"both\", but must be ipv4 or ipv6"},
    {{"AWS_EC2_METADATA_V1_DISABLED=x"}, "must be true or false"},
    {{"AWS_IMDS_USE_IPV6=x"}, "must be true or false"},
};

static void wrong_settings_are_told(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad_rows); i++) {
        struct hw_credentials keys = {0};
        struct hw_error err = HW_ERROR_INIT;
        environment_set(bad_rows[i].env);
        assert_row_int(bad_rows[i].says, asked_find(&hw_credentials_instance, NULL, &keys, &err), HW_ECONFIG);
        assert_row_says(bad_rows[i].says, err.message, bad_rows[i].says);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_service_is_asked_as_botocore_does, asked_setup, asked_teardown),
        cmocka_unit_test_setup_teardown(keys_that_come_late_serve_for_a_while, asked_setup, asked_teardown),
        cmocka_unit_test_setup_teardown(a_service_that_is_not_there_is_told_soon, asked_setup, asked_teardown),
        cmocka_unit_test_setup_teardown(wrong_settings_are_told, asked_setup, asked_teardown),
    };
    return cmocka_run_group_tests_name("aws/credentials_instance", tests, NULL, NULL);
}
