/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys in the shared config and credentials files, in the order of the AWS CLI: what a profile asks
 * for before keys, then keys.
 */
#include "aws/credentials_files.h"

#include "aws/profile_file.h"

/* Settings by which a profile takes its keys from a provider that is not here. */
struct foreign_row {
    const char *setting;
    const char *what;
};
static const struct foreign_row before_keys[] = {
    {"role_arn", "an assumed role"},
    {"web_identity_token_file", "web identity"},
    {"sso_account_id", "IAM Identity Center (SSO)"},
    {"sso_role_name", "IAM Identity Center (SSO)"},
};
static const struct foreign_row after_credentials[] = {
    {"credential_process", "a process"},
    {"login_session", "a login session"},
};
static const struct foreign_row after_keys[] = {
    {"sso_session", "IAM Identity Center (SSO)"},
    {"sso_start_url", "IAM Identity Center (SSO)"},
};

static enum hw_status profile_find(const struct hw_profile_files *files, const char *profile,
                                   struct hw_credentials *out_credentials, struct hw_error *err);

static enum hw_status files_find(const struct hw_credentials_request *request, struct hw_credentials *out_credentials,
                                 struct hw_error *err) {
    HW_AUTO(hw_profile_files) files = {0};
    bool is_explicit;
    const char *profile = hw_profile_name(request->profile, &is_explicit);

    HW_TRY(hw_profile_files_read(&files, err));
    if (is_explicit) {
        HW_TRY(hw_profile_check(&files, profile, err));
    }
    return profile_find(&files, profile, out_credentials, err);
}

const struct hw_credentials_provider hw_credentials_files = {"config and credentials files", files_find};

static enum hw_status foreign_refuse(const struct hw_profile_files *files, const char *profile,
                                     const struct foreign_row *rows, size_t count, struct hw_error *err);
static enum hw_status keys_find(const struct hw_profile_file *file, const char *profile,
                                struct hw_credentials *out_credentials, struct hw_error *err);

static enum hw_status profile_find(const struct hw_profile_files *files, const char *profile,
                                   struct hw_credentials *out_credentials, struct hw_error *err) {
    HW_TRY(foreign_refuse(files, profile, before_keys, COUNT_OF(before_keys), err));
    enum hw_status status = keys_find(&files->credentials, profile, out_credentials, err);
    if (status != HW_ENOTFOUND) {
        return status;
    }
    HW_TRY(foreign_refuse(files, profile, after_credentials, COUNT_OF(after_credentials), err));
    status = keys_find(&files->config, profile, out_credentials, err);
    if (status != HW_ENOTFOUND) {
        return status;
    }
    HW_TRY(foreign_refuse(files, profile, after_keys, COUNT_OF(after_keys), err));
    return status;
}

static enum hw_status foreign_refuse(const struct hw_profile_files *files, const char *profile,
                                     const struct foreign_row *rows, size_t count, struct hw_error *err) {
    hw_view value;
    char quoted[HW_QUOTE_BYTES];

    for (size_t i = 0; i < count; i++) {
        if (hw_profile_files_find(files, profile, rows[i].setting, &value)) {
            return hw_fail(
                err, HW_EAUTH,
                "profile %s takes its keys from %s (%s), which this build cannot do; put them into the environment, "
                "as `aws configure export-credentials --format env` prints them",
                hw_quote(profile, strlen(profile), quoted, sizeof(quoted)), rows[i].what, rows[i].setting);
        }
    }
    return HW_OK;
}

static hw_view setting(const struct hw_profile_file *file, const char *profile, const char *name) {
    hw_view value = {"", 0};
    return hw_profile_file_find(file, profile, name, &value) ? value : HW_VIEW("");
}

static enum hw_status keys_find(const struct hw_profile_file *file, const char *profile,
                                struct hw_credentials *out_credentials, struct hw_error *err) {
    const struct hw_credentials_texts texts = {
        .access_key_id = setting(file, profile, "aws_access_key_id"),
        .secret_access_key = setting(file, profile, "aws_secret_access_key"),
        .session_token = setting(file, profile, "aws_session_token"),
        .access_key_id_name = "aws_access_key_id",
        .secret_access_key_name = "aws_secret_access_key",
        .session_token_name = "aws_session_token",
    };
    enum hw_status status = hw_credentials_assemble(&texts, out_credentials, err);
    if (status) {
        char quoted[HW_QUOTE_BYTES];
        hw_error_prefix(err, "profile %s", hw_quote(profile, strlen(profile), quoted, sizeof(quoted)));
        hw_error_object(err, file->path);
    }
    return status;
}
