/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials.h"

#include <openssl/crypto.h>

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
