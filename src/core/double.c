/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hw_double_round is the Eisel-Lemire method: D. Lemire, "Number parsing at a gigabyte per second"
 * (2021); that its 128-bit product decides every 64-bit mantissa without a fallback is N. Mushtak
 * and D. Lemire, "Fast number parsing without fallback" (2023). hw_double_shortest is R. Giulietti,
 * "The Schubfach way to render doubles" (2021).
 */
#include "core/double.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    MANTISSA_BITS = 52, /* stored bits of a mantissa */
    EXPONENT_BIAS = 1023,
    EXPONENT_INFINITE = 2047,
    DIGITS_IN_U64 = 19,  /* every integer of this many digits fits 64 bits */
    COMMON_EXPONENT = 4, /* COMMON_SCALE is ten to it */
};

enum answer { NO, YES, UNSURE };

#define MANTISSA_HIDDEN (UINT64_C(1) << MANTISSA_BITS)
#define MANTISSA_MASK (MANTISSA_HIDDEN - 1)
#define MANTISSA_EXACT_MAX (UINT64_C(1) << 53)
#define MARGIN UINT64_C(16) /* more than the errors of an estimate add up to, in its last place */
#define COMMON_SCALE 1e4
#define HALF (UINT64_C(1) << 63)
#define TEN_TO_15 UINT64_C(1000000000000000)

const uint64_t hw_powers_of_five[HW_DOUBLE_TABLE_MAX - HW_DOUBLE_POWER_MIN + 1][2] = {
#include "core/powers_of_five.inc"
};

const uint64_t hw_integer_powers_of_ten[20] = {
    UINT64_C(1),
    UINT64_C(10),
    UINT64_C(100),
    UINT64_C(1000),
    UINT64_C(10000),
    UINT64_C(100000),
    UINT64_C(1000000),
    UINT64_C(10000000),
    UINT64_C(100000000),
    UINT64_C(1000000000),
    UINT64_C(10000000000),
    UINT64_C(100000000000),
    UINT64_C(1000000000000),
    UINT64_C(10000000000000),
    UINT64_C(100000000000000),
    UINT64_C(1000000000000000),
    UINT64_C(10000000000000000),
    UINT64_C(100000000000000000),
    UINT64_C(1000000000000000000),
    UINT64_C(10000000000000000000),
};

const double hw_powers_of_ten[HW_DOUBLE_EXACT_POWER + 1] = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
};

/* The upper and lower 64 bits of a product. */
struct wide {
    uint64_t high;
    uint64_t low;
};

static double round_inexact(uint64_t mantissa, int exp10);
static struct wide multiply(uint64_t a, uint64_t b);
static struct wide multiply_by_power(uint64_t normalised, int exp10);
static int floor_log2_of_ten_to(int exp10);
static double double_of_bits(uint64_t bits);
static uint64_t bits_of_double(double value);
static enum answer is_printed_estimated(double value, uint64_t mantissa, int exp10);

double hw_double_round(uint64_t mantissa, int64_t exp10) {
    /* Both operands are doubles, so the one operation rounds once, correctly (Clinger). */
    if (mantissa <= MANTISSA_EXACT_MAX && exp10 >= -HW_DOUBLE_EXACT_POWER && exp10 <= HW_DOUBLE_EXACT_POWER) {
        double exact = (double)(int64_t)mantissa;
        return exp10 < 0 ? exact / hw_powers_of_ten[-exp10] : exact * hw_powers_of_ten[exp10];
    }
    if (mantissa == 0 || exp10 < HW_DOUBLE_POWER_MIN) {
        return 0.0;
    }
    if (exp10 > HW_DOUBLE_POWER_MAX) {
        return (double)INFINITY;
    }
    return round_inexact(mantissa, (int)exp10);
}

