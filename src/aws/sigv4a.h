/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signature Version 4A signs with ECDSA over the curve P-256 and SHA-256, so one signature is good
 * for several regions. The private key is derived from the credentials. aws/sigv4.h makes what is
 * signed.
 */
#ifndef HW_AWS_SIGV4A_H
#define HW_AWS_SIGV4A_H

#include "aws/credentials.h"
#include "core/error.h"

enum {
    HW_SIGV4A_KEY_BYTES = 32,
    /* The DER encoding of a signature in hex, with the NUL: two numbers of 33 bytes, and 6 more. */
    HW_SIGV4A_SIGNATURE_BYTES = 2 * 72 + 1,
};

/*
 * Derives the private key, by the counter mode of NIST SP 800-108 with HMAC-SHA-256: a number, most
 * significant byte first. It is as secret as the credentials. HW_EAUTH if none can be derived,
 * which has a chance of 2^-8000.
 */
HW_NODISCARD enum hw_status hw_sigv4a_key_derive(const struct hw_credentials *credentials,
                                                 uint8_t out_key[HW_SIGV4A_KEY_BYTES], struct hw_error *err);

/*
 * Makes the key of an HMAC: one more than it. Returns false if the HMAC is larger than the order of
 * the curve minus 2; `out_key` is then untouched. The time that it takes tells nothing else.
 */
bool hw_sigv4a_key_of_hmac(const uint8_t hmac[HW_SIGV4A_KEY_BYTES], uint8_t out_key[HW_SIGV4A_KEY_BYTES]);

/* Signs a text. Two signatures of the same text differ. HW_ENOMEM if the library has no memory. */
HW_NODISCARD enum hw_status hw_sigv4a_sign(const uint8_t key[HW_SIGV4A_KEY_BYTES], hw_view text,
                                           char out_signature[HW_SIGV4A_SIGNATURE_BYTES], struct hw_error *err);

#endif
