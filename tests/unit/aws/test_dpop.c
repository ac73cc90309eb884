/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Header and claims are as botocore 1.44.8 writes them; the signature is judged by the public half.
 */
#include "aws/dpop.h"

#include <openssl/bio.h>
#include <openssl/ecdsa.h>
#include <openssl/pem.h>

#include "support/rows.h"
#include "unit/aws/dpop_key.h"

#define CLAIMS                                                                                               \
    "eyJodG0iOiJQT1NUIiwiaHR1IjoiaHR0cHM6Ly91cy1lYXN0LTEuc2lnbmluLmF3cy5hbWF6b24uY29tL3YxL3Rva2VuIiwiaWF0Ij" \
    "oxNDQwOTM4MTYwLCJqdGkiOiJpZC0xIn0"

/* Halves of a signature may begin with zeros, and one in 256 does. */
#ifdef HW_SANITIZED
enum { ROUNDS = 30 };
#else
enum { ROUNDS = 600 };
#endif

static void base64url_read(const char *text, uint8_t *out, size_t bytes) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    uint32_t bits = 0;
    unsigned held = 0;
    size_t count = 0;
    for (; *text; text++) {
        const char *at = strchr(letters, *text);
        assert_non_null(at);
        bits = bits << 6 | (uint32_t)(at - letters);
        held += 6;
        if (held >= 8) {
            held -= 8;
            assert_true(count < bytes);
            out[count++] = (uint8_t)(bits >> held);
        }
    }
    assert_int_equal(count, bytes);
}

static bool signature_is_good(const char *text, size_t text_bytes, const uint8_t halves[64]) {
    BIO *bio = BIO_new_mem_buf(DPOP_PUBLIC_KEY, -1);
    EVP_PKEY *key = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
    ECDSA_SIG *signature = ECDSA_SIG_new();
    uint8_t *der = NULL;
    ECDSA_SIG_set0(signature, BN_bin2bn(halves, 32, NULL), BN_bin2bn(halves + 32, 32, NULL));
    int der_bytes = i2d_ECDSA_SIG(signature, &der);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
                EVP_DigestVerify(context, der, (size_t)der_bytes, (const uint8_t *)text, text_bytes) == 1;
    EVP_MD_CTX_free(context);
    OPENSSL_free(der);
    ECDSA_SIG_free(signature);
    EVP_PKEY_free(key);
    BIO_free(bio);
    return good;
}

static void a_proof_is_signed(void **state) {
    (void)state;
    const struct hw_dpop dpop = {.key_pem = HW_VIEW(DPOP_KEY),
                                 .url = "https://us-east-1.signin.aws.amazon.com/v1/token",
                                 .id = "id-1",
                                 .issued_s = 1440938160};
    for (int round = 0; round < ROUNDS; round++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_buf proof = {0};
        uint8_t halves[64] = {0};
        assert_ok(hw_dpop_make(&dpop, &proof, &err), err);
        const char *text = (const char *)proof.data;
        assert_memory_equal(text, DPOP_HEADER "." CLAIMS ".", sizeof(DPOP_HEADER CLAIMS) + 1);
        const size_t signed_bytes = sizeof(DPOP_HEADER CLAIMS);
        base64url_read(text + signed_bytes + 1, halves, sizeof(halves));
        assert_true(signature_is_good(text, signed_bytes, halves));
        halves[5] ^= 1;
        assert_false(signature_is_good(text, signed_bytes, halves));
        hw_buf_release(&proof);
    }
}

static const struct {
    const char *name;
    const char *pem;
} bad_rows[] = {
    {"nothing", ""},
    {"no PEM", "sesame"},
    {"a public key", DPOP_PUBLIC_KEY},
    {"P-384", "-----BEGIN EC PRIVATE KEY-----\n"
              "MIGkAgEBBDCrXRi09uTGYHg9YTJz5xe6j24E6Z7opfyOm/wLE6nFW/WJIY7s0xxq\n"
              "CpbdIrjfmfigBwYFK4EEACKhZANiAASkK7bUP1rCaFlaB0kz4LFGgVGlBTwgo2gi\n"
              "u8Zfk5zOqq+QvMBHRvBP4tIzF0mQiI1sDPOx0uc9sbzkP0U4Y3SolYIF2PA7v9q2\n"
              "47sUx5CM45aRGeb9z1JDtgplf0Hanh8=\n"
              "-----END EC PRIVATE KEY-----\n"},
    {"with a password", "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
                        "DEK-Info: AES-128-CBC,EC7CC60FF7F39F47A3011CAE29A58A00\n\nAAAAAAAAAAAAAAAAAAAAAA==\n"
                        "-----END EC PRIVATE KEY-----\n"},
};

static void other_keys_are_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad_rows); i++) {
        const struct hw_dpop dpop = {.key_pem = hw_view_of(bad_rows[i].pem), .url = "https://x/", .id = "i"};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_buf proof = {0};
        assert_row_int(bad_rows[i].name, hw_dpop_make(&dpop, &proof, &err), HW_EAUTH);
        assert_row_text(bad_rows[i].name, err.message,
                        "the key of the login session is no private key on the curve P-256");
        hw_buf_release(&proof);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_proof_is_signed),
        cmocka_unit_test(other_keys_are_refused),
    };
    return cmocka_run_group_tests_name("aws/dpop", tests, NULL, NULL);
}
