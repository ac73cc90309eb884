/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything but keys that says how S3 is reached, from options, environment and profile, in this
 * order, as the AWS CLI resolves it.
 */
#ifndef HW_AWS_SETTINGS_H
#define HW_AWS_SETTINGS_H

#include <limits.h>

#include <hawser/store.h>

#include "core/error.h"

struct hw_aws_settings {
    char profile[256];             /* its name */
    char region[64];               /* AWS_REGION, AWS_DEFAULT_REGION, region; us-east-1 */
    char endpoint_url[1280];       /* "": AWS's own. AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, services.s3.endpoint_url,
                                      endpoint_url; the option alone counts where AWS_IGNORE_CONFIGURED_ENDPOINT_URLS
                                      or ignore_configured_endpoint_urls is true */
    char ca_bundle[PATH_MAX];      /* "": the system's. AWS_CA_BUNDLE, ca_bundle */
    enum hw_addressing addressing; /* s3.addressing_style: auto, path, virtual */
    uint32_t attempts_max;         /* AWS_MAX_ATTEMPTS, max_attempts; 3 */
    /* AWS_USE_DUALSTACK_ENDPOINT, use_dualstack_endpoint, s3.use_dualstack_endpoint */
    bool dualstack;
    bool fips;       /* AWS_USE_FIPS_ENDPOINT, use_fips_endpoint */
    bool accelerate; /* s3.use_accelerate_endpoint */
};

/*
 * Resolves all of it; `options` may be NULL. HW_ECONFIG names the variable or setting whose value
 * is wrong or too long, a profile that was chosen but does not exist, or a file that cannot be read
 * (HW_EAUTH for the credentials file). The region and the endpoint's URL are checked by
 * hw_endpoint_resolve. Reads the environment, so no other thread may change it meanwhile.
 */
HW_NODISCARD enum hw_status hw_aws_settings_resolve(const struct hw_store_options *options,
                                                    struct hw_aws_settings *out_settings, struct hw_error *err);

#endif
