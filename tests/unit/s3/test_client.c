/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/client.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/clock.h"
#include "s3/object.h"
#include "s3/sse_key.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

#define ERROR_BODY(code, rest) "<Error><Code>" code "</Code>" rest "</Error>"
#define NOW_S INT64_C(1795262400) /* 2026-11-21T12:00:00Z, the client's time */
#define FAR_DATE "Date: Sat, 21 Nov 2026 13:20:45 GMT\r\n"
#define NEAR_DATE "Date: Sat, 21 Nov 2026 12:02:00 GMT\r\n"

static int64_t fixed_now_us(void *ctx) {
    (void)ctx;
    return NOW_S * 1000000;
}

static int64_t fixed_monotonic_us(void *ctx) {
    return atomic_fetch_add((_Atomic int64_t *)ctx, 1000) + 1000;
}

static void fixed_sleep(void *ctx, int64_t ms) {
    atomic_fetch_add((_Atomic int64_t *)ctx, ms * 1000);
}

static const struct http_reply good = {.status = 204, .times = -1};

static const struct {
    const char *name;
    struct http_reply fault; /* then, where it is used up, a 204 */
    enum hw_status want;
    size_t requests;
    const char *says;       /* in the error's message */
    const char *second_has; /* in the head of the second request */
} rows[] = {
    {"good at once", {.status = 204}, HW_OK, 1, "", ""},
    {"503 once", {.status = 503}, HW_OK, 2, "", ""},
    {"503 for ever", {.status = 503, .times = -1}, HW_ESERVER, 3, "3 tries: DeleteObject: server error", ""},
    {"SlowDown once", {.status = 503, .body = ERROR_BODY("SlowDown", "")}, HW_OK, 2, "", ""},
    {"SlowDown for ever",
     {.status = 503, .body = ERROR_BODY("SlowDown", ""), .times = -1},
     HW_ETHROTTLED,
     3,
     "3 tries: DeleteObject: asked to slow",
     ""},
    {"429 for ever", {.status = 429, .times = -1}, HW_ETHROTTLED, 3, "asked to slow down", ""},
    {"reset in the reply",
     {.status = 200, .body = "abcdef", .cut = true, .cut_after = 2, .reset = true},
     HW_OK,
     2,
     "",
     ""},
    {"reset twice", {.reset = true, .times = 2}, HW_OK, 3, "", ""},
    {"short reply for ever",
     {.status = 200, .body = "abcdef", .cut = true, .cut_after = 2, .times = -1},
     HW_ENETWORK,
     3,
     "shorter than it says",
     ""},
    {"denied",
     {.status = 403, .body = ERROR_BODY("AccessDenied", ""), .times = -1},
     HW_EAUTH,
     1,
     "DeleteObject: refused",
     ""},
    {"wrong secret, clocks agree",
     {.status = 403, .headers = NEAR_DATE, .body = ERROR_BODY("SignatureDoesNotMatch", ""), .times = -1},
     HW_EAUTH,
     1,
     "refused",
     ""},
    {"wrong secret and clock",
     {.status = 403, .headers = FAR_DATE, .body = ERROR_BODY("SignatureDoesNotMatch", ""), .times = -1},
     HW_EAUTH,
     2,
     "refused",
     "x-amz-date: 20261121T132045Z"},
    {"clock",
     {.status = 403, .headers = FAR_DATE, .body = ERROR_BODY("RequestTimeTooSkewed", "")},
     HW_OK,
     2,
     "",
     "x-amz-date: 20261121T132045Z"},
    {"clock, no date",
     {.status = 403, .body = ERROR_BODY("RequestTimeTooSkewed", ""), .times = -1},
     HW_EAUTH,
     1,
     "refused",
     ""},
    {"expired keys, and there are no others",
     {.status = 400, .body = ERROR_BODY("ExpiredToken", "")},
     HW_EAUTH,
     1,
     "DeleteObject: refused",
     ""},
    {"another region",
     {.status = 301, .headers = "x-amz-bucket-region: eu-west-1\r\n", .body = ERROR_BODY("PermanentRedirect", "")},
     HW_OK,
     2,
     "",
     "/20261121/eu-west-1/s3/aws4_request"},
    {"another region, in the body",
     {.status = 400, .body = ERROR_BODY("AuthorizationHeaderMalformed", "<Region>eu-west-1</Region>")},
     HW_OK,
     2,
     "",
     "/20261121/eu-west-1/s3/aws4_request"},
    {"another region for ever",
     {.status = 301, .headers = "x-amz-bucket-region: eu-west-1\r\n", .times = -1},
     HW_ECONFIG,
     2,
     "\"eu-west-1\"",
     ""},
    {"the same region",
     {.status = 301, .headers = "x-amz-bucket-region: us-east-1\r\n", .times = -1},
     HW_ECONFIG,
     1,
     "\"us-east-1\"",
     ""},
    {"no region at all",
     {.status = 301, .headers = "x-amz-bucket-region: evil.example/#\r\n", .times = -1},
     HW_ECONFIG,
     1,
     "evil.example",
     ""},
    {"redirect without a region",
     {.status = 307, .headers = "Location: http://127.0.0.1:1/\r\n", .times = -1},
     HW_EFAILED,
     1,
     "not followed",
     ""},
    {"not found",
     {.status = 404, .body = ERROR_BODY("NoSuchBucket", "<Message>none</Message>"), .times = -1},
     HW_ENOTFOUND,
     1,
     "DeleteObject: not found: there is no bucket of this name",
     ""},
    {"a bomb of headers",
     {.status = 200, .filler_bytes = 300000, .times = -1},
     HW_EPROTOCOL,
     3,
     "DeleteObject: the headers of the reply are longer",
     ""},
};

