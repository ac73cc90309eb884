/* SPDX-License-Identifier: Apache-2.0 */
/* An allocator that counts, and refuses the n-th request. */
#ifndef HW_TESTS_FAULTY_ALLOC_H
#define HW_TESTS_FAULTY_ALLOC_H

#include <malloc.h>
#include <stdlib.h>

#include "core/alloc.h"

struct faulty_alloc {
    size_t requests;
    size_t fail_at; /* 1: the first request; 0: none */
    size_t held;
    size_t held_most;
};

static inline void *faulty_resize(void *ctx, void *block, size_t bytes) {
    struct faulty_alloc *faulty = ctx;
    faulty->held -= malloc_usable_size(block);
    if (bytes == 0) {
        free(block);
        return NULL;
    }
    faulty->requests++;
    void *fresh = faulty->requests == faulty->fail_at ? NULL : realloc(block, bytes);
    faulty->held += malloc_usable_size(fresh ? fresh : block);
    faulty->held_most = hw_max_size(faulty->held_most, faulty->held);
    return fresh;
}

#endif
