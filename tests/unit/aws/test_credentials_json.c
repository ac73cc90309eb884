/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials_json.h"

#include "support/rows.h"

static const struct hw_credentials_names plain = {.access_key_id = "AccessKeyId",
                                                  .secret_access_key = "SecretAccessKey",
                                                  .session_token = "Token",
                                                  .expires = "Expiration"};
static const struct hw_credentials_names optional = {.access_key_id = "AccessKeyId",
                                                     .secret_access_key = "SecretAccessKey",
                                                     .session_token = "Token",
                                                     .expires = "Expiration",
                                                     .session_is_optional = true};
static const struct hw_credentials_names in_ms = {.access_key_id = "AccessKeyId",
                                                  .secret_access_key = "SecretAccessKey",
                                                  .session_token = "Token",
                                                  .expires = "Expiration",
                                                  .expires_is_ms = true};

#define PAIR "\"AccessKeyId\": \"AK\", \"SecretAccessKey\": \"sesame\""
#define NOON_US (INT64_C(1769860800) * 1000000) /* 2026-01-31T12:00:00Z */

static const struct {
    const char *name;
    const char *json;
    const struct hw_credentials_names *names;
    enum hw_status want;
    const char *says; /* of a failure */
    const char *token;
    int64_t expires_us;
} rows[] = {
    {"all", "{" PAIR ", \"Token\": \"T\", \"Expiration\": \"2026-01-31T12:00:00Z\"}", &plain, HW_OK, "", "T", NOON_US},
    {"a pair", "{" PAIR "}", &optional, HW_OK, "", "", 0},
    {"a pair that says null", "{" PAIR ", \"Token\": null, \"Expiration\": null}", &optional, HW_OK, "", "", 0},
    {"milliseconds", "{" PAIR ", \"Token\": \"T\", \"Expiration\": 1769860800123}", &in_ms, HW_OK, "", "T",
     NOON_US + 123000},
    {"no token", "{" PAIR ", \"Expiration\": \"2026-01-31T12:00:00Z\"}", &plain, HW_EPROTOCOL, "it has no text Token",
     "", 0},
    {"a token that is a number", "{" PAIR ", \"Token\": 1, \"Expiration\": \"2026-01-31T12:00:00Z\"}", &plain,
     HW_EPROTOCOL, "it has no text Token", "", 0},
    {"no time", "{" PAIR ", \"Token\": \"T\"}", &plain, HW_EPROTOCOL, "its Expiration is no time", "", 0},
    {"a time that is none", "{" PAIR ", \"Token\": \"T\", \"Expiration\": \"later\"}", &optional, HW_EPROTOCOL,
     "its Expiration is no time", "", 0},
    {"a time that is a text", "{" PAIR ", \"Token\": \"T\", \"Expiration\": \"1769860800123\"}", &in_ms, HW_EPROTOCOL,
     "its Expiration is no time", "", 0},
    {"a time beyond all", "{" PAIR ", \"Token\": \"T\", \"Expiration\": 9223372036854775807}", &in_ms, HW_EPROTOCOL,
     "its Expiration is no time", "", 0},
    {"no secret", "{\"AccessKeyId\": \"AK\"}", &optional, HW_EPROTOCOL, "AccessKeyId is set, but SecretAccessKey is",
     "", 0},
    {"nothing", "{}", &optional, HW_EPROTOCOL, "neither AccessKeyId nor SecretAccessKey is set", "", 0},
    {"a line end in a key", "{\"AccessKeyId\": \"AK\\n\", \"SecretAccessKey\": \"sesame\"}", &optional, HW_EPROTOCOL,
     "AccessKeyId holds a byte", "", 0},
};

