/* SPDX-License-Identifier: Apache-2.0 */
/* The keys that requests are signed with, and how a provider makes them from texts. */
#ifndef HW_AWS_CREDENTIALS_H
#define HW_AWS_CREDENTIALS_H

#include "core/error.h"
#include "core/view.h"

/* One set of keys. Zeroed memory means anonymous. */
struct hw_credentials {
    char access_key_id[129];
    char secret_access_key[257];
    char session_token[4097]; /* "" when there is none */
    int64_t expires_us;       /* 0: never */
};

/* Overwrites the secrets. */
void hw_credentials_wipe(struct hw_credentials *credentials);

/* The texts of a set of keys as a provider found them, and their names there for messages. */
struct hw_credentials_texts {
    hw_view access_key_id, secret_access_key, session_token; /* empty: not there */
    const char *access_key_id_name, *secret_access_key_name, *session_token_name;
};

/*
 * Checks the texts and copies them. HW_ENOTFOUND where there is neither key. HW_EAUTH where one of
 * the two is missing, or a text is too long or has bytes that no request can hold (most often a
 * line end behind it). No text enters an error.
 */
HW_NODISCARD enum hw_status hw_credentials_assemble(const struct hw_credentials_texts *texts,
                                                    struct hw_credentials *out_credentials, struct hw_error *err);

#endif
