/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The estimator is algorithm 6 of Otmar Ertl, New cardinality estimation algorithms for HyperLogLog
 * sketches (arXiv:1702.01284).
 */
#include "table/sketch.h"

#include <math.h>

void hw_sketch_merge(const struct hw_sketch *sketch, const struct hw_sketch *other) {
    assert(sketch->bits == other->bits);
    for (size_t i = 0; i < (size_t)1 << sketch->bits; i++) {
        sketch->registers[i] = other->registers[i] > sketch->registers[i] ? other->registers[i] : sketch->registers[i];
    }
}

/* Returns the term for the registers that are still 0: x + x^2 + 2 x^4 + 4 x^8 ... */
static double sigma(double x) {
    if (x == 1) {
        return (double)INFINITY;
    }
    double sum = x;
    double before;
    double weight = 1;
    do {
        x *= x;
        before = sum;
        sum += x * weight;
        weight += weight;
    } while (sum != before);
    return sum;
}

/*
 * Returns the term for the registers that can rise no more: a third of 1 - x - (1 - x^(1/2))^2 / 2
 * - (1 - x^(1/4))^2 / 4 ...
 */
static double tau(double x) {
    if (x == 0 || x == 1) {
        return 0;
    }
    double sum = 1 - x;
    double before;
    double weight = 1;
    do {
        x = sqrt(x);
        before = sum;
        weight *= 0.5;
        sum -= (1 - x) * (1 - x) * weight;
    } while (sum != before);
    return sum / 3;
}

uint64_t hw_sketch_estimate(const struct hw_sketch *sketch) {
    const double alpha = 0.721347520444481703680; /* 1 / (2 ln 2) */
    const size_t count = (size_t)1 << sketch->bits;
    const unsigned highest = 64 - sketch->bits; /* ranks are 1 to highest + 1 */
    uint32_t ranks[66] = {0};
    for (size_t i = 0; i < count; i++) {
        ranks[sketch->registers[i]]++;
    }
    double registers = (double)count;
    double sum = registers * tau(1 - ranks[highest + 1] / registers);
    for (unsigned rank = highest; rank >= 1; rank--) {
        sum = (sum + ranks[rank]) * 0.5;
    }
    sum += registers * sigma(ranks[0] / registers);
    return (uint64_t)llround(alpha * registers * registers / sum);
}
