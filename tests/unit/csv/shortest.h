/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the C library's printf and strtod, both exact, say is the shortest decimal of a double, and
 * what they print of it. Slow, and nothing of ours.
 */
#ifndef HW_TESTS_CSV_SHORTEST_H
#define HW_TESTS_CSV_SHORTEST_H

#include <stdio.h>
#include <stdlib.h>

#include "core/base.h"

struct decimal {
    uint64_t digits; /* without trailing zeros */
    int exp10;
};

static inline struct decimal decimal_trim(uint64_t digits, int exp10) {
    while (digits > 0 && digits % 10 == 0) {
        digits /= 10;
        exp10++;
    }
    return (struct decimal){digits, exp10};
}

static inline bool decimal_reads_as(uint64_t digits, int exp10, double value) {
    char text[64];
    snprintf(text, sizeof(text), "%" PRIu64 "e%d", digits, exp10);
    return strtod(text, NULL) == value;
}

/*
 * Of `value`, which is positive and finite: of the decimals of the fewest digits that read back,
 * the nearest.
 */
static inline struct decimal decimal_shortest(double value) {
    for (int count = 1; count <= 17; count++) {
        char text[64];
        snprintf(text, sizeof(text), "%.*e", count - 1, value);
        char *exponent = strchr(text, 'e');
        int exp10 = (int)strtol(exponent + 1, NULL, 10) - (count - 1);
        uint64_t digits = (uint64_t)(text[0] - '0');
        for (const char *at = text + 2; at < exponent; at++) {
            digits = digits * 10 + (uint64_t)(*at - '0');
        }
        /* Beside a power of two the nearest may not read back, but the next one above may. */
        if (decimal_reads_as(digits, exp10, value)) {
            return decimal_trim(digits, exp10);
        }
        if (decimal_reads_as(digits + 1, exp10, value)) {
            return decimal_trim(digits + 1, exp10);
        }
    }
    return (struct decimal){0};
}

/*
 * Whether printf, which is exact, makes these digits of a positive double, where it prints so many.
 */
static inline bool decimal_printed(double value, const char *digits, size_t count) {
    char text[1100];
    snprintf(text, sizeof(text), "%.*e", (int)count - 1, value);
    text[1] = text[0]; /* over the point */
    return memcmp(text + 1, digits, count) == 0;
}

#endif
