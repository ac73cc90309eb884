/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials_sso.h"

#include "unit/aws/request.h"

#define CACHED ".aws/sso/cache/34c6fceca75e456f25e7e99531e2425c6c1de443.json"
#define CACHED_BY_URL ".aws/sso/cache/0c54b6c27e90660baa89eaad85ac1d5dae26cb7d.json"
#define TOKEN "{\"accessToken\": \"open.sesame\", \"expiresAt\": \"2015-08-30T13:36:00Z\"}"
#define PROFILE "[default]\nsso_account_id = 123456789012\nsso_role_name = my role\n"
#define OLD_FORM "sso_start_url = https://d-1.awsapps.com/start\nsso_region = eu-west-1\n"
#define SESSION "[sso-session dev]\nsso_start_url = https://d-1.awsapps.com/start\nsso_region = eu-west-1\n"
#define KEYS                                                                                                     \
    "{\"roleCredentials\": {\"accessKeyId\": \"AK\", \"secretAccessKey\": \"sesame\", \"sessionToken\": \"T\", " \
    "\"expiration\": 1440941760000}}"

static const struct {
    const char *name;
    const char *config;
    struct http_reply reply;
    enum hw_status want;
    const char *says;
} rows[] = {
    {"by a session", PROFILE "sso_session = dev\n" SESSION, {.status = 200, .body = KEYS}, HW_OK, ""},
    {"in the older form", PROFILE OLD_FORM, {.status = 200, .body = KEYS}, HW_OK, ""},
    {"both, and the same", PROFILE OLD_FORM "sso_session = dev\n" SESSION, {.status = 200, .body = KEYS}, HW_OK, ""},
    {"no SSO", "[default]\nsso_session = dev\n" SESSION, {0}, HW_ENOTFOUND, "no sso_role_name"},
    {"no role",
     "[default]\nsso_account_id = 1\nsso_session = dev\n" SESSION,
     {0},
     HW_ECONFIG,
     "profile \"default\": it takes its keys from IAM Identity Center (SSO), but this is not set: sso_role_name"},
    {"no session of the name",
     PROFILE "sso_session = other\n" SESSION,
     {0},
     HW_ECONFIG,
     "this is not set: sso_start_url, sso_region"},
    {"nothing else", PROFILE, {0}, HW_ECONFIG, "this is not set: sso_start_url, sso_region"},
    {"two regions",
     PROFILE "sso_region = us-east-1\nsso_session = dev\n" SESSION,
     {0},
     HW_ECONFIG,
     "its sso_region is another one than that of its sso-session"},
    {"a region that is a host",
     PROFILE "sso_start_url = u\nsso_region = evil.example/\n",
     {0},
     HW_ECONFIG,
     "region \"evil.example/\""},
    {"a long region",
     PROFILE "sso_start_url = u\nsso_region = 0123456789012345678901234567890123456789012345678901234567890123\n",
     {0},
     HW_ECONFIG,
     "sso_region is longer than 63 bytes"},
    {"the token is void",
     PROFILE "sso_session = dev\n" SESSION,
     {.status = 401,
      .body = "{\"message\": \"Session token open.sesame not valid\", \"__type\": \"UnauthorizedException\"}"},
     HW_EAUTH,
     "\"Session token *** not valid\"; sign in with `aws sso login --sso-session \"dev\"`"},
    {"no such role",
     PROFILE OLD_FORM,
     {.status = 403, .body = "{\"message\": \"No access\", \"__type\": \"ForbiddenException\"}"},
     HW_EAUTH,
     "IAM Identity Center refuses to hand out keys: \"ForbiddenException\", \"No access\""},
    {"no keys", PROFILE OLD_FORM, {.status = 200, .body = "{}"}, HW_EPROTOCOL, "its expiration is no time"},
};

static void keys_of_a_role_are_asked_for(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct http_server *server = http_server_start(&rows[i].reply, 1);
        struct hw_credentials keys = {.access_key_id = "untouched"};
        struct hw_error err = HW_ERROR_INIT;
        const bool by_url = strcmp(rows[i].name, "in the older form") == 0;
        home_env_clear();
        home_write_text(".aws/config", rows[i].config);
        home_write_text(CACHED, by_url ? NULL : TOKEN);
        home_write_text(CACHED_BY_URL, by_url || strstr(rows[i].config, "sso_session") == NULL ? TOKEN : NULL);
        asked_server_set("AWS_ENDPOINT_URL_SSO", server, "");
        assert_row_int(rows[i].name, asked_find(&hw_credentials_sso, NULL, &keys, &err), rows[i].want);
        if (rows[i].want) {
            assert_row_says(rows[i].name, err.message, rows[i].says);
            asked_no_secret(rows[i].name, &err);
        } else {
            assert_row_text(rows[i].name, keys.session_token, "T");
            assert_row_int(rows[i].name, keys.expires_us, ASKED_NOW_US + INT64_C(3600) * 1000000);
            const char *head =
                http_server_head(server, "GET /federation/credentials?role_name=my%20role&account_id=123456789012 ", 0);
            assert_non_null(head);
            assert_row_says(rows[i].name, head, "x-amz-sso_bearer_token: open.sesame\r\n");
        }
        assert_row_text(rows[i].name, keys.access_key_id, rows[i].want ? "untouched" : "AK");
        http_server_stop(server);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keys_of_a_role_are_asked_for, asked_setup, asked_teardown),
    };
    return cmocka_run_group_tests_name("aws/credentials_sso", tests, NULL, NULL);
}
