/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials_process.h"

#include "unit/aws/request.h"

#define CONFIG(command) "[default]\ncredential_process = " command "\n"
#define PAIR "\"AccessKeyId\": \"AK\", \"SecretAccessKey\": \"sesame\""
#define PRINTS(json) CONFIG("printf '%s' '" json "'")

static const struct {
    const char *name;
    const char *config;
    enum hw_status want;
    const char *says;
    const char *want_token;
    int64_t want_expires_us;
} rows[] = {
    {"a pair", PRINTS("{\"Version\": 1, " PAIR "}"), HW_OK, "", "", 0},
    {"all",
     PRINTS("{\"Version\": 1, " PAIR ", \"SessionToken\": \"T\", \"Expiration\": \"2015-08-30T13:36:00+00:00\"}"),
     HW_OK, "", "T", ASKED_NOW_US + INT64_C(3600) * 1000000},
    {"no process", "[default]\nregion = x\n", HW_ENOTFOUND, "no credential_process", "", 0},
    {"no program", CONFIG("/nowhere/sesame-helper"), HW_EAUTH,
     "profile \"default\": credential_process: cannot start \"/nowhere", "", 0},
    {"an open quote", CONFIG("printf '"), HW_ECONFIG, "credential_process: the command has a quote", "", 0},
    {"fails", CONFIG("sh -c 'echo denied AKIDsesame0123456789 >&2; exit 2'"), HW_EAUTH,
     "credential_process: the program ended with exit status 2 and said \"denied ***\"", "", 0},
    {"fails in silence", CONFIG("false"), HW_EAUTH, "the program ended with exit status 1", "", 0},
    {"no JSON", CONFIG("echo sesame"), HW_EAUTH, "what the program printed is not what it must be: it is no JSON", "",
     0},
    {"another version", PRINTS("{\"Version\": 2, " PAIR "}"), HW_EAUTH, "its Version is not 1", "", 0},
    {"no version", PRINTS("{" PAIR "}"), HW_EAUTH, "its Version is not 1", "", 0},
    {"a version that is a text", PRINTS("{\"Version\": \"1\", " PAIR "}"), HW_EAUTH, "its Version is not 1", "", 0},
    {"no secret", PRINTS("{\"Version\": 1, \"AccessKeyId\": \"AK\"}"), HW_EAUTH, "but SecretAccessKey is not", "", 0},
    {"a key twice", PRINTS("{\"Version\": 1, " PAIR ", \"AccessKeyId\": \"B\"}"), HW_EAUTH, "it is no JSON", "", 0},
    {"too much", CONFIG("yes sesame"), HW_EAUTH, "printed more than 65536 bytes", "", 0},
};

static void programs_print_keys(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_credentials keys = {.access_key_id = "untouched"};
        struct hw_error err = HW_ERROR_INIT;
        home_env_clear();
        home_write_text(".aws/config", rows[i].config);
        assert_row_int(rows[i].name, asked_find(&hw_credentials_process, NULL, &keys, &err), rows[i].want);
        assert_row_text(rows[i].name, keys.access_key_id, rows[i].want ? "untouched" : "AK");
        assert_row_text(rows[i].name, keys.session_token, rows[i].want_token);
        assert_row_int(rows[i].name, keys.expires_us, rows[i].want_expires_us);
        assert_row_int(rows[i].name, err.status, rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        if (strcmp(rows[i].name, "no program") != 0) {
            asked_no_secret(rows[i].name, &err);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(programs_print_keys, asked_setup, asked_teardown),
    };
    return cmocka_run_group_tests_name("aws/credentials_process", tests, NULL, NULL);
}
