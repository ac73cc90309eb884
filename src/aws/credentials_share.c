/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials_share.h"

#include <unistd.h>

#include "aws/credentials_chain.h"
#include "core/alloc.h"

struct key {
    const struct hw_store_options *options;
    uint8_t environment[HW_SHA256_BYTES];
};

/* Sums up all variables of AWS and the home folder, in whatever order they stand. */
static void environment_sum(uint8_t out_sum[HW_SHA256_BYTES]) {
    memset(out_sum, 0, HW_SHA256_BYTES);
    for (char **variable = environ; variable && *variable; variable++) {
        const hw_view text = hw_view_of(*variable);
        uint8_t sum[HW_SHA256_BYTES];
        if (!hw_view_starts(text, HW_VIEW("AWS_")) && !hw_view_starts(text, HW_VIEW("HOME="))) {
            continue;
        }
        hw_sha256_of(text.data, text.size, sum);
        for (size_t i = 0; i < sizeof(sum); i++) {
            out_sum[i] ^= sum[i];
        }
    }
}

static bool same_text(const char *a, const char *b) {
    return !a || !b ? a == b : strcmp(a, b) == 0;
}

static bool share_matches(const struct hw_share *base, const void *key_arg) {
    const struct hw_credentials_share *share = (const struct hw_credentials_share *)base;
    const struct key *key = key_arg;
    return same_text(share->profile, key->options->profile) && same_text(share->region, key->options->region) &&
           same_text(share->ca_bundle, key->options->ca_bundle) &&
           memcmp(share->environment, key->environment, sizeof(key->environment)) == 0;
}

static void share_destroy(struct hw_share *base) {
    struct hw_credentials_share *share = (struct hw_credentials_share *)base;
    hw_credentials_cache_free(share->cache);
    hw_free(share->profile);
    hw_free(share->region);
    hw_free(share->ca_bundle);
    hw_free(share);
}

static enum hw_status keys_find(void *ctx, const struct hw_io_stop *stop, struct hw_credentials *out_credentials,
                                struct hw_error *err) {
    const struct hw_credentials_share *share = ctx;
    const struct hw_store_options options = {
        .profile = share->profile,
        .region = share->region,
        .ca_bundle = share->ca_bundle,
        .cancelled = stop ? stop->cancelled : NULL,
        .cancelled_ctx = stop ? stop->ctx : NULL,
    };
    return hw_credentials_find(&options, out_credentials, err);
}

static enum hw_status text_copy(const char *text, char **out, struct hw_error *err) {
    *out = text ? hw_strdup(text) : NULL;
    return text && !*out ? hw_fail_nomem(err, strlen(text) + 1) : HW_OK;
}

static enum hw_status share_make(const void *key_arg, struct hw_share **out_share, struct hw_error *err) {
    const struct key *key = key_arg;
    struct hw_credentials_share *share = hw_alloc_zero(1, sizeof(*share));
    if (!share) {
        return hw_fail_nomem(err, sizeof(*share));
    }
    memcpy(share->environment, key->environment, sizeof(share->environment));
    enum hw_status status = text_copy(key->options->profile, &share->profile, err);
    status = status ? status : text_copy(key->options->region, &share->region, err);
    status = status ? status : text_copy(key->options->ca_bundle, &share->ca_bundle, err);
    status = status ? status : hw_credentials_cache_new(keys_find, share, &share->cache, err);
    if (status) {
        share_destroy(&share->base);
        return status;
    }
    *out_share = &share->base;
    return HW_OK;
}

static struct hw_shares shares = {share_matches, share_make, share_destroy, PTHREAD_MUTEX_INITIALIZER, NULL};

enum hw_status hw_credentials_share_get(const struct hw_store_options *options, struct hw_credentials_share **out_share,
                                        struct hw_error *err) {
    static const struct hw_store_options no_options = {0};
    struct key key = {.options = options ? options : &no_options};
    struct hw_share *base;
    environment_sum(key.environment);
    HW_TRY(hw_share_get(&shares, &key, &base, err));
    *out_share = (struct hw_credentials_share *)base;
    return HW_OK;
}

void hw_credentials_share_put(struct hw_credentials_share *share) {
    hw_share_put(&shares, share ? &share->base : NULL);
}
