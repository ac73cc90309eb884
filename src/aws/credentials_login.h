/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The provider that takes the keys which `aws login` has left for the login_session of a profile,
 * and renews them at AWS Sign-In when they are about to expire.
 */
#ifndef HW_AWS_CREDENTIALS_LOGIN_H
#define HW_AWS_CREDENTIALS_LOGIN_H

#include "aws/credentials_provider.h"

extern const struct hw_credentials_provider hw_credentials_login;

#endif
