/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The provider that asks the metadata service of an EC2 instance (IMDS) for the keys of its role:
 * first for a token (IMDSv2), and without one only where the service has none and IMDSv1 is not
 * disabled. No proxy is used, and each try takes a second at most, so that a machine without the
 * service is told soon. A service that is not there, has no role or sends something else has no
 * keys; that is no error.
 */
#ifndef HW_AWS_CREDENTIALS_INSTANCE_H
#define HW_AWS_CREDENTIALS_INSTANCE_H

#include "aws/credentials_provider.h"

extern const struct hw_credentials_provider hw_credentials_instance;

#endif
