/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials_environment.h"

#include "aws/environment.h"

static hw_view env_view(const char *name) {
    const char *value = hw_env(name);
    return hw_view_of(value ? value : "");
}

static enum hw_status environment_find(const struct hw_credentials_request *request,
                                       struct hw_credentials *out_credentials, struct hw_error *err) {
    const hw_view old_token = env_view("AWS_SECURITY_TOKEN");

    if (request->profile_alone) {
        return hw_fail(err, HW_ENOTFOUND, "a profile was chosen, so the environment is not asked");
    }
    const struct hw_credentials_texts texts = {
        .access_key_id = env_view("AWS_ACCESS_KEY_ID"),
        .secret_access_key = env_view("AWS_SECRET_ACCESS_KEY"),
        .session_token = old_token.size > 0 ? old_token : env_view("AWS_SESSION_TOKEN"),
        .access_key_id_name = "AWS_ACCESS_KEY_ID",
        .secret_access_key_name = "AWS_SECRET_ACCESS_KEY",
        .session_token_name = "AWS_SESSION_TOKEN",
    };
    return hw_credentials_assemble(&texts, out_credentials, err);
}

const struct hw_credentials_provider hw_credentials_environment = {"environment", environment_find};
