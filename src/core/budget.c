/* SPDX-License-Identifier: Apache-2.0 */
#include "core/budget.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void hw_budget_init(struct hw_budget *budget, uint64_t total) {
    *budget = (struct hw_budget){.total = total};
    pthread_mutex_init(&budget->shared.lock, NULL);
    pthread_cond_init(&budget->shared.returned, NULL);
}

void hw_budget_release(struct hw_budget *budget) {
    assert(budget->shared.held == 0);
    pthread_cond_destroy(&budget->shared.returned);
    pthread_mutex_destroy(&budget->shared.lock);
}

bool hw_budget_try(struct hw_budget *budget, uint64_t bytes) {
    pthread_mutex_lock(&budget->shared.lock);
    bool free_enough = budget->shared.held <= budget->total && bytes <= budget->total - budget->shared.held;
    if (free_enough) {
        budget->shared.held += bytes;
    }
    pthread_mutex_unlock(&budget->shared.lock);
    return free_enough;
}

void hw_budget_force(struct hw_budget *budget, uint64_t bytes) {
    pthread_mutex_lock(&budget->shared.lock);
    budget->shared.held += bytes;
    pthread_mutex_unlock(&budget->shared.lock);
}

void hw_budget_give_back(struct hw_budget *budget, uint64_t bytes) {
    pthread_mutex_lock(&budget->shared.lock);
    assert(bytes <= budget->shared.held);
    budget->shared.held -= bytes;
    pthread_cond_broadcast(&budget->shared.returned);
    pthread_mutex_unlock(&budget->shared.lock);
}

uint64_t hw_budget_held(struct hw_budget *budget) {
    pthread_mutex_lock(&budget->shared.lock);
    uint64_t held = budget->shared.held;
    pthread_mutex_unlock(&budget->shared.lock);
    return held;
}

/* The number in a cgroup file; 0 where there is none ("max", no such file). */
static uint64_t limit_read(const char *path) {
    FILE *file = fopen(path, "re");
    char text[32] = "";
    if (!file) {
        return 0;
    }
    size_t got = fread(text, 1, sizeof(text) - 1, file);
    fclose(file);
    text[got] = '\0';
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    return errno == 0 && end != text ? value : 0;
}

uint64_t hw_budget_default(void) {
    static const char *const cgroup_files[] = {
        "/sys/fs/cgroup/memory.max",
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
    };
    uint64_t ram = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
    for (size_t i = 0; i < COUNT_OF(cgroup_files); i++) {
        uint64_t limit = limit_read(cgroup_files[i]);
        if (limit > 0 && limit < ram) {
            return limit - limit / 10;
        }
    }
    return ram / 4;
}
