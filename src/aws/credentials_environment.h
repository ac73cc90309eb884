/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The provider that reads AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or
 * AWS_SECURITY_TOKEN, its older name. It has nothing where a profile was chosen by option.
 */
#ifndef HW_AWS_CREDENTIALS_ENVIRONMENT_H
#define HW_AWS_CREDENTIALS_ENVIRONMENT_H

#include "aws/credentials_provider.h"

extern const struct hw_credentials_provider hw_credentials_environment;

#endif
