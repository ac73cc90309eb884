/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sketch estimates in little memory how many different values there were: HyperLogLog (Flajolet
 * et al. 2007) with Ertl's estimator (2017), which needs no tables, and no corrections for few or
 * many values. The standard error is 1.04 / sqrt(registers). Sketches of parts merge to that of the
 * whole.
 */
#ifndef HW_TABLE_SKETCH_H
#define HW_TABLE_SKETCH_H

#include "core/base.h"

struct hw_sketch {
    uint8_t *registers; /* 1 << bits of them, borrowed from the caller, all 0 at first */
    unsigned bits;      /* 4 to 16 */
};

/* Adds a value by its hash, every bit of which must look random. */
static inline void hw_sketch_add(const struct hw_sketch *sketch, uint64_t hash) {
    /* The bit behind the rest of the hash ends the count of its zeros. */
    uint64_t rest = hash << sketch->bits | UINT64_C(1) << (sketch->bits - 1);
    uint8_t rank = (uint8_t)(__builtin_clzll(rest) + 1);
    uint8_t *at = &sketch->registers[hash >> (64 - sketch->bits)];
    *at = rank > *at ? rank : *at;
}

/*
 * Returns a hash, as hw_sketch_add needs it, of a word whose bits need not look random. It is the
 * last step of SplitMix64, which gives no two words the same hash.
 */
static inline uint64_t hw_sketch_hash(uint64_t word) {
    word += UINT64_C(0x9e3779b97f4a7c15);
    word = (word ^ word >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    word = (word ^ word >> 27) * UINT64_C(0x94d049bb133111eb);
    return word ^ word >> 31;
}

/* Adds the values that `other` has seen, which must have as many registers. */
void hw_sketch_merge(const struct hw_sketch *sketch, const struct hw_sketch *other);

/* Returns the estimate of the number of different values. */
uint64_t hw_sketch_estimate(const struct hw_sketch *sketch);

#endif
