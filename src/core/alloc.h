/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All memory of the library comes from here, so that a test can make the n-th request fail. A
 * request of 0 bytes yields a pointer that can be freed. Large blocks are ordinary blocks: whoever
 * needs them often keeps them, because fresh pages are slow. Any thread may call these functions.
 */
#ifndef HW_CORE_ALLOC_H
#define HW_CORE_ALLOC_H

#include "core/base.h"

struct hw_allocator {
    /*
     * Makes a block where `block` is NULL, frees it and returns NULL where `bytes` is 0, and gives
     * it another size otherwise. NULL when out of memory; the block is then as it was.
     */
    void *(*resize)(void *ctx, void *block, size_t bytes);
    void *ctx;
};

/*
 * Replaces the allocator of the process, which is borrowed; NULL brings malloc's back. Only while
 * nothing is allocated and no other thread runs.
 */
void hw_allocator_set(const struct hw_allocator *allocator);

/* Returns a block of unspecified bytes; NULL when out of memory, as all functions below. */
HW_NODISCARD void *hw_alloc(size_t bytes);
/* Returns `count` zeroed elements of `bytes` each. NULL also where the product does not fit. */
HW_NODISCARD void *hw_alloc_zero(size_t count, size_t bytes);
/* Gives a block another size. `block` stays valid when NULL is returned. */
HW_NODISCARD void *hw_realloc(void *block, size_t bytes);
/* Does the same for `count` elements of `bytes` each. NULL also where the product does not fit. */
HW_NODISCARD void *hw_realloc_array(void *block, size_t count, size_t bytes);
/* Copies a text. */
HW_NODISCARD char *hw_strdup(const char *text);
/* Copies `bytes` bytes and ends them with NUL. */
HW_NODISCARD char *hw_strndup(const char *text, size_t bytes);
/* Frees a block of any function above; NULL is no block. */
void hw_free(void *block);
/*
 * Gives whole free pages back to the system. Worth calling where very much was freed that will not
 * be asked for in the same sizes again.
 */
void hw_alloc_trim(void);

#endif
