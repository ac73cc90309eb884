/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The provider that runs the program of a profile (credential_process), which prints keys as JSON.
 * It is run without a shell, for a minute at most.
 */
#ifndef HW_AWS_CREDENTIALS_PROCESS_H
#define HW_AWS_CREDENTIALS_PROCESS_H

#include "aws/credentials_provider.h"

extern const struct hw_credentials_provider hw_credentials_process;

#endif
