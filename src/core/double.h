/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Turns decimals into doubles, exactly: always the nearest double, ties to even, whatever the
 * locale; and doubles into their shortest decimal. A decimal is an integer and a power of ten:
 * callers take its text apart, or put it together. There is no state; safe from any thread.
 */
#ifndef HW_CORE_DOUBLE_H
#define HW_CORE_DOUBLE_H

#include "core/base.h"

enum {
    HW_DOUBLE_POWER_MIN = -342, /* a 64-bit integer times a lower power of ten is 0 */
    HW_DOUBLE_POWER_MAX = 308,  /* one that is not 0, times a higher power of ten, is infinite */
    /* The last power in the table: the smallest double times it is above 1. */
    HW_DOUBLE_TABLE_MAX = 324,
    HW_DOUBLE_EXACT_POWER = 22,  /* the last power of ten that is a double */
    HW_DOUBLE_DIGITS_MAX = 1000, /* digits that hw_double_round_digits takes */
};

/*
 * 5^q for each q from HW_DOUBLE_POWER_MIN on, as a 128-bit significand with its top bit set, high
 * word first. scripts/generate-powers-of-five makes it.
 */
extern const uint64_t hw_powers_of_five[HW_DOUBLE_TABLE_MAX - HW_DOUBLE_POWER_MIN + 1][2];

/* 10^0 to 10^22: the powers of ten that are doubles. */
extern const double hw_powers_of_ten[HW_DOUBLE_EXACT_POWER + 1];

/* 10^0 to 10^19: all powers of ten that fit 64 bits. */
extern const uint64_t hw_integer_powers_of_ten[20];

/*
 * Gives `magnitude`, which is not negative, its sign. Has no branch, since no processor can foresee
 * signs.
 */
static inline double hw_double_signed(double magnitude, bool negative) {
    uint64_t bits;
    memcpy(&bits, &magnitude, sizeof(bits));
    bits |= (uint64_t)negative << 63;
    memcpy(&magnitude, &bits, sizeof(bits));
    return magnitude;
}

/* Returns whether some double equals the integer. All of at most 2^53 do. */
static inline bool hw_double_holds(int64_t integer) {
    double nearest = (double)integer;
    return nearest < 0x1p63 && (int64_t)nearest == integer;
}

/* Returns mantissa * 10^exp10, rounded; infinity where that overflows. */
double hw_double_round(uint64_t mantissa, int64_t exp10);

/*
 * Returns the same for a mantissa of `count` ASCII digits, at most HW_DOUBLE_DIGITS_MAX. The first
 * digit must not be '0'.
 */
double hw_double_round_digits(const char *digits, size_t count, int64_t exp10);

/* The number digits * 10^exp10. */
struct hw_decimal {
    uint64_t digits; /* an integer of at most 17 digits, of which the last is not 0 */
    int exp10;
};

/*
 * Returns the shortest decimal that reads back as `value`, which must be positive and finite: the
 * one with the fewest digits; among several of them the one nearest to the value, and of two that
 * are equally near the even one.
 */
struct hw_decimal hw_double_shortest(double value);

/* Returns the same for a float, which reads back as that float. */
struct hw_decimal hw_float_shortest(float value);

/* Returns the same for an IEEE 754 binary16, given by its bits. */
struct hw_decimal hw_half_shortest(uint16_t bits);

/*
 * Returns whether `value` keeps the decimal mantissa * 10^exp10, so that a program which printed
 * the double may have written it: the decimal has at most 15 digits, or it is what
 * hw_double_shortest returns, or printing `value` with as many digits gives these digits. Zeros at
 * the end are no digits. `value` must be hw_double_round(mantissa, exp10), positive and finite, or
 * 0 where the mantissa is.
 */
bool hw_double_keeps(double value, uint64_t mantissa, int64_t exp10);

/*
 * Returns whether printing `value`, positive and finite, with `count` significant digits gives
 * `digits`, ASCII digits of which the first is not '0'; at most HW_DOUBLE_DIGITS_MAX. Says nothing
 * of the power of ten.
 */
bool hw_double_prints(double value, const char *digits, size_t count);

#endif