double hw_double_round_digits(const char *digits, size_t count, int64_t exp10) {
    uint64_t head = 0;
    for (size_t i = 0; i < count && i < DIGITS_IN_U64; i++) {
        head = head * 10 + (uint64_t)(digits[i] - '0');
    }
    if (count <= DIGITS_IN_U64) {
        return hw_double_round(head, exp10);
    }
    /*
     * The value lies in [head, head + 1). Where both ends round to the same double, so does all
     * between.
     */
    int64_t head_exp10 = exp10 + (int64_t)(count - DIGITS_IN_U64);
    double low = hw_double_round(head, head_exp10);
    if (low == hw_double_round(head + 1, head_exp10)) {
        return low;
    }
    /*
     * A border between two doubles lies within the 19th digit. Without a point in it strtod does
     * not ask the locale.
     */
    char text[HW_DOUBLE_DIGITS_MAX + 32];
    snprintf(text, sizeof(text), "%.*se%" PRId64, (int)count, digits, exp10);
    return strtod(text, NULL);
}

bool hw_double_keeps(double value, uint64_t mantissa, int64_t exp10) {
    if (mantissa < TEN_TO_15) {
        return true;
    }
    while (mantissa % 10 == 0) {
        mantissa /= 10;
        exp10++;
    }
    if (mantissa < TEN_TO_15) {
        return true;
    }
    enum answer estimated = is_printed_estimated(value, mantissa, (int)exp10);
    if (HW_LIKELY(estimated != UNSURE)) {
        return estimated == YES;
    }
    /* Beside a power of two the shortest decimal need not be the nearest of its length. */
    struct hw_decimal shortest = hw_double_shortest(value);
    if (shortest.digits == mantissa && shortest.exp10 == exp10) {
        return true;
    }
    char digits[DIGITS_IN_U64 + 2];
    int count = snprintf(digits, sizeof(digits), "%" PRIu64, mantissa);
    return hw_double_prints(value, digits, (size_t)count);
}

bool hw_double_prints(double value, const char *digits, size_t count) {
    char text[HW_DOUBLE_DIGITS_MAX + 32];
    /*
     * The C library prints exactly. Its locale decides only what stands between the first digit and
     * the others, so these are counted from the exponent.
     */
    snprintf(text, sizeof(text), "%.*e", (int)count - 1, value);
    const char *exponent = strchr(text, 'e');
    return text[0] == digits[0] && memcmp(exponent - (count - 1), digits + 1, count - 1) == 0;
}

static double round_inexact(uint64_t mantissa, int exp10) {
    int zeros = __builtin_clzll(mantissa);
    struct wide product = multiply_by_power(mantissa << zeros, exp10);
    int carry = (int)(product.high >> 63); /* the product has 127 or 128 bits */

    /* 54 bits: those of a mantissa and one that rounds. */
    int dropped = 64 - (MANTISSA_BITS + 2) - 1 + carry;
    uint64_t bits = product.high >> dropped;
    int exponent = floor_log2_of_ten_to(exp10) + 63 + carry - zeros + EXPONENT_BIAS;

    if (exponent <= 0) {
        /*
         * A subnormal has fewer bits. No tie is possible, as 5^-exp10 divides no 64-bit integer
         * down here.
         */
        if (exponent <= -63) {
            return 0.0;
        }
        bits >>= 1 - exponent;
        /* This may carry into the smallest normal, whose bits come next. */
        return double_of_bits((bits + 1) >> 1);
    }
    /*
     * This is a tie, exactly half way: only small powers leave nothing below the rounding bit. It
     * rounds down where that is even.
     */
    bool nothing_below = product.low <= 1 && bits << dropped == product.high;
    if (nothing_below && exp10 >= -4 && exp10 <= 23 && (bits & 3) == 1) {
        bits--;
    }
    bits = (bits + 1) >> 1;
    if (bits == MANTISSA_HIDDEN << 1) {
        bits = MANTISSA_HIDDEN;
        exponent++;
    }
    if (exponent >= EXPONENT_INFINITE) {
        return (double)INFINITY;
    }
    return double_of_bits((uint64_t)exponent << MANTISSA_BITS | (bits & MANTISSA_MASK));
}

/*
 * Returns the top 128 bits of the mantissa times 5^exp10. The lower word of the power can change
 * the result only where the 9 bits that a carry would have to pass through are all ones, so it is
 * mostly left out.
 */
static struct wide multiply_by_power(uint64_t normalised, int exp10) {
    const uint64_t *power = hw_powers_of_five[exp10 - HW_DOUBLE_POWER_MIN];
    struct wide product = multiply(normalised, power[0]);
    if (HW_UNLIKELY((product.high & 0x1ff) == 0x1ff)) {
        struct wide rest = multiply(normalised, power[1]);
        product.low += rest.high;
        product.high += product.low < rest.high;
    }
    return product;
}

