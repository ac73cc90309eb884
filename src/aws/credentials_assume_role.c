/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All profiles that lead to the first keys are found and checked before any request is sent: the
 * roles are then taken on from the last one to the first.
 */
#include "aws/credentials_assume_role.h"

#include "aws/sts.h"
#include "core/limits.h"

enum { PROFILE_NAME_BYTES = 256, DURATION_SECONDS_MAX = 43200 };

/* The profiles from the one that was chosen on. The last one has no role of its own. */
struct role_chain {
    char names[HW_CREDENTIALS_PROFILES_MAX][PROFILE_NAME_BYTES];
    size_t count;
    hw_view credential_source; /* of the last role, which then has no source profile */
};

static bool has_role(const struct hw_credentials_request *request);
static enum hw_status chain_walk(const struct hw_credentials_request *request, struct role_chain *chain,
                                 struct hw_error *err);
static enum hw_status first_keys_find(const struct hw_credentials_request *request, const struct role_chain *chain,
                                      struct hw_credentials *out_keys, struct hw_error *err);
static enum hw_status role_take(const struct hw_credentials_request *request, struct hw_credentials *keys,
                                struct hw_error *err);

static struct hw_credentials_request source_of(const struct hw_credentials_request *request, const char *profile) {
    struct hw_credentials_request source = *request;
    source.profile = profile;
    source.profile_alone = true;
    return source;
}

static enum hw_status assume_role_find(const struct hw_credentials_request *request,
                                       struct hw_credentials *out_credentials, struct hw_error *err) {
    struct role_chain chain = {0};
    struct hw_credentials keys = {0};

    if (!has_role(request)) {
        return hw_fail(err, HW_ENOTFOUND, "the profile has no role_arn");
    }
    HW_TRY(chain_walk(request, &chain, err));
    enum hw_status status = first_keys_find(request, &chain, &keys, err);
    const size_t roles = chain.count - (chain.credential_source.size > 0 ? 0 : 1);
    for (size_t i = roles; status == HW_OK && i-- > 0;) {
        const struct hw_credentials_request source = source_of(request, chain.names[i]);
        status = role_take(&source, &keys, err);
    }
    if (status == HW_OK) {
        *out_credentials = keys;
    }
    hw_credentials_wipe(&keys);
    return status;
}

const struct hw_credentials_provider hw_credentials_assume_role = {"role of the profile", assume_role_find};

/* A profile with a role and a web identity is the web identity's. */
static bool has_role(const struct hw_credentials_request *request) {
    hw_view value;
    return hw_credentials_setting(request, "role_arn", &value) &&
           !hw_credentials_setting(request, "web_identity_token_file", &value);
}

static bool has_keys(const struct hw_credentials_request *request) {
    hw_view value;
    return hw_credentials_setting(request, "aws_access_key_id", &value) ||
           hw_credentials_setting(request, "aws_secret_access_key", &value);
}

static enum hw_status name_add(const struct hw_credentials_request *request, struct role_chain *chain, hw_view name,
                               struct hw_error *err);
static enum hw_status source_add(const struct hw_credentials_request *request, struct role_chain *chain, bool *out_over,
                                 struct hw_error *err);

static enum hw_status chain_walk(const struct hw_credentials_request *request, struct role_chain *chain,
                                 struct hw_error *err) {
    bool over = false;
    HW_TRY(name_add(request, chain, hw_view_of(request->profile), err));
    while (!over) {
        const struct hw_credentials_request source = source_of(request, chain->names[chain->count - 1]);
        enum hw_status status = source_add(&source, chain, &over, err);
        if (status) {
            return hw_credentials_of_profile(&source, status, err);
        }
    }
    return HW_OK;
}

static enum hw_status name_add(const struct hw_credentials_request *request, struct role_chain *chain, hw_view name,
                               struct hw_error *err) {
    if (chain->count == HW_CREDENTIALS_PROFILES_MAX) {
        return hw_fail(err, HW_ECONFIG, "more than %u profiles name each other as source_profile",
                       HW_CREDENTIALS_PROFILES_MAX);
    }
    char *out = chain->names[chain->count];
    if (name.size >= PROFILE_NAME_BYTES) {
        return hw_fail(err, HW_ECONFIG, "the name of a profile is longer than %d bytes", PROFILE_NAME_BYTES - 1);
    }
    memcpy(out, name.data, name.size);
    out[name.size] = '\0';
    chain->count++;
    return hw_profile_check(request->files, out, err);
}

