/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All memory of the library comes from here, so that a test can make the n-th request fail.
 * Requests of 0 bytes yield a pointer that can be freed. Large blocks are ordinary blocks: reuse
 * them, fresh pages are slow.
 */
#ifndef HW_CORE_ALLOC_H
#define HW_CORE_ALLOC_H

#include "core/base.h"

struct hw_allocator {
    /* block NULL: new; bytes 0: frees, returns NULL */
    void *(*resize)(void *ctx, void *block, size_t bytes);
    void *ctx;
};

/* Replaces the allocator of the process; NULL: malloc's again. Only while nothing is allocated. */
void hw_allocator_set(const struct hw_allocator *allocator);

/* NULL when out of memory. */
HW_NODISCARD void *hw_alloc(size_t bytes);
HW_NODISCARD void *hw_alloc_zero(size_t count, size_t bytes);
/* `block` stays valid when NULL is returned. */
HW_NODISCARD void *hw_realloc(void *block, size_t bytes);
/* As hw_realloc for `count` elements; NULL also where the product does not fit. */
HW_NODISCARD void *hw_realloc_array(void *block, size_t count, size_t bytes);
HW_NODISCARD char *hw_strdup(const char *text);
/* Copies `bytes` bytes and ends them with NUL. */
HW_NODISCARD char *hw_strndup(const char *text, size_t bytes);
void hw_free(void *block);
/*
 * Gives free memory back to the system, as far as whole pages of it are free: for places where very
 * much was freed and is not asked for in the same sizes again.
 */
void hw_alloc_trim(void);

#endif
