/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials_web_identity.h"

#include "unit/aws/request.h"
#include "unit/aws/sts_reply.h"

enum { ENV_MAX = 3 };

static const struct {
    const char *name;
    const char *env[ENV_MAX];
    const char *config;
    const char *profile; /* chosen by option */
    const char *want_body;
} rows[] = {
    {"by variables",
     {"AWS_WEB_IDENTITY_TOKEN_FILE=token", "AWS_ROLE_ARN=arn:e", "AWS_ROLE_SESSION_NAME=me"},
     NULL,
     NULL,
     "RoleArn=arn%3Ae&RoleSessionName=me&WebIdentityToken=open.sesame"},
    {"by variables, without a name",
     {"AWS_WEB_IDENTITY_TOKEN_FILE=token", "AWS_ROLE_ARN=arn:e"},
     "[default]\nregion = x\n",
     NULL,
     "RoleArn=arn%3Ae&RoleSessionName=hawser-1440938160&WebIdentityToken=open.sesame"},
    {"by the profile",
     {NULL},
     "[profile x]\nrole_arn = arn:p\nweb_identity_token_file = token\nrole_session_name = you\n",
     "x",
     "RoleArn=arn%3Ap&RoleSessionName=you&WebIdentityToken=open.sesame"},
    {"variables before the profile, one by one",
     {"AWS_ROLE_ARN=arn:e"},
     "[default]\nrole_arn = arn:p\nweb_identity_token_file = token\nrole_session_name = you\n",
     NULL,
     "RoleArn=arn%3Ae&RoleSessionName=you&WebIdentityToken=open.sesame"},
    {"not where the profile was chosen by option",
     {"AWS_ROLE_ARN=arn:e", "AWS_WEB_IDENTITY_TOKEN_FILE=/nowhere", "AWS_ROLE_SESSION_NAME=me"},
     "[profile x]\nrole_arn = arn:p\nweb_identity_token_file = token\n",
     "x",
     "RoleArn=arn%3Ap&RoleSessionName=hawser-1440938160&WebIdentityToken=open.sesame"},
};

/* The home is the current folder, so that paths can stand in the rows. */
static void a_token_is_shown(void **state) {
    (void)state;
    assert_int_equal(chdir(home_dir), 0);
    home_write_text("token", "open.sesame");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct http_reply reply = {.status = 200, .body = STS_SHOWN("AK")};
        struct http_server *server = http_server_start(&reply, 1);
        struct hw_credentials keys = {0};
        struct hw_error err = HW_ERROR_INIT;
        size_t bytes;
        home_env_set(rows[i].env, ENV_MAX);
        home_write_text(".aws/config", rows[i].config);
        asked_server_set("AWS_ENDPOINT_URL_STS", server, "");
        assert_ok(asked_find(&hw_credentials_web_identity, rows[i].profile, &keys, &err), err);
        assert_row_text(rows[i].name, keys.access_key_id, "AK");
        assert_row_says(rows[i].name, http_server_body(server, "POST", 0, &bytes), rows[i].want_body);
        http_server_stop(server);
    }
    assert_int_equal(chdir("/"), 0);
}

static const struct {
    const char *name;
    const char *env[ENV_MAX];
    const char *config;
    const char *token; /* NULL: there is no file */
    size_t token_bytes;
    enum hw_status want;
    const char *says;
} bad_rows[] = {
    {"nothing", {NULL}, NULL, "t", 1, HW_ENOTFOUND, "no web identity is set"},
    {"a role alone", {"AWS_ROLE_ARN=arn:e"}, NULL, "t", 1, HW_ENOTFOUND, "no web identity is set"},
    {"no role",
     {"AWS_WEB_IDENTITY_TOKEN_FILE=token"},
     NULL,
     "t",
     1,
     HW_ECONFIG,
     "profile \"default\": a web identity needs a role: set AWS_ROLE_ARN"},
    {"no token",
     {"AWS_WEB_IDENTITY_TOKEN_FILE=token", "AWS_ROLE_ARN=arn:e"},
     NULL,
     NULL,
     0,
     HW_EAUTH,
     "the token of the web identity: cannot open it: No such file"},
    {"an empty token",
     {"AWS_WEB_IDENTITY_TOKEN_FILE=token", "AWS_ROLE_ARN=arn:e"},
     NULL,
     "",
     0,
     HW_EAUTH,
     "it holds no token"},
    {"a token with NUL",
     {"AWS_WEB_IDENTITY_TOKEN_FILE=token", "AWS_ROLE_ARN=arn:e"},
     NULL,
     "a\0b",
     3,
     HW_EAUTH,
     "it holds no token"},
};

static void what_is_missing_is_said(void **state) {
    (void)state;
    assert_int_equal(chdir(home_dir), 0);
    for (size_t i = 0; i < COUNT_OF(bad_rows); i++) {
        struct hw_credentials keys = {.access_key_id = "untouched"};
        struct hw_error err = HW_ERROR_INIT;
        home_env_set(bad_rows[i].env, ENV_MAX);
        home_write("token", bad_rows[i].token, bad_rows[i].token_bytes);
        assert_row_int(bad_rows[i].name, asked_find(&hw_credentials_web_identity, NULL, &keys, &err), bad_rows[i].want);
        assert_row_int(bad_rows[i].name, err.status, bad_rows[i].want);
        assert_row_says(bad_rows[i].name, err.message, bad_rows[i].says);
        assert_row_text(bad_rows[i].name, keys.access_key_id, "untouched");
    }
    assert_int_equal(chdir("/"), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_token_is_shown, asked_setup, asked_teardown),
        cmocka_unit_test_setup_teardown(what_is_missing_is_said, asked_setup, asked_teardown),
    };
    return cmocka_run_group_tests_name("aws/credentials_web_identity", tests, NULL, NULL);
}
