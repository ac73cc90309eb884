/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of literals, exactly. */
#ifndef HW_TABLE_FILTER_NUMBER_H
#define HW_TABLE_FILTER_NUMBER_H

#include "core/error.h"
#include "core/view.h"

/* More digits than that are no number of ours. */
enum { HW_LITERAL_DIGITS_MAX = 1000 };

/* digits * 10^exp10; the first and the last digit are not 0, and 0 has none. */
struct hw_literal_number {
    bool negative;
    char digits[HW_LITERAL_DIGITS_MAX];
    size_t count;
    int64_t exp10;
};

/* An integer of 256 bits of two's complement, the lowest 64 first. */
struct hw_huge {
    uint64_t limbs[4];
};

/* Takes a number apart, [-]digits[.digits][e[+-]digits]. HW_EUSAGE where it has too many digits. */
HW_NODISCARD enum hw_status hw_literal_number_read(hw_view text, struct hw_literal_number *out_number,
                                                   struct hw_error *err);

/*
 * Sets `*out_floor` to number * 10^scale, rounded down, and `*out_exact` to whether nothing was
 * lost. False where it has more than 76 digits.
 */
bool hw_literal_number_scale(const struct hw_literal_number *number, unsigned scale, struct hw_huge *out_floor,
                             bool *out_exact);

/* Returns the nearest double; infinity where that overflows. */
double hw_literal_number_double(const struct hw_literal_number *number);

/* Returns whether 128 bits hold the integer, and sets `*out` to it if so. */
bool hw_huge_wide(const struct hw_huge *huge, __int128 *out);

#endif
