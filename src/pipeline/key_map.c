/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/key_map.h"

#include "core/alloc.h"
#include "core/random.h"

enum {
    SLOTS_MIN = 64,
    SLOTS_A_KEY = 2, /* at least */
};

struct hw_key_map_entry {
    uint64_t hash;
    size_t at; /* in `keys` */
    size_t bytes;
};

void hw_key_map_init(struct hw_key_map *map) {
    *map = (struct hw_key_map){0};
    hw_random_fill(&map->hash_key, sizeof(map->hash_key));
}

void hw_key_map_release(struct hw_key_map *map) {
    hw_buf_release(&map->keys);
    hw_free(map->entries);
    hw_free(map->slots);
    *map = (struct hw_key_map){0};
}

void hw_key_map_clear(struct hw_key_map *map) {
    hw_buf_clear(&map->keys);
    map->count = 0;
    if (map->slots) {
        memset(map->slots, 0, map->slots_count * sizeof(*map->slots));
    }
}

size_t hw_key_map_held(const struct hw_key_map *map) {
    return map->keys.size + map->count * (sizeof(*map->entries) + SLOTS_A_KEY * sizeof(*map->slots));
}

hw_view hw_key_map_key(const struct hw_key_map *map, uint32_t number) {
    const struct hw_key_map_entry *entry = &map->entries[number];
    return (hw_view){(const char *)map->keys.data + entry->at, entry->bytes};
}

static enum hw_status room_make(struct hw_key_map *map, struct hw_error *err);

enum hw_status hw_key_map_number(struct hw_key_map *map, hw_view key, uint32_t keys_max, uint32_t *out_number,
                                 struct hw_error *err) {
    uint64_t hash = hw_siphash128(&map->hash_key, key.data, key.size).words[0];
    HW_TRY(room_make(map, err));
    size_t mask = map->slots_count - 1;
    size_t slot = hash & mask;
    for (; map->slots[slot] != 0; slot = (slot + 1) & mask) {
        uint32_t number = map->slots[slot] - 1;
        if (map->entries[number].hash == hash && hw_view_equal(hw_key_map_key(map, number), key)) {
            *out_number = number;
            return HW_OK;
        }
    }
    if (map->count >= keys_max) {
        *out_number = keys_max;
        return HW_OK;
    }
    struct hw_key_map_entry *entry = &map->entries[map->count];
    *entry = (struct hw_key_map_entry){.hash = hash, .at = map->keys.size, .bytes = key.size};
    HW_TRY(hw_buf_append(&map->keys, key.data, key.size, err));
    *out_number = (uint32_t)map->count++;
    map->slots[slot] = (uint32_t)map->count;
    return HW_OK;
}

static enum hw_status slots_grow(struct hw_key_map *map, struct hw_error *err);

/* For one more key. */
static enum hw_status room_make(struct hw_key_map *map, struct hw_error *err) {
    if (map->count == map->capacity) {
        size_t capacity = hw_max_size(SLOTS_MIN / 2, 2 * map->capacity);
        struct hw_key_map_entry *entries = hw_realloc_array(map->entries, capacity, sizeof(*entries));
        if (!entries) {
            return hw_fail_nomem(err, capacity * sizeof(*entries));
        }
        map->entries = entries;
        map->capacity = capacity;
    }
    return map->count < map->slots_count / SLOTS_A_KEY ? HW_OK : slots_grow(map, err);
}

static enum hw_status slots_grow(struct hw_key_map *map, struct hw_error *err) {
    size_t count = hw_max_size(SLOTS_MIN, 2 * map->slots_count);
    uint32_t *slots = hw_alloc_zero(count, sizeof(*slots));
    if (!slots) {
        return hw_fail_nomem(err, count * sizeof(*slots));
    }
    for (size_t i = 0; i < map->count; i++) {
        size_t slot = map->entries[i].hash & (count - 1);
        while (slots[slot] != 0) {
            slot = (slot + 1) & (count - 1);
        }
        slots[slot] = (uint32_t)i + 1;
    }
    hw_free(map->slots);
    map->slots = slots;
    map->slots_count = count;
    return HW_OK;
}
