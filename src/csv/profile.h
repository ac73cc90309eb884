/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the values of a column have been, and the narrowest type that holds them all without loss.
 * Profiles merge: the type of a whole is found from the profiles of its parts, in any order.
 */
#ifndef HW_CSV_PROFILE_H
#define HW_CSV_PROFILE_H

#include <hawser/csv.h>
#include <hawser/table.h>

#include "core/view.h"
#include "csv/number.h"

enum {
    HW_SEEN_INT = 1 << 0,     /* int64 */
    HW_SEEN_BIG_INT = 1 << 1, /* int64 of 2^53 and beyond: a double would not keep it */
    HW_SEEN_DOUBLE = 1 << 2,
    HW_SEEN_NEGATIVE_ZERO = 1 << 3, /* only a double keeps its sign */
    HW_SEEN_DECIMAL = 1 << 4,       /* more digits than a double keeps */
    HW_SEEN_SPECIAL = 1 << 5,       /* inf, nan */
    HW_SEEN_BOOL = 1 << 6,
    HW_SEEN_DATE = 1 << 7,
    HW_SEEN_LOCAL_TIME = 1 << 8,
    HW_SEEN_UTC_TIME = 1 << 9,
    HW_SEEN_NANOS = 1 << 10, /* 7 to 9 fraction digits */
    HW_SEEN_TEXT = 1 << 11,
    /* "": the empty string where nothing else is there, else a null of what is there */
    HW_SEEN_EMPTY = 1 << 12,
};

struct hw_csv_profile {
    uint32_t seen;           /* of HW_SEEN_... */
    struct hw_digits digits; /* most before and after the point */
    /* fewest after the point, of the values that were observed one by one */
    uint32_t after_min;
    int64_t micros_min; /* of dates and timestamps */
    int64_t micros_max;
};

#define HW_CSV_PROFILE_INIT \
    { .after_min = UINT32_MAX, .micros_min = INT64_MAX, .micros_max = INT64_MIN }

/*
 * Adds a value: the bytes of a field without its quotes, not null. HW_BATCH_PADDING bytes after it
 * are readable.
 */
void hw_csv_profile_observe(struct hw_csv_profile *profile, hw_view value);
void hw_csv_profile_observe_int64(struct hw_csv_profile *profile, int64_t value);
void hw_csv_profile_observe_micros(struct hw_csv_profile *profile, int64_t micros);
void hw_csv_profile_merge(struct hw_csv_profile *profile, const struct hw_csv_profile *other);

struct hw_type hw_csv_profile_type(const struct hw_csv_profile *profile, enum hw_csv_decimals decimals);

/* True for true and false in any case. */
bool hw_csv_parse_bool(hw_view value, bool *out_value);

#endif
