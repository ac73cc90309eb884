/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Formats of dates and timestamps, a part of those that strftime has. A text of such a format is
 * brought into the common form, which csv/datetime.h reads: it judges whether the day exists.
 *
 *   %Y  year, 4 digits                     %H  hour, 0 to 23
 *   %y  year, 2 digits: 1969 to 2068       %I  hour, 1 to 12, with %p
 *   %m  month, 1 or 2 digits               %p  AM or PM, in any case
 *   %b  month by its English name, or by   %M  minute, 1 or 2 digits
 *       the first three letters of it,     %S  second, 1 or 2 digits
 *       in any case; %B is the same        %f  fraction of a second, 1 to 9 digits
 *   %d  day, 1 or 2 digits; %e the same    %z  zone: Z, +hh, +hhmm or +hh:mm
 *   %F  %Y-%m-%d                           %T  %H:%M:%S
 *   %D  %m/%d/%y                           %R  %H:%M
 *   %%  a percent sign
 *
 * Every other character stands for itself.
 */
#ifndef HW_CSV_TIME_FORMAT_H
#define HW_CSV_TIME_FORMAT_H

#include "core/error.h"
#include "core/view.h"

/* Room for a text in the common form, and the bytes behind it that parsers read. */
enum { HW_CSV_TIME_BYTES = 48 + 64 };

enum hw_csv_time_kind { HW_CSV_TIME_DATE, HW_CSV_TIME_TIMESTAMP };

/*
 * Checks a format of a date or a timestamp. Fails with HW_EUSAGE where it has a directive that is
 * unknown, one twice, or lacks one: a date has year, month and day and nothing of a clock, a
 * timestamp has an hour besides.
 */
HW_NODISCARD enum hw_status hw_csv_time_format_check(const char *format, enum hw_csv_time_kind kind,
                                                     struct hw_error *err);

/*
 * Returns whether numbers could be of the format: it has nothing but digits. The type of a column
 * cannot be found by it.
 */
bool hw_csv_time_format_numeric(const char *format);

/*
 * Gives a text of a checked format in the common form, in `room`, with zeros behind it. Returns
 * false where the text is not of the format.
 */
bool hw_csv_time_read(const char *format, hw_view text, char room[HW_CSV_TIME_BYTES], hw_view *out_value);

#endif
