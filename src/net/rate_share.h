/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Limits of the rate that are shared: all who ask for the same number of bytes a second have it
 * together. Any thread may call this.
 */
#ifndef HW_NET_RATE_SHARE_H
#define HW_NET_RATE_SHARE_H

#include "core/shares.h"
#include "net/rate.h"

struct hw_rate_share {
    struct hw_share base;
    struct hw_rate rate;
};

/* Returns the limit of so many bytes a second, which must not be 0. */
HW_NODISCARD enum hw_status hw_rate_share_get(uint64_t bytes_per_s, struct hw_rate_share **out_share,
                                              struct hw_error *err);
/* Gives a limit back. Accepts NULL. */
void hw_rate_share_put(struct hw_rate_share *share);

#endif
