/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/name_set.h"

#include "core/alloc.h"
#include "core/random.h"

enum { SLOTS_MIN = 8, LABEL_SLOTS = 32768 };

static_assert(LABEL_SLOTS > 2 * HW_NAME_SET_LABELS_MAX, "half of the slots stay free");

static struct hw_hash128 name_hash(const struct hw_name_set *set, hw_view name) {
    struct hw_hash128 hash = hw_siphash128(&set->key, name.data, name.size);
    hash.words[0] += hash.words[0] == 0 && hash.words[1] == 0; /* zero marks a free slot */
    return hash;
}

static bool hash_equal(struct hw_hash128 a, struct hw_hash128 b) {
    return a.words[0] == b.words[0] && a.words[1] == b.words[1];
}

static bool slot_free(struct hw_hash128 slot) {
    return slot.words[0] == 0 && slot.words[1] == 0;
}

/* The slot that has the hash, or the free one where it belongs. There is a free one. */
static struct hw_hash128 *slot_of(struct hw_hash128 *slots, uint32_t count, struct hw_hash128 hash) {
    size_t at = (size_t)(((hash.words[1] >> 32) * count) >> 32);
    while (!slot_free(slots[at]) && !hash_equal(slots[at], hash)) {
        at = at + 1 < count ? at + 1 : 0;
    }
    return &slots[at];
}

static size_t shard_number(struct hw_hash128 hash) {
    return hash.words[0] % HW_NAME_SET_SHARDS;
}

/*
 * An eighth of the slots stays free. Tables grow by a quarter: there are very many, and all about
 * as large.
 */
static enum hw_status room_make(struct hw_name_set_shard *shard, struct hw_error *err) {
    if (shard->count + 1 <= shard->slots_count - shard->slots_count / 8) {
        return HW_OK;
    }
    const uint32_t count = shard->slots_count < SLOTS_MIN ? SLOTS_MIN : shard->slots_count + shard->slots_count / 4;
    struct hw_hash128 *slots = hw_alloc_zero(count, sizeof(*slots));
    if (!slots) {
        return hw_fail_nomem(err, count * sizeof(*slots));
    }
    for (uint32_t i = 0; i < shard->slots_count; i++) {
        if (!slot_free(shard->slots[i])) {
            *slot_of(slots, count, shard->slots[i]) = shard->slots[i];
        }
    }
    hw_free(shard->slots);
    shard->slots = slots;
    shard->slots_count = count;
    return HW_OK;
}

static struct hw_name_set_label *label_of(struct hw_name_set_label *labels, struct hw_hash128 hash) {
    size_t at = hash.words[1] % LABEL_SLOTS;
    while (labels[at].text && !hash_equal(labels[at].hash, hash)) {
        at = (at + 1) % LABEL_SLOTS;
    }
    return &labels[at];
}

static enum hw_status label_keep(struct hw_name_set *set, struct hw_hash128 hash, const char *label,
                                 struct hw_error *err) {
    if (set->labels_count == HW_NAME_SET_LABELS_MAX) {
        return HW_OK;
    }
    if (!set->labels) {
        set->labels = hw_alloc_zero(LABEL_SLOTS, sizeof(*set->labels));
    }
    const char *text = set->labels ? hw_arena_strdup(&set->arena, label) : NULL;
    if (!text) {
        return hw_fail_nomem(err, LABEL_SLOTS * sizeof(*set->labels));
    }
    *label_of(set->labels, hash) = (struct hw_name_set_label){hash, text};
    set->labels_count++;
    return HW_OK;
}

enum hw_status hw_name_set_add(struct hw_name_set *set, hw_view name, const char *label, bool *out_new,
                               struct hw_error *err) {
    if (!set->keyed) {
        hw_random_fill(&set->key, sizeof(set->key));
        set->keyed = true;
    }
    const struct hw_hash128 hash = name_hash(set, name);
    struct hw_name_set_shard *shard = &set->shards[shard_number(hash)];
    HW_TRY(room_make(shard, err));
    struct hw_hash128 *slot = slot_of(shard->slots, shard->slots_count, hash);
    *out_new = slot_free(*slot);
    if (!*out_new) {
        return HW_OK;
    }
    if (label) {
        HW_TRY(label_keep(set, hash, label, err));
    }
    *slot = hash;
    shard->count++;
    set->count++;
    return HW_OK;
}

bool hw_name_set_has(const struct hw_name_set *set, hw_view name) {
    if (set->count == 0) {
        return false;
    }
    const struct hw_hash128 hash = name_hash(set, name);
    const struct hw_name_set_shard *shard = &set->shards[shard_number(hash)];
    return shard->count > 0 && !slot_free(*slot_of(shard->slots, shard->slots_count, hash));
}

const char *hw_name_set_label(const struct hw_name_set *set, hw_view name) {
    return set->labels ? label_of(set->labels, name_hash(set, name))->text : NULL;
}

size_t hw_name_set_held(const struct hw_name_set *set) {
    size_t bytes = 0;
    for (size_t i = 0; i < HW_NAME_SET_SHARDS; i++) {
        bytes += set->shards[i].slots_count * sizeof(*set->shards[i].slots);
    }
    return bytes;
}

void hw_name_set_release(struct hw_name_set *set) {
    for (size_t i = 0; i < HW_NAME_SET_SHARDS; i++) {
        hw_free(set->shards[i].slots);
    }
    hw_free(set->labels);
    hw_arena_release(&set->arena);
    *set = (struct hw_name_set){0};
}
