/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tells what a condition may come to for rows of which only bounds of their columns are known. It
 * never says that something cannot be the case that is.
 */
#ifndef HW_TABLE_FILTER_BOUNDS_H
#define HW_TABLE_FILTER_BOUNDS_H

#include "table/filter.h"

/* Facts that are known of a column's values in some rows. */
struct hw_filter_bounds {
    /* Some values may be null; some may be none. Both: nothing is known. */
    bool nulls;
    bool values;
    /* No value is below `min`, none but NaN above `max`. */
    bool has_min;
    bool has_max;
    struct hw_value min;
    struct hw_value max;
    /* Some values may be NaN. */
    bool nans;
    /*
     * Returns whether value `value` of the test may be among the values; NULL: nobody can tell.
     */
    bool (*may_have)(const void *context, const struct hw_value *value);
    const void *context;
};

/* An initializer: nothing is known. */
#define HW_NO_BOUNDS \
    { .nulls = true, .values = true, .nans = true }

/* Outcomes of a condition, as bits. */
enum hw_outcome { HW_MAY_BE_FALSE = 1, HW_MAY_BE_UNKNOWN = 2, HW_MAY_BE_TRUE = 4 };

/* Returns the outcomes that are possible, by the bounds of each column of the filter. */
unsigned hw_filter_outcomes(const struct hw_filter *filter, const struct hw_filter_bounds *bounds);

#endif
