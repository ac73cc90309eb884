/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The settings by which S3 is reached, but for keys. Options come first, then the environment, then
 * the profile, as the AWS CLI resolves them.
 */
#ifndef HW_AWS_SETTINGS_H
#define HW_AWS_SETTINGS_H

#include <limits.h>

#include <hawser/store.h>

#include "aws/profile_file.h"

/*
 * Each field names the variables of the environment and the settings of a profile that it comes
 * from where no option sets it, in the order in which they are asked.
 */
struct hw_aws_settings {
    char profile[256]; /* its name: hw_profile_name */
    char region[64];   /* AWS_REGION, AWS_DEFAULT_REGION, region; otherwise "us-east-1" */
    /*
     * AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, services.s3.endpoint_url, endpoint_url; otherwise "",
     * which is AWS's own. Only the option counts where AWS_IGNORE_CONFIGURED_ENDPOINT_URLS or
     * ignore_configured_endpoint_urls is true.
     */
    char endpoint_url[1280];
    char ca_bundle[PATH_MAX];      /* AWS_CA_BUNDLE, ca_bundle; otherwise "": the system's */
    enum hw_addressing addressing; /* s3.addressing_style: auto, path, virtual */
    uint32_t attempts_max;         /* AWS_MAX_ATTEMPTS, max_attempts; otherwise 0: any number */
    /* AWS_USE_DUALSTACK_ENDPOINT, use_dualstack_endpoint, s3.use_dualstack_endpoint */
    bool dualstack;
    bool fips;       /* AWS_USE_FIPS_ENDPOINT, use_fips_endpoint */
    bool accelerate; /* s3.use_accelerate_endpoint */
    /* AWS_S3_USE_ARN_REGION, s3_use_arn_region, s3.use_arn_region: false */
    bool arn_region_off;
    /* AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS, s3_disable_multiregion_access_points, and in s3 */
    bool multi_region_off;
    /* AWS_S3_DISABLE_EXPRESS_SESSION_AUTH, s3_disable_express_session_auth */
    bool express_session_off;
};

/*
 * Resolves all of it; `options` may be NULL. HW_ECONFIG names the variable or setting whose value
 * is wrong or too long, a profile that was chosen but does not exist, or a file that cannot be read
 * (HW_EAUTH for the credentials file). The region and the endpoint's URL are checked by
 * hw_endpoint_resolve. Reads the environment, so no other thread may change it meanwhile.
 */
HW_NODISCARD enum hw_status hw_aws_settings_resolve(const struct hw_store_options *options,
                                                    struct hw_aws_settings *out_settings, struct hw_error *err);
/* Does the same with files that are read already. */
HW_NODISCARD enum hw_status hw_aws_settings_look(const struct hw_store_options *options,
                                                 const struct hw_profile_files *files,
                                                 struct hw_aws_settings *out_settings, struct hw_error *err);

/* ------ single settings, for whoever needs one that is not above */

enum { HW_AWS_PLACES_MAX = 3 };
/* The variables of the environment, then settings of a profile, in the order they are asked in. */
struct hw_aws_places {
    const char *env[HW_AWS_PLACES_MAX];
    const char *profile[HW_AWS_PLACES_MAX];
};

/* The files and the profile in which a setting is looked up. */
struct hw_aws_lookup {
    const struct hw_profile_files *files;
    const char *profile;
};

/*
 * Each of these leaves `out` as it was where the setting stands nowhere. HW_ECONFIG names the
 * variable or setting whose value is too long or of another kind.
 */
HW_NODISCARD enum hw_status hw_aws_text_find(const struct hw_aws_lookup *lookup, const struct hw_aws_places *places,
                                             char *out, size_t out_bytes, struct hw_error *err);
/* Takes "true" and "false" in any case. */
HW_NODISCARD enum hw_status hw_aws_bool_find(const struct hw_aws_lookup *lookup, const struct hw_aws_places *places,
                                             bool *out, struct hw_error *err);
/* Takes a number from 1 to `number_max`. */
HW_NODISCARD enum hw_status hw_aws_number_find(const struct hw_aws_lookup *lookup, const struct hw_aws_places *places,
                                               uint32_t number_max, uint32_t *out, struct hw_error *err);

#endif
