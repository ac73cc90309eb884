/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers as text: what counts as one, and its exact value. Hot functions are inline; all of them
 * may read up to HW_BATCH_PADDING bytes beyond the field, never act on them, and never write.
 *
 *   number  := '-'? digits ('.' digits?)? exponent?  |  '-'? '.' digits exponent?
 *   digits  := '0' | [1-9][0-9]*         before the point (so 007, -01, 00.5 are text); any digits after it
 *   exponent:= [eE] [+-]? [0-9]+
 *   special := [+-]? ( inf | infinity | nan )   in any case
 * Nothing else is a number: no '+', no spaces, no separators, no hex, ASCII digits only.
 */
#ifndef HW_CSV_NUMBER_H
#define HW_CSV_NUMBER_H

#include "core/base.h"

/*
 * Integers: '-'? digits, within int64. "-0" is no int64 (its sign would be lost); it is a double.
 */
static inline bool hw_parse_int64(const char *text, size_t size, int64_t *out_value);

/* What a text is as a number. */
enum hw_number_class {
    /* no number: text. Also an overflow to infinity and a non-zero value that becomes 0 */
    HW_NUMBER_NOT,
    HW_NUMBER_INT64, /* fits int64 */
    /* a double whose shortest decimal has the same value, or with at most 15 significant digits */
    HW_NUMBER_DOUBLE,
    /*
     * finite, more digits than a double keeps (a big integer too); int + frac digits may exceed 38
     */
    HW_NUMBER_DECIMAL,
    HW_NUMBER_SPECIAL, /* inf, infinity, nan */
};

/*
 * Where the digits of a value stand, for the precision of a DECIMAL. Leading zeros and trailing
 * zeros of the exponent form do not count; zeros written after the point do ("1.50" has 2). 0 has 0
 * digits before the point.
 */
struct hw_digits {
    uint32_t before; /* digits before the point */
    uint32_t after;  /* digits after it */
};

/*
 * Classifies a text. `*out_value` is set for INT64, DOUBLE and SPECIAL (the correctly rounded
 * double); `*out_digits` for INT64, DOUBLE and DECIMAL. Numbers longer than 1,000 bytes are
 * HW_NUMBER_NOT.
 */
enum hw_number_class hw_number_classify(const char *text, size_t size, double *out_value, struct hw_digits *out_digits);

/*
 * The hot path of a double column: true where the text is INT64, DOUBLE or SPECIAL as above, with
 * its correctly rounded value. INT64 of 2^53 and beyond is false (an integer that the column would
 * not keep exactly). `digits` is raised to the most digits before and after the point seen so far
 * (specials leave it).
 */
static inline bool hw_parse_double(const char *text, size_t size, double *out_value, struct hw_digits *digits);

/*
 * The exact value times 10^scale as a 16-byte little-endian two's complement; false where it is no
 * finite number, needs more than `scale` digits after the point, or more than precision - scale
 * before it. `digits` is raised as above.
 */
bool hw_parse_decimal(const char *text, size_t size, unsigned precision, unsigned scale, __int128 *out_value,
                      struct hw_digits *digits);

#include "csv/number_inline.h"

#endif
