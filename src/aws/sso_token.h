/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The token that `aws sso login` has left in ~/.aws/sso/cache, and its renewal while the
 * registration that came with it is good.
 */
#ifndef HW_AWS_SSO_TOKEN_H
#define HW_AWS_SSO_TOKEN_H

#include "aws/credentials_provider.h"
#include "aws/secret.h"

/* The owner of a token. */
struct hw_sso_session {
    hw_view name;      /* of an sso-session section; empty: the older form, which is not renewed */
    hw_view start_url; /* of the portal */
    const char *region;
};

/*
 * Finds the token of a session, ended with NUL. One that is about to expire is renewed, which asks
 * the token service and replaces the cached file. HW_EAUTH where there is none that is good: the
 * message says `aws sso login`.
 */
HW_NODISCARD enum hw_status hw_sso_token_find(const struct hw_credentials_request *request,
                                              const struct hw_sso_session *session, struct hw_secret *out_token,
                                              struct hw_error *err);

/* Adds to a message the command that makes a new token. */
void hw_sso_login_advise(const struct hw_credentials_request *request, const struct hw_sso_session *session,
                         struct hw_error *err);

#endif
