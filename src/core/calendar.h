/* SPDX-License-Identifier: Apache-2.0 */
/* Days of the proleptic Gregorian calendar, whose year 0 is the one before year 1. */
#ifndef HW_CORE_CALENDAR_H
#define HW_CORE_CALENDAR_H

#include "core/base.h"

/* Returns how many days a month from 1 to 12 has. */
int64_t hw_calendar_month_days(int64_t year, int64_t month);

/* Returns whether there is such a day; months and days are counted from 1. */
bool hw_calendar_has_day(int64_t year, int64_t month, int64_t day);

/*
 * Returns the days since 1970-01-01. The year is between -4e9 and 4e9, and the month from 1 to 12;
 * days below 1 or behind the month's last one are counted on.
 */
int64_t hw_calendar_days(int64_t year, int64_t month, int64_t day);

#endif
