/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Credentials that are shared: all who sign for the same profile and region in the same environment
 * have the same cache of them, so the providers are asked once for any number of stores. Any thread
 * may call this while none changes the environment.
 */
#ifndef HW_AWS_CREDENTIALS_SHARE_H
#define HW_AWS_CREDENTIALS_SHARE_H

#include <hawser/store.h>

#include "aws/credentials_cache.h"
#include "codec/checksum_sha256.h"
#include "core/shares.h"

struct hw_credentials_share {
    struct hw_share base;
    struct hw_credentials_cache *cache;
    /* The options that the providers heed; NULL where one was not chosen. */
    char *profile;
    char *region;
    char *ca_bundle;
    /* The sum of the variables of the environment that the providers look at. */
    uint8_t environment[HW_SHA256_BYTES];
};

/*
 * Returns the cache for the profile, region and certificates of `options`, which may be NULL. No
 * provider is asked yet.
 */
HW_NODISCARD enum hw_status hw_credentials_share_get(const struct hw_store_options *options,
                                                     struct hw_credentials_share **out_share, struct hw_error *err);
/* Gives a cache back. Accepts NULL. */
void hw_credentials_share_put(struct hw_credentials_share *share);

#endif
