/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decimal to double, exactly: always the nearest double, ties to even, whatever the locale; and
 * back, to the shortest decimal. No state, any thread. Callers take the text apart, or put it
 * together.
 */
#ifndef HW_CSV_DOUBLE_H
#define HW_CSV_DOUBLE_H

#include "core/base.h"

enum {
    HW_DOUBLE_POWER_MIN = -342, /* below it every 64-bit integer times 10^q is 0 */
    HW_DOUBLE_POWER_MAX = 308,  /* above it every one but 0 is infinite */
    /* the last power in the table: the smallest double times it is above 1 */
    HW_DOUBLE_TABLE_MAX = 324,
    HW_DOUBLE_EXACT_POWER = 22, /* the last power of ten that is a double */
};

/*
 * 5^q as a 128-bit significand with its top bit set, high word first; see
 * scripts/generate-powers-of-five.
 */
extern const uint64_t hw_powers_of_five[HW_DOUBLE_TABLE_MAX - HW_DOUBLE_POWER_MIN + 1][2];

extern const double hw_powers_of_ten[HW_DOUBLE_EXACT_POWER + 1];

/*
 * `magnitude`, which is not negative, with its sign; without a branch, as signs are hard to
 * foresee.
 */
static inline double hw_double_signed(double magnitude, bool negative) {
    uint64_t bits;
    memcpy(&bits, &magnitude, sizeof(bits));
    bits |= (uint64_t)negative << 63;
    memcpy(&magnitude, &bits, sizeof(bits));
    return magnitude;
}

/* mantissa * 10^exp10; infinite where it overflows. */
double hw_double_round(uint64_t mantissa, int64_t exp10);

/*
 * The same for `count` ASCII digits read as one integer; up to HW_DOUBLE_DIGITS_MAX of them. The
 * first is not '0'.
 */
enum { HW_DOUBLE_DIGITS_MAX = 1000 };
double hw_double_round_digits(const char *digits, size_t count, int64_t exp10);

/* digits * 10^exp10 */
struct hw_decimal {
    uint64_t digits; /* at most 17 of them, no zero at the end */
    int exp10;
};

/*
 * Of the decimals that read back as `value`, which is positive and finite, those of the fewest
 * digits; of these the one nearest to it, of two the even one.
 */
struct hw_decimal hw_double_shortest(double value);

/*
 * Whether `value` keeps all that mantissa * 10^exp10 says: at most 15 digits, or hw_double_shortest
 * gives the same. `value` must be hw_double_round(mantissa, exp10), positive and finite.
 */
bool hw_double_keeps(double value, uint64_t mantissa, int64_t exp10);

#endif
