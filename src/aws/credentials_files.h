/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The providers that read the keys that stand in a profile: of the shared credentials file, and of
 * the config file. HW_EAUTH where the profile has only one of a pair, or keys that no request can
 * hold.
 */
#ifndef HW_AWS_CREDENTIALS_FILES_H
#define HW_AWS_CREDENTIALS_FILES_H

#include "aws/credentials_provider.h"

extern const struct hw_credentials_provider hw_credentials_credentials_file;
extern const struct hw_credentials_provider hw_credentials_config_file;

#endif
