/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The provider that shows STS the token of a web identity: of the environment
 * (AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN, AWS_ROLE_SESSION_NAME), or of the profile. The file
 * is read anew each time, because its token is renewed by others.
 */
#ifndef HW_AWS_CREDENTIALS_WEB_IDENTITY_H
#define HW_AWS_CREDENTIALS_WEB_IDENTITY_H

#include "aws/credentials_provider.h"

extern const struct hw_credentials_provider hw_credentials_web_identity;

#endif
