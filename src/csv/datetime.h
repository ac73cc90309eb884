/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dates and timestamps as text. The hot functions are inline; their definitions follow below the
 * contract. All functions may read up to HW_BATCH_PADDING bytes beyond the field, but never act on
 * these bytes. They return false where the text is not of the form, and keep no state.
 *
 *   date      := YYYY-MM-DD                  a day that exists, in the years 0001 to 9999
 *   timestamp := date ('T' | ' ') hh:mm (':' ss fraction?)? (' '? zone)?
 *              | YYYYMMDD 'T' hhmm (ss fraction?)? (' '? zone)?
 *                                            hh is 00 to 23, mm and ss are 00 to 59
 *   fraction  := '.' 1 to 9 digits
 *   zone      := 'Z' | ('+' | '-') hh (':'? mm)?
 *                                            hh is 00 to 23, mm is 00 to 59
 *
 * A timestamp with a zone is in the years 0001 to 9999 of UTC too. "2024-05-01 18:00-20:00" is
 * none: it looks like a range of times, not like a zone.
 */
#ifndef HW_CSV_DATETIME_H
#define HW_CSV_DATETIME_H

#include "core/base.h"
#include "core/swar.h"
#include "table/convert.h"

/* Reads a date as the days since 1970-01-01. */
static inline bool hw_parse_date(const char *text, size_t size, int32_t *out_days);

struct hw_timestamp {
    /*
     * Microseconds since 1970-01-01T00:00:00, rounded down: of UTC where the text has a zone, else
     * of the wall clock.
     */
    int64_t micros;
    uint16_t nanos; /* nanoseconds beyond `micros`, 0 to 999 */
    bool zoned;     /* the text has a zone */
};

/* Reads a timestamp. A date alone is none. */
static inline bool hw_parse_timestamp(const char *text, size_t size, struct hw_timestamp *out_timestamp);

/* Gives a timestamp as nanoseconds since 1970-01-01. Returns false where int64 cannot hold it. */
static inline bool hw_timestamp_nanos(struct hw_timestamp timestamp, int64_t *out_nanos);

/* Reads the canonical text of a UUID (8-4-4-4-12 hexadecimal digits, either case) as 16 bytes. */
bool hw_parse_uuid(const char *text, size_t size, uint8_t out[16]);

/*
 * The rest of this header is how the hot functions work. In the common forms of a timestamp all but
 * the fraction and the zone stand at fixed offsets, so a date is a word and a half, and a clock is
 * one word: digits and separators are checked together, and the numbers are taken out in pairs of
 * digits (core/swar.h).
 */

/* Does hw_parse_timestamp for every text that has not one of the common forms. */
bool hw_parse_timestamp_rest(const char *text, size_t size, struct hw_timestamp *out_timestamp);

enum {
    HW_DATE_BYTES = 10,
    HW_CLOCK_BYTES = 8,
    HW_ZONE_BYTES = 6,
};

/* The first second of the year 1 and the one after the year 9999, since 1970. */
#define HW_SECONDS_FIRST INT64_C(-62135596800)
#define HW_SECONDS_END INT64_C(253402300800)

struct hw_month {
    uint16_t days_before; /* days of the year before the month begins */
    uint16_t days;
};

/*
 * The months by [is leap year][number]. Numbers that no month has, 0 and 13 to 127, have no days.
 */
extern const struct hw_month hw_months[2][128];

/* Flags bytes as hw_swar_not_digits does, but where the separators stood all that is not 0. */
static inline uint64_t hw_swar_not_pairs(uint64_t pairs) {
    return (pairs | (pairs + UINT64_C(0x76767f76767f7676))) & HW_SWAR_EACH(0x80);
}

/* Reads a date from the first HW_DATE_BYTES of `text`, whatever follows. */
static inline bool hw_date_read(const char *text, int32_t *out_days);

