/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/session.h"

#include <stdio.h>

#include "net/date.h"
#include "net/xml.h"

/* The texts of a reply so far, as a set of keys that nobody has checked. */
struct reply {
    struct hw_credentials keys;
    bool ends;
};

static enum hw_status keys_check(const struct hw_credentials *keys, struct hw_credentials *out_keys,
                                 struct hw_error *err);

enum hw_status hw_s3_request_create_session(struct hw_s3_request *request, bool read_only, struct hw_error *err) {
    HW_TRY(hw_s3_request_begin(request, HW_S3_CREATE_SESSION, "GET", NULL, err));
    HW_TRY(hw_s3_request_query(request, "session", "", err));
    return hw_s3_headers_add(&request->headers, err, "x-amz-create-session-mode", "%s",
                             read_only ? "ReadOnly" : "ReadWrite");
}

static enum hw_status text_keep(hw_view text, const char *name, char *out, size_t out_bytes, struct hw_error *err) {
    if (text.size >= out_bytes || memchr(text.data ? text.data : "", '\0', text.size)) {
        return hw_fail(err, HW_EPROTOCOL, "%s is longer than %zu bytes or holds a NUL", name, out_bytes - 1);
    }
    snprintf(out, out_bytes, "%.*s", (int)text.size, text.data ? text.data : "");
    return HW_OK;
}

static enum hw_status id_end(void *ctx, hw_view text, struct hw_error *err) {
    struct hw_credentials *keys = &((struct reply *)ctx)->keys;
    return text_keep(text, "AccessKeyId", keys->access_key_id, sizeof(keys->access_key_id), err);
}

static enum hw_status secret_end(void *ctx, hw_view text, struct hw_error *err) {
    struct hw_credentials *keys = &((struct reply *)ctx)->keys;
    return text_keep(text, "SecretAccessKey", keys->secret_access_key, sizeof(keys->secret_access_key), err);
}

static enum hw_status token_end(void *ctx, hw_view text, struct hw_error *err) {
    struct hw_credentials *keys = &((struct reply *)ctx)->keys;
    return text_keep(text, "SessionToken", keys->session_token, sizeof(keys->session_token), err);
}

static enum hw_status expiration_end(void *ctx, hw_view text, struct hw_error *err) {
    struct reply *reply = ctx;
    (void)err;
    reply->ends = hw_http_timestamp_parse(text, &reply->keys.expires_us) && reply->keys.expires_us > 0;
    return HW_OK;
}

enum hw_status hw_s3_session_read(hw_view xml, struct hw_credentials *out_keys, struct hw_error *err) {
    static const struct hw_xml_row rows[] = {
        {"CreateSessionResult/Credentials/AccessKeyId", NULL, id_end},
        {"CreateSessionResult/Credentials/SecretAccessKey", NULL, secret_end},
        {"CreateSessionResult/Credentials/SessionToken", NULL, token_end},
        {"CreateSessionResult/Credentials/Expiration", NULL, expiration_end},
    };
    struct reply reply = {0};
    enum hw_status status = hw_xml_parse(xml, rows, COUNT_OF(rows), &reply, err);
    if (status == HW_OK && !reply.ends) {
        status = hw_fail(err, HW_EPROTOCOL, "there is no time at which the session ends");
    }
    if (status == HW_OK) {
        status = keys_check(&reply.keys, out_keys, err);
    }
    if (status == HW_OK) {
        out_keys->expires_us = reply.keys.expires_us;
    } else {
        hw_error_prefix(err, "CreateSession: the reply has no session");
    }
    hw_credentials_wipe(&reply.keys);
    return status;
}

static enum hw_status keys_check(const struct hw_credentials *keys, struct hw_credentials *out_keys,
                                 struct hw_error *err) {
    const struct hw_credentials_texts texts = {
        .access_key_id = hw_view_of(keys->access_key_id),
        .access_key_id_name = "AccessKeyId",
        .secret_access_key = hw_view_of(keys->secret_access_key),
        .secret_access_key_name = "SecretAccessKey",
        .session_token = hw_view_of(keys->session_token),
        .session_token_name = "SessionToken",
    };
    if (texts.session_token.size == 0) {
        return hw_fail(err, HW_EPROTOCOL, "there is no SessionToken");
    }
    struct hw_error fault = HW_ERROR_INIT;
    const bool good = hw_credentials_assemble(&texts, out_keys, &fault) == HW_OK;
    return good ? HW_OK : hw_fail(err, HW_EPROTOCOL, "%s", fault.message);
}
