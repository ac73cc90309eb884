/* SPDX-License-Identifier: Apache-2.0 */
/* When keys are renewed, and with what, follows LoginCredentialFetcher of botocore 1.44.8. */
#include "aws/credentials_login.h"

#include "unit/aws/dpop_key.h"
#include "unit/aws/request.h"

#define CACHED ".aws/login/cache/286187707741fc2ccb93cf9e56dbd0ee0a16208feed5fbc8ae1baa86d44c283f.json"
#define CONFIG "[default]\nlogin_session = arn:aws:iam::123456789012:user/me\n"
#define KEYS_UNTIL(ends)                                                                                    \
    "\"accessToken\": {\"accessKeyId\": \"AK\", \"secretAccessKey\": \"sesame\", \"sessionToken\": \"T\", " \
    "\"accountId\": \"1\", \"expiresAt\": \"" ends "\"}"
#define RENEWABLE ", \"refreshToken\": \"sesame-refresh\", \"clientId\": \"arn:c\", \"dpopKey\": \"@KEY@\""
#define HOUR "2015-08-30T13:36:00Z"
#define TWO_MINUTES "2015-08-30T12:38:00Z"
#define OVER "2015-08-30T12:35:00Z"
#define RENEWED                                                                                                  \
    "{\"accessToken\": {\"accessKeyId\": \"NEW\", \"secretAccessKey\": \"sesame2\", \"sessionToken\": \"T2\"}, " \
    "\"tokenType\": \"urn:aws:params:oauth:token-type:access_token_sigv4\", \"expiresIn\": 900, "                \
    "\"refreshToken\": \"sesame-refresh-2\"}"

static const struct {
    const char *name;
    const char *config;
    const char *cached;
    struct http_reply reply;
    enum hw_status want;
    const char *key; /* or the reason */
    size_t requests;
} rows[] = {
    {"good", CONFIG, "{" KEYS_UNTIL(HOUR) RENEWABLE "}", {0}, HW_OK, "AK", 0},
    {"renewed", CONFIG, "{" KEYS_UNTIL(OVER) RENEWABLE "}", {.status = 200, .body = RENEWED}, HW_OK, "NEW", 1},
    {"renewed early",
     CONFIG,
     "{" KEYS_UNTIL(TWO_MINUTES) RENEWABLE "}",
     {.status = 200, .body = RENEWED},
     HW_OK,
     "NEW",
     1},
    {"not renewed, but still good",
     CONFIG,
     "{" KEYS_UNTIL(TWO_MINUTES) RENEWABLE "}",
     {.status = 400, .body = "{\"error\": \"TOKEN_EXPIRED\"}"},
     HW_OK,
     "AK",
     1},
    {"nothing to renew them with, but still good", CONFIG, "{" KEYS_UNTIL(TWO_MINUTES) "}", {0}, HW_OK, "AK", 0},
    {"refused",
     CONFIG,
     "{" KEYS_UNTIL(OVER) RENEWABLE "}",
     {.status = 400, .body = "{\"error\": \"TOKEN_EXPIRED\", \"message\": \"sesame-refresh is old\"}"},
     HW_EAUTH,
     "profile \"default\": AWS Sign-In refuses to hand out keys: \"TOKEN_EXPIRED\", \"*** is old\"; sign in with `aws "
     "login --profile \"default\"`",
     1},
    {"over",
     CONFIG,
     "{" KEYS_UNTIL(OVER) "}",
     {0},
     HW_EAUTH,
     "the time of the login session is over; sign in with `aws login --profile \"default\"`",
     0},
    {"a key that is none",
     CONFIG,
     "{" KEYS_UNTIL(OVER) ", \"refreshToken\": \"r\", \"clientId\": \"c\", \"dpopKey\": \"sesame\"}",
     {0},
     HW_EAUTH,
     "no private key on the curve P-256; sign in with",
     0},
    {"a region that is none",
     CONFIG,
     "{" KEYS_UNTIL(OVER) RENEWABLE ", \"signInRegion\": \"a.b/\"}",
     {0},
     HW_ECONFIG,
     "region \"a.b/\" is not a valid",
     0},
    {"a reply without keys",
     CONFIG,
     "{" KEYS_UNTIL(OVER) RENEWABLE "}",
     {.status = 200, .body = "{\"accessToken\": {}, \"expiresIn\": 900, \"refreshToken\": \"r\"}"},
     HW_EPROTOCOL,
     "the reply of AWS Sign-In: ",
     1},
    {"a reply without a refresh token",
     CONFIG,
     "{" KEYS_UNTIL(OVER) RENEWABLE "}",
     {.status = 200, .body = "{\"accessToken\": {}, \"expiresIn\": 900}"},
     HW_EPROTOCOL,
     "has no new keys",
     1},
    {"down", CONFIG, "{" KEYS_UNTIL(OVER) RENEWABLE "}", {.status = 503, .times = -1}, HW_ESERVER, "server error", 1},
    {"never signed in", CONFIG, NULL, {0}, HW_EAUTH, "nobody has signed in yet", 0},
    {"not whole",
     CONFIG,
     "{\"accessToken\": {\"accessKeyId\": \"sesame\"}}",
     {0},
     HW_EAUTH,
     "are not whole; sign in",
     0},
    {"no session", "[default]\nregion = x\n", NULL, {0}, HW_ENOTFOUND, "no login_session", 0},
};

