/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/presign.h"

#include <stdlib.h>

#include "core/clock.h"
#include "core/limits.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

/* 2013-05-24T00:00:00Z */
static int64_t fixed_now_us(void *ctx) {
    (void)ctx;
    return INT64_C(1369353600000000);
}

static int64_t fixed_monotonic_us(void *ctx) {
    (void)ctx;
    return 1;
}

static void no_sleep(void *ctx, int64_t ms) {
    (void)ctx;
    (void)ms;
}

static const struct hw_clock fixed = {fixed_now_us, fixed_monotonic_us, no_sleep, NULL};

static struct hw_s3_client *client_make(bool anonymous) {
    const struct hw_store_options options = {.endpoint_url = "http://127.0.0.1:9000", .no_sign_request = anonymous};
    struct hw_s3_client *client;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_s3_client_new(&options, "bucket", &client, &err), err);
    return client;
}

/* The signature is that of botocore's S3SigV4QueryAuth for the same address and time. */
static void an_address_is_signed(void **state) {
    (void)state;
    struct hw_s3_client *client = client_make(false);
    HW_AUTO(hw_buf) url = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_s3_presign(client, "a b/\xc3\xa9+%?#", NULL, 60, &url, &err), err);
    assert_string_equal((const char *)url.data,
                        "http://127.0.0.1:9000/bucket/a%20b/%C3%A9%2B%25%3F%23?X-Amz-Algorithm=AWS4-HMAC-SHA256"
                        "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                        "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature="
                        "9c3c8ba217d280b9d330442bf488cdb02a98a35e8a08e080816eb53815a49c41");
    assert_ok(hw_s3_presign(client, "k", "v/1", 60, &url, &err), err);
    assert_string_equal((const char *)url.data,
                        "http://127.0.0.1:9000/bucket/k?versionId=v%2F1&X-Amz-Algorithm=AWS4-HMAC-SHA256"
                        "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                        "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature="
                        "147d0251af2f7d3db0d6558edc3c07c3d17d6177b8225bd99ac4e39b396e0c4b");
    hw_s3_client_free(client);
}

static const struct {
    const char *name;
    const char *key;
    uint64_t seconds;
    bool anonymous;
    enum hw_status want;
    const char *says;
} rows[] = {
    {"a second", "k", 1, false, HW_OK, ""},
    {"seven days", "k", HW_S3_PRESIGN_SECONDS_MAX, false, HW_OK, ""},
    {"no time", "k", 0, false, HW_EUSAGE, "1 second to 7 days"},
    {"more than seven days", "k", HW_S3_PRESIGN_SECONDS_MAX + 1, false, HW_EUSAGE, "not for 604801 seconds"},
    {"no key", "", 60, false, HW_EUSAGE, "an object needs a name"},
    {"no credentials", "k", 60, true, HW_EAUTH, "requests are anonymous"},
};

static void addresses_have_limits(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_s3_client *client = client_make(rows[i].anonymous);
        HW_AUTO(hw_buf) url = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].name, hw_s3_presign(client, rows[i].key, NULL, rows[i].seconds, &url, &err),
                       rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_int(rows[i].name, url.size > 0, rows[i].want == HW_OK);
        hw_s3_client_free(client);
    }
}

/* A session holds until 00:05:00, five minutes after the time of the tests. */
static void addresses_in_directory_buckets_hold_as_long_as_a_session(void **state) {
    (void)state;
    const struct http_reply session = {
        .times = -1,
        .status = 200,
        .body = "<CreateSessionResult><Credentials><SessionToken>tok</SessionToken><SecretAccessKey>s</SecretAccessKey>"
                "<AccessKeyId>ASIA</AccessKeyId><Expiration>2013-05-24T00:05:00Z</Expiration></Credentials>"
                "</CreateSessionResult>"};
    struct http_server *server = http_server_start(&session, 1);
    const struct hw_store_options options = {.endpoint_url = http_server_url(server)};
    struct hw_s3_client *client = NULL;
    HW_AUTO(hw_buf) url = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_s3_client_new(&options, "bkt--usw2-az1--x-s3", &client, &err), err);
    assert_ok(hw_s3_presign(client, "k", NULL, 300, &url, &err), err);
    assert_row_says("token", (const char *)url.data, "&X-Amz-S3session-Token=tok&X-Amz-Signature=");
    assert_row_says("key", (const char *)url.data, "X-Amz-Credential=ASIA%2F20130524%2Fus-east-1%2Fs3express%2F");
    assert_int_equal(hw_s3_presign(client, "k", NULL, 301, &url, &err), HW_EUSAGE);
    assert_row_says("longer", err.message, "as a session, which ends in 300 seconds, not for 301");
    hw_s3_client_free(client);
    http_server_stop(server);
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", 1);
    hw_clock_set(&fixed);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_signed),
        cmocka_unit_test(addresses_have_limits),
        cmocka_unit_test(addresses_in_directory_buckets_hold_as_long_as_a_session),
    };
    return cmocka_run_group_tests_name("s3/presign", tests, environment_set, NULL);
}
