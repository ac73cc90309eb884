/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The provider that asks the agent of a container, as ECS, EKS and Greengrass have one:
 * AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or AWS_CONTAINER_CREDENTIALS_FULL_URI, with the token of
 * AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, which is read anew each time, or of
 * AWS_CONTAINER_AUTHORIZATION_TOKEN. Without TLS only this machine and the addresses of those
 * agents are asked. No proxy is used.
 */
#ifndef HW_AWS_CREDENTIALS_CONTAINER_H
#define HW_AWS_CREDENTIALS_CONTAINER_H

#include "aws/credentials_provider.h"

extern const struct hw_credentials_provider hw_credentials_container;

/*
 * Checks the URL of an agent: https, or http to a loopback address, 169.254.170.2, 169.254.170.23
 * or fd00:ec2::23. HW_ECONFIG says what is wrong with it.
 */
HW_NODISCARD enum hw_status hw_container_url_check(const char *url, struct hw_error *err);

#endif
