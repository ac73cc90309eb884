/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers as text: what counts as one, and its exact value. The hot functions are inline; their
 * definitions follow below the contract. All functions may read up to HW_BATCH_PADDING bytes beyond
 * the field, but never act on these bytes, and never write any. They keep no state and may run in
 * any thread.
 *
 *   number   := '-'? digits ('.' digits?)? exponent?  |  '-'? '.' digits exponent?
 *   digits   := '0' | [1-9][0-9]*    before the point, so 007, -01 and 00.5 are text
 *             | [0-9]+               after the point
 *   exponent := [eE] [+-]? [0-9]+
 *   special  := [+-]? ( inf | infinity | nan )    in any case
 *
 * Nothing else is a number: no leading '+', no spaces, no separators, no hexadecimal digits, no
 * digits beyond ASCII.
 */
#ifndef HW_CSV_NUMBER_H
#define HW_CSV_NUMBER_H

#include "core/base.h"
#include "core/double.h"
#include "core/swar.h"

/*
 * Reads an integer, '-'? digits, that fits int64. Returns false for anything else, and for "-0": an
 * int64 would lose its sign, so it is a double.
 */
static inline bool hw_parse_int64(const char *text, size_t size, int64_t *out_value);

/* The class of a text as a number. */
enum hw_number_class {
    /*
     * The text is no number, or a number that overflows to infinity, or one that is not zero but
     * would become 0.
     */
    HW_NUMBER_NOT,
    /* The number fits int64. */
    HW_NUMBER_INT64,
    /*
     * A double keeps the number: it has at most 15 significant digits, or the shortest decimal that
     * reads back as the double has the same value, or printing the double with as many digits gives
     * the same digits. The last does not count for an integer, digits alone, beyond int64.
     */
    HW_NUMBER_DOUBLE,
    /*
     * The number is finite and has digits that no double keeps; it may be a big integer. It may
     * also have more digits than the 38 that a DECIMAL has room for.
     */
    HW_NUMBER_DECIMAL,
    /* The text is inf, infinity or nan. */
    HW_NUMBER_SPECIAL,
};

/*
 * The number of digits before and after the point that a DECIMAL needs for a value. Leading zeros
 * do not count, so 0 has no digits before the point. Zeros that are written after the point do
 * count ("1.50" has 2); trailing zeros of a number with an exponent do not.
 */
struct hw_digits {
    uint32_t before;
    uint32_t after;
};

/*
 * Returns the class of a text. `*out_value` is set for INT64, DOUBLE and SPECIAL (the correctly
 * rounded double), `*out_digits` for INT64, DOUBLE and DECIMAL. A number of more than 1,000 bytes
 * is HW_NUMBER_NOT.
 */
enum hw_number_class hw_number_classify(const char *text, size_t size, double *out_value, struct hw_digits *out_digits);

/*
 * Reads a value of a column of doubles: returns true where the text is INT64, DOUBLE or SPECIAL as
 * above, with its correctly rounded value. Returns false for an INT64 that is no double, as there
 * are from 2^53 on. Raises `digits` to the digits of the value, but not for a SPECIAL.
 */
static inline bool hw_parse_double(const char *text, size_t size, double *out_value, struct hw_digits *digits);

/*
 * Reads a value of a column of DECIMAL(precision, scale): the exact value times 10^scale. Returns
 * false where the text is no finite number, needs more than `scale` digits after the point, or more
 * than precision - scale before it. Raises `digits` to the digits of the value.
 */
bool hw_parse_decimal(const char *text, size_t size, unsigned precision, unsigned scale, __int128 *out_value,
                      struct hw_digits *digits);

/* Raises each of the two maxima where the value has more. */
static inline void hw_digits_raise(struct hw_digits *digits, uint32_t before, uint32_t after);

/*
 * The rest of this header is how the hot functions work. Why they are fast:
 *  - Digits are taken 8 at a time (core/swar.h), and checked and converted together, never byte by
 *    byte.
 *  - A field is moved to the end of its words: what stands behind it is shifted out, and zeros come
 *    in front. So there is no loop over a tail, and no power of ten to look up.
 *  - A minus is overwritten by a zero, and a point by the digits in front of it, in the registers.
 *    So no address waits for either.
 *  - Branches ask for the length of a field and whether it is well formed, which hardly vary within
 *    a column, never for its digits or sign.
 */

/* Does hw_parse_int64 for texts of more than 16 bytes. */
bool hw_parse_int64_long(const char *text, size_t size, int64_t *out_value);

/* Does hw_parse_double for every text that is not a plain decimal of at most 15 digits. */
bool hw_parse_double_rest(const char *text, size_t size, double *out_value, struct hw_digits *digits);

/* A plain decimal: digits, perhaps with a minus and a point, but no exponent. */
struct hw_plain {
    uint64_t mantissa; /* all digits, read as one integer */
    uint32_t before;   /* number of digits before the point; 0 where that is a lone zero */
    uint32_t after;    /* number of digits after the point */
    bool negative;
};

/*
 * Reads a plain decimal of at most 16 bytes. Returns false for a longer one too, so false does not
 * say that the text is no number.
 */
static inline bool hw_plain_read(const char *text, size_t size, struct hw_plain *out_plain);

static inline void hw_digits_raise(struct hw_digits *digits, uint32_t before, uint32_t after) {
    /* Branches cost nothing here: the maxima of a column soon stop moving. */
    if (HW_UNLIKELY(before > digits->before)) {
        digits->before = before;
    }
    if (HW_UNLIKELY(after > digits->after)) {
        digits->after = after;
    }
}

/* Returns the first 8 bytes as digits (core/swar.h), with a zero in the place of a minus. */
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
 * Closes the gap that a point leaves in its word: overwrites the bytes up to and with the point,
 * which `through` selects, by those of `one_before`, which holds the same digits one byte later. A
 * second point stays in the word, and is no digit there.
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
