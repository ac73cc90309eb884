/* SPDX-License-Identifier: Apache-2.0 */
#include "net/rate_share.h"

#include "core/alloc.h"

static bool share_matches(const struct hw_share *base, const void *key) {
    return ((const struct hw_rate_share *)base)->rate.bytes_per_s == *(const uint64_t *)key;
}

static void share_destroy(struct hw_share *base) {
    struct hw_rate_share *share = (struct hw_rate_share *)base;
    hw_rate_release(&share->rate);
    hw_free(share);
}

static enum hw_status share_make(const void *key, struct hw_share **out_share, struct hw_error *err) {
    struct hw_rate_share *share = hw_alloc_zero(1, sizeof(*share));
    if (!share) {
        return hw_fail_nomem(err, sizeof(*share));
    }
    hw_rate_init(&share->rate, *(const uint64_t *)key);
    *out_share = &share->base;
    return HW_OK;
}

static struct hw_shares shares = {share_matches, share_make, share_destroy, PTHREAD_MUTEX_INITIALIZER, NULL};

enum hw_status hw_rate_share_get(uint64_t bytes_per_s, struct hw_rate_share **out_share, struct hw_error *err) {
    struct hw_share *base;
    HW_TRY(hw_share_get(&shares, &bytes_per_s, &base, err));
    *out_share = (struct hw_rate_share *)base;
    return HW_OK;
}

void hw_rate_share_put(struct hw_rate_share *share) {
    hw_share_put(&shares, share ? &share->base : NULL);
}
