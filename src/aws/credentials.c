/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials.h"

#include <stdio.h>
#include <stdlib.h>

#include <openssl/crypto.h>

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

/* Where a container or function gets its keys, by its environment. */
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

void hw_credentials_wipe(struct hw_credentials *credentials) {
    OPENSSL_cleanse(credentials, sizeof(*credentials));
}

struct key_part {
    hw_view text;
    const char *name;
    char *out;
    size_t out_bytes;
    bool header;         /* goes into a header as it is: printable ASCII without blanks */
    const char *refused; /* further bytes that would break the header's syntax */
};

static enum hw_status part_copy(const struct key_part *part, struct hw_error *err);

enum hw_status hw_credentials_assemble(const struct hw_credentials_texts *texts, struct hw_credentials *out_credentials,
                                       struct hw_error *err) {
    struct hw_credentials found = {0};
    const struct key_part parts[] = {
        {texts->access_key_id, texts->access_key_id_name, found.access_key_id, sizeof(found.access_key_id), true, "/,"},
        {texts->secret_access_key, texts->secret_access_key_name, found.secret_access_key,
         sizeof(found.secret_access_key), false, ""},
        {texts->session_token, texts->session_token_name, found.session_token, sizeof(found.session_token), true, ""},
    };

    bool has_id = texts->access_key_id.size > 0;
    bool has_secret = texts->secret_access_key.size > 0;
    if (!has_id && !has_secret) {
        return hw_fail(err, HW_ENOTFOUND, "neither %s nor %s is set", texts->access_key_id_name,
                       texts->secret_access_key_name);
    }
    if (has_id != has_secret) {
        const char *names[] = {texts->secret_access_key_name, texts->access_key_id_name};
        return hw_fail(err, HW_EAUTH, "%s is set, but %s is not", names[has_id], names[!has_id]);
    }
    enum hw_status status = HW_OK;
    for (size_t i = 0; !status && i < COUNT_OF(parts); i++) {
        status = part_copy(&parts[i], err);
    }
    if (!status) {
        *out_credentials = found;
    }
    hw_credentials_wipe(&found);
    return status;
}

static enum hw_status part_copy(const struct key_part *part, struct hw_error *err) {
    if (part->text.size >= part->out_bytes) {
        return hw_fail(err, HW_EAUTH, "%s is longer than %zu bytes", part->name, part->out_bytes - 1);
    }
    for (size_t i = 0; i < part->text.size; i++) {
        unsigned char byte = (unsigned char)part->text.data[i];
        bool control = byte < ' ' || byte == 0x7f;
        bool breaks_header = part->header && (byte == ' ' || byte > 0x7f || strchr(part->refused, byte));
        if (control || breaks_header) {
            return hw_fail(err, HW_EAUTH, "%s holds a byte that cannot be part of it, at position %zu of %zu",
                           part->name, i + 1, part->text.size);
        }
    }
    if (part->text.size > 0) {
        memcpy(part->out, part->text.data, part->text.size);
    }
    return HW_OK;
}
