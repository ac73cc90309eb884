/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Credentials: a chain of providers, tried in order until one has keys (order of the AWS SDKs:
 * environment, then the shared config and credentials files with profiles; an explicitly chosen
 * profile skips the environment). One row a provider, one file a provider.
 *
 * A further provider (assumed role, web identity, SSO, process, container, IMDS) is one more file
 * and row. Until then what asks for one is an error that names it: falling through would sign as
 * somebody else.
 */
#ifndef HW_AWS_CREDENTIALS_H
#define HW_AWS_CREDENTIALS_H

#include <hawser/store.h>

#include "core/error.h"
#include "core/view.h"

struct hw_credentials { /* zeroed memory means anonymous */
    char access_key_id[129];
    char secret_access_key[257];
    char session_token[4097]; /* "" when there is none */
    int64_t expires_us;       /* 0: never */
};

/* What a provider may look at. */
struct hw_credentials_request {
    const char *profile; /* NULL: not chosen explicitly */
};

struct hw_credentials_provider {
    const char *name; /* for messages: "environment" */
    /*
     * HW_OK with keys, HW_ENOTFOUND where this provider has none (the next is asked), all else ends
     * the chain.
     */
    enum hw_status (*find)(const struct hw_credentials_request *request, struct hw_credentials *out_credentials,
                           struct hw_error *err);
};
extern const struct hw_credentials_provider hw_credentials_environment, hw_credentials_files;

/*
 * Asks the chain; with no_sign_request nobody, and the result is anonymous. HW_EAUTH where nobody
 * has keys (it names every provider that was asked and what to do), half a pair of keys, keys that
 * no request can hold, or a provider that is not there; HW_ECONFIG for a profile that does not
 * exist or a config file that cannot be read. Secrets never enter an error. Reads the environment
 * and files at each call.
 */
HW_NODISCARD enum hw_status hw_credentials_find(const struct hw_store_options *options,
                                                struct hw_credentials *out_credentials, struct hw_error *err);
/* Overwrites the secrets. */
void hw_credentials_wipe(struct hw_credentials *credentials);

/*
 * The three texts of a set of keys where a provider found them, and what each is called there.
 * Empty: not there.
 */
struct hw_credentials_texts {
    hw_view access_key_id, secret_access_key, session_token;
    const char *access_key_id_name, *secret_access_key_name, *session_token_name;
};
/*
 * For providers: checks and copies. HW_ENOTFOUND where there is neither key, HW_EAUTH where one is
 * missing, too long or holds bytes that cannot be part of it (a line end behind it, most often).
 */
HW_NODISCARD enum hw_status hw_credentials_assemble(const struct hw_credentials_texts *texts,
                                                    struct hw_credentials *out_credentials, struct hw_error *err);

#endif
