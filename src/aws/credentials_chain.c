/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials_chain.h"

#include <stdio.h>

#include "aws/credentials_assume_role.h"
#include "aws/credentials_container.h"
#include "aws/credentials_environment.h"
#include "aws/credentials_files.h"
#include "aws/credentials_instance.h"
#include "aws/credentials_login.h"
#include "aws/credentials_process.h"
#include "aws/credentials_sso.h"
#include "aws/credentials_web_identity.h"

/* The order is that of botocore, and so of the AWS CLI. */
static const struct chain_row {
    const struct hw_credentials_provider *provider;
    /* It looks into a profile, so that of a source_profile too. */
    bool of_profile;
    /* Its name as a credential_source; NULL: it is none. */
    const char *source;
} chain[] = {
    {&hw_credentials_environment, false, "Environment"},
    {&hw_credentials_assume_role, false, NULL},
    {&hw_credentials_web_identity, true, NULL},
    {&hw_credentials_sso, true, NULL},
    {&hw_credentials_credentials_file, true, NULL},
    {&hw_credentials_login, true, NULL},
    {&hw_credentials_process, true, NULL},
    {&hw_credentials_config_file, true, NULL},
    {&hw_credentials_container, false, "EcsContainer"},
    {&hw_credentials_instance, false, "Ec2InstanceMetadata"},
};

static enum hw_status of_profile_find(const struct hw_credentials_request *request,
                                      struct hw_credentials *out_credentials, struct hw_error *err);
static enum hw_status by_name_find(const struct hw_credentials_request *request, hw_view name,
                                   struct hw_credentials *out_credentials, struct hw_error *err);
static enum hw_status rows_find(const struct hw_credentials_request *request, bool of_profile,
                                struct hw_credentials *out_credentials, struct hw_error *err);
static enum hw_status nobody_has_keys(const struct hw_credentials_request *request, struct hw_error *err);

enum hw_status hw_credentials_find(const struct hw_store_options *options, struct hw_credentials *out_credentials,
                                   struct hw_error *err) {
    static const struct hw_credentials_sources sources = {of_profile_find, by_name_find};
    HW_AUTO(hw_profile_files) files = {0};
    struct hw_aws_settings settings;

    if (options && options->no_sign_request) {
        *out_credentials = (struct hw_credentials){0};
        return HW_OK;
    }
    HW_TRY(hw_profile_files_read(&files, err));
    HW_TRY(hw_aws_settings_look(options, &files, &settings, err));
    const struct hw_credentials_request request = {
        .files = &files,
        .settings = &settings,
        .profile = settings.profile,
        .profile_alone = options && options->profile && options->profile[0],
        .sources = &sources,
        .stop = {options ? options->cancelled : NULL, options ? options->cancelled_ctx : NULL},
    };
    enum hw_status status = rows_find(&request, false, out_credentials, err);
    return status == HW_ENOTFOUND ? nobody_has_keys(&request, err) : status;
}

static enum hw_status of_profile_find(const struct hw_credentials_request *request,
                                      struct hw_credentials *out_credentials, struct hw_error *err) {
    return rows_find(request, true, out_credentials, err);
}

/* Asks all rows, or those that look into a profile, until one has keys. */
static enum hw_status rows_find(const struct hw_credentials_request *request, bool of_profile,
                                struct hw_credentials *out_credentials, struct hw_error *err) {
    enum hw_status status = HW_ENOTFOUND;
    for (size_t i = 0; i < COUNT_OF(chain) && status == HW_ENOTFOUND; i++) {
        if (!of_profile || chain[i].of_profile) {
            status = chain[i].provider->find(request, out_credentials, err);
        }
    }
    return status;
}

static enum hw_status by_name_find(const struct hw_credentials_request *request, hw_view name,
                                   struct hw_credentials *out_credentials, struct hw_error *err) {
    struct hw_credentials_request source = *request;
    char quoted[HW_QUOTE_BYTES];

    for (size_t i = 0; i < COUNT_OF(chain); i++) {
        if (chain[i].source && hw_view_equal(name, hw_view_of(chain[i].source))) {
            source.profile_alone = false; /* the environment was asked for by name */
            return chain[i].provider->find(&source, out_credentials, err);
        }
    }
    return hw_fail(err, HW_ECONFIG,
                   "credential_source is %s, but must be Environment, EcsContainer or "
                   "Ec2InstanceMetadata",
                   hw_quote(name.data, name.size, quoted, sizeof(quoted)));
}

static enum hw_status nobody_has_keys(const struct hw_credentials_request *request, struct hw_error *err) {
    char asked[256] = "";
    char quoted[HW_QUOTE_BYTES];
    size_t used = 0;

    for (size_t i = 0; i < COUNT_OF(chain) && used < sizeof(asked); i++) {
        int added = snprintf(asked + used, sizeof(asked) - used, "%s%s", i == 0 ? "" : ", ", chain[i].provider->name);
        used += added > 0 ? (size_t)added : 0;
    }
    return hw_fail(err, HW_EAUTH,
                   "no credentials for profile %s (asked: %s%s); set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "
                   "choose a profile that has keys, or ask without a signature where the bucket is public",
                   hw_quote(request->profile, strlen(request->profile), quoted, sizeof(quoted)), asked,
                   request->profile_alone ? "; a profile that is chosen by option leaves the environment out" : "");
}
