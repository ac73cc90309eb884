/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials_process.h"

#include "aws/command_words.h"
#include "aws/credentials_json.h"
#include "aws/process.h"
#include "core/limits.h"

enum { TIMEOUT_MS = 60 * 1000, VERSION = 1 };

static const struct hw_credentials_names names = {
    .access_key_id = "AccessKeyId",
    .secret_access_key = "SecretAccessKey",
    .session_token = "SessionToken",
    .expires = "Expiration",
    .session_is_optional = true,
};

static enum hw_status keys_print(const struct hw_credentials_request *request, hw_view command,
                                 struct hw_credentials *out_credentials, struct hw_error *err);

static enum hw_status process_find(const struct hw_credentials_request *request, struct hw_credentials *out_credentials,
                                   struct hw_error *err) {
    hw_view command;

    if (!hw_credentials_setting(request, "credential_process", &command)) {
        return hw_fail(err, HW_ENOTFOUND, "the profile has no credential_process");
    }
    enum hw_status status = keys_print(request, command, out_credentials, err);
    if (status) {
        hw_error_prefix(err, "credential_process");
        return hw_credentials_of_profile(request, status, err);
    }
    return HW_OK;
}

const struct hw_credentials_provider hw_credentials_process = {"credential_process", process_find};

static enum hw_status output_read(hw_view output, struct hw_credentials *out_credentials, struct hw_error *err);

static enum hw_status keys_print(const struct hw_credentials_request *request, hw_view command,
                                 struct hw_credentials *out_credentials, struct hw_error *err) {
    HW_AUTO(hw_command_words) words = {0};
    HW_AUTO(hw_process_outcome) outcome = {0};

    HW_TRY(hw_command_words_split(command, &words, err));
    const struct hw_process_options options = {
        .words = words.list,
        .timeout_ms = TIMEOUT_MS,
        .output_bytes_max = HW_CREDENTIALS_REPLY_BYTES_MAX,
        .stop = request->stop,
    };
    HW_TRY(hw_process_run(&options, &outcome, err));
    if (outcome.exit_status != 0) {
        return hw_fail(err, HW_EAUTH, "the program ended with exit status %d%s%s", outcome.exit_status,
                       outcome.told[0] ? " and said " : "", outcome.told);
    }
    enum hw_status status = output_read(hw_buf_view(&outcome.output.text), out_credentials, err);
    if (status && status != HW_ENOMEM) {
        hw_error_prefix(err, "what the program printed is not what it must be");
        status = HW_EAUTH;
        if (err) {
            err->status = status;
        }
    }
    return status;
}

static enum hw_status output_read(hw_view output, struct hw_credentials *out_credentials, struct hw_error *err) {
    HW_AUTO(hw_secret_json) json = {0};

    HW_TRY(hw_secret_json_read(output, &json, err));
    const json_t *version = json_object_get(json.object, "Version");
    if (!json_is_integer(version) || json_integer_value(version) != VERSION) {
        return hw_fail(err, HW_EAUTH, "its Version is not %d", VERSION);
    }
    return hw_credentials_from_json(json.object, &names, out_credentials, err);
}
