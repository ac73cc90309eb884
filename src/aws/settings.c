/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/settings.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/whole_number.h"

enum { ATTEMPTS_MAX = 1000 };

static const struct hw_aws_places region_places = {{"AWS_REGION", "AWS_DEFAULT_REGION"}, {"region"}};
static const struct hw_aws_places ignore_endpoints_places = {{"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"},
                                                             {"ignore_configured_endpoint_urls"}};
static const struct hw_aws_places endpoint_places = {{"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"},
                                                     {"services.s3.endpoint_url", "endpoint_url"}};
static const struct hw_aws_places ca_bundle_places = {{"AWS_CA_BUNDLE"}, {"ca_bundle"}};
static const struct hw_aws_places attempts_places = {{"AWS_MAX_ATTEMPTS"}, {"max_attempts"}};
static const struct hw_aws_places addressing_places = {{NULL}, {"s3.addressing_style"}};
static const struct hw_aws_places dualstack_places = {{"AWS_USE_DUALSTACK_ENDPOINT"},
                                                      {"use_dualstack_endpoint", "s3.use_dualstack_endpoint"}};
static const struct hw_aws_places fips_places = {{"AWS_USE_FIPS_ENDPOINT"}, {"use_fips_endpoint"}};
static const struct hw_aws_places accelerate_places = {{NULL}, {"s3.use_accelerate_endpoint"}};
static const struct hw_aws_places arn_region_places = {{"AWS_S3_USE_ARN_REGION"},
                                                       {"s3_use_arn_region", "s3.use_arn_region"}};
static const struct hw_aws_places multi_region_places = {
    {"AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS"},
    {"s3_disable_multiregion_access_points", "s3.s3_disable_multiregion_access_points"}};
static const struct hw_aws_places express_session_places = {{"AWS_S3_DISABLE_EXPRESS_SESSION_AUTH"},
                                                            {"s3_disable_express_session_auth"}};

struct found {
    hw_view value;
    const char *name; /* of the variable or setting, for messages; NULL: nowhere */
};

/* A setting that an option decides, where it is given. */
struct option {
    const char *value; /* NULL or "": not given */
    const char *name;  /* for messages */
};
static const struct option no_option;

static enum hw_status text_resolve(const struct hw_aws_lookup *lookup, const struct option *option,
                                   const struct hw_aws_places *places, char *out, size_t out_bytes,
                                   struct hw_error *err);
#define text_into(array, lookup, option_value, option_name, places, err) \
    text_resolve((lookup), &(struct option){(option_value), (option_name)}, (places), (array), sizeof(array), (err))
static enum hw_status endpoint_url_resolve(const struct hw_aws_lookup *lookup, const struct hw_store_options *options,
                                           struct hw_aws_settings *settings, struct hw_error *err);
static enum hw_status attempts_resolve(const struct hw_aws_lookup *lookup, uint32_t option, uint32_t *out_attempts,
                                       struct hw_error *err);
static enum hw_status addressing_resolve(const struct hw_aws_lookup *lookup, enum hw_addressing option,
                                         enum hw_addressing *out_addressing, struct hw_error *err);

enum hw_status hw_aws_settings_resolve(const struct hw_store_options *options, struct hw_aws_settings *out_settings,
                                       struct hw_error *err) {
    HW_AUTO(hw_profile_files) files = {0};

    HW_TRY(hw_profile_files_read(&files, err));
    return hw_aws_settings_look(options, &files, out_settings, err);
}

enum hw_status hw_aws_settings_look(const struct hw_store_options *options, const struct hw_profile_files *files,
                                    struct hw_aws_settings *out_settings, struct hw_error *err) {
    static const struct hw_store_options no_options = {0};
    static const struct hw_aws_places nowhere = {0};
    struct hw_aws_settings settings = {.region = "us-east-1"};
    bool is_explicit;
    bool arn_region = true;

    options = options ? options : &no_options;
    const char *profile = hw_profile_name(options->profile, &is_explicit);
    if (is_explicit) {
        HW_TRY(hw_profile_check(files, profile, err));
    }
    struct hw_aws_lookup lookup = {files, profile};
    HW_TRY(text_into(settings.profile, &lookup, profile, "the name of the profile", &nowhere, err));
    HW_TRY(text_into(settings.region, &lookup, options->region, "the region", &region_places, err));
    HW_TRY(endpoint_url_resolve(&lookup, options, &settings, err));
    HW_TRY(text_into(settings.ca_bundle, &lookup, options->ca_bundle, "the path of the CA bundle", &ca_bundle_places,
                     err));
    HW_TRY(attempts_resolve(&lookup, options->attempts_max, &settings.attempts_max, err));
    HW_TRY(addressing_resolve(&lookup, options->addressing, &settings.addressing, err));
    HW_TRY(hw_aws_bool_find(&lookup, &dualstack_places, &settings.dualstack, err));
    HW_TRY(hw_aws_bool_find(&lookup, &fips_places, &settings.fips, err));
    HW_TRY(hw_aws_bool_find(&lookup, &accelerate_places, &settings.accelerate, err));
    HW_TRY(hw_aws_bool_find(&lookup, &arn_region_places, &arn_region, err));
    settings.arn_region_off = !arn_region;
    HW_TRY(hw_aws_bool_find(&lookup, &multi_region_places, &settings.multi_region_off, err));
    HW_TRY(hw_aws_bool_find(&lookup, &express_session_places, &settings.express_session_off, err));

    *out_settings = settings;
    return HW_OK;
}

