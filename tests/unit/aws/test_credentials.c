/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials.h"

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
    {"environment with a token",
     {"AWS_ACCESS_KEY_ID=AK", "AWS_SECRET_ACCESS_KEY=SK", "AWS_SESSION_TOKEN=T+/="},
     NULL,
     NULL,
     {0},
     "AK",
     "SK",
     "T+/="},
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
    {"AWS_PROFILE",
     {"AWS_PROFILE=x"},
     NULL,
     "[default]\naws_access_key_id=F\naws_secret_access_key=G\n[x]\naws_access_key_id=H\naws_secret_access_key=I\n",
     {0},
     "H",
     "I",
     ""},
    {"config alone",
     {NULL},
     "[profile x]\naws_access_key_id=F\naws_secret_access_key=G\n",
     NULL,
     {.profile = "x"},
     "F",
     "G",
     ""},
    {"credentials before config, never mixed",
     {NULL},
     "[default]\naws_access_key_id=F\naws_secret_access_key=G\naws_session_token=T\n",
     "[default]\naws_access_key_id=H\naws_secret_access_key=I\n",
     {0},
     "H",
     "I",
     ""},
    {"credentials before a process",
     {NULL},
     "[default]\ncredential_process = /bin/false\n",
     "[default]\naws_access_key_id=H\naws_secret_access_key=I\n",
     {0},
     "H",
     "I",
     ""},
    {"keys before a mere SSO session",
     {NULL},
     "[default]\nsso_session = s\naws_access_key_id=F\naws_secret_access_key=G\n",
     NULL,
     {0},
     "F",
     "G",
     ""},
    {"another profile's role does not matter",
     {NULL},
     "[profile x]\nrole_arn = arn:x\n",
     "[default]\naws_access_key_id=H\naws_secret_access_key=I\n",
     {0},
     "H",
     "I",
     ""},
    {"spaces in a secret of another store",
     {"AWS_ACCESS_KEY_ID=a@b:c", "AWS_SECRET_ACCESS_KEY=s e c"},
     NULL,
     NULL,
     {0},
     "a@b:c",
     "s e c",
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

#define X10 "xxxxxxxxxx"
#define X128 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 "xxxxxxxx"
#define X256 X128 X128
#define X1024 X256 X256 X256 X256

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
    {"no secret",
     {"AWS_ACCESS_KEY_ID=AK"},
     NULL,
     NULL,
     NULL,
     HW_EAUTH,
     "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not"},
    {"no id",
     {"AWS_SECRET_ACCESS_KEY=sesame"},
     NULL,
     NULL,
     NULL,
     HW_EAUTH,
     "AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not"},
    {"half a pair in a file",
     {NULL},
     NULL,
     "[x]\naws_access_key_id = AK\n",
     "x",
     HW_EAUTH,
     "profile \"x\": aws_access_key_id is set, but aws_secret_access_key is not"},
    {"half a pair in each file",
     {NULL},
     "[default]\naws_access_key_id = AK\n",
     "[default]\naws_secret_access_key = sesame\n",
     NULL,
     HW_EAUTH,
     "profile \"default\": aws_secret_access_key is set, but aws_access_key_id is not"},
    {"line end behind a secret",
     {"AWS_ACCESS_KEY_ID=AK", "AWS_SECRET_ACCESS_KEY=sesame\r"},
     NULL,
     NULL,
     NULL,
     HW_EAUTH,
     "AWS_SECRET_ACCESS_KEY holds a byte that cannot be part of it, at position 7 of 7"},
    {"blank in an id",
     {"AWS_ACCESS_KEY_ID=A K", "AWS_SECRET_ACCESS_KEY=sesame"},
     NULL,
     NULL,
     NULL,
     HW_EAUTH,
     "AWS_ACCESS_KEY_ID holds a byte that cannot be part of it, at position 2 of 3"},
    {"slash in an id",
     {"AWS_ACCESS_KEY_ID=A/K", "AWS_SECRET_ACCESS_KEY=sesame"},
     NULL,
     NULL,
     NULL,
     HW_EAUTH,
     "at position 2 of 3"},
    {"header in a token",
     {"AWS_ACCESS_KEY_ID=AK", "AWS_SECRET_ACCESS_KEY=sesame", "AWS_SESSION_TOKEN=sesame\nx: y"},
     NULL,
     NULL,
     NULL,
     HW_EAUTH,
     "AWS_SESSION_TOKEN holds a byte that cannot be part of it, at position 7 of 11"},
    {"token beyond ASCII",
     {"AWS_ACCESS_KEY_ID=AK", "AWS_SECRET_ACCESS_KEY=sesame", "AWS_SESSION_TOKEN=\303\274"},
     NULL,
     NULL,
     NULL,
     HW_EAUTH,
     "AWS_SESSION_TOKEN holds a byte"},
    {"long id",
     {"AWS_ACCESS_KEY_ID=" X128 "x", "AWS_SECRET_ACCESS_KEY=sesame"},
     NULL,
     NULL,
     NULL,
     HW_EAUTH,
     "AWS_ACCESS_KEY_ID is longer than 128 bytes"},
    {"long secret",
     {"AWS_ACCESS_KEY_ID=" X128, "AWS_SECRET_ACCESS_KEY=" X256 "x"},
     NULL,
     NULL,
     NULL,
     HW_EAUTH,
     "AWS_SECRET_ACCESS_KEY is longer than 256 bytes"},
    {"long token",
     {"AWS_ACCESS_KEY_ID=AK", "AWS_SECRET_ACCESS_KEY=" X256, "AWS_SESSION_TOKEN=" X1024 X1024 X1024 X1024 "x"},
     NULL,
     NULL,
     NULL,
     HW_EAUTH,
     "AWS_SESSION_TOKEN is longer than 4096 bytes"},
    {"profile by option is not there",
     {"AWS_ACCESS_KEY_ID=AK", "AWS_SECRET_ACCESS_KEY=sesame"},
     "[profile prod]\n",
     NULL,
     "prdo",
     HW_ECONFIG,
     "no profile \"prdo\" in the AWS config and credentials files, did you mean \"prod\"?"},
    {"profile by variable is not there",
     {"AWS_PROFILE=prdo"},
     "[profile prod]\n",
     NULL,
     NULL,
     HW_ECONFIG,
     "no profile \"prdo\""},
    {"config cannot be read", {NULL}, "sesame\n", NULL, NULL, HW_ECONFIG, "a line before the first [section]"},
    {"role before keys",
     {NULL},
     "[profile x]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = y\n",
     "[x]\naws_access_key_id=A\naws_secret_access_key=sesame\n",
     "x",
     HW_EAUTH,
     "profile \"x\" takes its keys from an assumed role (role_arn), which this build cannot do"},
    {"web identity",
     {NULL},
     "[default]\nweb_identity_token_file = /t\n",
     NULL,
     NULL,
     HW_EAUTH,
     "from web identity (web_identity_token_file)"},
    {"SSO before keys",
     {NULL},
     "[default]\nsso_account_id = 1\naws_access_key_id=A\naws_secret_access_key=sesame\n",
     NULL,
     NULL,
     HW_EAUTH,
     "from IAM Identity Center (SSO) (sso_account_id)"},
    {"SSO role", {NULL}, "[default]\nsso_role_name = r\n", NULL, NULL, HW_EAUTH, "(sso_role_name)"},
    {"SSO session", {NULL}, "[default]\nsso_session = s\n", NULL, NULL, HW_EAUTH, "(sso_session)"},
    {"SSO start", {NULL}, "[default]\nsso_start_url = s\n", NULL, NULL, HW_EAUTH, "(sso_start_url)"},
    {"login", {NULL}, "[default]\nlogin_session = s\n", NULL, NULL, HW_EAUTH, "from a login session (login_session)"},
    {"process before keys of config",
     {NULL},
     "[default]\ncredential_process = /bin/sesame\naws_access_key_id=A\naws_secret_access_key=B\n",
     NULL,
     NULL,
     HW_EAUTH,
     "from a process (credential_process)"},
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

static void faults_in_a_file_name_it(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_credentials keys;

    home_write_text(".aws/config", NULL);
    home_write_text(".aws/credentials", "[default]\naws_access_key_id = AK\n");
    assert_int_equal(hw_credentials_find(NULL, &keys, &err), HW_EAUTH);
    assert_string_equal(err.object, home_path(".aws/credentials"));
}

static void the_longest_keys_fit(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_credentials keys = {0};

    setenv("AWS_ACCESS_KEY_ID", X128, 1);
    setenv("AWS_SECRET_ACCESS_KEY", X256, 1);
    setenv("AWS_SESSION_TOKEN", X1024 X1024 X1024 X1024, 1);
    assert_ok(hw_credentials_find(NULL, &keys, &err), err);
    assert_string_equal(keys.access_key_id, X128);
    assert_string_equal(keys.secret_access_key, X256);
    assert_int_equal(strlen(keys.session_token), 4096);
}

static void wiping_leaves_nothing(void **state) {
    (void)state;
    static const struct hw_credentials zeroes;
    struct hw_credentials keys;

    memset(&keys, 'x', sizeof(keys));
    hw_credentials_wipe(&keys);
    assert_memory_equal(&keys, &zeroes, sizeof(keys));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keys_are_found_in_order, home_setup, home_teardown),
        cmocka_unit_test_setup_teardown(what_is_missing_is_said_and_no_secret, home_setup, home_teardown),
        cmocka_unit_test_setup_teardown(faults_in_a_file_name_it, home_setup, home_teardown),
        cmocka_unit_test_setup_teardown(the_longest_keys_fit, home_setup, home_teardown),
        cmocka_unit_test(wiping_leaves_nothing),
    };
    return cmocka_run_group_tests_name("aws/credentials", tests, NULL, NULL);
}