/* Reads hh:mm:ss from the first HW_CLOCK_BYTES of `text`, whatever follows. */
static inline bool hw_clock_read(const char *text, uint32_t *out_seconds);

/*
 * Reads 1 to 9 digits as a fraction of a second, in nanoseconds. Returns the number of digits, 0
 * where `text` begins with none.
 */
static inline size_t hw_fraction_read(const char *text, size_t size, uint32_t *out_nanos);

/*
 * Reads a zone that is all of `text`, Z or with a colon: the seconds that its wall clock is ahead
 * of UTC.
 */
static inline bool hw_zone_read(const char *text, size_t size, int32_t *out_seconds);

static inline bool hw_parse_date(const char *text, size_t size, int32_t *out_days) {
    return size == HW_DATE_BYTES && hw_date_read(text, out_days);
}

/*
 * Puts a timestamp together. Returns false where it is not in the years 1 to 9999, which only a
 * zone can bring about.
 */
static inline bool hw_timestamp_make(int64_t seconds, uint32_t nanos, bool zoned, struct hw_timestamp *out_timestamp) {
    if (HW_UNLIKELY(seconds < HW_SECONDS_FIRST || seconds >= HW_SECONDS_END)) {
        return false;
    }
    /*
     * The fraction counts forwards from the second before it, so this rounds down before 1970 too.
     */
    *out_timestamp = (struct hw_timestamp){
        .micros = seconds * 1000000 + nanos / 1000,
        .nanos = (uint16_t)(nanos % 1000),
        .zoned = zoned,
    };
    return true;
}

static inline bool hw_parse_timestamp(const char *text, size_t size, struct hw_timestamp *out_timestamp) {
    size_t at = HW_DATE_BYTES + 1 + HW_CLOCK_BYTES;
    int32_t days;
    uint32_t seconds;
    if (size < at || !hw_date_read(text, &days) || !hw_clock_read(text + HW_DATE_BYTES + 1, &seconds)) {
        return hw_parse_timestamp_rest(text, size, out_timestamp);
    }
    char separator = text[HW_DATE_BYTES];
    if (HW_UNLIKELY(separator != 'T' && separator != ' ')) {
        return false;
    }
    uint32_t nanos = 0;
    if (at < size && text[at] == '.') {
        size_t fraction_digits = hw_fraction_read(text + at + 1, size - at - 1, &nanos);
        if (HW_UNLIKELY(fraction_digits == 0)) {
            return false;
        }
        at += 1 + fraction_digits;
    }
    int32_t ahead_seconds = 0;
    bool zoned = at < size;
    if (zoned && !hw_zone_read(text + at, size - at, &ahead_seconds)) {
        return hw_parse_timestamp_rest(text, size, out_timestamp);
    }
    int64_t since_1970 = (int64_t)days * 86400 + (int64_t)seconds - ahead_seconds;
    return hw_timestamp_make(since_1970, nanos, zoned, out_timestamp);
}

static inline bool hw_timestamp_nanos(struct hw_timestamp timestamp, int64_t *out_nanos) {
    /*
     * This takes 128 bits: the earliest nanoseconds that int64 holds belong to a microsecond that
     * begins below its range.
     */
    __int128 nanos = (__int128)timestamp.micros * 1000 + timestamp.nanos;
    if (HW_UNLIKELY(nanos != (int64_t)nanos)) {
        return false;
    }
    *out_nanos = (int64_t)nanos;
    return true;
}

