/* SPDX-License-Identifier: Apache-2.0 */
/* Requests to directory buckets and access points, which are signed in other ways. */
#include "s3/client.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/clock.h"
#include "s3/object.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

#define BUCKET "bkt--usw2-az1--x-s3"
#define OPEN "GET /" BUCKET "?session="
#define NOW_S INT64_C(1795262400) /* 2026-11-21T12:00:00Z */

#define SESSION_REPLY(id, token, end)                                                                        \
    "<CreateSessionResult><Credentials><SessionToken>" token "</SessionToken><SecretAccessKey>canary-of-" id \
    "</SecretAccessKey><AccessKeyId>" id "</AccessKeyId><Expiration>" end "</Expiration></Credentials>"      \
    "</CreateSessionResult>"
#define ERROR_BODY(code) "<Error><Code>" code "</Code></Error>"

#define SESSION_1 \
    { .match = OPEN, .status = 200, .body = SESSION_REPLY("SESSION1", "token-1", "2026-11-21T12:05:00Z") }
#define SESSION_2 \
    { .match = OPEN, .status = 200, .body = SESSION_REPLY("SESSION2", "token-2", "2026-11-21T12:10:00Z") }
static const struct http_reply good = {.match = "DELETE", .status = 204, .times = -1};

/* The seconds that the clock is ahead of NOW_S. */
static _Atomic int64_t seconds;

static int64_t moved_now_us(void *ctx) {
    (void)ctx;
    return (NOW_S + atomic_load(&seconds)) * 1000000;
}

static int64_t moved_monotonic_us(void *ctx) {
    return atomic_fetch_add((_Atomic int64_t *)ctx, 1000) + 1000 + atomic_load(&seconds) * 1000000;
}

static void moved_sleep(void *ctx, int64_t ms) {
    atomic_fetch_add((_Atomic int64_t *)ctx, ms * 1000);
}

/* Opens a client of a bucket at a server on loopback, whose host is `host` in the URL. */
static struct s3_fixture fixture_open(const struct http_reply *replies, size_t replies_count, const char *host,
                                      const char *bucket, bool anonymous) {
    struct s3_fixture fixture = {.server = http_server_start(replies, replies_count)};
    struct hw_error err = HW_ERROR_INIT;
    char url[128];
    snprintf(url, sizeof(url), "http://%s%s", host, strrchr(http_server_url(fixture.server), ':'));
    const struct hw_store_options options = {.endpoint_url = url, .retry_for_ms = 2000, .no_sign_request = anonymous};
    assert_ok(hw_s3_client_new(&options, bucket, &fixture.client, &err), err);
    return fixture;
}

static void clock_start(void) {
    static _Atomic int64_t ticks;
    static struct hw_clock clock = {moved_now_us, moved_monotonic_us, moved_sleep, &ticks};
    atomic_store(&ticks, 1000000);
    atomic_store(&seconds, 0);
    hw_clock_set(&clock);
}

/* A session is opened by the first request, and again where less than a minute is left of it. */
static void sessions_are_opened_and_renewed(void **state) {
    (void)state;
    static const struct {
        int64_t seconds;
        size_t sessions;
        const char *key_id, *token;
    } steps[] = {
        {0, 1, "SESSION1", "token-1"},   {100, 1, "SESSION1", "token-1"}, {239, 1, "SESSION1", "token-1"},
        {241, 2, "SESSION2", "token-2"}, {300, 2, "SESSION2", "token-2"},
    };
    const struct http_reply script[] = {SESSION_1, SESSION_2, good};
    clock_start();
    setenv("AWS_SESSION_TOKEN", "token-0", 1);
    struct s3_fixture fixture = fixture_open(script, COUNT_OF(script), "127.0.0.1", BUCKET, false);
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        struct hw_error err = HW_ERROR_INIT;
        char name[32];
        char want[128];
        snprintf(name, sizeof(name), "after %d s", (int)steps[i].seconds);
        atomic_store(&seconds, steps[i].seconds);
        assert_ok(hw_s3_object_delete(fixture.client, "k", &err), err);
        assert_row_int(name, http_server_count(fixture.server, OPEN), steps[i].sessions);
        const char *head = http_server_head(fixture.server, "DELETE /" BUCKET "/k ", i);
        snprintf(want, sizeof(want), "Credential=%s/20261121/us-east-1/s3express/aws4_request", steps[i].key_id);
        assert_row_says(name, head, want);
        snprintf(want, sizeof(want), "x-amz-s3session-token: %s\r\n", steps[i].token);
        assert_row_says(name, head, want);
        assert_row_says(name, head, "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-s3session-token,");
        assert_null(strstr(head, "x-amz-security-token"));
    }
    for (size_t n = 0; n < 2; n++) {
        const char *head = http_server_head(fixture.server, OPEN, n);
        assert_row_says("open", head, "Credential=" S3_FIXTURE_KEY_ID "/20261121/us-east-1/s3express/aws4_request");
        assert_row_says("open", head, "x-amz-create-session-mode: ReadWrite\r\n");
        assert_row_says("open", head, "x-amz-security-token: token-0\r\n");
        assert_null(strstr(head, "x-amz-s3session-token"));
    }
    s3_fixture_close(&fixture);
    unsetenv("AWS_SESSION_TOKEN");
    hw_clock_set(NULL);
}

