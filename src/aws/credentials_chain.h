/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The chain of providers, which are asked in the order of the AWS SDKs until one has keys: the
 * environment, then the shared config and credentials files. A profile that is chosen by option
 * leaves the environment out.
 *
 * A further provider (assumed role, web identity, SSO, process, container, IMDS) is one more file
 * and one more row. Settings that ask for such keys are an error that names them.
 */
#ifndef HW_AWS_CREDENTIALS_CHAIN_H
#define HW_AWS_CREDENTIALS_CHAIN_H

#include <hawser/store.h>

#include "aws/credentials.h"

/*
 * Finds the keys; with no_sign_request nobody is asked, and the result is anonymous. `options` may
 * be NULL. HW_EAUTH where nobody has keys (the message names every provider that was asked and what
 * to do), where they are incomplete or unusable, or where a provider is asked for that is not built
 * in. HW_ECONFIG for a profile that does not exist or a config file that cannot be read. No secret
 * enters an error. Reads the environment and the files at each call.
 */
HW_NODISCARD enum hw_status hw_credentials_find(const struct hw_store_options *options,
                                                struct hw_credentials *out_credentials, struct hw_error *err);

#endif
