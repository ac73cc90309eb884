/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/sigv4a.h"

#include <stdlib.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "aws/sigv4.h"
#include "codec/checksum.h"
#include "core/bytes_text.h"
#include "support/rows.h"

#define EMPTY_SHA256 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define TOKEN "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267"
#define FORM_SHA256 "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e"

enum { HEADERS_MAX = 7 };

/* The keys of AWS's test suite for Version 4A (aws-c-auth), and the public key that they have. */
static const struct hw_credentials suite_keys = {.access_key_id = "AKIDEXAMPLE",
                                                 .secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"};
static const char suite_public[] = "04"
                                   "b6618f6a65740a99e650b33b6b4b5bd0d43b176d721a3edfea7e7d2d56d936b1"
                                   "865ed22a7eadc9c5cb9d2cbaca1b3699139fedc5043dc6661864218330c8e518";
static const struct hw_sigv4_scope suite_scope = {.region = "us-east-1",
                                                  .service = "service",
                                                  .timestamp = "20150830T123600Z",
                                                  .normalise_path = true,
                                                  .several_regions = true};

static size_t hex_read(const char *hex, uint8_t *out, size_t out_bytes) {
    size_t bytes = 0;
    for (; hex[2 * bytes]; bytes++) {
        const char digits[3] = {hex[2 * bytes], hex[2 * bytes + 1], '\0'};
        assert_in_range(bytes, 0, out_bytes - 1);
        out[bytes] = (uint8_t)strtoul(digits, NULL, 16);
    }
    return bytes;
}

/* Returns whether a signature is one of the text by the owner of a public key, an encoded point. */
static bool signature_is_good(const char *public_key, hw_view text, const char *signature) {
    uint8_t point[65];
    uint8_t der[HW_SIGV4A_SIGNATURE_BYTES];
    const size_t point_bytes = hex_read(public_key, point, sizeof(point));
    const size_t der_bytes = hex_read(signature, der, sizeof(der));
    EVP_PKEY *key = NULL;
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *key_context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    assert_int_equal(OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0), 1);
    assert_int_equal(OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, point_bytes), 1);
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
    assert_int_equal(EVP_PKEY_fromdata_init(key_context), 1);
    assert_int_equal(EVP_PKEY_fromdata(key_context, &key, EVP_PKEY_PUBLIC_KEY, params), 1);
    assert_int_equal(EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key), 1);
    const bool good = EVP_DigestVerify(context, der, der_bytes, (const uint8_t *)text.data, text.size) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    EVP_PKEY_CTX_free(key_context);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(builder);
    return good;
}

/* The row that aws-c-auth shares with other programs of AWS (tests/key_derivation_tests.c). */
static void the_private_key_is_derived(void **state) {
    (void)state;
    static const struct hw_credentials keys = {.access_key_id = "AKISORANDOMAASORANDOM",
                                               .secret_access_key = "q+jcrXGc+0zWN6uzclKVhvMmUsIfRPa4rlRandom"};
    static const char public_key[] = "04"
                                     "15d242ceebf8d8169fd6a8b5a746c41140414c3b07579038da06af89190fffcb"
                                     "0515242cedd82e94799482e4c0514b505afccf2c0c98d6a553bf539f424c5ec0";
    struct hw_error err = HW_ERROR_INIT;
    uint8_t key[HW_SIGV4A_KEY_BYTES];
    char hex[2 * sizeof(key) + 1];
    char signature[HW_SIGV4A_SIGNATURE_BYTES];

    assert_ok(hw_sigv4a_key_derive(&keys, key, &err), err);
    hw_hex(key, sizeof(key), hex);
    assert_string_equal(hex, "7fd3bd010c0d9c292141c2b77bfbde1042c92e6836fff749d1269ec890fca1bd");
    assert_ok(hw_sigv4a_sign(key, HW_VIEW("text"), signature, &err), err);
    assert_true(signature_is_good(public_key, HW_VIEW("text"), signature));
    assert_false(signature_is_good(public_key, HW_VIEW("test"), signature));
    assert_false(signature_is_good(suite_public, HW_VIEW("text"), signature));
}

