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

/* Returns unspecified bytes, aligned for any type; NULL when out of memory. */
HW_NODISCARD void *hw_arena_alloc(struct hw_arena *arena, size_t bytes);
/* Copies `bytes` bytes and ends them with NUL. NULL when out of memory. */
HW_NODISCARD char *hw_arena_strndup(struct hw_arena *arena, const char *text, size_t bytes);
/* Copies a text. NULL when out of memory. */
HW_NODISCARD char *hw_arena_strdup(struct hw_arena *arena, const char *text);
/* Returns `count` texts one after the other, as one text. NULL when out of memory. */
HW_NODISCARD char *hw_arena_join_parts(struct hw_arena *arena, const char *const *parts, size_t count);
/* Does the same for texts that are listed: hw_arena_join(arena, folder, "/", name). */
#define hw_arena_join(arena, ...)                                    \
    hw_arena_join_parts((arena), (const char *const[]){__VA_ARGS__}, \
                        sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))
/* Releases all that was allocated. The arena can be used again. */
void hw_arena_release(struct hw_arena *arena);

#endif
