/* SPDX-License-Identifier: Apache-2.0 */
#include "core/arena.h"

#include "core/alloc.h"

enum { BLOCK_BYTES = 16 << 10, ALIGNMENT = 16 };

struct hw_arena_block {
    struct hw_arena_block *next;
    size_t used;
    size_t capacity;
    _Alignas(ALIGNMENT) uint8_t data[];
};

void *hw_arena_alloc(struct hw_arena *arena, size_t bytes) {
    size_t rounded;
    if (!hw_add(bytes, (size_t)ALIGNMENT - 1, &rounded)) {
        return NULL;
    }
    rounded &= ~((size_t)ALIGNMENT - 1);
    struct hw_arena_block *block = arena->blocks;
    if (!block || rounded > block->capacity - block->used) {
        size_t capacity = hw_max_size(rounded, BLOCK_BYTES);
        size_t total;
        if (!hw_add(capacity, sizeof(*block), &total)) {
            return NULL;
        }
        block = hw_alloc(total);
        if (!block) {
            return NULL;
        }
        *block = (struct hw_arena_block){.next = arena->blocks, .capacity = capacity};
        arena->blocks = block;
        arena->held_bytes += total;
    }
    void *at = block->data + block->used;
    block->used += rounded;
    return at;
}

char *hw_arena_strndup(struct hw_arena *arena, const char *text, size_t bytes) {
    char *copy = hw_arena_alloc(arena, bytes + 1);
    if (copy) {
        memcpy(copy, text, bytes);
        copy[bytes] = '\0';
    }
    return copy;
}

char *hw_arena_strdup(struct hw_arena *arena, const char *text) {
    return hw_arena_strndup(arena, text, strlen(text));
}

char *hw_arena_join_parts(struct hw_arena *arena, const char *const *parts, size_t count) {
    size_t bytes = 1;
    for (size_t i = 0; i < count; i++) {
        bytes += strlen(parts[i]);
    }
    char *text = hw_arena_alloc(arena, bytes);
    char *at = text;
    for (size_t i = 0; text && i < count; i++) {
        size_t part_bytes = strlen(parts[i]);
        memcpy(at, parts[i], part_bytes);
        at += part_bytes;
    }
    if (text) {
        *at = '\0';
    }
    return text;
}

void hw_arena_release(struct hw_arena *arena) {
    struct hw_arena_block *block = arena->blocks;
    while (block) {
        struct hw_arena_block *next = block->next;
        hw_free(block);
        block = next;
    }
    *arena = (struct hw_arena){0};
}
