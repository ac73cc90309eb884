/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Presigned requests: the signature stands in the query, so that whoever has the address can send
 * the request until it expires. Pure functions.
 */
#ifndef HW_AWS_SIGV4_PRESIGN_H
#define HW_AWS_SIGV4_PRESIGN_H

#include "aws/sigv4.h"

/*
 * Makes the query of a presigned request: that of `request`, and behind it what the signature needs
 * and the signature. Every header of the request is signed, and so has to be sent with it as it is;
 * "Host" must be among them. The session token is in the query, if there is one. The payload is not
 * signed, whatever `request` says of it. The result is a secret as long as it holds; it is not
 * ended with NUL. HW_EAUTH means that `credentials` are empty; the other failures are those of
 * aws/sigv4.h.
 */
HW_NODISCARD enum hw_status hw_sigv4_presign(const struct hw_sigv4_request *request, const struct hw_sigv4_scope *scope,
                                             const struct hw_credentials *credentials, unsigned expires_seconds,
                                             struct hw_buf *out_query, struct hw_error *err);

#endif