static inline bool hw_date_read(const char *text, int32_t *out_days) {
    /* All but the century stands in 8 bytes; the 4 that hold the century hold the year again. */
    uint64_t year_month_day = hw_load_le64(text + 2) ^ HW_SWAR_PAIRS('-');
    uint32_t four_digits = hw_load_le32(text) ^ (uint32_t)HW_SWAR_EACH('0');
    if (HW_UNLIKELY(hw_swar_not_pairs(year_month_day) || hw_swar_not_digits(four_digits))) {
        return false;
    }
    uint64_t pairs = hw_swar_pairs(year_month_day);
    uint32_t century = (four_digits * 10 + (four_digits >> 8)) & 0xff;
    uint32_t year_of_century = pairs & 0xff;
    uint32_t month = pairs >> 24 & 0xff;
    uint32_t day = pairs >> 48 & 0xff;

    /*
     * A year that ends in 00 is a leap year where its century is a multiple of 4, so nothing needs
     * to be divided.
     */
    uint32_t leap = ((year_of_century ? year_of_century : century) & 3) == 0;
    struct hw_month in_year = hw_months[leap][month];
    if (HW_UNLIKELY(day - 1 >= in_year.days || (century | year_of_century) == 0)) {
        return false;
    }
    /*
     * The days since year 0: centuries have 36524 1/4 days and years 365 1/4, rounded up because
     * the first of four is the leap one. But where the first year of a century is no leap year, it
     * is a day shorter than that, so each later year of the century begins a day earlier.
     */
    uint32_t missing = (year_of_century > 0) & ((century & 3) > 0);
    uint32_t year_start = ((century * 146097 + 3) >> 2) + ((year_of_century * 1461 + 3) >> 2) - missing;
    *out_days = (int32_t)(year_start + in_year.days_before + day - 1) - HW_DATE_EPOCH_DAYS;
    return true;
}

static inline bool hw_clock_read(const char *text, uint32_t *out_seconds) {
    uint64_t clock = hw_load_le64(text) ^ HW_SWAR_PAIRS(':');
    uint64_t pairs = hw_swar_pairs(clock);
    uint32_t hour = pairs & 0xff;
    uint32_t minute = pairs >> 24 & 0xff;
    uint32_t second = pairs >> 48 & 0xff;
    if (HW_UNLIKELY(hw_swar_not_pairs(clock) || hour > 23 || minute > 59 || second > 59)) {
        return false;
    }
    *out_seconds = (hour * 60 + minute) * 60 + second;
    return true;
}

static inline size_t hw_fraction_read(const char *text, size_t size, uint32_t *out_nanos) {
    uint64_t digits = hw_swar_load_digits(text);
    size_t count = hw_min_size(hw_swar_first(hw_swar_not_digits(digits)), size);
    if (HW_UNLIKELY(count == 0)) {
        return 0;
    }
    /* The digits stay where they are, so zeros take the place of what is missing behind them. */
    size_t unused_bits = 64 - 8 * count;
    uint32_t nanos = hw_swar_value(digits << unused_bits >> unused_bits) * 10;
    uint32_t ninth = (uint32_t)(uint8_t)text[8] - '0';
    if (count == 8 && size > 8 && ninth <= 9) {
        nanos += ninth;
        count = 9;
    }
    *out_nanos = nanos;
    return count;
}

static inline bool hw_zone_read(const char *text, size_t size, int32_t *out_seconds) {
    if (size == 1 && *text == 'Z') {
        *out_seconds = 0;
        return true;
    }
    if (size != HW_ZONE_BYTES || (*text != '+' && *text != '-') || text[3] != ':') {
        return false;
    }
    uint32_t digits[4] = {
        (uint32_t)(uint8_t)text[1] - '0',
        (uint32_t)(uint8_t)text[2] - '0',
        (uint32_t)(uint8_t)text[4] - '0',
        (uint32_t)(uint8_t)text[5] - '0',
    };
    uint32_t hours = digits[0] * 10 + digits[1];
    uint32_t minutes = digits[2] * 10 + digits[3];
    if (digits[0] > 9 || digits[1] > 9 || digits[2] > 9 || digits[3] > 9 || hours > 23 || minutes > 59) {
        return false;
    }
    int32_t seconds = (int32_t)(hours * 60 + minutes) * 60;
    *out_seconds = *text == '-' ? -seconds : seconds;
    return true;
}

#endif