static struct found setting_find(const struct hw_aws_lookup *lookup, const struct hw_aws_places *places) {
    struct found found = {0};

    for (size_t i = 0; i < HW_AWS_PLACES_MAX && places->env[i]; i++) {
        const char *value = getenv(places->env[i]);
        if (value && value[0]) {
            return (struct found){hw_view_of(value), places->env[i]};
        }
    }
    for (size_t i = 0; i < HW_AWS_PLACES_MAX && places->profile[i]; i++) {
        if (hw_profile_files_find(lookup->files, lookup->profile, places->profile[i], &found.value)) {
            found.name = places->profile[i];
            return found;
        }
    }
    return found;
}

enum hw_status hw_aws_text_find(const struct hw_aws_lookup *lookup, const struct hw_aws_places *places, char *out,
                                size_t out_bytes, struct hw_error *err) {
    return text_resolve(lookup, &no_option, places, out, out_bytes, err);
}

/* `out` keeps its default where the setting is nowhere. */
static enum hw_status text_resolve(const struct hw_aws_lookup *lookup, const struct option *option,
                                   const struct hw_aws_places *places, char *out, size_t out_bytes,
                                   struct hw_error *err) {
    struct found found = option->value && option->value[0] ? (struct found){hw_view_of(option->value), option->name}
                                                           : setting_find(lookup, places);

    if (!found.name) {
        return HW_OK;
    }
    if (found.value.size >= out_bytes) {
        return hw_fail(err, HW_ECONFIG, "%s is longer than %zu bytes", found.name, out_bytes - 1);
    }
    memcpy(out, found.value.data, found.value.size);
    out[found.value.size] = '\0';
    return HW_OK;
}

static enum hw_status value_refuse(const struct found *found, const char *wanted, struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    return hw_fail(err, HW_ECONFIG, "%s is %s, but must be %s", found->name,
                   hw_quote(found->value.data, found->value.size, quoted, sizeof(quoted)), wanted);
}

static bool equal_nocase(hw_view value, const char *text) {
    return value.size == strlen(text) && strncasecmp(value.data, text, value.size) == 0;
}

enum hw_status hw_aws_bool_find(const struct hw_aws_lookup *lookup, const struct hw_aws_places *places, bool *out,
                                struct hw_error *err) {
    struct found found = setting_find(lookup, places);

    if (!found.name) {
        return HW_OK;
    }
    bool is_true = equal_nocase(found.value, "true");
    if (!is_true && !equal_nocase(found.value, "false")) {
        return value_refuse(&found, "true or false", err);
    }
    *out = is_true;
    return HW_OK;
}

static enum hw_status endpoint_url_resolve(const struct hw_aws_lookup *lookup, const struct hw_store_options *options,
                                           struct hw_aws_settings *settings, struct hw_error *err) {
    static const struct hw_aws_places nowhere = {0};
    bool ignored = false;

    HW_TRY(hw_aws_bool_find(lookup, &ignore_endpoints_places, &ignored, err));
    return text_into(settings->endpoint_url, lookup, options->endpoint_url, "the URL of the endpoint",
                     ignored ? &nowhere : &endpoint_places, err);
}

static enum hw_status attempts_resolve(const struct hw_aws_lookup *lookup, uint32_t option, uint32_t *out_attempts,
                                       struct hw_error *err) {
    if (option > 0) {
        *out_attempts = option;
        return HW_OK;
    }
    return hw_aws_number_find(lookup, &attempts_places, ATTEMPTS_MAX, out_attempts, err);
}

enum hw_status hw_aws_number_find(const struct hw_aws_lookup *lookup, const struct hw_aws_places *places,
                                  uint32_t number_max, uint32_t *out, struct hw_error *err) {
    enum { DIGITS_MAX = 9 };
    uint64_t number = 0;
    char wanted[48];

    struct found found = setting_find(lookup, places);
    if (!found.name) {
        return HW_OK;
    }
    if (found.value.size > DIGITS_MAX || !hw_whole_number_read(found.value, &number) || number < 1 ||
        number > number_max) {
        snprintf(wanted, sizeof(wanted), "a number from 1 to %" PRIu32, number_max);
        return value_refuse(&found, wanted, err);
    }
    *out = (uint32_t)number;
    return HW_OK;
}

static enum hw_status addressing_resolve(const struct hw_aws_lookup *lookup, enum hw_addressing option,
                                         enum hw_addressing *out_addressing, struct hw_error *err) {
    static const struct {
        const char *name;
        enum hw_addressing addressing;
    } styles[] = {{"auto", HW_ADDRESSING_AUTO}, {"path", HW_ADDRESSING_PATH}, {"virtual", HW_ADDRESSING_VIRTUAL}};

    if (option != HW_ADDRESSING_AUTO) {
        *out_addressing = option;
        return HW_OK;
    }
    struct found found = setting_find(lookup, &addressing_places);
    for (size_t i = 0; found.name && i < COUNT_OF(styles); i++) {
        if (equal_nocase(found.value, styles[i].name)) {
            *out_addressing = styles[i].addressing;
            return HW_OK;
        }
    }
    return found.name ? value_refuse(&found, "auto, path or virtual", err) : HW_OK;
}
