/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints values as text that csv/number.h and csv/datetime.h read back as the same value of the
 * same type. Each function writes its text to `to`, without a NUL, and returns the end of it; it
 * may overwrite up to HW_PRINT_BYTES bytes there. There is no state and no locale; safe from any
 * thread.
 */
#ifndef HW_TABLE_PRINT_H
#define HW_TABLE_PRINT_H

#include <hawser/table.h>

#include "core/base.h"

enum { HW_PRINT_BYTES = 64, HW_PRINT_DECIMAL256_BYTES = 96 };

/* Prints "true" or "false". */
char *hw_print_bool(char *to, bool value);
/* Prints an integer: "-12". */
char *hw_print_int64(char *to, int64_t value);
char *hw_print_uint64(char *to, uint64_t value);
/*
 * Prints the shortest decimal that reads back as the value, with a point or an exponent so that it
 * is no integer: "1.0", "0.1", "1e23", "-0.0". Values from 1e16 on and below 1e-4 have an exponent.
 * Specials are "inf", "-inf" and "nan".
 */
char *hw_print_double(char *to, double value);
/* Prints in the same form the shortest decimal that reads back as the float. */
char *hw_print_float(char *to, float value);
/* Prints the same for an IEEE 754 binary16, given by its bits. */
char *hw_print_half(char *to, uint16_t bits);
/* Prints value / 10^scale with `scale` (0 to 38) digits after the point: "-0.05". */
char *hw_print_decimal(char *to, __int128 value, unsigned scale);
/*
 * Prints the same for 32 bytes of two's complement, the lowest first, and a scale of 0 to 76. It
 * may overwrite up to HW_PRINT_DECIMAL256_BYTES.
 */
char *hw_print_decimal256(char *to, const void *value, unsigned scale);
/*
 * Prints a date: "2024-02-29". Years below 0 and above 9999 have a sign, as in ISO 8601:
 * "+12024-02-29". csv/datetime.h does not read them back, nor the year 0.
 */
char *hw_print_date(char *to, int32_t days);
/*
 * Prints a timestamp: "2024-02-29T12:00:00", with three or six more digits, "...:00.250", where
 * milliseconds or microseconds are not whole seconds. Nanoseconds always have nine digits, by which
 * a reader knows them. A "Z" follows where `utc`.
 */
char *hw_print_timestamp(char *to, int64_t value, enum hw_time_unit unit, bool utc);
/*
 * Prints a timestamp of nanoseconds that 64 bits may not hold: seconds since 1970-01-01, at most
 * 2^50 of them in either direction, and nanoseconds, 0 to 999,999,999.
 */
char *hw_print_instant(char *to, int64_t seconds, uint32_t nanos);
/* Prints a time of day in the same form, "12:00:00". It must be one of the day. */
char *hw_print_time(char *to, int64_t value, enum hw_time_unit unit, bool utc);
/*
 * Prints an interval in all of its parts, as in ISO 8601: "P1M2DT3.004S". The fraction of a second
 * has 3, 6 or 9 digits, or none where it is zero.
 */
char *hw_print_interval(char *to, int32_t months, int32_t days, int64_t nanos);
/* Prints a number of units as seconds: "PT-3.004S". */
char *hw_print_duration(char *to, int64_t value, enum hw_time_unit unit);

#endif
