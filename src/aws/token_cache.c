/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/token_cache.h"

#include <stdio.h>

#include <openssl/evp.h>

#include "aws/environment.h"
#include "aws/secret.h"
#include "codec/checksum.h"
#include "core/bytes_text.h"
#include "core/limits.h"

static const struct {
    const char *env; /* a folder that takes the place of the home's; NULL: there is none */
    const char *home_folder;
    const EVP_MD *(*sum)(void);
} kinds[] = {
    [HW_TOKEN_SSO] = {NULL, "/.aws/sso/cache", EVP_sha1},
    [HW_TOKEN_LOGIN] = {"AWS_LOGIN_CACHE_DIRECTORY", "/.aws/login/cache", EVP_sha256},
};

enum hw_status hw_token_cache_path(enum hw_token_kind kind, hw_view owner, char out_path[PATH_MAX],
                                   struct hw_error *err) {
    const char *home = hw_env("HOME");
    const char *folder = kinds[kind].env ? hw_env(kinds[kind].env) : NULL;
    const bool in_home = !folder || (folder[0] == '~' && folder[1] == '/');
    uint8_t sum[EVP_MAX_MD_SIZE];
    char hex[2 * EVP_MAX_MD_SIZE + 1] = "";
    unsigned sum_bytes = 0;

    if (in_home && !home) {
        return hw_fail(err, HW_ENOTFOUND, "HOME is not set, so there is no folder of cached tokens");
    }
    if (EVP_Digest(owner.data, owner.size, sum, &sum_bytes, kinds[kind].sum(), NULL) != 1) {
        return hw_fail(err, HW_EFAILED, "libcrypto cannot make the sum that a cached token is named after");
    }
    hw_hex(sum, sum_bytes, hex);
    char path[PATH_MAX];
    int bytes = snprintf(path, sizeof(path), "%s%s/%s.json", in_home ? home : "",
                         !folder   ? kinds[kind].home_folder
                         : in_home ? folder + 1
                                   : folder,
                         hex);
    if (bytes < 0 || (size_t)bytes >= sizeof(path)) {
        return hw_fail(err, HW_ECONFIG, "the folder of cached tokens has a longer name than a path can have");
    }
    memcpy(out_path, path, (size_t)bytes + 1);
    return HW_OK;
}

enum hw_status hw_token_cache_read(const char *path, struct hw_secret_json *out_token, struct hw_error *err) {
    HW_AUTO(hw_secret) text = {0};
    enum hw_status status = hw_secret_file_read(path, HW_CREDENTIALS_REPLY_BYTES_MAX, &text.text, err);

    if (status == HW_OK) {
        status = hw_secret_json_read(hw_buf_view(&text.text), out_token, err);
    }
    if (status != HW_OK && status != HW_ENOTFOUND && status != HW_ENOMEM) {
        status = HW_EAUTH;
        hw_error_object(err, path);
        if (err) {
            err->status = status;
        }
    }
    return status;
}

enum hw_status hw_token_cache_write(const char *path, const json_t *token, struct hw_error *err) {
    HW_AUTO(hw_secret) text = {0};
    HW_TRY(hw_buf_reserve(&text.text, HW_CREDENTIALS_REPLY_BYTES_MAX, err));
    HW_TRY(hw_secret_json_write(token, &text.text, err));
    return hw_secret_file_replace(path, hw_buf_view(&text.text), err);
}

enum hw_status hw_token_renewal_write(const json_t *token, const char *const *names, size_t names_count,
                                      struct hw_buf *out, struct hw_error *err) {
    HW_AUTO(hw_secret_json) form = {json_pack("{s:s}", "grantType", "refresh_token")};
    bool made = form.object != NULL;

    for (size_t i = 0; i < names_count && made; i++) {
        made = json_object_set(form.object, names[i], json_object_get(token, names[i])) == 0;
    }
    enum hw_status status = made ? hw_buf_reserve(out, HW_CREDENTIALS_REPLY_BYTES_MAX, err)
                                 : hw_fail(err, HW_ENOMEM, "out of memory while JSON was made");
    status = status ? status : hw_secret_json_write(form.object, out, err);
    /* Its texts are the token's, and still needed: they are not to be wiped. */
    json_object_clear(form.object);
    return status;
}

enum hw_status hw_token_end_format(const json_t *reply, char out_end[HW_CLOCK_TEXT_BYTES], struct hw_error *err) {
    enum { SECONDS_MAX = 10 * 365 * 24 * 3600 };
    const json_t *seconds = json_object_get(reply, "expiresIn");

    if (!json_is_integer(seconds) || json_integer_value(seconds) <= 0 || json_integer_value(seconds) > SECONDS_MAX) {
        return hw_fail(err, HW_EPROTOCOL, "the reply of the service says no time for which its token is good");
    }
    hw_clock_format(hw_clock_now_us() + json_integer_value(seconds) * 1000000, out_end);
    return HW_OK;
}

void hw_token_advise(struct hw_error *err, const char *command, hw_view name) {
    char quoted[HW_QUOTE_BYTES];
    char before[sizeof(err->message)];

    if (err) {
        memcpy(before, err->message, sizeof(before));
        snprintf(err->message, sizeof(err->message), "%.300s; sign in with `%s %s`", before, command,
                 hw_quote(name.data, name.size, quoted, sizeof(quoted)));
    }
}
