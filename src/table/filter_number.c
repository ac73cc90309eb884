/* SPDX-License-Identifier: Apache-2.0 */
#include "table/filter_number.h"

#include "core/double.h"
#include "table/batch.h"

/* Exponents are cut to what no type comes near. */
#define EXPONENT_MAX INT64_C(1000000)

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

static int64_t exponent_read(hw_view text) {
    int64_t exponent = 0;
    const bool is_signed = text.size > 0 && !is_digit(text.data[0]);
    for (size_t i = is_signed; i < text.size; i++) {
        exponent = exponent * 10 + (text.data[i] - '0');
        exponent = exponent > EXPONENT_MAX ? EXPONENT_MAX : exponent;
    }
    return is_signed && text.data[0] == '-' ? -exponent : exponent;
}

enum hw_status hw_literal_number_read(hw_view text, struct hw_literal_number *out_number, struct hw_error *err) {
    struct hw_literal_number *number = out_number;
    bool point = false;
    size_t at = text.size > 0 && text.data[0] == '-';
    number->negative = at == 1;
    number->count = 0;
    number->exp10 = 0;
    for (; at < text.size && (is_digit(text.data[at]) || text.data[at] == '.'); at++) {
        if (text.data[at] == '.') {
            point = true;
            continue;
        }
        number->exp10 -= point;
        if (number->count == 0 && text.data[at] == '0') {
            continue;
        }
        if (number->count == HW_LITERAL_DIGITS_MAX) {
            return hw_fail(err, HW_EUSAGE, "a number with more than %d digits", HW_LITERAL_DIGITS_MAX);
        }
        number->digits[number->count++] = text.data[at];
    }
    if (at < text.size) {
        number->exp10 += exponent_read((hw_view){text.data + at + 1, text.size - at - 1});
    }
    while (number->count > 0 && number->digits[number->count - 1] == '0') {
        number->count--;
        number->exp10++;
    }
    return HW_OK;
}

/* ------ integers */

static void huge_append(struct hw_huge *huge, unsigned digit) {
    unsigned __int128 carry = digit;
    for (size_t i = 0; i < COUNT_OF(huge->limbs); i++) {
        carry += (unsigned __int128)huge->limbs[i] * 10;
        huge->limbs[i] = (uint64_t)carry;
        carry >>= 64;
    }
}

/* Returns -huge - 1, which is every bit turned over. */
static struct hw_huge huge_not(struct hw_huge huge) {
    for (size_t i = 0; i < COUNT_OF(huge.limbs); i++) {
        huge.limbs[i] = ~huge.limbs[i];
    }
    return huge;
}

static struct hw_huge huge_next(struct hw_huge huge) {
    for (size_t i = 0; i < COUNT_OF(huge.limbs) && ++huge.limbs[i] == 0; i++) {
    }
    return huge;
}

bool hw_literal_number_scale(const struct hw_literal_number *number, unsigned scale, struct hw_huge *out_floor,
                             bool *out_exact) {
    const int64_t shift = number->exp10 + scale;
    const int64_t whole = (int64_t)number->count + shift;
    struct hw_huge huge = {{0}};
    if (number->count > 0 && whole > HW_DECIMAL256_PRECISION_MAX) {
        return false;
    }
    for (int64_t i = 0; number->count > 0 && i < whole; i++) {
        huge_append(&huge, i < (int64_t)number->count ? (unsigned)(number->digits[i] - '0') : 0);
    }
    /* The last digit is not 0, so any digit behind the point leaves a fraction. */
    *out_exact = number->count == 0 || shift >= 0;
    if (number->negative) {
        huge = huge_not(huge);
        huge = *out_exact ? huge_next(huge) : huge;
    }
    *out_floor = huge;
    return true;
}

bool hw_huge_wide(const struct hw_huge *huge, __int128 *out) {
    const uint64_t sign = (uint64_t)((int64_t)huge->limbs[1] >> 63);
    *out = (__int128)((unsigned __int128)huge->limbs[1] << 64 | huge->limbs[0]);
    return huge->limbs[2] == sign && huge->limbs[3] == sign;
}

double hw_literal_number_double(const struct hw_literal_number *number) {
    const double magnitude =
        number->count > 0 ? hw_double_round_digits(number->digits, number->count, number->exp10) : 0;
    return hw_double_signed(magnitude, number->negative);
}
