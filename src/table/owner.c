/* SPDX-License-Identifier: Apache-2.0 */
#include "table/owner.h"

void hw_owner_init(struct hw_owner *owner, void (*free)(struct hw_owner *owner)) {
    atomic_init(&owner->references, 1);
    owner->free = free;
}

void hw_owner_retain(struct hw_owner *owner) {
    atomic_fetch_add_explicit(&owner->references, 1, memory_order_relaxed);
}

/*
 * Everything that other threads did with the memory before they gave back their references must
 * have happened when it is freed.
 */
void hw_owner_drop(struct hw_owner *owner) {
    if (owner && atomic_fetch_sub_explicit(&owner->references, 1, memory_order_acq_rel) == 1) {
        owner->free(owner);
    }
}

void hw_batch_retain(const struct hw_batch *batch) {
    hw_owner_retain(batch->owner);
}

void hw_batch_release(struct hw_batch *batch) {
    hw_owner_drop(batch->owner);
    *batch = (struct hw_batch){0};
}