static void the_longest_keys_fit(void **state) {
    (void)state;
    struct hw_credentials keys = {0};
    struct hw_error err = HW_ERROR_INIT;
    uint8_t key[HW_SIGV4A_KEY_BYTES];
    memset(keys.access_key_id, 'F', sizeof(keys.access_key_id) - 1);
    memset(keys.secret_access_key, 's', sizeof(keys.secret_access_key) - 1);
    assert_ok(hw_sigv4a_key_derive(&keys, key, &err), err);
}

/* The order of P-256 is ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551. */
static const struct {
    const char *hmac;
    const char *key; /* NULL: none */
} hmac_rows[] = {
    {"0000000000000000000000000000000000000000000000000000000000000000",
     "0000000000000000000000000000000000000000000000000000000000000001"},
    {"00000000000000000000000000000000000000000000000000000000000000ff",
     "0000000000000000000000000000000000000000000000000000000000000100"},
    {"00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
     "0100000000000000000000000000000000000000000000000000000000000000"},
    {"ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254f",
     "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550"},
    {"ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550", NULL},
    {"ffffffff00000001000000000000000000000000000000000000000000000000", NULL},
    {"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", NULL},
};

static void keys_are_below_the_order_of_the_curve(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(hmac_rows); i++) {
        uint8_t hmac[HW_SIGV4A_KEY_BYTES];
        uint8_t key[HW_SIGV4A_KEY_BYTES] = {0};
        char hex[2 * sizeof(key) + 1];
        hex_read(hmac_rows[i].hmac, hmac, sizeof(hmac));
        assert_row_int(hmac_rows[i].hmac, hw_sigv4a_key_of_hmac(hmac, key), hmac_rows[i].key != NULL);
        hw_hex(key, sizeof(key), hex);
        assert_row_text(hmac_rows[i].hmac, hex, hmac_rows[i].key ? hmac_rows[i].key : hmac_rows[0].hmac);
    }
}

/* Cases of AWS's test suite. Their signatures are others than ours, but of the same texts. */
static const struct {
    const char *name;
    const char *method, *path, *query, *payload_sha256;
    struct hw_sigv4_header headers[HEADERS_MAX];
    const char *signed_headers;
    const char *request_sha256; /* of the canonical request */
    const char *signature;
} suite_rows[] = {
    {"get-vanilla",
     "GET",
     "/",
     "",
     EMPTY_SHA256,
     {{"Host", "example.amazonaws.com"}, {"X-Amz-Date", "20150830T123600Z"}, {"X-Amz-Region-Set", "us-east-1"}},
     "host;x-amz-date;x-amz-region-set",
     "cf59db423e841c8b7e3444158185aa261b724a5c27cbe762676f3eed19f4dc02",
     "3045022018b4e277d0281864beb51d3600e23f88510ea5031d68ddfbb68614b82a5eb7d2022100effb9c5f22ed9ef3ae0ab243d21f06bce8"
     "2365bbb79529a07b6888c343ae5f8c"},
    {"get-vanilla-with-session-token",
     "GET",
     "/",
     "",
     EMPTY_SHA256,
     {{"Host", "example.amazonaws.com"},
      {"X-Amz-Date", "20150830T123600Z"},
      {"X-Amz-Region-Set", "us-east-1"},
      {"X-Amz-Security-Token", TOKEN}},
     "host;x-amz-date;x-amz-region-set;x-amz-security-token",
     "79893373104239a0547df489af395ec3c1b8873a8601f07f11ffd3f1ac557e7d",
     "3044022035c6bc9a8cab8a434bd8bd1cc3b6f1401842f530f1537722ad10d72a1577f8c80220101352fe0720715efbab80f82edb133175f0"
     "b61cad85daf943ad615852f9ae10"},
    {"get-vanilla-query-order-encoded",
     "GET",
     "/",
     "Param-3=Value3&Param=Value2&%E1%88%B4=Value1",
     EMPTY_SHA256,
     {{"Host", "example.amazonaws.com"}, {"X-Amz-Date", "20150830T123600Z"}, {"X-Amz-Region-Set", "us-east-1"}},
     "host;x-amz-date;x-amz-region-set",
     "55568a29040b287c72015a5ab482d9aaceeb1e9881f3bc946378bc3d6079f6a5",
     "304402201c9d8aa856d87542e2fc29ccb3841bf604d7582a8ab2ca8e6c9e21c98693f35502207052f84ecd1dc8b6468a536e9d1bdc990cf1"
     "4bae8142c1cc945f15bcf0e87613"},
    {"post-x-www-form-urlencoded",
     "POST",
     "/",
     "",
     FORM_SHA256,
     {{"Content-Type", "application/x-www-form-urlencoded"},
      {"Host", "example.amazonaws.com"},
      {"Content-Length", "13"},
      {"X-Amz-Content-Sha256", FORM_SHA256},
      {"X-Amz-Date", "20150830T123600Z"},
      {"X-Amz-Region-Set", "us-east-1"}},
     "content-length;content-type;host;x-amz-content-sha256;x-amz-date;x-amz-region-set",
     "ba7fa291aefad463b308fdc89b33d852aea9fbcfa151d820117bd8189066cb91",
     "304402202dc0a1ca6ca9308bece143f48201f2500761a242ba6efc7857e1ba01a022e843022053f570cb5adf521df2f6732b5077becd86bc"
     "2073b30e9d48c2057851902c1c0e"},
};

