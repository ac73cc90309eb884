/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The provider that asks IAM Identity Center (SSO) for the keys of a role, with the token that
 * `aws sso login` has left: of an sso-session section, or in the older form with sso_start_url and
 * sso_region in the profile.
 */
#ifndef HW_AWS_CREDENTIALS_SSO_H
#define HW_AWS_CREDENTIALS_SSO_H

#include "aws/credentials_provider.h"

extern const struct hw_credentials_provider hw_credentials_sso;

#endif
