/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON in which services, programs and cached files bring keys and tokens. */
#ifndef HW_AWS_CREDENTIALS_JSON_H
#define HW_AWS_CREDENTIALS_JSON_H

#include <jansson.h>

#include "aws/credentials.h"
#include "core/buf.h"

/* A JSON object whose texts may be secrets: HW_AUTO(hw_secret_json) token = {0}; */
struct hw_secret_json {
    json_t *object;
};
/* Overwrites all texts of the object, then frees it. */
void hw_secret_json_release(struct hw_secret_json *json);

/*
 * Reads one JSON object. HW_EPROTOCOL where it is anything else, or a name stands in it twice. No
 * text of it enters an error.
 */
HW_NODISCARD enum hw_status hw_secret_json_read(hw_view text, struct hw_secret_json *out_json, struct hw_error *err);
/* Appends the object as text. The buffer is to be wiped. */
HW_NODISCARD enum hw_status hw_secret_json_write(const json_t *object, struct hw_buf *out, struct hw_error *err);

/* Returns a text of an object; one of no bytes where there is none of the name. */
hw_view hw_secret_json_text(const json_t *object, const char *name);

/* The names that a set of keys has in an object. */
struct hw_credentials_names {
    const char *access_key_id;
    const char *secret_access_key;
    const char *session_token;
    const char *expires;
    bool expires_is_ms;       /* a number of milliseconds since 1970 UTC, and no text */
    bool session_is_optional; /* neither token nor end have to be there */
};

/*
 * Takes a set of keys out of an object. HW_EPROTOCOL where one is missing, is no text, or has bytes
 * that no request can hold, or where the end of their time is none. No text of it enters an error.
 */
HW_NODISCARD enum hw_status hw_credentials_from_json(const json_t *object, const struct hw_credentials_names *names,
                                                     struct hw_credentials *out_credentials, struct hw_error *err);

/*
 * Parses a time as the AWS CLI and its helpers write it, into microseconds since 1970 UTC:
 * "2026-01-31T12:00:00Z", with or without a fraction, and in the place of the Z also "UTC",
 * "+01:00" or "+0100". Returns false for any other text.
 */
HW_NODISCARD bool hw_credentials_time_parse(hw_view text, int64_t *out_us);

#endif
