/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers the different keys, strings of bytes, in the order in which they come: 0, 1 ... */
#ifndef HW_PIPELINE_KEY_MAP_H
#define HW_PIPELINE_KEY_MAP_H

#include "codec/siphash.h"
#include "core/buf.h"

struct hw_key_map_entry;

struct hw_key_map {
    struct hw_siphash_key hash_key; /* keys come from outside */
    struct hw_buf keys;             /* one after the other */
    struct hw_key_map_entry *entries;
    size_t count;
    size_t capacity;
    /* a key's number and 1; their count is a power of two, at most half of them are used */
    uint32_t *slots;
    size_t slots_count;
};

void hw_key_map_init(struct hw_key_map *map);
void hw_key_map_release(struct hw_key_map *map);
/*
 * The key's number; a new one is `map->count - 1` then. At most `keys_max` keys: `*out_number` is
 * that beyond.
 */
HW_NODISCARD enum hw_status hw_key_map_number(struct hw_key_map *map, hw_view key, uint32_t keys_max,
                                              uint32_t *out_number, struct hw_error *err);
/* The key with a number. */
hw_view hw_key_map_key(const struct hw_key_map *map, uint32_t number);
/* Forgets all keys, keeps the memory. */
void hw_key_map_clear(struct hw_key_map *map);
/* Returns the bytes that the keys take. */
size_t hw_key_map_held(const struct hw_key_map *map);

#endif