static void requests_are_repeated_where_that_helps(void **state) {
    (void)state;
    _Atomic int64_t ticks = 0;
    hw_clock_set(&(struct hw_clock){fixed_now_us, fixed_monotonic_us, fixed_sleep, &ticks});
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct http_reply script[] = {rows[i].fault, good};
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].name, hw_s3_object_delete(fixture.client, "a key", &err), rows[i].want);
        assert_row_int(rows[i].name, http_server_count(fixture.server, "DELETE /bucket/a%20key HTTP/1.1"),
                       rows[i].requests);
        if (rows[i].want != HW_OK) {
            char line[1024];
            hw_error_format(&err, line, sizeof(line));
            assert_row_says(rows[i].name, err.message, rows[i].says);
            assert_row_text(rows[i].name, err.object, "s3://bucket/a key");
            assert_null(strstr(line, S3_FIXTURE_SECRET));
        }
        if (rows[i].requests > 1) {
            assert_row_says(rows[i].name, http_server_head(fixture.server, "DELETE", 1), rows[i].second_has);
        }
        for (size_t n = 0; n < rows[i].requests; n++) {
            assert_null(strstr(http_server_head(fixture.server, "DELETE", n), S3_FIXTURE_SECRET));
        }
        s3_fixture_close(&fixture);
    }
    hw_clock_set(NULL);
}

/*
 * The SDKs of AWS wait as long as they are told, but no more than 5 s longer than they would
 * anyway. Here that is 0.5 s to 1 s, a hundredth of the time that the tries have.
 */
static const struct {
    const char *name;
    struct http_reply fault;
    int64_t least_ms;
    int64_t most_ms;
    uint64_t want_counted;
} waits[] = {
    {"nothing is said", {.status = 503, .body = ERROR_BODY("SlowDown", "")}, 500, 1000, 1},
    {"longer",
     {.status = 503, .headers = "x-amz-retry-after: 3000\r\n", .body = ERROR_BODY("SlowDown", "")},
     3000,
     3000,
     1},
    {"less", {.status = 429, .headers = "x-amz-retry-after: 10\r\n"}, 500, 1000, 1},
    {"a day", {.status = 503, .headers = "x-amz-retry-after: 86400000\r\n"}, 5500, 6000, 1},
    {"for ever", {.status = 503, .headers = "x-amz-retry-after: 18446744073709551615\r\n"}, 5500, 6000, 1},
    {"no number", {.status = 503, .headers = "x-amz-retry-after: soon\r\n"}, 500, 1000, 1},
    {"any other fault", {.status = 500, .headers = "x-amz-retry-after: 3000\r\n"}, 3000, 3000, 0},
    {"slow down inside a 200", {.status = 200, .body = ERROR_BODY("SlowDown", "")}, 500, 1000, 1},
};

