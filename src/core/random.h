/* SPDX-License-Identifier: Apache-2.0 */
/* Random bytes, behind a table that a test can replace by a seeded source. */
#ifndef HW_CORE_RANDOM_H
#define HW_CORE_RANDOM_H

#include "core/base.h"

struct hw_random {
    void (*fill)(void *ctx, void *data, size_t bytes);
    void *ctx;
};

void hw_random_set(const struct hw_random *random); /* NULL: the kernel's */
void hw_random_fill(void *data, size_t bytes);
uint64_t hw_random_u64(void);
/* Uniform in 0..1, 1 excluded. */
double hw_random_unit(void);

#endif
