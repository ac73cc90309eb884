/* SPDX-License-Identifier: Apache-2.0 */
/* Dates, times and timestamps of literals. */
#ifndef HW_TABLE_FILTER_TIME_H
#define HW_TABLE_FILTER_TIME_H

#include "core/view.h"

/* An instant, or a time of day. */
struct hw_literal_time {
    /* Since 1970-01-01 00:00, or since midnight. */
    __int128 nanos;
    bool zoned; /* the text has a zone, and the instant is of UTC */
};

/*
 * Read a text as a whole. False where it is none of the form, or no day or time that exists:
 *
 *   date      := [+-] 4 or more digits '-' MM '-' DD    years without a sign have four digits
 *   time      := hh ':' mm [ ':' ss [ '.' 1 to 9 digits ] ]
 *   timestamp := date [ ('T' | ' ') time [ 'Z' | ('+' | '-') hh [ [':'] mm ] ] ]
 */
bool hw_literal_date(hw_view text, struct hw_literal_time *out_time);
bool hw_literal_time_of_day(hw_view text, struct hw_literal_time *out_time);
bool hw_literal_timestamp(hw_view text, struct hw_literal_time *out_time);

#endif
