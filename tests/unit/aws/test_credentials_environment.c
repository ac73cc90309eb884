/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials_environment.h"

#include "unit/aws/home.h"

enum { ENV_MAX = 3 };

static const struct {
    const char *name;
    const char *env[ENV_MAX];
    const char *profile;
    enum hw_status want;
    const char *says;
    const char *want_id, *want_secret, *want_token;
} rows[] = {
    {"a pair", {"AWS_ACCESS_KEY_ID=AK", "AWS_SECRET_ACCESS_KEY=SK"}, NULL, HW_OK, "", "AK", "SK", ""},
    {"with a token",
     {"AWS_ACCESS_KEY_ID=AK", "AWS_SECRET_ACCESS_KEY=SK", "AWS_SESSION_TOKEN=T+/="},
     NULL,
     HW_OK,
     "",
     "AK",
     "SK",
     "T+/="},
    {"AWS_PROFILE is no choice by option",
     {"AWS_ACCESS_KEY_ID=AK", "AWS_SECRET_ACCESS_KEY=SK", "AWS_PROFILE=x"},
     NULL,
     HW_OK,
     "",
     "AK",
     "SK",
     ""},
    {"a pair before a web identity",
     {"AWS_ACCESS_KEY_ID=AK", "AWS_SECRET_ACCESS_KEY=SK", "AWS_WEB_IDENTITY_TOKEN_FILE=/t"},
     NULL,
     HW_OK,
     "",
     "AK",
     "SK",
     ""},
    {"nothing", {NULL}, NULL, HW_ENOTFOUND, "neither AWS_ACCESS_KEY_ID nor AWS_SECRET_ACCESS_KEY is set", "", "", ""},
    {"empty variables are none",
     {"AWS_ACCESS_KEY_ID=", "AWS_SECRET_ACCESS_KEY=", "AWS_WEB_IDENTITY_TOKEN_FILE="},
     NULL,
     HW_ENOTFOUND,
     "neither AWS_ACCESS_KEY_ID nor AWS_SECRET_ACCESS_KEY is set",
     "",
     "",
     ""},
    {"a profile by option",
     {"AWS_ACCESS_KEY_ID=AK", "AWS_SECRET_ACCESS_KEY=sesame"},
     "x",
     HW_ENOTFOUND,
     "a profile was chosen, so the environment is not asked",
     "",
     "",
     ""},
    {"a profile by option, and half a pair",
     {"AWS_ACCESS_KEY_ID=AK"},
     "x",
     HW_ENOTFOUND,
     "a profile was chosen",
     "",
     "",
     ""},
    {"no secret",
     {"AWS_ACCESS_KEY_ID=AK"},
     NULL,
     HW_EAUTH,
     "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not",
     "",
     "",
     ""},
    {"no id",
     {"AWS_SECRET_ACCESS_KEY=sesame"},
     NULL,
     HW_EAUTH,
     "AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not",
     "",
     "",
     ""},
    {"a token with a line end",
     {"AWS_ACCESS_KEY_ID=AK", "AWS_SECRET_ACCESS_KEY=sesame", "AWS_SESSION_TOKEN=sesame\n"},
     NULL,
     HW_EAUTH,
     "AWS_SESSION_TOKEN holds a byte that cannot be part of it",
     "",
     "",
     ""},
    {"the older name of the token",
     {"AWS_ACCESS_KEY_ID=AK", "AWS_SECRET_ACCESS_KEY=SK", "AWS_SECURITY_TOKEN=T"},
     NULL,
     HW_OK,
     "",
     "AK",
     "SK",
     "T"},
    {"the web identity of a pod is another provider's",
     {"AWS_WEB_IDENTITY_TOKEN_FILE=/t", "AWS_ROLE_ARN=r"},
     NULL,
     HW_ENOTFOUND,
     "neither AWS_ACCESS_KEY_ID nor AWS_SECRET_ACCESS_KEY is set",
     "",
     "",
     ""},
};

static void variables_are_keys_or_a_reason(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_credentials_request request = {.profile_alone = rows[i].profile != NULL};
        struct hw_credentials keys = {0};
        struct hw_error err = HW_ERROR_INIT;
        home_env_set(rows[i].env, ENV_MAX);
        assert_row_int(rows[i].name, hw_credentials_environment.find(&request, &keys, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_text(rows[i].name, keys.access_key_id, rows[i].want_id);
        assert_row_text(rows[i].name, keys.secret_access_key, rows[i].want_secret);
        assert_row_text(rows[i].name, keys.session_token, rows[i].want_token);
        assert_null(strstr(err.message, "sesame"));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(variables_are_keys_or_a_reason, home_setup, home_teardown),
    };
    return cmocka_run_group_tests_name("aws/credentials_environment", tests, NULL, NULL);
}
