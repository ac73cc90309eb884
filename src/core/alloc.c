/* SPDX-License-Identifier: Apache-2.0 */
#include "core/alloc.h"

#include <malloc.h>
#include <stdlib.h>

static void *malloc_resize(void *ctx, void *block, size_t bytes) {
    (void)ctx;
    if (bytes == 0) {
        free(block);
        return NULL;
    }
    return realloc(block, bytes);
}

static const struct hw_allocator malloc_allocator = {malloc_resize, NULL};
static const struct hw_allocator *current = &malloc_allocator;

void hw_allocator_set(const struct hw_allocator *allocator) {
    current = allocator ? allocator : &malloc_allocator;
}

void *hw_alloc(size_t bytes) {
    return current->resize(current->ctx, NULL, hw_max_size(bytes, 1));
}

void *hw_alloc_zero(size_t count, size_t bytes) {
    size_t total;
    if (!hw_mul(count, bytes, &total)) {
        return NULL;
    }
    if (current == &malloc_allocator) {
        /* fresh pages are zero already */
        return calloc(hw_max_size(count, 1), hw_max_size(bytes, 1));
    }
    void *block = hw_alloc(total);
    if (block) {
        memset(block, 0, total);
    }
    return block;
}

void *hw_realloc(void *block, size_t bytes) {
    return current->resize(current->ctx, block, hw_max_size(bytes, 1));
}

void *hw_realloc_array(void *block, size_t count, size_t bytes) {
    size_t total;
    return hw_mul(count, bytes, &total) ? hw_realloc(block, total) : NULL;
}

char *hw_strdup(const char *text) {
    return hw_strndup(text, strlen(text));
}

char *hw_strndup(const char *text, size_t bytes) {
    char *copy = hw_alloc(bytes + 1);
    if (copy) {
        memcpy(copy, text, bytes);
        copy[bytes] = '\0';
    }
    return copy;
}

void hw_free(void *block) {
    if (block) {
        current->resize(current->ctx, block, 0);
    }
}

void hw_alloc_trim(void) {
    if (current == &malloc_allocator) {
        malloc_trim(0);
    }
}
