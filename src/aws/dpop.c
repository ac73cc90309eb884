/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/dpop.h"

#include <limits.h>

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "aws/credentials_json.h"

/* A coordinate of the curve, and each half of a signature. */
enum { NUMBER_BYTES = 32, SIGNATURE_BYTES = 2 * NUMBER_BYTES, DER_BYTES_MAX = 80, CURVE_NAME_BYTES = 32 };

static EVP_PKEY *key_read(hw_view pem);
static enum hw_status header_append(const EVP_PKEY *key, struct hw_buf *out, struct hw_error *err);
static enum hw_status claims_append(const struct hw_dpop *dpop, struct hw_buf *out, struct hw_error *err);
static bool sign(EVP_PKEY *key, hw_view text, uint8_t out[SIGNATURE_BYTES]);
static enum hw_status base64url_append(const uint8_t *data, size_t bytes, struct hw_buf *out, struct hw_error *err);

static enum hw_status proof_make(EVP_PKEY *key, const struct hw_dpop *dpop, struct hw_buf *out, struct hw_error *err) {
    uint8_t signature[SIGNATURE_BYTES];
    const size_t start = out->size;

    HW_TRY(header_append(key, out, err));
    HW_TRY(hw_buf_append_byte(out, '.', err));
    HW_TRY(claims_append(dpop, out, err));
    if (!sign(key, (hw_view){(const char *)out->data + start, out->size - start}, signature)) {
        return hw_fail(err, HW_EFAILED, "libcrypto cannot sign with the key of the login session");
    }
    HW_TRY(hw_buf_append_byte(out, '.', err));
    HW_TRY(base64url_append(signature, sizeof(signature), out, err));
    return hw_buf_end_text(out, err);
}

enum hw_status hw_dpop_make(const struct hw_dpop *dpop, struct hw_buf *out, struct hw_error *err) {
    EVP_PKEY *key = key_read(dpop->key_pem);
    ERR_clear_error();
    if (!key) {
        return hw_fail(err, HW_EAUTH, "the key of the login session is no private key on the curve P-256");
    }
    enum hw_status status = proof_make(key, dpop, out, err);
    EVP_PKEY_free(key);
    return status;
}

/* libcrypto would ask a terminal for the password of a key. */
static int no_password(char *out, int bytes, int writing, void *ctx) {
    (void)out, (void)bytes, (void)writing, (void)ctx;
    return -1;
}

static EVP_PKEY *key_read(hw_view pem) {
    char curve[CURVE_NAME_BYTES] = "";
    size_t curve_bytes = 0;
    BIO *bio = pem.size <= INT_MAX ? BIO_new_mem_buf(pem.data, (int)pem.size) : NULL;
    EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL) : NULL;

    BIO_free(bio);
    if (key && EVP_PKEY_get_group_name(key, curve, sizeof(curve), &curve_bytes) == 1 &&
        strcmp(curve, "prime256v1") == 0) {
        return key;
    }
    EVP_PKEY_free(key);
    return NULL;
}

static enum hw_status json_append(json_t *json, struct hw_buf *out, struct hw_error *err);
static bool coordinate_get(const EVP_PKEY *key, const char *name, uint8_t out[NUMBER_BYTES]);

static enum hw_status header_append(const EVP_PKEY *key, struct hw_buf *out, struct hw_error *err) {
    static const char *const names[] = {OSSL_PKEY_PARAM_EC_PUB_X, OSSL_PKEY_PARAM_EC_PUB_Y};
    struct hw_buf texts[2] = {0};
    enum hw_status status = HW_OK;

    for (size_t i = 0; i < COUNT_OF(names) && status == HW_OK; i++) {
        uint8_t number[NUMBER_BYTES];
        status = coordinate_get(key, names[i], number)
                     ? base64url_append(number, sizeof(number), &texts[i], err)
                     : hw_fail(err, HW_EAUTH, "the key of the login session has no public half");
        status = status ? status : hw_buf_end_text(&texts[i], err);
    }
    if (status == HW_OK) {
        status = json_append(json_pack("{s:s, s:s, s:{s:s, s:s, s:s, s:s}}", "typ", "dpop+jwt", "alg", "ES256", "jwk",
                                       "kty", "EC", "x", (const char *)texts[0].data, "y", (const char *)texts[1].data,
                                       "crv", "P-256"),
                             out, err);
    }
    hw_buf_release(&texts[0]);
    hw_buf_release(&texts[1]);
    return status;
}

static bool coordinate_get(const EVP_PKEY *key, const char *name, uint8_t out[NUMBER_BYTES]) {
    BIGNUM *number = NULL;
    const bool good =
        EVP_PKEY_get_bn_param(key, name, &number) == 1 && BN_bn2binpad(number, out, NUMBER_BYTES) == NUMBER_BYTES;
    BN_free(number);
    return good;
}

static enum hw_status claims_append(const struct hw_dpop *dpop, struct hw_buf *out, struct hw_error *err) {
    return json_append(json_pack("{s:s, s:s, s:I, s:s}", "htm", "POST", "htu", dpop->url, "iat",
                                 (json_int_t)dpop->issued_s, "jti", dpop->id),
                       out, err);
}

/* Appends it as base64url; takes the reference. */
static enum hw_status json_append(json_t *json, struct hw_buf *out, struct hw_error *err) {
    HW_AUTO(hw_secret_json) owned = {json};
    HW_AUTO(hw_buf) text = {0};
    if (!owned.object) {
        return hw_fail(err, HW_ENOMEM, "out of memory while JSON was made");
    }
    HW_TRY(hw_secret_json_write(owned.object, &text, err));
    return base64url_append(text.data, text.size, out, err);
}

static bool halves_take(const uint8_t *der, size_t bytes, uint8_t out[SIGNATURE_BYTES]);

static bool sign(EVP_PKEY *key, hw_view text, uint8_t out[SIGNATURE_BYTES]) {
    uint8_t der[DER_BYTES_MAX];
    size_t bytes = sizeof(der);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const bool good = context && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
                      EVP_DigestSign(context, der, &bytes, (const uint8_t *)text.data, text.size) == 1 &&
                      halves_take(der, bytes, out);
    EVP_MD_CTX_free(context);
    return good;
}

/* JSON Web Signatures have both numbers one after the other, and not as ASN.1. */
static bool halves_take(const uint8_t *der, size_t bytes, uint8_t out[SIGNATURE_BYTES]) {
    ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &der, (long)bytes);
    const bool good = signature && BN_bn2binpad(ECDSA_SIG_get0_r(signature), out, NUMBER_BYTES) == NUMBER_BYTES &&
                      BN_bn2binpad(ECDSA_SIG_get0_s(signature), out + NUMBER_BYTES, NUMBER_BYTES) == NUMBER_BYTES;
    ECDSA_SIG_free(signature);
    return good;
}

/* RFC 4648, section 5, without padding. */
static enum hw_status base64url_append(const uint8_t *data, size_t bytes, struct hw_buf *out, struct hw_error *err) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (size_t at = 0; at < bytes; at += 3) {
        const size_t left = hw_min_size(bytes - at, 3);
        const uint32_t group =
            (uint32_t)data[at] << 16 | (left > 1 ? (uint32_t)data[at + 1] << 8 : 0) | (left > 2 ? data[at + 2] : 0);
        for (size_t i = 0; i <= left; i++) {
            HW_TRY(hw_buf_append_byte(out, (uint8_t)letters[group >> (18 - 6 * i) & 63], err));
        }
    }
    return HW_OK;
}
