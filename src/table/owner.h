/* SPDX-License-Identifier: Apache-2.0 */
/* Owners keep the memory of batches: an owner is freed when nobody refers to it any more. */
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

/* Makes an owner with one reference, which the caller has. */
void hw_owner_init(struct hw_owner *owner, void (*free)(struct hw_owner *owner));

/* Takes one more reference. Safe from any thread. */
void hw_owner_retain(struct hw_owner *owner);

/* Gives a reference back; the last one frees the owner. Accepts NULL. Safe from any thread. */
void hw_owner_drop(struct hw_owner *owner);

#endif
