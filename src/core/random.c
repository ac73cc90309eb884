/* SPDX-License-Identifier: Apache-2.0 */
#include "core/random.h"

#include <sys/random.h>

#include "core/clock.h"

static void kernel_fill(void *ctx, void *data, size_t bytes) {
    (void)ctx;
    uint8_t *at = data;
    while (bytes > 0) {
        ssize_t got = getrandom(at, bytes, 0);
        if (got <= 0) {
            /* No secret comes from here, so the clock is better than stopping. */
            *at = (uint8_t)(hw_clock_monotonic_us() * 0x9E3779B1 >> 13);
            got = 1;
        }
        at += got;
        bytes -= (size_t)got;
    }
}

static const struct hw_random kernel_random = {kernel_fill, NULL};
static const struct hw_random *current = &kernel_random;

void hw_random_set(const struct hw_random *random) {
    current = random ? random : &kernel_random;
}

void hw_random_fill(void *data, size_t bytes) {
    current->fill(current->ctx, data, bytes);
}

uint64_t hw_random_u64(void) {
    uint64_t value;
    hw_random_fill(&value, sizeof(value));
    return value;
}

double hw_random_unit(void) {
    return (double)(hw_random_u64() >> 11) * 0x1p-53;
}
