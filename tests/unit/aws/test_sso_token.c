/* SPDX-License-Identifier: Apache-2.0 */
/* When a token is renewed, and with what, follows SSOTokenProvider of botocore 1.44.8. */
#include "aws/sso_token.h"

#include <errno.h>

#include "support/faulty_io.h"
#include "unit/aws/request.h"

#define CACHED ".aws/sso/cache/34c6fceca75e456f25e7e99531e2425c6c1de443.json"
#define CACHED_BY_URL ".aws/sso/cache/0c54b6c27e90660baa89eaad85ac1d5dae26cb7d.json"
#define START_URL "https://d-1.awsapps.com/start"
#define TOKEN(ends, more) "{\"startUrl\": \"u\", \"accessToken\": \"open.sesame\", \"expiresAt\": \"" ends "\"" more "}"
#define HOUR "2015-08-30T13:36:00Z"
#define TEN_MINUTES "2015-08-30T12:46:00UTC"
#define OVER "2015-08-30T12:35:00Z"
#define RENEWABLE_UNTIL(ends)                                                                                 \
    ", \"refreshToken\": \"sesame-refresh\", \"clientId\": \"client\", \"clientSecret\": \"sesame-client\", " \
    "\"registrationExpiresAt\": \"" ends "\""
#define RENEWABLE RENEWABLE_UNTIL("2015-09-30T00:00:00Z")
#define RENEWED "{\"accessToken\": \"newer\", \"expiresIn\": 7200, \"refreshToken\": \"sesame-refresh-2\"}"

static const struct {
    const char *name;
    const char *cached;
    struct http_reply reply;
    enum hw_status want;
    const char *token; /* or the reason */
    size_t requests;
    const char *kept; /* a part of the cached file afterwards */
} rows[] = {
    {"good", TOKEN(HOUR, RENEWABLE), {0}, HW_OK, "open.sesame", 0, "open.sesame"},
    {"by a start URL", TOKEN(TEN_MINUTES, RENEWABLE), {0}, HW_OK, "open.sesame", 0, "open.sesame"},
    {"renewed",
     TOKEN(OVER, RENEWABLE),
     {.status = 200, .body = RENEWED},
     HW_OK,
     "newer",
     1,
     "\"accessToken\":\"newer\",\"expiresAt\":\"2015-08-30T14:36:00Z\",\"refreshToken\":\"sesame-refresh-2\""},
    {"renewed early",
     TOKEN(TEN_MINUTES, RENEWABLE),
     {.status = 200, .body = RENEWED},
     HW_OK,
     "newer",
     1,
     "\"clientSecret\":\"sesame-client\""},
    {"renewed with the same refresh token",
     TOKEN(OVER, RENEWABLE),
     {.status = 200, .body = "{\"accessToken\": \"newer\", \"expiresIn\": 60}"},
     HW_OK,
     "newer",
     1,
     "\"refreshToken\":\"sesame-refresh\""},
    {"not renewed, but still good",
     TOKEN(TEN_MINUTES, RENEWABLE),
     {.status = 400, .body = "{\"error\": \"invalid_grant\"}"},
     HW_OK,
     "open.sesame",
     1,
     "open.sesame"},
    {"nothing to renew it with, but still good", TOKEN(TEN_MINUTES, ""), {0}, HW_OK, "open.sesame", 0, "open.sesame"},
    {"refused",
     TOKEN(OVER, RENEWABLE),
     {.status = 400, .body = "{\"error\": \"invalid_grant\", \"error_description\": \"not sesame-refresh\"}"},
     HW_EAUTH,
     "refuses to hand out keys: \"invalid_grant\", \"not ***\"; sign in with `aws sso login --sso-session \"dev\"`",
     1,
     "open.sesame"},
    {"over",
     TOKEN(OVER, ""),
     {0},
     HW_EAUTH,
     "the time for which somebody signed in is over; sign in with `aws sso login --sso-session \"dev\"`",
     0,
     "open.sesame"},
    {"over, by a start URL",
     TOKEN(OVER, RENEWABLE),
     {0},
     HW_EAUTH,
     "is over; sign in with `aws sso login --profile \"default\"`",
     0,
     "open.sesame"},
    {"the registration is over",
     TOKEN(OVER, RENEWABLE_UNTIL(OVER)),
     {0},
     HW_EAUTH,
     "is over; sign in with",
     0,
     "open.sesame"},
    {"a reply without a token",
     TOKEN(OVER, RENEWABLE),
     {.status = 200, .body = "{\"expiresIn\": 60}"},
     HW_EPROTOCOL,
     "has no new token",
     1,
     "open.sesame"},
    {"a reply without a time",
     TOKEN(OVER, RENEWABLE),
     {.status = 200, .body = "{\"accessToken\": \"sesame\"}"},
     HW_EPROTOCOL,
     "says no time",
     1,
     "open.sesame"},
    {"the service is down",
     TOKEN(OVER, RENEWABLE),
     {.status = 500, .times = -1},
     HW_ESERVER,
     "server error",
     3,
     "open.sesame"},
    {"never signed in",
     NULL,
     {0},
     HW_EAUTH,
     "nobody has signed in yet, or has signed out; sign in with `aws sso login --sso-session \"dev\"`",
     0,
     NULL},
    {"no JSON", "sesame", {0}, HW_EAUTH, "it is no JSON", 0, NULL},
    {"no token", "{\"expiresAt\": \"" HOUR "\"}", {0}, HW_EAUTH, "has no accessToken", 0, NULL},
    {"a token with a line end",
     "{\"accessToken\": \"a\\nb\", \"expiresAt\": \"" HOUR "\"}",
     {0},
     HW_EAUTH,
     "a byte that cannot be part",
     0,
     NULL},
    {"no time", "{\"accessToken\": \"a\"}", {0}, HW_EAUTH, "is over", 0, NULL},
};

