/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Things that are shared by all who ask for the same: the first one to ask has it made, the last
 * one to give it back has it freed. Any thread may use a list of shares.
 */
#ifndef HW_CORE_SHARES_H
#define HW_CORE_SHARES_H

#include <pthread.h>

#include "core/error.h"

/* The head of a thing that is shared. */
struct hw_share {
    size_t users;
    struct hw_share *next;
};

struct hw_shares {
    /* Says whether a share is the one that `key` asks for. */
    bool (*matches)(const struct hw_share *share, const void *key);
    /* Makes the share that `key` asks for, with `users` and `next` zeroed. */
    enum hw_status (*make)(const void *key, struct hw_share **out_share, struct hw_error *err);
    void (*destroy)(struct hw_share *share);
    pthread_mutex_t lock; /* PTHREAD_MUTEX_INITIALIZER */
    struct hw_share *first;
};

/* Returns the share that `key` asks for. Others who ask wait while one is made. */
HW_NODISCARD enum hw_status hw_share_get(struct hw_shares *shares, const void *key, struct hw_share **out_share,
                                         struct hw_error *err);
/* Gives a share back. Accepts NULL. */
void hw_share_put(struct hw_shares *shares, struct hw_share *share);

#endif
