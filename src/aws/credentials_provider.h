/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A place where keys are looked for. Each provider is a file with one table of this type, and a row
 * of the chain (credentials_chain.c).
 */
#ifndef HW_AWS_CREDENTIALS_PROVIDER_H
#define HW_AWS_CREDENTIALS_PROVIDER_H

#include "aws/credentials.h"
#include "aws/settings.h"
#include "core/io.h"

struct hw_credentials_request;

/* The ways in which a role asks for the keys that it is assumed with. The chain has both. */
struct hw_credentials_sources {
    /* Asks all providers that look into the request's profile, but for roles. */
    enum hw_status (*of_profile)(const struct hw_credentials_request *request, struct hw_credentials *out_credentials,
                                 struct hw_error *err);
    /* Asks the provider that `name` stands for as a credential_source: "Ec2InstanceMetadata". */
    enum hw_status (*by_name)(const struct hw_credentials_request *request, hw_view name,
                              struct hw_credentials *out_credentials, struct hw_error *err);
};

/* All that a provider heeds beside the environment. Everything in it is borrowed. */
struct hw_credentials_request {
    const struct hw_profile_files *files;
    /* Region, certificates and kind of endpoints, of the profile that was chosen for the run. */
    const struct hw_aws_settings *settings;
    /* The profile whose settings are looked at: that one, or one that it names as a source. */
    const char *profile;
    /* True where the environment has no say: the profile was chosen by option, or is a source. */
    bool profile_alone;
    const struct hw_credentials_sources *sources;
    /* Is asked while a service or a program is waited for; true ends the search: HW_ECANCELLED. */
    struct hw_io_stop stop;
};

struct hw_credentials_provider {
    const char *name; /* for messages: "environment" */
    /*
     * Looks for keys, anew at each call. HW_ENOTFOUND where there are none: the next provider is
     * asked. Any other failure ends the search, because going on would sign as somebody else. It
     * may wait for a service.
     */
    enum hw_status (*find)(const struct hw_credentials_request *request, struct hw_credentials *out_credentials,
                           struct hw_error *err);
};

/* Finds a setting of the request's profile. False where there is none or it is empty. */
static inline bool hw_credentials_setting(const struct hw_credentials_request *request, const char *name,
                                          hw_view *out_value) {
    return hw_profile_files_find(request->files, request->profile, name, out_value);
}

/* Puts "profile <name>: " before the message. Returns `status`. */
static inline enum hw_status hw_credentials_of_profile(const struct hw_credentials_request *request,
                                                       enum hw_status status, struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    hw_error_prefix(err, "profile %s", hw_quote(request->profile, strlen(request->profile), quoted, sizeof(quoted)));
    return status;
}

#endif
