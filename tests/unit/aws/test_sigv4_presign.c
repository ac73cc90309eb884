/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/sigv4_presign.h"

#include "support/rows.h"

#define KEY_ID "AKIAIOSFODNN7EXAMPLE"
#define SECRET "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
#define AUTHORITY(region)                                                               \
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" KEY_ID "%2F20130524%2F" region \
    "%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires="

/*
 * The first is the example of the S3 API reference, "Authenticating Requests: Using Query
 * Parameters". The signatures of the others are those of botocore's S3SigV4QueryAuth.
 */
static const struct {
    const char *name;
    const char *region, *token, *path, *query;
    struct hw_sigv4_header headers[2];
    size_t headers_count;
    unsigned expires;
    const char *want;
} rows[] = {
    {"the example of S3",
     "us-east-1",
     "",
     "/test.txt",
     "",
     {{"Host", "examplebucket.s3.amazonaws.com"}},
     1,
     86400,
     AUTHORITY("us-east-1") "86400&X-Amz-SignedHeaders=host&X-Amz-Signature="
                            "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"},
    {"a session token",
     "eu-west-1",
     "tok/en+==",
     "/test.txt",
     "",
     {{"Host", "examplebucket.s3.amazonaws.com"}},
     1,
     1,
     AUTHORITY("eu-west-1") "1&X-Amz-SignedHeaders=host&X-Amz-Security-Token=tok%2Fen%2B%3D%3D&X-Amz-Signature="
                            "b4cacd29e2cc8b0b2fc3d4e79c219b8a0195e7ab27d9cff5ff05d0e063d6ef6f"},
    {"a query and an odd path",
     "us-east-1",
     "",
     "/a%20b/x%2By%25.bin",
     "versionId=v%2F1",
     {{"Host", "examplebucket.s3.amazonaws.com"}},
     1,
     604800,
     "versionId=v%2F1&" AUTHORITY("us-east-1") "604800&X-Amz-SignedHeaders=host&X-Amz-Signature="
                                               "c4e08f42117aa8b9e11e6fa2dc8f012ee0e74b1b1993889e5222fcdeadb29310"},
    {"another header",
     "us-east-1",
     "",
     "/k",
     "",
     {{"x-amz-request-payer", "requester"}, {"Host", "examplebucket.s3.amazonaws.com"}},
     2,
     60,
     AUTHORITY("us-east-1") "60&X-Amz-SignedHeaders=host%3Bx-amz-request-payer&X-Amz-Signature="
                            "48ae17a61ff4d17b933809d9e790f7c244075c5b76f1c3f7e9819482eb2bdde0"},
};

static struct hw_credentials keys_of(const char *token) {
    struct hw_credentials keys = {.access_key_id = KEY_ID, .secret_access_key = SECRET};
    memcpy(keys.session_token, token, strlen(token) + 1);
    return keys;
}

static void signatures_are_those_of_others(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_sigv4_request request = {
            .method = "GET",
            .path = rows[i].path,
            .query = rows[i].query,
            .headers = rows[i].headers,
            .headers_count = rows[i].headers_count,
        };
        const struct hw_sigv4_scope scope = {rows[i].region, "s3", "20130524T000000Z"};
        const struct hw_credentials keys = keys_of(rows[i].token);
        HW_AUTO(hw_buf) query = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_sigv4_presign(&request, &scope, &keys, rows[i].expires, &query, &err), err);
        assert_row_bytes(rows[i].name, query.data, query.size, rows[i].want, strlen(rows[i].want));
    }
}

/* As botocore's S3ExpressQueryAuth signs it. */
static void the_token_of_a_session_has_another_name(void **state) {
    (void)state;
    static const char want[] =
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" KEY_ID
        "%2F20130524%2Fus-west-2%2Fs3express%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=60"
        "&X-Amz-SignedHeaders=host&X-Amz-S3session-Token=tok%2Fen%2B%3D%3D&X-Amz-Signature="
        "910468270f839a4bdf7eff961d36e763afc04a88107f618784c92193ff5ce3ba";
    const struct hw_sigv4_header host = {"Host", "bkt--usw2-az1--x-s3.s3express-usw2-az1.us-west-2.amazonaws.com"};
    const struct hw_sigv4_request request = {
        .method = "GET", .path = "/k", .query = "", .headers = &host, .headers_count = 1};
    const struct hw_sigv4_scope scope = {
        .region = "us-west-2", .service = "s3express", .timestamp = "20130524T000000Z", .session = true};
    const struct hw_credentials keys = keys_of("tok/en+==");
    HW_AUTO(hw_buf) query = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_sigv4_presign(&request, &scope, &keys, 60, &query, &err), err);
    assert_row_bytes("session", query.data, query.size, want, sizeof(want) - 1);
}

/* The parameters of get-vanilla in AWS's test suite for Version 4A; each signature is another. */
static void several_regions_are_told(void **state) {
    (void)state;
    static const char want[] = "X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256&X-Amz-Credential=" KEY_ID
                               "%2F20150830%2Fservice%2Faws4_request&X-Amz-Date=20150830T123600Z&X-Amz-Expires=3600"
                               "&X-Amz-SignedHeaders=host&X-Amz-Region-Set=us-east-1&X-Amz-Signature=30";
    const struct hw_sigv4_header host = {"Host", "example.amazonaws.com"};
    const struct hw_sigv4_request request = {
        .method = "GET", .path = "/", .query = "", .headers = &host, .headers_count = 1};
    const struct hw_sigv4_scope scope = {
        .region = "us-east-1", .service = "service", .timestamp = "20150830T123600Z", .several_regions = true};
    const struct hw_credentials keys = keys_of("");
    HW_AUTO(hw_buf) query = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_sigv4_presign(&request, &scope, &keys, 3600, &query, &err), err);
    assert_row_bytes("regions", query.data, hw_min_size(query.size, sizeof(want) - 1), want, sizeof(want) - 1);
}

static const struct {
    const char *name;
    const char *key_id, *timestamp, *header;
    enum hw_status want;
} failures[] = {
    {"no credentials", "", "20130524T000000Z", "h", HW_EAUTH},
    {"another timestamp", KEY_ID, "2013-05-24", "h", HW_EUSAGE},
    {"a header with a line end", KEY_ID, "20130524T000000Z", "h\n", HW_EUSAGE},
};

static void what_cannot_be_signed_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(failures); i++) {
        const struct hw_sigv4_header host = {"Host", failures[i].header};
        const struct hw_sigv4_request request = {
            .method = "GET", .path = "/k", .query = "", .headers = &host, .headers_count = 1};
        const struct hw_sigv4_scope scope = {"us-east-1", "s3", failures[i].timestamp};
        struct hw_credentials keys = keys_of("");
        memcpy(keys.access_key_id, failures[i].key_id, strlen(failures[i].key_id) + 1);
        HW_AUTO(hw_buf) query = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(failures[i].name, hw_sigv4_presign(&request, &scope, &keys, 60, &query, &err), failures[i].want);
        assert_row_int(failures[i].name, query.size, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signatures_are_those_of_others),
        cmocka_unit_test(the_token_of_a_session_has_another_name),
        cmocka_unit_test(several_regions_are_told),
        cmocka_unit_test(what_cannot_be_signed_is_refused),
    };
    return cmocka_run_group_tests_name("aws/sigv4_presign", tests, NULL, NULL);
}
