/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials_share.h"

#include "aws/credentials_chain.h"
#include "core/alloc.h"

static bool share_matches(const struct hw_share *base, const void *key) {
    const char *profile = ((const struct hw_credentials_share *)base)->profile;
    return !profile || !key ? !profile && !key : strcmp(profile, key) == 0;
}

static void share_destroy(struct hw_share *base) {
    struct hw_credentials_share *share = (struct hw_credentials_share *)base;
    hw_credentials_cache_free(share->cache);
    hw_free(share->profile);
    hw_free(share);
}

static enum hw_status keys_find(void *ctx, struct hw_credentials *out_credentials, struct hw_error *err) {
    const struct hw_credentials_share *share = ctx;
    return hw_credentials_find(&(struct hw_store_options){.profile = share->profile}, out_credentials, err);
}

static enum hw_status share_make(const void *key, struct hw_share **out_share, struct hw_error *err) {
    struct hw_credentials_share *share = hw_alloc_zero(1, sizeof(*share));
    if (!share) {
        return hw_fail_nomem(err, sizeof(*share));
    }
    share->profile = key ? hw_strdup(key) : NULL;
    enum hw_status status = key && !share->profile ? hw_fail_nomem(err, strlen(key) + 1)
                                                   : hw_credentials_cache_new(keys_find, share, &share->cache, err);
    if (status) {
        share_destroy(&share->base);
        return status;
    }
    *out_share = &share->base;
    return HW_OK;
}

static struct hw_shares shares = {share_matches, share_make, share_destroy, PTHREAD_MUTEX_INITIALIZER, NULL};

enum hw_status hw_credentials_share_get(const char *profile, struct hw_credentials_share **out_share,
                                        struct hw_error *err) {
    struct hw_share *base;
    HW_TRY(hw_share_get(&shares, profile, &base, err));
    *out_share = (struct hw_credentials_share *)base;
    return HW_OK;
}

void hw_credentials_share_put(struct hw_credentials_share *share) {
    hw_share_put(&shares, share ? &share->base : NULL);
}
