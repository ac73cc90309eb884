/* SPDX-License-Identifier: Apache-2.0 */
/* The order in which a profile's settings count is that of the AWS CLI (botocore). */
#include "aws/credentials_files.h"

#include "unit/aws/home.h"

static const struct {
    const char *name;
    const char *variable; /* AWS_PROFILE */
    const char *config, *credentials;
    const char *profile;
    const char *want_id, *want_secret, *want_token;
} rows[] = {
    {"the default profile", NULL, NULL,
     "[default]\naws_access_key_id=F\naws_secret_access_key=G\naws_session_token = T\n", NULL, "F", "G", "T"},
    {"AWS_PROFILE", "AWS_PROFILE=x", NULL,
     "[default]\naws_access_key_id=F\naws_secret_access_key=G\n[x]\naws_access_key_id=H\naws_secret_access_key=I\n",
     NULL, "H", "I", ""},
    {"the option before AWS_PROFILE", "AWS_PROFILE=y", NULL, "[x]\naws_access_key_id=H\naws_secret_access_key=I\n", "x",
     "H", "I", ""},
    {"config alone", NULL, "[profile x]\naws_access_key_id=F\naws_secret_access_key=G\n", NULL, "x", "F", "G", ""},
    {"credentials before config, never mixed", NULL,
     "[default]\naws_access_key_id=F\naws_secret_access_key=G\naws_session_token=T\n",
     "[default]\naws_access_key_id=H\naws_secret_access_key=I\n", NULL, "H", "I", ""},
    {"credentials before a process", NULL, "[default]\ncredential_process = /bin/false\n",
     "[default]\naws_access_key_id=H\naws_secret_access_key=I\n", NULL, "H", "I", ""},
    {"keys before a mere SSO session", NULL,
     "[default]\nsso_session = s\naws_access_key_id=F\naws_secret_access_key=G\n", NULL, NULL, "F", "G", ""},
    {"another profile's role does not matter", NULL, "[profile x]\nrole_arn = arn:x\n",
     "[default]\naws_access_key_id=H\naws_secret_access_key=I\n", NULL, "H", "I", ""},
};

static void files_set(const char *variable, const char *config, const char *credentials) {
    home_env_set(&variable, 1);
    home_write_text(".aws/config", config);
    home_write_text(".aws/credentials", credentials);
}

static void a_profile_has_its_keys_in_one_of_two_files(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_credentials_request request = {.profile = rows[i].profile};
        struct hw_credentials keys = {.access_key_id = "old"};
        struct hw_error err = HW_ERROR_INIT;
        files_set(rows[i].variable, rows[i].config, rows[i].credentials);
        assert_ok(hw_credentials_files.find(&request, &keys, &err), err);
        assert_row_text(rows[i].name, keys.access_key_id, rows[i].want_id);
        assert_row_text(rows[i].name, keys.secret_access_key, rows[i].want_secret);
        assert_row_text(rows[i].name, keys.session_token, rows[i].want_token);
    }
}

