/* SPDX-License-Identifier: Apache-2.0 */
#include "core/intern.h"

#include "core/alloc.h"
#include "core/random.h"

enum {
    SLOTS_MIN = 64,
    SLOTS_A_KEY = 2, /* at least */
};

struct hw_intern_entry {
    uint64_t hash;
    size_t at; /* in `keys` */
    size_t bytes;
};

void hw_intern_release(struct hw_intern *intern) {
    hw_buf_release(&intern->keys);
    hw_free(intern->entries);
    hw_free(intern->slots);
    *intern = (struct hw_intern){0};
}

void hw_intern_clear(struct hw_intern *intern) {
    hw_buf_clear(&intern->keys);
    intern->count = 0;
    if (intern->slots) {
        memset(intern->slots, 0, intern->slots_count * sizeof(*intern->slots));
    }
}

size_t hw_intern_held(const struct hw_intern *intern) {
    const size_t keys_bytes = intern->keys.size - intern->count; /* without NULs */
    return keys_bytes + intern->count * (sizeof(*intern->entries) + SLOTS_A_KEY * sizeof(*intern->slots));
}

hw_view hw_intern_key(const struct hw_intern *intern, uint32_t number) {
    const struct hw_intern_entry *entry = &intern->entries[number];
    return (hw_view){(const char *)intern->keys.data + entry->at, entry->bytes};
}

static enum hw_status room_make(struct hw_intern *intern, struct hw_error *err);

enum hw_status hw_intern_number(struct hw_intern *intern, hw_view key, uint32_t keys_max, uint32_t *out_number,
                                struct hw_error *err) {
    HW_TRY(room_make(intern, err));
    uint64_t hash = hw_siphash128(&intern->hash_key, key.data, key.size).words[0];
    size_t mask = intern->slots_count - 1;
    size_t slot = hash & mask;
    for (; intern->slots[slot] != 0; slot = (slot + 1) & mask) {
        uint32_t number = intern->slots[slot] - 1;
        if (intern->entries[number].hash == hash && hw_view_equal(hw_intern_key(intern, number), key)) {
            *out_number = number;
            return HW_OK;
        }
    }
    if (intern->count >= keys_max) {
        *out_number = keys_max;
        return HW_OK;
    }
    struct hw_intern_entry *entry = &intern->entries[intern->count];
    *entry = (struct hw_intern_entry){.hash = hash, .at = intern->keys.size, .bytes = key.size};
    HW_TRY(hw_buf_reserve(&intern->keys, key.size + 1, err));
    HW_TRY(hw_buf_append(&intern->keys, key.data, key.size, err));
    HW_TRY(hw_buf_append_byte(&intern->keys, '\0', err));
    *out_number = (uint32_t)intern->count++;
    intern->slots[slot] = (uint32_t)intern->count;
    return HW_OK;
}

static enum hw_status slots_grow(struct hw_intern *intern, struct hw_error *err);

/* For one more key. */
static enum hw_status room_make(struct hw_intern *intern, struct hw_error *err) {
    if (!intern->slots) {
        hw_random_fill(&intern->hash_key, sizeof(intern->hash_key));
    }
    if (intern->count == intern->capacity) {
        size_t capacity = hw_max_size(SLOTS_MIN / 2, 2 * intern->capacity);
        struct hw_intern_entry *entries = hw_realloc_array(intern->entries, capacity, sizeof(*entries));
        if (!entries) {
            return hw_fail_nomem(err, capacity * sizeof(*entries));
        }
        intern->entries = entries;
        intern->capacity = capacity;
    }
    return intern->count < intern->slots_count / SLOTS_A_KEY ? HW_OK : slots_grow(intern, err);
}

static enum hw_status slots_grow(struct hw_intern *intern, struct hw_error *err) {
    size_t count = hw_max_size(SLOTS_MIN, 2 * intern->slots_count);
    uint32_t *slots = hw_alloc_zero(count, sizeof(*slots));
    if (!slots) {
        return hw_fail_nomem(err, count * sizeof(*slots));
    }
    for (size_t i = 0; i < intern->count; i++) {
        size_t slot = intern->entries[i].hash & (count - 1);
        while (slots[slot] != 0) {
            slot = (slot + 1) & (count - 1);
        }
        slots[slot] = (uint32_t)i + 1;
    }
    hw_free(intern->slots);
    intern->slots = slots;
    intern->slots_count = count;
    return HW_OK;
}
