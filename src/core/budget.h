/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The byte budget: reserve, use, give back. Whoever has to wait for bytes is held back by those who
 * hold them, so it is the back-pressure of the pipeline too; how to wait is the caller's affair.
 * Safe from any thread.
 */
#ifndef HW_CORE_BUDGET_H
#define HW_CORE_BUDGET_H

#include <pthread.h>

#include "core/base.h"

struct hw_budget {
    uint64_t total;
    struct {
        pthread_mutex_t lock;
        uint64_t held;
    } shared;
};

/* `total` bytes may be held at once. */
void hw_budget_init(struct hw_budget *budget, uint64_t total);
void hw_budget_release(struct hw_budget *budget);
/* Takes `bytes` if they are free. */
bool hw_budget_try(struct hw_budget *budget, uint64_t bytes);
void hw_budget_give_back(struct hw_budget *budget, uint64_t bytes);
uint64_t hw_budget_held(struct hw_budget *budget);

/*
 * Returns the default budget: what the control groups allow, less a tenth, else a quarter of RAM.
 */
uint64_t hw_budget_default(void);

#endif
