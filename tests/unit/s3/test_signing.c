/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/signing.h"

#include "s3/request_bucket.h"
#include "s3/request_read.h"
#include "support/rows.h"

#define KEY_ID "AKIAIOSFODNN7EXAMPLE"

static const struct hw_credentials keys = {.access_key_id = KEY_ID,
                                           .secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};

/*
 * Signs the example "GET Object" of the S3 API reference, which has the header Range alone, and
 * writes the request as text.
 */
static enum hw_status example_sign(struct hw_s3_signing *signing, const char *key, struct hw_buf *out,
                                   struct hw_error *err) {
    static const char sha256[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    HW_AUTO(hw_s3_request) request = {0};
    HW_AUTO(hw_s3_signed) wire = {0};
    struct hw_error own = HW_ERROR_INIT;
    const struct hw_s3_range range = {.bytes = 10};
    if (key) {
        assert_ok(hw_s3_request_get(&request, key, &range, &own), own);
        request.headers.count = 1;
    } else {
        assert_ok(hw_s3_request_list(&request, &(struct hw_s3_list_params){.prefix = ""}, &own), own);
    }
    const struct hw_sigv4_scope scope = hw_s3_signing_scope(signing);
    if (signing->token_header) {
        assert_ok(hw_sigv4_key_for(&signing->key, &scope, &signing->keys, 1, &own), own);
    }
    HW_TRY(hw_s3_request_sign(&request, signing, sha256, &wire, err));
    HW_TRY(hw_buf_printf(out, err, "%s\n", (const char *)wire.url.data));
    for (size_t i = 0; i < wire.headers.count; i++) {
        HW_TRY(hw_buf_printf(out, err, "%s: %s\n", wire.headers.items[i].name, wire.headers.items[i].value));
    }
    return hw_buf_printf(out, err, "%s", wire.signature);
}

static struct hw_s3_signing example(void) {
    return (struct hw_s3_signing){
        .endpoint = {.tls = true,
                     .host = "examplebucket.s3.amazonaws.com",
                     .signing_name = "s3",
                     .signing_region = "us-east-1"},
        .token_header = "x-amz-security-token",
        .keys = keys,
        .timestamp = "20130524T000000Z",
    };
}

/* The signature is the one of the reference. */
static void the_example_is_signed(void **state) {
    (void)state;
    static const char want[] =
        "https://examplebucket.s3.amazonaws.com/test.txt\n"
        "Host: examplebucket.s3.amazonaws.com\n"
        "Range: bytes=0-9\n"
        "x-amz-content-sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
        "x-amz-date: 20130524T000000Z\n"
        "Authorization: AWS4-HMAC-SHA256 Credential=" KEY_ID "/20130524/us-east-1/s3/aws4_request, "
        "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41\n"
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";
    struct hw_s3_signing signing = example();
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) text = {0};
    assert_ok(example_sign(&signing, "test.txt", &text, &err), err);
    assert_row_bytes("example", text.data, text.size, want, sizeof(want) - 1);
}

/* Each changes the example, and its request has or has not a part then. */
static const struct {
    const char *name;
    const char *token_header, *token, *signing_name, *path;
    enum hw_endpoint_auth auth;
    bool bucket;
    const char *has[3];
    const char *has_not;
} rows[] = {
    {"anonymous", NULL, "token", "s3", "", HW_ENDPOINT_SIGV4, false, {"Range: bytes=0-9\n"}, "x-amz-"},
    {"a token",
     "x-amz-security-token",
     "tok",
     "s3",
     "",
     HW_ENDPOINT_SIGV4,
     false,
     {"x-amz-security-token: tok\n", "x-amz-date;x-amz-security-token, "},
     "region-set"},
    {"a session",
     "x-amz-s3session-token",
     "tok",
     "s3express",
     "",
     HW_ENDPOINT_EXPRESS_SESSION,
     false,
     {"x-amz-s3session-token: tok\n", "x-amz-date;x-amz-s3session-token, ", "/us-east-1/s3express/aws4_request"},
     "security-token"},
    {"several regions",
     "x-amz-security-token",
     "",
     "s3",
     "",
     HW_ENDPOINT_SIGV4A,
     false,
     {"x-amz-region-set: us-east-1\n", "Authorization: AWS4-ECDSA-P256-SHA256 Credential=" KEY_ID "/20130524/s3/aws4",
      "x-amz-date;x-amz-region-set, Signature=30"},
     "HMAC"},
    {"a bucket before the host",
     "x-amz-security-token",
     "",
     "s3",
     "",
     HW_ENDPOINT_SIGV4,
     true,
     {"https://examplebucket.s3.amazonaws.com/?list-type=2&encoding-type=url\n"},
     "com?"},
    {"a bucket in the path",
     "x-amz-security-token",
     "",
     "s3",
     "/base/b",
     HW_ENDPOINT_SIGV4,
     true,
     {"https://examplebucket.s3.amazonaws.com/base/b?list-type=2&encoding-type=url\n"},
     "b/?"},
};

static void requests_go_as_the_endpoint_asks(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_s3_signing signing = example();
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) text = {0};
        signing.token_header = rows[i].token_header;
        memcpy(signing.keys.session_token, rows[i].token, strlen(rows[i].token) + 1);
        memcpy(signing.endpoint.path, rows[i].path, strlen(rows[i].path) + 1);
        signing.endpoint.signing_name = rows[i].signing_name;
        signing.endpoint.auth = rows[i].auth;
        assert_ok(example_sign(&signing, rows[i].bucket ? NULL : "test.txt", &text, &err), err);
        assert_ok(hw_buf_end_text(&text, &err), err);
        for (size_t n = 0; n < COUNT_OF(rows[i].has) && rows[i].has[n]; n++) {
            assert_row_says(rows[i].name, (const char *)text.data, rows[i].has[n]);
        }
        assert_null(strstr((const char *)text.data, rows[i].has_not));
    }
}

static void keys_are_needed_and_wiped(void **state) {
    (void)state;
    struct hw_s3_signing signing = example();
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) text = {0};
    signing.keys = (struct hw_credentials){0};
    assert_int_equal(example_sign(&signing, "test.txt", &text, &err), HW_EAUTH);
    assert_row_says("no keys", err.message, "there are no credentials");
    signing = example();
    signing.key.bytes[0] = 1;
    hw_s3_signing_wipe(&signing);
    assert_int_equal(signing.keys.secret_access_key[0], 0);
    assert_int_equal(signing.key.bytes[0], 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_is_signed),
        cmocka_unit_test(requests_go_as_the_endpoint_asks),
        cmocka_unit_test(keys_are_needed_and_wiped),
    };
    return cmocka_run_group_tests_name("s3/signing", tests, NULL, NULL);
}