static void objects_are_keys_or_a_reason(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_secret_json json = {0};
        struct hw_credentials keys = {.access_key_id = "untouched"};
        assert_ok(hw_secret_json_read(hw_view_of(rows[i].json), &json, &err), err);
        assert_row_int(rows[i].name, hw_credentials_from_json(json.object, rows[i].names, &keys, &err), rows[i].want);
        assert_row_text(rows[i].name, keys.access_key_id, rows[i].want ? "untouched" : "AK");
        assert_row_text(rows[i].name, keys.secret_access_key, rows[i].want ? "" : "sesame");
        assert_row_text(rows[i].name, keys.session_token, rows[i].token);
        assert_row_int(rows[i].name, keys.expires_us, rows[i].expires_us);
        assert_row_int(rows[i].name, err.status, rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_null(strstr(err.message, "sesame"));
        hw_secret_json_release(&json);
    }
}

static const struct {
    const char *json;
    const char *says;
} bad_rows[] = {
    {"", "it is no JSON"},
    {"{\"a\": \"sesame\"", "it is no JSON, from line 1, column 14 on"},
    {"[1]", "it is JSON, but no object"},
    {"{\"a\": \"sesame\", \"a\": \"sesame\"}", "it is no JSON"},
    {"{\"a\": \"sesame\\u0000\"}", "it is no JSON"},
    {"{\"a\": 1} x", "it is no JSON"},
};

static void what_is_no_object_is_said(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad_rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_secret_json json = {0};
        assert_row_int(bad_rows[i].json, hw_secret_json_read(hw_view_of(bad_rows[i].json), &json, &err), HW_EPROTOCOL);
        assert_row_says(bad_rows[i].json, err.message, bad_rows[i].says);
        assert_null(strstr(err.message, "sesame"));
        assert_null(json.object);
    }
}

static void an_object_is_written_as_it_was_read(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_secret_json json = {0};
    struct hw_buf text = {0};
    assert_ok(hw_secret_json_read(HW_VIEW("{\"b\": {\"c\": [\"x\", 1]},\n\"a\": \"\"}"), &json, &err), err);
    assert_ok(hw_secret_json_write(json.object, &text, &err), err);
    assert_row_bytes("text", text.data, text.size, "{\"b\":{\"c\":[\"x\",1]},\"a\":\"\"}", 26);
    assert_int_equal(hw_secret_json_text(json.object, "none").size, 0);
    assert_int_equal(hw_secret_json_text(json.object, "b").size, 0);
    assert_int_equal(hw_secret_json_text(NULL, "b").size, 0);
    hw_buf_release(&text);
    hw_secret_json_release(&json);
    hw_secret_json_release(&json);
}

static const struct {
    const char *text;
    int64_t us; /* 0: no time */
} times[] = {
    {"2026-01-31T12:00:00Z", NOON_US},
    {"2026-01-31T12:00:00.250Z", NOON_US + 250000},
    {"2026-01-31T12:00:00UTC", NOON_US},
    {"2026-01-31T13:00:00+01:00", NOON_US},
    {"2026-01-31T06:30:00.000-0530", NOON_US},
    {"2026-01-31T12:00:00", 0},
    {"2026-01-31T12:00:00+1", 0},
    {"2026-01-31T12:00:00+24:00", 0},
    {"2026-01-31T12:00:00+01:60", 0},
    {"2026-01-31T12:00:00+01-00", 0},
    {"2026-01-31T12:00:00*0100", 0},
    {"2026-13-31T12:00:00Z", 0},
    {"2026-01-31T12:00:00.25.0Z", 0},
    {"2026-01-31", 0},
    {"2026-01-31T12:00:00.0000000000000000000000000000000Z", 0},
};

static void times_have_zones(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(times); i++) {
        int64_t us = 0;
        assert_row_int(times[i].text, hw_credentials_time_parse(hw_view_of(times[i].text), &us), times[i].us != 0);
        assert_row_int(times[i].text, us, times[i].us);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_are_keys_or_a_reason),
        cmocka_unit_test(what_is_no_object_is_said),
        cmocka_unit_test(an_object_is_written_as_it_was_read),
        cmocka_unit_test(times_have_zones),
    };
    return cmocka_run_group_tests_name("aws/credentials_json", tests, NULL, NULL);
}
