/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials_json.h"

#include <openssl/crypto.h>

#include "core/json_read.h"
#include "net/date.h"

#define MINUTE_US (INT64_C(60) * 1000000)

/*
 * jansson hands its texts out to be read only, but they lie in its own memory, which is about to be
 * freed.
 */
static void texts_wipe(json_t *json) {
    const char *name;
    json_t *member;
    size_t at;

    if (json_is_string(json)) {
        OPENSSL_cleanse((void *)(uintptr_t)json_string_value(json), json_string_length(json));
    }
    json_object_foreach(json, name, member) {
        texts_wipe(member);
    }
    json_array_foreach(json, at, member) {
        texts_wipe(member);
    }
}

void hw_secret_json_release(struct hw_secret_json *json) {
    if (json->object) {
        texts_wipe(json->object);
    }
    json_decref(json->object);
    json->object = NULL;
}

enum hw_status hw_secret_json_read(hw_view text, struct hw_secret_json *out_json, struct hw_error *err) {
    json_error_t fault;
    HW_AUTO(hw_secret_json) json = {hw_json_load(text, JSON_REJECT_DUPLICATES, &fault)};

    if (!json.object && json_error_code(&fault) == json_error_out_of_memory) {
        return hw_fail_nomem(err, text.size);
    }
    if (!json.object) {
        return hw_fail(err, HW_EPROTOCOL, "it is no JSON, from line %d, column %d on", fault.line, fault.column);
    }
    if (!json_is_object(json.object)) {
        return hw_fail(err, HW_EPROTOCOL, "it is JSON, but no object");
    }
    *out_json = json;
    json.object = NULL;
    return HW_OK;
}

struct dump {
    struct hw_buf *out;
    enum hw_status status;
    struct hw_error *err;
};

static int text_dumped(const char *data, size_t bytes, void *ctx) {
    struct dump *dump = ctx;
    dump->status = hw_buf_append(dump->out, data, bytes, dump->err);
    return dump->status == HW_OK ? 0 : -1;
}

enum hw_status hw_secret_json_write(const json_t *object, struct hw_buf *out, struct hw_error *err) {
    struct dump dump = {.out = out, .err = err};
    if (json_dump_callback(object, text_dumped, &dump, JSON_COMPACT) == 0) {
        return HW_OK;
    }
    return dump.status ? dump.status : hw_fail(err, HW_ENOMEM, "out of memory while JSON was written");
}

hw_view hw_secret_json_text(const json_t *object, const char *name) {
    const json_t *text = json_object_get(object, name);
    return json_is_string(text) ? (hw_view){json_string_value(text), json_string_length(text)} : HW_VIEW("");
}

static enum hw_status expires_read(const json_t *object, const struct hw_credentials_names *names, int64_t *out_us,
                                   struct hw_error *err);

enum hw_status hw_credentials_from_json(const json_t *object, const struct hw_credentials_names *names,
                                        struct hw_credentials *out_credentials, struct hw_error *err) {
    const struct hw_credentials_texts texts = {
        .access_key_id = hw_secret_json_text(object, names->access_key_id),
        .secret_access_key = hw_secret_json_text(object, names->secret_access_key),
        .session_token = hw_secret_json_text(object, names->session_token),
        .access_key_id_name = names->access_key_id,
        .secret_access_key_name = names->secret_access_key,
        .session_token_name = names->session_token,
    };
    struct hw_credentials found = {0};

    HW_TRY(expires_read(object, names, &found.expires_us, err));
    const int64_t expires_us = found.expires_us;
    if (!names->session_is_optional && texts.session_token.size == 0) {
        return hw_fail(err, HW_EPROTOCOL, "it has no text %s", names->session_token);
    }
    enum hw_status status = hw_credentials_assemble(&texts, &found, err);
    found.expires_us = expires_us;
    if (status == HW_OK) {
        *out_credentials = found;
    } else {
        status = HW_EPROTOCOL;
        if (err) {
            err->status = status;
        }
    }
    hw_credentials_wipe(&found);
    return status;
}

static enum hw_status expires_read(const json_t *object, const struct hw_credentials_names *names, int64_t *out_us,
                                   struct hw_error *err) {
    const json_t *expires = json_object_get(object, names->expires);
    const hw_view text = hw_secret_json_text(object, names->expires);
    int64_t us = 0;

    if (names->session_is_optional && (!expires || json_is_null(expires))) {
        return HW_OK;
    }
    const bool good = names->expires_is_ms ? json_is_integer(expires) && json_integer_value(expires) > 0 &&
                                                 hw_mul(json_integer_value(expires), INT64_C(1000), &us)
                                           : hw_credentials_time_parse(text, &us) && us > 0;
    if (!good) {
        return hw_fail(err, HW_EPROTOCOL, "its %s is no time", names->expires);
    }
    *out_us = us;
    return HW_OK;
}

static bool zone_parse(hw_view zone, int64_t *out_us);

bool hw_credentials_time_parse(hw_view text, int64_t *out_us) {
    enum { SECONDS_END = 19, TEXT_BYTES = 48 };
    char plain[TEXT_BYTES + 2];
    size_t end = SECONDS_END;
    int64_t zone_us;
    int64_t us;

    if (text.size < SECONDS_END || text.size > TEXT_BYTES) {
        return false;
    }
    while (end < text.size && (text.data[end] == '.' || (text.data[end] >= '0' && text.data[end] <= '9'))) {
        end++;
    }
    memcpy(plain, text.data, end);
    plain[end] = 'Z';
    if (!zone_parse((hw_view){text.data + end, text.size - end}, &zone_us) ||
        !hw_http_timestamp_parse((hw_view){plain, end + 1}, &us)) {
        return false;
    }
    *out_us = us - zone_us;
    return true;
}

static bool two_digits(const char *at, int64_t limit, int64_t *out) {
    *out = (at[0] - '0') * INT64_C(10) + (at[1] - '0');
    return at[0] >= '0' && at[0] <= '9' && at[1] >= '0' && at[1] <= '9' && *out < limit;
}

/* Tells how far a zone is before UTC. */
static bool zone_parse(hw_view zone, int64_t *out_us) {
    enum { WITH_COLON = 6, WITHOUT_COLON = 5 };
    int64_t hours;
    int64_t minutes;

    if (hw_view_equal(zone, HW_VIEW("Z")) || hw_view_equal(zone, HW_VIEW("UTC"))) {
        *out_us = 0;
        return true;
    }
    const bool colon = zone.size == WITH_COLON && zone.data[3] == ':';
    if ((!colon && zone.size != WITHOUT_COLON) || (zone.data[0] != '+' && zone.data[0] != '-') ||
        !two_digits(zone.data + 1, 24, &hours) || !two_digits(zone.data + (colon ? 4 : 3), 60, &minutes)) {
        return false;
    }
    *out_us = (hours * 60 + minutes) * MINUTE_US * (zone.data[0] == '-' ? -1 : 1);
    return true;
}
