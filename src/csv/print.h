/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values as text that csv/number.h and csv/datetime.h read back as the same value of the same type.
 * Each function writes at `to`, no NUL, and returns the end of what it wrote; up to HW_PRINT_BYTES
 * may be overwritten. No state, no locale, any thread.
 */
#ifndef HW_CSV_PRINT_H
#define HW_CSV_PRINT_H

#include <hawser/table.h>

#include "core/base.h"

enum { HW_PRINT_BYTES = 64 };

/* "true", "false" */
char *hw_print_bool(char *to, bool value);
/* "-12" */
char *hw_print_int64(char *to, int64_t value);
/*
 * The shortest decimal that reads back, with a point or an exponent so that it is no integer:
 * "1.0", "0.1", "1e23", "-0.0"; from 1e16 and below 1e-4 with an exponent. "inf", "-inf", "nan".
 */
char *hw_print_double(char *to, double value);
/* value / 10^scale with `scale` (0..38) digits after the point: "-0.05" */
char *hw_print_decimal(char *to, __int128 value, unsigned scale);
/*
 * "2024-02-29". Years beyond 0..9999 have a sign, as in ISO 8601: "+12024-02-29". No reader of ours
 * takes them, nor 0.
 */
char *hw_print_date(char *to, int32_t days);
/*
 * "2024-02-29T12:00:00", "...:00.250000" where microseconds are not whole seconds, always nine
 * digits of nanoseconds, which is what tells them apart; "Z" with UTC.
 */
char *hw_print_timestamp(char *to, int64_t value, enum hw_time_unit unit, bool utc);

#endif
