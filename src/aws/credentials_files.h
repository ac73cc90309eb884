/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The provider that reads a profile of the shared config and credentials files. It fails with
 * HW_ECONFIG where a chosen profile is not there or the config file cannot be read, and with
 * HW_EAUTH where the credentials file cannot be read or the profile asks for keys of another kind
 * (a role, SSO, a process), which are not built in.
 */
#ifndef HW_AWS_CREDENTIALS_FILES_H
#define HW_AWS_CREDENTIALS_FILES_H

#include "aws/credentials_provider.h"

extern const struct hw_credentials_provider hw_credentials_files;

#endif
