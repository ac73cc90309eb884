/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints values as text that csv/number.h and csv/datetime.h read back as the same value of the
 * same type. Each function writes its text to `to`, without a NUL, and returns the end of it; it
 * may overwrite up to HW_PRINT_BYTES bytes there. There is no state and no locale; safe from any
 * thread.
 */
#ifndef HW_CSV_PRINT_H
#define HW_CSV_PRINT_H

#include <hawser/table.h>

#include "core/base.h"

enum { HW_PRINT_BYTES = 64 };

/* Prints "true" or "false". */
char *hw_print_bool(char *to, bool value);
/* Prints an integer: "-12". */
char *hw_print_int64(char *to, int64_t value);
/*
 * Prints the shortest decimal that reads back as the value, with a point or an exponent so that it
 * is no integer: "1.0", "0.1", "1e23", "-0.0". Values from 1e16 on and below 1e-4 have an exponent.
 * Specials are "inf", "-inf" and "nan".
 */
char *hw_print_double(char *to, double value);
/* Prints value / 10^scale with `scale` (0 to 38) digits after the point: "-0.05". */
char *hw_print_decimal(char *to, __int128 value, unsigned scale);
/*
 * Prints a date: "2024-02-29". Years below 0 and above 9999 have a sign, as in ISO 8601:
 * "+12024-02-29". csv/datetime.h does not read them back, nor the year 0.
 */
char *hw_print_date(char *to, int32_t days);
/*
 * Prints a timestamp: "2024-02-29T12:00:00", with six more digits, "...:00.250000", where
 * microseconds are not whole seconds. Nanoseconds always have nine digits, by which a reader knows
 * them. A "Z" follows where `utc`.
 */
char *hw_print_timestamp(char *to, int64_t value, enum hw_time_unit unit, bool utc);

#endif
