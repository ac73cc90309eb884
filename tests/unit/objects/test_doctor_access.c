/* SPDX-License-Identifier: Apache-2.0 */
#include "objects/doctor_access.h"

#include <stdlib.h>

#include "support/rows.h"
#include "support/s3_fixture.h"
#include "unit/objects/doctor_told.h"

static void keys_are_shown_in_part(void **state) {
    (void)state;
    static const struct {
        const char *key;
        const char *want;
    } rows[] = {
        {"AKIAIOSFODNN7EXAMPLE", "AKIA...MPLE"},
        {"abcdefghijkl", "abc...jkl"},
        {"abcd", "a...d"},
        {"abc", "..."},
        {"", "..."},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char out[HW_DOCTOR_KEY_BYTES];
        assert_row_text(rows[i].key, hw_doctor_key_text(rows[i].key, out), rows[i].want);
    }
}

static void what_is_wrong_ends_the_way(void **state) {
    (void)state;
    const struct http_reply reply = {.status = 200};
    struct s3_fixture fixture = s3_fixture_open(&reply, 1, NULL);
    const char *url = http_server_url(fixture.server);
    const struct {
        const char *name;
        struct hw_store_options store;
        enum hw_status want;
        const char *names;
        const char *says;
    } rows[] = {
        {"all is well",
         {.endpoint_url = url},
         HW_OK,
         "settings=ok credentials=ok dns=ok connection=ok ",
         "from the environment, access key id AK...RE, permanent"},
        {"anonymous",
         {.endpoint_url = url, .no_sign_request = true},
         HW_OK,
         "settings=ok credentials=ok dns=ok connection=ok ",
         "requests are anonymous"},
        {"a region that is none", {.region = "a b"}, HW_ECONFIG, "settings=fail ", "region"},
        {"a profile that is none", {.profile = "nope"}, HW_ECONFIG, "settings=fail ", "nope"},
        {"a name that is none",
         {.endpoint_url = "http://nowhere.invalid"},
         HW_ENETWORK,
         "settings=ok credentials=ok dns=fail ",
         "nowhere.invalid has no address"},
        {"nobody listens",
         {.endpoint_url = "http://127.0.0.1:1"},
         HW_ENETWORK,
         "settings=ok credentials=ok dns=ok connection=fail ",
         "Connection refused"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct doctor_told told = {{0}};
        const struct hw_doctor_options options = {.store = rows[i].store};
        struct hw_doctor_call call = {.options = &options, .each = doctor_told_take, .ctx = &told};
        struct hw_doctor_access access;
        assert_row_int(rows[i].name, hw_doctor_access(&call, "bucket", &access), rows[i].want == HW_OK);
        assert_row_int(rows[i].name, call.status, rows[i].want);
        assert_row_text(rows[i].name, told.names, rows[i].names);
        assert_row_says(rows[i].name, told.texts, rows[i].says);
        assert_null(strstr(told.texts, S3_FIXTURE_SECRET));
        assert_null(strstr(told.texts, S3_FIXTURE_KEY_ID));
    }
    s3_fixture_close(&fixture);
}

static void without_keys_nothing_is_sent(void **state) {
    (void)state;
    struct doctor_told told = {{0}};
    const struct hw_doctor_options options = {.store = {.endpoint_url = "http://127.0.0.1:1"}};
    struct hw_doctor_call call = {.options = &options, .each = doctor_told_take, .ctx = &told};
    struct hw_doctor_access access;
    unsetenv("AWS_ACCESS_KEY_ID");
    unsetenv("AWS_SECRET_ACCESS_KEY");
    assert_false(hw_doctor_access(&call, "bucket", &access));
    s3_fixture_environment();
    assert_int_equal(call.status, HW_EAUTH);
    assert_string_equal(told.names, "settings=ok credentials=fail ");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_shown_in_part),
        cmocka_unit_test(what_is_wrong_ends_the_way),
        cmocka_unit_test(without_keys_nothing_is_sent),
    };
    s3_fixture_environment();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
