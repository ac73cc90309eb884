/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A profile tells what the values of a column have been, and so the narrowest type that holds them
 * all without loss. Profiles merge: the profiles of parts, in any order, give that of the whole.
 */
#ifndef HW_CSV_PROFILE_H
#define HW_CSV_PROFILE_H

#include <hawser/csv.h>
#include <hawser/table.h>

#include "core/view.h"
#include "csv/number.h"

/* Bits for the kinds of values that were seen. */
enum {
    HW_SEEN_INT = 1 << 0,     /* an int64 */
    HW_SEEN_BIG_INT = 1 << 1, /* an int64 that no double equals */
    HW_SEEN_DOUBLE = 1 << 2,
    HW_SEEN_NEGATIVE_ZERO = 1 << 3, /* only a double keeps its sign */
    HW_SEEN_DECIMAL = 1 << 4,       /* a number that no double keeps */
    HW_SEEN_SPECIAL = 1 << 5,       /* inf or nan */
    HW_SEEN_BOOL = 1 << 6,
    HW_SEEN_DATE = 1 << 7,
    HW_SEEN_LOCAL_TIME = 1 << 8, /* a timestamp without a zone */
    HW_SEEN_UTC_TIME = 1 << 9,   /* a timestamp with a zone */
    HW_SEEN_NANOS = 1 << 10,     /* a timestamp that microseconds do not hold */
    HW_SEEN_TEXT = 1 << 11,
    /* "" in quotes: an empty text in a column without other values, else a null. */
    HW_SEEN_EMPTY = 1 << 12,
    /* A date or timestamp that int64 does not hold in nanoseconds. */
    HW_SEEN_FAR_TIME = 1 << 13,
    /*
     * A number with an exponent without a sign and no point, as some ids look: 713752e1. It is a
     * number only beside doubles and decimals of other spellings.
     */
    HW_SEEN_EXPONENT = 1 << 14,
    HW_SEEN_LONG_EXPONENT = 1 << 15, /* such a number that no double keeps */
    /* A number of two digits or more after the point, the last of which is 0: 1.10. */
    HW_SEEN_END_ZERO = 1 << 16,
    /*
     * A value that is one of the words that a spelling has for booleans, and one that is none of
     * them. Neither is set where there are no such words. A word may be a number or a text besides.
     */
    HW_SEEN_WORD = 1 << 17,
    HW_SEEN_OTHER = 1 << 18,
    /* A text that is none of those that programs write for a null (csv/nulls.h). */
    HW_SEEN_PROSE = 1 << 19,
};

struct hw_csv_profile {
    uint32_t seen;           /* bits HW_SEEN_... */
    struct hw_digits digits; /* the most digits before and after the point */
    /* The fewest digits after the point, among the values that were observed one by one. */
    uint32_t after_min;
    /* The fewest and the most among those of them that have a point and no exponent. */
    uint32_t fraction_min;
    uint32_t fraction_max;
};

/* The profile of no values. */
#define HW_CSV_PROFILE_INIT \
    { .after_min = UINT32_MAX, .fraction_min = UINT32_MAX }

/*
 * Adds a value that is not null: the bytes of a field without its quotes, after which
 * HW_BATCH_PADDING bytes are readable.
 */
void hw_csv_profile_observe(struct hw_csv_profile *profile, hw_view value);
/* Adds an integer. */
void hw_csv_profile_observe_int64(struct hw_csv_profile *profile, int64_t value);
/*
 * Adds a date or timestamp of so many microseconds since 1970. The caller sets the bit for its
 * kind.
 */
void hw_csv_profile_observe_micros(struct hw_csv_profile *profile, int64_t micros);
/* Adds the values of another profile. */
void hw_csv_profile_merge(struct hw_csv_profile *profile, const struct hw_csv_profile *other);

/*
 * Returns the narrowest type that holds all values; `decimals` decides between double, decimal and
 * text.
 */
struct hw_type hw_csv_profile_type(const struct hw_csv_profile *profile, enum hw_csv_decimals decimals);

/*
 * Returns whether numbers were seen that differ in the zeros at their ends, as versions do: 1.1 and
 * 1.10. A column of doubles does not tell these two apart. This looks at values that were observed
 * one by one, which those of a sample are.
 */
bool hw_csv_profile_zeros_differ(const struct hw_csv_profile *profile);

/*
 * Returns whether the column is of texts only for words that programs write for a null, so that it
 * would be of numbers, times or booleans were they taken for null.
 */
bool hw_csv_profile_null_words(const struct hw_csv_profile *profile, enum hw_csv_decimals decimals);

/* Reads "true" or "false" in upper or lower case. Returns false where the value is neither. */
bool hw_csv_parse_bool(hw_view value, bool *out_value);

#endif
