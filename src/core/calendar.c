/* SPDX-License-Identifier: Apache-2.0 */
#include "core/calendar.h"

/* Days of 400 years, and those of year 0 up to 1970. */
enum { PERIOD_YEARS = 400, PERIOD_DAYS = 146097, EPOCH_DAYS = 719528 };

static bool is_leap(int64_t year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int64_t hw_calendar_month_days(int64_t year, int64_t month) {
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year));
}

bool hw_calendar_has_day(int64_t year, int64_t month, int64_t day) {
    return month >= 1 && month <= 12 && day >= 1 && day <= hw_calendar_month_days(year, month);
}

int64_t hw_calendar_days(int64_t year, int64_t month, int64_t day) {
    static const uint16_t before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    /* Whole periods make the year positive. */
    const int64_t periods = (year < 0 ? year - (PERIOD_YEARS - 1) : year) / PERIOD_YEARS;
    const int64_t rest = year - PERIOD_YEARS * periods;
    const int64_t days = periods * PERIOD_DAYS + rest * 365 + (rest + 3) / 4 - (rest + 99) / 100 + (rest + 399) / 400;
    return days + before[month - 1] + (month > 2 && is_leap(year)) + day - 1 - EPOCH_DAYS;
}
