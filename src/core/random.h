/* SPDX-License-Identifier: Apache-2.0 */
/* Random bytes, behind a table that a test can replace by a seeded source. */
#ifndef HW_CORE_RANDOM_H
#define HW_CORE_RANDOM_H

#include "core/base.h"

struct hw_random {
    void (*fill)(void *ctx, void *data, size_t bytes);
    void *ctx;
};

/* Replaces the source of the process, which is borrowed; NULL brings the kernel's back. */
void hw_random_set(const struct hw_random *random);
/* Fills `data` with random bytes, good for names, jitter and hash tables, but not for secrets. */
void hw_random_fill(void *data, size_t bytes);
/* Returns 64 random bits. */
uint64_t hw_random_u64(void);
/* Returns a number that is uniform from 0 to 1, without 1. */
double hw_random_unit(void);

#endif
