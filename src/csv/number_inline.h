/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hot half of csv/number.h; include that. Why this is fast:
 *  - digits are taken 8 at a time (csv/swar.h), checked and converted together, never byte by byte;
 *  - bytes behind the field are loaded with it and shifted out, so there is no tail loop and no bounded load;
 *  - a decimal point is taken out by merging two loads one byte apart, not by copying;
 *  - the branches depend on the length of a field and whether it is well formed, which in a column hardly vary, never on its digits.
 */
#ifndef HW_CSV_NUMBER_INLINE_H
#define HW_CSV_NUMBER_INLINE_H

#include "csv/double.h"
#include "csv/number.h"
#include "csv/swar.h"

/* Up to 16 digits have their own paths; here are the 17 to 19 that int64 may have. */
bool hw_parse_int64_long(const char *digits, size_t count, bool negative, int64_t *out_value);

/* hw_parse_double for all that is not a plain decimal of at most 15 digits. */
bool hw_parse_double_rest(const char *text, size_t size, double *out_value, struct hw_digits *digits);

/* 10^0 .. 10^19, all that fit. */
extern const uint64_t hw_integer_powers_of_ten[20];

/* A plain decimal: digits, perhaps with a point; no sign, no exponent. */
struct hw_plain {
    uint64_t mantissa; /* the digits as one integer */
    uint32_t before;   /* digits before the point, but 0 for a lone zero */
    uint32_t after;    /* digits after the point */
};

/* Reads one of at most 16 digits. False for all others too, so false means: look closer. */
static inline bool hw_plain_read(const char *text, size_t size, struct hw_plain *out_plain);

static inline void hw_digits_raise(struct hw_digits *digits, uint32_t before, uint32_t after) {
    digits->before = before > digits->before ? before : digits->before;
    digits->after = after > digits->after ? after : digits->after;
}

static inline bool hw_parse_int64(const char *text, size_t size, int64_t *out_value) {
    bool negative = *text == '-';
    const char *digits = text + negative;
    size_t count = size - negative; /* wraps where size is 0, as then no count below matches */
    uint64_t magnitude;

    if (*digits == '0' && size > 1) {
        return false; /* a leading zero, or "-0" */
    }
    if (count - 1 < 8) {
        uint64_t only = hw_swar_align(hw_swar_load_digits(digits), count);
        if (HW_UNLIKELY(hw_swar_not_digits(only))) {
            return false;
        }
        magnitude = hw_swar_value(only);
    } else if (count - 1 < 16) {
        uint64_t first = hw_swar_align(hw_swar_load_digits(digits), count - 8);
        uint64_t last = hw_swar_load_digits(digits + count - 8);
        if (HW_UNLIKELY(hw_swar_not_digits(first) | hw_swar_not_digits(last))) {
            return false;
        }
        magnitude = hw_swar_value(first) * UINT64_C(100000000) + hw_swar_value(last);
    } else {
        return hw_parse_int64_long(digits, count, negative, out_value);
    }
    *out_value = negative ? -(int64_t)magnitude : (int64_t)magnitude;
    return true;
}

static inline bool hw_parse_double(const char *text, size_t size, double *out_value, struct hw_digits *digits) {
    bool negative = *text == '-';
    struct hw_plain plain;
    if (HW_UNLIKELY(!hw_plain_read(text + negative, size - negative, &plain) || plain.mantissa >= UINT64_C(1000000000000000))) {
        return hw_parse_double_rest(text, size, out_value, digits);
    }
    /* At most 15 digits over at most 10^16, both exact doubles: one division rounds once, correctly, and the double keeps the digits. */
    double value = (double)(int64_t)plain.mantissa / hw_powers_of_ten[plain.after];
    *out_value = negative ? -value : value;
    hw_digits_raise(digits, plain.before, plain.after);
    return true;
}

/* All bits below the byte that the lowest flag marks; all bits where there is no flag. */
static inline uint64_t hw_plain_before(uint64_t flags) {
    return ((flags & -flags) >> 7) - 1;
}

/*
 * Eight characters without the point: the bytes in front of it (`before_point`) stay, those behind it come from a load one byte on. A
 * second point stays where it is, and is no digit.
 */
static inline uint64_t hw_plain_digits(const char *text, uint64_t before_point) {
    return ((hw_load_le64(text) & before_point) | (hw_load_le64(text + 1) & ~before_point)) ^ HW_SWAR_EACH('0');
}

static inline bool hw_plain_read(const char *text, size_t size, struct hw_plain *out_plain) {
    uint64_t flags = hw_swar_match(hw_load_le64(text), '.');
    uint64_t first = hw_plain_digits(text, hw_plain_before(flags));
    size_t point = flags ? hw_min_size(hw_swar_first(flags), size) : size; /* `size` where there is none */
    size_t count = size - (point != size);                                 /* of digits */
    uint64_t mantissa;

    if (count - 1 < 8) {
        first = hw_swar_align(first, count);
        if (HW_UNLIKELY(hw_swar_not_digits(first))) {
            return false;
        }
        mantissa = hw_swar_value(first);
    } else {
        uint64_t more_flags = flags ? 0 : hw_swar_match(hw_load_le64(text + 8), '.');
        uint64_t second = hw_plain_digits(text + 8, flags ? 0 : hw_plain_before(more_flags));
        point = more_flags ? hw_min_size(8 + hw_swar_first(more_flags), size) : point;
        count = size - (point != size);
        if (HW_UNLIKELY(count - 9 >= 8)) {
            return false; /* none, too many, or 8 and a point behind them */
        }
        second = hw_swar_align(second, count - 8);
        if (HW_UNLIKELY(hw_swar_not_digits(first) | hw_swar_not_digits(second))) {
            return false;
        }
        mantissa = hw_swar_value(first) * hw_integer_powers_of_ten[count - 8] + hw_swar_value(second);
    }
    bool zero_first = *text == '0';
    if (HW_UNLIKELY(zero_first && point > 1)) {
        return false;
    }
    out_plain->mantissa = mantissa;
    out_plain->before = (uint32_t)(point - zero_first);
    out_plain->after = (uint32_t)(count - point);
    return true;
}

#endif
