/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/delete.h"

#include <stdio.h>

#include "core/limits.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

#define GONE(key) "<Deleted><Key>" key "</Key></Deleted>"
#define REFUSED(key, code) "<Error><Key>" key "</Key><Code>" code "</Code><Message>m</Message></Error>"
#define GONE_VERSION(key, id) "<Deleted><Key>" key "</Key><VersionId>" id "</VersionId></Deleted>"
#define REFUSED_VERSION(key, id, code) \
    "<Error><Key>" key "</Key><VersionId>" id "</VersionId><Code>" code "</Code></Error>"
#define RESULT(inside) "<DeleteResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" inside "</DeleteResult>"

static enum hw_status outcome_note(void *ctx, const struct hw_s3_doomed *object, enum hw_status status,
                                   const struct hw_error *error, struct hw_error *err) {
    assert_int_equal(error != NULL, status != HW_OK);
    return hw_buf_printf(ctx, err, "%s%s%s:%s%s%s;", object->key, object->version_id ? "@" : "",
                         object->version_id ? object->version_id : "", hw_status_name(status) + 3, error ? " " : "",
                         error ? error->s3_code : "");
}

static const struct {
    const char *name;
    struct hw_s3_doomed keys[4];
    size_t count;
    struct http_reply reply;  /* to DeleteObjects */
    struct http_reply single; /* to DeleteObject */
    enum hw_status want;
    const char *outcomes;
    size_t singles_count;
    const char *says;
} rows[] = {
    {"all gone",
     {{"b", NULL}, {"a", NULL}},
     2,
     {.status = 200, .body = RESULT(GONE("a") GONE("b"))},
     {0},
     HW_OK,
     "a:OK;b:OK;",
     0,
     ""},
    {"one refused",
     {{"a", NULL}, {"b", NULL}},
     2,
     {.status = 200, .body = RESULT(GONE("a") REFUSED("b", "AccessDenied"))},
     {0},
     HW_OK,
     "a:OK;b:EAUTH AccessDenied;",
     0,
     ""},
    {"one that may pass",
     {{"a", NULL}, {"b", NULL}},
     2,
     {.status = 200, .body = RESULT(GONE("a") REFUSED("b", "InternalError"))},
     {.status = 204},
     HW_OK,
     "a:OK;b:OK;",
     1,
     ""},
    {"one that does not pass",
     {{"b", NULL}},
     1,
     {.status = 200, .body = RESULT(REFUSED("b", "SlowDown"))},
     {.status = 403, .body = "<Error><Code>AccessDenied</Code></Error>"},
     HW_OK,
     "b:EAUTH AccessDenied;",
     1,
     ""},
    {"one that is not told",
     {{"a", NULL}, {"b", NULL}},
     2,
     {.status = 200, .body = RESULT(GONE("a"))},
     {.status = 204},
     HW_OK,
     "a:OK;b:OK;",
     1,
     ""},
    {"others are told",
     {{"a", NULL}},
     1,
     {.status = 200, .body = RESULT(GONE("x") REFUSED("y", "AccessDenied"))},
     {.status = 204},
     HW_OK,
     "a:OK;",
     1,
     ""},
    {"a key twice",
     {{"a", NULL}, {"a", NULL}},
     2,
     {.status = 200, .body = RESULT(GONE("a") GONE("a"))},
     {0},
     HW_OK,
     "a:OK;a:OK;",
     0,
     ""},
    {"a key twice, told once",
     {{"a", NULL}, {"a", NULL}},
     2,
     {.status = 200, .body = RESULT(GONE("a"))},
     {.status = 204},
     HW_OK,
     "a:OK;a:OK;",
     1,
     ""},
    {"versions of a key",
     {{"a", "1"}, {"a", "2"}, {"a", NULL}},
     3,
     {.status = 200, .body = RESULT(GONE_VERSION("a", "2") REFUSED_VERSION("a", "1", "AccessDenied") GONE("a"))},
     {0},
     HW_OK,
     "a:OK;a@1:EAUTH AccessDenied;a@2:OK;",
     0,
     ""},
    {"another version is told",
     {{"a", "1"}},
     1,
     {.status = 200, .body = RESULT(GONE_VERSION("a", "2") GONE("a"))},
     {.match = "DELETE /bucket/a?versionId=1 ", .status = 204},
     HW_OK,
     "a@1:OK;",
     1,
     ""},
    {"a version that was not asked for",
     {{"a", NULL}},
     1,
     {.status = 200, .body = RESULT(GONE_VERSION("a", "2"))},
     {0},
     HW_OK,
     "a:OK;",
     0,
     ""},
    {"a version that XML cannot hold",
     {{"a", "\x01"}},
     1,
     {.status = 500},
     {.match = "DELETE /bucket/a?versionId=%01 ", .status = 204},
     HW_OK,
     "a@\x01:OK;",
     1,
     ""},
    {"odd keys",
     {{"<&>\"'", NULL}, {"a b+%\xc3\xa9", NULL}},
     2,
     {.status = 200, .body = RESULT(GONE("&lt;&amp;&gt;&quot;&apos;") GONE("a b+%\xc3\xa9"))},
     {0},
     HW_OK,
     "<&>\"':OK;a b+%\xc3\xa9:OK;",
     0,
     ""},
    {"keys that XML cannot hold",
     {{"\x01", NULL}, {"a\nb", NULL}, {"\xff", NULL}, {"\xef\xbf\xbf", NULL}},
     4,
     {.status = 500},
     {.status = 204},
     HW_OK,
     "\x01:OK;a\nb:OK;\xff:OK;\xef\xbf\xbf:OK;",
     4,
     ""},
    {"no such operation",
     {{"a", NULL}},
     1,
     {.status = 405, .body = "<Error><Code>MethodNotAllowed</Code></Error>"},
     {.status = 204},
     HW_OK,
     "a:OK;",
     1,
     ""},
    {"the bucket refuses",
     {{"a", NULL}},
     1,
     {.status = 403, .body = "<Error><Code>AccessDenied</Code></Error>"},
     {0},
     HW_EAUTH,
     "",
     0,
     "DeleteObjects: refused"},
    {"an error inside",
     {{"a", NULL}},
     1,
     {.status = 200, .body = "<Error><Code>AccessDenied</Code></Error>"},
     {0},
     HW_EAUTH,
     "",
     0,
     "an <Error> inside HTTP 200"},
    {"cut off",
     {{"a", NULL}},
     1,
     {.status = 200, .body = "<DeleteResult>"},
     {0},
     HW_EPROTOCOL,
     "",
     0,
     "DeleteObjects: not XML"},
};

