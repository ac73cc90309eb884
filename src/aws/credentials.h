/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Credentials: a chain of providers, tried in order until one has keys (reference order of the AWS SDKs: environment, then the shared config
 * and credentials files with profiles; an explicitly chosen profile skips the environment). One row a provider, one file a provider.
 */
#ifndef HW_AWS_CREDENTIALS_H
#define HW_AWS_CREDENTIALS_H

#include <hawser/store.h>

#include "core/error.h"

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
    /* HW_OK with keys, HW_ENOTFOUND where this provider has none (the next is asked), any other status ends the chain. */
    enum hw_status (*find)(const struct hw_credentials_request *request, struct hw_credentials *out_credentials, struct hw_error *err);
};
extern const struct hw_credentials_provider hw_credentials_environment, hw_credentials_files;

/* Asks the chain. HW_EAUTH names every provider that was asked and what to do. Secrets never enter an error. */
HW_NODISCARD enum hw_status hw_credentials_find(const struct hw_store_options *options, struct hw_credentials *out_credentials, struct hw_error *err);
/* Overwrites the secrets. */
void hw_credentials_wipe(struct hw_credentials *credentials);

/*
 * A setting of the profile in the shared config file (AWS_CONFIG_FILE, else ~/.aws/config), "region" say; also nested ones as "s3.addressing_style", and
 * "services" sections' s3 endpoint_url as "services.s3.endpoint_url". HW_ENOTFOUND where there is none.
 */
HW_NODISCARD enum hw_status hw_profile_setting(const char *profile, const char *name, char *out, size_t out_bytes, struct hw_error *err);

#endif
