/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Converts values from the units that batches have to those that files have. Each function returns
 * false where the other unit cannot hold the value.
 */
#ifndef HW_TABLE_CONVERT_H
#define HW_TABLE_CONVERT_H

#include "core/base.h"
#include "table/batch.h"

enum {
    HW_INTERVAL_BYTES = 12,
    HW_DECIMAL_BYTES_MAX = 32,
    HW_DATE_EPOCH_DAYS = 719528, /* from 0000-01-01 to 1970-01-01 */
};

/* Converts seconds to milliseconds. */
static inline bool hw_millis_of_seconds(int64_t seconds, int64_t *out_millis) {
    return hw_mul(seconds, (int64_t)1000, out_millis);
}

/*
 * Converts milliseconds to days; false where these are not whole, or more than 32 bits can count.
 */
static inline bool hw_days_of_millis(int64_t millis, int32_t *out_days) {
    int64_t days = millis / 86400000;
    *out_days = (int32_t)days;
    return millis % 86400000 == 0 && days == *out_days;
}

/*
 * Writes a value of one of the three interval kinds as Parquet and Avro have it: months, days and
 * milliseconds, three unsigned little-endian numbers of 32 bits. Returns false for a value that is
 * negative, or finer than a millisecond.
 */
bool hw_interval_put(enum hw_kind kind, const void *value, uint8_t out[HW_INTERVAL_BYTES]);

/*
 * Writes a value of a decimal kind as two's complement in `bytes` bytes, 1 to 32, the highest
 * first. Returns false where it takes more.
 */
bool hw_decimal_put(enum hw_kind kind, const void *value, size_t bytes, uint8_t *out);

/* Returns the fewest bytes, 1 to 32, whose two's complement holds the value. */
size_t hw_decimal_bytes_of(enum hw_kind kind, const void *value);

/*
 * Returns the fewest bytes whose two's complement holds every value of `precision` digits, 1 to 76.
 */
size_t hw_decimal_bytes(unsigned precision);

/* 10^precision as 32 bytes, the lowest 8 of which come first. */
struct hw_decimal_bound {
    uint64_t limbs[4];
};

/*
 * Loads a value of a decimal kind as two's complement of 32 bytes, the lowest 8 of which come
 * first.
 */
void hw_decimal_load(enum hw_kind kind, const void *value, uint64_t limbs[4]);

/* Multiplies such a number by 10^digits, modulo 2^256. */
void hw_decimal_scale(uint64_t limbs[4], unsigned digits);

/* Returns the bound of decimals of `precision` digits, 1 to 76. */
struct hw_decimal_bound hw_decimal_bound(unsigned precision);

/* Returns whether a two's complement of 32 bytes lies between the bound and its negative. */
bool hw_decimal_below(const uint64_t limbs[4], const struct hw_decimal_bound *bound);

/* Returns whether the value has at most `precision` digits, 1 to 76. */
bool hw_decimal_within(enum hw_kind kind, const void *value, unsigned precision);

/* Returns the float that a binary16 is exactly. */
float hw_half_to_float(uint16_t half);

#endif