static void every_key_is_told(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct http_reply script[] = {rows[i].reply, rows[i].single};
        script[0].match = "POST /bucket?delete= ";
        script[1].match = script[1].match ? script[1].match : "DELETE /bucket/";
        script[0].times = script[1].times = -1;
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        HW_AUTO(hw_buf) outcomes = {0};
        struct hw_error err = HW_ERROR_INIT;
        enum hw_status status =
            hw_s3_delete_many(fixture.client, rows[i].keys, rows[i].count, outcome_note, &outcomes, &err);
        assert_row_int(rows[i].name, status, rows[i].want);
        assert_row_bytes(rows[i].name, outcomes.data, outcomes.size, rows[i].outcomes, strlen(rows[i].outcomes));
        assert_row_int(rows[i].name, http_server_count(fixture.server, "DELETE "), rows[i].singles_count);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        s3_fixture_close(&fixture);
    }
}

static enum hw_status outcome_count(void *ctx, const struct hw_s3_doomed *object, enum hw_status status,
                                    const struct hw_error *error, struct hw_error *err) {
    (void)object;
    (void)error;
    (void)err;
    *(size_t *)ctx += status == HW_OK;
    return HW_OK;
}

/* The reply tells of none of them, so that each is deleted by itself. */
static void a_request_has_a_thousand_keys(void **state) {
    (void)state;
    enum { KEYS = HW_S3_DELETE_KEYS_MAX + 1 };
    static char texts[KEYS][8];
    static struct hw_s3_doomed keys[KEYS];
    const struct http_reply script[] = {
        {.match = "POST /bucket?delete= ", .times = -1, .status = 200, .body = RESULT("")},
        {.match = "DELETE /bucket/", .times = -1, .status = 204},
    };
    struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
    struct hw_error err = HW_ERROR_INIT;
    size_t count = 0;
    size_t bytes;
    for (size_t i = 0; i < KEYS; i++) {
        snprintf(texts[i], sizeof(texts[i]), "%zu", i);
        keys[i].key = texts[i];
    }
    assert_ok(hw_s3_delete_many(fixture.client, keys, KEYS, outcome_count, &count, &err), err);
    assert_int_equal(count, KEYS);
    assert_int_equal(http_server_count(fixture.server, "POST /bucket?delete= "), 2);
    assert_non_null(strstr(http_server_body(fixture.server, "POST /bucket?delete= ", 1, &bytes), "<Key>1000</Key>"));
    assert_ok(hw_s3_delete_many(fixture.client, keys, 0, outcome_count, &count, &err), err);
    s3_fixture_close(&fixture);
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_is_told),
        cmocka_unit_test(a_request_has_a_thousand_keys),
    };
    return cmocka_run_group_tests_name("s3/delete", tests, environment_set, NULL);
}
