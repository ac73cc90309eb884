/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials_chain.h"

#include <stdio.h>
#include <stdlib.h>

#include "aws/credentials_environment.h"
#include "aws/credentials_files.h"
#include "aws/profile_file.h"

static const struct hw_credentials_provider *const chain[] = {
    &hw_credentials_environment,
    &hw_credentials_files,
};

static enum hw_status nobody_has_keys(const struct hw_credentials_request *request, struct hw_error *err);

enum hw_status hw_credentials_find(const struct hw_store_options *options, struct hw_credentials *out_credentials,
                                   struct hw_error *err) {
    struct hw_credentials_request request = {
        .profile = options && options->profile && options->profile[0] ? options->profile : NULL};

    if (options && options->no_sign_request) {
        *out_credentials = (struct hw_credentials){0};
        return HW_OK;
    }
    for (size_t i = 0; i < COUNT_OF(chain); i++) {
        enum hw_status status = chain[i]->find(&request, out_credentials, err);
        if (status != HW_ENOTFOUND) {
            return status;
        }
    }
    return nobody_has_keys(&request, err);
}

/* Variables by which a container or a function is told where its keys are. */
static const struct {
    const char *env;
    const char *what;
} foreign_sources[] = {
    {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "container credentials"},
    {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "container credentials"},
};

static enum hw_status nobody_has_keys(const struct hw_credentials_request *request, struct hw_error *err) {
    bool is_explicit;
    const char *profile = hw_profile_name(request->profile, &is_explicit);
    char asked[128] = "";
    char quoted[HW_QUOTE_BYTES];
    size_t used = 0;

    for (size_t i = 0; i < COUNT_OF(foreign_sources); i++) {
        const char *value = getenv(foreign_sources[i].env);
        if (value && value[0]) {
            return hw_fail(
                err, HW_EAUTH,
                "%s asks for %s, which this build cannot get; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
                foreign_sources[i].env, foreign_sources[i].what);
        }
    }
    for (size_t i = 0; i < COUNT_OF(chain) && used < sizeof(asked); i++) {
        int added = snprintf(asked + used, sizeof(asked) - used, "%s%s", i == 0 ? "" : ", ", chain[i]->name);
        used += added > 0 ? (size_t)added : 0;
    }
    return hw_fail(err, HW_EAUTH,
                   "no credentials for profile %s (asked: %s%s); set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "
                   "choose a profile that has keys, or ask without a signature where the bucket is public",
                   hw_quote(profile, strlen(profile), quoted, sizeof(quoted)), asked,
                   request->profile ? "; a profile that is chosen by option leaves the environment out" : "");
}
