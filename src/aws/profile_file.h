/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shared files of the AWS CLI, read as it reads them: config (AWS_CONFIG_FILE, else
 * ~/.aws/config) and credentials (AWS_SHARED_CREDENTIALS_FILE, else ~/.aws/credentials).
 *
 * `[section]` lines; `key = value` or `key: value` lines, keys in any case, the last of several
 * wins; a line that is indented deeper than the key above it belongs to that key: `s3 =` with
 * `addressing_style = path` below it is the setting "s3.addressing_style". Comments are lines that
 * begin with # or ;, and what follows blank # or blank ; in a line. Byte order mark and CRLF are
 * taken. In config a profile is `[profile x]` (the name may be quoted) or `[default]`; in
 * credentials it is `[x]`.
 */
#ifndef HW_AWS_PROFILE_FILE_H
#define HW_AWS_PROFILE_FILE_H

#include <limits.h>

#include "core/buf.h"

enum hw_profile_file_kind { HW_PROFILE_CONFIG, HW_PROFILE_CREDENTIALS };

struct hw_profile_file {
    enum hw_profile_file_kind kind;
    char path[PATH_MAX]; /* "" where there is no home directory to look in */
    struct hw_buf text;  /* empty where there is no file */
};

struct hw_profile_files {
    struct hw_profile_file config;
    struct hw_profile_file credentials;
};

/*
 * Reads both; a file that does not exist has no settings. HW_ECONFIG (config) or HW_EAUTH
 * (credentials) with the path where one cannot be read, is larger than HW_CONFIG_BYTES_MAX or is no
 * such file. The text of a line may be a secret, so it never enters an error.
 */
HW_NODISCARD enum hw_status hw_profile_files_read(struct hw_profile_files *out_files, struct hw_error *err);
/* Overwrites the texts, then frees them. May be called twice, and on zeroed memory. */
void hw_profile_files_release(struct hw_profile_files *files);

/*
 * Returns the name of the profile in use: `chosen` where it is not NULL, otherwise AWS_PROFILE,
 * AWS_DEFAULT_PROFILE or "default". `*out_explicit` is false for the last of these.
 */
const char *hw_profile_name(const char *chosen, bool *out_explicit);
/* Fails with HW_ECONFIG where neither file has the profile, and tells the nearest name. */
HW_NODISCARD enum hw_status hw_profile_check(const struct hw_profile_files *files, const char *profile,
                                             struct hw_error *err);

/*
 * Finds a setting of a profile in one file. False where there is none or it is empty. `*out_value`
 * points into the file's text.
 */
bool hw_profile_file_find(const struct hw_profile_file *file, const char *profile, const char *name,
                          hw_view *out_value);
/*
 * Finds a setting of a profile in the credentials file or else in config, as the AWS CLI merges
 * them. "services.s3.endpoint_url" is looked up in the section `[services x]` that the profile's
 * setting `services = x` names, and "sso-session.sso_region" in the section `[sso-session x]` that
 * `sso_session = x` names.
 */
bool hw_profile_files_find(const struct hw_profile_files *files, const char *profile, const char *name,
                           hw_view *out_value);

#endif
