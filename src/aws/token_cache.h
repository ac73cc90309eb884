/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files in which `aws sso login` and `aws login` leave their tokens: JSON objects in a folder
 * below ~/.aws, named after the sum of what the token belongs to.
 */
#ifndef HW_AWS_TOKEN_CACHE_H
#define HW_AWS_TOKEN_CACHE_H

#include <limits.h>

#include "aws/credentials_json.h"
#include "core/clock.h"

enum hw_token_kind {
    HW_TOKEN_SSO,   /* ~/.aws/sso/cache, of a session's name or a start URL */
    HW_TOKEN_LOGIN, /* AWS_LOGIN_CACHE_DIRECTORY, else ~/.aws/login/cache, of a login session */
};

/*
 * Writes the path of the token that belongs to `owner`. HW_ENOTFOUND where there is no home
 * directory, HW_ECONFIG where the path is too long.
 */
HW_NODISCARD enum hw_status hw_token_cache_path(enum hw_token_kind kind, hw_view owner, char out_path[PATH_MAX],
                                                struct hw_error *err);
/* Reads a token. HW_ENOTFOUND where there is no file, HW_EAUTH where it holds no token. */
HW_NODISCARD enum hw_status hw_token_cache_read(const char *path, struct hw_secret_json *out_token,
                                                struct hw_error *err);
/* Puts a token in the place of the one that is there. */
HW_NODISCARD enum hw_status hw_token_cache_write(const char *path, const json_t *token, struct hw_error *err);

/*
 * Appends the JSON by which a token is renewed: the grant, and the texts of the token that `names`
 * has, which are secrets.
 */
HW_NODISCARD enum hw_status hw_token_renewal_write(const json_t *token, const char *const *names, size_t names_count,
                                                   struct hw_buf *out, struct hw_error *err);
/*
 * Writes the time at which a token that was renewed just now ends, as the AWS CLI writes it:
 * `expiresIn` of the reply says in how many seconds. HW_EPROTOCOL where it says nothing of use.
 */
HW_NODISCARD enum hw_status hw_token_end_format(const json_t *reply, char out_end[HW_CLOCK_TEXT_BYTES],
                                                struct hw_error *err);
/* Adds to a message that somebody has to sign in, by `command` with `name` behind it. */
void hw_token_advise(struct hw_error *err, const char *command, hw_view name);

#endif
