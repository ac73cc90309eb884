/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Credentials that are shared: all who sign for the same profile in the same environment have the
 * same cache of them, so the providers are asked once for any number of stores. Any thread may call
 * this while none changes the environment.
 */
#ifndef HW_AWS_CREDENTIALS_SHARE_H
#define HW_AWS_CREDENTIALS_SHARE_H

#include "aws/credentials_cache.h"
#include "codec/checksum_sha256.h"
#include "core/shares.h"

struct hw_credentials_share {
    struct hw_share base;
    struct hw_credentials_cache *cache;
    char *profile; /* NULL where none was chosen */
    /* The sum of the variables of the environment that the providers look at. */
    uint8_t environment[HW_SHA256_BYTES];
};

/* Returns the cache for a profile; NULL means that none was chosen. No provider is asked yet. */
HW_NODISCARD enum hw_status hw_credentials_share_get(const char *profile, struct hw_credentials_share **out_share,
                                                     struct hw_error *err);
/* Gives a cache back. Accepts NULL. */
void hw_credentials_share_put(struct hw_credentials_share *share);

#endif