static const struct {
    const char *name;
    const char *variable; /* AWS_PROFILE */
    const char *config, *credentials;
    const char *profile;
    enum hw_status want;
    const char *says;
} bad_rows[] = {
    {"no files", NULL, NULL, NULL, NULL, HW_ENOTFOUND, "profile \"default\": neither aws_access_key_id nor"},
    {"a profile without keys", NULL, "[profile x]\nregion=a\n", NULL, "x", HW_ENOTFOUND, "profile \"x\": neither"},
    {"half a pair", NULL, NULL, "[x]\naws_access_key_id = AK\n", "x", HW_EAUTH,
     "profile \"x\": aws_access_key_id is set, but aws_secret_access_key is not"},
    {"half a pair in each file", NULL, "[default]\naws_access_key_id = AK\n",
     "[default]\naws_secret_access_key = sesame\n", NULL, HW_EAUTH,
     "profile \"default\": aws_secret_access_key is set, but aws_access_key_id is not"},
    {"a profile by option that is not there", NULL, "[profile prod]\n", NULL, "prdo", HW_ECONFIG,
     "no profile \"prdo\" in the AWS config and credentials files, did you mean \"prod\"?"},
    {"a profile by variable that is not there", "AWS_PROFILE=prdo", "[profile prod]\n", NULL, NULL, HW_ECONFIG,
     "no profile \"prdo\""},
    {"config cannot be read", NULL, "sesame\n", NULL, NULL, HW_ECONFIG, "a line before the first [section]"},
    {"credentials cannot be read", NULL, NULL, "sesame\n", NULL, HW_EAUTH, "a line before the first [section]"},
    {"a role before keys", NULL, "[profile x]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = y\n",
     "[x]\naws_access_key_id=A\naws_secret_access_key=sesame\n", "x", HW_EAUTH,
     "profile \"x\" takes its keys from an assumed role (role_arn), which this build cannot do"},
    {"web identity", NULL, "[default]\nweb_identity_token_file = /t\n", NULL, NULL, HW_EAUTH,
     "from web identity (web_identity_token_file)"},
    {"SSO before keys", NULL, "[default]\nsso_account_id = 1\naws_access_key_id=A\naws_secret_access_key=sesame\n",
     NULL, NULL, HW_EAUTH, "from IAM Identity Center (SSO) (sso_account_id)"},
    {"SSO role", NULL, "[default]\nsso_role_name = r\n", NULL, NULL, HW_EAUTH, "(sso_role_name)"},
    {"SSO session", NULL, "[default]\nsso_session = s\n", NULL, NULL, HW_EAUTH, "(sso_session)"},
    {"SSO start", NULL, "[default]\nsso_start_url = s\n", NULL, NULL, HW_EAUTH, "(sso_start_url)"},
    {"login", NULL, "[default]\nlogin_session = s\n", NULL, NULL, HW_EAUTH, "from a login session (login_session)"},
    {"a process before keys of config", NULL,
     "[default]\ncredential_process = /bin/sesame\naws_access_key_id=A\naws_secret_access_key=B\n", NULL, NULL,
     HW_EAUTH, "from a process (credential_process)"},
};

static void what_is_missing_is_said_and_no_secret(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad_rows); i++) {
        const struct hw_credentials_request request = {.profile = bad_rows[i].profile};
        struct hw_credentials keys = {.access_key_id = "untouched"};
        struct hw_error err = HW_ERROR_INIT;
        char line[2048];
        files_set(bad_rows[i].variable, bad_rows[i].config, bad_rows[i].credentials);
        assert_row_int(bad_rows[i].name, hw_credentials_files.find(&request, &keys, &err), bad_rows[i].want);
        assert_row_says(bad_rows[i].name, err.message, bad_rows[i].says);
        assert_row_text(bad_rows[i].name, keys.access_key_id, "untouched");
        hw_error_format(&err, line, sizeof(line));
        assert_null(strstr(line, "sesame"));
    }
}

static void faults_in_a_file_name_it(void **state) {
    (void)state;
    const struct hw_credentials_request request = {0};
    struct hw_credentials keys;
    struct hw_error err = HW_ERROR_INIT;

    files_set(NULL, NULL, "[default]\naws_access_key_id = AK\n");
    assert_int_equal(hw_credentials_files.find(&request, &keys, &err), HW_EAUTH);
    assert_string_equal(err.object, home_path(".aws/credentials"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_profile_has_its_keys_in_one_of_two_files, home_setup, home_teardown),
        cmocka_unit_test_setup_teardown(what_is_missing_is_said_and_no_secret, home_setup, home_teardown),
        cmocka_unit_test_setup_teardown(faults_in_a_file_name_it, home_setup, home_teardown),
    };
    return cmocka_run_group_tests_name("aws/credentials_files", tests, NULL, NULL);
}