/* By our clock, which is ten minutes ahead, the session ended before it began. */
static void sessions_end_by_the_clock_of_the_service(void **state) {
    (void)state;
    struct http_reply first = SESSION_1;
    first.headers = "Date: Sat, 21 Nov 2026 11:50:00 GMT\r\n";
    first.body = SESSION_REPLY("SESSION1", "token-1", "2026-11-21T11:55:00Z");
    const struct http_reply script[] = {first, SESSION_2, good};
    static const struct {
        int64_t seconds;
        size_t sessions;
    } steps[] = {{0, 1}, {1, 1}, {239, 1}, {241, 2}};
    clock_start();
    struct s3_fixture fixture = fixture_open(script, COUNT_OF(script), "127.0.0.1", BUCKET, false);
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        struct hw_error err = HW_ERROR_INIT;
        atomic_store(&seconds, steps[i].seconds);
        assert_ok(hw_s3_object_delete(fixture.client, "k", &err), err);
        assert_int_equal(http_server_count(fixture.server, OPEN), steps[i].sessions);
    }
    s3_fixture_close(&fixture);
    hw_clock_set(NULL);
}

/* The ARN says where an access point is, whatever a reply says. */
static void access_points_stay_in_their_region(void **state) {
    (void)state;
    const struct http_reply moved = {.status = 301,
                                     .headers = "x-amz-bucket-region: eu-west-1\r\n",
                                     .times = -1,
                                     .body = ERROR_BODY("PermanentRedirect")};
    struct s3_fixture fixture =
        fixture_open(&moved, 1, "localhost", "arn:aws:s3:us-west-2:123456789012:accesspoint/name", false);
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_s3_object_delete(fixture.client, "k", &err), HW_ECONFIG);
    assert_int_equal(http_server_count(fixture.server, ""), 1);
    s3_fixture_close(&fixture);
}

static const struct {
    const char *name;
    struct http_reply script[4]; /* then `good` */
    enum hw_status want;
    size_t sessions, requests;
    const char *says;
} rows[] = {
    {"refused once",
     {SESSION_1, {.match = "DELETE", .status = 400, .body = ERROR_BODY("ExpiredToken")}, SESSION_2},
     HW_OK,
     2,
     2,
     ""},
    {"refused for ever",
     {SESSION_1, {.match = "DELETE", .status = 400, .body = ERROR_BODY("ExpiredToken"), .times = -1}, SESSION_2},
     HW_EAUTH,
     2,
     2,
     "DeleteObject: refused"},
    {"refused, and no other session",
     {SESSION_1,
      {.match = "DELETE", .status = 400, .body = ERROR_BODY("ExpiredToken"), .times = -1},
      {.match = OPEN, .status = 403, .body = ERROR_BODY("AccessDenied"), .times = -1}},
     HW_EAUTH,
     3,
     1,
     "CreateSession: refused"},
    {"for reading alone",
     {{.match = OPEN, .status = 403, .body = ERROR_BODY("AccessDenied")}, SESSION_1},
     HW_OK,
     2,
     1,
     ""},
    {"denied",
     {{.match = OPEN, .status = 403, .body = ERROR_BODY("AccessDenied"), .times = -1}},
     HW_EAUTH,
     2,
     0,
     "CreateSession: refused"},
    {"busy once", {{.match = OPEN, .status = 503}, SESSION_1}, HW_OK, 2, 1, ""},
    {"busy for ever", {{.match = OPEN, .status = 503, .times = -1}}, HW_ESERVER, 3, 0, "3 tries: CreateSession"},
    {"a page that holds keys",
     {{.match = OPEN, .status = 200, .body = "{\"s\": \"canary-of-x\"}", .times = -1}},
     HW_EPROTOCOL,
     3,
     0,
     "has no root element CreateSessionResult"},
    {"a session without an end",
     {{.match = OPEN, .status = 200, .body = SESSION_REPLY("S", "t", ""), .times = -1}},
     HW_EPROTOCOL,
     1,
     0,
     "there is no time at which the session ends"},
    {"secrets that come back",
     {SESSION_1,
      {.match = "DELETE", .status = 400, .body = "<Error><Code>X</Code><Message>canary-of-SESSION1</Message></Error>"}},
     HW_EFAILED,
     1,
     1,
     "***"},
    {"another region",
     {SESSION_1, {.match = "DELETE", .status = 301, .headers = "x-amz-bucket-region: eu-west-1\r\n", .times = -1}},
     HW_ECONFIG,
     1,
     1,
     "\"eu-west-1\""},
};