/* Puts the key into the text of a cached session. */
static void cached_write(const char *text) {
    static const char pem[] = DPOP_KEY;
    char whole[4096] = "";
    size_t used = 0;
    const char *mark = text ? strstr(text, "@KEY@") : NULL;
    if (!mark) {
        home_write_text(CACHED, text);
        return;
    }
    used = (size_t)snprintf(whole, sizeof(whole), "%.*s", (int)(mark - text), text);
    for (const char *at = pem; *at; at++) {
        used += (size_t)snprintf(whole + used, sizeof(whole) - used, *at == '\n' ? "\\n" : "%c", *at);
    }
    snprintf(whole + used, sizeof(whole) - used, "%s", mark + 5);
    home_write_text(CACHED, whole);
}

static void sessions_have_keys_that_are_renewed(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct http_server *server = http_server_start(&rows[i].reply, 1);
        struct hw_credentials keys = {.access_key_id = "untouched"};
        struct hw_error err = HW_ERROR_INIT;
        size_t bytes;
        home_env_clear();
        home_write_text(".aws/config", rows[i].config);
        cached_write(rows[i].cached);
        asked_server_set("AWS_ENDPOINT_URL_SIGNIN", server, "");
        assert_row_int(rows[i].name, asked_find(&hw_credentials_login, NULL, &keys, &err), rows[i].want);
        if (rows[i].want) {
            assert_row_int(rows[i].name, err.status, rows[i].want);
            assert_row_says(rows[i].name, err.message, rows[i].key);
            asked_no_secret(rows[i].name, &err);
        }
        assert_row_text(rows[i].name, keys.access_key_id, rows[i].want ? "untouched" : rows[i].key);
        assert_row_int(rows[i].name, http_server_count(server, "POST /v1/token "), rows[i].requests);
        if (rows[i].requests > 0) {
            assert_row_text(
                rows[i].name, http_server_body(server, "POST", 0, &bytes),
                "{\"grantType\":\"refresh_token\",\"clientId\":\"arn:c\",\"refreshToken\":\"sesame-refresh\"}");
            assert_row_says(rows[i].name, http_server_head(server, "POST", 0), "DPoP: " DPOP_HEADER ".");
        }
        http_server_stop(server);
    }
}

static void what_was_renewed_is_kept(void **state) {
    (void)state;
    const struct http_reply reply = {.status = 200, .body = RENEWED};
    struct http_server *server = http_server_start(&reply, 1);
    struct hw_credentials keys = {0};
    struct hw_error err = HW_ERROR_INIT;
    home_env_clear();
    home_write_text(".aws/config", CONFIG);
    cached_write("{" KEYS_UNTIL(OVER) RENEWABLE ", \"signInRegion\": \"eu-west-1\"}");
    asked_server_set("AWS_ENDPOINT_URL_SIGNIN", server, "");
    for (int i = 0; i < 2; i++) {
        assert_ok(asked_find(&hw_credentials_login, NULL, &keys, &err), err);
        assert_string_equal(keys.access_key_id, "NEW");
        assert_string_equal(keys.session_token, "T2");
        assert_int_equal(keys.expires_us, ASKED_NOW_US + INT64_C(900) * 1000000);
        assert_int_equal(http_server_count(server, "POST"), 1);
    }
    http_server_stop(server);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sessions_have_keys_that_are_renewed, asked_setup, asked_teardown),
        cmocka_unit_test_setup_teardown(what_was_renewed_is_kept, asked_setup, asked_teardown),
    };
    return cmocka_run_group_tests_name("aws/credentials_login", tests, NULL, NULL);
}
