/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values in the units that files have, where those of a batch are others. Each returns false where
 * it does not go.
 */
#ifndef HW_TABLE_CONVERT_H
#define HW_TABLE_CONVERT_H

#include "core/base.h"
#include "table/batch.h"

enum { HW_INTERVAL_BYTES = 12, HW_DECIMAL_BYTES_MAX = 32 };

static inline bool hw_millis_of_seconds(int64_t seconds, int64_t *out_millis) {
    return hw_mul(seconds, (int64_t)1000, out_millis);
}

/* Only whole days that 32 bits can count. */
static inline bool hw_days_of_millis(int64_t millis, int32_t *out_days) {
    int64_t days = millis / 86400000;
    *out_days = (int32_t)days;
    return millis % 86400000 == 0 && days == *out_days;
}

/*
 * Months, days and milliseconds as three little-endian numbers without sign, as Parquet and Avro
 * have them, of a value of one of the three interval kinds. What is negative, or finer than a
 * millisecond, does not go.
 */
bool hw_interval_put(enum hw_kind kind, const void *value, uint8_t out[HW_INTERVAL_BYTES]);

/*
 * The value of a decimal kind as two's complement of `bytes` (1 to 32) bytes, highest first; false
 * where it takes more.
 */
bool hw_decimal_put(enum hw_kind kind, const void *value, size_t bytes, uint8_t *out);
/* Fewest bytes, 1 to 32, whose two's complement holds the value. */
size_t hw_decimal_bytes_of(enum hw_kind kind, const void *value);
/* Fewest bytes whose two's complement holds every value of `precision` (1 to 76) digits. */
size_t hw_decimal_bytes(unsigned precision);
/* Whether the value has no more digits than `precision` (1 to 76). */
bool hw_decimal_within(enum hw_kind kind, const void *value, unsigned precision);

/* A binary16 as the float that it is exactly. */
float hw_half_to_float(uint16_t half);

#endif
