/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/unique.h"

#include "core/alloc.h"
#include "core/random.h"

enum { SLOTS_FIRST = 1024 };

enum hw_status hw_csv_unique_init(struct hw_csv_unique *set, size_t columns, struct hw_error *err) {
    set->keys = hw_alloc_zero(columns, sizeof(*set->keys));
    if (!set->keys) {
        return hw_fail_nomem(err, columns * sizeof(*set->keys));
    }
    hw_random_fill(set->keys, columns * sizeof(*set->keys));
    return HW_OK;
}

void hw_csv_unique_release(struct hw_csv_unique *set) {
    if (set->slots) {
        hw_free(set->slots);
        hw_budget_give_back(set->budget, set->slots_count * sizeof(*set->slots));
    }
    hw_free(set->keys);
    *set = (struct hw_csv_unique){0};
}

struct hw_hash128 hw_csv_unique_hash(const struct hw_csv_unique *set, size_t column, const void *value, size_t bytes) {
    struct hw_hash128 hash = hw_siphash128(&set->keys[column], value, bytes);
    hash.words[1] |= (hash.words[0] | hash.words[1]) == 0; /* all zero is a free slot */
    return hash;
}

/* Returns the slot that holds `hash`, or the free one where it belongs. */
static size_t slot_find(const struct hw_hash128 *slots, size_t count, struct hw_hash128 hash) {
    size_t slot = (size_t)hash.words[0] & (count - 1);
    while ((slots[slot].words[0] | slots[slot].words[1]) != 0) {
        if (slots[slot].words[0] == hash.words[0] && slots[slot].words[1] == hash.words[1]) {
            break;
        }
        slot = (slot + 1) & (count - 1);
    }
    return slot;
}

bool hw_csv_unique_has(const struct hw_csv_unique *set, struct hw_hash128 hash) {
    if (set->used == 0) {
        return false;
    }
    const struct hw_hash128 *slot = &set->slots[slot_find(set->slots, set->slots_count, hash)];
    return (slot->words[0] | slot->words[1]) != 0;
}

static enum hw_status slots_grow(struct hw_csv_unique *set, struct hw_error *err);

enum hw_status hw_csv_unique_add(struct hw_csv_unique *set, struct hw_hash128 hash, struct hw_error *err) {
    if (set->used >= set->values_max) {
        return hw_fail(err, HW_ELIMIT,
                       "the unique columns have more than %" PRIu64
                       " values, which cannot be told apart with certainty",
                       set->values_max);
    }
    if (set->used + 1 > set->slots_count / 4 * 3) {
        HW_TRY(slots_grow(set, err));
    }
    set->slots[slot_find(set->slots, set->slots_count, hash)] = hash;
    set->used++;
    return HW_OK;
}

static enum hw_status slots_grow(struct hw_csv_unique *set, struct hw_error *err) {
    size_t count = set->slots_count > 0 ? set->slots_count * 2 : SLOTS_FIRST;
    size_t bytes;
    if (!hw_mul(count, sizeof(*set->slots), &bytes) || !hw_budget_try(set->budget, bytes)) {
        return hw_fail(
            err, HW_ELIMIT,
            "the values of the unique columns take more than the %" PRIu64
            " bytes that are theirs, a quarter of --memory for all objects in work: give more, or fewer --jobs",
            set->budget->total);
    }
    struct hw_hash128 *slots = hw_alloc_zero(count, sizeof(*slots));
    if (!slots) {
        hw_budget_give_back(set->budget, bytes);
        return hw_fail_nomem(err, bytes);
    }
    for (size_t i = 0; i < set->slots_count; i++) {
        if ((set->slots[i].words[0] | set->slots[i].words[1]) != 0) {
            slots[slot_find(slots, count, set->slots[i])] = set->slots[i];
        }
    }
    hw_free(set->slots);
    hw_budget_give_back(set->budget, set->slots_count * sizeof(*slots));
    set->slots = slots;
    set->slots_count = count;
    return HW_OK;
}
