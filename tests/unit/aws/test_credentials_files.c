/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials_files.h"

#include "unit/aws/request.h"

#define PAIR(id) "aws_access_key_id = " id "\naws_secret_access_key = sesame-of-" id "\n"

static const struct {
    const char *name;
    const struct hw_credentials_provider *provider;
    const char *variable; /* AWS_PROFILE */
    const char *config, *credentials;
    const char *profile; /* chosen by option */
    enum hw_status want;
    const char *want_id; /* or the reason */
    const char *want_token;
} rows[] = {
    {"the default profile", &hw_credentials_credentials_file, NULL, NULL,
     "[default]\n" PAIR("F") "aws_session_token = T\n", NULL, HW_OK, "F", "T"},
    {"the older name of the token", &hw_credentials_credentials_file, NULL, NULL,
     "[default]\n" PAIR("F") "aws_security_token = O\naws_session_token = T\n", NULL, HW_OK, "F", "O"},
    {"AWS_PROFILE", &hw_credentials_credentials_file, "AWS_PROFILE=x", NULL, "[default]\n" PAIR("F") "[x]\n" PAIR("H"),
     NULL, HW_OK, "H", ""},
    {"the option before AWS_PROFILE", &hw_credentials_credentials_file, "AWS_PROFILE=y", NULL, "[x]\n" PAIR("H"), "x",
     HW_OK, "H", ""},
    {"config", &hw_credentials_config_file, NULL, "[profile x]\n" PAIR("F"), NULL, "x", HW_OK, "F", ""},
    {"files are not mixed", &hw_credentials_credentials_file, NULL, "[default]\n" PAIR("F") "aws_session_token = T\n",
     "[default]\n" PAIR("H"), NULL, HW_OK, "H", ""},
    {"config is another provider's", &hw_credentials_credentials_file, NULL, "[default]\n" PAIR("F"), NULL, NULL,
     HW_ENOTFOUND, "profile \"default\": neither aws_access_key_id nor", ""},
    {"credentials are another provider's", &hw_credentials_config_file, NULL, NULL, "[default]\n" PAIR("F"), NULL,
     HW_ENOTFOUND, "profile \"default\": neither aws_access_key_id nor", ""},
    {"no files", &hw_credentials_config_file, NULL, NULL, NULL, NULL, HW_ENOTFOUND, "neither", ""},
    {"half a pair", &hw_credentials_credentials_file, NULL, NULL, "[x]\naws_access_key_id = AK\n", "x", HW_EAUTH,
     "profile \"x\": aws_access_key_id is set, but aws_secret_access_key is not", ""},
    {"half a pair in each file", &hw_credentials_credentials_file, NULL, "[default]\naws_access_key_id = AK\n",
     "[default]\naws_secret_access_key = sesame\n", NULL, HW_EAUTH,
     "profile \"default\": aws_secret_access_key is set, but aws_access_key_id is not", ""},
    {"a blank in a key", &hw_credentials_config_file, NULL,
     "[default]\naws_access_key_id = A K\naws_secret_access_key = sesame\n", NULL, NULL, HW_EAUTH,
     "aws_access_key_id holds a byte that cannot be part of it", ""},
};

static void profiles_have_keys(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_credentials keys = {.access_key_id = "untouched"};
        struct hw_error err = HW_ERROR_INIT;
        home_env_set(&rows[i].variable, 1);
        home_write_text(".aws/config", rows[i].config);
        home_write_text(".aws/credentials", rows[i].credentials);
        assert_row_int(rows[i].name, asked_find(rows[i].provider, rows[i].profile, &keys, &err), rows[i].want);
        assert_row_text(rows[i].name, keys.access_key_id, rows[i].want ? "untouched" : rows[i].want_id);
        assert_row_text(rows[i].name, keys.session_token, rows[i].want_token);
        assert_row_says(rows[i].name, err.message, rows[i].want ? rows[i].want_id : "");
        asked_no_secret(rows[i].name, &err);
    }
}

static void faults_in_a_file_name_it(void **state) {
    (void)state;
    struct hw_credentials keys;
    struct hw_error err = HW_ERROR_INIT;

    home_env_clear();
    home_write_text(".aws/credentials", "[default]\naws_access_key_id = AK\n");
    assert_int_equal(asked_find(&hw_credentials_credentials_file, NULL, &keys, &err), HW_EAUTH);
    assert_string_equal(err.object, home_path(".aws/credentials"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(profiles_have_keys, asked_setup, asked_teardown),
        cmocka_unit_test_setup_teardown(faults_in_a_file_name_it, asked_setup, asked_teardown),
    };
    return cmocka_run_group_tests_name("aws/credentials_files", tests, NULL, NULL);
}