/* Signs one case, with a key that is given or made on the way, and verifies its signature. */
static void suite_case(size_t row, const struct hw_sigv4_key *key) {
    const char *name = suite_rows[row].name;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) canonical = {0};
    HW_AUTO(hw_buf) names = {0};
    HW_AUTO(hw_buf) string = {0};
    HW_AUTO(hw_buf) want = {0};
    HW_AUTO(hw_buf) value = {0};
    struct hw_sigv4_request request = {
        .method = suite_rows[row].method,
        .path = suite_rows[row].path,
        .query = suite_rows[row].query,
        .headers = suite_rows[row].headers,
        .payload_sha256 = suite_rows[row].payload_sha256,
    };
    while (request.headers_count < HEADERS_MAX && request.headers[request.headers_count].name) {
        request.headers_count++;
    }

    assert_ok(hw_sigv4_canonical_request(&request, &suite_scope, &canonical, &names, &err), err);
    assert_ok(hw_sigv4_string_to_sign(hw_buf_view(&canonical), &suite_scope, &string, &err), err);
    assert_ok(hw_buf_printf(&want, &err, "AWS4-ECDSA-P256-SHA256\n20150830T123600Z\n20150830/service/aws4_request\n%s",
                            suite_rows[row].request_sha256),
              err);
    assert_row_bytes(name, string.data, string.size, want.data, want.size);
    assert_row_int(name, signature_is_good(suite_public, hw_buf_view(&string), suite_rows[row].signature), true);

    assert_ok(hw_sigv4_authorization(&request, &suite_scope, &suite_keys, key, &value, &err), err);
    assert_ok(hw_buf_end_text(&value, &err), err);
    hw_buf_clear(&want);
    assert_ok(hw_buf_printf(&want, &err,
                            "AWS4-ECDSA-P256-SHA256 Credential=AKIDEXAMPLE/20150830/service/aws4_request, "
                            "SignedHeaders=%s, Signature=",
                            suite_rows[row].signed_headers),
              err);
    assert_row_bytes(name, value.data, hw_min_size(value.size, want.size), want.data, want.size);
    const char *signature = (const char *)value.data + want.size;
    assert_row_int(name, signature_is_good(suite_public, hw_buf_view(&string), signature), true);
}

static void the_cases_of_aws_are_signed(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_sigv4_key key = {0};
    assert_ok(hw_sigv4_key_for(&key, &suite_scope, &suite_keys, 1, &err), err);
    for (size_t i = 0; i < COUNT_OF(suite_rows); i++) {
        suite_case(i, NULL);
        suite_case(i, &key);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_private_key_is_derived),
        cmocka_unit_test(the_longest_keys_fit),
        cmocka_unit_test(keys_are_below_the_order_of_the_curve),
        cmocka_unit_test(the_cases_of_aws_are_signed),
    };
    return cmocka_run_group_tests_name("aws/sigv4a", tests, NULL, NULL);
}