static void services_are_obeyed_that_ask_to_wait(void **state) {
    (void)state;
    enum { OTHER_STEPS_MS = 100 };
    for (size_t i = 0; i < COUNT_OF(waits); i++) {
        const struct http_reply script[] = {waits[i].fault, good};
        const struct hw_store_options options = {.retry_for_ms = 100000};
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), &options);
        struct hw_error err = HW_ERROR_INIT;
        _Atomic int64_t ticks = 0;
        atomic_uint_fast64_t counted = 0;
        hw_clock_set(&(struct hw_clock){fixed_now_us, fixed_monotonic_us, fixed_sleep, &ticks});
        hw_s3_client_count_throttled(fixture.client, &counted);
        assert_ok(hw_s3_object_delete(fixture.client, "k", &err), err);
        const int64_t took_ms = atomic_load(&ticks) / 1000;
        if (took_ms < waits[i].least_ms || took_ms > waits[i].most_ms + OTHER_STEPS_MS) {
            fail_msg("%s: %d ms", waits[i].name, (int)took_ms);
        }
        assert_row_int(waits[i].name, atomic_load(&counted), waits[i].want_counted);
        s3_fixture_close(&fixture);
        hw_clock_set(NULL);
    }
}

#define SESSION_TOKEN "FwoGZXIvYXdzEJr//////////wEaDHhLT0tFTlRIQVRNVVNUTk9UQkVTSE9XTgABCDEF"

/* A service, or what stands before it, sends back what it was sent. '@' is the secret. */
static const struct {
    const char *name;
    int status;
    const char *headers;
    const char *body;
    const char *says; /* what is left of it */
} echoes[] = {
    {"in the message", 400, NULL, "<Error><Code>Novelty</Code><Message>bad key @!</Message></Error>", "bad key ***!"},
    {"in the code", 400, NULL, "<Error><Code>@</Code></Error>", "***"},
    {"in the request id of the body", 400, NULL, "<Error><Code>X</Code><RequestId>@</RequestId></Error>", "***"},
    {"in the request id's header", 400, "x-amz-request-id: @\r\n", "", "***"},
    {"as the region", 301, "x-amz-bucket-region: @\r\n", "", "in another region, \"***"},
    {"in a page", 403, NULL, "<html>@</html>", "<html>***"},
    {"in a page of success", 200, NULL, "<html>@</html>", "<html>***"},
    {"behind much else, so that it is cut", 400, NULL,
     "<Error><Code>Novelty</Code><Message>The token that you have sent with your request of just now, which is not one "
     "of ours, is @</Message></Error>",
     "one of ours, is ***"},
};

static void echo_fill(const char *with_at, const char *secret, char *out, size_t out_bytes) {
    const char *at = strchr(with_at, '@');
    const int before = at ? (int)(at - with_at) : (int)strlen(with_at);
    snprintf(out, out_bytes, "%.*s%s%s", before, with_at, at ? secret : "", at ? at + 1 : "");
}

static void echo_try(size_t row, const char *secret_name, const char *secret) {
    char name[128];
    char headers[512];
    char body[1024];
    char line[1024];
    snprintf(name, sizeof(name), "%s %s", secret_name, echoes[row].name);
    echo_fill(echoes[row].headers ? echoes[row].headers : "", secret, headers, sizeof(headers));
    echo_fill(echoes[row].body, secret, body, sizeof(body));
    const struct http_reply reply = {.status = echoes[row].status, .headers = headers, .body = body, .times = -1};
    struct s3_fixture fixture = s3_fixture_open(&reply, 1, NULL);
    struct hw_error err = HW_ERROR_INIT;
    assert_true(hw_s3_object_delete(fixture.client, "k", &err) != HW_OK);
    hw_error_format(&err, line, sizeof(line));
    assert_row_says(name, line, echoes[row].says);
    for (size_t at = 0; secret[at + 8]; at++) {
        char part[9];
        snprintf(part, sizeof(part), "%s", secret + at);
        if (strstr(line, part)) {
            fail_msg("%s: '%s' still holds '%s'", name, line, part);
        }
    }
    s3_fixture_close(&fixture);
}

