/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hot half of csv/number.h; include that. Why this is fast:
 *  - digits are taken 8 at a time (csv/swar.h), checked and converted together, never byte by byte;
 *  - a field is moved to the end of its words, so what stands behind it is shifted out and zeros come in front: no tail
 *    loop, and no power of ten to look up;
 *  - a minus is overwritten by a zero and a point by the digits in front of it, in the registers: no address waits for
 *    either;
 *  - branches ask for the length of a field and whether it is well formed, which hardly vary in a column, never for its
 *    digits or sign.
 */
#ifndef HW_CSV_NUMBER_INLINE_H
#define HW_CSV_NUMBER_INLINE_H

#include "csv/double.h"
#include "csv/number.h"
#include "csv/swar.h"

/* hw_parse_int64 for more than 16 bytes. */
bool hw_parse_int64_long(const char *text, size_t size, int64_t *out_value);

/* hw_parse_double for all that is not a plain decimal of at most 15 digits. */
bool hw_parse_double_rest(const char *text, size_t size, double *out_value, struct hw_digits *digits);

/* 10^0 .. 10^19, all that fit. */
extern const uint64_t hw_integer_powers_of_ten[20];

/* A plain decimal: digits, perhaps with a minus and a point, but no exponent. */
struct hw_plain {
    uint64_t mantissa; /* the digits as one integer */
    uint32_t before;   /* digits before the point, but 0 for a lone zero */
    uint32_t after;    /* digits after the point */
    bool negative;
};

/* Reads one of at most 16 bytes. False for longer ones too, so false means: look closer. */
static inline bool hw_plain_read(const char *text, size_t size, struct hw_plain *out_plain);

/* Branches, as the maxima of a column soon stop moving. */
static inline void hw_digits_raise(struct hw_digits *digits, uint32_t before, uint32_t after) {
    if (HW_UNLIKELY(before > digits->before)) {
        digits->before = before;
    }
    if (HW_UNLIKELY(after > digits->after)) {
        digits->after = after;
    }
}

/* The first 8 bytes as digits, a minus as a zero. */
static inline uint64_t hw_number_first(const char *text, bool negative) {
    return hw_swar_load_digits(text) & (negative ? ~UINT64_C(0xff) : ~UINT64_C(0));
}

static inline bool hw_parse_int64(const char *text, size_t size, int64_t *out_value) {
    bool negative = *text == '-';
    uint64_t first = hw_number_first(text, negative);
    uint64_t magnitude;

    if (size - 1 < 8) {
        first = hw_swar_align(first, size);
        if (HW_UNLIKELY(hw_swar_not_digits(first) || size == negative)) {
            return false;
        }
        magnitude = hw_swar_value(first);
    } else if (size - 1 < 16) {
        first = hw_swar_align(first, size - 8);
        uint64_t last = hw_swar_load_digits(text + size - 8);
        if (HW_UNLIKELY(hw_swar_not_digits(first) | hw_swar_not_digits(last))) {
            return false;
        }
        magnitude = hw_swar_value(first) * UINT64_C(100000000) + hw_swar_value(last);
    } else {
        return hw_parse_int64_long(text, size, out_value);
    }
    if (HW_UNLIKELY(text[negative] == '0' && size > 1)) {
        return false; /* a leading zero, or "-0" */
    }
    *out_value = negative ? -(int64_t)magnitude : (int64_t)magnitude;
    return true;
}

static inline bool hw_parse_double(const char *text, size_t size, double *out_value, struct hw_digits *digits) {
    struct hw_plain plain;
    if (HW_UNLIKELY(!hw_plain_read(text, size, &plain) || plain.mantissa >= UINT64_C(1000000000000000))) {
        return hw_parse_double_rest(text, size, out_value, digits);
    }
    /*
     * At most 15 digits over at most 10^15, both exact doubles: one division rounds once,
     * correctly, and the double keeps the digits.
     */
    double magnitude = (double)(int64_t)plain.mantissa / hw_powers_of_ten[plain.after];
    *out_value = hw_double_signed(magnitude, plain.negative);
    hw_digits_raise(digits, plain.before, plain.after);
    return true;
}

/*
 * Closes the gap that a point leaves: the bytes `through` it are overwritten by those `one_before`,
 * the same digits one byte later. A second point stays in its word, and is no digit.
 */
static inline uint64_t hw_plain_close(uint64_t digits, uint64_t one_before, uint64_t through) {
    return digits ^ ((digits ^ one_before) & through);
}

static inline bool hw_plain_read(const char *text, size_t size, struct hw_plain *out_plain) {
    bool negative = *text == '-';
    uint64_t first = hw_number_first(text, negative);
    uint64_t mantissa;
    size_t after;
    bool pointed;

    if (size - 1 < 8) {
        first = hw_swar_align(first, size);
        uint64_t points = hw_swar_match(first, '.' ^ '0');
        first = hw_plain_close(first, first << 8, hw_swar_through(points));
        if (HW_UNLIKELY(hw_swar_not_digits(first))) {
            return false;
        }
        mantissa = hw_swar_value(first);
        after = hw_swar_behind(points);
        pointed = points != 0;
    } else {
        if (HW_UNLIKELY(size - 1 >= 16)) {
            return false;
        }
        first = hw_swar_align(first, size - 8);
        uint64_t last = hw_swar_load_digits(text + size - 8);
        uint64_t points_first = hw_swar_match(first, '.' ^ '0');
        uint64_t points_last = hw_swar_match(last, '.' ^ '0');
        last = hw_plain_close(last, last << 8 | first >> 56, hw_swar_through(points_last));
        first = hw_plain_close(first, first << 8, points_last ? UINT64_MAX : hw_swar_through(points_first));
        if (HW_UNLIKELY(hw_swar_not_digits(first) | hw_swar_not_digits(last))) {
            return false;
        }
        mantissa = hw_swar_value(first) * UINT64_C(100000000) + hw_swar_value(last);
        after = points_last ? hw_swar_behind(points_last) : 8 + hw_swar_behind(points_first);
        pointed = (points_first | points_last) != 0;
        after = pointed ? after : 0;
    }
    size_t before = size - after - pointed - negative;
    size_t zero_first = text[negative] == '0';
    if (HW_UNLIKELY(before + after == 0 || (before & -zero_first) > 1)) {
        return false; /* no digit, or a zero before others */
    }
    *out_plain = (struct hw_plain){mantissa, (uint32_t)(before - zero_first), (uint32_t)after, negative};
    return true;
}

#endif
