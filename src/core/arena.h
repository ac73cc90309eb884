/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An arena: many small allocations that are released at once. Start it zeroed. One thread at a
 * time.
 */
#ifndef HW_CORE_ARENA_H
#define HW_CORE_ARENA_H

#include "core/base.h"

struct hw_arena_block;

struct hw_arena {
    struct hw_arena_block *blocks;
    size_t held_bytes;
};

/* Aligned for any type; NULL when out of memory. Contents are unspecified. */
HW_NODISCARD void *hw_arena_alloc(struct hw_arena *arena, size_t bytes);
HW_NODISCARD char *hw_arena_strndup(struct hw_arena *arena, const char *text, size_t bytes);
HW_NODISCARD char *hw_arena_strdup(struct hw_arena *arena, const char *text);
/*
 * The texts, one after the other: hw_arena_join(arena, folder, "/", name). NULL when out of memory.
 */
HW_NODISCARD char *hw_arena_join_parts(struct hw_arena *arena, const char *const *parts, size_t count);
#define hw_arena_join(arena, ...)                                    \
    hw_arena_join_parts((arena), (const char *const[]){__VA_ARGS__}, \
                        sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))
void hw_arena_release(struct hw_arena *arena);

#endif
