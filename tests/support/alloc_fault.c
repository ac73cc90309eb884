/* SPDX-License-Identifier: Apache-2.0 */
#include "support/alloc_fault.h"

#include <stdlib.h>

static void *fault_resize(void *ctx, void *block, size_t bytes) {
    struct alloc_fault *fault = ctx;
    if (bytes == 0) {
        free(block);
        return NULL;
    }
    if ((fault->forever && atomic_load(&fault->fired)) || atomic_fetch_sub(&fault->left, 1) == 0) {
        atomic_store(&fault->fired, true);
        return NULL;
    }
    return realloc(block, bytes);
}

static void fault_begin(struct alloc_fault *fault, size_t successes, bool forever) {
    fault->forever = forever;
    atomic_init(&fault->left, successes);
    atomic_init(&fault->fired, false);
    fault->allocator = (struct hw_allocator){fault_resize, fault};
    hw_allocator_set(&fault->allocator);
}

void alloc_fault_begin(struct alloc_fault *fault, size_t successes) {
    fault_begin(fault, successes, false);
}

void alloc_fault_begin_forever(struct alloc_fault *fault, size_t successes) {
    fault_begin(fault, successes, true);
}

bool alloc_fault_end(struct alloc_fault *fault) {
    hw_allocator_set(NULL);
    return atomic_load(&fault->fired);
}
