/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One timestamp of INT96: nanoseconds of a day, in 8 bytes, then its Julian day number, in 4. Where
 * the nanoseconds are those of a day, each instant has one such value, so that a timestamp gives
 * the same bytes back.
 */
#ifndef HW_PARQUET_INT96_H
#define HW_PARQUET_INT96_H

#include "core/base.h"

enum { HW_INT96_BYTES = 12, HW_INT96_EPOCH_DAY = 2440588 /* 1970-01-01 */ };

#define HW_INT96_DAY_NANOS INT64_C(86400000000000)

/* The units of timestamps, each by its nanoseconds. */
enum { HW_INT96_IN_MICROS = 1000, HW_INT96_IN_NANOS = 1 };

/* The facts of a value that stand against a timestamp of 64 bits; each is a bit, 1 << fact. */
enum hw_int96_fact {
    /* Its nanoseconds are below 0, or a day or more: those of a timestamp are not. */
    HW_INT96_NO_TIME,
    /*
     * It is beyond what microseconds reach, or nanoseconds; the two least numbers of 64 bits and
     * the greatest one count as beyond, as readers give them meanings of their own.
     */
    HW_INT96_BEYOND_MICROS,
    HW_INT96_BEYOND_NANOS,
    /* It has parts of a microsecond. */
    HW_INT96_HAS_NANOS,
    HW_INT96_FACTS
};

/* Returns the nanoseconds of the day, which need not be those of one. */
static inline int64_t hw_int96_time(const uint8_t *value) {
    return (int64_t)hw_load_le64(value);
}

/* Returns the Julian day number. */
static inline int32_t hw_int96_day(const uint8_t *value) {
    return (int32_t)hw_load_le32(value + 8);
}

/* Returns days since 1970-01-01. */
static inline int64_t hw_int96_days(const uint8_t *value) {
    return (int64_t)hw_int96_day(value) - HW_INT96_EPOCH_DAY;
}

/*
 * Joins days with units of the last one, of which it has `a_day`. Returns false where the sum does
 * not fit in 64 bits; `*out` is untouched then.
 */
static inline bool hw_int96_join(int64_t days, int64_t units, int64_t a_day, int64_t *out) {
    int64_t sum;
    /* With parts of the same sign nothing overflows on the way to a sum that fits. */
    const int64_t back = days < 0;
    if (!hw_mul(days + back, a_day, &sum) || !hw_add(sum, units - back * a_day, &sum)) {
        return false;
    }
    *out = sum;
    return true;
}

/*
 * Gives the value in units of `nanos` nanoseconds since 1970-01-01. Returns false, and `*out` is
 * untouched, where hw_int96_put would not bring the same bytes back.
 */
static inline bool hw_int96_get(const uint8_t *value, int64_t nanos, int64_t *out) {
    const int64_t time = hw_int96_time(value);
    const int64_t units = time / nanos;
    if (HW_UNLIKELY((uint64_t)time >= (uint64_t)HW_INT96_DAY_NANOS || units * nanos != time)) {
        return false;
    }
    return hw_int96_join(hw_int96_days(value), units, HW_INT96_DAY_NANOS / nanos, out);
}

/* Makes the value, of HW_INT96_BYTES, of units of `nanos` nanoseconds: micro- or nanoseconds. */
static inline void hw_int96_put(int64_t units, int64_t nanos, uint8_t *value) {
    const int64_t a_day = HW_INT96_DAY_NANOS / nanos;
    const int64_t days = units / a_day - (units % a_day < 0);
    const int64_t rest = units % a_day + (units % a_day < 0 ? a_day : 0);
    hw_store_le64(value, (uint64_t)(rest * nanos));
    hw_store_le32(value + 8, (uint32_t)(days + HW_INT96_EPOCH_DAY));
}

/* Returns which of enum hw_int96_fact are so. Of a value with no time no more is told. */
unsigned hw_int96_facts(const uint8_t *value);
/*
 * Returns nanoseconds since 1970-01-01, for all that 12 bytes can say. Spark counts microseconds in
 * 64 bits, which wrap late in the year 290,000 when the day is made: such a value comes back as
 * Spark means it.
 */
__int128 hw_int96_exact(const uint8_t *value);
/* Prints any value, "2024-02-29T12:00:00.000000000", as table/print.h says. Returns the end. */
char *hw_int96_print(char *to, const uint8_t *value);

#endif
