/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The provider that takes on the role of a profile (role_arn), with the keys of another profile
 * (source_profile, which may take on a role too) or of a provider (credential_source).
 */
#ifndef HW_AWS_CREDENTIALS_ASSUME_ROLE_H
#define HW_AWS_CREDENTIALS_ASSUME_ROLE_H

#include "aws/credentials_provider.h"

extern const struct hw_credentials_provider hw_credentials_assume_role;

#endif