static void secrets_that_come_back_are_not_told(void **state) {
    (void)state;
    setenv("AWS_SESSION_TOKEN", SESSION_TOKEN, 1);
    for (size_t row = 0; row < COUNT_OF(echoes); row++) {
        echo_try(row, "the secret key", S3_FIXTURE_SECRET);
        echo_try(row, "the session token", SESSION_TOKEN);
    }
    unsetenv("AWS_SESSION_TOKEN");
}

/* Keys that have expired are replaced once, by those that the providers give then. */
static void other_keys_are_taken_once(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int times;
        enum hw_status want;
    } turns[] = {{"the others are good", 1, HW_OK}, {"the others have expired too", -1, HW_EAUTH}};
    for (size_t i = 0; i < COUNT_OF(turns); i++) {
        const struct http_reply script[] = {
            {.status = 400, .body = ERROR_BODY("ExpiredToken", ""), .times = turns[i].times},
            good,
        };
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        struct hw_s3_signer signer;
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_s3_client_signer(fixture.client, &signer, &err), err);
        setenv("AWS_ACCESS_KEY_ID", "AKIDOTHER", 1);
        assert_row_int(turns[i].name, hw_s3_object_delete(fixture.client, "k", &err), turns[i].want);
        assert_row_int(turns[i].name, http_server_count(fixture.server, "DELETE"), 2);
        assert_row_says(turns[i].name, http_server_head(fixture.server, "DELETE", 0), S3_FIXTURE_KEY_ID "/");
        assert_row_says(turns[i].name, http_server_head(fixture.server, "DELETE", 1), "AKIDOTHER/");
        setenv("AWS_ACCESS_KEY_ID", S3_FIXTURE_KEY_ID, 1);
        s3_fixture_close(&fixture);
    }
}

static void tries_below_the_client_are_counted(void **state) {
    (void)state;
    const struct http_reply script[] = {{.status = 204}, {.reset = true, .times = -1}};
    struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
    struct hw_error err = HW_ERROR_INIT;
    /* leaves a connection to be used again */
    assert_ok(hw_s3_object_delete(fixture.client, "k", &err), err);
    assert_int_equal(hw_s3_object_delete(fixture.client, "k", &err), HW_ENETWORK);
    assert_int_equal(http_server_count(fixture.server, "DELETE"), 5);
    assert_row_says("tries", err.message, "4 tries: DeleteObject: 127.0.0.1:");
    s3_fixture_close(&fixture);
}

static void regions_are_changed_once(void **state) {
    (void)state;
    const struct http_reply script[] = {
        {.status = 301, .headers = "x-amz-bucket-region: eu-west-1\r\n"},
        {.status = 301, .headers = "x-amz-bucket-region: us-east-1\r\n"},
        good,
    };
    struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_s3_object_delete(fixture.client, "k", &err), HW_ECONFIG);
    assert_row_says("back", err.message, "\"us-east-1\"");
    assert_int_equal(http_server_count(fixture.server, "DELETE"), 2);
    s3_fixture_close(&fixture);
}

static void options_of_requests_are_signed_in_each(void **state) {
    (void)state;
    const struct http_reply reply = {.status = 204, .times = -1};
    const struct hw_s3_access access = {.request_payer = true, .expected_bucket_owner = "012345678901"};
    struct s3_fixture fixture = s3_fixture_open(&reply, 1, &(struct hw_store_options){.s3 = &access});
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_s3_object_delete(fixture.client, "k", &err), err);
    const char *head = http_server_head(fixture.server, "DELETE ", 0);
    assert_row_says("payer", head, "x-amz-request-payer: requester\r\n");
    assert_row_says("owner", head, "x-amz-expected-bucket-owner: 012345678901\r\n");
    assert_row_says("signed", head, "x-amz-date;x-amz-expected-bucket-owner;x-amz-request-payer,");
    assert_null(hw_s3_client_sse_key(fixture.client));
    s3_fixture_close(&fixture);
}

