/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/int96.h"

#include "table/print.h"

#define NANOS_PER_SECOND INT64_C(1000000000)

/*
 * Returns the bit of `fact` where units of `nanos` nanoseconds do not reach the value, or would be
 * no instant to others: the ends are infinities of DuckDB, and the least one is no time of numpy.
 */
static unsigned beyond(const uint8_t *value, int64_t nanos, enum hw_int96_fact fact) {
    int64_t units;
    const bool fits =
        hw_int96_join(hw_int96_days(value), hw_int96_time(value) / nanos, HW_INT96_DAY_NANOS / nanos, &units) &&
        units > -INT64_MAX && units < INT64_MAX;
    return fits ? 0 : 1u << fact;
}

unsigned hw_int96_facts(const uint8_t *value) {
    const int64_t time = hw_int96_time(value);
    if (HW_UNLIKELY((uint64_t)time >= (uint64_t)HW_INT96_DAY_NANOS)) {
        return 1u << HW_INT96_NO_TIME;
    }
    return beyond(value, HW_INT96_IN_MICROS, HW_INT96_BEYOND_MICROS) |
           beyond(value, HW_INT96_IN_NANOS, HW_INT96_BEYOND_NANOS) |
           (time % HW_INT96_IN_MICROS != 0 ? 1u << HW_INT96_HAS_NANOS : 0);
}

__int128 hw_int96_exact(const uint8_t *value) {
    const __int128 wrap = ((__int128)1 << 64) * HW_INT96_IN_MICROS;
    const __int128 least = (__int128)INT64_MIN * HW_INT96_IN_MICROS;
    const __int128 nanos = (__int128)hw_int96_days(value) * HW_INT96_DAY_NANOS + hw_int96_time(value);
    /* Microseconds of the Julian calendar wrap this much before those since 1970 do. */
    const __int128 ahead = (__int128)HW_INT96_EPOCH_DAY * HW_INT96_DAY_NANOS;
    return nanos < least && nanos >= least - ahead ? nanos + wrap : nanos;
}

char *hw_int96_print(char *to, const uint8_t *value) {
    const __int128 nanos = hw_int96_exact(value);
    const int64_t seconds = (int64_t)(nanos / NANOS_PER_SECOND) - (nanos % NANOS_PER_SECOND < 0);
    return hw_print_instant(to, seconds, (uint32_t)(nanos - (__int128)seconds * NANOS_PER_SECOND));
}