static void faults_of_sessions_are_told_or_mended(void **state) {
    (void)state;
    clock_start();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct http_reply script[5];
        struct hw_error err = HW_ERROR_INIT;
        char line[1024];
        memcpy(script, rows[i].script, sizeof(rows[i].script));
        size_t count = 0;
        while (count < COUNT_OF(rows[i].script) && script[count].status != 0) {
            count++;
        }
        script[count++] = good;
        struct s3_fixture fixture = fixture_open(script, count, "127.0.0.1", BUCKET, false);
        assert_row_int(rows[i].name, hw_s3_object_delete(fixture.client, "k", &err), rows[i].want);
        hw_error_format(&err, line, sizeof(line));
        assert_row_says(rows[i].name, line, rows[i].want ? rows[i].says : "");
        assert_null(strstr(line, "canary"));
        assert_row_int(rows[i].name, http_server_count(fixture.server, OPEN), rows[i].sessions);
        assert_row_int(rows[i].name, http_server_count(fixture.server, "DELETE"), rows[i].requests);
        if (strcmp(rows[i].name, "for reading alone") == 0) {
            assert_row_says(rows[i].name, http_server_head(fixture.server, OPEN, 1),
                            "x-amz-create-session-mode: ReadOnly\r\n");
        }
        s3_fixture_close(&fixture);
    }
    hw_clock_set(NULL);
}

/* Each is signed in its way at a server that is no directory bucket's, or by nobody. */
static const struct {
    const char *name;
    const char *host, *bucket;
    bool anonymous, sessions_off;
    const char *line; /* the first line of the request */
    const char *has[3];
    const char *has_not;
} ways[] = {
    {"anonymous", "127.0.0.1", BUCKET, true, false, "DELETE /" BUCKET "/k HTTP/1.1", {""}, "Authorization"},
    {"without sessions",
     "127.0.0.1",
     BUCKET,
     false,
     true,
     "DELETE /" BUCKET "/k HTTP/1.1",
     {"/us-east-1/s3express/aws4_request", "Credential=" S3_FIXTURE_KEY_ID},
     "session"},
    {"an access point",
     "localhost",
     "arn:aws:s3:us-west-2:123456789012:accesspoint/name",
     false,
     false,
     "DELETE /k HTTP/1.1",
     {"/us-west-2/s3/aws4_request", "Host: name-123456789012.localhost:", "SignedHeaders=host;x-amz-content-sha256;"},
     "region-set"},
    {"Object Lambda",
     "localhost",
     "arn:aws:s3-object-lambda:us-west-2:123456789012:accesspoint/name",
     false,
     false,
     "DELETE /k HTTP/1.1",
     {"/us-west-2/s3-object-lambda/aws4_request"},
     "region-set"},
    {"several regions",
     "localhost",
     "arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-1/accesspoint/name",
     false,
     false,
     "DELETE /k HTTP/1.1",
     {"x-amz-region-set: *\r\n",
      "Authorization: AWS4-ECDSA-P256-SHA256 Credential=" S3_FIXTURE_KEY_ID "/20261121/s3-outposts/aws4_request, "
      "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-region-set, Signature=30",
      "Host: name-123456789012.op-1.localhost:"},
     "HMAC"},
};

static void requests_are_signed_as_the_bucket_asks(void **state) {
    (void)state;
    clock_start();
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        struct hw_error err = HW_ERROR_INIT;
        setenv("AWS_S3_DISABLE_EXPRESS_SESSION_AUTH", ways[i].sessions_off ? "true" : "", 1);
        struct s3_fixture fixture = fixture_open(&good, 1, ways[i].host, ways[i].bucket, ways[i].anonymous);
        assert_ok(hw_s3_object_delete(fixture.client, "k", &err), err);
        const char *head = http_server_head(fixture.server, ways[i].line, 0);
        assert_non_null(head);
        for (size_t n = 0; n < COUNT_OF(ways[i].has) && ways[i].has[n]; n++) {
            assert_row_says(ways[i].name, head, ways[i].has[n]);
        }
        assert_null(strstr(head, ways[i].has_not));
        assert_row_int(ways[i].name, hw_s3_client_directory(fixture.client), strcmp(ways[i].bucket, BUCKET) == 0);
        assert_row_int(ways[i].name, http_server_count(fixture.server, ""), 1);
        s3_fixture_close(&fixture);
    }
    unsetenv("AWS_S3_DISABLE_EXPRESS_SESSION_AUTH");
    hw_clock_set(NULL);
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sessions_are_opened_and_renewed),
        cmocka_unit_test(sessions_end_by_the_clock_of_the_service),
        cmocka_unit_test(access_points_stay_in_their_region),
        cmocka_unit_test(faults_of_sessions_are_told_or_mended),
        cmocka_unit_test(requests_are_signed_as_the_bucket_asks),
    };
    return cmocka_run_group_tests_name("s3/client, directory buckets", tests, environment_set, NULL);
}
