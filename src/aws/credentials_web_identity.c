/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials_web_identity.h"

#include <limits.h>

#include "aws/secret.h"
#include "aws/sts.h"
#include "core/limits.h"

enum { ROLE_BYTES = 2048, SESSION_NAME_BYTES = 128 };

/* Variables count before settings, each by itself. */
static const struct hw_aws_places file_places = {{"AWS_WEB_IDENTITY_TOKEN_FILE"}, {"web_identity_token_file"}};
static const struct hw_aws_places role_places = {{"AWS_ROLE_ARN"}, {"role_arn"}};
static const struct hw_aws_places session_places = {{"AWS_ROLE_SESSION_NAME"}, {"role_session_name"}};

static enum hw_status text_find(const struct hw_credentials_request *request, const struct hw_aws_places *places,
                                char *out, size_t out_bytes, struct hw_error *err);
static enum hw_status token_read(const char *path, struct hw_secret *token, struct hw_error *err);

static enum hw_status web_identity_find(const struct hw_credentials_request *request,
                                        struct hw_credentials *out_credentials, struct hw_error *err) {
    HW_AUTO(hw_secret) token = {0};
    char path[PATH_MAX] = "";
    char role[ROLE_BYTES] = "";
    char session_name[SESSION_NAME_BYTES] = "";

    HW_TRY(text_find(request, &file_places, path, sizeof(path), err));
    if (!path[0]) {
        return hw_fail(err, HW_ENOTFOUND, "no web identity is set");
    }
    HW_TRY(text_find(request, &role_places, role, sizeof(role), err));
    HW_TRY(text_find(request, &session_places, session_name, sizeof(session_name), err));
    if (!role[0]) {
        return hw_credentials_of_profile(
            request,
            hw_fail(err, HW_ECONFIG,
                    "a web identity needs a role: set AWS_ROLE_ARN beside "
                    "AWS_WEB_IDENTITY_TOKEN_FILE, or role_arn beside web_identity_token_file"),
            err);
    }
    HW_TRY(token_read(path, &token, err));
    const struct hw_sts_role shown = {
        .arn = hw_view_of(role),
        .session_name = hw_view_of(session_name),
        .web_identity = (const char *)token.text.data,
    };
    return hw_sts_assume(request, &shown, out_credentials, err);
}

const struct hw_credentials_provider hw_credentials_web_identity = {"web identity", web_identity_find};

static enum hw_status text_find(const struct hw_credentials_request *request, const struct hw_aws_places *places,
                                char *out, size_t out_bytes, struct hw_error *err) {
    const struct hw_aws_lookup lookup = {request->files, request->profile};
    struct hw_aws_places of_profile = *places;
    if (request->profile_alone) {
        of_profile.env[0] = NULL;
    }
    return hw_aws_text_find(&lookup, &of_profile, out, out_bytes, err);
}

static enum hw_status token_read(const char *path, struct hw_secret *token, struct hw_error *err) {
    enum hw_status status = hw_secret_file_read(path, HW_CREDENTIALS_REPLY_BYTES_MAX, &token->text, err);
    const hw_view text = hw_buf_view(&token->text);

    if (status == HW_OK && (text.size == 0 || memchr(text.data, '\0', text.size))) {
        status = hw_fail(err, HW_EAUTH, "it holds no token");
    }
    if (status != HW_OK && status != HW_ENOMEM) {
        hw_error_prefix(err, "the token of the web identity");
        hw_error_object(err, path);
        status = HW_EAUTH;
        if (err) {
            err->status = status;
        }
    }
    return status;
}
