/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The chain of providers, which are asked in the order of the AWS SDKs until one has keys:
 * environment, role of the profile, web identity, IAM Identity Center (SSO), credentials file,
 * login session, process, config file, container, instance metadata. A profile that is chosen by
 * option leaves the environment out. A further provider is one more file and one more row.
 */
#ifndef HW_AWS_CREDENTIALS_CHAIN_H
#define HW_AWS_CREDENTIALS_CHAIN_H

#include <hawser/store.h>

#include "aws/credentials.h"

/*
 * Finds the keys; with no_sign_request nobody is asked, and the result is anonymous. Of `options`,
 * which may be NULL, profile, region, ca_bundle and cancelled count. HW_EAUTH where nobody has keys
 * (the message names every provider that was asked and what to do), where they are incomplete or
 * unusable, or where a service refuses them. HW_ECONFIG for a profile that does not exist, a config
 * file that cannot be read or settings that contradict each other. HW_ECANCELLED where it was told
 * to stop. Failures of a network and of services as hw_credentials_http_send has them. No secret
 * enters an error. Reads the environment and the files at each call, and may wait for services:
 * never on a network thread.
 */
HW_NODISCARD enum hw_status hw_credentials_find(const struct hw_store_options *options,
                                                struct hw_credentials *out_credentials, struct hw_error *err);

#endif