static struct wide multiply(uint64_t a, uint64_t b) {
    unsigned __int128 product = (unsigned __int128)a * b;
    return (struct wide){(uint64_t)(product >> 64), (uint64_t)product};
}

/* Returns floor(log2(10^exp10)), which is exact for the powers of the table. */
static int floor_log2_of_ten_to(int exp10) {
    return exp10 * 217706 >> 16;
}

static double double_of_bits(uint64_t bits) {
    double value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

static uint64_t bits_of_double(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

/*
 * For hw_double_keeps, which most numbers of 16 to 19 digits pass through on their way in: answers
 * whether ours is the nearest decimal of its length. Away from powers of two and subnormals the
 * shortest decimal of a double is the nearest of its length too, so NO says that it is not ours.
 *
 * By one multiplication: value / 10^exp10 as a fixed-point number, which rounds to ours or does
 * not. Answers only where it is farther from the middle of two integers than the product is from
 * the truth.
 */
static enum answer is_printed_estimated(double value, uint64_t mantissa, int exp10) {
    uint64_t bits = bits_of_double(value);
    uint64_t stored = bits & MANTISSA_MASK;
    int exponent = (int)(bits >> MANTISSA_BITS);
    /* A power of two has a lopsided interval, a subnormal a wide one. */
    if (stored == 0 || exponent == 0 || -exp10 > HW_DOUBLE_POWER_MAX) {
        return UNSURE;
    }
    const uint64_t *power = hw_powers_of_five[-exp10 - HW_DOUBLE_POWER_MIN];
    struct wide product = multiply((stored | MANTISSA_HIDDEN) << 11, power[0]);
    uint64_t rest = multiply((stored | MANTISSA_HIDDEN) << 11, power[1]).high;
    product.low += rest;
    product.high += product.low < rest;

    /*
     * The quotient has 50 to 64 bits, as ours has 16 to 19 digits; they stand at the top of the
     * product, of which a bit may be missing where there are 64.
     */
    int shift = EXPONENT_BIAS + MANTISSA_BITS + 10 - exponent - floor_log2_of_ten_to(-exp10);
    unsigned __int128 quotient = (unsigned __int128)product.high << 64 | product.low;
    if (HW_UNLIKELY(shift < -1)) {
        return UNSURE;
    }
    quotient = HW_LIKELY(shift >= 0) ? quotient >> shift : quotient << 1;
    uint64_t whole = (uint64_t)(quotient >> 64);
    uint64_t fraction = (uint64_t)quotient; /* in 2^-64, off by 4 at most */
    if (fraction - (HALF - MARGIN) <= 2 * MARGIN) {
        return UNSURE; /* half way between two of our length */
    }
    return whole + (fraction > HALF) == mantissa ? YES : NO;
}

static struct hw_decimal interval_shortest(uint64_t significand, int exp2, bool power_of_two);
static struct hw_decimal decimal_trim(uint64_t digits, int exp10);
static struct hw_decimal zeros_trim(uint64_t digits, int exp10);

struct hw_decimal hw_double_shortest(double value) {
    uint64_t bits = bits_of_double(value);
    uint64_t stored = bits & MANTISSA_MASK;
    int exponent = (int)(bits >> MANTISSA_BITS);
    int exp2 = (exponent > 0 ? exponent : 1) - EXPONENT_BIAS - MANTISSA_BITS;
    uint64_t significand = exponent > 0 ? stored | MANTISSA_HIDDEN : stored;

    /*
     * An integer below 2^53 is its own shortest, zeros aside: the distance to its neighbours is 1
     * at most.
     */
    if (exp2 <= 0 && exp2 >= -MANTISSA_BITS && (significand & ((UINT64_C(1) << -exp2) - 1)) == 0) {
        return decimal_trim(significand >> -exp2, 0);
    }
    /*
     * No two decimals of at most 15 digits are one double, so one that reads back is it: amounts of
     * money mostly are.
     */
    double scaled = value * COMMON_SCALE + 0.5;
    if (scaled < (double)TEN_TO_15 && (double)(int64_t)scaled / COMMON_SCALE == value) {
        return zeros_trim((uint64_t)(int64_t)scaled, -COMMON_EXPONENT);
    }
    return interval_shortest(significand, exp2, stored == 0 && exponent > 1);
}

/* Narrower formats differ in the bits of their mantissa and the bias of their exponent alone. */
static struct hw_decimal narrow_shortest(uint32_t bits, int mantissa_bits, int bias) {
    const uint32_t hidden = UINT32_C(1) << mantissa_bits;
    const uint32_t stored = bits & (hidden - 1);
    const int exponent = (int)(bits >> mantissa_bits);
    const int exp2 = (exponent > 0 ? exponent : 1) - bias - mantissa_bits;
    return interval_shortest(exponent > 0 ? stored | hidden : stored, exp2, stored == 0 && exponent > 1);
}

struct hw_decimal hw_float_shortest(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof(bits));
    return narrow_shortest(bits, 23, 127);
}

struct hw_decimal hw_half_shortest(uint16_t bits) {
    return narrow_shortest(bits, 10, 15);
}

static uint64_t times_power_to_odd(unsigned __int128 power, uint64_t factor);

/*
 * All decimals that read back form one interval around significand * 2^exp2, which reaches half the
 * distance of two doubles up, and as far down, but half as far at a power of two. Its ends belong
 * to it where the significand is even. With 10^k the largest power of ten that is no longer than
 * it, the interval holds a multiple of 10^k, and at most one of 10^(k+1). Everything is counted in
 * quarters of 10^k, inexact ones marked by an odd last bit.
 */
static struct hw_decimal interval_shortest(uint64_t significand, int exp2, bool power_of_two) {
    int k = (exp2 * 1262611 - (power_of_two ? 524031 : 0)) >> 22; /* floor(log10(length)) */
    int shift = exp2 + floor_log2_of_ten_to(-k) + 1;
    const uint64_t *row = hw_powers_of_five[-k - HW_DOUBLE_POWER_MIN];
    unsigned __int128 power = (unsigned __int128)row[0] << 64 | row[1];
    /* the table's is rounded down there, this takes one that is rounded up */
    power += -k < -27 || -k > 55;

    uint64_t odd = significand & 1;
    uint64_t middle = times_power_to_odd(power, significand << 2 << shift);
    uint64_t low = times_power_to_odd(power, ((significand << 2) - 2 + power_of_two) << shift) + odd;
    uint64_t high = times_power_to_odd(power, ((significand << 2) + 2) << shift) - odd;
    uint64_t below = middle >> 2;

    uint64_t tens = below / 10;
    bool tens_in = low <= 40 * tens;
    bool tens_above_in = 40 * tens + 40 <= high;
    if (tens_in != tens_above_in) {
        return decimal_trim(tens + tens_above_in, k + 1);
    }
    bool below_in = low <= 4 * below;
    bool above_in = 4 * below + 4 <= high;
    if (below_in != above_in) {
        return decimal_trim(below + above_in, k);
    }
    uint64_t half = 4 * below + 2;
    bool up = middle > half || (middle == half && (below & 1) != 0);
    return decimal_trim(below + up, k);
}

/*
 * The product's bits above the lowest 128; the last of them is set where any of those below is, but
 * for an error of 1.
 */
static uint64_t times_power_to_odd(unsigned __int128 power, uint64_t factor) {
    struct wide product = multiply((uint64_t)(power >> 64), factor);
    uint64_t rest = multiply((uint64_t)power, factor).high;
    product.low += rest;
    product.high += product.low < rest;
    return product.high | (product.low > 1);
}

/* Zeros mostly come in eights or more, or not at all. */
static struct hw_decimal decimal_trim(uint64_t digits, int exp10) {
    const uint64_t ten_to_8 = UINT64_C(100000000);
    if (digits % ten_to_8 == 0) {
        digits /= ten_to_8;
        exp10 += 8;
    }
    return zeros_trim(digits, exp10);
}

static struct hw_decimal zeros_trim(uint64_t digits, int exp10) {
    while (digits % 10 == 0) {
        digits /= 10;
        exp10++;
    }
    return (struct hw_decimal){digits, exp10};
}
