/* SPDX-License-Identifier: Apache-2.0 */
#include "core/budget.h"

#include <unistd.h>

#include "core/cgroup.h"

void hw_budget_init(struct hw_budget *budget, uint64_t total) {
    *budget = (struct hw_budget){.total = total};
    pthread_mutex_init(&budget->synced.lock, NULL);
}

void hw_budget_release(struct hw_budget *budget) {
    assert(budget->synced.held == 0);
    pthread_mutex_destroy(&budget->synced.lock);
}

bool hw_budget_try(struct hw_budget *budget, uint64_t bytes) {
    pthread_mutex_lock(&budget->synced.lock);
    bool free_enough = budget->synced.held <= budget->total && bytes <= budget->total - budget->synced.held;
    if (free_enough) {
        budget->synced.held += bytes;
    }
    pthread_mutex_unlock(&budget->synced.lock);
    return free_enough;
}

void hw_budget_give_back(struct hw_budget *budget, uint64_t bytes) {
    pthread_mutex_lock(&budget->synced.lock);
    assert(bytes <= budget->synced.held);
    budget->synced.held -= bytes;
    pthread_mutex_unlock(&budget->synced.lock);
}

uint64_t hw_budget_held(struct hw_budget *budget) {
    pthread_mutex_lock(&budget->synced.lock);
    uint64_t held = budget->synced.held;
    pthread_mutex_unlock(&budget->synced.lock);
    return held;
}

uint64_t hw_budget_default(void) {
    uint64_t ram = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
    uint64_t limit = hw_cgroup_memory_limit("");
    return limit > 0 && limit < ram ? limit - limit / 10 : ram / 4;
}