static void a_key_of_a_customer_goes_over_https_only(void **state) {
    (void)state;
    static const char key[] = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    const struct hw_s3_access access = {.sse_c_key = key, .sse_c_key_bytes = sizeof(key) - 1};
    struct hw_store_options options = {.endpoint_url = "http://127.0.0.1:1", .s3 = &access};
    struct hw_s3_client *client = NULL;
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_s3_client_new(&options, "bucket", &client, &err), HW_EUSAGE);
    assert_row_says("http", err.message, "is not sent over http");
    options.endpoint_url = "https://127.0.0.1:1";
    assert_ok(hw_s3_client_new(&options, "bucket", &client, &err), err);
    assert_string_equal(hw_s3_client_sse_key(client)->base64, key);
    hw_s3_client_free(client);
}

static void requests_in_the_clear_sign_their_body(void **state) {
    (void)state;
    const struct http_reply reply = {.status = 200, .headers = "ETag: \"e\"\r\n", .times = -1};
    struct s3_fixture fixture = s3_fixture_open(&reply, 1, NULL);
    struct hw_error err = HW_ERROR_INIT;
    char etag[HW_S3_ETAG_BYTES];
    const struct hw_checksum sum = hw_checksum_of(HW_CHECKSUM_CRC64NVME, "abc", 3);
    const struct hw_s3_put_params params = {.key = "k", .body = "abc", .body_bytes = 3, .checksum = sum};
    assert_ok(hw_s3_object_put(fixture.client, &params, etag, &err), err);
    const char *head = http_server_head(fixture.server, "PUT /bucket/k HTTP/1.1", 0);
    assert_non_null(head);
    /* sha256sum of "abc" */
    assert_row_says("sum", head,
                    "x-amz-content-sha256: ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\r\n");
    assert_row_says("signed", head, "Authorization: AWS4-HMAC-SHA256 Credential=" S3_FIXTURE_KEY_ID "/");
    assert_row_says("headers", head,
                    "SignedHeaders=content-type;host;x-amz-checksum-crc64nvme;x-amz-content-sha256;x-amz-date,");
    assert_row_says("host", head, http_server_url(fixture.server) + strlen("http://"));
    s3_fixture_close(&fixture);
}

static void anonymous_requests_are_not_signed(void **state) {
    (void)state;
    struct s3_fixture fixture = s3_fixture_open(&good, 1, &(struct hw_store_options){.no_sign_request = true});
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_s3_object_delete(fixture.client, "k", &err), err);
    const char *head = http_server_head(fixture.server, "DELETE", 0);
    assert_null(strstr(head, "Authorization"));
    assert_null(strstr(head, "x-amz-"));
    s3_fixture_close(&fixture);
}

static void session_tokens_are_sent(void **state) {
    (void)state;
    setenv("AWS_SESSION_TOKEN", "token-1", 1);
    struct s3_fixture fixture = s3_fixture_open(&good, 1, NULL);
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_s3_object_delete(fixture.client, "k", &err), err);
    assert_row_says("token", http_server_head(fixture.server, "DELETE", 0), "x-amz-security-token: token-1\r\n");
    assert_row_says("signed", http_server_head(fixture.server, "DELETE", 0), ";x-amz-security-token,");
    s3_fixture_close(&fixture);
    unsetenv("AWS_SESSION_TOKEN");
}

static void missing_keys_stop_before_the_network(void **state) {
    (void)state;
    unsetenv("AWS_ACCESS_KEY_ID");
    unsetenv("AWS_SECRET_ACCESS_KEY");
    struct s3_fixture fixture = s3_fixture_open(&good, 1, NULL);
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_s3_object_delete(fixture.client, "k", &err), HW_EAUTH);
    assert_int_equal(http_server_count(fixture.server, ""), 0);
    s3_fixture_close(&fixture);
    s3_fixture_environment();
}

