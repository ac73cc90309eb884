/* SPDX-License-Identifier: Apache-2.0 */
#include "core/intern.h"

#include "core/alloc.h"

enum { KEYS_MIN = 16 };

static uint64_t key_hash(hw_view key) {
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    for (size_t i = 0; i < key.size; i++) {
        hash = (hash ^ (uint8_t)key.data[i]) * UINT64_C(1099511628211);
    }
    return hash ^ hash >> 32;
}

/* The slot that has the key, or the free one where it belongs. */
static uint32_t *slot_of(const struct hw_intern *intern, hw_view key) {
    size_t mask = intern->slots_count - 1;
    size_t at = (size_t)key_hash(key) & mask;
    while (intern->slots[at] != 0 && !hw_view_equal(intern->keys[intern->slots[at] - 1], key)) {
        at = (at + 1) & mask;
    }
    return &intern->slots[at];
}

/* Room for one more key, half of the slots free. */
static enum hw_status room_make(struct hw_intern *intern, struct hw_error *err) {
    if (intern->count < intern->capacity) {
        return HW_OK;
    }
    size_t capacity = hw_max_size(KEYS_MIN, intern->capacity * 2);
    if (capacity > UINT32_MAX / 2) {
        return hw_fail(err, HW_ELIMIT, "more than %zu different names", intern->count);
    }
    hw_view *keys = hw_realloc_array(intern->keys, capacity, sizeof(*keys));
    if (!keys) {
        return hw_fail_nomem(err, capacity * sizeof(*keys));
    }
    intern->keys = keys;
    uint32_t *slots = hw_alloc_zero(capacity * 2, sizeof(*slots));
    if (!slots) {
        return hw_fail_nomem(err, capacity * 2 * sizeof(*slots));
    }
    hw_free(intern->slots);
    intern->slots = slots;
    intern->slots_count = capacity * 2;
    intern->capacity = capacity;
    for (size_t i = 0; i < intern->count; i++) {
        *slot_of(intern, intern->keys[i]) = (uint32_t)i + 1;
    }
    return HW_OK;
}

enum hw_status hw_intern_number(struct hw_intern *intern, struct hw_arena *arena, hw_view key, uint32_t *out_number,
                                struct hw_error *err) {
    HW_TRY(room_make(intern, err));
    uint32_t *slot = slot_of(intern, key);
    if (*slot != 0) {
        *out_number = *slot - 1;
        return HW_OK;
    }
    char *copy = hw_arena_alloc(arena, key.size + 1);
    if (!copy) {
        return hw_fail_nomem(err, key.size + 1);
    }
    memcpy(copy, key.data, key.size);
    copy[key.size] = '\0';
    intern->keys[intern->count++] = (hw_view){copy, key.size};
    *slot = (uint32_t)intern->count;
    *out_number = *slot - 1;
    return HW_OK;
}

void hw_intern_release(struct hw_intern *intern) {
    hw_free(intern->keys);
    hw_free(intern->slots);
    *intern = (struct hw_intern){0};
}
