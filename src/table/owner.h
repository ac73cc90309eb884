/* SPDX-License-Identifier: Apache-2.0 */
/* Who keeps the memory of batches: an owner is freed when nobody refers to it any more. */
#ifndef HW_TABLE_OWNER_H
#define HW_TABLE_OWNER_H

#include <stdatomic.h>

#include <hawser/batch.h>

#include "core/base.h"

struct hw_owner {
    atomic_size_t references;
    /* Called once, by whoever gives back the last reference. */
    void (*free)(struct hw_owner *owner);
};

/* Starts with one reference, the caller's. */
void hw_owner_init(struct hw_owner *owner, void (*free)(struct hw_owner *owner));
/* One more reference. Safe from any thread. */
void hw_owner_retain(struct hw_owner *owner);
/* Gives one back. Accepts NULL. Safe from any thread. */
void hw_owner_drop(struct hw_owner *owner);

#endif
