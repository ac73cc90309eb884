/* SPDX-License-Identifier: Apache-2.0 */
/* Makes the n-th allocation of the process fail, whichever thread asks for it. */
#ifndef HW_TESTS_ALLOC_FAULT_H
#define HW_TESTS_ALLOC_FAULT_H

#include <stdatomic.h>
#include <stdbool.h>

#include "core/alloc.h"

struct alloc_fault {
    atomic_size_t left; /* this many allocations succeed, one fails, the others succeed */
    atomic_bool fired;
    bool forever; /* all after the first fail too */
    struct hw_allocator allocator;
};

/*
 * From here on, until alloc_fault_end; nothing that is allocated before may be released in between, nor the other way
 * round.
 */
void alloc_fault_begin(struct alloc_fault *fault, size_t successes);
void alloc_fault_begin_forever(struct alloc_fault *fault, size_t successes);
/* True where an allocation has failed. */
bool alloc_fault_end(struct alloc_fault *fault);

#endif