static bool always(void *ctx) {
    (void)ctx;
    return true;
}

static void a_cancelled_client_does_not_try_again(void **state) {
    (void)state;
    const struct http_reply busy = {.status = 503, .times = -1};
    struct s3_fixture fixture = s3_fixture_open(&busy, 1, &(struct hw_store_options){.cancelled = always});
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_s3_object_delete(fixture.client, "k", &err), HW_ECANCELLED);
    assert_int_equal(http_server_count(fixture.server, "DELETE"), 1);
    s3_fixture_close(&fixture);
}

static void attempts_are_the_options(void **state) {
    (void)state;
    const struct http_reply busy = {.status = 503, .times = -1};
    for (uint32_t attempts = 1; attempts <= 5; attempts += 4) {
        struct s3_fixture fixture = s3_fixture_open(&busy, 1, &(struct hw_store_options){.attempts_max = attempts});
        struct hw_error err = HW_ERROR_INIT;
        assert_int_equal(hw_s3_object_delete(fixture.client, "k", &err), HW_ESERVER);
        assert_int_equal(http_server_count(fixture.server, "DELETE"), attempts);
        s3_fixture_close(&fixture);
    }
}

static void short_buckets_are_other_services(void **state) {
    (void)state;
    static const struct {
        const char *bucket;
        const char *endpoint_url;
        enum hw_status want;
    } buckets[] = {
        {"abc", NULL, HW_OK},
        {"ab", NULL, HW_EUSAGE},
        {"ab", "http://127.0.0.1:1", HW_OK},
        {"a", "http://127.0.0.1:1", HW_OK},
    };
    for (size_t i = 0; i < COUNT_OF(buckets); i++) {
        struct hw_s3_client *client = NULL;
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_store_options options = {.endpoint_url = buckets[i].endpoint_url};
        assert_row_int(buckets[i].bucket, hw_s3_client_new(&options, buckets[i].bucket, &client, &err),
                       buckets[i].want);
        assert_row_says(buckets[i].bucket, err.message, buckets[i].want ? "name its URL with --endpoint-url" : "");
        hw_s3_client_free(client);
    }
}

static void no_server_is_told_with_the_object(void **state) {
    (void)state;
    struct hw_s3_client *client = NULL;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(
        hw_s3_client_new(&(struct hw_store_options){.endpoint_url = "http://127.0.0.1:1"}, "bucket", &client, &err),
        err);
    assert_int_equal(hw_s3_object_delete(client, "k", &err), HW_ENETWORK);
    assert_row_says("message", err.message, "3 tries: DeleteObject: 127.0.0.1:1: no connection");
    assert_string_equal(err.object, "s3://bucket/k");
    hw_s3_client_free(client);
    assert_int_equal(
        hw_s3_client_new(&(struct hw_store_options){.endpoint_url = "gopher://x"}, "bucket", &client, &err),
        HW_ECONFIG);
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_of_requests_are_signed_in_each),
        cmocka_unit_test(a_key_of_a_customer_goes_over_https_only),
        cmocka_unit_test(requests_are_repeated_where_that_helps),
        cmocka_unit_test(services_are_obeyed_that_ask_to_wait),
        cmocka_unit_test(secrets_that_come_back_are_not_told),
        cmocka_unit_test(other_keys_are_taken_once),
        cmocka_unit_test(tries_below_the_client_are_counted),
        cmocka_unit_test(regions_are_changed_once),
        cmocka_unit_test(requests_in_the_clear_sign_their_body),
        cmocka_unit_test(anonymous_requests_are_not_signed),
        cmocka_unit_test(session_tokens_are_sent),
        cmocka_unit_test(missing_keys_stop_before_the_network),
        cmocka_unit_test(a_cancelled_client_does_not_try_again),
        cmocka_unit_test(attempts_are_the_options),
        cmocka_unit_test(short_buckets_are_other_services),
        cmocka_unit_test(no_server_is_told_with_the_object),
    };
    return cmocka_run_group_tests_name("s3/client", tests, environment_set, NULL);
}
