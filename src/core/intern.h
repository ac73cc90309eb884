/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers for byte strings: equal ones have one number, from 0 in the order they came. One thread
 * at a time.
 */
#ifndef HW_CORE_INTERN_H
#define HW_CORE_INTERN_H

#include "core/arena.h"
#include "core/error.h"
#include "core/view.h"

/* Start it zeroed. */
struct hw_intern {
    hw_view *keys; /* by number; they live in the arena and are ended with NUL */
    size_t count;
    size_t capacity;
    uint32_t *slots; /* open addressing: number + 1; 0 is free */
    size_t slots_count;
};

/*
 * Gives the number of `key`. One that has none yet gets the next, and is copied to `arena`, aligned
 * to 8 bytes.
 */
HW_NODISCARD enum hw_status hw_intern_number(struct hw_intern *intern, struct hw_arena *arena, hw_view key,
                                             uint32_t *out_number, struct hw_error *err);
void hw_intern_release(struct hw_intern *intern);

#endif
