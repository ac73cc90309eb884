/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials_chain.h"

#include "unit/aws/home.h"

enum { ENV_MAX = 4 };

static const struct {
    const char *name;
    const char *env[ENV_MAX];
    const char *config, *credentials;
    struct hw_store_options options;
    const char *want_id, *want_secret, *want_token;
} rows[] = {
    {"environment", {"AWS_ACCESS_KEY_ID=AK", "AWS_SECRET_ACCESS_KEY=SK"}, NULL, NULL, {0}, "AK", "SK", ""},
    {"environment before files",
     {"AWS_ACCESS_KEY_ID=AK", "AWS_SECRET_ACCESS_KEY=SK"},
     NULL,
     "[default]\naws_access_key_id=F\naws_secret_access_key=G\n",
     {0},
     "AK",
     "SK",
     ""},
    {"AWS_PROFILE does not skip the environment",
     {"AWS_ACCESS_KEY_ID=AK", "AWS_SECRET_ACCESS_KEY=SK", "AWS_PROFILE=x"},
     NULL,
     "[x]\naws_access_key_id=F\naws_secret_access_key=G\n",
     {0},
     "AK",
     "SK",
     ""},
    {"a profile by option does",
     {"AWS_ACCESS_KEY_ID=AK", "AWS_SECRET_ACCESS_KEY=SK"},
     NULL,
     "[x]\naws_access_key_id=F\naws_secret_access_key=G\n",
     {.profile = "x"},
     "F",
     "G",
     ""},
    {"empty variables are none",
     {"AWS_ACCESS_KEY_ID=", "AWS_SECRET_ACCESS_KEY="},
     NULL,
     "[default]\naws_access_key_id=F\naws_secret_access_key=G\naws_session_token = T\n",
     {0},
     "F",
     "G",
     "T"},
    {"an empty profile is no choice",
     {"AWS_ACCESS_KEY_ID=AK", "AWS_SECRET_ACCESS_KEY=SK"},
     NULL,
     NULL,
     {.profile = ""},
     "AK",
     "SK",
     ""},
    {"anonymous",
     {"AWS_ACCESS_KEY_ID=AK", "AWS_SECRET_ACCESS_KEY=SK"},
     NULL,
     NULL,
     {.no_sign_request = true},
     "",
     "",
     ""},
};

static void keys_are_found_in_order(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_credentials keys = {.access_key_id = "old"};

        home_env_set(rows[i].env, ENV_MAX);
        home_write_text(".aws/config", rows[i].config);
        home_write_text(".aws/credentials", rows[i].credentials);
        assert_ok(hw_credentials_find(&rows[i].options, &keys, &err), err);
        assert_row_text(rows[i].name, keys.access_key_id, rows[i].want_id);
        assert_row_text(rows[i].name, keys.secret_access_key, rows[i].want_secret);
        assert_row_text(rows[i].name, keys.session_token, rows[i].want_token);
        assert_row_int(rows[i].name, keys.expires_us, 0);
    }
}

static const struct {
    const char *name;
    const char *env[ENV_MAX];
    const char *config, *credentials;
    const char *profile;
    enum hw_status want;
    const char *says;
} bad_rows[] = {
    {"nobody",
     {NULL},
     NULL,
     NULL,
     NULL,
     HW_EAUTH,
     "no credentials for profile \"default\" (asked: environment, config and credentials files); set AWS_ACCESS"},
    {"nobody, by option",
     {"AWS_ACCESS_KEY_ID=AK", "AWS_SECRET_ACCESS_KEY=sesame"},
     "[profile x]\nregion=a\n",
     NULL,
     "x",
     HW_EAUTH,
     "no credentials for profile \"x\" (asked: environment, config and credentials files; "
     "a profile that is chosen by option leaves the environment out)"},
    {"half a pair ends the chain",
     {"AWS_ACCESS_KEY_ID=AK"},
     NULL,
     "[default]\naws_access_key_id=A\naws_secret_access_key=B\n",
     NULL,
     HW_EAUTH,
     "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not"},
    {"profile by option is not there",
     {"AWS_ACCESS_KEY_ID=AK", "AWS_SECRET_ACCESS_KEY=sesame"},
     "[profile prod]\n",
     NULL,
     "prdo",
     HW_ECONFIG,
     "no profile \"prdo\" in the AWS config and credentials files, did you mean \"prod\"?"},
    {"role before keys",
     {NULL},
     "[profile x]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = y\n",
     "[x]\naws_access_key_id=A\naws_secret_access_key=sesame\n",
     "x",
     HW_EAUTH,
     "profile \"x\" takes its keys from an assumed role (role_arn), which this build cannot do"},
    {"web identity of a pod",
     {"AWS_WEB_IDENTITY_TOKEN_FILE=/t", "AWS_ROLE_ARN=r"},
     NULL,
     "[default]\naws_access_key_id=A\naws_secret_access_key=B\n",
     NULL,
     HW_EAUTH,
     "AWS_WEB_IDENTITY_TOKEN_FILE asks for credentials by web identity, which this build cannot get"},
    {"container",
     {"AWS_CONTAINER_CREDENTIALS_FULL_URI=http://169.254.170.23/v1/credentials"},
     NULL,
     NULL,
     NULL,
     HW_EAUTH,
     "AWS_CONTAINER_CREDENTIALS_FULL_URI asks for container credentials, which this build cannot get"},
    {"task",
     {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2"},
     NULL,
     NULL,
     NULL,
     HW_EAUTH,
     "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI asks for"},
};

static void what_is_missing_is_said_and_no_secret(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad_rows); i++) {
        const char *name = bad_rows[i].name;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_credentials keys = {.access_key_id = "untouched"};
        struct hw_store_options options = {.profile = bad_rows[i].profile};
        char line[2048];

        home_env_set(bad_rows[i].env, ENV_MAX);
        home_write_text(".aws/config", bad_rows[i].config);
        home_write_text(".aws/credentials", bad_rows[i].credentials);
        assert_row_int(name, hw_credentials_find(&options, &keys, &err), bad_rows[i].want);
        assert_row_says(name, err.message, bad_rows[i].says);
        assert_row_text(name, keys.access_key_id, "untouched");
        assert_row_text(name, keys.secret_access_key, "");
        hw_error_format(&err, line, sizeof(line));
        assert_null(strstr(line, "sesame"));
        assert_true(strlen(err.message) < sizeof(err.message) - 1); /* nothing was cut off */
    }
}

static void no_options_are_those_of_a_default(void **state) {
    (void)state;
    static const char *const env[] = {"AWS_ACCESS_KEY_ID=AK", "AWS_SECRET_ACCESS_KEY=SK"};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_credentials keys = {0};

    home_env_set(env, COUNT_OF(env));
    assert_ok(hw_credentials_find(NULL, &keys, &err), err);
    assert_string_equal(keys.access_key_id, "AK");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keys_are_found_in_order, home_setup, home_teardown),
        cmocka_unit_test_setup_teardown(what_is_missing_is_said_and_no_secret, home_setup, home_teardown),
        cmocka_unit_test_setup_teardown(no_options_are_those_of_a_default, home_setup, home_teardown),
    };
    return cmocka_run_group_tests_name("aws/credentials_chain", tests, NULL, NULL);
}
