/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dates and timestamps as text. All functions may read up to HW_BATCH_PADDING bytes beyond the
 * field, never act on them.
 *
 *   date      := YYYY-MM-DD, a day that exists, years 0001..9999
 *   timestamp := date ('T' | ' ') hh:mm:ss ('.' 1 to 9 digits)? zone?     hh 00..23, mm and ss 00..59
 *   zone      := 'Z' | ('+'|'-') hh:mm, hh up to 23; only after 'T'
 */
#ifndef HW_CSV_DATETIME_H
#define HW_CSV_DATETIME_H

#include "core/base.h"

/* Days since 1970-01-01. */
static inline bool hw_parse_date(const char *text, size_t size, int32_t *out_days);

struct hw_timestamp {
    /* since 1970-01-01, on the wall clock, or UTC where there is a zone; rounded down */
    int64_t micros;
    uint16_t nanos;          /* 0..999 beyond `micros` */
    uint8_t fraction_digits; /* 0..9, as written */
    bool zoned;
};

static inline bool hw_parse_timestamp(const char *text, size_t size, struct hw_timestamp *out_timestamp);

/* Nanoseconds since 1970; false where int64 cannot reach it. */
static inline bool hw_timestamp_nanos(struct hw_timestamp timestamp, int64_t *out_nanos);

/* Canonical UUID text (8-4-4-4-12 hex digits, either case) to 16 bytes. */
bool hw_parse_uuid(const char *text, size_t size, uint8_t out[16]);

#include "csv/datetime_inline.h"

#endif
