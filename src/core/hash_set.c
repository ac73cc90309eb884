/* SPDX-License-Identifier: Apache-2.0 */
#include "core/hash_set.h"

#include "core/alloc.h"

enum { SLOTS_MIN = 64 };

static uint64_t *slot_of(uint64_t *slots, size_t count, uint64_t hash) {
    size_t at = (size_t)hash & (count - 1);
    while (slots[at] != 0 && slots[at] != hash) {
        at = (at + 1) & (count - 1);
    }
    return &slots[at];
}

/* At least half of the slots stay free. */
static bool room_make(struct hw_hash_set *set) {
    if (2 * (set->count + 1) <= set->slots_count) {
        return true;
    }
    const size_t count = hw_max_size(SLOTS_MIN, 2 * set->slots_count);
    uint64_t *slots = hw_alloc_zero(count, sizeof(*slots));
    if (!slots) {
        return false;
    }
    for (size_t i = 0; i < set->slots_count; i++) {
        if (set->slots[i] != 0) {
            *slot_of(slots, count, set->slots[i]) = set->slots[i];
        }
    }
    hw_free(set->slots);
    set->slots = slots;
    set->slots_count = count;
    return true;
}

bool hw_hash_set_has(const struct hw_hash_set *set, uint64_t hash) {
    hash += hash == 0;
    return set->slots_count > 0 && *slot_of(set->slots, set->slots_count, hash) == hash;
}

bool hw_hash_set_add(struct hw_hash_set *set, uint64_t hash) {
    hash += hash == 0;
    if (hw_hash_set_has(set, hash)) {
        return false;
    }
    set->count++;
    if (room_make(set)) {
        *slot_of(set->slots, set->slots_count, hash) = hash;
    }
    return true;
}

void hw_hash_set_release(struct hw_hash_set *set) {
    hw_free(set->slots);
    *set = (struct hw_hash_set){0};
}
