/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The proof of possession (DPoP, RFC 9449) that a token is renewed with: a JSON Web Token, signed
 * by ES256 with a key on the curve P-256.
 */
#ifndef HW_AWS_DPOP_H
#define HW_AWS_DPOP_H

#include "core/buf.h"

struct hw_dpop {
    hw_view key_pem;  /* the private key, a secret */
    const char *url;  /* that the token is asked for at, by POST */
    const char *id;   /* of the proof, used once */
    int64_t issued_s; /* seconds since 1970 UTC */
};

/*
 * Appends the value of the header DPoP, ended with NUL. HW_EAUTH where the key is none of P-256.
 * The key does not enter an error.
 */
HW_NODISCARD enum hw_status hw_dpop_make(const struct hw_dpop *dpop, struct hw_buf *out, struct hw_error *err);

#endif
