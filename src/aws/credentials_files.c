/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials_files.h"

static hw_view setting(const struct hw_profile_file *file, const char *profile, const char *name) {
    hw_view value = {"", 0};
    return hw_profile_file_find(file, profile, name, &value) ? value : HW_VIEW("");
}

/* A file that has keys has all of them: they are never mixed with those of the other. */
static enum hw_status keys_find(const struct hw_credentials_request *request, const struct hw_profile_file *file,
                                struct hw_credentials *out_credentials, struct hw_error *err) {
    const hw_view old_token = setting(file, request->profile, "aws_security_token");
    const struct hw_credentials_texts texts = {
        .access_key_id = setting(file, request->profile, "aws_access_key_id"),
        .secret_access_key = setting(file, request->profile, "aws_secret_access_key"),
        .session_token = old_token.size > 0 ? old_token : setting(file, request->profile, "aws_session_token"),
        .access_key_id_name = "aws_access_key_id",
        .secret_access_key_name = "aws_secret_access_key",
        .session_token_name = "aws_session_token",
    };
    enum hw_status status = hw_credentials_assemble(&texts, out_credentials, err);
    if (status) {
        hw_error_object(err, file->path);
        return hw_credentials_of_profile(request, status, err);
    }
    return HW_OK;
}

static enum hw_status credentials_file_find(const struct hw_credentials_request *request,
                                            struct hw_credentials *out_credentials, struct hw_error *err) {
    return keys_find(request, &request->files->credentials, out_credentials, err);
}

static enum hw_status config_file_find(const struct hw_credentials_request *request,
                                       struct hw_credentials *out_credentials, struct hw_error *err) {
    return keys_find(request, &request->files->config, out_credentials, err);
}

const struct hw_credentials_provider hw_credentials_credentials_file = {"credentials file", credentials_file_find};
const struct hw_credentials_provider hw_credentials_config_file = {"config file", config_file_find};