static bool file_has(const char *name, const char *part) {
    char text[4096] = "";
    FILE *file = fopen(home_path(name), "re");
    assert_non_null(file);
    assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
    assert_int_equal(fclose(file), 0);
    return strstr(text, part) != NULL;
}

static void tokens_are_found_renewed_or_over(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct http_server *server = http_server_start(&rows[i].reply, 1);
        const bool by_url = strstr(rows[i].name, "by a start URL") != NULL;
        const struct hw_sso_session session = {
            .name = by_url ? HW_VIEW("") : HW_VIEW("dev"), .start_url = HW_VIEW(START_URL), .region = "eu-west-1"};
        const char *cached = by_url ? CACHED_BY_URL : CACHED;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_secret) token = {0};
        struct asked asked;
        size_t bytes;
        home_env_clear();
        home_write_text(CACHED, NULL);
        home_write_text(cached, rows[i].cached);
        asked_server_set("AWS_ENDPOINT_URL_SSO_OIDC", server, "");
        asked_open(&asked, NULL);
        assert_row_int(rows[i].name, hw_sso_token_find(&asked.request, &session, &token, &err), rows[i].want);
        asked_close(&asked);
        if (rows[i].want) {
            assert_row_int(rows[i].name, err.status, rows[i].want);
            assert_row_says(rows[i].name, err.message, rows[i].token);
            asked_no_secret(rows[i].name, &err);
        } else {
            assert_row_text(rows[i].name, (const char *)token.text.data, rows[i].token);
        }
        assert_row_int(rows[i].name, http_server_count(server, "POST /token "), rows[i].requests);
        if (rows[i].requests > 0) {
            assert_row_text(
                rows[i].name, http_server_body(server, "POST", 0, &bytes),
                "{\"grantType\":\"refresh_token\",\"clientId\":\"client\",\"clientSecret\":\"sesame-client\","
                "\"refreshToken\":\"sesame-refresh\"}");
            assert_row_says(rows[i].name, http_server_head(server, "POST", 0), "Content-Type: application/json\r\n");
        }
        assert_row_int(rows[i].name, !rows[i].kept || file_has(cached, rows[i].kept), true);
        http_server_stop(server);
    }
}

static void a_new_token_that_cannot_be_kept_is_told(void **state) {
    (void)state;
    const struct http_reply reply = {.status = 200, .body = RENEWED};
    const struct hw_sso_session session = {.name = HW_VIEW("dev"), .start_url = HW_VIEW("u"), .region = "eu-west-1"};
    struct http_server *server = http_server_start(&reply, 1);
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_secret) token = {0};
    struct asked asked;
    home_env_clear();
    home_write_text(CACHED, TOKEN(TEN_MINUTES, RENEWABLE));
    asked_server_set("AWS_ENDPOINT_URL_SSO_OIDC", server, "");
    asked_open(&asked, NULL);
    faulty_io_start(IO_FSYNC, 1, EIO);
    assert_int_equal(hw_sso_token_find(&asked.request, &session, &token, &err), HW_EIO);
    assert_int_equal(faulty_io_stop(), IO_FSYNC);
    assert_row_says("kept", err.message, "cannot write the new file");
    assert_true(file_has(CACHED, "open.sesame"));
    asked_close(&asked);
    http_server_stop(server);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tokens_are_found_renewed_or_over, asked_setup, asked_teardown),
        cmocka_unit_test_setup_teardown(a_new_token_that_cannot_be_kept_is_told, asked_setup, asked_teardown),
    };
    return cmocka_run_group_tests_name("aws/sso_token", tests, NULL, NULL);
}
