/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/session.h"

#include <stdio.h>

#include "core/buf.h"
#include "support/rows.h"

/* The reply as the S3 API reference shows it for CreateSession. */
#define SESSION(keys)                                                                           \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"                                              \
    "<CreateSessionResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Credentials>" keys \
    "</Credentials></CreateSessionResult>"
#define TOKEN "<SessionToken>TOKEN==</SessionToken>"
#define SECRET "<SecretAccessKey>canary/secret+&amp;</SecretAccessKey>"
#define ID "<AccessKeyId>ASIAID</AccessKeyId>"
#define END "<Expiration>2026-11-21T12:05:00Z</Expiration>"

/* The S3 API reference for CreateSession. */
static void sessions_are_asked_for_by_mode(void **state) {
    (void)state;
    static const char *const modes[] = {"ReadWrite", "ReadOnly"};
    for (size_t read_only = 0; read_only < COUNT_OF(modes); read_only++) {
        HW_AUTO(hw_s3_request) request = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_s3_request_create_session(&request, read_only == 1, &err), err);
        assert_string_equal(request.method, "GET");
        assert_string_equal((const char *)request.path.data, "");
        assert_string_equal((const char *)request.query.data, "session=");
        assert_string_equal(hw_s3_headers_find(&request.headers, "x-amz-create-session-mode"), modes[read_only]);
        assert_ptr_equal(request.rule, &hw_s3_reply_rules[HW_S3_CREATE_SESSION]);
    }
}

static void a_session_is_read(void **state) {
    (void)state;
    struct hw_credentials keys;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_s3_session_read(HW_VIEW(SESSION(TOKEN SECRET ID END)), &keys, &err), err);
    assert_string_equal(keys.access_key_id, "ASIAID");
    assert_string_equal(keys.secret_access_key, "canary/secret+&");
    assert_string_equal(keys.session_token, "TOKEN==");
    /* date -u -d 2026-11-21T12:05:00Z +%s */
    assert_int_equal(keys.expires_us, INT64_C(1795262700) * 1000000);
}

static const struct {
    const char *name;
    const char *xml;
    enum hw_status want;
    const char *says;
} bad_rows[] = {
    {"no end", SESSION(TOKEN SECRET ID), HW_EPROTOCOL, "there is no time at which the session ends"},
    {"an end that is none", SESSION(TOKEN SECRET ID "<Expiration>soon</Expiration>"), HW_EPROTOCOL, "there is no time"},
    {"an end before 1970", SESSION(TOKEN SECRET ID "<Expiration>1969-12-31T00:00:00Z</Expiration>"), HW_EPROTOCOL,
     "there is no time"},
    {"no token", SESSION(SECRET ID END), HW_EPROTOCOL, "there is no SessionToken"},
    {"no secret", SESSION(TOKEN ID END), HW_EPROTOCOL, "AccessKeyId is set, but SecretAccessKey is not"},
    {"no id", SESSION(TOKEN SECRET END), HW_EPROTOCOL, "SecretAccessKey is set, but AccessKeyId is not"},
    {"neither", SESSION(TOKEN END), HW_EPROTOCOL, "neither AccessKeyId nor SecretAccessKey is set"},
    {"a line end in the token", SESSION("<SessionToken>a&#10;b: canary</SessionToken>" SECRET ID END), HW_EPROTOCOL,
     "SessionToken"},
    {"no XML", "canary/secret", HW_EPROTOCOL, "CreateSession: the reply has no session"},
    {"cut", "<CreateSessionResult><Credentials>" SECRET, HW_EPROTOCOL, "CreateSession: the reply has no session"},
};

static void what_is_no_session_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad_rows); i++) {
        struct hw_credentials keys = {.access_key_id = "untouched"};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(bad_rows[i].name, hw_s3_session_read(hw_view_of(bad_rows[i].xml), &keys, &err),
                       bad_rows[i].want);
        assert_row_says(bad_rows[i].name, err.message, bad_rows[i].says);
        assert_row_text(bad_rows[i].name, keys.access_key_id, "untouched");
        assert_null(strstr(err.message, "canary"));
    }
}

/* Each text may have as many bytes as its field. */
static void texts_have_limits(void **state) {
    (void)state;
    static const struct {
        const char *element;
        size_t bytes_max;
    } limits[] = {{"AccessKeyId", 128}, {"SecretAccessKey", 256}, {"SessionToken", 4096}};
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        for (size_t bytes = limits[i].bytes_max; bytes <= limits[i].bytes_max + 1; bytes++) {
            const bool fits = bytes == limits[i].bytes_max;
            struct hw_credentials keys;
            struct hw_error err = HW_ERROR_INIT;
            HW_AUTO(hw_buf) xml = {0};
            HW_AUTO(hw_buf) text = {0};
            assert_ok(hw_buf_resize(&text, bytes, &err), err);
            memset(text.data, 'k', bytes);
            /* The last element of a name counts. */
            assert_ok(hw_buf_printf(&xml, &err,
                                    "<CreateSessionResult><Credentials>" TOKEN SECRET ID END "<%s>%.*s</%s>"
                                    "</Credentials></CreateSessionResult>",
                                    limits[i].element, (int)bytes, (const char *)text.data, limits[i].element),
                      err);
            assert_row_int(limits[i].element, hw_s3_session_read(hw_buf_view(&xml), &keys, &err),
                           fits ? HW_OK : HW_EPROTOCOL);
            assert_row_says(limits[i].element, err.message, fits ? "" : "is longer than");
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sessions_are_asked_for_by_mode),
        cmocka_unit_test(a_session_is_read),
        cmocka_unit_test(what_is_no_session_is_refused),
        cmocka_unit_test(texts_have_limits),
    };
    return cmocka_run_group_tests_name("s3/session", tests, NULL, NULL);
}