static enum hw_status profile_add(const struct hw_credentials_request *request, struct role_chain *chain, hw_view name,
                                  bool *out_over, struct hw_error *err);

/* Finds out from what the last profile of the chain, a role, takes its first keys. */
static enum hw_status source_add(const struct hw_credentials_request *request, struct role_chain *chain, bool *out_over,
                                 struct hw_error *err) {
    hw_view profile;
    hw_view credential_source;
    hw_view mfa;
    const bool by_profile = hw_credentials_setting(request, "source_profile", &profile);
    const bool by_name = hw_credentials_setting(request, "credential_source", &credential_source);

    if (hw_credentials_setting(request, "mfa_serial", &mfa)) {
        return hw_fail(err, HW_EAUTH,
                       "its role asks for the code of an MFA device (mfa_serial), and nobody is there to type it; put "
                       "keys into the environment, as `aws configure export-credentials --format env` prints them");
    }
    if (by_profile == by_name) {
        return hw_fail(err, HW_ECONFIG, "role_arn needs %s",
                       by_profile ? "either source_profile or credential_source, but both are set"
                                  : "source_profile or credential_source, and neither is set");
    }
    if (by_name) {
        chain->credential_source = credential_source;
        *out_over = true;
        return HW_OK;
    }
    enum hw_status status = profile_add(request, chain, profile, out_over, err);
    if (status) {
        hw_error_prefix(err, "source_profile");
    }
    return status;
}

static enum hw_status profile_add(const struct hw_credentials_request *request, struct role_chain *chain, hw_view name,
                                  bool *out_over, struct hw_error *err) {
    const bool is_itself = hw_view_equal(name, hw_view_of(request->profile));
    bool visited = false;

    for (size_t i = 0; i < chain->count; i++) {
        visited = visited || hw_view_equal(name, hw_view_of(chain->names[i]));
    }
    HW_TRY(name_add(request, chain, name, err));
    const struct hw_credentials_request source = source_of(request, chain->names[chain->count - 1]);
    /* Keys of its own come before a role, so a profile may name itself and have both. */
    *out_over = has_keys(&source) || !has_role(&source);
    if (visited && !(is_itself && has_keys(&source))) {
        char quoted[HW_QUOTE_BYTES];
        return hw_fail(err, HW_ECONFIG, "profile %s leads back to itself, so there are no first keys",
                       hw_quote(name.data, name.size, quoted, sizeof(quoted)));
    }
    return HW_OK;
}

static enum hw_status first_keys_find(const struct hw_credentials_request *request, const struct role_chain *chain,
                                      struct hw_credentials *out_keys, struct hw_error *err) {
    const struct hw_credentials_request source = source_of(request, chain->names[chain->count - 1]);
    const hw_view name = chain->credential_source;

    enum hw_status status = name.size > 0 ? request->sources->by_name(&source, name, out_keys, err)
                                          : request->sources->of_profile(&source, out_keys, err);
    if (status != HW_ENOTFOUND) {
        return status;
    }
    char quoted[HW_QUOTE_BYTES];
    status = name.size > 0 ? hw_fail(err, HW_EAUTH, "its credential_source %s has no keys",
                                     hw_quote(name.data, name.size, quoted, sizeof(quoted)))
                           : hw_fail(err, HW_EAUTH, "it is a source_profile, but has no keys");
    return hw_credentials_of_profile(&source, status, err);
}

static enum hw_status role_take(const struct hw_credentials_request *request, struct hw_credentials *keys,
                                struct hw_error *err) {
    static const struct hw_aws_places duration_places = {{NULL}, {"duration_seconds"}};
    const struct hw_aws_lookup lookup = {request->files, request->profile};
    struct hw_sts_role role = {.source = keys};
    struct hw_credentials taken = {0};

    hw_credentials_setting(request, "role_arn", &role.arn);
    hw_credentials_setting(request, "role_session_name", &role.session_name);
    hw_credentials_setting(request, "external_id", &role.external_id);
    enum hw_status status =
        hw_aws_number_find(&lookup, &duration_places, DURATION_SECONDS_MAX, &role.duration_seconds, err);
    if (status == HW_OK) {
        status = hw_sts_assume(request, &role, &taken, err);
    }
    if (status == HW_OK) {
        *keys = taken;
    }
    hw_credentials_wipe(&taken);
    return status ? hw_credentials_of_profile(request, status, err) : HW_OK;
}
