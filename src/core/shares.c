/* SPDX-License-Identifier: Apache-2.0 */
#include "core/shares.h"

enum hw_status hw_share_get(struct hw_shares *shares, const void *key, struct hw_share **out_share,
                            struct hw_error *err) {
    enum hw_status status = HW_OK;
    pthread_mutex_lock(&shares->lock);
    struct hw_share *share = shares->first;
    while (share && !shares->matches(share, key)) {
        share = share->next;
    }
    if (!share) {
        status = shares->make(key, &share, err);
        if (status == HW_OK) {
            share->next = shares->first;
            shares->first = share;
        }
    }
    if (status == HW_OK) {
        share->users++;
        *out_share = share;
    }
    pthread_mutex_unlock(&shares->lock);
    return status;
}

void hw_share_put(struct hw_shares *shares, struct hw_share *share) {
    if (!share) {
        return;
    }
    pthread_mutex_lock(&shares->lock);
    const bool last = --share->users == 0;
    if (last) {
        struct hw_share **link = &shares->first;
        while (*link != share) {
            link = &(*link)->next;
        }
        *link = share->next;
    }
    pthread_mutex_unlock(&shares->lock);
    if (last) {
        shares->destroy(share);
    }
}
