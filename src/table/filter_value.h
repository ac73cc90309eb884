/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values of columns in a form by which they are compared. There are three: numbers of at most 64
 * bits, dates and times are integers of 64 bits in the same order; decimals of 128 bits are
 * themselves; all else is bytes. NaN is above every number and equals itself, and -0 equals 0.
 */
#ifndef HW_TABLE_FILTER_VALUE_H
#define HW_TABLE_FILTER_VALUE_H

#include "core/view.h"
#include "table/batch.h"

enum hw_value_order {
    HW_VALUE_NONE, /* the type has no order, as lists have none */
    HW_VALUE_KEY,
    HW_VALUE_WIDE,
    HW_VALUE_BYTES,
};

/* Decimals of 256 bits are bytes, the highest first, whose highest bit is turned over. */
enum { HW_VALUE_HUGE_BYTES = 32 };

/* The member of its order is set. */
struct hw_value {
    int64_t key;
    __int128 wide;
    hw_view bytes;
};

/* Values of rows that follow each other, as many as fit into a core's first cache. */
enum { HW_VALUES_MAX = 512 };
union hw_values {
    int64_t keys[HW_VALUES_MAX];
    __int128 wides[HW_VALUES_MAX];
    struct {
        hw_view views[HW_VALUES_MAX];
        uint8_t huge[HW_VALUES_MAX][HW_VALUE_HUGE_BYTES];
    } bytes;
};

enum hw_value_order hw_value_order_of(struct hw_type type);

/*
 * Reads `count` values, at most HW_VALUES_MAX, from row `first` of a column on. Bytes are views of
 * the column or of `out`. Those of rows that are null are unspecified.
 */
void hw_values_load(struct hw_type type, const struct hw_column *column, size_t first, size_t count,
                    union hw_values *out);

/* Returns a number below, equal to or above 0. */
int hw_value_compare(enum hw_value_order order, const struct hw_value *a, const struct hw_value *b);

/* Returns value `i` of those that were read. */
struct hw_value hw_values_at(enum hw_value_order order, const union hw_values *values, size_t i);

/* Returns the key of a double, and of what a float or a binary16 is exactly. */
int64_t hw_value_key_of_double(double value);
/* The key of NaN. */
#define HW_VALUE_KEY_NAN INT64_MAX

/* Writes two's complement in limbs, the lowest first, as the bytes of a decimal of 256 bits. */
void hw_value_huge_put(const uint64_t limbs[4], uint8_t out[HW_VALUE_HUGE_BYTES]);

#endif
