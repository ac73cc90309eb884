/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A budget of bytes, which are taken before they are used and given back after. Whoever gets none
 * is held back by those who hold them, so the budget is the back-pressure of the pipeline too. It
 * does not wait: how to do that is the caller's affair. Any thread may call these functions.
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
    } synced;
};

/* Makes a budget of which `total` bytes may be held at once. */
void hw_budget_init(struct hw_budget *budget, uint64_t total);
/* Ends the budget. All bytes have been given back. */
void hw_budget_release(struct hw_budget *budget);
/* Takes `bytes` if they are free. False where they are not; nothing is taken then. */
bool hw_budget_try(struct hw_budget *budget, uint64_t bytes);
/* Gives back bytes that are held, all that were taken or a part of them. */
void hw_budget_give_back(struct hw_budget *budget, uint64_t bytes);
/* Returns the bytes that are held now. */
uint64_t hw_budget_held(struct hw_budget *budget);

/*
 * Returns the bytes of the default budget: nine tenths of what the control groups allow, where they
 * allow less than the machine has, and otherwise a quarter of its RAM.
 */
uint64_t hw_budget_default(void);

#endif
