/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/sigv4a.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "codec/checksum.h"
#include "codec/checksum_sha256.h"
#include "core/bytes_text.h"

#define ALGORITHM "AWS4-ECDSA-P256-SHA256"
#define SECRET_PREFIX "AWS4A"

enum { COUNTER_MAX = 254, SIGNATURE_DER_BYTES_MAX = 72 };

static_assert((int)HW_SHA256_BYTES == (int)HW_SIGV4A_KEY_BYTES, "a key is made of an HMAC");

static EVP_PKEY *private_key_new(const uint8_t key[HW_SIGV4A_KEY_BYTES]);

/*
 * The text of which HMACs are made: 1 as four bytes, the label, a NUL, the context, which is the id
 * of the key and a counter, and the length of the key in bits as four bytes. The counter goes up
 * until the HMAC is small enough for a key.
 */
enum hw_status hw_sigv4a_key_derive(const struct hw_credentials *credentials, uint8_t out_key[HW_SIGV4A_KEY_BYTES],
                                    struct hw_error *err) {
    static const char label[] = "\0\0\0\1" ALGORITHM; /* its NUL belongs to it */
    static const char bits[] = {0, 0, 1, 0};
    char secret[sizeof(SECRET_PREFIX) - 1 + sizeof(credentials->secret_access_key)] = SECRET_PREFIX;
    char input[sizeof(label) + sizeof(credentials->access_key_id) + 1 + sizeof(bits)];
    uint8_t hmac[HW_SHA256_BYTES];
    const size_t secret_bytes = strlen(credentials->secret_access_key);
    const size_t id_bytes = strlen(credentials->access_key_id);
    const size_t counter_at = sizeof(label) + id_bytes;
    bool found = false;

    memcpy(secret + sizeof(SECRET_PREFIX) - 1, credentials->secret_access_key, secret_bytes);
    memcpy(input, label, sizeof(label));
    memcpy(input + sizeof(label), credentials->access_key_id, id_bytes);
    memcpy(input + counter_at + 1, bits, sizeof(bits));
    for (unsigned counter = 1; !found && counter <= COUNTER_MAX; counter++) {
        input[counter_at] = (char)counter;
        hw_hmac_sha256(secret, sizeof(SECRET_PREFIX) - 1 + secret_bytes, input, counter_at + 1 + sizeof(bits), hmac);
        found = hw_sigv4a_key_of_hmac(hmac, out_key);
    }
    OPENSSL_cleanse(secret, sizeof(secret));
    OPENSSL_cleanse(hmac, sizeof(hmac));
    return found ? HW_OK : hw_fail(err, HW_EAUTH, "no key for signatures of several regions comes of the credentials");
}

bool hw_sigv4a_key_of_hmac(const uint8_t hmac[HW_SIGV4A_KEY_BYTES], uint8_t out_key[HW_SIGV4A_KEY_BYTES]) {
    static const uint8_t largest[HW_SIGV4A_KEY_BYTES] = {
        0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x4f,
    };
    uint32_t borrow = 0;
    uint32_t carry = 1;
    uint8_t sum[HW_SIGV4A_KEY_BYTES];

    for (size_t i = HW_SIGV4A_KEY_BYTES; i-- > 0;) {
        borrow = (((uint32_t)largest[i] - hmac[i] - borrow) >> 31) & 1;
        carry += hmac[i];
        sum[i] = (uint8_t)carry;
        carry >>= 8;
    }
    if (borrow == 0) {
        memcpy(out_key, sum, sizeof(sum));
    }
    OPENSSL_cleanse(sum, sizeof(sum));
    return borrow == 0;
}

enum hw_status hw_sigv4a_sign(const uint8_t key[HW_SIGV4A_KEY_BYTES], hw_view text,
                              char out_signature[HW_SIGV4A_SIGNATURE_BYTES], struct hw_error *err) {
    uint8_t der[SIGNATURE_DER_BYTES_MAX];
    size_t bytes = sizeof(der);
    EVP_PKEY *private_key = private_key_new(key);
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    const bool done = private_key && context &&
                      EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, private_key) == 1 &&
                      EVP_DigestSign(context, der, &bytes, (const uint8_t *)text.data, text.size) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(private_key);
    if (!done) {
        return hw_fail(err, HW_ENOMEM, "out of memory making a signature");
    }
    hw_hex(der, bytes, out_signature);
    return HW_OK;
}

/* Returns the key as the library has it; NULL when out of memory. */
static EVP_PKEY *private_key_new(const uint8_t key[HW_SIGV4A_KEY_BYTES]) {
    EVP_PKEY *private_key = NULL;
    BIGNUM *number = BN_secure_new();
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    OSSL_PARAM *params = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);

    if (number && builder && context && BN_bin2bn(key, HW_SIGV4A_KEY_BYTES, number) &&
        OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) == 1 &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, number) == 1) {
        params = OSSL_PARAM_BLD_to_param(builder);
    }
    if (params && EVP_PKEY_fromdata_init(context) == 1) {
        /* It leaves NULL behind where it fails. */
        (void)EVP_PKEY_fromdata(context, &private_key, EVP_PKEY_KEYPAIR, params);
    }
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(builder);
    EVP_PKEY_CTX_free(context);
    BN_clear_free(number);
    return private_key;
}
